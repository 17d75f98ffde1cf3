"""The search index: documents → files under search/ that a page loads with classic scripts.

in:   SearchDocuments, oldest first (`order` gives the sort key), and the labels of their facets
out:  Outputs, streamed

    search/all.js              everything in one file, up to SMALL documents; otherwise
    search/m.js                the manifest: counts, months, borders of the word shards
    search/u/<n>/<n>.js        words, by ranges of keys        search/v/<n>/<n>.js   neighbouring words, by hash
    search/h/<n>/<n>.js        postings of one very common term
    search/c/<facet>/<n>.js    facet columns of 16,384 documents; c/words has the length of each in words
    search/d/<n>/<n>.js        records of four articles: what a result and its snippet need
    search/w.js                the words worth suggesting when nothing was found

Numbers of documents follow (date, id): a later article is added at the end, and files whose content it does not touch
stay as they are, byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain

from dateline.model import Output
from dateline.search_index import GROUPS, LENGTHS, Index
from dateline.search_shards import Term, cut, hashed, heavy_files, numbered, planes, script, shard
from dateline.search_terms import Rules

SMALL = 300
PER_RECORD = 4
PER_COLUMN = 16384
SHARD = 7000
"""Bytes of postings and names aimed at in one shard, before deflate."""
SUGGESTIONS = 20000
FACETS = ("province", "province63", "language", "topic", "source")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What search knows of one article."""

    id: str
    url: str
    """Relative to the site's root."""
    title: str
    text: str
    """Body paragraphs and captions, one a line."""
    date: str | None
    """EDTF."""
    language: str
    provinces34: tuple[str, ...] = ()
    provinces63: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    source: str | None = None
    title_source: str = "text"
    machine_translated: bool = False

    @property
    def facets(self) -> tuple[tuple[str, ...], ...]:
        """Values in the order of FACETS."""
        source = (self.source,) if self.source else ()
        return self.provinces34, self.provinces63, (self.language,), self.topics, source


Labels = Mapping[str, Mapping[str, Mapping[str, str]]]
"""facet → value → interface language → what people read. A value without a label is shown as it is."""


def order(date: str | None, id: str) -> tuple[str, str]:
    """What documents are sorted by; undated ones come first, so that the newest are the last.

    >>> sorted([order("2024-03-02", "b"), order(None, "c"), order("2024", "a")])
    [('', 'c'), ('2024', 'a'), ('2024-03-02', 'b')]
    """
    return date or "", id


def entry(documents: int) -> str:
    """The script that a page loads first."""
    return "search/all.js" if documents <= SMALL else "search/m.js"


def outputs(
    documents: Iterable[SearchDocument], labels: Labels, rules: Rules, *, small: int = SMALL
) -> Iterator[Output]:
    """The whole index. Raises ValueError when documents do not come in the order of `order`."""
    writer = _Writer(labels, rules, small)
    held: list[Output] | None = []
    for output in chain(writer.records(documents), writer.tables()):
        writer.digest.update(output.path.encode() + b"\0" + output.content)
        if held is None:
            yield output
            continue
        held.append(output)
        if writer.index.documents > small:
            yield from held
            held = None
    manifest = writer.manifest()
    if held is None:
        yield manifest
    else:
        yield Output("search/all.js", b"".join(output.content for output in [manifest, *held]))


