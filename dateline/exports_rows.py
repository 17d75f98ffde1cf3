"""Rows of an export: the record of data/articles.jsonl, with where its page is; as JSON lines, CSV and Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dateline.errors import DatelineError
from dateline.index import safe_cell
from dateline.model import Problem

if TYPE_CHECKING:
    from dateline.exports import Setting

Row = dict[str, Any]
ADDED = ("via", "words", "removed_lines", "path")
"""What articles.csv knows beside the record."""
COLUMNS = ("id", "title", "title_source", "date", "language", "machine_translated", "province", "provinces", "topic", "topics",
           "author", "publisher", "via", "source_url", "url", "words", "removed_lines", "path", "text")
BATCH = 2_000


def row(record: Mapping[str, Any], cells: Mapping[str, str]) -> Row:
    """The record, and what the table has beside it. Every row has the same keys and types."""
    return {**record, "via": cells["via"].removeprefix("'") or None, "words": int(cells["words"] or 0),
            "removed_lines": int(cells["removed_lines"] or 0), "path": cells["path"]}


def url(row: Mapping[str, Any], setting: Setting) -> str:
    """The page's address, when the site's is known."""
    return setting.site_url + row["path"] if setting.site_url else ""


def write_jsonl(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for one in rows:
            file.write(json.dumps({**one, "url": url(one, setting) or None}, ensure_ascii=False) + "\n")


def write_csv(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """One row for each article, the text included; with `bom`, Excel reads it as UTF-8."""
    with path.open("w", encoding="utf-8-sig" if setting.bom else "utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for one in rows:
            writer.writerow([safe_cell(_cell(value)) for value in _flat(one, setting)])


def _flat(one: Row, setting: Setting) -> Iterator[Any]:
    for name in COLUMNS:
        if name == "url":
            yield url(one, setting)
        elif name in {"provinces", "topics"}:
            yield " ".join(entry["id"] for entry in one[name])
        else:
            yield one[name]


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def write_parquet(rows: Iterable[Row], path: Path, setting: Setting) -> None:
    """Typed columns; lists of structures keep confidence and evidence. Needs pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise missing("parquet", "pyarrow") from error
    schema = _schema(pyarrow)
    stream = iter(rows)
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(stream, BATCH)):
            writer.write_table(pyarrow.Table.from_pylist([{**one, "url": url(one, setting) or None} for one in batch], schema))


def _schema(pa: Any) -> Any:
    text, number = pa.string(), pa.int64()
    evidence = pa.list_(pa.struct([("quote", text), ("line", number), ("rule", text)]))
    province = pa.struct([("id", text), ("name", text), ("era", text), ("successor", text), ("role", text),
                          ("confidence", pa.float64()), ("evidence", evidence)])
    topic = pa.struct([("id", text), ("role", text), ("confidence", pa.float64()), ("evidence", evidence)])
    removed = pa.struct([("line", number), ("text", text), ("rule", text)])
    return pa.schema([
        ("id", text), ("title", text), ("title_source", text), ("date", text), ("language", text),
        ("machine_translated", pa.bool_()), ("province", text), ("provinces", pa.list_(province)), ("topic", text),
        ("topics", pa.list_(topic)), ("author", text), ("publisher", text), ("source_url", text), ("text", text),
        ("removed", pa.list_(removed)), ("via", text), ("words", number), ("removed_lines", number),
        ("path", text), ("url", text),
    ])


def missing(extra: str, package: str) -> DatelineError:
    """What to say when an optional package is not there."""
    return DatelineError(Problem("", None, f"this needs {package}, which is not installed", f'pip install "dateline[{extra}]"'))
