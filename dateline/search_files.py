"""The order in which the files of the search index are made: records, columns, words, neighbours, manifest.

in:   SearchDocuments, oldest first, and the labels of their facets; what the last build kept
out:  Outputs, streamed; search.py says which; Standing for files that are as they were

Nothing is known of words before the last document has come; records need only their own. What can be made of some documents
or some terms alone is made in workers, if there are any: words of texts, records, keys, compressed files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import chain, groupby, tee

import numpy as np
from numpy.typing import NDArray

from dateline import search_changes, search_chunks, search_reading, workers
from dateline.model import Output, Standing
from dateline.search_changes import Stale
from dateline.search_chunks import Chunk
from dateline.search_document import FACETS, Kept, Labels, SearchDocument, month_of, order
from dateline.search_index import GROUPS, LENGTHS, Flags, Index
from dateline.search_kept import Memory, no_pairs
from dateline.search_reading import Asked, Found, Portion, Reader
from dateline.search_shards import Pairs, Shard, numbered, planes, script, scripts
from dateline.search_terms import Rules
from dateline.stopwatch import OFF, Stopwatch

PER_RECORD = 4
PER_COLUMN = 16384
SHARD = 7000
"""Bytes of postings and names aimed at in one shard, before deflate."""
SUGGESTIONS = 20000
FEW = 32
"""Fewer documents, or shards, are done here sooner than a worker has answered."""


def outputs(documents: Iterable[SearchDocument], labels: Labels, rules: Rules, small: int, roomy: int = 1,
            kept: Kept | None = None, executor: Executor | None = None, watch: Stopwatch = OFF) -> Iterator[Output | Standing]:
    """The whole index; see `search.outputs` and `search.renewed`."""
    if kept is not None and len(kept.stamps) <= small:
        listed = list(documents)
        texts = map(kept.text, kept.bodies(range(len(listed))))
        documents, kept = (replace(one, text=text) for one, text in zip(listed, texts, strict=True)), None
    writer = _Writer(labels, rules, small, Memory(kept, roomy), roomy, executor, watch)
    held: list[Output | Standing] | None = None if kept else []
    for output in writer.counted(chain(writer.records(documents), writer.tables())):
        if held is None:
            yield output
            continue
        held.append(output)
        if writer.index.documents > small:
            yield from held
            held = None
    manifest = writer.manifest()
    writer.remember()
    if held is None:
        yield manifest
    else:
        yield Output("search/all.js", b"".join(output.content for output in [manifest, *held] if isinstance(output, Output)))


def _chunks(documents: Iterable[SearchDocument]) -> Iterator[list[SearchDocument]]:
    """Documents that are looked at together."""
    some: list[SearchDocument] = []
    for document in documents:
        some.append(document)
        if search_chunks.ends(document.id, len(some)):
            yield some
            some = []
    if some:
        yield some


@dataclass(frozen=True, slots=True)
class _Some:
    """Documents that are looked at together, and what is known of their words."""

    start: int
    documents: list[SearchDocument]
    chunk: Chunk | None
    """All words, when none of the documents has changed."""
    known: Mapping[int, tuple[Chunk, int]]
    """Otherwise the words of those that have not: by number, a chunk and the place in it."""
    portion: Portion
    """Those that must be read."""


@dataclass
class _Writer:
    labels: Labels
    rules: Rules
    small: int
    memory: Memory
    roomy: int = 1
    executor: Executor | None = None
    watch: Stopwatch = OFF
    index: Index = field(init=False)
    columns: list[_Column] = field(init=False)
    months: dict[str, int] = field(default_factory=dict)
    """Month → documents; months come one after the other."""
    borders: list[str] = field(default_factory=list)
    buckets: int = 1
    open_records: list[bytes] = field(default_factory=list)
    """Of the file of records that is not whole yet."""
    made: dict[str, str] = field(default_factory=dict)
    """Path → digest of all files so far."""
    pairs: list[NDArray[np.int64]] = field(default_factory=lambda: [no_pairs().astype(np.int64)])
    """Neighbours that the next build has to know of."""

    def __post_init__(self) -> None:
        self.index = Index(self.rules, self.memory.old.forms)
        self.columns = [_Column(name) for name in FACETS]
        self.reader = Reader(self.rules, self.memory.text, self.per_record)

    @property
    def per_record(self) -> int:
        return PER_RECORD * self.roomy

    def counted(self, outputs: Iterable[Output | Standing]) -> Iterator[Output | Standing]:
        """The same outputs; those that are made are noted."""
        for output in outputs:
            if isinstance(output, Output):
                self.made[output.path] = output.digest
            yield output

    def _digests(self, outputs: Iterable[Output]) -> dict[str, str]:
        """Path → digest of files that have been given out."""
        return {output.path: self.made[output.path] for output in outputs}

    def _stay(self, files: Mapping[str, str]) -> Iterator[Standing]:
        self.made.update(files)
        yield from map(Standing, files)

    # -- records ----------------------------------------------------------------------------------------------------
    def records(self, documents: Iterable[SearchDocument]) -> Iterator[Output | Standing]:
        """Index the documents and give their records, and full facet columns, as they fill up."""
        last, number = ("", "", ""), 0
        for some, found in self._read(self._planned(documents)):
            self._take_in(some, found)
            for column, values in zip(self.columns, zip(*(one.facets for one in some.documents), strict=True), strict=True):
                column.add(values)
            for document in some.documents:
                place = order(document.date, document.id)
                if place < last:
                    raise ValueError(f"search documents out of order: {place} after {last}")
                last = place
                self.months[month_of(document.date)] = self.months.get(month_of(document.date), 0) + 1
            before, number = number, some.start + len(some.documents)
            yield from self._records(before, number, found)
            for full in range(before // PER_COLUMN, number // PER_COLUMN):
                yield from self._columns(full)
        if number % self.per_record:
            yield from self._record(number // self.per_record, None)
        if number % PER_COLUMN:
            yield from self._columns(number // PER_COLUMN)

    def _planned(self, documents: Iterable[SearchDocument]) -> Iterator[_Some]:
        """All documents, with what has to be asked about them."""
        start = 0
        for several in _chunks(documents):
            yield self._some(start, several)
            start += len(several)

    def _some(self, start: int, documents: list[SearchDocument]) -> _Some:
        numbers = range(start, start + len(documents))
        chunk = self.memory.chunk(start, len(documents))
        known = {} if chunk else {number: place for number in numbers if (place := self.memory.known(number))}
        stand = {file: self._standing(file) for file in range(start // self.per_record, -(-numbers.stop // self.per_record))}
        news = [(number, not chunk and number not in known, stand[number // self.per_record] is None) for number in numbers]
        asked = [one for one in news if any(one[1:])]
        bodies = self.memory.bodies(documents, start, [number for number, *_ in asked])
        portion = [Asked(one[0], documents[one[0] - start], body, *one[1:]) for one, body in zip(asked, bodies, strict=True)]
        self.watch.lap("search index")
        return _Some(start, documents, chunk, known, portion)

    def _read(self, planned: Iterable[_Some]) -> Iterator[tuple[_Some, Found]]:
        """Each with what was found in it; those of many articles are read in workers."""
        for many, several in groupby(planned, lambda some: len(some.portion) >= FEW):
            ours, theirs = tee(several)
            portions = (some.portion for some in theirs)
            able = self.executor if many else None
            found = workers.each(search_reading.read, portions, able, shared=self.reader, batch=1, watch=self.watch)
            yield from zip(ours, found, strict=True)

    def _take_in(self, some: _Some, found: Found) -> None:
        """Index a chunk of documents."""
        if some.chunk:
            self.index.add_chunk(some.chunk)
            return
        size = len(some.documents)
        words, chunk = found.words, Chunk.decoded(found.words, size - len(some.known))
        assert chunk is not None
        if some.known:
            new = iter([self.index.row_of(chunk, place) for place in range(chunk.documents)])
            rows = [self.index.row_of(*some.known[number]) if number in some.known else next(new)
                    for number in range(some.start, some.start + size)]
            words = self.index.add_rows(rows).encoded()
        else:
            self.index.add_chunk(chunk)
        self.memory.keep(some.start, size, words)

    def _standing(self, number: int) -> str | None:
        """The digest of a file of records, when that can stay."""
        return self.memory.record(number, f"search/{numbered('d', number)}.js", number * self.per_record, self.per_record)

    def _records(self, start: int, end: int, found: Found) -> Iterator[Output | Standing]:
        """The files of records that are whole with the documents from `start` to `end`."""
        made = dict(found.records)
        for number in range(start // self.per_record, -(-end // self.per_record)):
            part = made.get(number, [])
            if isinstance(part, list):
                self.open_records += part
            if (number + 1) * self.per_record <= end:
                yield from self._record(number, part if isinstance(part, Output) else None)

    def _record(self, number: int, whole: Output | None) -> Iterator[Output | Standing]:
        """The file of a group of records; without a whole one, of those that have come."""
        path = f"search/{numbered('d', number)}.js"
        digest = self._standing(number)
        if digest is not None:
            yield from self._stay({path: digest})
        else:
            yield whole or search_reading.records_file(number, self.open_records)
            self.open_records.clear()
        self.memory.now.records.append(self.made[path])

    def _columns(self, chunk: int) -> Iterator[Output]:
        yield from (column.take(chunk) for column in self.columns)

    # -- words ------------------------------------------------------------------------------------------------------
    def tables(self) -> Iterator[Output | Standing]:
        """Lengths, words, neighbours and suggestions."""
        index = self.index
        before = search_changes.before(self.memory, index)
        index.finish(self.executor, self.watch)
        stale = search_changes.stale(self.memory, index, before) if before is not None else None
        for chunk, start in enumerate(range(0, index.documents, PER_COLUMN)):
            yield script(f"c/words/{chunk}", planes(index.sizes[start : start + PER_COLUMN].clip(0, 0xFFFF), 2))
        yield from self._words(stale)
        yield from self._neighbours(stale)
        yield self._suggestions()

    def _words(self, stale: Stale | None) -> Iterator[Output | Standing]:
        """The shards of words: those that stand, then the others."""
        index, words = self.index, self.index.words
        starts = words.cuts(self._every() if index.documents > self.small else 1 << 31, self.roomy)
        ranges = list(zip(starts, [*starts[1:], len(words.names)], strict=True))
        changed = stale.words[index.word_numbers] if stale else None
        renewed = np.ones(len(starts), np.bool_)
        for number, (start, end) in enumerate(ranges):
            border = words.border(start)
            self.borders.append(border)
            if not self.memory.keeps:
                continue
            named = blake2b(words.named(start, end), digest_size=12).hexdigest()
            was, files = self.memory.old.words.get(border, ("", {}))
            if changed is not None and named == was and not changed[start:end].any() and self.memory.stand(files):
                renewed[number] = False
                yield from self._stay(files)
            else:
                files = {}
            self.memory.now.words[border] = named, files
        for number, outputs in self._packed(index.word_shards(starts, renewed, self.roomy), renewed):
            yield from outputs
            if self.memory.keeps:
                self.memory.now.words[self.borders[number]][1].update(self._digests(outputs))

    def _neighbours(self, stale: Stale | None) -> Iterator[Output | Standing]:
        """The shards of neighbours: those that stand, then the others."""
        index, old, now = self.index, self.memory.old, self.memory.now
        large = index.documents > self.small
        self.buckets = _power(index.size_of_pairs() // (SHARD * self.roomy)) if large else 1
        renewed = np.ones(self.buckets, np.bool_)
        if stale is not None and len(old.neighbours) == self.buckets:
            renewed = stale.neighbours(index, self.buckets)
            for shard in np.flatnonzero(~renewed).tolist():
                renewed[shard] = not self.memory.stand(old.neighbours[shard])
            self.pairs.append(stale.known[:, ~renewed[index.shards_of_pairs(stale.known[0], stale.known[1], self.buckets)]])
        now.neighbours = [{} if anew else old.neighbours[shard] for shard, anew in enumerate(renewed.tolist())]
        for files in now.neighbours:
            yield from self._stay(files)
        for shard, outputs in self._packed(self._pairs(renewed), renewed):
            yield from outputs
            now.neighbours[shard] = self._digests(outputs)

    def _pairs(self, renewed: Flags) -> Iterator[Shard]:
        for pairs, shards in self.index.pairs(renewed, self.roomy):
            if self.memory.keeps:
                self.pairs.append(_worth_keeping(pairs, self.index))
            yield from shards

    def _packed(self, shards: Iterable[Shard], renewed: Flags) -> Iterator[tuple[int, list[Output]]]:
        """The files of each shard."""
        ours, theirs = tee(self.watch.around(shards, lambda _: "search index", "search index"))
        able = self.executor if np.count_nonzero(renewed) >= FEW else None
        made = workers.each(scripts, theirs, able, watch=self.watch)
        return ((number, outputs) for (number, _), outputs in zip(ours, made, strict=True))

    def remember(self) -> None:
        """Leave all this to the next build."""
        if self.memory.keeps:
            self.memory.remember(self.index, np.concatenate(self.pairs, axis=1))

    def _every(self) -> int:
        """One in how many words begins a shard."""
        words = self.index.words
        weight = words.light * 2 + len(words.names) * 8
        return _power(SHARD * self.roomy * len(words.names) // (weight or 1)) // 4 or 1

    def _suggestions(self) -> Output:
        """The words of several articles, for "did you mean": the most frequent ones, in alphabetical order."""
        least = max(2, self.index.documents // 5000)
        found = self.index.words
        counted = zip(found.counts.tolist(), found.names, strict=True)
        known = sorted((-count, word) for count, word in counted if count >= least and len(word) > 1)
        words = sorted(word for _, word in known[:SUGGESTIONS])
        return script("w", " ".join(words).encode())

    # -- manifest ---------------------------------------------------------------------------------------------------
    def _months(self) -> Iterator[tuple[str, int, int]]:
        """Month, its documents, their words."""
        start = 0
        for month, documents in self.months.items():
            yield month, documents, int(self.index.sizes[start : start + documents].sum())
            start += documents

    def _version(self) -> str:
        """Stands for the content of all other files."""
        return blake2b("\n".join(f"{self.made[path]} {path}" for path in sorted(self.made)).encode(), digest_size=6).hexdigest()

    def manifest(self) -> Output:
        content = {
            "version": self._version(),
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


def _worth_keeping(pairs: Pairs, index: Index) -> NDArray[np.int64]:
    """The neighbours that may belong together, now or when there are other articles."""
    stop = index.vocabulary.stop
    kept = (pairs.postings.counts > 2) & ~stop[pairs.first] & ~stop[pairs.second]
    return np.stack((pairs.first[kept], pairs.second[kept], pairs.postings.counts[kept]))


def _power(number: int) -> int:
    """The power of two at or above."""
    return 1 << max(0, number - 1).bit_length()


class _Column:
    """One facet: values numbered in the order in which they first occur, so that old columns stay as they are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.numbers: dict[str, int] = {}
        self.counts: Counter[int] = Counter()
        self._sizes = bytearray()
        self._values: list[int] = []

    def add(self, documents: Iterable[Sequence[str]]) -> None:
        """The values of the next documents."""
        numbers = self.numbers
        for values in documents:
            distinct = values if len(values) < 2 else list(dict.fromkeys(values))[:255]
            self._sizes.append(len(distinct))
            for value in distinct:
                self._values.append(numbers.setdefault(value, len(numbers)))

    def take(self, chunk: int) -> Output:
        """How many values each document has, one byte each, then the values as two planes. Of the first PER_COLUMN documents."""
        sizes = bytes(self._sizes[:PER_COLUMN])
        values = self._values[: sum(sizes)]
        del self._sizes[:PER_COLUMN], self._values[: len(values)]
        self.counts.update(values)
        return script(f"c/{self.name}/{chunk}", sizes + planes(values, 2))

    def summary(self, labels: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
        return {
            "values": list(self.numbers),
            "counts": [self.counts[number] for number in self.numbers.values()],
            "labels": {value: dict(labels[value]) for value in self.numbers if value in labels},
        }
