"""Cards → shelves: which lists the site has, what stands on each, and in which periods a long one is cut.

A shelf has its page in every interface language; `path` is the one of the default language. Withheld articles stand on
no shelf. Lists are cut by period, never by position, so that a page does not change when an article joins another one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from dateline import edtf
from dateline.labels import Labels
from dateline.model import Card, Corpus
from dateline.text import collate, slug

ONE_PAGE = 100
"""A shelf up to this long is one page."""
NEWEST = 50
"""How many articles the first page of a longer shelf shows."""
ONE_YEAR = 500
"""A year with more articles is cut into months."""
SHARED = 2
"""Articles that must share a person, organisation or document before it gets a page."""
SCARCE = 2_000
"""With several articles on a page, one in so many must share a name: a corpus of 100,000 has pages for names of 50 and more."""
PAIR = 3
"""Articles that a province and a topic must share before the two together get a page."""

FOLDERS = {
    "province": "provinces", "former": "provinces/former", "topic": "topics", "language": "languages",
    "source": "sources", "year": "years", "month": "years", "author": "authors", "person": "people",
    "organisation": "organisations", "document": "documents",
}
NAMES = {"former": "former-provinces", "pair": "province-topics"}
"""What facets without a folder of their own are called in the settings."""

FED = frozenset({"province", "topic", "source"})
"""Facets whose shelves have feeds."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All articles that share one thing."""

    facet: str
    id: str
    """A slug, a topic's id, a domain, "2023", "2023-03"; "none" for the articles that lack the fact."""
    path: str
    cards: Sequence[Card]
    """Newest first, undated last, as in the corpus."""
    primary: frozenset[str] = frozenset()
    """Ids of the articles that are mainly about this one (province, topic, source); the others mention it."""
    names: tuple[str, ...] = ()
    """How people, organisations, documents and authors are printed, commonest first."""
    within: str = ""
    """The province of a province-and-topic shelf, whose `id` is the topic."""

    def __len__(self) -> int:
        return len(self.cards)

    @property
    def table(self) -> str:
        """Path of the same list as a CSV file; "" when it has no page."""
        return f"{self.path.removesuffix('.html')}.csv" if self.path else ""

    @property
    def feeds(self) -> tuple[tuple[str, str, str], ...]:
        """(path, media type, kind) of its feeds; provinces, topics and sources have them."""
        if self.facet not in FED or self.id == "none":
            return ()
        stem = self.path.removesuffix(".html")
        return ((f"{stem}.atom.xml", "application/atom+xml", "Atom"), (f"{stem}.rss.xml", "application/rss+xml", "RSS"),
                (f"{stem}.feed.json", "application/feed+json", "JSON Feed"))

    @property
    def sources(self) -> int:
        return len({card.publisher for card in self.cards if card.publisher})

    @property
    def undated(self) -> int:
        return sum(1 for card in self.cards if not card.date)

    @property
    def years(self) -> tuple[str, str] | None:
        """First and last year."""
        found = [year for year in map(year_of, self.cards) if year]
        return (min(found), max(found)) if found else None


