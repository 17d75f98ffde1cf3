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


Before = dict[int, tuple[Chunk, int] | None]
"""Numbers of changed documents → where their words in the last build are; None where there was no document."""


def before(memory: Memory, index: Index) -> Before | None:
    """Look up what the changed documents were, before the index is finished: it must know their words. None: too much changed."""
    changed = memory.changed()
    if not memory.old.stamps or len(changed) > len(memory.now.stamps) // FEW + 1:
        return None
    found: Before = {}
    for number in changed:
        found[number] = memory.before(number) if number < len(memory.old.stamps) else None
        if found[number] is None and number < len(memory.old.stamps):
            return None
    for chunk in {id(one[0]): one[0] for one in found.values() if one}.values():
        index.vocabulary.numbers(chunk.forms)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Stale:
    """What cannot stay."""

    words: Flags
    """Per word: whether its postings have changed."""
    pairs: NDArray[np.int64]
    """Neighbours that are filed, or marked, in another way: first and second words."""
    known: NDArray[np.int64]
    """Neighbours that the last build kept, as `search_kept.State.pairs`, but by the numbers that words have now."""

    def neighbours(self, index: Index, shards: int) -> Flags:
        """Which shards of neighbours must be made again."""
        found = np.zeros(shards, np.bool_)
        found[index.shards_of_pairs(self.pairs[0], self.pairs[1], shards)] = True
        word, first, second = index.vocabulary.together
        changed = self.words[word]
        found[index.shards_of_pairs(first[changed], second[changed], shards)] = True
        return found


def stale(memory: Memory, index: Index, before: Before) -> Stale:
    """Compare what the changed documents were with what they are; the index is finished."""
    words = np.zeros(len(index.frequency), np.bool_)
    pairs: set[tuple[int, int]] = set()
    for number, was in before.items():
        old = _postings(index.row_of(*was)) if was else set()
        new = _postings(index.document(number)) if number < index.documents else set()
        for first, second, *_ in old ^ new:
            if second:
                pairs.add((first, second))
            else:
                words[first] = True
    numbers = index.vocabulary.numbers(list(memory.old.forms)).astype(np.int64)
    frequency = np.zeros_like(index.frequency)
    frequency[numbers] = memory.old.frequency
    first, second, many = memory.old.pairs
    known = np.stack((numbers[first], numbers[second], many.astype(np.int64)))
    known = known[:, (index.frequency[known[:2]] > 0).all(axis=0)]
    filed = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    return Stale(words, np.concatenate((filed, known[:2, _marked_anew(index, known, frequency)]), axis=1), known)


def _marked_anew(index: Index, pairs: NDArray[np.int64], frequency: Places) -> Flags:
    """Neighbours that now belong together and did not, or the reverse, though they are filed as they were."""
    first, second, many = pairs
    found: Flags = index.cohesive(first, second, many, frequency) != index.cohesive(first, second, many, index.frequency)
    return found


def _postings(row: Numbers) -> set[Posting]:
    """All postings of one document: title, 0, text, 0."""
    words = row.tolist()
    length = int(classes(np.array([len(words) - 2]))[0])
    end = words.index(0)
    title = {(word, 0) for word in words[:end]} | set(pairwise(words[:end]))
    times = Counter((word, 0) for word in words if word)
    times.update(pair for pair in pairwise(words) if all(pair))
    return {(*term, min(many, MOST), term in title, length) for term, many in times.items()}
