"""What we know about places: data/provinces.yml (units) and data/places.yml (how their names are read in news).

in:   the data folders, the shipped one first
out:  (Gazetteer, problems)     frozen, plain and picklable; matchers are compiled on first use, not kept in it

A unit's identity is its slug within an era ("63" until 2025-06-30, "34" since): official codes were re-used across the
merger. A later folder's entry replaces an earlier one of the same slug or id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dateline import yamlfile
from dateline.model import Problem
from dateline.text import collate
from dateline.yamlfile import Node

Era = Literal["63", "34"]
UnitType = Literal["province", "municipality"]
Grade = Literal["province", "city", "landmark", "strong", "typed", "rare", "ambiguous"]

MERGED_ON = "2025-07-01"
"""The day the 34 units began and districts ended."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A province or municipality of one era."""

    slug: str
    era: Era
    name: str
    name_en: str
    label: str
    """What fits on a map tile: "TP. HCM"."""
    region: str
    seat: str
    tile: tuple[int, int]
    """Row and column on the map, from 1, north first."""
    types: tuple[tuple[str, UnitType], ...]
    """First day ("" from the beginning) and type, in order of time."""
    predecessors: tuple[str, ...] = ()
    """Slugs of the 63 that make it up; only for era "34"."""
    successor: str = ""
    """Slug of the 34 it belongs to; only for era "63"."""
    aliases: tuple[str, ...] = ()
    """Other ways to write its name."""

    def type_on(self, day: str) -> UnitType:
        """Province or municipality on an ISO day: Huế became a municipality on 2025-01-01."""
        current = self.types[0][1]
        for since, kind in self.types:
            if since <= day:
                current = kind
        return current


@dataclass(frozen=True, slots=True)
class Island:
    """An island district that the map shows as a label."""

    slug: str
    name: str
    name_en: str
    province: str
    tile_34: tuple[int, int]
    tile_63: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Place:
    """A name that points to one of the 63, and how much it is worth alone."""

    name: str
    province: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Trap:
    """Longer names that contain a place's name and are something else."""

    id: str
    why: str
    names: tuple[str, ...]
    example: str
    """A sentence in which nothing may count as a place."""


