"""Rows → citations and news objects: BibTeX, RIS, CSL-JSON (as on the articles' pages) and IPTC ninjs 3.1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dateline import cite, edtf
from dateline.exports_rows import Row, url

if TYPE_CHECKING:
    from dateline.exports import Setting

SUPPLIED = frozenset({"slug", "lead", "none"})
"""Titles that are ours, and stand in brackets."""
_BIBTEX_KEY = re.compile(r"@misc\{([^,]*),")


def reference(row: Row, setting: Setting) -> cite.Reference:
    """What a citation is made from."""
    source = row["source_url"] if str(row["source_url"] or "").startswith(("http://", "https://")) else ""
    return cite.Reference(
        id=row["id"], title=row["title"] or row["id"], supplied=row["title_source"] in SUPPLIED, author=row["author"] or "",
        publisher=setting.outlet(row["publisher"]) if row["publisher"] else "", date=row["date"] or "",
        language=row["language"], url=source or url(row, setting), archive=setting.title,
    )


def write_bibtex(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """Entries with keys that are there once only."""
    unique = _Unique()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in rows:
            entry = cite.bibtex(reference(one, setting))
            file.write(_BIBTEX_KEY.sub(lambda match: f"@misc{{{unique(match[1])},", entry, count=1) + "\n\n")


def write_ris(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for one in rows:
            file.write(cite.ris(reference(one, setting)).replace("\n", "\r\n") + "\r\n\r\n")


def write_csl(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    unique = _Unique()

    def item(row: Row) -> dict[str, Any]:
        made = cite.csl(reference(row, setting))
        return {**made, "id": unique(made["id"])}

    _write_list(rows, path, item)


def write_ninjs(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    _write_list(rows, path, lambda row: ninjs(row, setting))


class _Unique:
    """Keys, each given out once: the second "a" is "a-2"."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def __call__(self, key: str) -> str:
        count = self.seen[key] = self.seen.get(key, 0) + 1
        return key if count == 1 else self(f"{key}-{count}")


def _write_list(rows: Iterable[Row], path: Path, make: Callable[[Row], dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("[")
        for number, one in enumerate(rows):
            file.write((",\n" if number else "\n") + json.dumps(make(one), ensure_ascii=False))
        file.write("\n]\n")


def ninjs(row: Row, setting: Setting) -> dict[str, Any]:
    """One article as a ninjs 3.1 news object. A time is given only when the day is known for certain."""
    address = url(row, setting) or f"urn:dateline:{quote(row['id'])}"
    parts: dict[str, Any] = {
        "uri": address, "standard": {"name": "ninjs", "version": "3.1"},
        "type": "text", "profile": "text-only", "representationType": "full" if row["text"] else "partial",
        "contentCreated": moment(row["date"]), "pubStatus": "usable" if row["text"] else "withheld",
        "language": row["language"], "by": row["author"],
        "copyrightHolder": setting.outlet(row["publisher"]) if row["publisher"] else None,
        "headlines": [{"role": "main", "contentType": "text/plain", "value": row["title"]}] if row["title"] else None,
        "bodies": [{"role": "main", "contentType": "text/plain", "charCount": len(row["text"]), "wordCount": row["words"],
                    "value": row["text"]}],
        "places": list(_places(row)), "subjects": list(_subjects(row)),
        "altIds": [{"role": "dateline", "value": row["id"]}],
    }
    return {key: value for key, value in parts.items() if value not in (None, [])}


def moment(date: str | None) -> str | None:
    """RFC 3339, when an EDTF date gives at least a certain day. Times are Vietnam's.

    >>> moment("2023-02-24T09:44"), moment("2024-08-13"), moment("2023-08"), moment("2025-08-22/..")
    ('2023-02-24T09:44:00+07:00', '2024-08-13T00:00:00+07:00', None, None)
    """
    parsed = edtf.parse(date) if date else None
    if parsed is None or not parsed.single or parsed.start is None or parsed.start.day is None or parsed.start.approximate:
        return None
    day, _, time = parsed.start.text.partition("T")
    return f"{day}T{time[:5] or '00:00'}:00+07:00"


def _places(row: Row) -> Iterator[dict[str, Any]]:
    for tag in row["provinces"]:
        yield {"name": tag["name"], "rel": "about" if tag["role"] == "primary" else "mentions", "literal": tag["id"]}


def _subjects(row: Row) -> Iterator[dict[str, Any]]:
    for tag in row["topics"]:
        yield {"name": tag["id"], "rel": "about", "literal": tag["id"], "creator": "dateline",
               "confidence": round(100 * tag["confidence"])}
