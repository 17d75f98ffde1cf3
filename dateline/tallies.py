"""Shelf → what its page says in numbers, counted once for all languages of the interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dateline import queries
from dateline.queries import Asked
from dateline.shelves import Shelf

Counted = tuple[tuple[str, int], ...]
"""(Id, articles), the commonest first and what was not found, "none", last."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Articles of a shelf by what else they are filed under."""

    asked: Asked | None
    """What makes the search show the shelf."""
    topics: Counted
    provinces: Counted
    """Today's units."""
    languages: Counted
    sources: Counted
    years: Counted
    """Newest first, "none" last."""
    months: Counted
    """Oldest first; without what has no month."""


def of(shelf: Shelf) -> Tally:
    """Count a shelf; what its own facet makes pointless is left out."""
    articles, facet = shelf.articles, shelf.facet
    units = [] if facet in {"province", "former", "pair"} else [unit for one in articles for unit in one.units]
    topics = [] if facet in {"topic", "pair"} else [topic for one in articles for topic in one.topics]
    years = Counter([one.year or "none" for one in articles])
    months = Counter([one.month or "" for one in articles]) if facet == "year" else Counter[str]()
    return Tally(
        asked=queries.of_shelf(shelf),
        topics=_most(topics),
        provinces=_most(units),
        languages=_most([one.language for one in articles]) if facet != "language" else (),
        sources=_most([one.source for one in articles]) if facet != "source" else (),
        years=tuple((year, years[year]) for year in sorted(years, key=lambda one: (one != "none", one), reverse=True)),
        months=tuple((month, months[month]) for month in sorted(months) if month),
    )


def _most(found: Iterable[str]) -> Counted:
    return tuple(sorted(Counter(found).items(), key=lambda item: (item[0] == "none", -item[1], item[0])))