@dataclass(frozen=True, slots=True)
class Period:
    """A page's worth of a long shelf: a year, a month of a crowded year, or what has no year."""

    id: str
    path: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Every shelf by facet, each facet in the order its index shows."""

    by_facet: Mapping[str, tuple[Shelf, ...]]
    paths: Mapping[tuple[str, str], str]
    """(facet, id) → path. People and the like are found by the slug of their name."""

    def of(self, facet: str) -> tuple[Shelf, ...]:
        return self.by_facet.get(facet, ())

    def without(self, parts: Collection[str]) -> Shelves:
        """The same shelves; those of some parts have no page, so that nothing leads there, and are still counted."""
        closed = {facet for facet in self.by_facet if FOLDERS.get(facet, facet) in parts or NAMES.get(facet) in parts}
        if not closed:
            return self
        shelves = {facet: tuple(replace(one, path="") for one in row) if facet in closed else row
                   for facet, row in self.by_facet.items()}
        return Shelves(shelves, {key: path for key, path in self.paths.items() if key[0] not in closed})

    def path(self, facet: str, shelf_id: str | None) -> str:
        """The page of a shelf, "" when it has none."""
        return self.paths.get((facet, shelf_id), "") if shelf_id else ""

    def named(self, facet: str, name: str) -> str:
        """The page of a person, organisation, document or author; "" when only one article names it."""
        return self.paths.get((facet, _name_key(name)), "")


def year_of(card: Card) -> str | None:
    """The year, when the date leaves no doubt about it."""
    return _period(card.date)[0] if card.date else None


def month_of(card: Card) -> str | None:
    """ "2023-03", when the date leaves no doubt about it."""
    return _period(card.date)[1] if card.date else None


@lru_cache(maxsize=32768)
def _period(date: str) -> tuple[str | None, str | None]:
    """Year and month of a date: asked some four hundred times for every article."""
    parsed = edtf.parse(date)
    year = f"{parsed.year:04}" if parsed and parsed.year else None
    return year, f"{year}-{parsed.month:02}" if year and parsed and parsed.month else None


def shelve(corpus: Corpus, labels: Labels) -> Shelves:
    """Put every article that is not withheld on all the shelves it belongs to."""
    cards = tuple(card for card in corpus.cards if card.withheld is None)
    least = max(SHARED, len(cards) // SCARCE) if corpus.digest else 0
    shelves: dict[str, tuple[Shelf, ...]] = {
        "province": _provinces(cards, labels),
        "former": _former(cards, labels),
        "topic": _topics(cards, labels),
        "language": _by_count(_filed("language", ((card.language, card) for card in cards))),
        "source": _sources(cards),
        "year": _years(cards),
        "month": _filed("month", ((month, card) for card in cards if (month := month_of(card)))),
        "author": _named("author", ((name, card) for card in cards if (name := card.author)), max(least, 1)),
        "person": _named("person", ((name, card) for card in cards for name in card.people), max(least, SHARED)),
        "organisation": _named("organisation", ((name, card) for card in cards for name in card.organisations), max(least, SHARED)),
        "document": _named("document", ((name, card) for card in cards for name in card.documents), max(least, SHARED)),
    }
    shelves["pair"] = tuple(_pairs(shelves["province"]))
    return Shelves(shelves, dict(_paths(shelves)))


def _paths(shelves: Mapping[str, Sequence[Shelf]]) -> Iterator[tuple[tuple[str, str], str]]:
    for facet, row in shelves.items():
        for shelf in row:
            if facet == "pair":
                yield (facet, f"{shelf.within}/{shelf.id}"), shelf.path
            for name in shelf.names:
                yield (facet, _name_key(name)), shelf.path
            if not shelf.names and facet != "pair":
                yield (facet, shelf.id), shelf.path


def _path(facet: str, shelf_id: str) -> str:
    return f"{FOLDERS[facet]}/{shelf_id}.html"


def _filed(facet: str, pairs: Iterable[tuple[str, Card]]) -> tuple[Shelf, ...]:
    """Shelves by plain id, in the order of ids."""
    found: defaultdict[str, list[Card]] = defaultdict(list)
    for shelf_id, card in pairs:
        found[shelf_id].append(card)
    return tuple(Shelf(facet, shelf_id, _path(facet, shelf_id), tuple(found[shelf_id])) for shelf_id in sorted(found))


def _by_count(shelves: Iterable[Shelf]) -> tuple[Shelf, ...]:
    return tuple(sorted(shelves, key=lambda shelf: (shelf.id == "none", -len(shelf), shelf.id)))


# -- provinces and topics ---------------------------------------------------------------------------------------------
def _provinces(cards: Sequence[Card], labels: Labels) -> tuple[Shelf, ...]:
    """Today's 34 units with what was filed under their predecessors, then "national" and "none"."""
    found: dict[str, list[Card]] = {unit: [] for unit in labels.units_34}
    primary: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        main = primary_unit(card, labels)
        if main:
            primary[main].add(card.id)
        units = dict.fromkeys(labels.successor(ref.slug, ref.era) for ref in card.provinces)
        for unit in ([main] if main and main not in units else []) + list(units):
            found.setdefault(unit, []).append(card)
        if not units and not main:
            found.setdefault("none", []).append(card)
    known = sorted(labels.units_34.values(), key=lambda unit: collate(unit.name))
    order = [unit.slug for unit in known] + sorted(found.keys() - labels.units_34.keys() - {"none"})
    order += ["none"] if "none" in found else []
    return tuple(
        Shelf("province", unit, _path("province", unit), tuple(found[unit]), frozenset(primary[unit]))
        for unit in order if found[unit]
    )


