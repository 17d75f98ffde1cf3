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
    from collections.abc import Iterable, Iterator, Sequence
    from typing import NoReturn

    from dateline.listing import Place

Answer = tuple[str, str, int]
"""What goes to standard output, to standard error, and the exit code."""
PROCESSES = 4
"""That look at files at once, at most: most of the work is the system's."""
_NUMBER = 2
"""Bytes for the number of a place."""
_PLACES = 2_000
"""At most: a pipe takes the numbers of so many at once, on every system."""
_SAME, _OTHER = b"=", b"!"


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
    """Whether all places are as they were. Several processes look, where the system makes one in a millisecond and has
    processors for them: each takes the next place that nobody has, and all end as soon as one finds a change."""
    processes = min(os.cpu_count() or 1, PROCESSES)
    if not hasattr(os, "fork") or processes < 2 or len(places) > _PLACES:
        return all(map(eq, map(listing.digest, places), seals))
    here, sealed, children = os.getcwd(), list(zip(places, seals, strict=True)), []
    numbers, give = os.pipe()
    os.write(give, b"".join([number.to_bytes(_NUMBER, "big") for number in range(len(places))]))
    os.close(give)
    told, tell = os.pipe()
    try:
        for _ in range(processes):
            child = os.fork()
            if child == 0:
                _look(numbers, tell, sealed, here)
            children.append(child)
        os.close(tell)
        return all(os.read(told, 1) == _SAME for _ in children)
    finally:
        os.close(numbers)
        os.close(told)
        for child in children:
            os.kill(child, 9)                    # whoever has ended is still there until it was waited for
            os.waitpid(child, 0)


def _look(numbers: int, tell: int, sealed: list[tuple[Place, str]], here: str) -> NoReturn:
    """The work of a process that ends with it: say whether all places that it got were as they were."""
    try:
        os.write(tell, _SAME if all(_unchanged(*sealed[number], here) for number in _given(numbers)) else _OTHER)
    finally:
        os._exit(0)


def _given(numbers: int) -> Iterator[int]:
    while number := os.read(numbers, _NUMBER):
        yield int.from_bytes(number, "big")


def _unchanged(place: Place, seal: str, here: str) -> bool:
    kind, path = place
    os.chdir(here)
    seen = listing.tree(os.path.join(here, path), enter=True) if kind == "tree" else None
    return listing.digest(place, seen) == seal


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
