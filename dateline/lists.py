"""Shelves → pages: a page for every shelf and period of one, and an index for every kind of shelf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from dateline import frame, queries, shelves, views
from dateline.filing import Filed
from dateline.frame import Site, Spot
from dateline.labels import Unit
from dateline.maps import islands, province_maps
from dateline.model import Page
from dateline.shelves import Period, Shelf
from dateline.tallies import Tally
from dateline.text import collate
from dateline.views import EVERYTHING, Reads

INDEXES = {
    "province": "provinces/index.html", "former": "provinces/index.html", "pair": "provinces/index.html",
    "topic": "topics/index.html", "language": "languages/index.html", "source": "sources/index.html",
    "year": "years/index.html", "month": "years/index.html", "author": "authors/index.html",
    "person": "people/index.html", "organisation": "organisations/index.html", "document": "documents/index.html",
}
SECTIONS = {"province", "topic", "source"}
"""Facets whose index stands in the navigation."""
FACET_LENGTH = 20
"""How many links a group of a facet menu shows."""


def label_of(site: Site, shelf: Shelf, language: str) -> str:
    """What a shelf is called."""
    if shelf.names:
        return shelf.names[0]
    if shelf.id == "none":
        return site.t(language, f"none.{shelf.facet}")
    if shelf.facet in {"year", "month"}:
        return site.strings.date(language, shelf.id)
    if shelf.facet in {"province", "former"}:
        return site.labels.province(shelf.id, "63" if shelf.facet == "former" else "34", language)
    if shelf.facet in {"topic", "pair"}:
        return site.labels.topic(shelf.id, language)
    return site.labels.language(shelf.id, language) if shelf.facet == "language" else site.labels.outlet(shelf.id)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list, named by where its shelf stands: small enough to travel to a worker."""

    facet: str
    position: int
    """Of the shelf, among those of its facet."""
    period: int | None
    """Position of the period; None for the shelf's own page."""
    language: str
    path: str


def sheets(site: Site, language: str) -> Iterator[Sheet]:
    """The page of every shelf, and of every period of the long ones."""
    for facet in ("province", "former", "pair", "topic", "language", "source", "year", "month", "author", "person",
                  "organisation", "document"):
        for position, shelf in enumerate(site.shelves.of(facet)):
            if not shelf.path:
                continue
            yield Sheet(facet, position, None, language, site.at(shelf.path, language))
            cut = site.cut(shelf)
            for number, period in enumerate(cut if facet != "year" else ()):
                yield Sheet(facet, position, number, language, site.at(period.path, language))


def sheet_page(site: Site, sheet: Sheet, reads: Reads = EVERYTHING) -> Page:
    """Plan the page of one sheet; what costs most is left out where the template does not read it."""
    shelf = site.shelves.of(sheet.facet)[sheet.position]
    cut = site.cut(shelf)
    if sheet.period is None:
        return _shelf_page(site, shelf, cut, sheet.language, reads)
    return _period_page(site, shelf, cut, sheet.period, cut[sheet.period], sheet.language, reads)


def articles_on(site: Site, sheet: Sheet) -> Sequence[Filed]:
    """The articles of the shelf or period, the newest first."""
    shelf = site.shelves.of(sheet.facet)[sheet.position]
    return shelf.articles if sheet.period is None else site.cut(shelf)[sheet.period].articles


def identity(articles: Iterable[Filed], stamps: Mapping[str, bytes]) -> str:
    """Stands for a row of articles; `stamps` has for each article's id what its card was made from."""
    return blake2b(b"".join([stamps[one.id] for one in articles]), digest_size=16).hexdigest()


def depends(site: Site, sheet: Sheet, stamps: Mapping[str, bytes]) -> tuple[object, ...]:
    """All that a sheet's page is made from beside its path, its language and what is the same on every page: equal values mean
    an equal page.

    `stamps` has for each article's id what its card was made from. Which other shelves the page links to follows from the
    cards on it, but for the year or month before and after.
    """
    row = site.shelves.of(sheet.facet)
    shelf, cut = row[sheet.position], site.cut(row[sheet.position])
    beside = tuple(one.id for one in row) if sheet.facet in {"year", "month"} else ()
    listed = identity(articles_on(site, sheet), stamps)
    periods = tuple((period.id, len(period.articles)) for period in cut)
    return shelf.facet, shelf.id, shelf.names, shelf.within, periods, beside, listed