def primary_unit(card: Card, labels: Labels) -> str | None:
    """The one of the 34 that an article is mainly about, "national", or None."""
    if card.province is None:
        return None
    era = next((ref.era for ref in card.provinces if ref.slug == card.province and ref.role == "primary"), "63")
    if card.province not in labels.units_63 and card.province in labels.units_34:
        era = "34"
    return labels.successor(card.province, era)


def _former(cards: Sequence[Card], labels: Labels) -> tuple[Shelf, ...]:
    """The 63 units as they were until 30 June 2025.

    A unit that was not merged goes on under its new name or its old one, so later articles count for it too.
    """
    heirs = Counter(unit.successor for unit in labels.units_63.values())
    same = {unit.successor: unit.slug for unit in labels.units_63.values() if heirs[unit.successor] == 1}
    found: defaultdict[str, list[Card]] = defaultdict(list)
    primary: defaultdict[str, set[str]] = defaultdict(set)
    for card in cards:
        for ref in card.provinces:
            unit = ref.slug if ref.era == "63" or ref.role == "former" else same.get(ref.slug)
            if unit is not None and unit in labels.units_63 and (not found[unit] or found[unit][-1] is not card):
                found[unit].append(card)
                if ref.role == "primary":
                    primary[unit].add(card.id)
    known = sorted(labels.units_63.values(), key=lambda unit: collate(unit.name))
    return tuple(
        Shelf("former", unit.slug, _path("former", unit.slug), tuple(found[unit.slug]), frozenset(primary[unit.slug]))
        for unit in known if found[unit.slug]
    )


def _topics(cards: Sequence[Card], labels: Labels) -> tuple[Shelf, ...]:
    pairs = [(topic, card) for card in cards for topic in dict.fromkeys(card.topics)]
    pairs += [("none", card) for card in cards if not card.topics]
    shelves = _filed("topic", pairs)
    return _by_count(
        Shelf(one.facet, one.id, one.path, one.cards, frozenset(card.id for card in one.cards if card.topic == one.id))
        for one in shelves
    )


def _pairs(provinces: Iterable[Shelf]) -> Iterator[Shelf]:
    """A province and a topic together, where enough articles share them."""
    for province in provinces:
        if province.id in {"none", "national"}:
            continue
        found: defaultdict[str, list[Card]] = defaultdict(list)
        for card in province.cards:
            for topic in dict.fromkeys(card.topics):
                found[topic].append(card)
        for topic in sorted(found):
            if len(found[topic]) >= PAIR:
                path = f"provinces/{province.id}/{topic}.html"
                yield Shelf("pair", topic, path, tuple(found[topic]), province.primary, within=province.id)


# -- sources and names ------------------------------------------------------------------------------------------------
def _sources(cards: Sequence[Card]) -> tuple[Shelf, ...]:
    """Outlets by domain: what is theirs, and what they republished."""
    found: defaultdict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for domain in dict.fromkeys(name for name in (card.publisher, card.via) if name):
            found[domain].append(card)
        if not card.publisher and not card.via:
            found["none"].append(card)
    names = _Slugs()
    shelves = [
        Shelf("source", domain, _path("source", "none" if domain == "none" else names.give(domain)), tuple(found[domain]),
              frozenset(card.id for card in found[domain] if card.publisher == domain))
        for domain in sorted(found)
    ]
    return _by_count(shelves)


