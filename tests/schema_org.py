"""The part of schema.org that our pages use: type → property → what may stand there.

Copied by hand from the published vocabulary as schema-dts 2.1.0 has it (schema.org, read 22 November 2026), inherited
properties included. Whoever gives a page a new property looks it up there and adds it here. Dates may be as short as ISO 8601
allows. `item` of a ListItem is an address, as Google's documentation of BreadcrumbList has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

THING = {"@id": ("URL",), "name": ("Text",), "description": ("Text",), "url": ("URL",)}
WORK = {**THING, "inLanguage": ("Text",), "about": ("Thing",), "author": ("Person", "Organization"),
        "publisher": ("Person", "Organization"), "datePublished": ("Date",), "isBasedOn": ("URL",), "headline": ("Text",),
        "isPartOf": ("Dataset", "URL"), "spatialCoverage": ("AdministrativeArea", "Country"), "license": ("URL",),
        "temporalCoverage": ("Text",), "keywords": ("Text",), "creator": ("Person", "Organization"),
        "isAccessibleForFree": ("Boolean",)}
TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "Thing": THING, "Person": THING, "Organization": THING, "AdministrativeArea": THING, "Country": THING,
    "WebSite": WORK,
    "NewsArticle": {**WORK, "wordCount": ("Integer",)},
    "Dataset": {**WORK, "size": ("Text",), "distribution": ("DataDownload",), "variableMeasured": ("Text",)},
    "DataDownload": {**WORK, "encodingFormat": ("Text",), "contentUrl": ("URL",)},
    "BreadcrumbList": {**THING, "itemListElement": ("ListItem",)},
    "ListItem": {**THING, "position": ("Integer",), "item": ("URL",)},
}
NEEDED = {"NewsArticle": ("headline",), "Dataset": ("name", "description"), "BreadcrumbList": ("itemListElement",),
          "ListItem": ("position", "name"), "DataDownload": ("contentUrl", "encodingFormat"), "WebSite": ("name",)}
"""What is of no use without it (for Google's rich results, Dataset Search and Zotero)."""
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?")


def complaints(document: dict[str, Any]) -> list[str]:
    """What is wrong with a page's JSON-LD.

    >>> complaints({"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle", "headlnie": "Mưa lớn"}]})
    ['NewsArticle lacks headline', 'NewsArticle has no headlnie']
    """
    found = [] if document.get("@context") == "https://schema.org" else ["the context is not https://schema.org"]
    for node in document.get("@graph", ()):
        found += _of(node)
    return found


def _of(node: dict[str, Any]) -> Iterator[str]:
    kind = node.get("@type", "")
    known = TYPES.get(kind)
    if known is None:
        yield f"{kind!r} is no type of ours"
        return
    yield from (f"{kind} lacks {name}" for name in NEEDED.get(kind, ()) if not node.get(name))
    for name, value in node.items():
        if name == "@type":
            continue
        if name not in known:
            yield f"{kind} has no {name}"
            continue
        for one in value if isinstance(value, list) else [value]:
            yield from _value(f"{kind}.{name}", one, known[name])


def _value(where: str, value: Any, allowed: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("@type") not in allowed:
            yield f"{where} may not be a {value.get('@type')}"
        yield from _of(value)
    elif not any(_is(value, kind) for kind in allowed):
        yield f"{where} is {value!r}, no {' or '.join(allowed)}"


def _is(value: object, kind: str) -> bool:
    if kind == "Integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "Boolean":
        return isinstance(value, bool)
    if not isinstance(value, str) or not value:
        return False
    if kind == "Date":
        return _DATE.fullmatch(value) is not None
    return kind == "Text" or (kind == "URL" and urlsplit(value).scheme in {"http", "https"} and bool(urlsplit(value).netloc))
