"""What every page has: the site as pages see it, the frame around a page, and cards.

A page is planned under its path in the default language ("provinces/ha-noi.html"); `Site.at` gives the path in another
one ("vi/provinces/ha-noi.html"). Articles exist once, in the interface of their own language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from dateline import edtf, shelves, tallies, views
from dateline.cards import Stored
from dateline.config import Config
from dateline.filing import primary_unit
from dateline.labels import Labels, Source
from dateline.labels import of as labels_of
from dateline.model import Card, Corpus
from dateline.shelves import Period, Shelf
from dateline.strings import Strings, number
from dateline.text import shorten
from dateline.views import EVERYTHING, Reads

ONCE = ("articles/", "data/", "raw/", "feed.", "rss.", "assets/", "404.html")
"""Paths that exist once, whatever the interface's language."""
NAVIGATION = (
    ("nav.latest", "index.html"), ("nav.provinces", "provinces/index.html"), ("nav.topics", "topics/index.html"),
    ("nav.timeline", "timeline.html"), ("nav.sources", "sources/index.html"), ("nav.statistics", "statistics.html"),
    ("nav.data", "data.html"),
)
FOOTER = (
    ("nav.review", "review.html"), ("nav.matrix", "matrix.html"),
    ("nav.concordance", "concordance.html"), ("nav.languages", "languages/index.html"), ("nav.people", "people/index.html"),
    ("nav.organisations", "organisations/index.html"), ("nav.documents", "documents/index.html"),
    ("nav.authors", "authors/index.html"), ("nav.years", "years/index.html"),
)
PAGES_OF = {
    "search": ("search.html", "concordance.html"), "data": ("data.html",), "timeline": ("timeline.html",),
    "matrix": ("matrix.html",), "statistics": ("statistics.html",), "review": ("review.html",), "about": ("about.html",),
    "authors": ("authors/index.html",), "people": ("people/index.html",), "organisations": ("organisations/index.html",),
    "documents": ("documents/index.html",),
}
"""Part of the site (`config.PARTS`) → its pages, but for those of shelves."""
TITLE_LENGTH = 70
"""Of <title>, the collection's name included: search engines and tabs show no more."""
SEEN = 20_000
"""Views of cards that are held: 1 KB each."""
FEEDS = (("feed.xml", "application/atom+xml", "Atom"), ("rss.xml", "application/rss+xml", "RSS"),
         ("feed.json", "application/feed+json", "JSON Feed"))


