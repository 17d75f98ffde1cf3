"""Corpus → the pages that say how good it is and how to use it: statistics, review, data, about, search, 404."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from json import dumps
from typing import Any

from dateline import dataset, digest, evidence, frame, packing, search, views
from dateline.frame import Site, Spot
from dateline.model import Card, Page
from dateline.strings import decimal, number

FACTS = ("title", "date", "author", "publisher", "province", "topic", "language")
REVIEWED = ("title", "date", "publisher", "province", "topic")
"""Facts whose absence is worth a person's look; many articles honestly name no author."""
DOUBTFUL = 0.5
REVIEW_LENGTH = 200
SEARCH_SCRIPTS = ("search-engine.js", "search.js")
DATA_FILES = tuple((f"data/{name}", name) for name in (
    "articles.jsonl", "articles.csv", "datapackage.json", "croissant.json", "CITATION.cff", "SHA256SUMS"))
"""(path, name) of the downloads; `data.<name>` in the strings says what each holds."""
ABOUT = ("what", "cleaning", "facts", "dates", "provinces", "topics", "languages", "limits", "corrections", "privacy")


def report_pages(site: Site, language: str) -> Iterator[Page]:
    for part, plan in (("statistics", _statistics), ("review", _review), ("data", _data), ("about", _about)):
        if site.config.has(part):
            yield plan(site, language)
    if site.config.has("search"):
        yield from _search(site, language)


# -- statistics -----------------------------------------------------------------------------------------------------------
def _statistics(site: Site, language: str) -> Page:
    cards = [card for card in site.corpus.cards if card.withheld is None]
    intro = site.t(language, "statistics.intro", n=len(cards))
    spot = Spot("statistics.html", language, site.t(language, "nav.statistics"), description=intro, section="statistics.html")
    tables = (_known(site, cards, language), _confidence(site, cards, language), _noise(site, cards, language),
              _tongues(site, cards, language), _copies(site, language))
    view: dict[str, Any] = {**frame.frame(site, spot), "intro": intro, "tables": tuple(tables)}
    return Page(site.at("statistics.html", language), "statistics.html", view, language)


_Cell = tuple[str, str, str]


def _table(site: Site, name: str, columns: Iterable[str], rows: Iterable[Iterable[_Cell | str]], language: str) -> views.Table:
    return {
        "id": name, "caption": site.t(language, f"table.{name}"), "columns": tuple(site.t(language, key) for key in columns),
        "rows": tuple(tuple((cell, "", "") if isinstance(cell, str) else cell for cell in row) for row in rows),
    }


def _linked(words: str, path: str) -> _Cell:
    return words, path, ""


def _barred(words: str, part: int, whole: int) -> _Cell:
    """A figure with a bar as long as its share of the whole."""
    return words, "", f"{100 * part / whole:.1f}" if whole else ""


def _share(language: str, part: int, whole: int) -> str:
    return f"{decimal(language, 100 * part / whole)} %" if whole else "–"


def _known(site: Site, cards: list[Card], language: str) -> views.Table:
    """For each fact: how many articles have it, and how many do not."""
    rows: list[tuple[_Cell | str, ...]] = []
    found = Counter(chain.from_iterable(map(_known_of, cards)))
    for name in FACTS:
        known = found[name]
        missing = len(cards) - known
        rows.append((site.t(language, f"field.{name}"), number(language, known), number(language, missing),
                     _barred(_share(language, missing, len(cards)), missing, len(cards))))
    return _table(site, "known", ("table.fact", "table.found", "table.missing", "table.share_missing"), rows, language)


def _known_of(card: Card) -> list[str]:
    """The facts that were found; a title that had to be supplied was not."""
    supplied = card.title_source in frame.SUPPLIED
    return [fact for fact, _ in card.confidence if not (supplied and fact == "title")]


def _confidence(site: Site, cards: list[Card], language: str) -> views.Table:
    """How sure we are of each fact that we have."""
    words = [word for _, word in evidence.SURE] + ["doubtful"]
    found = Counter[tuple[str, str]]()
    for (name, confidence), count in Counter(chain.from_iterable(card.confidence for card in cards)).items():
        found[name, evidence.confidence_word(confidence)] += count
    known = {name: sum(found[name, word] for word in words) for name in FACTS}
    rows: list[tuple[_Cell | str, ...]] = [
        (site.t(language, f"field.{name}"),
         *(_barred(number(language, found[name, word]), found[name, word], known[name]) for word in words))
        for name in FACTS
    ]
    return _table(site, "confidence", ("table.fact", *(f"confidence.{word}" for word in words)), rows, language)


