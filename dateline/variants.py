"""One name for an institution that newsrooms print in many ways: the variants of data/names.yml.

in:   organisations as printed, the variants, the provinces' names
out:  the same tags under the institution's full Vietnamese name; what is quoted as evidence stays as printed

Only where nothing can be mistaken: a ministry, or an authority of a province that stands in its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dateline.gazetteer import Gazetteer
from dateline.model import Tag
from dateline.text import fold
from dateline.wordlists import Names, Variant

_PROVINCE = re.compile(r"^tinh\s+| province(?:'s)?$")
_CITY = re.compile(r"^(?:thanh pho\s+|tp(?:\.\s*|\s+))| city(?:'s)?$")


def unified(tags: Sequence[Tag], names: Names, gazetteer: Gazetteer) -> tuple[Tag, ...]:
    """Organisations under their one name; those that thereby become the same are one tag with the quotes of both."""
    known = _known(names, gazetteer)
    found: dict[tuple[str, str], Tag] = {}
    for tag in tags:
        if tag.facet == "organisation":
            tag = replace(tag, claim=replace(tag.claim, value=full_name(tag.value, known)))
        place = (tag.facet, tag.value)
        found[place] = _joined(found[place], tag) if tag.facet == "organisation" and place in found else tag
    return tuple(found.values())


def _joined(one: Tag, other: Tag) -> Tag:
    claim, more = one.claim, other.claim
    return replace(one, claim=replace(claim, confidence=max(claim.confidence, more.confidence),
                                      evidence=(*claim.evidence, *more.evidence)[:3]))


@dataclass(frozen=True, slots=True)
class Known:
    """The variants, ready to be looked up by folded name."""

    whole: dict[str, str]
    local: tuple[tuple[str, Variant], ...]
    """Each spelling of an authority that every province has, the longest first."""
    places: dict[str, tuple[str, str]]
    """A province's spelling → its name, and its name after tỉnh or thành phố."""


@lru_cache(maxsize=4)
def _known(names: Names, gazetteer: Gazetteer) -> Known:
    places: dict[str, tuple[str, str]] = {}
    for unit in (*gazetteer.units_34, *gazetteer.units_63):
        kind = "thành phố" if unit.types[0][1] == "municipality" else "tỉnh"
        called = (unit.name, unit.name if unit.name.startswith("TP") else f"{kind} {unit.name}")
        for name in (unit.name, unit.name_en, *unit.aliases):
            places.setdefault(_plain(name), called)
    local = [(_plain(also), variant) for variant in names.variants if variant.local for also in (variant.name, *variant.also)]
    return Known(
        {_plain(also): variant.name for variant in names.variants if not variant.local for also in _spelled(variant.also)},
        tuple(sorted(local, key=lambda pair: (-len(pair[0]), pair[0]))),
        places,
    )


def _spelled(names: Iterable[str]) -> Iterable[str]:
    """With and without the article."""
    for name in names:
        yield from (name, f"the {name}")


def _plain(name: str) -> str:
    return " ".join(fold(name).split())


def full_name(printed: str, known: Known) -> str:
    """The full Vietnamese name of a known institution, else the name as printed.

    "Sở GD-ĐT Nghệ An", "Nghe An Department of Education and Training" → "Sở Giáo dục và Đào tạo Nghệ An"
    """
    plain = _plain(printed)
    if plain in known.whole:
        return known.whole[plain]
    for spelling, variant in known.local:
        called = _place(_rest(plain, spelling), known.places)
        if called is not None:
            return f"{variant.name} {called[variant.typed]}"
    return printed


def _rest(plain: str, spelling: str) -> str:
    """What stands in a name beside the authority's kind."""
    if plain.startswith(spelling + " "):
        return plain[len(spelling) + 1:].removeprefix("of ").removeprefix("- ")
    if plain.endswith(" " + spelling):
        return plain[:-len(spelling) - 1].removeprefix("the ")
    return ""


def _place(rest: str, places: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """The province that it is; "thành phố Bắc Ninh" is a town, not the province."""
    if not rest or rest in places:
        return places.get(rest)
    called = places.get(_PROVINCE.sub("", rest))
    if called is None:
        called = places.get(_CITY.sub("", rest))
        if called is not None and called[1].startswith("tỉnh"):
            return None
    return called
