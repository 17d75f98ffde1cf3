"""The built site's data → one file in a format that other programs read.

in:   site/data/articles.jsonl and articles.csv (an export needs only a built site), streamed
out:  one file (two for `vertical`), there whole or not at all, and what was done

Formats are functions from rows to a file; `FORMATS` names them. Nothing here depends on the clock or on the machine:
the same site gives the same bytes (Parquet and SQLite: with the same versions of their libraries).
"""

from __future__ import annotations

import csv
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dateline import exports_cite, exports_rows, exports_sqlite, exports_tei, exports_vertical, mask, outlets, packing
from dateline.config import Config
from dateline.errors import DatelineError, KnowledgeError, OutputError, did_you_mean
from dateline.exports_rows import Row
from dateline.model import Problem


@dataclass(frozen=True, slots=True)
class Setting:
    """What a format may need to know beside the rows."""

    title: str
    site_url: str
    outlet: Callable[[str], str]
    """Domain → the name people read."""
    bom: bool = False


Writer = Callable[[Iterable[Row], Path, Setting], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to hand the corpus on."""

    suffix: str
    what: str
    write: Writer


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did."""

    path: Path
    articles: int
    masked: dict[str, int] = field(default_factory=dict)


FORMATS: dict[str, Format] = {
    "jsonl": Format("jsonl", "JSON lines, one record for each article", exports_rows.write_jsonl),
    "csv": Format("csv", "one row for each article, texts included, safe in a spreadsheet", exports_rows.write_csv),
    "parquet": Format("parquet", "Apache Parquet, typed and compressed", exports_rows.write_parquet),
    "sqlite": Format("db", "SQLite with full-text search, for Datasette", exports_sqlite.write),
    "tei": Format("xml", "TEI P5, one teiCorpus", exports_tei.write),
    "vertical": Format("vert", "vertical text for (No)Sketch Engine, with its registry file", exports_vertical.write),
    "bibtex": Format("bib", "BibTeX, one entry for each article", exports_cite.write_bibtex),
    "ris": Format("ris", "RIS, one record for each article", exports_cite.write_ris),
    "csl": Format("json", "CSL-JSON, one item for each article", exports_cite.write_csl),
    "ninjs": Format("ninjs.json", "IPTC ninjs 3.1, a list of news objects", exports_cite.write_ninjs),
}


def export(config: Config, name: str, target: Path | None = None, *, bom: bool = False, masked: bool = False) -> Exported:
    """Write the corpus in a format. Raises DatelineError with the remedy; then no file was made or changed."""
    chosen = FORMATS.get(name)
    if chosen is None:
        raise DatelineError(Problem("", None, f'no export is called "{name}"', did_you_mean(name, FORMATS)))
    path = target or config.root / f"articles.{chosen.suffix}"
    counts: Counter[str] = Counter()
    tally = _Tally()
    rows = tally.counted(_masked(read(config), config, counts) if masked else read(config))
    setting = Setting(config.title, config.site_url.rstrip("/") + "/" if config.site_url else "", _outlet_names(config), bom)
    with _whole(path, config) as beside:
        chosen.write(rows, beside, setting)
    return Exported(path, tally.count, dict(sorted(counts.items())))


# -- reading ------------------------------------------------------------------------------------------------------------
def read(config: Config) -> Iterator[Row]:
    """The articles of the built site, in its order."""
    folder = config.output_dir / "data"
    try:
        for records, tables in zip(packing.files(folder, "jsonl"), packing.files(folder, "csv"), strict=True):
            with packing.opened(records) as lines, packing.opened(tables) as table:
                for line, cells in zip(lines, csv.DictReader(table), strict=True):
                    row = json.loads(line)
                    if str(row["id"]) != cells["id"].removeprefix("'"):
                        raise ValueError(f"{row['id']} and {cells['id']} are not the same article")
                    yield exports_rows.row(row, cells)
    except FileNotFoundError as error:
        raise OutputError(Problem(str(error.filename), None, "is not there", "dateline build  makes it")) from error
    except (ValueError, KeyError, EOFError, zlib.error) as error:
        message = f"its files do not belong together: {error}"
        raise OutputError(Problem(str(folder), None, message, "build the site again")) from error


def _masked(rows: Iterable[Row], config: Config, counts: Counter[str]) -> Iterator[Row]:
    rules, problems = mask.load(config.layers("data"))
    if problems:
        raise KnowledgeError(problems)
    for one in rows:
        masked: Row = rules.record(one, counts)
        yield masked


def _outlet_names(config: Config) -> Callable[[str], str]:
    loaded, problems = outlets.load(config.layers("data"))
    if problems:
        raise KnowledgeError(problems)
    names = {outlet.id: outlet.name for outlet in loaded.outlets}
    return lambda domain: names.get(domain) or domain


@dataclass(slots=True)
class _Tally:
    count: int = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for one in rows:
            self.count += 1
            yield one


# -- writing ------------------------------------------------------------------------------------------------------------
@contextmanager
def _whole(path: Path, config: Config) -> Iterator[Path]:
    """A path beside the target to write to; it takes the target's place at the end, or is gone."""
    if path.is_dir():
        raise OutputError(Problem(str(path), None, "is a folder", "name a file:  -o FILE"))
    if config.output_dir.resolve() in path.resolve().parents:
        message = "lies in the site, which only a build writes"
        raise OutputError(Problem(str(path), None, message, "name a file elsewhere:  -o FILE"))
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        yield beside
        for part in sorted(beside.parent.glob(f"{beside.name}*")):
            part.replace(path.with_name(path.name + part.name.removeprefix(beside.name)))
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "free some space, or name a file elsewhere:  -o FILE; nothing was left behind"
        raise OutputError(Problem(str(path), None, f"cannot be written: {reason}", hint)) from error
    finally:
        for part in beside.parent.glob(f"{beside.name}*"):
            part.unlink(missing_ok=True)

