"""Corpus → what other programs read: data files, raw texts, search shards.

in:   the corpus, and its articles in the corpus's order, streamed
out:  Outputs
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from dateline import codec, records, search, workers
from dateline.frame import Site
from dateline.gazetteer import Gazetteer
from dateline.labels import Labels
from dateline.mask import Mask
from dateline.model import BODY_KINDS, Article, Card, Corpus, Output, ProvinceRef, Standing, Stream
from dateline.shelves import Shelf
from dateline.stopwatch import OFF, Stopwatch

COLUMNS = ("id", "title", "title_source", "date", "language", "machine_translated", "province", "provinces", "topic",
           "topics", "author", "publisher", "via", "source_url", "words", "removed_lines", "path")
"""The columns of data/articles.csv; the text is in articles.jsonl."""
HELD = 32_000_000
"""Bytes of articles.jsonl that are held in memory while it is made; more go to a temporary file."""
PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worker must know to make an article's row."""

    mask: Mask
    gazetteer: Gazetteer
    with_raw: bool = True
    """Whether the site has raw texts."""


class Row(NamedTuple):
    """What one article gave to the data files, and from what."""

    key: str
    start: int
    """Of its line in data/articles.jsonl, in bytes."""
    size: int
    raw: str
    """Digest of its raw text's file, "" when it has none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The data files as they stand, and the articles' rows in them."""

    records: Path
    rows: Mapping[str, Row] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
    """Path → digest of the site's files."""

    def row(self, card: Card, key: str) -> Row | None:
        """The article's row, when it was made from `key` and its raw text still stands."""
        row = self.rows.get(card.id)
        usable = row is not None and row.key == key and (not row.raw or self.standing.get(raw_path(card)) == row.raw)
        return row if usable else None


def opened(made: bytes, mask: Mask) -> Article:
    """An article from its bytes, as it may be shown."""
    return mask.article(codec.decode(made))[0]


def row_of(made: bytes, reading: Reading, watch: Stopwatch = OFF) -> tuple[bytes, bytes]:
    """The work of one call in a worker: the article's line in data/articles.jsonl, and its raw text, empty when it gives none."""
    article = opened(made, reading.mask)
    shown = reading.with_raw and article.withheld is None
    found = records.published(article, reading.gazetteer), article.raw.encode("utf-8", "replace") if shown else b""
    watch.lap("data files")
    return found


def data_files(corpus: Corpus, keys: Mapping[str, str], bodies: Callable[[list[str]], Iterable[bytes]], reading: Reading, kept: Kept,
               rows: dict[str, Row], executor: Executor | None = None, watch: Stopwatch = OFF
               ) -> Iterator[Output | Stream | Standing]:
    """data/articles.jsonl and raw/<page name>.txt.

    `keys` has for each id what its article was made from, `bodies` gives the bytes of some ids' articles in that order; only
    articles that are not in `kept` are asked for. Puts what was made into `rows`.
    """
    old = {card.id: row for card in corpus.cards if (row := kept.row(card, keys[card.id])) is not None}
    wanted = [card.id for card in corpus.cards if card.id not in old]
    new = workers.each(row_of, bodies(wanted), executor, shared=reading, watch=watch)
    start = 0
    with SpooledTemporaryFile(HELD) as lines, kept.records.open("rb") if old else nullcontext() as before:
        for card in corpus.cards:
            known = old.get(card.id)
            if known is not None and before is not None:
                before.seek(known.start)
                line, digest = before.read(known.size), known.raw
                yield from (Standing(raw_path(card)),) if digest else ()
            else:
                line, raw = next(new)
                output = Output(raw_path(card), raw)
                digest = output.digest if raw else ""
                yield from (output,) if raw else ()
            lines.write(line)
            rows[card.id] = Row(keys[card.id], start, len(line), digest)
            start += len(line)
        lines.seek(0)
        yield Stream("data/articles.jsonl", iter(lambda: lines.read(PIECE), b""))


# -- search -----------------------------------------------------------------------------------------------------------
def in_search_order(corpus: Corpus) -> list[Card]:
    """The cards that can be searched, oldest first: a later article is added at the end of the index."""
    return sorted((card for card in corpus.cards if card.withheld is None), key=lambda card: search.order(card.date, card.id))


