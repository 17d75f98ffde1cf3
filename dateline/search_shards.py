"""Terms and their postings → files that a page loads with `<script src>`.

A file is one call, `_S("<name>", "<base64 of raw deflate>")`; `<name>` is its path below search/ without ".js". What is
inside a file of terms, all its parts one after the other (so that like stands beside like and deflate has it easy):

    u32 count of terms · u32 bytes of names · names, sorted: one word a line; of neighbours, the first word and all that
               follow it on one line ("giáo dục viên")
    heads      per term: documents << 2 | own file << 1 | cohesive       three bytes, as planes
    gaps       per posting: distance to the document before              three bytes, as planes
    tf         per posting: occurrences - 1
    where      per posting: 128 when in the title, plus the class of the document's length (0 to 7) << 4

A name is the written form ("giáo dục"); what is written together has its key beside it ("hanoi=ha noi").
The postings of a very common term stand in a file of its own, named by its shard and its hash; here is only its head.

Terms stand in columns, thousands side by side: a file costs a few slices of them.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dateline.model import Output
from dateline.stopwatch import OFF, Stopwatch

HEAVY = 800
"""A term of more documents gets its own file, so that its neighbours in the shard stay cheap."""
BIG = 1500
"""A word of more postings, all its forms together, gets a shard to itself."""
FOLDERS = 64
"""Files named by a hash are spread over so many folders: no folder gets 1,000 files."""
LEVEL = 4
"""Of deflate: 2% more bytes than level 6, for two thirds of its time."""
MOST = 256
"""Occurrences are counted up to here."""

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
Shard = tuple[int, list[tuple[str, bytes]]]
"""The number of a shard; name and content of its file, and of those of its very common terms."""


def crc(text: str) -> int:
    """The hash that names files: the same in every run and in the browser."""
    return zlib.crc32(text.encode())


def hashed(kind: str, text: str) -> str:
    number = crc(text)
    return f"{kind}/{number % FOLDERS}/{number}"


def numbered(kind: str, number: int) -> str:
    return f"{kind}/{number // 1000}/{number}"


def script(name: str, content: bytes) -> Output:
    """One file of the index, as a classic script."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    return Output(f"search/{name}.js", b'_S("%s","%s")\n' % (name.encode(), b64encode(packed)))


def scripts(shard: Shard, watch: Stopwatch = OFF) -> list[Output]:
    """The files of a shard."""
    made = [script(name, content) for name, content in shard[1]]
    watch.lap("search index")
    return made


def planes(numbers: Sequence[int] | Places, width: int = 3) -> bytes:
    """Numbers as bytes, all lowest bytes first, then all second ones: high planes are nearly all zero."""
    return b"".join(plane.tobytes() for plane in _planes(np.asarray(numbers, np.int64), width))


def _planes(numbers: NDArray[np.int64] | NDArray[np.uint32], width: int = 3) -> list[Bytes]:
    raw = numbers.astype("<u4").view(np.uint8).reshape(-1, 4)
    return [np.ascontiguousarray(raw[:, place]) for place in range(width)]


# -- postings ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The postings of terms that stand in a row."""

    counts: Places
    """Per term: how many documents."""
    documents: NDArray[np.uint32]
    times: Bytes
    """Occurrences - 1."""
    where: Bytes

    @property
    def light(self) -> int:
        """How many stand in shards: not those of very common terms."""
        return int(self.counts[self.counts <= HEAVY].sum())

    @staticmethod
    def joined(parts: Sequence[Postings]) -> Postings:
        """Terms of several rows, as one row."""
        if not parts:
            return Postings(np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.uint8))
        if len(parts) == 1:
            return parts[0]
        return Postings(
            np.concatenate([part.counts for part in parts]), np.concatenate([part.documents for part in parts]),
            np.concatenate([part.times for part in parts]), np.concatenate([part.where for part in parts]),
        )

    def of(self, start: int, end: int) -> Postings:
        """The postings from `start` to `end`, as one term."""
        return Postings(np.array([end - start]), self.documents[start:end], self.times[start:end], self.where[start:end])

    def ordered(self, order: Places) -> Postings:
        """The terms in another order, or some of them."""
        starts = np.cumsum(self.counts) - self.counts
        counts = self.counts[order]
        at = np.repeat(starts[order] - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
        return Postings(counts, self.documents[at], self.times[at], self.where[at])


def of_terms(found: NDArray[np.uint64], bits: np.uint64, classes: Bytes) -> tuple[NDArray[np.uint64], Postings]:
    """Sorted occurrences (term, document in so many bits, 1 when in the title) → the terms, and their postings."""
    one = np.uint64(1)
    begins = _begins(found >> one)
    times = np.diff(np.append(begins, len(found)))
    last = found[begins + times - 1]                      # the title's occurrence, where there is one
    documents = ((last >> one) & ((one << bits) - one)).astype(np.uint32)
    codes = last >> (bits + one)
    terms = _begins(codes)
    where = ((last & one) << np.uint64(7)).astype(np.uint8) | classes[documents]
    counts = np.diff(np.append(terms, len(codes)))
    return codes[terms], Postings(counts, documents, (np.minimum(times, MOST) - 1).astype(np.uint8), where)


def _begins(values: NDArray[np.uint64]) -> Places:
    """Where in a sorted row another value begins."""
    if not len(values):
        return np.zeros(0, np.int64)
    return np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)


