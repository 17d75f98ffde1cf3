"""Documents, one by one, → the postings of every word and of every two neighbours.

The texts become one row of numbers (search_tokens). All else is done at the end, for all documents at once, by sorting
these numbers (numpy: a posting costs some 0.1 µs, where a loop in Python needs 2).
The numbers that a word gets are its place among all words sorted by (key, form), so that sorting by number is sorting by
name. A word that may be syllables written together ("hanoi") is also filed as the neighbours ("ha noi").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dateline.model import Output
from dateline.search_shards import Letters, Pairs, Postings, Words, crc, of_terms
from dateline.search_terms import Rules
from dateline.search_tokens import Tokens

GROUPS = 32
"""First words of neighbours are spread over so many groups of shards; the second word picks the shard in the group."""
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096)
"""A document's length class: how many of these its words exceed. Fixed, so that an article's postings never change."""
AT_ONCE = 1 << 22
"""So many words are looked at together: it bounds the memory."""
END = ""
"""Stands after a title and after a text: no neighbours across."""

Numbers = NDArray[np.uint32]
Places = NDArray[np.int64]


class Vocabulary:
    """Every form, sorted by (key, form) and numbered so once `sort` was called; number 0 is the end of a text."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.names: list[str] = [END]
        self._numbers: dict[str, int] = {}
        self._ways: dict[int, list[tuple[str, str]]] = {}

    def number(self, token: str) -> int:
        """The number, for now, of a word as printed."""
        return self._number(self.rules.form(token))

    def _number(self, form: str) -> int:
        known = self._numbers.get(form)
        if known is None:
            known = self._numbers[form] = len(self.names)
            self.names.append(form)
            ways = self.rules.pairs(self.rules.fold(form))
            if ways:
                self._ways[known] = ways
        return known

    def sort(self) -> Numbers:
        """Put all in order; gives the new number of each old one."""
        for syllable in sorted({syllable for ways in self._ways.values() for way in ways for syllable in way}):
            self._number(syllable)
        keys = [END, *map(self.rules.key, self.names[1:])]
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
        number = {name: int(moved[old]) for name, old in self._numbers.items()} if self._ways else {}
        self.together = {
            int(moved[word]): [(first, number[second]) for first, second in ways] for word, ways in sorted(self._ways.items())
        }
        return moved


@dataclass(slots=True)
class _Joined:
    """"hanoi" as a pair of neighbours: the name of its first half ("hanoi=ha"), the number of the second, its postings."""

    name: str
    second: int
    postings: Postings


class Index:
    """Collects documents in the order of their numbers; after `finish`, `words` and `pairs` have all terms."""

    def __init__(self, rules: Rules) -> None:
        self.vocabulary = Vocabulary(rules)
        self.documents = 0
        self.words: Words
        self.sizes: Places
        """How many words each document has."""
        self._tokens = Tokens(self.vocabulary.number)

    def add(self, title: str, text: str) -> None:
        """Take in one document; its number is how many came before."""
        self._tokens.add(title)
        self._tokens.add(text)
        self.documents += 1

    def finish(self) -> None:
        """No more documents come."""
        text = self._tokens.take()
        self._text = self.vocabulary.sort()[text]
        del self._tokens
        ends = np.flatnonzero(self._text == 0)
        self._title_ends, text_ends = ends[0::2], ends[1::2]
        self._starts = np.concatenate((np.zeros(1, np.int64), text_ends + 1))
        self.sizes = np.diff(self._starts) - 2
        self._classes = (np.searchsorted(LENGTHS, self.sizes) << 4).astype(np.uint8)
        self._document_bits = max(1, self.documents.bit_length())
        self.words = self._all_words()
        self._joined = self._written_together()

    # -- words ----------------------------------------------------------------------------------------------
    def _all_words(self) -> Words:
        """The postings of every word."""
        found: list[Postings] = []
        frequency = np.zeros(len(self.vocabulary.names), np.int64)
        for low, high in self._ranges_of_words():
            places = np.flatnonzero((self._text >= low) & (self._text < high))
            terms, postings = self._postings(self._text[places].astype(np.uint64), places)
            frequency[terms.astype(np.int64)] = postings.counts
            found.append(postings)
        numbers = np.flatnonzero(frequency)
        names, keys = self.vocabulary.names, self.vocabulary.keys
        self._frequency = frequency
        self._word_numbers = numbers
        return Words([names[at] for at in numbers], [keys[at] for at in numbers], self.vocabulary.hashes[numbers], Postings.joined(found))

    def _ranges_of_words(self) -> Iterator[tuple[int, int]]:
        """Ranges of words that occur some AT_ONCE times together."""
        times = np.bincount(self._text, minlength=len(self.vocabulary.names))
        times[0] = 0
        parts = np.cumsum(times) // AT_ONCE
        borders = [1, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(times)]
        yield from ((low, high) for low, high in pairwise(borders) if low < high)

    def _written_together(self) -> dict[int, list[_Joined]]:
        """Group → the words that are also filed as two neighbours there."""
        found: dict[int, list[_Joined]] = {}
        ends = np.cumsum(self.words.postings.counts)
        names = self.vocabulary.names
        for word, ways in self.vocabulary.together.items():
            if not self._frequency[word]:
                continue
            at = int(np.searchsorted(self._word_numbers, word))
            postings = self.words.postings.of(int(ends[at] - self._frequency[word]), int(ends[at]))
            for first, second in ways:
                group = crc(self.vocabulary.rules.key(first)) % GROUPS
                found.setdefault(group, []).append(_Joined(f"{names[word]}={first}", second, postings))
        for several in found.values():
            several.sort(key=lambda one: (one.name, one.second))
        return found

    # -- neighbours -----------------------------------------------------------------------------------------
    def size_of_pairs(self) -> int:
        """About how many bytes the shards of neighbours need, by one group of them; decides how many there are."""
        belongs = self.vocabulary.hashes % np.uint32(GROUPS) == 0
        belongs[0] = False
        terms = self._pairs_of(np.flatnonzero(belongs[self._text[:-1]]), np.flatnonzero(belongs))
        return GROUPS * (terms.postings.light * 2 + len(terms.first) * 7)

    def pairs(self, shards: int, roomy: int = 1) -> Iterator[Output]:
        """The files of all neighbours: the first word's hash gives the group, the second one's the shard in the group."""
        groups = min(shards, GROUPS)
        each = shards // groups
        belongs = (self.vocabulary.hashes % np.uint32(groups)).astype(np.uint8)
        belongs[0] = 255
        firsts = belongs[self._text[:-1]]
        for group in range(groups):
            terms = self._pairs_of(np.flatnonzero(firsts == group), np.flatnonzero(belongs == group))
            joined = [one for number in range(group, GROUPS, groups) for one in self._joined.get(number, [])]
            terms = terms.with_joined([(one.name, one.second, one.postings) for one in joined])
            yield from terms.spread(self.vocabulary.hashes[terms.second] % np.uint32(each), each, group * each, roomy)

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
        return Pairs(self.vocabulary.letters, first, after, self._cohesive(first, after, postings.counts), postings)

    def _cohesive(self, first: Places, second: Places, counts: Places) -> NDArray[np.bool_]:
        """Two words that belong together ("giáo dục"): often enough side by side wherever the rarer one stands."""
        rarer = np.minimum(self._frequency[first], self._frequency[second])
        stop = self.vocabulary.stop
        cohesive: NDArray[np.bool_] = (counts > 2) & (counts * 100 >= rarer * 15) & ~stop[first] & ~stop[second]
        return cohesive

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
