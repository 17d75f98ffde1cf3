"""Documents, one by one, → the postings of every word and of every two neighbours.

The texts become rows of numbers (search_tokens), some hundred documents at a time (search_chunks). All else is done at the
end, for all documents at once, by sorting these numbers (numpy: a posting costs some 0.1 µs, where a loop in Python needs 2).
The numbers that a word gets are its place among all words sorted by (key, form), so that sorting by number is sorting by
name. A word that may be syllables written together ("hanoi") is also filed as the neighbours ("ha noi").

Postings are made for some shards at a time and not kept: it bounds the memory, and shards that stand cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dateline import workers
from dateline.search_chunks import Chunk, Numbers, Row
from dateline.search_shards import Letters, Pairs, Postings, Shard, Words, crc, of_terms
from dateline.search_terms import Rules
from dateline.stopwatch import OFF, Stopwatch

GROUPS = 32
"""First words of neighbours are spread over so many groups of shards; the second word picks the shard in the group."""
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096)
"""A document's length class: how many of these its words exceed. Fixed, so that an article's postings never change."""
AT_ONCE = 1 << 20
"""So many words are looked at together: it bounds the memory."""
_PIECE = 1 << 20
END = ""
"""Stands after a title and after a text: no neighbours across."""

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Ways = Sequence[tuple[str, str]]
T = TypeVar("T", bound=np.generic)
Memo = Mapping[str, tuple[str, Ways]]
"""Form → its key, and the two syllables it may be."""
FORMS = 1000
"""So many are worked out in one batch; fewer than four of these are done here sooner than a worker has answered."""


class Vocabulary:
    """Every form, sorted by (key, form) and numbered so once `sort` was called; number 0 is the end of a text."""

    def __init__(self, rules: Rules, memo: Memo | None = None) -> None:
        self.rules = rules
        self._memo = memo or {}
        self.names = [END, *self._memo]
        """Those of the last build are here from the start; what is in no document does no harm."""
        self._numbers = {name: number for number, name in enumerate(self._memo, 1)}

    def number(self, token: str) -> int:
        """The number, for now, of a word as printed."""
        return self.number_of(self.rules.form(token))

    def number_of(self, form: str) -> int:
        known = self._numbers.get(form)
        if known is None:
            known = self._numbers[form] = len(self.names)
            self.names.append(form)
        return known

    def numbers(self, forms: Sequence[str]) -> Numbers:
        found = list(map(self._numbers.get, forms))
        if None in found:
            found = [self.number_of(form) for form in forms]
        return np.array(found, np.uint32)

    def sort(self, executor: Executor | None = None, watch: Stopwatch = OFF) -> Numbers:
        """Put all in order; gives the new number of each old one."""
        new = [name for name in self.names[1:] if name not in self._memo]
        able = executor if len(new) > 4 * FORMS else None
        made = workers.each(worked_out, new, able, shared=self.rules, batch=FORMS, watch=watch)
        known = [(END, ()), *(self._memo.get(name) or next(made) for name in self.names[1:])]
        ways = {word: found for word, (_, found) in enumerate(known) if found}
        for syllable in sorted({syllable for found in ways.values() for way in found for syllable in way}):
            if self.number_of(syllable) == len(known):
                known.append(worked_out(syllable, self.rules))
        keys = [key for key, _ in known]
        # As a browser compares: by UTF-16.
        together = [f"{key}\n{name}".encode("utf-16-be") for key, name in zip(keys, self.names, strict=True)]
        order = sorted(range(len(keys)), key=together.__getitem__)
        moved = np.empty(len(order), np.uint32)
        moved[order] = np.arange(len(order), dtype=np.uint32)
        self.keys = [keys[old] for old in order]
        self.names = [self.names[old] for old in order]
        self.letters = Letters.of_words([name.encode() for name in self.names])
        self.hashes = np.fromiter(map(crc, self.keys), np.uint32, len(order))
        self.stop = np.fromiter((name in self.rules.stop for name in self.names), np.bool_, len(order))
        self.stop[0] = True
        self._numbers = {name: number for number, name in enumerate(self.names)}
        del self._numbers[END]
        self._ways = {int(moved[word]): found for word, found in ways.items()}
        number = self._numbers
        rows = [(word, number[first], number[second]) for word, found in sorted(self._ways.items()) for first, second in found]
        self.together = np.array(rows, np.int64).reshape(-1, 3).T
        """Words that may be two syllables: the word, the first syllable, the second."""
        return moved

    def memo(self, words: Sequence[int]) -> Memo:
        """What has been worked out of these words, for the next time."""
        return {self.names[word]: (self.keys[word], self._ways.get(word, ())) for word in words}


def worked_out(form: str, rules: Rules, watch: Stopwatch = OFF) -> tuple[str, Ways]:
    """A form's key, and the two syllables it may be."""
    folded = rules.fold(form)
    return rules.key_of(folded), rules.pairs(folded)


