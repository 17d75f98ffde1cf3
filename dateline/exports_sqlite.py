"""Rows → an SQLite file that Datasette opens usefully: tables with keys between them, and full-text search.

Search as it is typed: with diacritics "giáo dục" finds exactly that, without them "giao duc" finds it too, since every
text stands a second time in the column `folded`. FTS5's own folding would make má, mả and ma one word, and knows no đ.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline import edtf
from dateline.exports_rows import BATCH, Row, url
from dateline.text import fold

if TYPE_CHECKING:
    from dateline.exports import Setting

_SCHEMA = """
CREATE TABLE articles (
  id TEXT PRIMARY KEY, title TEXT, title_source TEXT, date TEXT, date_from TEXT, language TEXT, machine_translated INTEGER,
  province TEXT, topic TEXT, author TEXT, publisher TEXT, via TEXT, source_url TEXT, url TEXT, path TEXT, words INTEGER,
  removed_lines INTEGER, text TEXT, folded TEXT
);
CREATE TABLE provinces (
  article_id TEXT REFERENCES articles(id), id TEXT, name TEXT, era TEXT, successor TEXT, role TEXT, confidence REAL
);
CREATE TABLE topics (article_id TEXT REFERENCES articles(id), id TEXT, role TEXT, confidence REAL);
CREATE TABLE evidence (article_id TEXT REFERENCES articles(id), facet TEXT, value TEXT, quote TEXT, line INTEGER, rule TEXT);
CREATE TABLE removed (article_id TEXT REFERENCES articles(id), line INTEGER, text TEXT, rule TEXT);
"""
_AFTER = """
CREATE INDEX articles_date ON articles(date_from);
CREATE INDEX articles_province ON articles(province);
CREATE INDEX articles_topic ON articles(topic);
CREATE INDEX articles_publisher ON articles(publisher);
CREATE INDEX provinces_article ON provinces(article_id);
CREATE INDEX provinces_id ON provinces(id);
CREATE INDEX topics_article ON topics(article_id);
CREATE INDEX topics_id ON topics(id);
CREATE INDEX evidence_article ON evidence(article_id);
CREATE INDEX removed_article ON removed(article_id);
CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, folded, content="articles", tokenize="unicode61 remove_diacritics 0");
INSERT INTO articles_fts(articles_fts) VALUES ('rebuild');
"""
_ARTICLE = ("id", "title", "title_source", "date", "date_from", "language", "machine_translated", "province", "topic", "author",
            "publisher", "via", "source_url", "url", "path", "words", "removed_lines", "text", "folded")
_MARKS = ", ".join(f":{name}" for name in _ARTICLE)


def write(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """Fill a new database; nothing of it is there when this fails."""
    stream = iter(rows)
    try:
        with closing(sqlite3.connect(path)) as base, base:
            base.execute("PRAGMA journal_mode = OFF")
            base.executescript(_SCHEMA)
            while batch := list(islice(stream, BATCH)):
                _insert(base, batch, setting)
            base.commit()
            base.executescript(_AFTER)
        described = json.dumps(metadata(setting, path.name.removeprefix(".").removesuffix(".part")), ensure_ascii=False, indent=1)
        path.with_name(f"{path.name}.metadata.json").write_text(described + "\n", encoding="utf-8")
    except sqlite3.OperationalError as error:
        raise OSError(None, f"SQLite says: {error}") from error


def metadata(setting: Setting, name: str) -> dict[str, Any]:
    """What `datasette articles.db -m articles.db.metadata.json` shows beside the tables."""
    articles = {"label_column": "title", "sort_desc": "date_from", "size": 20, "facets": ["province", "topic", "language", "publisher"],
                "columns": _COLUMNS}
    found: dict[str, Any] = {
        "title": setting.title,
        "databases": {name.rpartition(".")[0] or name: {"tables": {
            "articles": articles, "provinces": {"facets": ["id", "era", "role"]}, "topics": {"facets": ["id", "role"]},
            "evidence": {"facets": ["facet", "rule"]}, "removed": {"facets": ["rule"]},
        }}},
    }
    return {**found, "source": setting.title, "source_url": setting.site_url} if setting.site_url else found


_COLUMNS = {
    "date": "EDTF, no more precise than what is known: 2023-02-24T09:44, 2023-08, 2025-08-22/.. (on or after)",
    "date_from": "the earliest day it can be, for sorting",
    "province": "the primary one; national for the whole country",
    "title_source": "text, record, slug (words of the address), lead (first sentence), person, none",
    "folded": "title and text without diacritics, for the search: giao duc finds giáo dục",
}


def _insert(base: sqlite3.Connection, batch: list[Row], setting: Setting) -> None:
    base.executemany(f"INSERT INTO articles VALUES ({_MARKS})", [
        {**one, "url": url(one, setting) or None, "date_from": edtf.sort_key(one["date"]) or None,
         "machine_translated": int(one["machine_translated"]), "folded": fold(f"{one['title'] or ''}\n\n{one['text']}")}
        for one in batch
    ])
    base.executemany("INSERT INTO provinces VALUES (?, ?, ?, ?, ?, ?, ?)", [
        (one["id"], tag["id"], tag["name"], tag["era"], tag["successor"], tag["role"], tag["confidence"])
        for one in batch for tag in one["provinces"]
    ])
    base.executemany("INSERT INTO topics VALUES (?, ?, ?, ?)", [
        (one["id"], tag["id"], tag["role"], tag["confidence"]) for one in batch for tag in one["topics"]
    ])
    base.executemany("INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?)", [
        (one["id"], facet, tag["id"], found["quote"], found["line"], found["rule"])
        for one in batch for facet in ("province", "topic") for tag in one[facet + "s"] for found in tag["evidence"]
    ])
    base.executemany("INSERT INTO removed VALUES (?, ?, ?, ?)", [
        (one["id"], cut["line"], cut["text"], cut["rule"]) for one in batch for cut in one["removed"]
    ])