def shelf_pages(site: Site, language: str) -> Iterator[Page]:
    """The pages of all sheets."""
    return (sheet_page(site, sheet) for sheet in sheets(site, language))


# -- a shelf ------------------------------------------------------------------------------------------------------------
def _shelf_page(site: Site, shelf: Shelf, cut: Sequence[Period], language: str, reads: Reads) -> Page:
    heading = _heading(site, shelf, language)
    notes, links = _notes(site, shelf, language)
    long = site.shortened(shelf)
    shown = shelf.articles[: shelves.NEWEST] if long else shelf.articles
    figures = _figures(site, shelf, language)
    spot = Spot(shelf.path, language, heading, description=f"{heading}: {', '.join(figures)}.",
                section=INDEXES[shelf.facet] if shelf.facet in SECTIONS | {"former", "pair"} else "",
                crumbs=_crumbs(site, shelf, language),
                feeds=tuple((path, kind, f"{heading} – {name}") for path, kind, name in shelf.feeds if site.config.has("feeds")))
    view: dict[str, Any] = {
        **frame.frame(site, spot, reads, robots="noindex" if shelf.id == "none" else ""),
        "facet": shelf.facet,
        "notes": notes,
        "note_links": links,
        "anchors": tuple((one.slug, one.label(language)) for one in islands(site)
                         if shelf.facet == "province" and one.province == shelf.id),
        "figures": figures,
        "facets": tuple(_facets(site, shelf, cut, language)) if "facets" in reads else (),
        "periods": _period_links(site, cut, language),
        "here": "",
        "table": _table(site, shelf),
        "query": queries.query(site.tally(shelf).asked) if "query" in reads and site.config.has("search") else "",
        "shown": site.t(language, "list.newest", n=len(shown)) if long else site.t(language, "list.all", n=len(shown)),
        "groups": _groups(site, shown, language, divided=not long, by_month=shelf.facet == "year"),
        **_beside(site, shelf, language),
    }
    return Page(site.at(shelf.path, language), "listing.html", view, language)


def _table(site: Site, shelf: Shelf) -> str:
    """Path of the list as a CSV file, where the site has such files."""
    return shelf.table if site.config.has("tables") and not site.corpus.digest else ""


def _heading(site: Site, shelf: Shelf, language: str) -> str:
    label = label_of(site, shelf, language)
    if shelf.facet == "pair":
        place = site.labels.province(shelf.within, "34", language)
        return site.t(language, "list.pair", province=place, topic=label)
    if shelf.facet == "former" and _merged(site, shelf.id):
        return site.t(language, "province.former", name=label)
    return label


def _merged(site: Site, former: str) -> bool:
    unit = site.labels.units_63[former]
    return unit.successor != unit.slug or len(site.labels.predecessors(unit.successor)) > 1


def _crumbs(site: Site, shelf: Shelf, language: str) -> tuple[tuple[str, str], ...]:
    way = [(site.t(language, f"index.{_index_of(shelf.facet)}"), INDEXES[shelf.facet])]
    if shelf.facet == "pair":
        way.append((site.labels.province(shelf.within, "34", language), site.shelves.path("province", shelf.within)))
    if shelf.facet == "month":
        way.append((shelf.id[:4], site.shelves.path("year", shelf.id[:4])))
    if shelf.facet == "former":
        successor = site.labels.units_63[shelf.id].successor
        path = site.shelves.path("province", successor)
        if path:
            way.append((site.labels.province(successor, "34", language), path))
    return tuple(way)


def _index_of(facet: str) -> str:
    return {"former": "province", "pair": "province", "month": "year"}.get(facet, facet)


