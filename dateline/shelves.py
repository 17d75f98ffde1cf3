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

from dateline.filing import Filed, file
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
    articles: Sequence[Filed]
    """Newest first, undated last, as in the corpus."""
    names: tuple[str, ...] = ()
    """How people, organisations, documents and authors are printed, commonest first."""
    within: str = ""
    """The province of a province-and-topic shelf, whose `id` is the topic."""

    def __len__(self) -> int:
        return len(self.articles)

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
    def primary(self) -> int:
        """Articles that are mainly about this province or topic, or of this source; the others mention or republish it."""
        if self.facet == "province":
            return sum([one.unit == self.id for one in self.articles])
        if self.facet == "former":
            return sum([self.id in one.mainly for one in self.articles])
        if self.facet == "topic":
            return sum([one.topic == self.id for one in self.articles])
        return sum([one.publisher == self.id for one in self.articles]) if self.facet == "source" else 0

    @property
    def sources(self) -> int:
        return len({one.publisher for one in self.articles} - {None, ""})

    @property
    def undated(self) -> int:
        return sum([not one.dated for one in self.articles])

    @property
    def years(self) -> tuple[str, str] | None:
        """First and last year."""
        found = {one.year for one in self.articles if one.year}
        return (min(found), max(found)) if found else None


@dataclass(frozen=True, slots=True)
class Period:
    """A page's worth of a long shelf: a year, a month of a crowded year, or what has no year."""

    id: str
    path: str
    articles: Sequence[Filed]


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


