"""What the last build read, file by file: a file that the disk says is as it was need not be read again.

in:   what an earlier build kept, what the disk says of the files now (`unchanged.Look`)
out:  Seen: what unchanged seeds hold, without their text; the seals of articles/*.md that nobody has touched
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of files that are as they were."""

    seeds: Mapping[str, str] = field(default_factory=dict)
    """File → what it holds, for `formats.listed`."""
    seals: Mapping[str, str] = field(default_factory=dict)
    """Name of a file in articles/ that is as the tool wrote it → its seal."""


def dump(seeds: Iterable[tuple[str, object, str]], seals: Iterable[tuple[str, object, str]]) -> bytes:
    """(file, what the disk says of it, what is known of it), to be kept for the next build of the same code and settings."""
    return json.dumps([list(seeds), list(seals)]).encode("ascii")


def load(kept: bytes | None, seeds: Mapping[str, object], articles: Mapping[str, object]) -> Seen:
    """What is known of those files for which the disk says the same as then (`seeds`, `articles`: file → what it says)."""
    try:
        kept_seeds, kept_seals = json.loads(kept or b"[[], []]")
        return Seen({name: known for name, entry, known in kept_seeds if _is(seeds.get(name), entry)},
                    {name: known for name, entry, known in kept_seals if _is(articles.get(name), entry)})
    except (ValueError, TypeError):              # not what this version writes: all is read again
        return Seen()


def _is(now: Any, then: list[int]) -> bool:
    return now is not None and list(now) == then