@dataclass(frozen=True, slots=True)
class Site:
    """Everything pages are planned from."""

    corpus: Corpus
    labels: Labels
    strings: Strings
    config: Config
    shelves: shelves.Shelves
    cards: Mapping[str, Card]
    missing: frozenset[str] = frozenset()
    """Paths of pages that this site does without."""
    seen: dict[tuple[str, str], views.Card] = field(default_factory=dict, compare=False, repr=False)
    """Card views already made, by (language, id): a card stands on some ten lists."""
    links: dict[tuple[str, str], tuple[views.Link, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Navigation and footer, by (which, language): the same on every page."""
    cuts: dict[str, tuple[Period, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Periods of shelves already cut, by the shelf's path."""
    counted: dict[str, tallies.Tally] = field(default_factory=dict, compare=False, repr=False)
    """The shelf counted last, by its path."""

    @classmethod
    def of(cls, corpus: Corpus, knowledge: Source, strings: Strings, config: Config) -> Site:
        domains = {name for card in corpus.cards for name in (card.publisher, card.via) if name}
        labels = labels_of(knowledge, strings, domains)
        shelved = shelves.shelve(corpus, labels).without(config.without)
        missing = frozenset(path for part in config.without for path in PAGES_OF.get(part, ()))
        return cls(corpus, labels, strings, config, shelved, {card.id: card for card in corpus.cards}, missing)

    def light(self) -> Site:
        """The same site as it travels to a worker: what one article or list is planned from, with cards as bytes."""
        return replace(self, corpus=Corpus((), (), digest=self.corpus.digest), cards=Stored.of(self.corpus.cards), seen={}, links={},
                       counted={})

    def tally(self, shelf: Shelf) -> tallies.Tally:
        """What is counted of a shelf. Its pages in other languages are planned next: then it is not needed again."""
        known = self.counted.get(shelf.path)
        if known is None:
            self.counted.clear()
            known = self.counted[shelf.path] = tallies.of(shelf)
        return known

    def cut(self, shelf: Shelf) -> tuple[Period, ...]:
        """The periods of a shelf; () for one that fits on a page."""
        known = self.cuts.get(shelf.path)
        if known is None:
            # where files are scarce a long list shows its newest; months have every article
            scarce = self.corpus.digest and shelf.facet != "year"
            known = self.cuts[shelf.path] = () if scarce else shelves.periods(shelf)
        return known

    def shortened(self, shelf: Shelf) -> bool:
        """Whether the page of a shelf shows its newest only."""
        scarce = self.corpus.digest and shelf.facet not in {"year", "month"}
        return bool(self.cut(shelf)) or (scarce and len(shelf) > shelves.ONE_PAGE)

    @property
    def default(self) -> str:
        return self.config.interface[0]

    def at(self, path: str, language: str) -> str:
        """Where a page stands in one language of the interface; "" when the site has no such page."""
        if path in self.missing:
            return ""
        if language == self.config.interface[0] or not path or path.startswith(ONCE):
            return path
        return f"{language}/{path}"

    def url(self, path: str) -> str:
        """The page's full address; "" when the site's own is not known. The home page's is the folder."""
        if not self.config.site_url:
            return ""
        folder, _, name = path.rpartition("/")
        plain = (f"{folder}/" if folder else "") if name == "index.html" else path
        return f"{self.config.site_url.rstrip('/')}/{plain}"

    def t(self, language: str, key: str, **values: str | int) -> str:
        return self.strings.t(language, key, **values) if values else self.strings.texts[language][key].other

    def link(self, language: str, key: str, path: str) -> views.Link:
        return {"label": self.t(language, key), "path": self.at(path, language)}


@dataclass(frozen=True, slots=True)
class Spot:
    """A page being planned: where it stands and what it is called."""

    path: str
    """In the default language."""
    language: str
    heading: str
    title: str = ""
    """For <title> when the heading says too little."""
    description: str = ""
    section: str = ""
    crumbs: tuple[tuple[str, str], ...] = ()
    """(label, path in the default language) after the home page."""
    paired: bool = True
    """Whether the page exists in every language of the interface."""
    feeds: tuple[tuple[str, str, str], ...] = ()
    """(path, media type, title) of feeds of this page's own."""


def described(reads: Reads) -> bool:
    """Whether a template says in <head>, to other programs, what the page is about."""
    return "properties" in reads or "names" in reads or "jsonld" in reads


def frame(site: Site, spot: Spot, reads: Reads = EVERYTHING, **head: Any) -> views.Page:
    """The view of a page but for what is its own. `head` fills in fields of views.Head."""
    language = spot.language
    crumbs: list[views.Link] = [site.link(language, "nav.home", "index.html")] if spot.path != "index.html" else []
    crumbs += [{"label": label, "path": site.at(path, language)} for label, path in spot.crumbs]
    return {
        "language": language,
        "site": site.config.title,
        "title": shorten(spot.title or spot.heading, max(30, TITLE_LENGTH - 3 - len(site.config.title))),
        "heading": spot.heading,
        "head": _head(site, spot, crumbs, head, reads),
        "nav": _links(site, "nav", NAVIGATION, language),
        "section": site.at(spot.section, language) if spot.section else "",
        "crumbs": tuple(crumbs),
        "switch": tuple(
            (other, site.at(spot.path if spot.paired else "index.html", other), other == language)
            for other in site.config.interface
        ),
        "home": site.at("index.html", language),
        "search": site.at("search.html", language),
        "about": site.at("about.html", language),
        "data": site.at("data.html", language),
        "footer": _links(site, "footer", FOOTER, language),
        "feeds": tuple({"label": name, "path": path} for path, _, name in FEEDS) if site.config.site_url else (),
    }


def _links(site: Site, which: str, rows: Sequence[tuple[str, str]], language: str) -> tuple[views.Link, ...]:
    made = site.links.get((which, language))
    if made is None:
        made = site.links[which, language] = present(site.link(language, key, path) for key, path in rows)
    return made


def present(links: Iterable[views.Link]) -> tuple[views.Link, ...]:
    """Those that lead to a page."""
    return tuple(link for link in links if link["path"])


def _head(site: Site, spot: Spot, crumbs: Sequence[views.Link], given: Mapping[str, Any], reads: Reads) -> views.Head:
    address = site.url(site.at(spot.path, spot.language))
    alternates: list[tuple[str, str]] = []
    if address and spot.paired and len(site.config.interface) > 1:
        alternates = [(other, site.url(site.at(spot.path, other))) for other in site.config.interface]
        alternates.append(("x-default", site.url(spot.path)))
    return {
        "description": spot.description,
        "canonical": address,
        "robots": given.get("robots", ""),
        "alternates": tuple(alternates),
        "feeds": (*FEEDS, *spot.feeds) if site.config.site_url else (),
        "names": tuple(given.get("names", ())),
        "properties": _properties(site, spot, address, given) if "properties" in reads else (),
        "jsonld": _graph(site, spot, crumbs, given) if "jsonld" in reads else {},
    }


def _properties(site: Site, spot: Spot, address: str, given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Open Graph."""
    properties = {"og:title": spot.heading, "og:site_name": site.config.title, "og:type": "website",
                  "og:locale": {"vi": "vi_VN", "en": "en_GB"}[spot.language]}
    if address:
        properties["og:url"] = address
    if spot.description:
        properties["og:description"] = spot.description
    properties.update(given.get("properties", ()))
    return tuple(properties.items())


def _graph(site: Site, spot: Spot, crumbs: Sequence[views.Link], given: Mapping[str, Any]) -> dict[str, Any]:
    """schema.org."""
    graph = list(given.get("graph", ()))
    if len(crumbs) > 1 or (crumbs and graph):
        graph.append(_breadcrumbs(site, crumbs, spot.heading))
    return {"@context": "https://schema.org", "@graph": graph} if graph else {}


def _breadcrumbs(site: Site, crumbs: Sequence[views.Link], heading: str) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for position, crumb in enumerate(crumbs, 1):
        item: dict[str, Any] = {"@type": "ListItem", "position": position, "name": crumb["label"]}
        address = site.url(crumb["path"])
        items.append({**item, "item": address} if address else item)
    items.append({"@type": "ListItem", "position": len(crumbs) + 1, "name": heading})
    return {"@type": "BreadcrumbList", "itemListElement": items}


# -- cards --------------------------------------------------------------------------------------------------------------
SUPPLIED = {"slug": "title.from_slug", "lead": "title.from_lead", "none": "title.none_found"}
"""How a title was come by, where the text has none."""


def foreign(language: str, interface: str) -> str:
    """The `lang` a text needs inside a page: "" when it is the page's own, or not known.

    >>> foreign("en", "vi"), foreign("vi", "vi"), foreign("und", "vi")
    ('en', '', '')
    """
    return language if language not in {interface, "und", ""} else ""


def title_of(site: Site, card: Card, language: str) -> str:
    """What the article is called on this site."""
    return card.title if card.title_source != "none" else site.t(language, "title.untitled", id=card.id)


def source_of(site: Site, card: Card, language: str) -> str:
    domain = card.publisher or card.via
    return site.labels.outlet(domain) if domain else site.t(language, "source.none")


def machine_date(date: str | None) -> str:
    """A date for <time datetime>, "" when it is not one exact year, month, day or minute.

    >>> machine_date("2023-02-24T09:44"), machine_date("2023-08~"), machine_date("2025-08-22/..")
    ('2023-02-24T09:44', '', '')
    """
    parsed = edtf.parse(date) if date else None
    return date or "" if parsed and parsed.single and parsed.start and not parsed.start.approximate else ""


def kickers(site: Site, card: Card, language: str) -> tuple[views.Link, ...]:
    """The primary province and topic, as links."""
    found: list[views.Link] = []
    unit = primary_unit(card, site.labels)
    if card.province and unit:
        era = next((ref.era for ref in card.provinces if ref.slug == card.province), "34")
        facet, key = ("former", card.province) if era == "63" and card.province != unit else ("province", unit)
        label = site.labels.province(key, "63" if facet == "former" else "34", language)
        found.append({"label": label, "path": site.at(site.shelves.path(facet, key), language)})
    if card.topic:
        path = site.shelves.path("topic", card.topic)
        found.append({"label": site.labels.topic(card.topic, language), "path": site.at(path, language)})
    return tuple(found)


def card_view(site: Site, article_id: str, language: str) -> views.Card:
    """An article as lists show it."""
    known = site.seen.get((language, article_id))
    if known is not None:
        return known
    card = site.cards[article_id]
    lang = foreign(card.language, language)
    supplied = SUPPLIED.get(card.title_source)
    view: views.Card = {
        "key": "",
        "path": card.path,
        "title": title_of(site, card, language),
        "lang": lang,
        "supplied": site.t(language, supplied) if supplied else "",
        "lead": card.lead,
        "kickers": kickers(site, card, language),
        "badge": card.language.upper() if card.language != "und" else "?",
        "language": site.labels.language(card.language, language),
        "translated": card.machine_translated,
        "source": source_of(site, card, language),
        "date": site.strings.date(language, card.date) or site.t(language, "date.none"),
        "datetime": machine_date(card.date),
    }
    view["key"] = blake2b(repr(view).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    if len(site.seen) >= SEEN:
        site.seen.clear()
    site.seen[language, article_id] = view
    return view


def count(site: Site, language: str, label: str, path: str, n: int, lang: str = "", query: str = "") -> views.Count:
    """A link with its number of articles. `query` is for what has no page: it leads into the search."""
    query = "" if path else query
    return {"label": label, "path": site.at(path or ("search.html" if query else ""), language), "query": query, "n": n,
            "shown": number(language, n), "lang": lang}