def shelve(corpus: Corpus, labels: Labels) -> Shelves:
    """Put every article that is not withheld on all the shelves it belongs to."""
    filed = file((card for card in corpus.cards if card.withheld is None), labels)
    articles = [one for _, one in filed]
    least = max(SHARED, len(filed) // SCARCE) if corpus.digest else 0
    shelves: dict[str, tuple[Shelf, ...]] = {
        "province": _provinces(articles, labels),
        "former": _former(articles, labels),
        "topic": _topics(articles),
        "language": _by_count(_alike("language", ((one.language, one) for one in articles))),
        "source": _sources(filed),
        "year": _years(articles),
        "month": _alike("month", ((one.month, one) for one in articles if one.month)),
        "author": _named("author", ((card.author, one) for card, one in filed if card.author), max(least, 1)),
        "person": _named("person", ((name, one) for card, one in filed for name in card.people), max(least, SHARED)),
        "organisation": _named("organisation", ((name, one) for card, one in filed for name in card.organisations), max(least, SHARED)),
        "document": _named("document", ((name, one) for card, one in filed for name in card.documents), max(least, SHARED)),
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


def _alike(facet: str, pairs: Iterable[tuple[str, Filed]]) -> tuple[Shelf, ...]:
    """Shelves by plain id, in the order of ids."""
    return tuple(Shelf(facet, shelf_id, _path(facet, shelf_id), articles) for shelf_id, articles in _sorted(pairs))


def _sorted(pairs: Iterable[tuple[str, Filed]]) -> Iterator[tuple[str, tuple[Filed, ...]]]:
    """The articles of every id, in the order of ids."""
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    for shelf_id, one in pairs:
        found[shelf_id].append(one)
    for shelf_id in sorted(found):
        yield shelf_id, tuple(found[shelf_id])


def _by_count(shelves: Iterable[Shelf]) -> tuple[Shelf, ...]:
    return tuple(sorted(shelves, key=lambda shelf: (shelf.id == "none", -len(shelf), shelf.id)))


# -- provinces and topics ---------------------------------------------------------------------------------------------
def _provinces(articles: Iterable[Filed], labels: Labels) -> tuple[Shelf, ...]:
    """Today's 34 units with what was filed under their predecessors, then "national" and "none"."""
    found: dict[str, list[Filed]] = {unit: [] for unit in labels.units_34}
    for one in articles:
        main = (one.unit,) if one.unit and one.unit not in one.units else ()
        for unit in (*main, *one.units) or ("none",):
            found.setdefault(unit, []).append(one)
    known = sorted(labels.units_34.values(), key=lambda unit: collate(unit.name))
    order = [unit.slug for unit in known] + sorted(found.keys() - labels.units_34.keys() - {"none"})
    order += ["none"] if "none" in found else []
    return tuple(Shelf("province", unit, _path("province", unit), tuple(found[unit])) for unit in order if found[unit])


def _former(articles: Iterable[Filed], labels: Labels) -> tuple[Shelf, ...]:
    """The 63 units as they were until 30 June 2025."""
    found = {shelf.id: shelf for shelf in _alike("former", ((unit, one) for one in articles for unit in one.former))}
    known = sorted(labels.units_63.values(), key=lambda unit: collate(unit.name))
    return tuple(found[unit.slug] for unit in known if unit.slug in found)


def _topics(articles: Iterable[Filed]) -> tuple[Shelf, ...]:
    return _by_count(_alike("topic", ((topic, one) for one in articles for topic in one.topics or ("none",))))


def _pairs(provinces: Iterable[Shelf]) -> Iterator[Shelf]:
    """A province and a topic together, where enough articles share them."""
    for province in provinces:
        if province.id in {"none", "national"}:
            continue
        for topic, articles in _sorted((topic, one) for one in province.articles for topic in one.topics):
            if len(articles) >= PAIR:
                yield Shelf("pair", topic, f"provinces/{province.id}/{topic}.html", articles, within=province.id)


# -- sources and names ------------------------------------------------------------------------------------------------
def _sources(filed: Iterable[tuple[Card, Filed]]) -> tuple[Shelf, ...]:
    """Outlets by domain: what is theirs, and what they republished."""
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    for card, one in filed:
        for domain in dict.fromkeys(name for name in (card.publisher, card.via) if name) or ("none",):
            found[domain].append(one)
    names = _Slugs()
    return _by_count([Shelf("source", domain, _path("source", "none" if domain == "none" else names.give(domain)), tuple(found[domain]))
                      for domain in sorted(found)])


@lru_cache(maxsize=262144)
def _name_key(name: str) -> str:
    return slug(name, 1000)


def _named(facet: str, pairs: Iterable[tuple[str, Filed]], least: int) -> tuple[Shelf, ...]:
    """Shelves by printed name. Spellings with and without diacritics stand together: scrapes lose them at random."""
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    printed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name, one in pairs:
        key = _name_key(name)
        if key:
            printed[key][name] += 1
            if not found[key] or found[key][-1] is not one:
                found[key].append(one)
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
def _years(articles: Iterable[Filed]) -> tuple[Shelf, ...]:
    """Newest year first, then the articles whose year is not known."""
    shelves = _alike("year", ((one.year or "none", one) for one in articles))
    return tuple(sorted(shelves, key=lambda shelf: (shelf.id != "none", shelf.id), reverse=True))


def periods(shelf: Shelf) -> tuple[Period, ...]:
    """How a long shelf is cut; () for one that fits on a page.

    Years, newest first; a year with more than 500 articles by month (what has no month stays with the year).
    """
    if shelf.facet == "month" or len(shelf) <= (ONE_YEAR if shelf.facet == "year" else ONE_PAGE):
        return ()
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    counts = Counter([one.year for one in shelf.articles])
    for one in shelf.articles:
        period = one.month if counts[one.year] > ONE_YEAR else None
        found[period or one.year or "none"].append(one)
    order = sorted(found, key=lambda period: (period != "none", period), reverse=True)
    base = shelf.path.removesuffix(".html")
    if shelf.facet == "year":
        # a month of a year has its page anyway: years/2023-03.html
        return tuple(Period(period, f"years/{period}.html", tuple(found[period])) for period in order if "-" in period)
    return tuple(Period(period, f"{base}/{period}.html", tuple(found[period])) for period in order)


def grouped(articles: Sequence[Filed], by_month: bool) -> list[tuple[str, tuple[Filed, ...]]]:
    """Articles under the headings of their year (or month), in order; "" for what has none."""
    labelled = [((one.month if by_month else one.year) or "", one) for one in articles]
    labelled.sort(key=itemgetter(0), reverse=True)      # a bracketed date sorts among the years and has none
    return [(label, tuple(one for _, one in row)) for label, row in groupby(labelled, key=itemgetter(0))]