def _figures(site: Site, shelf: Shelf, language: str) -> tuple[str, ...]:
    counted = [("count.articles", len(shelf))]
    if shelf.facet in {"province", "former", "topic"} and shelf.id not in {"none", "national"}:
        counted.append(("count.primary", shelf.primary))
    if shelf.facet == "source" and shelf.id != "none" and shelf.primary < len(shelf):
        counted.append(("count.republished", len(shelf) - shelf.primary))
    if shelf.facet != "source":
        counted.append(("count.sources", shelf.sources))
    if shelf.facet not in {"year", "month"}:
        counted.append(("count.undated", shelf.undated))
    figures = [site.strings.counted(language, key, n) for key, n in counted]
    years = shelf.years if shelf.facet not in {"year", "month"} else None
    if years:
        first, last = years
        figures.append(first if first == last else f"{first}–{last}")
    return tuple(figures)


def _notes(site: Site, shelf: Shelf, language: str) -> tuple[tuple[str, ...], tuple[views.Link, ...]]:
    """What the name alone does not say: mergers, spellings."""
    if shelf.facet == "province" and shelf.id in site.labels.units_34:
        former = site.labels.predecessors(shelf.id)
        if len(former) > 1:
            names = ", ".join(unit.label(language) for unit in former)
            return (site.t(language, "province.made_of", names=names),), ()
    if shelf.facet == "former" and _merged(site, shelf.id):
        unit = site.labels.units_63[shelf.id]
        path = site.shelves.path("province", unit.successor)
        name = site.labels.province(unit.successor, "34", language)
        link: views.Link = {"label": name, "path": site.at(path, language)}
        return (site.t(language, "province.until", name=name),), (link,)
    if len(shelf.names) > 1:
        return (site.t(language, "list.spellings", names=", ".join(shelf.names[1:6])),), ()
    return (), ()


def _groups(site: Site, articles: Sequence[Filed], language: str, divided: bool, by_month: bool) -> tuple[views.Group, ...]:
    """The list under headings of years (or months), when it has several."""
    parts = shelves.grouped(articles, by_month) if divided else []
    if len(parts) < 2 or len(articles) < 10:
        return ({"id": "", "label": "", "items": tuple([frame.card_view(site, one.id, language) for one in articles])},)
    return tuple(
        {"id": _anchor(label), "label": site.strings.date(language, label) or site.t(language, "none.year"),
         "items": tuple([frame.card_view(site, one.id, language) for one in row])}
        for label, row in parts
    )


def _anchor(label: str) -> str:
    return f"y{label}" if label else "undated"


def _beside(site: Site, shelf: Shelf, language: str) -> dict[str, views.Link]:
    """The year or month before and after."""
    none: views.Link = {"label": "", "path": ""}
    if shelf.facet not in {"year", "month"} or shelf.id == "none":
        return {"previous": none, "next": none}
    row = sorted((one for one in site.shelves.of(shelf.facet) if one.id != "none"), key=lambda one: one.id)
    position = next(place for place, one in enumerate(row) if one.id == shelf.id)

    def link(place: int) -> views.Link:
        if not 0 <= place < len(row):
            return none
        return {"label": label_of(site, row[place], language), "path": site.at(row[place].path, language)}

    return {"previous": link(position - 1), "next": link(position + 1)}


# -- narrowing down -----------------------------------------------------------------------------------------------------
def _facets(site: Site, shelf: Shelf, cut: Sequence[Period], language: str) -> Iterator[views.Facet]:
    """Links to the pages of two things together; what has no page, leads into the search."""
    tally = site.tally(shelf)
    if shelf.facet == "province":
        yield from _menu(site, language, "index.former", _former_counts(site, shelf, language), True)
    yield from _menu(site, language, "index.topic", _topic_counts(site, shelf, tally, language), True)
    yield from _menu(site, language, "index.province", _province_counts(site, shelf, tally, language), True)
    if shelf.facet not in {"year", "month"}:
        yield from _menu(site, language, "index.year", _year_counts(site, shelf, tally, cut, language), True)
    yield from _menu(site, language, "index.month", _month_counts(site, tally, language), True)
    rows = [frame.count(site, language, site.labels.language(code, language), "", n,
                        query=queries.narrowed(tally.asked, "language", code)) for code, n in tally.languages[:FACET_LENGTH]]
    yield from _menu(site, language, "index.language", rows, False)
    rows = [
        frame.count(site, language, site.t(language, "none.source") if domain == "none" else site.labels.outlet(domain),
                    "", n, query=queries.narrowed(tally.asked, "source", domain)) for domain, n in tally.sources[:FACET_LENGTH]
    ]
    yield from _menu(site, language, "index.source", rows, False)


