"""Documents, one by one, → the postings of every word and of every two neighbours.

Words are numbered as they first occur. Postings are collected for a few thousand documents in dictionaries, then put
away in flat arrays, by partition, and merged one partition at a time at the end: 100,000 articles need the memory of a
few thousand and of the arrays. A word that may be syllables written together ("hanoi") is also filed as the neighbours
("ha noi").

A posting is document << 16 | title << 15 | length class << 12 | occurrences - 1; within a block documents count from 0.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from dateline.search_shards import Term, crc
from dateline.search_terms import Rules, tokens

BLOCK = 4096
GROUPS = 32
"""First words of neighbours are spread over so many groups of shards; the second word picks the shard in the group."""
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096)
"""A document's length class: how many of these its words exceed. Fixed, so that an article's postings never change."""
TITLE = 1 << 15
MOST = 256
"""Occurrences are counted up to here."""
PAIR = 1 << 24
REMEMBERED = 400_000


class Block(NamedTuple):
    """The postings of a few thousand documents, in one partition."""

    base: int
    """Number of its first document."""
    codes: array[int]
    counts: array[int]
    """How many postings each code has."""
    postings: array[int]



class Vocabulary(dict[str, tuple[int, ...]]):
    """Printed text between two blanks → the numbers of the words in it: "(Baonghean.vn)" is two.

    A dictionary that works out what it has not seen, so that indexing a text is one pass at the speed of C.
    """

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.names: list[str] = []
        self.word_keys: list[str] = []
        self.hashes: list[int] = []
        self.stop: set[int] = set()
        self._numbers: dict[str, int] = {}

    def __missing__(self, printed: str) -> tuple[int, ...]:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[printed] = tuple(self.number(self.rules.form(token)) for token in tokens(printed))
        return found

    def number(self, form: str) -> int:
        known = self._numbers.get(form)
        if known is None:
            known = self._numbers[form] = len(self.names)
            self._append(form, self.rules.key(form))
            if form in self.rules.stop:
                self.stop.add(known)
        return known

    def together(self, number: int) -> list[int]:
        """For "hanoi": the code of the neighbours "hanoi=ha" and "noi"."""
        codes = []
        for way in self.rules.splits(self.rules.fold(self.names[number])):
            first, space, second = way.partition(" ")
            if space and " " not in second:
                codes.append(self._joined(f"{self.names[number]}={first}", first) * PAIR + self.number(second))
        return codes

    def _joined(self, name: str, first: str) -> int:
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = len(self.names)
            self._append(name, self.rules.key(first))
        return known

    def _append(self, name: str, key: str) -> None:
        self.names.append(name)
        self.word_keys.append(key)
        self.hashes.append(crc(key))


class Index:
    """Collects documents in the order of their numbers; `words` and `pairs` give back the merged terms."""

    def __init__(self, rules: Rules) -> None:
        self.vocabulary = Vocabulary(rules)
        self.documents = 0
        self.tokens = 0
        self.postings = {"u": 0, "v": 0}
        self.terms = {"u": 0, "v": 0}
        self.frequency: Counter[int] = Counter()
        self._together: dict[int, list[int]] = {}
        self._words: defaultdict[int, list[int]] = defaultdict(list)
        self._pairs: defaultdict[int, list[int]] = defaultdict(list)
        self._packed: defaultdict[tuple[str, int], list[Block]] = defaultdict(list)

    def add(self, title: str, text: str) -> int:
        """Index one document; its number is how many came before. Gives its count of words."""
        numbers = self.vocabulary.__getitem__
        head = list(chain.from_iterable(map(numbers, title.split())))
        body = list(chain.from_iterable(map(numbers, text.split())))
        size = len(head) + len(body)
        base = (self.documents % BLOCK) << 16 | sum(size > length for length in LENGTHS) << 12
        head_pairs = [first * PAIR + second for first, second in zip(head, islice(head, 1, None), strict=False)]
        pairs = [first * PAIR + second for first, second in zip(body, islice(body, 1, None), strict=False)]
        counts = Counter(chain(head, body))
        _file(self._words, counts, base, set(head))
        _file(self._pairs, Counter(chain(head_pairs, pairs)), base, set(head_pairs))
        self._file_together(counts)
        self.documents += 1
        self.tokens += size
        if self.documents % BLOCK == 0:
            self._put_away()
        return size

    def _file_together(self, counts: Iterable[int]) -> None:
        """File "hanoi" also under the neighbours "ha noi"."""
        known = self._together
        for word in counts:
            codes = known.get(word)
            if codes is None:
                codes = known[word] = self.vocabulary.together(word)
            for code in codes:
                self._pairs[code].append(self._words[word][-1])

    # -- putting a block away -------------------------------------------------------------------------------------
    def finish(self) -> None:
        """No more documents come."""
        if self.documents % BLOCK:
            self._put_away()
        self._together.clear()

    def _put_away(self) -> None:
        self._put("v", self._pairs)
        self._put("u", self._words)
        for word, postings in self._words.items():
            self.frequency[word] += len(postings)
        self._words = defaultdict(list)
        self._pairs = defaultdict(list)

    def _put(self, kind: str, found: dict[int, list[int]]) -> None:
        vocabulary, parts = self.vocabulary, defaultdict[int, list[int]](list)
        hashes, keys = vocabulary.hashes, vocabulary.word_keys
        for code in found:
            parts[hashes[code // PAIR] % GROUPS if kind == "v" else ord(keys[code][:1] or "0")].append(code)
        base = (self.documents - 1) // BLOCK * BLOCK
        for part, codes in parts.items():
            lists = [found[code] for code in codes]
            flat = array("I", list(chain.from_iterable(lists)))
            block = Block(base, array("Q", codes), array("I", map(len, lists)), flat)
            self._packed[kind, part].append(block)
            self.postings[kind] += len(flat)
            self.terms[kind] += len(codes)

    # -- merging ----------------------------------------------------------------------------------------------------
    def words(self) -> Iterator[tuple[str, Term]]:
        """All words as (key, term), sorted."""
        names, keys = self.vocabulary.names, self.vocabulary.word_keys
        for place in sorted(place for place in self._packed if place[0] == "u"):
            merged = _merged(self._packed.pop(place))
            yield from sorted((keys[code], (names[code], postings, False)) for code, postings in merged.items())

    def pairs(self, shards: int) -> Iterator[tuple[int, list[Term]]]:
        """All neighbours, by shard: the first word's hash gives the group, the second one's the shard in the group."""
        groups = min(shards, GROUPS)
        each = shards // groups
        names, hashes = self.vocabulary.names, self.vocabulary.hashes
        for group in range(groups):
            places = [("v", number) for number in range(group, GROUPS, groups)]
            merged = _merged(chain.from_iterable(self._packed.pop(place, []) for place in places))
            found: list[list[Term]] = [[] for _ in range(each)]
            for code, postings in merged.items():
                first, second = divmod(code, PAIR)
                term = f"{names[first]} {names[second]}", postings, self._cohesive(first, second, len(postings))
                found[hashes[second] % each].append(term)
            for place_in_group, terms in enumerate(found):
                yield group * each + place_in_group, sorted(terms)

    def _cohesive(self, first: int, second: int, documents: int) -> bool:
        """Two words that belong together ("giáo dục"): often enough side by side wherever the rarer one stands."""
        if documents < 3 or first not in self.frequency or not self.vocabulary.stop.isdisjoint((first, second)):
            return False
        return documents >= 0.15 * min(self.frequency[first], self.frequency[second])


def _file(found: defaultdict[int, list[int]], counts: Counter[int], base: int, in_title: set[int]) -> None:
    """Add one posting to each term of a document."""
    for code, times in counts.items():
        found[code].append(base + times - 1 if times < MOST else base + MOST - 1)
    for code in in_title:
        found[code][-1] |= TITLE


def _merged(blocks: Iterable[Block]) -> dict[int, list[int]]:
    """Code → postings, now with the document's number in the whole corpus."""
    merged: dict[int, list[int]] = {}
    for base, codes, counts, flat in blocks:
        postings = [posting + (base << 16) for posting in flat] if base else flat.tolist()
        at = 0
        for code, count in zip(codes, counts, strict=True):
            part = postings[at : at + count]
            at += count
            known = merged.get(code)
            if known is None:
                merged[code] = part
            else:
                known += part
    return merged
