"""Rows → vertical text for (No)Sketch Engine: a token a line, structures as tags; and the registry file beside it.

A Vietnamese token is a syllable, as written. The second column has it without case and diacritics, so that a query such
as [folded="giao"] [folded="duc"] finds every spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dateline import edtf
from dateline.exports_rows import Row, url
from dateline.text import fold

if TYPE_CHECKING:
    from dateline.exports import Setting

_TOKEN = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*|\S")
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": " ", "\t": " ", "\r": " "})
ATTRIBUTES = ("id", "title", "date", "year", "language", "translated", "province", "provinces", "topic", "topics", "publisher",
              "author", "url")
_MANY = frozenset({"provinces", "topics"})


def write(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """The vertical, and `<path>.registry`, whose PATH and VERTICAL are to be set where the corpus is compiled."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in rows:
            file.writelines(document(one, setting))
    path.with_name(f"{path.name}.registry").write_text(registry(setting), encoding="utf-8")


def document(row: Row, setting: Setting) -> Iterator[str]:
    """The lines of one article."""
    facts = " ".join([f'{key}="{value.translate(_ESCAPED)}"' for key, value in _facts(row, setting)])
    yield f"<doc {facts}>\n"
    for kind, text in [("head", row["title"] or ""), *(("p", part) for part in row["text"].split("\n\n"))]:
        if text.strip():
            yield f"<{kind}>\n"
            yield from tokens(text)
            yield f"</{kind}>\n"
    yield "</doc>\n"


def tokens(text: str) -> Iterator[str]:
    """Token lines; <g/> where two tokens are not parted by a space.

    >>> list(tokens("Sơn La, 2023-2024."))
    ['Sơn\\tson\\n', 'La\\tla\\n', '<g/>\\n', ',\\t,\\n', '2023-2024\\t2023-2024\\n', '<g/>\\n', '.\\t.\\n']
    """
    end = -1
    for match in _TOKEN.finditer(text):
        if match.start() == end:
            yield "<g/>\n"
        end = match.end()
        yield _line(match[0])


@lru_cache(maxsize=65536)
def _line(token: str) -> str:
    """Words come again and again: 4.0 s for 1,000 articles without the cache."""
    word = token.translate(_ESCAPED)
    return f"{word}\t{fold(token).translate(_ESCAPED) or word}\n"


def _facts(row: Row, setting: Setting) -> Iterator[tuple[str, str]]:
    parsed = edtf.parse(row["date"]) if row["date"] else None
    known = {
        **{key: row[key] for key in ("id", "title", "date", "language", "province", "topic", "author")},
        "year": str(parsed.year) if parsed and parsed.year else "", "translated": "yes" if row["machine_translated"] else "no",
        "provinces": "|".join(tag["id"] for tag in row["provinces"]), "topics": "|".join(tag["id"] for tag in row["topics"]),
        "publisher": setting.outlet(row["publisher"]) if row["publisher"] else "", "url": url(row, setting) or row["source_url"],
    }
    return ((key, str(known[key] or "")) for key in ATTRIBUTES)


def registry(setting: Setting) -> str:
    """The registry file: what the corpus is called, its columns and its structures."""
    title = setting.title.replace('"', "'")
    structures = "".join(
        f'    ATTRIBUTE "{key}" {{ MULTIVALUE "y" MULTISEP "|" }}\n' if key in _MANY else f'    ATTRIBUTE "{key}"\n'
        for key in ATTRIBUTES
    )
    return (
        f'NAME "{title}"\nPATH "/corpora/manatee/dateline"\nVERTICAL "/corpora/vertical/articles.vert"\nENCODING "UTF-8"\n'
        f'LANGUAGE "Vietnamese"\nDEFAULTATTR "word"\n\nATTRIBUTE "word"\nATTRIBUTE "folded"\n\n'
        f'STRUCTURE "doc" {{\n{structures}}}\nSTRUCTURE "head"\nSTRUCTURE "p"\n'
        'STRUCTURE "g" {\n    DISPLAYTAG "0"\n    DISPLAYBEGIN "_EMPTY_"\n}\n'
    )
