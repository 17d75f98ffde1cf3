"""Two builds → what differs: facts, tags, cuts, texts, pages. For looking at a new rule before it is published.

in:   two data/articles.jsonl files, or two site folders
out:  Difference

Of the texts only digests are held, so that two large corpora fit into memory.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dateline import packing
from dateline.errors import DatelineError
from dateline.model import Problem
from dateline.text import shorten

PLAIN = ("title", "title_source", "date", "language", "machine_translated", "province", "topic", "author", "publisher",
         "source_url")
LISTS = ("provinces", "topics")
_WIDTH = 40
_HINT = "name a site's folder, or its data/articles.jsonl"


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one article."""

    id: str
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that is not the same."""

    articles: int
    """In both."""
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changes: tuple[Change, ...]
    pages_added: tuple[str, ...] = ()
    pages_removed: tuple[str, ...] = ()


def compare(old: Path, new: Path) -> Difference:
    """What NEW has that OLD has not, and the other way about."""
    before, after = _read(old), _read(new)
    both = [one for one in after if one in before]
    changes = tuple(change for one in both for change in _changes(one, before[one], after[one]))
    pages = (_pages(old), _pages(new)) if old.is_dir() and new.is_dir() else (set[str](), set[str]())
    return Difference(
        len(both), tuple(one for one in after if one not in before), tuple(one for one in before if one not in after), changes,
        tuple(sorted(pages[1] - pages[0])), tuple(sorted(pages[0] - pages[1])),
    )


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Id → the facts of the article as text."""
    found: dict[str, dict[str, str]] = {}
    file, first = path, 0
    try:
        for file in packing.files(path / "data", "jsonl") if path.is_dir() else [path]:
            with packing.opened(file) as lines:
                first = len(found)
                for line in lines:
                    row = json.loads(line)
                    found[str(row["id"])] = _facts(row)
    except FileNotFoundError as error:
        raise DatelineError(Problem(str(error.filename), None, "is not there", _HINT)) from error
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zlib.error) as error:
        raise DatelineError(Problem(str(file), len(found) - first + 1, "is not a record of data/articles.jsonl", _HINT)) from error
    return found


def _facts(row: dict[str, Any]) -> dict[str, str]:
    facts = {name: "" if row.get(name) is None else str(row[name]) for name in PLAIN}
    facts |= {name: " ".join(sorted(one["id"] for one in row.get(name) or ())) for name in LISTS}
    text, removed = str(row.get("text") or ""), row.get("removed") or ()
    facts["text"] = f"{len(text.split())} words, {_digest(text)}"
    facts["cuts"] = f"{len(removed)} lines, {_digest(json.dumps([[one['line'], one['text']] for one in removed]))}"
    facts["cut rules"] = " ".join(f"{rule}×{count}" for rule, count in sorted(Counter(one["rule"] for one in removed).items()))
    return facts


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _changes(article: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for name in new:
        if old[name] != new[name]:
            yield Change(article, name, old[name], new[name])


def _pages(site: Path) -> set[str]:
    return {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def table(found: Difference) -> Iterator[str]:
    """The difference as lines for a terminal: counts first, then article by article."""
    yield f"articles in both {found.articles:,}, added {len(found.added):,}, removed {len(found.removed):,}"
    if found.pages_added or found.pages_removed:
        yield f"pages added {len(found.pages_added):,}, removed {len(found.pages_removed):,}"
    counts = Counter(change.field for change in found.changes)
    yield from (f"{name:<20} {count:>8,} changed" for name, count in counts.items())
    if not found.changes:
        yield "no article of both has changed"
    for sign, names in (("+", found.added), ("-", found.removed), ("+", found.pages_added), ("-", found.pages_removed)):
        yield from (f"{sign} {name}" for name in names)
    last = ""
    for change in found.changes:
        if change.id != last:
            yield f"\n{change.id}"
            last = change.id
        yield f"  {change.field:<18} {_cell(change.old):<{_WIDTH}} → {_cell(change.new)}"


def _cell(value: str) -> str:
    return shorten(value, _WIDTH) if value else "–"


def as_json(found: Difference) -> str:
    return json.dumps(asdict(found), ensure_ascii=False)