def search_document(card: Card, labels: Labels) -> search.SearchDocument:
    """What search knows of an article before it is opened: all but its text, with the facets it is filed under in both eras."""
    return search.SearchDocument(
        id=card.id, url=card.path, title=card.title, text="", date=card.date, language=card.language,
        provinces34=tuple(dict.fromkeys(labels.successor(ref.slug, ref.era) for ref in card.provinces)),
        provinces63=tuple(dict.fromkeys(ref.slug for ref in card.provinces if ref.era == "63")),
        topics=card.topics, source=card.publisher or card.via, title_source=card.title_source,
        machine_translated=card.machine_translated,
    )


def search_text(mask: Mask, made: bytes) -> str:
    """What search looks into: body and captions of an article, from its bytes."""
    article = opened(made, mask)
    return "\n".join(block.text for block in article.blocks if block.kind in BODY_KINDS or block.kind == "caption")


def facet_labels(site: Site) -> search.Labels:
    """Facet → value → interface language → what people read."""
    labels, spoken = site.labels, site.config.interface
    cards = site.corpus.cards
    languages = {card.language for card in cards}
    return {
        "province": {slug: {one: unit.label(one) for one in spoken} for slug, unit in labels.units_34.items()},
        "province63": {slug: {one: unit.label(one) for one in spoken} for slug, unit in labels.units_63.items()},
        "language": {code: {one: labels.language(code, one) for one in spoken} for code in sorted(languages)},
        "topic": {topic: {one: labels.topic(topic, one) for one in spoken} for topic in labels.topics},
        "source": {domain: {one: labels.outlet(domain) for one in spoken} for domain in sorted(labels.outlets)},
    }


# -- data files ---------------------------------------------------------------------------------------------------------
def tabled(site: Site) -> Iterator[Shelf]:
    """The lists of the site that stand beside their page as a CSV file, so that a reader can take just that list away."""
    return (shelf for facet in sorted(site.shelves.by_facet) for shelf in site.shelves.of(facet) if shelf.table)


class Lines:
    """The cards' lines in tables, each made when it is first asked for: a card stands in some ten of them."""

    def __init__(self) -> None:
        self._made: dict[str, bytes] = {}
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._head = self._line(COLUMNS)

    def table(self, cards: Iterable[Card]) -> bytes:
        """The cards as CSV, without texts; safe to open in a spreadsheet."""
        return b"".join([self._head, *map(self._of, cards)])

    def _of(self, card: Card) -> bytes:
        line = self._made.get(card.id)
        if line is None:
            line = self._made[card.id] = self._line([safe_cell(_cell(value)) for value in _CELLS(card)])
        return line

    def _line(self, cells: Iterable[str]) -> bytes:
        self._text.seek(0)
        self._text.truncate()
        self._writer.writerow(cells)
        return self._text.getvalue().encode("utf-8", "replace")


def listed(site: Site, shelf: Shelf, lines: Lines) -> Iterator[Output]:
    """The file of one list."""
    yield Output(shelf.table, lines.table([site.cards[one.id] for one in shelf.articles]))


def raw_path(card: Card) -> str:
    """Where the raw text of an article is: beside its page's name, so that two never meet."""
    return f"raw/{card.path.removeprefix('articles/').removesuffix('.html')}.txt"


_CELLS = attrgetter(*COLUMNS)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join([one.slug if isinstance(one, ProvinceRef) else one for one in value])
    return str(value or "")


def safe_cell(value: str) -> str:
    """A spreadsheet runs what begins with = + - @ (CWE-1236): such text gets a leading apostrophe; numbers do not.
    So do the full-width forms, which East Asian versions take for the plain ones.

    >>> safe_cell("=HYPERLINK(…)"), safe_cell("-5"), safe_cell("Sơn La")
    ("'=HYPERLINK(…)", '-5', 'Sơn La')
    """
    if not value or value[0] not in "=+-@\t\r\n＝＋－＠":
        return value
    return value if value[1:].replace(".", "", 1).isdigit() and value[0] in "+-" else f"'{value}"
