"""Documents, one by one, → the postings of every word and of every two neighbours.

Postings are kept in memory for a few thousand documents, then packed away by partition and merged at the end, so that
100,000 articles need the memory of a few thousand and of the compressed rest. Words are filed by the written form;
neighbours ("giáo dục") likewise, and a word that may be syllables written together ("hanoi") also as these neighbours.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dateline.search_shards import Term
from dateline.search_terms import Forms, Rules, tokens

BLOCK = 4096
PARTITIONS = 64
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096)
"""A document's length class: how many of these its words exceed. Fixed, so that an article's postings never change."""
TITLE_BIT = 1 << 15
MOST = 255

Postings = defaultdict[str, list[int]]
Pairs = defaultdict[tuple[str, str], list[int]]


class Index:
    """Collects documents in the order of their numbers; `words()` and `pairs()` give back the merged terms."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.documents = 0
        self.tokens = 0
        self.postings = [0, 0]
        self.terms = [0, 0]
        self.frequency: Counter[str] = Counter()
        self._forms = Forms(rules)
        self._keys: dict[str, str] = {}
        self._hashes: dict[str, int] = {}
        self._splits: dict[str, tuple[str, ...]] = {}
        self._words: Postings = defaultdict(list)
        self._pairs: Pairs = defaultdict(list)
        self._packed: dict[tuple[str, int], list[bytes]] = defaultdict(list)

    def add(self, title: str, text: str) -> int:
        """Index one document; its number is how many came before. Gives its count of words."""
        form = self._forms.__getitem__
        head = list(map(form, tokens(title)))
        body = list(map(form, tokens(text)))
        size = len(head) + len(body)
        base = self.documents << 16 | sum(size > length for length in LENGTHS) << 12
        counts = Counter(head)
        counts.update(body)
        neighbours = Counter(pairwise(head))
        neighbours.update(pairwise(body))
        words = self._words
        for word, times in counts.items():
            words[word].append(base + (times - 1 if times <= MOST else MOST))
        pairs = self._pairs
        for pair, times in neighbours.items():
            pairs[pair].append(base + (times - 1 if times <= MOST else MOST))
        for word in set(head):
            words[word][-1] |= TITLE_BIT
        for pair in set(pairwise(head)):
            pairs[pair][-1] |= TITLE_BIT
        self._together(counts, words)
        self.frequency.update(counts.keys())
        self.documents += 1
        self.tokens += size
        if self.documents % BLOCK == 0:
            self._pack()
        return size

    def _together(self, counts: Counter[str], words: Postings) -> None:
        """File "hanoi" also under the neighbours "ha noi"."""
        splits = self._splits
        for word in counts:
            ways = splits.get(word)
            if ways is None:
                ways = splits[word] = tuple(way for way in self.rules.splits(self.rules.fold(word)) if way.count(" ") == 1)
            for way in ways:
                self._pairs[f"{word}=", way].append(words[word][-1])

    # -- packing away ---------------------------------------------------------------------------------------------------
    def key(self, form: str) -> str:
        found = self._keys.get(form)
        if found is None:
            found = self._keys[form] = self.rules.key(form)
        return found

    def _pair_hash(self, first: str, second: str) -> int:
        """crc of "key key", from the remembered crc of the first half."""
        if first.endswith("="):
            return zlib.crc32(second.encode())
        start = self._hashes.get(first)
        if start is None:
            start = self._hashes[first] = zlib.crc32(f"{self.key(first)} ".encode())
        return zlib.crc32(self.key(second).encode(), start)

    def _pack(self) -> None:
        parts: list[list[tuple[str, list[int]]]] = [[] for _ in range(PARTITIONS)]
        for (first, second), postings in self._pairs.items():
            parts[self._pair_hash(first, second) % PARTITIONS].append(
                (first + second if first[-1] == "=" else f"{first} {second}", postings)
            )
        for number, part in enumerate(parts):
            self._keep("v", number, part)
        letters: dict[int, list[tuple[str, list[int]]]] = defaultdict(list)
        for word, postings in self._words.items():
            letters[ord(self.key(word)[:1] or "0")].append((word, postings))
        for number, part in letters.items():
            self._keep("u", number, part)
        self._words.clear()
        self._pairs.clear()

    def _keep(self, kind: str, partition: int, part: Sequence[tuple[str, list[int]]]) -> None:
        names = "\n".join(name for name, _ in part).encode()
        counts = array("I", [len(postings) for _, postings in part])
        flat = array("Q")
        for _, postings in part:
            flat.fromlist(postings)
        place = kind == "v"
        self.postings[place] += len(flat)
        self.terms[place] += len(part)
        sizes = array("I", [len(names), len(part)])
        blob = b"".join((sizes.tobytes(), names, counts.tobytes(), flat.tobytes()))
        self._packed[kind, partition].append(zlib.compress(blob, 1))

    # -- merging --------------------------------------------------------------------------------------------------------
    def finish(self) -> None:
        """No more documents come. Frees what only indexing needs."""
        self._pack()
        self._splits.clear()

    def words(self) -> Iterator[tuple[str, Term]]:
        """All words as (key, term), sorted."""
        for kind, number in sorted(place for place in self._packed if place[0] == "u"):
            merged = _merged(self._packed.pop((kind, number)))
            yield from sorted(
                ((self.key(word), Term(word, postings)) for word, postings in merged.items()),
                key=lambda found: (found[0], found[1].name),
            )

    def pairs(self, buckets: int) -> Iterator[tuple[int, list[Term]]]:
        """All neighbours, by bucket: the crc of their key modulo `buckets` (a power of two)."""
        groups = min(buckets, PARTITIONS)
        for group in range(groups):
            blobs = [
                blob for number in range(group, PARTITIONS, groups) for blob in self._packed.pop(("v", number), ())
            ]
            found: list[list[Term]] = [[] for _ in range(group, buckets, groups)]
            for name, postings in sorted(_merged(blobs).items()):
                first, space, second = name.partition(" ")
                if "=" in first:
                    bucket, cohesive = zlib.crc32(name.partition("=")[2].encode()), False
                else:
                    bucket, cohesive = self._pair_hash(first, second), self._cohesive(first, second, len(postings))
                found[(bucket & (buckets - 1)) // groups].append(Term(name, postings, cohesive))
            yield from zip(range(group, buckets, groups), found, strict=True)

    def _cohesive(self, first: str, second: str, documents: int) -> bool:
        """Two words that belong together ("giáo dục"): often enough side by side wherever the rarer one stands."""
        if documents < 3 or first in self.rules.stop or second in self.rules.stop:
            return False
        return documents >= 0.15 * min(self.frequency[first], self.frequency[second])


def _merged(blobs: Iterable[bytes]) -> dict[str, array[int]]:
    merged: dict[str, array[int]] = {}
    for blob in blobs:
        raw = zlib.decompress(blob)
        size, count = array("I", raw[:8])
        names = raw[8 : 8 + size].decode().split("\n")
        ends = 8 + size + 4 * count
        flat = array("Q", raw[ends:])
        at = 0
        if not count:
            continue
        for name, length in zip(names, array("I", raw[8 + size : ends]), strict=True):
            part = flat[at : at + length]
            at += length
            known = merged.get(name)
            if known is None:
                merged[name] = part
            else:
                known.extend(part)
    return merged