def _menu(site: Site, language: str, key: str, rows: Sequence[views.Count], unfolded: bool) -> Iterator[views.Facet]:
    if rows:
        yield {"label": site.t(language, key), "items": tuple(rows[:FACET_LENGTH]), "open": unfolded}


def _former_counts(site: Site, shelf: Shelf, language: str) -> list[views.Count]:
    """Of which former units a province's articles speak; nothing when it was not merged."""
    units: tuple[Unit, ...] = site.labels.predecessors(shelf.id)
    if len(units) < 2:
        return []
    own = {one.id for one in shelf.articles}
    rows = []
    for unit in sorted(units, key=lambda one: collate(one.name)):
        path = site.shelves.path("former", unit.slug)
        former = next((one for one in site.shelves.of("former") if one.id == unit.slug), None)
        n = sum([one.id in own for one in former.articles]) if former else 0
        rows.append(frame.count(site, language, unit.label(language), path, n))
    return rows


def _topic_counts(site: Site, shelf: Shelf, tally: Tally, language: str) -> list[views.Count]:
    return [
        frame.count(site, language, site.labels.topic(topic, language),
                    site.shelves.path("pair", f"{shelf.id}/{topic}") if shelf.facet == "province" else "", n,
                    query=queries.narrowed(tally.asked, "topic", topic))
        for topic, n in tally.topics[:FACET_LENGTH]
    ]


def _province_counts(site: Site, shelf: Shelf, tally: Tally, language: str) -> list[views.Count]:
    return [
        frame.count(site, language, site.labels.province(unit, "34", language),
                    site.shelves.path("pair", f"{unit}/{shelf.id}") if shelf.facet == "topic" else "", n,
                    query=queries.narrowed(tally.asked, "province", unit))
        for unit, n in tally.provinces[:FACET_LENGTH]
    ]


def _year_counts(site: Site, shelf: Shelf, tally: Tally, cut: Sequence[Period], language: str) -> list[views.Count]:
    """Years link to their period's page, or to their heading on this page."""
    headed = not site.shortened(shelf) and len(tally.years) > 1 and len(shelf) >= 10
    pages = {period.id: period.path for period in cut}
    rows = []
    for year, n in tally.years[:FACET_LENGTH]:
        path = pages.get(year, "")
        if headed:
            path = f"{shelf.path}#{_anchor('' if year == 'none' else year)}"
        label = site.t(language, "none.year") if year == "none" else year
        rows.append(frame.count(site, language, label, path, n))
    return rows


def _month_counts(site: Site, tally: Tally, language: str) -> list[views.Count]:
    return [
        frame.count(site, language, site.strings.date(language, month), site.shelves.path("month", month), n)
        for month, n in tally.months
    ]


# -- a period of a long shelf -------------------------------------------------------------------------------------------
def _period_label(site: Site, period: str, language: str) -> str:
    return site.t(language, "none.year") if period == "none" else site.strings.date(language, period)


def _period_links(site: Site, cut: Sequence[Period], language: str) -> tuple[views.Count, ...]:
    return tuple(
        frame.count(site, language, _period_label(site, period.id, language), period.path, len(period.articles)) for period in cut
    )


