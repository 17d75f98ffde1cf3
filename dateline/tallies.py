"""Shelf → what its page says in numbers, counted once for all languages of the interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dateline import queries, shelves
from dateline.labels import Labels
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


def of(shelf: Shelf, labels: Labels) -> Tally:
    """Count a shelf; what its own facet makes pointless is left out."""
    cards, facet = shelf.cards, shelf.facet
    units = [] if facet in {"province", "former", "pair"} else [
        unit for card in cards for unit in dict.fromkeys([labels.successor(ref.slug, ref.era) for ref in card.provinces])]
    topics = [] if facet in {"topic", "pair"} else [topic for card in cards for topic in dict.fromkeys(card.topics)]
    years = Counter([shelves.year_of(card) or "none" for card in cards])
    months = Counter([shelves.month_of(card) or "" for card in cards]) if facet == "year" else Counter[str]()
    return Tally(
        asked=queries.of_shelf(shelf, labels),
        topics=_most(topics),
        provinces=_most(units),
        languages=_most(card.language for card in cards) if facet != "language" else (),
        sources=_most(card.publisher or card.via or "none" for card in cards) if facet != "source" else (),
        years=tuple((year, years[year]) for year in sorted(years, key=lambda one: (one != "none", one), reverse=True)),
        months=tuple((month, months[month]) for month in sorted(months) if month),
    )


def _most(found: Iterable[str]) -> Counted:
    return tuple(sorted(Counter(found).items(), key=lambda item: (item[0] == "none", -item[1], item[0])))