@dataclass(frozen=True, slots=True)
class Context:
    """Words beside a place's name that say how much it tells about where the story happens."""

    id: str
    why: str
    factor: float
    """0: says nothing about the story; 1: as good as the bare name; above: better."""
    before: tuple[str, ...]
    """Directly before the name."""
    near: tuple[str, ...]
    """Shortly before it in the same clause."""
    after: tuple[str, ...]
    """Directly after it."""
    example: str
    """A sentence in which the name of `province` is read this way."""
    province: str


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that say what kind of story it is. One kind per entry of data/places.yml under `cues`."""

    id: str
    why: str
    weight: float
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """All of it. Compared by identity, so that compiled matchers can be looked up by it."""

    units_34: tuple[Unit, ...] = ()
    units_63: tuple[Unit, ...] = ()
    islands: tuple[Island, ...] = ()
    regions: tuple[Region, ...] = ()
    places: tuple[Place, ...] = ()
    traps: tuple[Trap, ...] = ()
    contexts: tuple[Context, ...] = ()
    cues: tuple[Cues, ...] = ()
    surnames: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    """Capitalised words that may stand before a place's name without making a longer name of it."""
    districts_before: tuple[str, ...] = ()
    """Words for a district before its name: huyện, quận, TX …"""
    towns_before: tuple[str, ...] = ()
    """Words for a town or city before its name, which may be the province's own: thành phố, TP …"""
    districts_after: tuple[str, ...] = ()
    towns_after: tuple[str, ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()
    """Words in a host's name and the province they speak for: ("huengaynay", "thua-thien-hue")."""
    translations: tuple[tuple[str, str], ...] = ()
    """Names in other scripts: ("하노이", "ha-noi")."""
    examples: tuple[tuple[str, str], ...] = ()
    """Sentences and the one of the 63 that must be found in them."""
    _units: dict[tuple[str, str], Unit] = field(default_factory=dict, repr=False)

    def unit(self, slug: str, era: Era) -> Unit | None:
        return self._units.get((slug, era))

    def province(self, slug: str) -> Unit | None:
        """The unit of that slug: today's where there is one, else the former."""
        return self._units.get((slug, "34")) or self._units.get((slug, "63"))

    def successor(self, slug63: str) -> str | None:
        """The 34-era slug of one of the 63: "hai-duong" → "hai-phong"."""
        unit = self._units.get((slug63, "63"))
        return unit.successor if unit else None

    def predecessors(self, slug34: str) -> tuple[str, ...]:
        unit = self._units.get((slug34, "34"))
        return unit.predecessors if unit else ()

    def region(self, id: str) -> Region | None:
        return next((region for region in self.regions if region.id == id), None)


# -- reading --------------------------------------------------------------------------------------------------------

_UNIT_LISTS = {"regions": "id", "units_34": "slug", "units_63": "slug", "islands": "slug", "historical": "name"}
_READING_LISTS = {"traps": "id", "contexts": "id", "cues": "id"}
_READING_WORDS = ("surnames", "heads", "districts_before", "towns_before", "districts_after", "towns_after")
_READING_PAIRS = ("hosts", "translations")


def load(folders: Sequence[Path]) -> tuple[Gazetteer, list[Problem]]:
    """Read provinces.yml and places.yml of every folder; all complaints in one run."""
    files = [(name, yamlfile.load(folder / name, f"data/{name}"))
             for folder in folders for name in ("provinces.yml", "places.yml") if (folder / name).exists()]
    facts = [node for name, node in files if name == "provinces.yml"]
    reading = [node for name, node in files if name == "places.yml"]
    for node in facts:
        node.only(*_UNIT_LISTS)
    for node in reading:
        node.only(*_READING_LISTS, *_READING_WORDS, *_READING_PAIRS)
    gazetteer = _build({key: _merged(facts, key, identity) for key, identity in _UNIT_LISTS.items()},
                       {key: _merged(reading, key, identity) for key, identity in _READING_LISTS.items()}, reading)
    return gazetteer, [problem for _, node in files for problem in node.complaints.problems]


def _merged(files: Sequence[Node], key: str, identity: str) -> tuple[Node, ...]:
    entries: dict[str, Node] = {}
    for node in files:
        entries.update({entry.need(identity).string(): entry for entry in node.get(key).list()})
    return tuple(entries.values())


def _words(files: Sequence[Node], key: str) -> tuple[str, ...]:
    """The last file's list: a word list is replaced whole."""
    given = [node.get(key).strings() for node in files if node.get(key).present]
    return given[-1] if given else ()


def _pairs(files: Sequence[Node], key: str, known: Iterable[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for node in files:
        found.update({word: value.choice(tuple(known), "") for word, value in node.get(key).items()})
    return tuple((word, slug) for word, slug in found.items() if slug)


def _build(facts: dict[str, tuple[Node, ...]], rules: dict[str, tuple[Node, ...]], reading: Sequence[Node]) -> Gazetteer:
    units_34 = tuple(sorted((_unit(node, "34") for node in facts["units_34"]), key=lambda unit: collate(unit.name)))
    units_63 = tuple(sorted((_unit(node, "63") for node in facts["units_63"]), key=lambda unit: collate(unit.name)))
    _check_merger(facts, units_34, units_63)
    slugs = [unit.slug for unit in units_63]
    return Gazetteer(
        units_34=units_34,
        units_63=units_63,
        islands=tuple(_island(node) for node in facts["islands"]),
        regions=tuple(Region(node.need("id").string(), node.need("name").string(), node.need("name_en").string())
                      for node in facts["regions"]),
        places=tuple(place for node in facts["units_63"] for place in _places(node)) + _historical(facts["historical"]),
        traps=tuple(_trap(node) for node in rules["traps"]),
        contexts=tuple(_context(node) for node in rules["contexts"]),
        cues=tuple(_cues(node) for node in rules["cues"]),
        surnames=_words(reading, "surnames"),
        heads=_words(reading, "heads"),
        districts_before=_words(reading, "districts_before"),
        towns_before=_words(reading, "towns_before"),
        districts_after=_words(reading, "districts_after"),
        towns_after=_words(reading, "towns_after"),
        hosts=_pairs(reading, "hosts", slugs),
        translations=_pairs(reading, "translations", slugs),
        examples=tuple((node.need("example").string(), node.need("slug").string()) for node in facts["units_63"]),
        _units={(unit.slug, unit.era): unit for unit in (*units_63, *units_34)},
    )


def _unit(node: Node, era: Era) -> Unit:
    own = ("predecessors",) if era == "34" else ("successor", "spellings", "cities", "landmarks", "districts", "example")
    node.only("slug", "name", "name_en", "label", "type", "later", "region", "seat", "tile", *own)
    name = node.need("name").string()
    later = tuple((entry.need("from").string(), _type(entry.need("type"))) for entry in node.get("later").list())
    return Unit(
        slug=node.need("slug").string(),
        era=era,
        name=name,
        name_en=node.need("name_en").string(),
        label=node.get("label").string(name),
        region=node.need("region").string(),
        seat=node.need("seat").string(),
        tile=_tile(node.need("tile")),
        types=(("", _type(node.need("type"))), *sorted(later)),
        predecessors=node.get("predecessors").strings(),
        successor=node.get("successor").string(),
        aliases=node.get("spellings").strings(),
    )


def _type(node: Node) -> UnitType:
    return "municipality" if node.choice(("province", "municipality"), "province") == "municipality" else "province"


def _tile(node: Node) -> tuple[int, int]:
    numbers = [entry.integer() for entry in node.list()]
    if len(numbers) != 2:
        node.complain(f"{node.name} must be a row and a column", "write  tile: [4, 6]")
        return (0, 0)
    return numbers[0], numbers[1]


def _check_merger(facts: dict[str, tuple[Node, ...]], units_34: Sequence[Unit], units_63: Sequence[Unit]) -> None:
    """Predecessors and successors must say the same."""
    after = {unit.slug: unit.successor for unit in units_63}
    before = {unit.slug: unit.predecessors for unit in units_34}
    for node in facts["units_34"]:
        for old in node.get("predecessors").list():
            slug = node.get("slug").string()
            if after.get(old.string()) != slug:
                old.complain(f'{slug} names the predecessor "{old.string()}", whose successor is not {slug}',
                             "correct predecessors here or successor there")
    for node in facts["units_63"]:
        successor = node.need("successor")
        if node.get("slug").string() not in before.get(successor.string(), ()):
            successor.complain(f'"{successor.string()}" does not name {node.get("slug").string()} as a predecessor',
                               "correct successor here or predecessors there")


def _island(node: Node) -> Island:
    node.only("slug", "name", "name_en", "province", "tile_34", "tile_63")
    return Island(node.need("slug").string(), node.need("name").string(), node.need("name_en").string(),
                  node.need("province").string(), _tile(node.need("tile_34")), _tile(node.need("tile_63")))


_GRADES: tuple[Grade, ...] = ("strong", "typed", "rare", "ambiguous")


def _places(node: Node) -> Iterable[Place]:
    slug = node.get("slug").string()
    districts = node.get("districts")
    districts.only(*_GRADES)
    bare = slug == "ho-chi-minh"        # without TP it is the person: only the spellings count
    name = "" if bare else node.get("name").string()
    yield from (Place(spelling, slug, "province") for spelling in dict.fromkeys((name, *node.get("spellings").strings())))
    yield from (Place(name, slug, "city") for name in node.get("cities").strings())
    yield from (Place(name, slug, "landmark") for name in node.get("landmarks").strings())
    for grade in _GRADES:
        yield from (Place(name, slug, grade) for name in districts.get(grade).strings())


def _historical(nodes: Sequence[Node]) -> tuple[Place, ...]:
    """A former unit counts when all of it went to one of the 63 (Hà Tây); the others are only history."""
    found = []
    for node in nodes:
        node.only("name", "until", "successors")
        successors = node.need("successors").strings()
        grade: Grade = "strong" if len(successors) == 1 else "ambiguous"
        found += [Place(node.need("name").string(), slug, grade) for slug in successors]
    return tuple(found)


def _trap(node: Node) -> Trap:
    node.only("id", "why", "names", "example")
    return Trap(node.need("id").string(), node.need("why").string(), node.need("names").strings(),
                node.need("example").string())


def _context(node: Node) -> Context:
    node.only("id", "why", "factor", "before", "near", "after", "example", "province")
    return Context(node.need("id").string(), node.need("why").string(), node.need("factor").number(),
                   node.get("before").strings(), node.get("near").strings(), node.get("after").strings(),
                   node.need("example").string(), node.need("province").string())


def _cues(node: Node) -> Cues:
    node.only("id", "why", "weight", "words", "example")
    weight = node.get("weight")
    return Cues(node.need("id").string(), node.need("why").string(), weight.number() if weight.present else 1.0,
                node.need("words").strings(), node.need("example").string())
