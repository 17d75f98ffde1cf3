"""Which format a file is, and one document out of a text, Markdown or HTML file.

in:   a file's name and its bytes; what a file is, its bytes decide before its name
out:  `Found` documents, which have everything but an id, and `Problem`s for what cannot be read

Files that hold many documents are `rows` (JSON lines, tables) and `archives` (zip, tar, WARC).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal

from dateline import encodings, webpage, yamlfile
from dateline.model import Problem
from dateline.text import nfc

HEAD = 65_536
"""Bytes that are looked at to tell what a file is."""

Format = Literal["text", "html", "markdown", "record"]


@dataclass(frozen=True, slots=True)
class Found:
    """A document as its file gives it."""

    name: str
    """What its id is made from: the file's stem, or the record's own id."""
    origin: str
    text: str
    digest: str
    encoding: str
    format: Format
    fields: tuple[tuple[str, str], ...] = ()


Held = tuple[Found | Problem, ...]
"""What one file of seeds/ holds; of a document all but its text."""


def described(held: Iterable[Found | Problem]) -> str:
    """What a file holds, as `listed` reads it back: without texts.

    >>> from dataclasses import replace
    >>> bai = Found("bai-1", "bai-1.txt", "Hà Nội mở lớp đêm", "d2c8", "utf-8", "text", (("url", "https://nhandan.vn"),))
    >>> listed(described([bai])) == (replace(bai, text=""),)
    True
    """
    return json.dumps([
        [one.name, one.origin, one.digest, one.encoding, one.format, one.fields] if isinstance(one, Found)
        else [one.where, one.line, one.message, one.hint, one.severity]
        for one in held
    ])


def listed(described: str) -> Held:
    """The documents, without text, and problems of a file. Raises ValueError for what `described` did not write."""
    return tuple(Problem(*row) if len(row) == 5 else _without_text(*row) for row in json.loads(described))


def _without_text(name: str, origin: str, digest: str, encoding: str, form: Format, fields: list[list[str]]) -> Found:
    return Found(name, origin, "", digest, encoding, form, tuple((key, value) for key, value in fields))


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, or a member of an archive."""

    where: str
    """As a person would type it: "seeds/pack.zip/bai-1.txt"."""
    origin: str
    """The same, relative to seeds/."""
    name: str
    stream: io.BufferedReader | io.BytesIO
    max_bytes: int
    names: Mapping[str, tuple[str, ...]]
    """Our field name → what others call it, see `field_names`."""

    @property
    def head(self) -> bytes:
        stream = self.stream
        if isinstance(stream, io.BytesIO):
            return bytes(stream.getbuffer()[:HEAD])
        return stream.peek(HEAD)[:HEAD]

    def problem(
        self, message: str, hint: str, line: int | None = None, severity: Literal["error", "warning", "note"] = "error"
    ) -> Problem:
        return Problem(self.where, line, message, hint, severity)


# What other tools call our fields; compared by `plain_name`.
ALIASES: dict[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "article", "article_text", "maintext", "fulltext", "noidung"),
    "html": ("html", "raw_html", "content_html", "page"),
    "url": ("url", "link", "source_url", "original_url", "canonical_url", "uri", "permalink"),
    "title": ("title", "headline", "tieude"),
    "date": ("date", "published", "published_at", "date_published", "date_publish", "publish_date", "pub_date",
             "publication_date", "datetime", "ngaydang"),
    "author": ("author", "authors", "byline", "creator", "tacgia"),
    "publisher": ("publisher", "source", "site", "sitename", "site_name", "source_domain", "outlet", "newspaper"),
    "language": ("language", "lang"),
    "id": ("id", "_id", "uid", "guid", "doc_id", "article_id"),
}  # fmt: skip