@dataclass
class _Writer:
    labels: Labels
    rules: Rules
    small: int
    index: Index = field(init=False)
    columns: list[_Column] = field(init=False)
    months: dict[str, list[int]] = field(default_factory=dict)
    borders: list[str] = field(default_factory=list)
    buckets: int = 1
    lengths: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.index = Index(self.rules)
        self.columns = [_Column(name) for name in FACETS]
        self.digest = blake2b(digest_size=6)

    def records(self, documents: Iterable[SearchDocument]) -> Iterator[Output]:
        """Index the documents and give their records, and full facet columns, as they fill up."""
        group: list[list[object]] = []
        last = ("", "")
        for number, document in enumerate(documents):
            place = order(document.date, document.id)
            if place < last:
                raise ValueError(f"search documents out of order: {place} after {last}")
            last = place
            words = self.index.add(document.title, document.text)
            month = self.months.setdefault((document.date or "")[:7].rstrip("-/.~?%"), [0, 0])
            month[0] += 1
            month[1] += words
            self.lengths.append(min(words, 0xFFFF))
            group.append(_record(document))
            if len(group) == PER_RECORD:
                yield _records(number // PER_RECORD, group)
                group.clear()
            for column, values in zip(self.columns, document.facets, strict=True):
                column.add(values)
            if (number + 1) % PER_COLUMN == 0:
                yield from self._columns(number // PER_COLUMN)
        if group:
            yield _records(self.index.documents // PER_RECORD, group)
        if self.index.documents % PER_COLUMN:
            yield from self._columns(self.index.documents // PER_COLUMN)

    def _columns(self, chunk: int) -> Iterator[Output]:
        yield from (column.take(chunk) for column in self.columns)
        yield script(f"c/words/{chunk}", planes(self.lengths, 2))
        self.lengths.clear()

    def tables(self) -> Iterator[Output]:
        """Words, neighbours and suggestions."""
        index = self.index
        index.finish()
        large = index.documents > self.small
        weight = index.postings["u"] * 2 + index.terms["u"] * 8
        yield from self._words(_power(SHARD * index.terms["u"] // (weight or 1)) if large else 1 << 32)
        size = index.postings["v"] * 2 + index.terms["v"] * 7
        self.buckets = _power(size // SHARD) if large else 1
        for bucket, terms in index.pairs(self.buckets):
            yield shard(numbered("v", bucket), terms)
            yield from heavy_files("v", terms)
        yield self._suggestions()

    def _words(self, every: int) -> Iterator[Output]:
        for border, terms in _ranges(self.index.words(), every):
            self.borders.append(border)
            yield shard(hashed("u", border), terms)
            yield from heavy_files("u", terms)

    def _suggestions(self) -> Output:
        """The words of several articles, for "did you mean": the most frequent ones, in alphabetical order."""
        least = max(2, self.index.documents // 5000)
        names = self.index.vocabulary.names
        counted = ((count, names[word]) for word, count in self.index.frequency.items() if count >= least)
        known = [(-count, word) for count, word in counted if len(word) > 1]
        words = sorted(word for _, word in sorted(known)[:SUGGESTIONS])
        return script("w", " ".join(words).encode())

    def manifest(self) -> Output:
        content = {
            "version": self.digest.hexdigest(),
            "documents": self.index.documents,
            "words": self.index.tokens,
            "lengths": LENGTHS,
            "buckets": self.buckets,
            "groups": GROUPS,
            "borders": self.borders,
            "perRecord": PER_RECORD,
            "perColumn": PER_COLUMN,
            "months": [[month, *counts] for month, counts in self.months.items()],
            "facets": {column.name: column.summary(self.labels.get(column.name, {})) for column in self.columns},
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return Output("search/m.js", f'_S("m",{text})\n'.encode())


def _ranges(words: Iterator[tuple[str, Term]], every: int) -> Iterator[tuple[str, list[Term]]]:
    """`cut`, one first letter at a time, so that not all words need be in memory."""
    carried: tuple[str, list[Term]] | None = None
    batch: list[tuple[str, Term]] = []

    def flush() -> Iterator[tuple[str, list[Term]]]:
        nonlocal carried
        for border, terms in cut(batch, every):
            if border or carried is None:
                if carried is not None:
                    yield carried
                carried = (border, terms)
            else:
                carried[1].extend(terms)

    for key, term in words:
        if batch and key[:1] != batch[-1][0][:1]:
            yield from flush()
            batch = []
        batch.append((key, term))
    yield from flush()
    if carried is not None:
        yield carried


def _power(number: int) -> int:
    """The power of two at or above."""
    return 1 << max(0, number - 1).bit_length()


def _record(document: SearchDocument) -> list[object]:
    return [
        document.url, document.title, document.date or "", document.language, document.source or "",
        document.provinces34, document.provinces63, document.topics, int(document.machine_translated),
        document.title_source, document.id, document.text,
    ]  # fmt: skip


def _records(number: int, group: Sequence[Sequence[object]]) -> Output:
    text = json.dumps(group, ensure_ascii=False, separators=(",", ":"))
    return script(numbered("d", number), text.encode())


class _Column:
    """One facet: values numbered in the order in which they first occur, so that old columns stay as they are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self._sizes = bytearray()
        self._values: list[int] = []

    def add(self, values: Sequence[str]) -> None:
        distinct = list(dict.fromkeys(values))[:255]
        self._sizes.append(len(distinct))
        for value in distinct:
            self._values.append(self.numbers.setdefault(value, len(self.numbers)))
            self.counts[value] += 1

    def take(self, chunk: int) -> Output:
        """How many values each document has, one byte each, then the values as two planes."""
        content = bytes(self._sizes) + planes(self._values, 2)
        self._sizes.clear()
        self._values.clear()
        return script(f"c/{self.name}/{chunk}", content)

    def summary(self, labels: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
        return {
            "values": list(self.numbers),
            "counts": [self.counts[value] for value in self.numbers],
            "labels": {value: dict(labels[value]) for value in self.numbers if value in labels},
        }
