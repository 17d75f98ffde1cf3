"""Article → how to cite it: APA, Chicago, BibTeX, RIS, CSL-JSON. Unknown facts are left out, supplied titles bracketed.

Rules: APA 7 §10.1 and §9.22 (a supplied title stands in brackets), Chicago 17 §14.191, RIS type NEWS, CSL 1.0.2
article-newspaper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from json import JSONEncoder
from typing import Any

from dateline import edtf
from dateline.text import slug

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")
_TEX = {"\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX_SPECIAL = re.compile(r"[\\&%$#_{}~^]")
_JSON = JSONEncoder(ensure_ascii=False)
_LANGID = {"vi": "vietnamese", "en": "english"}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a citation is made from; "" for what is not known."""

    id: str
    title: str
    supplied: bool
    """The title is ours: it stands in brackets."""
    author: str
    publisher: str
    """The outlet's name."""
    date: str
    """EDTF."""
    language: str
    url: str
    """Of the original when it is known, else of the page here."""
    archive: str
    """The name of this collection."""

    @property
    def printed_title(self) -> str:
        return f"[{self.title}]" if self.supplied else self.title

    @property
    def day(self) -> tuple[int | None, int | None, int | None]:
        """Year, month, day: as many as are known for certain."""
        parsed = edtf.parse(self.date) if self.date else None
        if parsed is None or parsed.start is None or not parsed.single or parsed.start.approximate:
            return None, None, None
        return parsed.start.year, parsed.start.month, parsed.start.day


def formats(reference: Reference) -> tuple[tuple[str, str, str], ...]:
    """(id, name, text) of every format the page offers."""
    return (
        ("apa", "APA", apa(reference)),
        ("chicago", "Chicago", chicago(reference)),
        ("bibtex", "BibTeX", bibtex(reference)),
        ("ris", "RIS", ris(reference)),
        ("csl", "CSL-JSON", _JSON.encode([csl(reference)])),
    )


def apa(reference: Reference) -> str:
    """One line in APA's order: who, when, what, where.

    >>> apa(Reference("004", "Training on education promotion work in 2023", False, "My Ha", "Báo Nghệ An",
    ...     "2023-02-24T09:44", "en", "https://baonghean.vn/10250874.html", "Dateline"))
    'My Ha. (2023, February 24). Training on education promotion work in 2023. Báo Nghệ An. https://baonghean.vn/10250874.html'
    """
    year, month, day = reference.day
    when = "n.d." if year is None else f"{year}"
    if year is not None and month:
        when += f", {_MONTHS[month - 1]}" + (f" {day}" if day else "")
    who = reference.author or reference.publisher
    container = reference.publisher if reference.author else ""
    parts = [who, f"({when})", reference.printed_title] if who else [reference.printed_title, f"({when})"]
    return _sentence([*parts, container or ("" if reference.publisher else reference.archive)], reference.url)


def chicago(reference: Reference) -> str:
    """One line in Chicago's bibliography style."""
    year, month, day = reference.day
    when = "n.d."
    if year is not None:
        when = f"{_MONTHS[month - 1]} {day}, {year}" if month and day else f"{_MONTHS[month - 1]} {year}" if month else f"{year}"
    stop = "" if reference.title.endswith((".", "?", "!")) else "."
    title = reference.printed_title if reference.supplied else f"“{reference.title}{stop}”"
    where = ", ".join(part for part in (reference.publisher or reference.archive, when) if part)
    return _sentence([reference.author, title, where], reference.url)


def _sentence(parts: list[str], url: str) -> str:
    text = " ".join(part if part.endswith((".", "?", "!", ".”", "?”", "!”")) else f"{part}." for part in parts if part)
    return f"{text} {url}".strip()


def _tex(text: str) -> str:
    return _TEX_SPECIAL.sub(lambda match: _TEX[match[0]], text)


def _key(reference: Reference) -> str:
    year = reference.day[0]
    words = [_word(reference.author or reference.publisher or reference.archive, 30), str(year or "nd"), _word(reference.id, 20)]
    return "-".join(word for word in words if word)


_word = lru_cache(maxsize=4096)(slug)
"""Two formats ask for the same words, and outlets and authors come again."""


def bibtex(reference: Reference) -> str:
    """A BibTeX entry; institutions as authors are kept whole by double braces."""
    year, month, day = reference.day
    author = _tex(reference.author) or (f"{{{_tex(reference.publisher)}}}" if reference.publisher else "")
    fields = [
        ("title", _tex(reference.printed_title)), ("author", author), ("year", str(year or "")), ("month", str(month or "")),
        ("day", str(day or "")), ("howpublished", _tex(reference.publisher if reference.author else "")),
        ("langid", _LANGID.get(reference.language, "")), ("url", reference.url), ("note", _tex(reference.archive)),
    ]
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@misc{{{_key(reference)},\n{lines}\n}}"


def ris(reference: Reference) -> str:
    """An RIS record; every line but the last has a tag and a value."""
    year, month, day = reference.day
    date = "/".join([str(year), f"{month:02}" if month else "", f"{day:02}" if day else "", ""]) if year else ""
    fields = [
        ("TY", "NEWS"), ("TI", reference.printed_title), ("AU", reference.author), ("T2", reference.publisher),
        ("PY", str(year or "")), ("DA", date), ("LA", reference.language), ("UR", reference.url), ("DB", reference.archive),
        ("ID", reference.id),
    ]
    return "\n".join([*(f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value), "ER  - "])


def csl(reference: Reference) -> dict[str, Any]:
    """A CSL-JSON item."""
    parts = [part for part in reference.day if part is not None]
    item: dict[str, Any] = {"id": _key(reference), "type": "article-newspaper", "title": reference.printed_title}
    if reference.author:
        item["author"] = [{"literal": reference.author}]
    if reference.publisher:
        item["container-title"] = reference.publisher
    if parts:
        item["issued"] = {"date-parts": [parts]}
    if reference.url:
        item["URL"] = reference.url
    return {**item, "language": reference.language, "archive": reference.archive}
