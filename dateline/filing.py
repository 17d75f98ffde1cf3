"""Card → what lists count and divide an article by, and no more.

A card takes ten times as much memory, and lists look at each article some thirty times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from dateline import edtf
from dateline.labels import Labels
from dateline.model import Card


class Filed(NamedTuple):
    """One article as it stands on a shelf."""

    id: str
    dated: bool
    year: str | None
    """When the date leaves no doubt about it."""
    month: str | None
    """ "2023-03", when the date leaves no doubt about it."""
    language: str
    publisher: str | None
    source: str
    """The publisher, or who republished it, or "none"."""
    topic: str | None
    """What it is mainly about."""
    topics: tuple[str, ...]
    unit: str | None
    """The one of the 34 that it is mainly about, "national", or None."""
    units: tuple[str, ...]
    """Those of the 34 that it speaks of."""
    former: tuple[str, ...]
    """Those of the 63 on whose lists it stands."""
    mainly: tuple[str, ...]
    """Those of `former` that it is mainly about."""
    before: tuple[str, ...]
    """Those of the 63 that it was found to speak of as such."""


def file(cards: Iterable[Card], labels: Labels) -> list[tuple[Card, Filed]]:
    """Every card with its entry. What many have in common is held once."""
    filed = _clerk(labels)
    return [(card, filed(card)) for card in cards]


def _clerk(labels: Labels) -> Callable[[Card], Filed]:
    heirs: dict[str, list[str]] = {}
    for slug, unit in labels.units_63.items():
        heirs.setdefault(unit.successor, []).append(slug)
    # a unit that was not merged goes on under its new name or its old one, so later articles count for it too
    same = {successor: slugs[0] for successor, slugs in heirs.items() if len(slugs) == 1}
    kept: dict[Any, Any] = {}

    def one(value: Any) -> Any:
        return kept.setdefault(value, value)

    def filed(card: Card) -> Filed:
        year, month = period(card.date) if card.date else (None, None)
        former: dict[str, bool] = {}
        for ref in card.provinces:
            slug = ref.slug if ref.era == "63" or ref.role == "former" else same.get(ref.slug, "")
            if slug in labels.units_63:
                former[slug] = former.get(slug, False) or ref.role == "primary"
        return Filed(
            card.id, bool(card.date), year, month, one(card.language), one(card.publisher), one(card.publisher or card.via or "none"),
            one(card.topic), one(tuple(dict.fromkeys(card.topics))), one(primary_unit(card, labels)),
            one(tuple(dict.fromkeys([labels.successor(ref.slug, ref.era) for ref in card.provinces]))),
            one(tuple(former)), one(tuple([slug for slug, mainly in former.items() if mainly])),
            one(tuple(dict.fromkeys([ref.slug for ref in card.provinces if ref.era == "63"]))),
        )

    return filed


@lru_cache(maxsize=32768)
def period(date: str) -> tuple[str | None, str | None]:
    """Year and month of a date, where it leaves no doubt about them."""
    parsed = edtf.parse(date)
    year = f"{parsed.year:04}" if parsed and parsed.year else None
    return year, f"{year}-{parsed.month:02}" if year and parsed and parsed.month else None


def primary_unit(card: Card, labels: Labels) -> str | None:
    """The one of the 34 that an article is mainly about, "national", or None."""
    if card.province is None:
        return None
    era = next((ref.era for ref in card.provinces if ref.slug == card.province and ref.role == "primary"), "63")
    if card.province not in labels.units_63 and card.province in labels.units_34:
        era = "34"
    return labels.successor(card.province, era)