def _noise(site: Site, cards: list[Card], language: str) -> views.Table:
    """What was cut, by source."""
    lines: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for card in cards:
        source = card.via or card.publisher or "none"
        lines[source] += card.removed_lines
        articles[source] += 1
    rows = []
    for source in sorted(articles, key=lambda one: (one == "none", -lines[one] / articles[one], one)):
        name = site.t(language, "none.source") if source == "none" else site.labels.outlet(source)
        path = site.at(site.shelves.path("source", source), language)
        rows.append((_linked(name, path), number(language, articles[source]), number(language, lines[source]),
                     decimal(language, lines[source] / articles[source])))
    return _table(site, "noise", ("index.source", "table.articles", "table.removed", "table.per_article"), rows, language)


def _tongues(site: Site, cards: list[Card], language: str) -> views.Table:
    codes = [shelf.id for shelf in site.shelves.of("language")]
    rows: list[tuple[_Cell | str, ...]] = []
    for code in codes:
        own = [card for card in cards if card.language == code]
        translated = sum(1 for card in own if card.machine_translated)
        words = sum(card.words for card in own)
        path = site.at(site.shelves.path("language", code), language)
        rows.append((_linked(site.labels.language(code, language), path), number(language, len(own)),
                     number(language, translated), number(language, words)))
    columns = ("index.language", "table.articles", "table.translated", "table.words")
    return _table(site, "languages", columns, rows, language)


def _copies(site: Site, language: str) -> views.Table:
    clusters = {links.copies for links in site.corpus.links if len(links.copies) > 1}
    members = sum(len(cluster) for cluster in clusters)
    edited = sum(1 for card in site.corpus.cards if card.edited)
    withheld = sum(1 for card in site.corpus.cards if card.withheld is not None)
    rows = [
        (site.t(language, "table.clusters"), number(language, len(clusters))),
        (site.t(language, "table.cluster_members"), number(language, members)),
        (site.t(language, "table.edited"), number(language, edited)),
        (site.t(language, "table.withheld"), number(language, withheld)),
    ]
    return _table(site, "care", ("table.what", "table.articles"), rows, language)


# -- review ---------------------------------------------------------------------------------------------------------------
def problems_of(card: Card) -> tuple[tuple[str, bool], ...]:
    """What a person should look at: (fact, is missing), missing ones first."""
    return _problems(card.confidence, card.title_source in frame.SUPPLIED, bool(card.province))


@lru_cache(maxsize=8192)                         # many articles are known as well as each other
def _problems(confidence: tuple[tuple[str, float], ...], supplied: bool, placed: bool) -> tuple[tuple[str, bool], ...]:
    sure = dict(confidence)
    missing = [name for name in REVIEWED if name not in sure and not (name == "province" and placed)]
    if supplied and "title" not in missing:
        missing.insert(0, "title")
    doubtful = [name for name in FACTS if sure.get(name, 1.0) < DOUBTFUL and name not in missing]
    return (*((name, True) for name in missing), *((name, False) for name in doubtful))


def _review(site: Site, language: str) -> Page:
    rows = [(card, problems_of(card)) for card in site.corpus.cards if card.withheld is None]
    rows = [(card, found) for card, found in rows if found]
    rows.sort(key=lambda row: (-len(row[1]), row[0].id))
    shown = rows[:REVIEW_LENGTH]
    intro = site.t(language, "review.intro", folder=site.config.articles)
    spot = Spot("review.html", language, site.t(language, "nav.review"), description=intro)
    view: dict[str, Any] = {
        **frame.frame(site, spot, robots="noindex"), "intro": intro,
        "total": site.t(language, "count.articles" if len(rows) == len(shown) else "review.total", n=len(rows), shown=len(shown)),
        "causes": _causes(site, [found for _, found in rows], language),
        "items": tuple(_review_item(site, card, found, language) for card, found in shown),
    }
    return Page(site.at("review.html", language), "review.html", view, language)


def _problem(site: Site, name: str, missing: bool, language: str) -> str:
    return site.t(language, "review.missing" if missing else "review.doubtful", field=site.t(language, f"field.{name}"))


def _causes(site: Site, problems: Iterable[Iterable[tuple[str, bool]]], language: str) -> tuple[tuple[str, str], ...]:
    """Each kind of problem with its number of articles, the commonest first."""
    counted = Counter(one for found in problems for one in found)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((_problem(site, name, missing, language), number(language, n)) for (name, missing), n in ordered)