class _Columns:
    """Terms and postings as bytes in columns, ready to be cut into shards."""

    def __init__(self, postings: Postings, cohesive: NDArray[np.bool_] | None, heavy: int) -> None:
        counts = postings.counts
        self.heavy: list[int] = np.flatnonzero(counts > heavy).tolist()
        """The terms whose postings stand elsewhere."""
        heads = counts << 2 | (counts > heavy) << 1
        if cohesive is not None:
            heads |= cohesive
        self._heads = _planes(heads)
        if self.heavy:
            postings = postings.ordered(np.flatnonzero(counts <= heavy))
        self._ends = np.append(0, np.cumsum(np.where(counts > heavy, 0, counts)))
        gaps = postings.documents.astype(np.int64)
        gaps[1:] -= postings.documents[:-1]
        begins = (np.cumsum(postings.counts) - postings.counts)[postings.counts > 0]
        gaps[begins] = postings.documents[begins]
        self._columns = [*_planes(gaps), postings.times, postings.where]

    def heavy_between(self, start: int, end: int) -> list[int]:
        return self.heavy[bisect_left(self.heavy, start) : bisect_left(self.heavy, end)]

    def packed(self, names: bytes, start: int, end: int) -> bytes:
        """The terms from `start` to `end`, laid out as the module says."""
        low, high = self._ends[start], self._ends[end]
        sizes = (end - start).to_bytes(4, "little") + len(names).to_bytes(4, "little")
        heads = [column[start:end].tobytes() for column in self._heads]
        return b"".join((sizes, names, *heads, *(column[low:high].tobytes() for column in self._columns)))


def _own_files(kind: str, shard: int, names: Sequence[str], terms: Sequence[int], postings: Postings) -> Iterator[tuple[str, bytes]]:
    """The files of a shard's terms that are too common to stand in it; two that hash alike share one."""
    files: dict[int, list[int]] = {}
    for name, term in zip(names, terms, strict=True):
        files.setdefault(crc(f"{kind}:{name}"), []).append(term)
    called = dict(zip(terms, names, strict=True))
    for number, several in files.items():
        columns = _Columns(postings.ordered(np.array(several)), None, 1 << 32)
        lines = _pair_lines if kind == "v" else "\n".join
        content = columns.packed(lines([called[term] for term in several]).encode(), 0, len(several))
        yield f"h/{number % FOLDERS}/{shard}-{number}", content


def _pair_lines(names: Sequence[str]) -> str:
    split = (name.split(" ") for name in names)
    return "\n".join(f"{first} {' '.join(second for _, second in pairs)}" for first, pairs in groupby(split, lambda pair: pair[0]))


# -- words ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """All words, sorted by key and form."""

    names: list[str]
    keys: list[str]
    hashes: NDArray[np.uint32]
    """Of the keys."""
    counts: Places
    """In how many documents each is."""

    @property
    def light(self) -> int:
        """How many postings stand in shards: not those of very common words."""
        return int(self.counts[self.counts <= HEAVY].sum())

    def shards(self, ranges: Sequence[tuple[int, int, int]], postings: Postings, roomy: int = 1) -> Iterator[Shard]:
        """Ranges of words.

        A range is its number, its first word and the one after its last; the postings are those of all words in them.
        """
        columns = _Columns(postings, None, HEAVY * roomy)
        begin = 0
        for number, start, end in ranges:
            last = begin + end - start
            border = self.border(start)
            content = columns.packed(self.named(start, end), begin, last)
            files = [(hashed("u", border), content)]
            apart = columns.heavy_between(begin, last)
            files.extend(_own_files("u", crc(border), [self.names[start + at - begin] for at in apart], apart, postings))
            yield number, files
            begin = last

    def border(self, start: int) -> str:
        """The key that a range is known by."""
        return self.keys[start] if start else ""

    def named(self, start: int, end: int) -> bytes:
        return "\n".join(self.names[start:end]).encode()

    def cuts(self, every: int, roomy: int = 1) -> list[int]:
        """Where ranges begin.

        A range begins at a key whose own hash says so, about one in `every` (a power of two); a key with many postings
        has a range to itself. What stands in one range never moves the borders of another: new articles leave the files
        of other words alone.
        """
        counts = self.counts
        begins = [at for at, key in enumerate(self.keys) if not at or key != self.keys[at - 1]]
        if not begins:
            return [0]
        big = np.add.reduceat(np.where(counts > HEAVY * roomy, 0, counts), begins) > BIG * roomy
        chosen = big | np.append(False, big[:-1]) | (self.hashes[begins] & np.uint32(every - 1) == 0)
        chosen[0] = True
        return [at for at, is_border in zip(begins, chosen.tolist(), strict=True) if is_border]


