"""What search knows of an article, and the order in which articles are numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.cache import Cache

FACETS = ("province", "province63", "language", "topic", "source")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What search knows of one article."""

    id: str
    url: str
    """Relative to the site's root."""
    title: str
    text: str
    """Body paragraphs and captions, one a line."""
    date: str | None
    """EDTF."""
    language: str
    provinces34: tuple[str, ...] = ()
    provinces63: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    source: str | None = None
    title_source: str = "text"
    machine_translated: bool = False

    @property
    def facets(self) -> tuple[tuple[str, ...], ...]:
        """Values in the order of FACETS."""
        source = (self.source,) if self.source else ()
        return self.provinces34, self.provinces63, (self.language,), self.topics, source


Labels = Mapping[str, Mapping[str, Mapping[str, str]]]
"""facet → value → interface language → what people read. A value without a label is shown as it is."""


def order(date: str | None, id: str) -> tuple[str, str, str]:
    """What documents are sorted by; undated ones come first, so that the newest are the last. A month is never in two parts.

    >>> sorted([order("2024-03-02", "b"), order(None, "c"), order("2024", "a")])
    [('', '', 'c'), ('2024', '2024', 'a'), ('2024-03', '2024-03-02', 'b')]
    """
    return month_of(date), date or "", id


def month_of(date: str | None) -> str:
    """The month of an EDTF date, or the year, when no more is known.

    >>> month_of("2024-03-02T07:30"), month_of("2024~"), month_of(None)
    ('2024-03', '2024', '')
    """
    return (date or "")[:7].rstrip("-/.~?%")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last build left, and the way to what has to be looked at again."""

    cache: Cache
    salt: str
    """Stands for code, knowledge and settings in the cache's keys."""
    stamps: Sequence[str]
    """For each document what it was made from: equal stamps mean equal documents. No two are equal."""
    bodies: Callable[[Sequence[int]], Iterable[Any]]
    """What the texts of the documents of these numbers are made from, in that order."""
    text: Callable[[Any], str]
    """The text, from that. Travels to workers."""
    standing: Mapping[str, str]
    """Path → digest of the files that stand in the site as they were published."""