@dataclass(slots=True)
class _Joined:
    """"hanoi" as a pair of neighbours: the name of its first half ("hanoi=ha"), the number of the second, its word."""

    name: str
    second: int
    word: int


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A chunk that has been taken in."""

    row: Row
    frequency: Numbers
    numbers: Numbers
    """Of its forms, for now."""


class Index:
    """Collects documents in the order of their numbers; after `finish`, `words` is known and shards can be made."""

    def __init__(self, rules: Rules, memo: Memo | None = None) -> None:
        self.vocabulary = Vocabulary(rules, memo)
        self.documents = 0
        self.words: Words
        self.sizes: Places
        """How many words each document has."""
        self.frequency: Places
        """In how many documents each word is."""
        self._parts: list[_Part] = []
        self._table: tuple[Chunk, list[Numbers]] | None = None
        """The documents of the chunk that was asked for last."""

    def add_rows(self, rows: Sequence[Numbers]) -> Chunk:
        """Take in the next documents by their words (see `row_of`). Gives the chunk that these make."""
        chunk = Chunk.of(np.concatenate(rows), self.vocabulary.names)
        self.add_chunk(chunk)
        return chunk

    def row_of(self, chunk: Chunk, place: int) -> Numbers:
        """The words of a chunk's document by their numbers here, which change once, with `finish`."""
        if self._table is None or self._table[0] is not chunk:
            row = np.append(np.uint32(0), self.vocabulary.numbers(chunk.forms))[chunk.row]
            self._table = chunk, np.split(row, np.flatnonzero(row == 0)[1::2] + 1)
        return self._table[1][place]

    def add_chunk(self, chunk: Chunk) -> None:
        """Take in the next documents; their numbers are how many came before."""
        self._parts.append(_Part(chunk.row.copy(), chunk.frequency.copy(), self.vocabulary.numbers(chunk.forms)))
        self.documents += chunk.documents

    def finish(self, executor: Executor | None = None, watch: Stopwatch = OFF) -> None:
        """No more documents come."""
        self._table = None
        self._put_together(self.vocabulary.sort(executor, watch))
        ends = places_of(0, self._text)
        self._title_ends, text_ends = ends[0::2], ends[1::2]
        self._starts = np.concatenate((np.zeros(1, np.int64), text_ends + 1))
        self.sizes = np.diff(self._starts) - 2
        self._classes = classes(self.sizes)
        self._document_bits = max(1, self.documents.bit_length())
        self.word_numbers = numbers = np.flatnonzero(self.frequency)
        names, keys = self.vocabulary.names, self.vocabulary.keys
        self.words = Words([names[at] for at in numbers], [keys[at] for at in numbers], self.vocabulary.hashes[numbers],
                           self.frequency[numbers])

    def document(self, number: int) -> Numbers:
        """The words of a document: title, 0, text, 0."""
        found: Numbers = self._text[self._starts[number] : self._starts[number + 1]]
        return found

    def _put_together(self, moved: Numbers) -> None:
        """One row of all chunks, which are let go; how often each word occurs, and in how many documents."""
        self._text = np.empty(sum(len(part.row) for part in self._parts), np.uint32)
        self.frequency = np.zeros(len(moved), np.int64)
        self._times = np.zeros(len(moved), np.int64)
        start = 0
        self._parts.reverse()
        while self._parts:
            part = self._parts.pop()
            final = moved[part.numbers]
            self._text[start : start + len(part.row)] = np.append(np.uint32(0), final)[part.row]
            self.frequency[final] += part.frequency
            self._times[final] += np.bincount(part.row, minlength=len(final) + 1)[1:]
            start += len(part.row)

    # -- words ----------------------------------------------------------------------------------------------
    def word_shards(self, starts: Sequence[int], stale: Flags, roomy: int = 1) -> Iterator[Shard]:
        """The files of the shards that are stale, some at a time; shards begin at the words of `starts`."""
        borders = [*starts, len(self.words.names)]
        times = np.add.reduceat(self._times[self.word_numbers], starts) if self.words.names else np.zeros(1, np.int64)
        batches = np.cumsum(np.where(stale, times, 0)) // AT_ONCE
        kind = np.min_scalar_type(batches[-1] + 1)       # a byte for every word of all texts, up to 250 million
        none = np.iinfo(kind).max
        batches = np.where(stale, batches, none).astype(kind)
        of_words = np.full(len(self.frequency), none, kind)
        of_words[self.word_numbers] = np.repeat(batches, np.diff(borders))
        row = looked_up(of_words, self._text)
        for batch in np.unique(batches[stale]).tolist():
            shards = np.flatnonzero(batches == batch).tolist()
            _, postings = self._postings_at(places_of(batch, row))
            yield from self.words.shards([(at, borders[at], borders[at + 1]) for at in shards], postings, roomy)

    def _postings_at(self, places: Places) -> tuple[Places, Postings]:
        """The words that stand at the places, and their postings."""
        terms, postings = self._postings(self._text[places].astype(np.uint64), places)
        return terms.astype(np.int64), postings

    # -- neighbours -----------------------------------------------------------------------------------------
    def size_of_pairs(self) -> int:
        """About how many bytes the shards of neighbours need, by one group of them; decides how many there are."""
        belongs = self.vocabulary.hashes % np.uint32(GROUPS) == 0
        belongs[0] = False
        terms = self._pairs_of(np.flatnonzero(looked_up(belongs, self._text[:-1])), np.flatnonzero(belongs))
        return GROUPS * (terms.postings.light * 2 + len(terms.first) * 7)

    def shards_of_pairs(self, first: Places, second: Places, shards: int) -> Places:
        """In which shard two words are filed that stand side by side."""
        groups, each = spread_over(shards)
        hashes = self.vocabulary.hashes
        return (hashes[first] % np.uint32(groups)).astype(np.int64) * each + hashes[second] % np.uint32(each)

    def pairs(self, stale: Flags, roomy: int = 1) -> Iterator[tuple[Pairs, Iterator[Shard]]]:
        """The neighbours of each group that has stale shards, and the files of those, by shard.

        The first word's hash gives the group, the second one's the shard in the group.
        """
        groups, each = spread_over(len(stale))
        belongs = (self.vocabulary.hashes % np.uint32(groups)).astype(np.uint8)
        belongs[0] = 255
        firsts = looked_up(belongs, self._text[:-1])
        joined = self._stale_joined(stale)
        for group in np.unique(np.flatnonzero(stale) // each).tolist():
            places = places_of(group, firsts)
            members = np.flatnonzero(belongs == group)
            for here in _portions(stale[group * each : (group + 1) * each], len(places)):
                plain = self._pairs_of(places if here.all() else self._followed_into(here, places), members)
                also = [(one.name, one.second, postings) for shard, one, postings in joined.get(group, []) if here[shard % each]]
                terms = plain.with_joined(also)
                yield plain, terms.spread(self.vocabulary.hashes[terms.second] % np.uint32(each), here, group * each, roomy)

    def _followed_into(self, shards: Flags, places: Places) -> Places:
        """Those of the places of a group after which a word stands that is filed in one of these shards of it."""
        wanted = shards[self.vocabulary.hashes % np.uint32(len(shards))]
        found: Places = places[looked_up(wanted, self._text[places + 1])]
        return found

    def _stale_joined(self, stale: Flags) -> dict[int, list[tuple[int, _Joined, Postings]]]:
        """Group → what is filed as two neighbours in its stale shards: the shard, the word, its postings."""
        _, each = spread_over(len(stale))
        names = self.vocabulary.names
        word, first, second = self.vocabulary.together
        shards = self.shards_of_pairs(first, second, len(stale))
        here = np.flatnonzero(stale[shards] & (self.frequency[word] > 0))
        rows = zip(shards[here].tolist(), word[here].tolist(), first[here].tolist(), second[here].tolist(), strict=True)
        found = [(shard, _Joined(f"{names[one]}={names[before]}", after, one)) for shard, one, before, after in rows]
        wanted = np.zeros(len(self.frequency), np.bool_)
        wanted[word[here]] = True
        words, postings = self._postings_at(np.flatnonzero(looked_up(wanted, self._text)))
        ends = np.append(0, np.cumsum(postings.counts))
        groups: dict[int, list[tuple[int, _Joined, Postings]]] = {}
        for shard, one in found:
            at = int(np.searchsorted(words, one.word))
            groups.setdefault(shard // each, []).append((shard, one, postings.of(int(ends[at]), int(ends[at + 1]))))
        for several in groups.values():
            several.sort(key=lambda found: (found[1].name, found[1].second))
        return groups

    def _pairs_of(self, places: Places, members: Places) -> Pairs:
        """The neighbours whose first word stands at one of the places; `members` are all words that may stand there."""
        second = self._text[places + 1]
        places, second = places[second != 0], second[second != 0].astype(np.uint64)
        local = np.zeros(len(self.vocabulary.names), np.uint64)
        local[members] = np.arange(len(members), dtype=np.uint64)
        bits = np.uint64(max(1, len(self.vocabulary.names).bit_length()))
        codes, postings = self._postings(local[self._text[places]] << bits | second, places)
        first = members[(codes >> bits).astype(np.int64)]
        after = (codes & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
        return Pairs(self.vocabulary.letters, first, after, self.cohesive(first, after, postings.counts, self.frequency), postings)

    def cohesive(self, first: Places, second: Places, counts: Places, frequency: Places) -> Flags:
        """Two words that belong together ("giáo dục"): often enough side by side wherever the rarer one stands."""
        rarer = np.minimum(frequency[first], frequency[second])
        stop = self.vocabulary.stop
        found: Flags = (counts > 2) & (counts * 100 >= rarer * 15) & ~stop[first] & ~stop[second]
        return found

    # -- postings -------------------------------------------------------------------------------------------
    def _postings(self, codes: NDArray[np.uint64], places: Places) -> tuple[NDArray[np.uint64], Postings]:
        """The terms that stand at the places (ascending), sorted, and their postings."""
        many = np.diff(np.searchsorted(places, self._starts))
        documents = np.repeat(np.arange(self.documents, dtype=np.uint64), many)
        bits = np.uint64(self._document_bits)
        if codes.size and int(codes.max()).bit_length() + int(bits) + 1 > 64:
            raise OverflowError("too many articles for one index")
        title = (places < self._title_ends[documents.astype(np.int64)]).astype(np.uint64)
        found = np.sort(((codes << bits | documents) << np.uint64(1)) | title)
        return of_terms(found, bits, self._classes)


def _portions(stale: Flags, places: int) -> Iterator[Flags]:
    """The stale shards of a group, in as many portions as so many places need; in order."""
    for some in np.array_split(np.arange(len(stale)), min(len(stale), places // AT_ONCE + 1)):
        here = np.zeros(len(stale), np.bool_)
        here[some] = stale[some]
        if here.any():
            yield here


def spread_over(shards: int) -> tuple[int, int]:
    """How many groups so many shards of neighbours have, and how many shards each group has."""
    groups = min(shards, GROUPS)
    return groups, shards // groups


def classes(sizes: Places) -> NDArray[np.uint8]:
    """Documents' classes of length, as postings have them."""
    return (np.searchsorted(LENGTHS, sizes) << 4).astype(np.uint8)


def looked_up(table: NDArray[T], row: Numbers) -> NDArray[T]:
    """`table[row]`, a piece at a time: numpy makes eight bytes of every number that it looks up."""
    found = np.empty(len(row), table.dtype)
    for start in range(0, len(row), _PIECE):
        found[start : start + _PIECE] = table[row[start : start + _PIECE]]
    return found


def places_of(number: int, row: NDArray[T]) -> Places:
    """Where the number stands in a row, a piece at a time."""
    found = [np.flatnonzero(row[start : start + _PIECE] == number) + start for start in range(0, len(row), _PIECE)]
    return np.concatenate([np.empty(0, np.int64), *found])