# -- names ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class Letters:
    """Many words as one run of bytes, each with a byte to spare before it."""

    content: Bytes
    ends: Places

    @staticmethod
    def of_words(words: Sequence[bytes]) -> Letters:
        content = b"".join([b" " + word for word in words])
        return Letters(np.frombuffer(content, np.uint8), np.cumsum([len(word) + 1 for word in words], dtype=np.int64))

    @property
    def count(self) -> int:
        return len(self.ends)

    def of(self, number: int) -> str:
        start = int(self.ends[number - 1]) if number else 0
        return self.content[start + 1 : self.ends[number]].tobytes().decode()

    def with_more(self, words: Sequence[bytes]) -> Letters:
        if not words:
            return self
        more = Letters.of_words(words)
        return Letters(np.append(self.content, more.content), np.append(self.ends, more.ends + self.ends[-1]))

    def text(self, numbers: Places, before: Bytes) -> tuple[bytes, Places]:
        """These words one after the other, each with its byte before it; where each ends."""
        sizes = np.diff(self.ends, prepend=0)[numbers]
        ends = np.cumsum(sizes)
        at = np.repeat(self.ends[numbers] - ends, sizes) + np.arange(int(sizes.sum()))
        found = self.content[at]
        found[ends - sizes] = before
        return found.tobytes(), ends


# -- neighbours -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Neighbours, sorted by the first word and then the second."""

    words: Letters
    """What the numbers of words mean."""
    first: Places
    second: Places
    cohesive: NDArray[np.bool_]
    postings: Postings
    joined: tuple[str, ...] = ()
    """The first halves of the last terms, which are written together: "hanoi=ha"."""

    def with_joined(self, terms: Sequence[tuple[str, int, Postings]]) -> Pairs:
        """Also these at the end: first half, second word, postings of one term."""
        if not terms:
            return self
        more = np.array([second for _, second, _ in terms])
        return Pairs(
            self.words, np.append(self.first, np.zeros(len(terms), np.int64)), np.append(self.second, more),
            np.append(self.cohesive, np.zeros(len(terms), np.bool_)),
            Postings.joined([self.postings, *(postings for _, _, postings in terms)]), tuple(name for name, _, _ in terms),
        )

    def spread(self, places: NDArray[np.uint32], wanted: NDArray[np.bool_], base: int,
               roomy: int = 1) -> Iterator[Shard]:
        """The wanted shards, numbered from `base`."""
        order = np.argsort(places.astype(np.uint16), kind="stable")
        postings = self.postings.ordered(order)
        columns = _Columns(postings, self.cohesive[order], HEAVY * roomy)
        names, bytes_to = self._lines(order, places[order])
        ends = np.searchsorted(places[order], np.arange(len(wanted) + 1)).tolist()
        for place in np.flatnonzero(wanted).tolist():
            start, end = ends[place : place + 2]
            content = columns.packed(names[bytes_to[start] : bytes_to[end]].strip(b"\n"), start, end)
            files = [(numbered("v", base + place), content)]
            apart = columns.heavy_between(start, end)
            files.extend(_own_files("v", base + place, [self._name(int(order[term])) for term in apart], apart, postings))
            yield base + place, files

    def _name(self, term: int) -> str:
        plain = len(self.first) - len(self.joined)
        first = self.joined[term - plain] if term >= plain else self.words.of(int(self.first[term]))
        return f"{first} {self.words.of(int(self.second[term]))}"

    def _lines(self, order: Places, places: NDArray[np.uint32]) -> tuple[bytes, Places]:
        """The names of the terms in this order: the first word and all that follow it, a line each. Where each begins."""
        plain = len(self.first) - len(self.joined)
        words = self.words.with_more([one.encode() for one in self.joined])
        first = np.append(self.first[:plain], np.arange(words.count - len(self.joined), words.count))[order]
        new = np.append(True, (first[1:] != first[:-1]) | (places[1:] != places[:-1]))[: len(first)]
        seconds = np.arange(len(first)) + np.cumsum(new)
        both = np.empty(len(first) + np.count_nonzero(new), np.int64)
        both[seconds] = self.second[order]
        both[seconds[new] - 1] = first[new]
        blanks = np.full(len(both), ord(" "), np.uint8)
        blanks[seconds[new] - 1] = ord("\n")
        text, ends = words.text(both, blanks)
        return text, np.append(0, ends[seconds]) if len(first) else np.zeros(1, np.int64)
