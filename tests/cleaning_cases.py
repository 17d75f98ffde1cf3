"""Cases that are files: input, a line `=== expected`, output. No such line means that nothing may change.

Output, one line a piece:  title | paragraph | heading | list-item | caption | byline | source | note: text
and below them what was removed:  - rule: text   (a whole line)   ~ rule: text   (a part of a line)
A first line `url: …` gives the record's address.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateline import outlets, rules
from dateline.model import CleanText, RawDocument
from dateline.outlets import Outlets
from dateline.rules import Rules

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Known:
    """What cleaning and extraction need of `Knowledge`."""

    rules: Rules
    outlets: Outlets


KNOWN = Known(rules.load([ROOT / "data"])[0], outlets.load([ROOT / "data"])[0])


def document(text: str, **fields: str) -> RawDocument:
    return RawDocument("x", text, "0", "x.txt", fields=tuple(fields.items()))


def seed(number: str) -> RawDocument:
    return document(next((ROOT / "seeds").glob(f"{number}_*.txt")).read_text("utf-8"))


def read(path: Path) -> tuple[RawDocument, str | None]:
    given, mark, expected = path.read_text("utf-8").partition("\n=== expected\n")
    url = ""
    if given.startswith("url: "):
        first, _, given = given.partition("\n")
        url = first.removeprefix("url: ")
    return document(given, **({"url": url} if url else {})), expected.strip() if mark else None


def files(kind: str) -> Iterator[Path]:
    yield from sorted((CASES / kind).glob("*.txt"))


def shown(text: CleanText) -> str:
    lines = [f"{block.kind}: {block.text}" for block in text.blocks]
    lines.extend(f"{'-' if removal.whole else '~'} {removal.rule}: {removal.text}" for removal in text.removed)
    return "\n".join(lines)