@lru_cache(maxsize=262144)
def _name_key(name: str) -> str:
    return slug(name, 1000)


def _named(facet: str, pairs: Iterable[tuple[str, Card]], least: int) -> tuple[Shelf, ...]:
    """Shelves by printed name. Spellings with and without diacritics stand together: scrapes lose them at random."""
    found: defaultdict[str, list[Card]] = defaultdict(list)
    printed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, card in pairs:
        key = _name_key(name)
        if key:
            printed[key][name] += 1
            if not found[key] or found[key][-1] is not card:
                found[key].append(card)
    slugs = _Slugs()
    shelves = []
    for key in sorted(found):
        if len(found[key]) >= least:
            names = tuple(name for name, _ in sorted(printed[key].items(), key=_commonest))
            shelves.append(Shelf(facet, key, _path(facet, slugs.give(key)), tuple(found[key]), names=names))
    return tuple(sorted(shelves, key=lambda shelf: (-len(shelf), collate(shelf.names[0]))))


def _commonest(printed: tuple[str, int]) -> tuple[int, bool, str]:
    """Most printed first; of two, the one with diacritics."""
    return -printed[1], printed[0].isascii(), printed[0]


_RESERVED = ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
"""No file can have these names on Windows: an author who is called Con gets a digest."""


class _Slugs:
    """Gives file names, and never the same one twice."""

    __slots__ = ("_taken",)

    def __init__(self) -> None:
        self._taken = {"index", "none", *_RESERVED}

    def give(self, name: str) -> str:
        """Of two names that look alike in ASCII, the later one carries a digest."""
        wished = slug(name) or "x"
        if wished in self._taken:
            wished = f"{wished}-{blake2b(name.encode(), digest_size=3).hexdigest()}"
        self._taken.add(wished)
        return wished


# -- time -----------------------------------------------------------------------------------------------------------------
def _years(cards: Sequence[Card]) -> tuple[Shelf, ...]:
    """Newest year first, then the articles whose year is not known."""
    shelves = _filed("year", ((year_of(card) or "none", card) for card in cards))
    return tuple(sorted(shelves, key=lambda shelf: (shelf.id != "none", shelf.id), reverse=True))


def periods(shelf: Shelf) -> tuple[Period, ...]:
    """How a long shelf is cut; () for one that fits on a page.

    Years, newest first; a year with more than 500 articles by month (what has no month stays with the year).
    """
    if shelf.facet == "month" or len(shelf) <= (ONE_YEAR if shelf.facet == "year" else ONE_PAGE):
        return ()
    found: defaultdict[str, list[Card]] = defaultdict(list)
    years = [year_of(card) or "none" for card in shelf.cards]
    counts = Counter(years)
    for card, year in zip(shelf.cards, years, strict=True):
        crowded = counts[year] > ONE_YEAR
        found[(month_of(card) or year) if crowded else year].append(card)
    order = sorted(found, key=lambda period: (period != "none", period), reverse=True)
    base = shelf.path.removesuffix(".html")
    if shelf.facet == "year":
        # a month of a year has its page anyway: years/2023-03.html
        return tuple(Period(period, f"years/{period}.html", tuple(found[period])) for period in order if "-" in period)
    return tuple(Period(period, f"{base}/{period}.html", tuple(found[period])) for period in order)


def grouped(cards: Sequence[Card], by_month: bool) -> list[tuple[str, tuple[Card, ...]]]:
    """Cards under the headings of their year (or month), in order; "" for what has none."""
    labelled = [((month_of(card) if by_month else year_of(card)) or "", card) for card in cards]
    labelled.sort(key=itemgetter(0), reverse=True)      # a bracketed date sorts among the years and has none
    return [(label, tuple(card for _, card in row)) for label, row in groupby(labelled, key=itemgetter(0))]
