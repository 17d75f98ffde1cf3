"""data/*.yml → Knowledge: everything the stages know about news in Vietnam, with no code in it.

A site's own data/ is laid over the shipped one, entry by entry: the same id wins.

Reading and checking the files takes 0.25 to 0.4 s, reading the values again 0.02: a build leaves them in its state folder, under
a key of the files' bytes and of this code. What is lost or damaged there is read from the files.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path

import yaml

from dateline import codec, disk, gazetteer, language, libraries, mask, names, outlets, rules, taxonomy
from dateline.config import Config
from dateline.errors import KnowledgeError
from dateline.model import Problem


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The sum of data/. Plain frozen values: can be sent to a worker; matchers are built there on first use."""

    rules: rules.Rules
    outlets: outlets.Outlets
    gazetteer: gazetteer.Gazetteer
    taxonomy: taxonomy.Taxonomy
    names: names.Names
    words: language.Words
    digest: str
    """Of the files' bytes: part of every cache key."""
    personal: mask.Mask = mask.NOTHING
    """What is hidden in all that is published; nothing unless the settings ask for it."""


def load(config: Config) -> Knowledge:
    """All of data/, from its files or as it was kept; the same value either way.

    Raises KnowledgeError with every complaint about every file.
    """
    folders = config.layers("data")
    digest = _digest(folders)
    hidden, problems = mask.load(folders) if config.mask_personal else (mask.NOTHING, [])
    with suppress(OSError, ValueError):
        known = codec.decode(_kept(config, digest), Knowledge)
        if problems:
            raise KnowledgeError(problems)
        return replace(known, personal=hidden)
    known = codec.decode(codec.encode(_read(folders, digest, problems)), Knowledge)
    return replace(known, personal=hidden)


def keep(config: Config, known: Knowledge) -> None:
    """Keep what was loaded for the next build, unless it is there."""
    with suppress(OSError, ValueError):
        _kept(config, known.digest)
        return
    value = codec.encode(replace(known, personal=mask.NOTHING))         # compiled patterns, and soon read
    with suppress(OSError):
        disk.write_atomic(_path(config), _head(known.digest, value) + value, sync=False)


def _read(folders: Sequence[Path], digest: str, more: Sequence[Problem] = ()) -> Knowledge:
    loaded_rules, rule_problems = rules.load(folders)
    loaded_outlets, outlet_problems = outlets.load(folders)
    loaded_gazetteer, place_problems = gazetteer.load(folders)
    loaded_taxonomy, topic_problems = taxonomy.load(folders)
    loaded_names, name_problems = names.load(folders)
    loaded_words, word_problems = language.load(folders)
    problems = [*rule_problems, *outlet_problems, *place_problems, *topic_problems, *name_problems, *word_problems, *more]
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(loaded_rules, loaded_outlets, loaded_gazetteer, loaded_taxonomy, loaded_names, loaded_words, digest)


def _digest(folders: Sequence[Path]) -> str:
    digest = blake2b(digest_size=16)
    for number, folder in enumerate(folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{number} {path.relative_to(folder).as_posix()} {len(content)}\n".encode("utf-8", "surrogateescape"))
                digest.update(content)
    return digest.hexdigest()


@cache
def code() -> str:
    """Digest of the package and of what it stands on: after an update, or an edit, nothing old is taken for new."""
    digest = blake2b(f"{sys.version} {sorted(libraries.versions().items())}".encode(), digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


# -- from one build to the next -------------------------------------------------------------------------------------------
def _path(config: Config) -> Path:
    return config.state_dir / "knowledge"


def _kept(config: Config, digest: str) -> bytes:
    """Raises OSError or ValueError where there is nothing of these files and this code, or the disk has changed it."""
    stored = _path(config).read_bytes()
    value = stored[_HEAD:]
    if stored[:_HEAD] != _head(digest, value):
        raise ValueError("not the knowledge that is asked for")
    return value


def _head(digest: str, value: bytes) -> bytes:
    """What the bytes of a value begin with: what it was made from, and that it is whole."""
    made_from = repr((digest, code(), yaml.__version__)).encode()
    return blake2b(made_from, digest_size=16).digest() + blake2b(value, digest_size=16).digest()


_HEAD = 32
