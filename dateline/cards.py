"""Many cards in little memory, for the workers: as bytes, each decoded when somebody looks at it.

in:   the cards of a corpus, in their order
out:  Stored, the same cards by id

A card takes 3 KB as a value and a third of that as bytes. The bytes of all are one buffer, so that workers of one machine
can look at one copy of it (`workers`).
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Any

from dateline import codec
from dateline.model import Card

OPEN = 8_192
"""Cards that are held decoded: an article is mentioned on pages that are made one after the other."""


class Stored(Mapping[str, Card]):
    """All cards of a corpus, by id.

    >>> dict(Stored.of([]))
    {}
    """

    __slots__ = ("_ends", "_opened", "_packed", "_places")

    def __init__(self, packed: bytes | memoryview, ends: array[int], places: Mapping[str, int]) -> None:
        self._packed, self._ends, self._places = packed, ends, places
        self._opened = _opener(packed, ends)

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Stored:
        made = {card.id: codec.encode(card) for card in cards}
        places = {id: place for place, id in enumerate(made)}
        return cls(b"".join(made.values()), array("Q", accumulate(map(len, made.values()), initial=0)), places)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Stored, (pickle.PickleBuffer(self._packed), self._ends, self._places)

    def __getitem__(self, id: str) -> Card:
        return self._opened(self._places[id])

    def __contains__(self, id: object) -> bool:
        return id in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _opener(packed: bytes | memoryview, ends: array[int]) -> Callable[[int], Card]:
    @lru_cache(maxsize=OPEN)                     # of a function, not a method: Python 3.11 crashes on a view in a circle of references
    def opened(place: int) -> Card:
        return codec.decode(bytes(packed[ends[place] : ends[place + 1]]), Card)

    return opened
