"""Corpus → the pages that show it as a whole: home, timeline, the table of topics by province."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dateline import frame, maps
from dateline.frame import Site, Spot
from dateline.lists import bars, shelf_counts
from dateline.model import Page
from dateline.strings import number

NEWEST = 6
TOPICS = 8
SOURCES = 5
PROVINCES = 7
YEARS = 7
WORTH_NAMING = 0.01
"""Least share of the articles for which a language is named among the counts at the top."""


def overview_pages(site: Site, language: str) -> Iterator[Page]:
    yield _home(site, language)
    if site.config.has("timeline"):
        yield _timeline(site, language)
    if site.config.has("matrix"):
        yield _matrix(site, language)


def _home(site: Site, language: str) -> Page:
    cards = [card for card in site.corpus.cards if card.withheld is None]
    claim = site.config.description or site.t(language, "home.claim")
    spot = Spot("index.html", language, site.t(language, "home.heading"), title=site.t(language, "home.title", n=len(cards)),
                description=claim, section="index.html")
    topics = [row for row in shelf_counts(site, "topic", language) if not row["path"].endswith("/none.html")]
    view: dict[str, Any] = {
        **frame.frame(site, spot, graph=_dataset(site, len(cards), claim, language)),
        "claim": claim,
        "figures": _figures(site, len(cards), language),
        "newest": tuple(frame.card_view(site, card.id, language) for card in cards[:NEWEST]),
        "older": site.link(language, "home.older", "years/index.html"),
        **maps.province_maps(site, language),
        "topics": bars(topics[:TOPICS]),
        "all_topics": {"label": site.t(language, "home.all_topics", n=len(topics)),
                       "path": site.at("topics/index.html", language)},
        "sources": tuple(shelf_counts(site, "source", language)[:SOURCES]),
        "languages": tuple(shelf_counts(site, "language", language)),
        "matrix": maps.matrix(site, language, TOPICS, PROVINCES),
        "matrix_path": site.at("matrix.html", language),
        "years": tuple(reversed(maps.years(site, language)[:YEARS])),
        "timeline": site.at("timeline.html", language),
    }
    return Page(site.at("index.html", language), "home.html", view, language)


def _figures(site: Site, n: int, language: str) -> tuple[tuple[str, str], ...]:
    """The counts at the top: (value, words)."""
    provinces = sum(1 for shelf in site.shelves.of("province") if shelf.id in site.labels.units_34)
    sources = sum(1 for shelf in site.shelves.of("source") if shelf.id != "none")
    dated = [shelf.id for shelf in site.shelves.of("year") if shelf.id != "none"]
    span = "–".join(dict.fromkeys((min(dated), max(dated)))) if dated else "–"
    spoken = sorted(site.shelves.of("language"), key=lambda shelf: (-len(shelf), shelf.id))
    languages = [shelf for shelf in spoken if len(shelf) >= n * WORTH_NAMING][:2]
    names = " / ".join(site.labels.language(shelf.id, language) for shelf in languages)
    figures = [
        (number(language, n), site.t(language, "figure.articles", n=n)),
        (f"{provinces}/{len(site.labels.units_34)}", site.t(language, "figure.provinces")),
        (number(language, sources), site.t(language, "figure.sources", n=sources)),
        (" / ".join(number(language, len(shelf)) for shelf in languages), names),
        (span, site.t(language, "figure.span")),
    ]
    return tuple(figures)


def _dataset(site: Site, n: int, claim: str, language: str) -> list[dict[str, Any]]:
    """The collection as schema.org sees it."""
    address = site.url("index.html")
    here = {"@id": f"{address}#dataset", "url": site.url(site.at("data.html", language))} if address else {}
    web = {"@type": "WebSite", "name": site.config.title, "inLanguage": list(site.config.interface),
           **({"url": address} if address else {})}
    data: dict[str, Any] = {"@type": "Dataset", **here, "name": site.config.title, "description": claim,
            "size": site.t(language, "count.articles", n=n),
            "inLanguage": sorted(shelf.id for shelf in site.shelves.of("language") if shelf.id != "und")}
    return [web, data]


def _timeline(site: Site, language: str) -> Page:
    heading = site.t(language, "nav.timeline")
    none = next((shelf for shelf in site.shelves.of("year") if shelf.id == "none"), None)
    undated = frame.count(site, language, site.t(language, "none.year"), none.path if none else "", len(none) if none else 0)
    spot = Spot("timeline.html", language, heading, description=site.t(language, "intro.year"), section="timeline.html")
    view: dict[str, Any] = {**frame.frame(site, spot), "years": maps.years(site, language), "undated": undated}
    return Page(site.at("timeline.html", language), "timeline.html", view, language)


def _matrix(site: Site, language: str) -> Page:
    heading = site.t(language, "nav.matrix")
    spot = Spot("matrix.html", language, heading, description=site.t(language, "matrix.caption"))
    view: dict[str, Any] = {**frame.frame(site, spot), "matrix": maps.matrix(site, language)}
    return Page(site.at("matrix.html", language), "matrix.html", view, language)