@lru_cache(maxsize=4)
def field_names(own: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, ...]]:
    """Our field name → the names it may stand under. What the site states for a field is the only name for it.

    >>> field_names((("text", "bai_viet"),))["text"]
    ('baiviet',)
    """
    return {ours: tuple(map(plain_name, theirs)) for ours, theirs in {**ALIASES, **{o: (t,) for o, t in own}}.items()}


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
    (b"PAR1", "parquet"), (b"WARC/", "warc"),
    (b"%PDF", "a PDF"), (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"RIFF", "a RIFF file (picture, sound or film)"), (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)"),
    (b"{\\rtf", "an RTF file"), (b"\x28\xb5\x2f\xfd", "a Zstandard file"), (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"), (b"SQLite format 3", "an SQLite database"), (b"\x7fELF", "a program"),
    (b"ID3", "a sound file"), (b"OggS", "a sound file"),
)  # fmt: skip
_MAGICS = tuple(magic for magic, _ in _MAGIC)
READABLE = "text, Markdown, HTML, JSON lines, JSON, CSV, TSV, zip, tar, gz, Parquet and WARC"
_DATA_SUFFIXES = (".css", ".js", ".py", ".xml", ".yml", ".yaml", ".ini", ".toml", ".svg", ".log", ".sh", ".bat", ".map")
_SUFFIXES = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".jsonl", ".ndjson", ".json", ".csv",
             ".tsv", ".tab", ".parquet", ".warc", ".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz")  # fmt: skip
_HTML = re.compile(
    r"(?:<\?xml[^>]{0,200}>)?\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_NOT_IN_NAMES = re.compile(r"[_\-\s]")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b"))


