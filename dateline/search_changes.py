"""Which shards of the index changed documents concern.

in:   what the last build knew (search_kept), the index of all documents as they are now
out:  Stale: words whose postings are others than they were, and shards of neighbours to be made again; None for all

A shard of words is made of its words' postings. One of neighbours is made of theirs and of a mark on those that belong
together, which depends on in how many documents each of the two words is: so a new article may change the mark of
neighbours that it does not have.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dateline.search_chunks import Chunk, Numbers
from dateline.search_index import Flags, Index, Places, classes
from dateline.search_kept import Memory
from dateline.search_shards import MOST

FEW = 20
"""When more than one in so many documents is another one, nearly all shards have changed: looking for others is lost time."""

Posting = tuple[int, int, int, bool, int]
"""First word, second word or 0, occurrences, whether one is in the title, class of the document's length."""


@dataclass(frozen=True, slots=True)
class Before:
    """What changed documents were: number → words in the last build. None where there was none."""

    documents: dict[int, tuple[Chunk, int] | None]


def before(memory: Memory, index: Index) -> Before | None:
    """Look up what the changed documents were, before the index is finished: it must know their words. None: too much changed."""
    changed = memory.changed()
    if not memory.old.stamps or len(changed) > len(memory.now.stamps) // FEW + 1:
        return None
    found: dict[int, tuple[Chunk, int] | None] = {}
    for number in changed:
        found[number] = memory.before(number) if number < len(memory.old.stamps) else None
        if found[number] is None and number < len(memory.old.stamps):
            return None
    for one in found.values():
        index.vocabulary.numbers(one[0].forms if one else [])
    index.vocabulary.numbers(list(memory.old.forms))
    return Before(found)


@dataclass(frozen=True, slots=True, eq=False)
class Stale:
    """What cannot stay."""

    words: Flags
    """Per word: whether its postings have changed."""
    pairs: Places
    """First and second words of neighbours whose postings have changed: two rows."""

    def neighbours(self, memory: Memory, index: Index, shards: int) -> Flags:
        """Which shards of neighbours must be made again."""
        found = np.zeros(shards, np.bool_)
        found[index.shards_of_pairs(self.pairs[0], self.pairs[1], shards)] = True
        for shard, one in index.joined(shards):
            found[shard] |= self.words[one.word]
        first, second = _marked_anew(memory, index)
        found[index.shards_of_pairs(first, second, shards)] = True
        return found


def stale(memory: Memory, index: Index, before: Before) -> Stale:
    """Compare what the changed documents were with what they are; the index is finished."""
    words = np.zeros(len(index.frequency), np.bool_)
    pairs: set[tuple[int, int]] = set()
    for number, was in before.documents.items():
        old = _postings(index.row_of(*was)) if was else set()
        new = _postings(index.document(number)) if number < index.documents else set()
        for first, second, *_ in old ^ new:
            if second:
                pairs.add((first, second))
            else:
                words[first] = True
    return Stale(words, np.array(sorted(pairs), np.int64).reshape(-1, 2).T)


def _postings(row: Numbers) -> set[Posting]:
    """All postings of one document: title, 0, text, 0."""
    words = row.tolist()
    length = int(classes(np.array([len(words) - 2]))[0])
    end = words.index(0)
    title = {(word, 0) for word in words[:end]} | set(pairwise(words[:end]))
    times = Counter((word, 0) for word in words if word)
    times.update(pair for pair in pairwise(words) if all(pair))
    return {(*term, min(many, MOST), term in title, length) for term, many in times.items()}


def kept_pairs(memory: Memory, index: Index) -> NDArray[np.int64]:
    """The neighbours that the last build kept, as numbers of words of this one; without those of words that are gone."""
    numbers = index.vocabulary.numbers(list(memory.old.forms)).astype(np.int64)
    first, second, many = memory.old.pairs.astype(np.int64)
    found = np.stack((numbers[first], numbers[second], many))
    return found[:, (index.frequency[found[:2]] > 0).all(axis=0)]


def _marked_anew(memory: Memory, index: Index) -> tuple[Places, Places]:
    """Neighbours that now belong together and did not, or the reverse, while their own postings are as they were."""
    frequency = np.zeros_like(index.frequency)
    frequency[index.vocabulary.numbers(list(memory.old.forms))] = memory.old.frequency
    first, second, many = kept_pairs(memory, index)
    changed = index.cohesive(first, second, many, frequency) != index.cohesive(first, second, many, index.frequency)
    return first[changed], second[changed]
