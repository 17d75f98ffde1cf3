"""The same command as before, and nothing has changed since: what was said then is said again.

in:   the words of a command; what `kept` made when they were last given
out:  Answer; None when they were not given before, or anything is not just as it was then

Looking at files is all the work that is left to do, so no settings are read, no words understood and nothing heavy imported:
what was asked is compared as it stands. `unchanged` does the same for any words, and decides what may be kept.
"""

# ruff: noqa: PTH109, PTH118, PTH123  (importing pathlib takes as long as looking at 2,000 files)

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from operator import eq

from dateline import listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dateline.listing import Place

Answer = tuple[str, str, int]
"""What goes to standard output, to standard error, and the exit code."""


def answer(words: Sequence[str]) -> Answer | None:
    """What the same words were answered, if nothing has changed."""
    if words[:1] != ["build"]:
        return None
    try:
        with open(where(_root(words)), "rb") as kept:
            seal, _, said = kept.read().partition(b"\n")
        asked, out, err, code, *sealed = said.decode("utf-8").split("\0")
        if seal != _digest(said) or asked != _asked(words):
            return None
        seals, places = sealed[::3], list(zip(sealed[1::3], sealed[2::3], strict=True))
        return (out, err, int(code)) if _stand(seals, places) else None
    except (OSError, ValueError, KeyError):      # none was kept, or it is damaged
        return None


def _stand(seals: list[str], places: list[Place]) -> bool:
    """Whether all places are as they were. The last two are the site, which has as many files as all others: another process
    looks at it meanwhile, where the system makes one in a millisecond and there is a processor for it."""
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        return _same(seals, places)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if _same(seals[-2:], places[-2:]) else 1
        finally:
            os._exit(code)
    same = False
    try:
        same = _same(seals[:-2], places[:-2])
    finally:
        if not same:
            os.kill(child, 9)
        _, status = os.waitpid(child, 0)
    return same and status == 0


def _same(seals: list[str], places: list[Place]) -> bool:
    return all(map(eq, map(listing.digest, places), seals))


def kept(words: Sequence[str], said: Answer, sealed: Iterable[tuple[str, Place]], own: Sequence[str]) -> bytes | None:
    """An answer and what it holds for, to be written `where` it is looked for; None when it cannot be kept.

    `own` are paths of the project: none may be a link, since what a link leads to may change.
    """
    if any(map(os.path.islink, own)):
        return None
    out, err, code = said
    fields = [_asked(words), out, err, str(code)]
    for seal, place in (*((listing.digest(("way", path)), ("way", path)) for path in own), *sealed):
        fields += [seal, *place]
    try:
        text = "\0".join(fields).encode("utf-8")
    except UnicodeEncodeError:                   # the name of a file that is not UTF-8
        return None
    plain = text.count(b"\0") == len(fields) - 1 and b"\x1b" not in text     # colours: a terminal gets them, a file does not
    return _digest(text) + b"\n" + text if plain else None


def where(root: str) -> str:
    """Where an answer is kept."""
    return os.path.join(root, ".dateline", "said")


def _root(words: Sequence[str]) -> str:
    """Where the answer may be found. If the words mean another folder, what is found was not asked with these words."""
    for number, word in enumerate(words):
        if word == "--root" and number + 1 < len(words):
            return words[number + 1]
        if word.startswith("--root="):
            return word[len("--root="):]
    return "."


def _asked(words: Sequence[str]) -> str:
    """Stands for all that decides what the words mean, but for what is on disk."""
    return _digest(repr((list(words), os.getcwd(), __file__, sys.version)).encode("utf-8", "surrogatepass")).decode("ascii")


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).hexdigest().encode("ascii")
