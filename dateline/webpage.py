"""An HTML page → its article's text, and what its metadata states.

in:   the page, decoded
out:  the text as trafilatura finds it, and fields under our names

Fields come from what the page declares (meta elements, JSON-LD, canonical link), never from a guess at its looks: the
stages that follow infer, and say that they did.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dateline import encodings
from dateline.encodings import Decoded
from dateline.text import nfc

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w\-]{2,40})", re.I)
_UNTRUSTED = {"utf-8", "utf8", "iso-8859-1", "latin-1", "latin1", "windows-1252", "us-ascii", "x-user-defined"}
"""Charsets that pages in TCVN3 and VNI claimed, since no right one existed."""


def decode(data: bytes) -> Decoded:
    """UTF-8 where it is UTF-8; else what the page declares, unless everybody declared that; else a guess."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        name = declared[1].decode("ascii").lower() if declared else ""
        if name and name not in _UNTRUSTED and encodings.marked(data) is None:
            try:
                return encodings.tidy(Decoded(data.decode(name), name))
            except (LookupError, UnicodeDecodeError):
                pass                             # no such charset, or not that one: guess as if nothing were declared
    return encodings.decode(data)


def read(html: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The article's text and the declared fields; "" when there is no article."""
    import lxml.etree
    import lxml.html
    import trafilatura  # late: 0.4 s that a folder of text files need not pay

    try:
        tree = lxml.html.document_fromstring(html.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return "", ()
    fields = _fields(tree)
    found = trafilatura.extract(tree, include_comments=False, include_tables=True, favor_precision=False)
    text = nfc(found) if found else _all_text(tree)
    return encodings.tidy(Decoded(text, "")).text, fields


def _all_text(tree: Any) -> str:
    """Every block's words, for pages in which no article stands out."""
    for element in tree.xpath("//script|//style|//noscript|//nav|//header|//footer|//form|//template"):
        element.drop_tree()
    for element in tree.xpath("//p|//br|//div|//li|//h1|//h2|//h3|//h4|//tr"):
        element.tail = "\n" + (element.tail or "")
    body = tree.find("body")
    lines = (" ".join(line.split()) for line in (body if body is not None else tree).text_content().split("\n"))
    return "\n".join(line for line in lines if line)


_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title"),
    "date": ("article:published_time", "datepublished", "pubdate", "dc.date", "dc.date.issued", "citation_date",
             "publish-date", "publishdate", "article.published"),
    "author": ("author", "article:author", "dc.creator", "citation_author"),
    "publisher": ("og:site_name", "dc.publisher", "citation_journal_title"),
    "url": ("og:url",),
    "language": ("og:locale", "content-language", "dc.language"),
}  # fmt: skip


def _fields(tree: Any) -> tuple[tuple[str, str], ...]:
    declared = dict(_meta(tree))
    linked = next(_linked_data(tree), {})
    found = {
        "url": _one(tree.xpath("//link[@rel='canonical']/@href")) or _named(declared, "url"),
        "title": _text(linked.get("headline")) or _named(declared, "title"),
        "date": _text(linked.get("datePublished")) or _named(declared, "date"),
        "author": _text(linked.get("author")) or _named(declared, "author"),
        "publisher": _text(linked.get("publisher")) or _named(declared, "publisher"),
        "language": _text(linked.get("inLanguage")) or _one(tree.xpath("/html/@lang")) or _named(declared, "language"),
    }
    if found["author"].startswith(("http:", "https:")):      # article:author is often the paper's Facebook page
        found["author"] = ""
    return tuple((name, value) for name, value in found.items() if value)


def _meta(tree: Any) -> Iterator[tuple[str, str]]:
    """(name, content) of each meta element; reversed, so that the first of a name wins in a dict."""
    for element in reversed(tree.xpath("//meta[@content]")):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name:
            yield name.strip().lower(), _text(element.get("content"))


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that are articles."""
    for source in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue                             # scripts of live pages are often broken; the meta elements remain
        graph = data.get("@graph", data) if isinstance(data, dict) else data
        for entry in graph if isinstance(graph, list) else [graph]:
            if isinstance(entry, dict) and "Article" in str(entry.get("@type")):
                yield entry


def _named(declared: dict[str, str], field: str) -> str:
    return next((declared[name] for name in _META[field] if declared.get(name)), "")


def _one(values: list[str]) -> str:
    return _text(values[0]) if values else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        value = value.get("name")
    return nfc(" ".join(encodings.tidy(Decoded(value, "")).text.split())) if isinstance(value, str) else ""
