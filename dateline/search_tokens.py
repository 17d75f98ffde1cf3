"""Texts → the numbers of their words, many texts at a time.

in:   texts, one by one
out:  a row of numbers; 0 stands after every text

A hundred thousand letters are looked at at once (numpy): where words begin and end, and a hash of each. Only a word that
was not seen before becomes a string. The words are those of `search_terms.tokens`; a test holds the two together.

The hash is 64 bits wide, a sum of the letters' codes times fixed odd numbers: among a million words, two that differ and
hash alike have a chance of one in some millions.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dateline.search_terms import MAX_TOKEN

BATCH = 1 << 17
"""Letters that are looked at at once."""
TABLED = 0x3000
"""Letters below are looked up in a table; of those above, each different one is asked about in every batch."""
_CHANCE = random.Random(20261122)
_WEIGHTS = np.array([_CHANCE.getrandbits(64) | 1 for _ in range(MAX_TOKEN)], np.uint64)
_S, _APOSTROPHES = np.array([ord("s"), ord("S")], np.uint32), np.array([ord("'"), ord("’")], np.uint32)

Numbers = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Places = NDArray[np.int32]


class Tokens:
    """Collects texts. `number` says what number a word has, and is asked once for each different word."""

    def __init__(self, number: Callable[[str], int]) -> None:
        self._known = _Known()
        self._number = number
        self._waiting: list[str] = []
        self._letters = 0
        self._found: list[Numbers] = []
        self._alnum = np.fromiter((chr(code).isalnum() for code in range(TABLED)), np.bool_, TABLED)

    def add(self, text: str) -> None:
        self._waiting.append(text)
        self._letters += len(text)
        if self._letters >= BATCH:
            self._look()

    def take(self) -> Numbers:
        """The words of all texts; it forgets them."""
        if self._waiting:
            self._look()
        found, self._found = self._found, []
        return np.concatenate(found) if found else np.zeros(0, np.uint32)

    def _look(self) -> None:
        text = "\n".join(["", *self._waiting, ""])
        ends = np.cumsum([len(one) + 1 for one in self._waiting])
        self._waiting, self._letters = [], 0
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        starts, sizes = _words(codes, self._is_alnum(codes))
        hashes = _hashes(codes, starts, sizes)
        numbers = self._known.get(hashes)
        new = np.flatnonzero(numbers == 0)
        if len(new):
            different, first, same = np.unique(hashes[new], return_index=True, return_inverse=True)
            begins, many = starts[new[first]].tolist(), sizes[new[first]].tolist()
            made = np.empty(len(different), np.uint32)
            for place in np.argsort(first).tolist():      # in the order of the text, whatever the hashes are
                start = begins[place]
                made[place] = self._number(text[start : start + many[place]])
            self._known.put(different, made)
            numbers[new] = made[same]
        self._found.append(np.insert(numbers, np.searchsorted(starts, ends), 0))

    def _is_alnum(self, codes: Numbers) -> NDArray[np.bool_]:
        found = self._alnum[np.minimum(codes, TABLED - 1)]
        high = np.flatnonzero(codes >= TABLED)
        if len(high):
            different, same = np.unique(codes[high], return_inverse=True)
            found[high] = np.fromiter((chr(code).isalnum() for code in different.tolist()), np.bool_, len(different))[same]
        return found


def _words(codes: Numbers, alnum: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Where words start, and their sizes, cut at MAX_TOKEN. The first and the last letter belong to none."""
    change = (np.flatnonzero(alnum[1:] != alnum[:-1]) + 1).astype(np.int32)
    starts, sizes = change[0::2], change[1::2] - change[0::2]
    possessive = np.flatnonzero(
        (sizes == 1) & np.isin(codes[starts], _S) & np.isin(codes[starts - 1], _APOSTROPHES) & alnum[starts - 2]
    )
    if len(possessive):
        kept = np.ones(len(starts), np.bool_)
        for at in possessive.tolist():                    # in "x's's" the second one follows no word
            kept[at] = not kept[at - 1]
        starts, sizes = starts[kept], sizes[kept]
    return starts, np.minimum(sizes, MAX_TOKEN)


def _hashes(codes: Numbers, starts: Places, sizes: Places) -> Hashes:
    if not len(starts):
        return np.zeros(0, np.uint64)
    begins = np.cumsum(sizes, dtype=np.int32) - sizes
    place = np.arange(int(sizes.sum()), dtype=np.int32) - np.repeat(begins, sizes)
    letters = codes[np.repeat(starts, sizes) + place].astype(np.uint64)
    hashes: Hashes = np.add.reduceat(letters * _WEIGHTS[place], begins)
    return np.maximum(hashes, np.uint64(1))


class _Known:
    """Hash → number, for whole rows of hashes; 0 for one that is not known.

    Every hash has two slots. One that finds both taken stays among the few that are searched for.
    """

    _few_hashes: Hashes
    _few_numbers: Numbers

    def __init__(self) -> None:
        self._room(1 << 16)
        self._all_hashes, self._all_numbers = np.zeros(0, np.uint64), np.zeros(0, np.uint32)

    def get(self, hashes: Hashes) -> Numbers:
        found = np.zeros(len(hashes), np.uint32)
        open_ = np.arange(len(hashes))
        for shift in (0, 32):
            slots = self._slots(hashes[open_], shift)
            here = self._hashes[slots] == hashes[open_]
            found[open_[here]] = self._numbers[slots[here]]
            open_ = open_[~here]
        if len(open_) and len(self._few_hashes):
            at = np.minimum(np.searchsorted(self._few_hashes, hashes[open_]), len(self._few_hashes) - 1)
            here = self._few_hashes[at] == hashes[open_]
            found[open_[here]] = self._few_numbers[at[here]]
        return found

    def put(self, hashes: Hashes, numbers: Numbers) -> None:
        """Hashes that are not known yet, each once."""
        self._all_hashes = np.append(self._all_hashes, hashes)
        self._all_numbers = np.append(self._all_numbers, numbers)
        size = len(self._hashes)
        if len(self._all_hashes) * 4 > size:
            while len(self._all_hashes) * 4 > size:
                size *= 4
            self._room(size)
            hashes, numbers = self._all_hashes, self._all_numbers
        for shift in (0, 32):
            slots = self._slots(hashes, shift)
            free = self._hashes[slots] == 0
            self._hashes[slots[free]] = hashes[free]       # of several for one slot, the last one gets it
            got = self._hashes[slots] == hashes
            self._numbers[slots[got]] = numbers[got]
            hashes, numbers = hashes[~got], numbers[~got]
        self._few_hashes, self._few_numbers = np.append(self._few_hashes, hashes), np.append(self._few_numbers, numbers)
        order = np.argsort(self._few_hashes)
        self._few_hashes, self._few_numbers = self._few_hashes[order], self._few_numbers[order]

    def _room(self, size: int) -> None:
        self._hashes, self._numbers = np.zeros(size, np.uint64), np.zeros(size, np.uint32)
        self._few_hashes, self._few_numbers = np.zeros(0, np.uint64), np.zeros(0, np.uint32)

    def _slots(self, hashes: Hashes, shift: int) -> NDArray[np.int64]:
        return ((hashes >> np.uint64(shift)) & np.uint64(len(self._hashes) - 1)).astype(np.int64)