def _review_item(site: Site, card: Card, found: tuple[tuple[str, bool], ...], language: str) -> views.ReviewItem:
    words = tuple(_problem(site, name, missing, language) for name, missing in found)
    now = {"title": card.title if card.title_source not in {"none"} else "", "date": card.date, "author": card.author,
           "publisher": card.publisher, "province": card.province, "topic": card.topic, "language": card.language}
    yaml = "\n".join(f"{name}: {dumps(now[name] or '', ensure_ascii=False)}" for name, _ in found)
    return {
        "id": card.id, "path": card.path, "title": frame.title_of(site, card, language),
        "lang": frame.foreign(card.language, language), "problems": words,
        "file": f"{site.config.articles}/{card.id}.md", "yaml": yaml,
    }


# -- prose --------------------------------------------------------------------------------------------------------------
def _data(site: Site, language: str) -> Page:
    intro = site.t(language, "data.intro")
    spot = Spot("data.html", language, site.t(language, "nav.data"), description=intro, section="data.html")
    files = tuple(_data_files(site, language))
    graph = [dataset.dataset(site, [(path, what) for path, name, what in files if name.startswith("articles")], language)]
    view: dict[str, Any] = {
        **frame.frame(site, spot, graph=graph),
        "sections": (("files", site.t(language, "data.files"), (intro,)),
                     ("rights", site.t(language, "data.rights"), (site.t(language, "data.rights_text"),))),
        "files": files,
    }
    return Page(site.at("data.html", language), "data.html", view, language)


def _data_files(site: Site, language: str) -> Iterator[tuple[str, str, str]]:
    for path, name in DATA_FILES:
        stem, _, suffix = name.partition(".")
        parts = [part for part, _ in packing.parts(site.corpus)] if site.corpus.digest and stem == "articles" else []
        for part in parts:
            yield f"data/articles-{part}.{suffix}.gz", f"articles-{part}.{suffix}.gz", site.t(language, f"data.{name}")
        if not parts:
            yield path, name, site.t(language, f"data.{name}")


def _about(site: Site, language: str) -> Page:
    spot = Spot("about.html", language, site.t(language, "nav.about"), description=site.t(language, "about.what_text"))
    sections = tuple(
        (name, site.t(language, f"about.{name}"), tuple(site.t(language, f"about.{name}_text").split("\n\n"))) for name in ABOUT
    )
    view: dict[str, Any] = {**frame.frame(site, spot), "sections": sections, "files": ()}
    return Page(site.at("about.html", language), "about.html", view, language)


# -- search -------------------------------------------------------------------------------------------------------------
def _search(site: Site, language: str) -> Iterator[Page]:
    """The plain pages; the scripts they name bring them to life."""
    browse = frame.present(
        site.link(language, f"index.{facet}", path) for facet, path in (
            ("province", "provinces/index.html"), ("topic", "topics/index.html"), ("source", "sources/index.html"),
            ("language", "languages/index.html"), ("year", "years/index.html"), ("person", "people/index.html"),
            ("organisation", "organisations/index.html"), ("document", "documents/index.html"),
        )
    )
    listed = sum(1 for card in site.corpus.cards if card.withheld is None)
    for name, scripts in (("search", SEARCH_SCRIPTS), ("concordance", (*SEARCH_SCRIPTS, "concordance.js"))):
        path = f"{name}.html"
        intro = site.t(language, f"{name}.intro")
        spot = Spot(path, language, site.t(language, f"nav.{name}"), description=intro)
        view: dict[str, Any] = {
            **frame.frame(site, spot), "intro": intro, "action": site.at(path, language), "app": f"{name}-app",
            "entry": search.entry(listed), "concordance": site.at("concordance.html", language), "facets": browse,
            "scripts": scripts, "words": _words(site, language),
        }
        yield Page(site.at(path, language), path, view, language)


def _words(site: Site, language: str) -> dict[str, str]:
    """The words of the search scripts, by the names they ask for."""
    family = "find."
    texts = site.strings.texts[language]
    return {key.removeprefix(family): texts[key].other for key in sorted(texts) if key.startswith(family)}


def not_found_page(site: Site) -> Page:
    """404.html, once, in the default language. It may be served at any depth, so it only links to full addresses."""
    language = site.default
    spot = Spot("404.html", language, site.t(language, "404.heading"), paired=False)
    links = tuple(
        (site.t(language, key), site.url(path)) for key, path in (("nav.home", "index.html"), ("nav.search", "search.html"))
        if site.at(path, language)
    ) if site.config.site_url else ()
    view: dict[str, Any] = {**frame.frame(site, spot, robots="noindex"), "text": site.t(language, "404.text"), "links": links,
                            "lookup": digest.lookup_width(site.corpus)}
    view["head"] = {**view["head"], "canonical": ""}
    return Page("404.html", "404.html", view, language)