def _period_page(site: Site, shelf: Shelf, cut: Sequence[Period], position: int, period: Period, language: str,
                 reads: Reads) -> Page:
    label = _period_label(site, period.id, language)
    heading = site.t(language, "list.period", name=_heading(site, shelf, language), period=label)
    part = Shelf(shelf.facet, shelf.id, period.path, period.articles, shelf.names, shelf.within)
    figures = _figures(site, part, language)
    spot = Spot(period.path, language, heading, section=INDEXES[shelf.facet] if shelf.facet in SECTIONS else "",
                description=f"{heading}: {', '.join(figures)}.",
                crumbs=(*_crumbs(site, shelf, language), (_heading(site, shelf, language), shelf.path)))

    def link(place: int) -> views.Link:
        if not 0 <= place < len(cut):
            return {"label": "", "path": ""}
        return {"label": _period_label(site, cut[place].id, language), "path": site.at(cut[place].path, language)}

    view: dict[str, Any] = {
        **frame.frame(site, spot, reads),
        "facet": shelf.facet, "notes": (), "note_links": (), "anchors": (),
        "figures": figures,
        "facets": (),
        "periods": _period_links(site, cut, language),
        "here": site.at(period.path, language),
        "table": _table(site, shelf),
        "query": "",
        "shown": site.t(language, "list.all", n=len(period.articles)),
        "groups": _groups(site, period.articles, language, divided=True, by_month=True),
        "previous": link(position + 1), "next": link(position - 1),
    }
    return Page(site.at(period.path, language), "listing.html", view, language)


# -- indexes ------------------------------------------------------------------------------------------------------------
def bars(rows: Iterable[views.Count]) -> tuple[views.Bar, ...]:
    """Counted links with bars, the longest one full. What was not found gets none: it may be most of a collection, and
    would leave the others no room."""
    listed = [(row, 0 if row["path"].endswith("/none.html") else row["n"]) for row in rows]
    most = max((n for _, n in listed), default=1) or 1
    return tuple({**row, "width": f"{100 * n / most:.1f}"} for row, n in listed)


def shelf_counts(site: Site, facet: str, language: str) -> list[views.Count]:
    found = site.shelves.of(facet)
    return [frame.count(site, language, label_of(site, shelf, language), shelf.path, len(shelf)) for shelf in found]


def index_pages(site: Site, language: str) -> Iterator[Page]:
    """One index for each kind of shelf."""
    for facet in ("topic", "language", "source", "year", "author", "person", "organisation", "document"):
        if not site.at(INDEXES[facet], language):
            continue
        rows = shelf_counts(site, facet, language)
        yield _index_page(site, facet, (("", bars(rows)),) if rows else (), language)
    yield _province_index(site, language)


def _index_page(site: Site, facet: str, groups: tuple[tuple[str, tuple[views.Bar, ...]], ...], language: str) -> Page:
    path = INDEXES[facet]
    heading = site.t(language, f"index.{facet}")
    intro = site.t(language, f"intro.{facet}")
    spot = Spot(path, language, heading, description=intro, section=path if facet in SECTIONS else "")
    view: dict[str, Any] = {
        **frame.frame(site, spot), "facet": facet, "intro": intro, "groups": groups,
        "others": frame.present(
            site.link(language, f"index.{other}", INDEXES[other]) for other in
            ("province", "topic", "source", "language", "year", "author", "person", "organisation", "document")
            if other != facet),
        "empty": site.t(language, "index.empty"),
    }
    return Page(site.at(path, language), "index.html", view, language)


def _province_index(site: Site, language: str) -> Page:
    """Both maps, then every unit of both eras in alphabetical order, those without an article too."""
    page = _index_page(site, "province", (), language)
    groups = (
        (site.t(language, "map.now"), bars(_unit_counts(site, "province", language))),
        (site.t(language, "map.before"), bars(_unit_counts(site, "former", language))),
    )
    view = {**page.view, **province_maps(site, language), "groups": groups}
    return Page(page.path, "provinces.html", view, language)


def _unit_counts(site: Site, facet: str, language: str) -> list[views.Count]:
    units = site.labels.units_63 if facet == "former" else site.labels.units_34
    found = {shelf.id: len(shelf) for shelf in site.shelves.of(facet)}
    names = sorted(((unit.label(language), unit.slug) for unit in units.values()), key=lambda pair: collate(pair[0]))
    rest = [(label_of(site, shelf, language), shelf.id) for shelf in site.shelves.of(facet) if shelf.id not in units]
    return [
        frame.count(site, language, label, site.shelves.path(facet, slug), found.get(slug, 0)) for label, slug in names + rest
    ]

