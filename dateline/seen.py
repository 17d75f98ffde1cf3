"""What the last build read, file by file: a file that the disk says is as it was need not be read again.

in:   `.dateline/seen`, what the disk says of the files now (`unchanged.Look`), what stands for settings and code
out:  Seen: what unchanged seeds hold, without their text; the seals of articles/*.md that nobody has touched

A damaged file, or one that other code or settings wrote, is as good as none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dateline import disk


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of files that are as they were."""

    seeds: Mapping[str, str] = field(default_factory=dict)
    """File → what it holds, for `formats.listed`."""
    seals: Mapping[str, str] = field(default_factory=dict)
    """Name of a file in articles/ that is as the tool wrote it → its seal."""


def load(path: Path, salt: str, seeds: Mapping[str, object], articles: Mapping[str, object]) -> Seen:
    """What is known of those files for which the disk says the same as then (`seeds`, `articles`: file → what it says)."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        head, _, body = path.read_bytes().partition(b"\n")
        if head.decode("ascii", "replace") == _head(salt, body):
            rows = [json.loads(line) for line in body.splitlines()]
            return Seen({name: known for kind, name, entry, known in rows if kind == "seed" and _is(seeds.get(name), entry)},
                        {name: known for kind, name, entry, known in rows if kind == "article" and _is(articles.get(name), entry)})
    return Seen()


def save(path: Path, salt: str, seeds: Iterable[tuple[str, object, str]], seals: Iterable[tuple[str, object, str]]) -> None:
    """Keep (file, what the disk says of it, what is known of it) for the next build; a disk that cannot costs it time."""
    rows = [json.dumps(["seed", *row]) for row in seeds] + [json.dumps(["article", *row]) for row in seals]
    body = "\n".join(rows).encode("ascii")
    with suppress(OSError):
        disk.write_atomic(path, _head(salt, body).encode("ascii") + b"\n" + body, sync=False)


def _head(salt: str, body: bytes) -> str:
    return f"{salt} {blake2b(body, digest_size=16).hexdigest()}"


def _is(now: Any, then: list[int]) -> bool:
    return now is not None and list(now) == then
