"""Many cards in little memory, for the workers: as bytes, each decoded when somebody looks at it.

in:   the cards of a corpus, in their order
out:  Stored, which is read like a sequence of cards; Row, some of them in an order of their own, which is what stands on a
      shelf; Named, the same cards by id

A card takes 3 KB as a value and a third of that as bytes. The bytes of all are one buffer, so that workers of one machine
can look at one copy of it (`workers`).
"""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, overload

from dateline import codec
from dateline.model import Card

OPEN = 8_192
"""Cards that are held decoded: a shelf is looked at several times."""


class Stored(Sequence[Card]):
    """All cards of a corpus.

    >>> cards = Stored.of([])
    >>> len(cards)
    0
    """

    __slots__ = ("_ends", "_packed", "opened")

    def __init__(self, packed: bytes | memoryview, ends: array[int]) -> None:
        self._packed, self._ends = packed, ends
        self.opened = _opener(packed, ends)
        """Number → card."""

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Stored:
        made = [codec.encode(card) for card in cards]
        return cls(b"".join(made), array("Q", accumulate(map(len, made), initial=0)))

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Stored, (pickle.PickleBuffer(self._packed), self._ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> Card: ...
    @overload
    def __getitem__(self, at: slice) -> Row: ...
    def __getitem__(self, at: int | slice) -> Card | Row:
        numbers = range(len(self))[at]
        return self.opened(numbers) if isinstance(numbers, int) else Row(self, array("I", numbers))


def _opener(packed: bytes | memoryview, ends: array[int]) -> Callable[[int], Card]:
    @lru_cache(maxsize=OPEN)                     # of a function, not a method: Python 3.11 crashes on a view in a circle of references
    def opened(number: int) -> Card:
        return codec.decode(bytes(packed[ends[number] : ends[number + 1]]), Card)

    return opened


class Row(Sequence[Card]):
    """Some of the cards, by their numbers."""

    __slots__ = ("_cards", "numbers")

    def __init__(self, cards: Stored, numbers: array[int]) -> None:
        self._cards, self.numbers = cards, numbers

    def __reduce__(self) -> tuple[type[Row], tuple[Stored, array[int]]]:
        return Row, (self._cards, self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Card]:
        return map(self._cards.opened, self.numbers)

    @overload
    def __getitem__(self, at: int) -> Card: ...
    @overload
    def __getitem__(self, at: slice) -> Row: ...
    def __getitem__(self, at: int | slice) -> Card | Row:
        chosen = self.numbers[at]
        return self._cards.opened(chosen) if isinstance(chosen, int) else Row(self._cards, chosen)


class Named(Mapping[str, Card]):
    """The cards by id."""

    __slots__ = ("_cards", "_numbers")

    def __init__(self, cards: Stored, numbers: Mapping[str, int]) -> None:
        self._cards, self._numbers = cards, numbers

    def __reduce__(self) -> tuple[type[Named], tuple[Stored, Mapping[str, int]]]:
        return Named, (self._cards, self._numbers)

    def __getitem__(self, id: str) -> Card:
        return self._cards.opened(self._numbers[id])

    def __contains__(self, id: object) -> bool:
        return id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def light(cards: Sequence[Card]) -> tuple[Named, Callable[[Iterable[Card]], Row]]:
    """The same cards as bytes, by id; and what makes a row of some of them."""
    stored, numbers = Stored.of(cards), {card.id: number for number, card in enumerate(cards)}
    return Named(stored, numbers), lambda some: Row(stored, array("I", [numbers[card.id] for card in some]))
