"""What things are called: provinces, topics, outlets, languages and rules, in each interface language.

The only place where pages look into the knowledge; `Source` says how little of it they need.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from dateline.strings import Strings

Era = Literal["63", "34"]


class Source(Protocol):
    """The parts of `knowledge.Knowledge` that pages read."""

    @property
    def gazetteer(self) -> Any: ...
    @property
    def taxonomy(self) -> Any: ...
    @property
    def outlets(self) -> Any: ...
    @property
    def rules(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """A province or municipality as pages show it."""

    slug: str
    era: Era
    name: str
    name_en: str
    short: str
    """What fits on a tile of the map: "TP. HCM"."""
    successor: str
    """Slug of the unit it belongs to since 1 July 2025; its own for one of the 34."""
    row: int = 0
    """Place on the tile map, 1-based; 0 when it has none."""
    column: int = 0

    def label(self, language: str) -> str:
        return self.name_en if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Island:
    """A label on the map, and the province its news counts for."""

    slug: str
    name: str
    name_en: str
    province: str
    tile_34: tuple[int, int]
    tile_63: tuple[int, int]

    def label(self, language: str) -> str:
        return f"{self.name} ({self.name_en})" if language == "en" else self.name


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    parent: str | None
    label_en: str
    label_vi: str

    def label(self, language: str) -> str:
        return self.label_vi if language == "vi" else self.label_en


@dataclass(frozen=True, slots=True)
class Labels:
    """Names by id. Plain data; a worker can have a copy."""

    strings: Strings
    units_34: Mapping[str, Unit]
    units_63: Mapping[str, Unit]
    islands: tuple[Island, ...]
    topics: Mapping[str, Topic]
    outlets: Mapping[str, str]
    """Domain → the outlet's name."""
    rules: Mapping[str, Mapping[str, str]]
    """Id of a cleaning rule → language → why it cuts, where the rule says so."""
    _said: dict[tuple[str, str, str], str] = field(default_factory=dict, compare=False, repr=False)
    """Words for rules that were asked for before: the same few give the evidence of every article."""

    def successor(self, slug: str, era: str) -> str:
        """The slug of today's unit."""
        if era == "63" and slug in self.units_63:
            return self.units_63[slug].successor
        return slug

    def predecessors(self, slug: str) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units_63.values() if unit.successor == slug)

    def unit(self, slug: str, era: str) -> Unit | None:
        return self.units_63.get(slug) if era == "63" else self.units_34.get(slug)

    def province(self, slug: str, era: str, language: str) -> str:
        unit = self.unit(slug, era) or self.units_34.get(slug) or self.units_63.get(slug)
        if unit:
            return unit.label(language)
        return self.strings.t(language, "province.national") if slug == "national" else slug

    def topic(self, topic_id: str, language: str) -> str:
        topic = self.topics.get(topic_id)
        return topic.label(language) if topic else topic_id

    def outlet(self, domain: str) -> str:
        return self.outlets.get(domain, domain)

    def language(self, code: str, language: str) -> str:
        """ "Vietnamese" for vi."""
        key = f"language.{code}"
        known = self.strings.has(language, key)
        return self.strings.t(language, key) if known else self.strings.t(language, "language.other", code=code)

    def reason(self, rule: str, language: str) -> str:
        """Why a line was cut: its rule's own words in this language, else those of the rule's kind."""
        known = self._said.get(("removed", rule, language))
        if known is None:
            known = self._said["removed", rule, language] = self._reason(rule, language)
        return known

    def _reason(self, rule: str, language: str) -> str:
        own = self.rules.get(rule, {})
        exact = f"removed.{rule}"
        if self.strings.has(language, exact):
            return self.strings.t(language, exact)
        if own.get(language):
            return own[language].rstrip(".")
        if rule in self.outlets:
            return self.strings.t(language, "removed.outlet", name=self.outlets[rule])
        return self._nearest(f"removed.{rule}", language) or own.get("en") or rule

    def evidence(self, rule: str, language: str) -> str:
        """What made a piece of evidence count, in words; "" when there are none for this rule."""
        known = self._said.get(("evidence", rule, language))
        if known is None:
            known = self._said["evidence", rule, language] = self._nearest(f"evidence.{rule}", language)
        return known

    def _nearest(self, key: str, language: str) -> str:
        """The words for a rule, or for the kind it belongs to: removed.widget.views, removed.widget."""
        while "." in key:
            if self.strings.has(language, key):
                return self.strings.t(language, key)
            key = key.rpartition(".")[0]
        return ""


def of(knowledge: Source, strings: Strings, domains: Iterable[str]) -> Labels:
    """Take the names out of the knowledge; `domains` are the outlets whose names will be needed."""
    places = knowledge.gazetteer
    outlets = {domain: knowledge.outlets.by_id(domain) for domain in sorted(set(domains))}
    return Labels(
        strings=strings,
        units_34={unit.slug: _unit(unit, "34") for unit in places.units_34},
        units_63={unit.slug: _unit(unit, "63") for unit in places.units_63},
        islands=tuple(
            Island(one.slug, one.name, one.name_en, one.province, tuple(one.tile_34), tuple(one.tile_63))
            for one in places.islands
        ),
        topics={one.id: Topic(one.id, one.parent, one.label_en, one.label_vi) for one in knowledge.taxonomy.topics},
        outlets={domain: outlet.name for domain, outlet in outlets.items() if outlet is not None},
        rules={rule.id: {"en": rule.why, "vi": rule.why_vi} for rule in knowledge.rules.rules},
    )


def _unit(unit: Any, era: Era) -> Unit:
    row, column = unit.tile
    successor = unit.successor if era == "63" else unit.slug
    return Unit(unit.slug, era, unit.name, unit.name_en, unit.label, successor, row, column)