def detect(name: str, head: bytes) -> str:
    """The format: text, markdown, html, jsonl, json, csv, parquet, warc, zip, tar, gzip, bzip2, xz; or empty, nul,
    other, "a PDF" … for what is not read.

    >>> detect("bai.txt", b"<!DOCTYPE html><html>"), detect("bai.txt", b"%PDF-1.7"), detect("bai.txt", b"Ha Noi")
    ('html', 'a PDF', 'text')
    """
    if not head.strip(b"\r\n\t \xef\xbb\xbf"):
        return "empty"
    if head.startswith(_MAGICS):
        kind = next(kind for magic, kind in _MAGIC if head.startswith(magic))
        return "an Office file or e-book" if kind == "zip" and _is_office(head) else kind
    if head[257:262] == b"ustar":
        return "tar"
    unicode = encodings.marked(head)
    if unicode is None and b"\0" in head:
        return "nul"
    if unicode is None and len(head) - len(head.translate(None, _CONTROL)) > len(head) // 20:
        return "a binary file"
    start = head[: HEAD // 16].decode(unicode or "latin-1", "replace")
    return _text_format(name.lower(), start.lstrip("\ufeffï»¿ \t\r\n"))


def _is_office(head: bytes) -> bool:
    return any(mark in head[:4096] for mark in (b"[Content_Types].xml", b"mimetypeapplication/", b"word/", b"xl/"))


def _text_format(name: str, start: str) -> str:
    if name.endswith((".html", ".htm", ".xhtml")) or _HTML.match(start):
        return "html"
    if name.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    first, _, second = start.partition("\n")
    if start.startswith("{") and (name.endswith(".json") or '"' in first[1:40]):
        whole_line = first.rstrip().endswith("}")
        return "jsonl" if whole_line and (second.startswith("{") or not name.endswith(".json")) else "json"
    if start.startswith("[") and (name.endswith(".json") or start[1:].lstrip().startswith("{")):
        return "json"
    if name.endswith((".csv", ".tsv", ".tab")):
        return "csv"
    if name.endswith((".md", ".markdown")) or _FRONT_MATTER.match(start):
        return "markdown"
    return "other" if name.endswith(_DATA_SUFFIXES) or name.endswith(".json") else "text"


def stem(name: str) -> str:
    """A file's name without the endings we know; "bai.so.1" keeps its dots.

    >>> stem("dump.jsonl.gz"), stem("003_7d05.txt"), stem("bai.so.1")
    ('dump', '003_7d05', 'bai.so.1')
    """
    low = name.lower()
    for _ in range(2):
        ending = next((suffix for suffix in _SUFFIXES if low.endswith(suffix) and len(low) > len(suffix)), "")
        name, low = name[: len(name) - len(ending)], low[: len(low) - len(ending)]
        if ending not in (".gz", ".bz2", ".xz"):
            break
    return nfc(name)


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def whole(source: Source) -> bytes | Problem:
    """All bytes of a file that is one document."""
    data = source.stream.read(source.max_bytes + 1)
    if len(data) > source.max_bytes:
        return source.problem(
            f"is longer than {source.max_bytes:,} bytes and was kept aside",
            "split it, or raise max_document_bytes in dateline.yml",
        )
    return data


def document(source: Source, kind: str) -> Iterator[Found | Problem]:
    """The one document of a text, Markdown or HTML file, and what there is to say about it."""
    data = whole(source)
    if isinstance(data, Problem):
        yield data
        return
    if b"\0" in data and encodings.marked(data) is None:
        yield not_read(source, "nul")
        return
    if kind == "html":
        yield from page(source, data, stem(source.name))
        return
    decoded = encodings.decode(data)
    yield from notes(source, decoded.notes)
    text = decoded.text
    fields: tuple[tuple[str, str], ...] = ()
    if _FRONT_MATTER.match(text):
        text, fields, problems = front_matter(text, source)
        yield from problems
    if not text.strip():
        yield not_read(source, "empty")
        return
    form: Format = "markdown" if kind == "markdown" else "text"
    yield Found(stem(source.name), source.origin, text, digest(data), decoded.encoding, form, fields)


def page(source: Source, data: bytes, name: str, url: str = "", line: int | None = None) -> Iterator[Found | Problem]:
    """The document in an HTML page."""
    decoded = webpage.decode(data)
    yield from notes(source, decoded.notes, line)
    text, fields = webpage.read(decoded.text)
    if not text.strip():
        hint = "remove it, or save the page's text as .txt"
        yield source.problem("is an HTML page without an article in it", hint, line)
        return
    if url:
        fields = tuple({**dict(fields), "url": url}.items())
    yield Found(name, source.origin, text, digest(data + url.encode()), decoded.encoding, "html", fields)


def notes(source: Source, said: tuple[str, ...], line: int | None = None) -> Iterator[Problem]:
    for note in said:
        yield source.problem(note, "check the text; save the file as UTF-8 to be sure", line, "warning")


def not_read(source: Source, kind: str) -> Problem:
    """Why a file of this kind is kept aside."""
    if kind == "empty":
        return source.problem("is empty", "scrape it again, or remove it")
    if kind == "nul":
        return source.problem("holds NUL characters: a broken download or no text", "scrape it again, or remove it")
    if kind == "other":
        return source.problem("is no format that holds articles", f"what is read: {READABLE}", severity="warning")
    return source.problem(f"is {kind}, which is not read", f"save its text as .txt; what is read: {READABLE}")


# Markdown -------------------------------------------------------------------------------------------------------------
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?=[ \t]*(?:[\w\-]+[ \t]*:|#|\n|---))")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)
_FRONT_MATTER_LIMIT = 100_000


def front_matter(
    text: str, source: Source
) -> tuple[str, tuple[tuple[str, str], ...], tuple[Problem, ...]]:
    """Take the YAML off the top: the text with blank lines in its place, our fields, and what is wrong with it."""
    end = _END.search(text, text.index("\n"), _FRONT_MATTER_LIMIT)
    if end is None:                              # a ruled line at the top of a text
        return text, (), ()
    complaints = yamlfile.Complaints(source.where)
    node = yamlfile.parse(text[text.index("\n") + 1 : end.start()], complaints, first_line=2)
    values = node.plain()
    blank = "\n" * text.count("\n", 0, end.end()) + text[end.end() :]
    if complaints.problems or not isinstance(values, dict | None):
        problems = complaints.problems or [source.problem("front matter is no mapping", "write  title: …", 2)]
        return blank, (), tuple(Problem(p.where, p.line, p.message, p.hint, "warning") for p in problems)
    return blank, fields_of(plain(values or {}), source.names), ()


# Fields ---------------------------------------------------------------------------------------------------------------
FIELDS = ("url", "title", "date", "author", "publisher", "language")


def fields_of(record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """What a record (`plain`) says about its text, under our names, in our order."""
    found = ((ours, as_line(look_up(record, names[ours]))) for ours in FIELDS)
    return tuple((ours, value) for ours, value in found if value)


def plain(record: Mapping[Any, Any]) -> dict[str, Any]:
    """A record with its names made comparable: "Source_URL" and "source-url" are one."""
    return {plain_name(str(name)): value for name, value in record.items()}


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name.strip().lower())


def look_up(record: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first of `names` that holds something; "meta.url" looks inside "meta"."""
    for name in names:
        value = record.get(name)
        if value is None and "." in name:
            value = record
            for part in name.split("."):
                value = plain(value).get(part) if isinstance(value, dict) else None
        if value is not None and value not in ("", [], {}):
            return value
    return None


def as_line(value: Any) -> str:
    """One line of text for what people put into a field."""
    if isinstance(value, str):
        return " ".join(encodings.tidy(encodings.Decoded(value, "")).text.split())
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(as_line, value)))
    if isinstance(value, dict):                  # schema.org: {"@type": "Person", "name": "Thu Hà"}
        return as_line(value.get("name"))
    return str(value)

