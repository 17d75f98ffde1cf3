"""The order in which the files of the search index are made: records, columns, words, neighbours, manifest.

in:   SearchDocuments, oldest first, and the labels of their facets
out:  Outputs, streamed; search.py says which

Nothing is known of words before the last document has come; records need only their own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain

from dateline.model import Output
from dateline.search_document import FACETS, Labels, SearchDocument, month_of, order
from dateline.search_index import GROUPS, LENGTHS, Index
from dateline.search_shards import numbered, planes, script
from dateline.search_terms import Rules
from dateline.text import nfc

PER_RECORD = 4
PER_COLUMN = 16384
SHARD = 7000
"""Bytes of postings and names aimed at in one shard, before deflate."""
SUGGESTIONS = 20000


def outputs(documents: Iterable[SearchDocument], labels: Labels, rules: Rules, small: int, roomy: int = 1) -> Iterator[Output]:
    """The whole index; see `search.outputs`."""
    writer = _Writer(labels, rules, small, roomy)
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
    roomy: int = 1
    index: Index = field(init=False)
    columns: list[_Column] = field(init=False)
    months: dict[str, int] = field(default_factory=dict)
    """Month → documents; months come one after the other."""
    borders: list[str] = field(default_factory=list)
    buckets: int = 1

    def __post_init__(self) -> None:
        self.index = Index(self.rules)
        self.columns = [_Column(name) for name in FACETS]
        self.digest = blake2b(digest_size=6)

    def records(self, documents: Iterable[SearchDocument]) -> Iterator[Output]:
        """Index the documents and give their records, and full facet columns, as they fill up."""
        group: list[list[object]] = []
        last, per_record = ("", "", ""), PER_RECORD * self.roomy
        for number, document in enumerate(documents):
            place = order(document.date, document.id)
            if place < last:
                raise ValueError(f"search documents out of order: {place} after {last}")
            last = place
            title, text = nfc(document.title), nfc(document.text)
            self.index.add(title, text)
            self.months[month_of(document.date)] = self.months.get(month_of(document.date), 0) + 1
            group.append(_record(document, title, text))
            if len(group) == per_record:
                yield _records(number // per_record, group)
                group.clear()
            for column, values in zip(self.columns, document.facets, strict=True):
                column.add(values)
            if (number + 1) % PER_COLUMN == 0:
                yield from self._columns(number // PER_COLUMN)
        if group:
            yield _records(self.index.documents // per_record, group)
        if self.index.documents % PER_COLUMN:
            yield from self._columns(self.index.documents // PER_COLUMN)

    def _columns(self, chunk: int) -> Iterator[Output]:
        yield from (column.take(chunk) for column in self.columns)

    def tables(self) -> Iterator[Output]:
        """Lengths, words, neighbours and suggestions."""
        index = self.index
        index.finish()
        for chunk, start in enumerate(range(0, index.documents, PER_COLUMN)):
            yield script(f"c/words/{chunk}", planes(index.sizes[start : start + PER_COLUMN].clip(0, 0xFFFF), 2))
        large = index.documents > self.small
        for border, files in index.words.shards(self._every() if large else 1 << 31, self.roomy):
            self.borders.append(border)
            yield from files
        self.buckets = _power(index.size_of_pairs() // (SHARD * self.roomy)) if large else 1
        yield from index.pairs(self.buckets, self.roomy)
        yield self._suggestions()

    def _every(self) -> int:
        """One in how many words begins a shard."""
        words = self.index.words
        weight = words.postings.light * 2 + len(words.names) * 8
        return _power(SHARD * self.roomy * len(words.names) // (weight or 1)) // 4 or 1

    def _suggestions(self) -> Output:
        """The words of several articles, for "did you mean": the most frequent ones, in alphabetical order."""
        least = max(2, self.index.documents // 5000)
        found = self.index.words
        counted = zip(found.postings.counts.tolist(), found.names, strict=True)
        known = sorted((-count, word) for count, word in counted if count >= least and len(word) > 1)
        words = sorted(word for _, word in known[:SUGGESTIONS])
        return script("w", " ".join(words).encode())

    def _months(self) -> Iterator[tuple[str, int, int]]:
        """Month, its documents, their words."""
        start = 0
        for month, documents in self.months.items():
            yield month, documents, int(self.index.sizes[start : start + documents].sum())
            start += documents

    def manifest(self) -> Output:
        content = {
            "version": self.digest.hexdigest(),
            "documents": self.index.documents,
            "words": int(self.index.sizes.sum()),
            "lengths": LENGTHS,
            "buckets": self.buckets,
            "groups": GROUPS,
            "borders": self.borders,
            "perRecord": PER_RECORD * self.roomy,
            "perColumn": PER_COLUMN,
            "months": list(self._months()),
            "facets": {column.name: column.summary(self.labels.get(column.name, {})) for column in self.columns},
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return Output("search/m.js", f'_S("m",{text})\n'.encode())


def _power(number: int) -> int:
    """The power of two at or above."""
    return 1 << max(0, number - 1).bit_length()


def _record(document: SearchDocument, title: str, text: str) -> list[object]:
    return [
        document.url, title, document.date or "", document.language, document.source or "",
        document.provinces34, document.provinces63, document.topics, int(document.machine_translated),
        document.title_source, document.id, text,
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
        distinct = values if len(values) < 2 else list(dict.fromkeys(values))[:255]
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
