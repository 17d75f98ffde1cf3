"""Data of a site whose articles share pages: the same records in compressed parts, so that no file is too large for a host.

    data/articles-001.jsonl.gz    the records of 50 pages of articles, in the order in which the pages were filled
    data/articles-001.csv.gz      the same articles as a table, row for row

An article never changes its page, so a part that is full changes only when one of its articles does. Raw texts are left out.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dateline import digest, index, records, workers
from dateline.model import Card, Corpus, Output
from dateline.precompress import packed
from dateline.stopwatch import OFF, Stopwatch

SHEETS = 50
"""Pages of articles in one part: some 3 MB, and less than any host's limit for a file with texts five times as long."""


def parts(corpus: Corpus) -> Iterator[tuple[str, list[Card]]]:
    """The name of each part and its articles."""
    found: dict[int, list[Card]] = {}
    for path, rows in digest.sheets(corpus).items():
        found.setdefault(digest.number(path) // SHEETS + 1, []).extend(card for card, _ in rows)
    return ((f"{number:03}", cards) for number, cards in found.items())


def lines(bodies: list[bytes], reading: index.Reading, watch: Stopwatch = OFF) -> bytes:
    """The work of one call in a worker: a part's records, compressed."""
    made = packed(b"".join(records.published(index.opened(one, reading.mask), reading.gazetteer) for one in bodies))
    watch.lap("data files")
    return made


def data_files(corpus: Corpus, bodies: Callable[[list[str]], Iterable[bytes]], reading: index.Reading,
               executor: Executor | None = None, watch: Stopwatch = OFF) -> Iterator[Output]:
    """The parts; `bodies` gives the bytes of some ids' articles, in that order."""
    asked = (list(bodies([card.id for card in cards])) for _, cards in parts(corpus))
    made = workers.each(lines, asked, executor, shared=reading, batch=1, watch=watch)
    for (name, cards), content in zip(parts(corpus), made, strict=True):
        yield Output(f"data/articles-{name}.jsonl.gz", content)
        yield Output(f"data/articles-{name}.csv.gz", packed(index.Lines().table(cards)))


def files(folder: Path, suffix: str) -> list[Path]:
    """The data files of a built site, whole or in parts; raises FileNotFoundError when there are none."""
    whole = folder / f"articles.{suffix}"
    found = sorted(folder.glob(f"articles-*.{suffix}.gz"))
    if whole.exists() or not found:
        found = [whole]
        whole.stat()
    return found


@contextmanager
def opened(path: Path) -> Iterator[IO[str]]:
    """A data file as text, lines as they stand."""
    with path.open("rb") as stored:
        content = gzip.GzipFile(fileobj=stored) if path.suffix == ".gz" else stored
        with io.TextIOWrapper(content, encoding="utf-8", newline="") as text:
            yield text
