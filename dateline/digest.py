"""Several articles on one page, for hosts that count files: some 40 share a page, and each has an anchor there.

    places    an article's page and anchor are given once, in the order of first publication, and written down beside its other
              addresses (articles/permalinks.json): pages fill up, and no article ever moves when others join it
    pages     what a page of several articles may say; templates/digest.html lays it out
    leads     what stands at old addresses after `article_pages` has changed: of one page, small lists of links; of many, tables
              that the 404 page looks an address up in
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from dateline import cite, edtf, frame, hosts, story, views
from dateline.config import Config
from dateline.frame import Site, Spot
from dateline.labels import Labels
from dateline.model import Article, Card, Corpus, Links, Output, Page

PER_PAGE = 40
FOLDER = "articles/digest"
PER_FOLDER = 1_000
FILES_EACH, BYTES_EACH = 5, 65_000
"""What an article with a page of its own adds to a site, lists and search included: measured on 2,000 real texts."""
ROOMY = 10
"""How many times as large the files of the search index are."""
AROUND = 30
"""Letters shown on each side of a cut."""
LOOKUP = "articles/at"
PER_LOOKUP = 400
"""About how many old addresses one table of the 404 page holds."""

_TOLD = frozenset({"raw", "tags", "names", "facts"})
"""What an entry shows of the costly parts of an article's page: one citation, not five."""

Row = tuple[Card, Links]


def wanted(config: Config, articles: int) -> bool:
    """Whether so many articles are to share pages. Raises ConfigError when the setting names no host we know."""
    host = hosts.named(config.host or hosts.ANY, config.layers("data"), "dateline.yml") if config.host or _auto(config) else None
    if host is None or not _auto(config):
        return config.article_pages == "digest"
    needs = ((host.files, FILES_EACH), (host.site_bytes, BYTES_EACH))
    return any(limit is not None and articles * each > limit * hosts.NEARLY for limit, each in needs)


def _auto(config: Config) -> bool:
    return config.article_pages == "auto"


# -- places -------------------------------------------------------------------------------------------------------------
def assign_paths(cards: Iterable[Card], permalinks: Mapping[str, Sequence[str]]) -> tuple[list[Card], dict[str, list[str]]]:
    """Give every card its place. Returns the cards, in the order of ids, and the permalinks to be kept.

    New articles come oldest first, so that a page of a first build holds articles of one time.
    """
    kept = {article_id: list(paths) for article_id, paths in permalinks.items()}
    known = {article_id: path for article_id, paths in kept.items() for path in paths if "#" in path}
    used = Counter(path.partition("#")[0] for path in known.values())
    page = max(map(number, used), default=1)
    taken = set(known.values())
    ordered = sorted(cards, key=lambda card: card.id)
    for card in sorted(ordered, key=lambda card: edtf.sort_key(card.date)):
        if card.id not in known:
            page += used[sheet(page)] >= PER_PAGE
            used[sheet(page)] += 1
            known[card.id] = _free(sheet(page), card.id, taken)
            taken.add(known[card.id])
        kept[card.id] = [known[card.id], *(path for path in kept.get(card.id, ()) if path != known[card.id])]
    return [replace(card, path=known[card.id]) for card in ordered], kept


def sheet(number: int) -> str:
    """The path of a page of several articles.

    >>> sheet(17), sheet(2345)
    ('articles/digest/0/17.html', 'articles/digest/2/2345.html')
    """
    return f"{FOLDER}/{number // PER_FOLDER}/{number}.html"


def number(path: str) -> int:
    """The other way about."""
    name = path.rpartition("/")[2].removesuffix(".html")
    return int(name) if name.isdigit() else 0


def _free(path: str, article_id: str, taken: set[str]) -> str:
    """A page's path with an anchor that is free on it."""
    full = blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return next(place for length in (8, 12, 16, 32) if (place := f"{path}#a{full[:length]}") not in taken)


def sheets(corpus: Corpus) -> dict[str, list[Row]]:
    """Path → its articles, newest first; pages in the order in which they were filled."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for card, links in zip(corpus.cards, corpus.links, strict=True):
        found[card.path.partition("#")[0]].append((card, links))
    return {path: found[path] for path in sorted(found, key=number)}


# -- pages --------------------------------------------------------------------------------------------------------------
def page(site: Site, path: str, articles: Sequence[tuple[Article, Links]], beside: tuple[str, str]) -> Page:
    """The page at `path` with its articles; `beside` are the paths of the pages before and after, "" for none."""
    language = site.default
    cards = [site.cards[article.id] for article, _ in articles]
    spot = Spot(path, language, _heading(site, path, language), description="; ".join(_titles(site, cards, language)), paired=False,
                crumbs=((site.t(language, "nav.years"), "years/index.html"),))
    view: dict[str, Any] = {
        **frame.frame(site, spot, graph=[_graph(site, card) for card in cards if card.withheld is None]),
        "entries": tuple(_entry(site, article, links, language) for article, links in articles),
        "contents": site.t(language, "digest.contents", n=len(cards)),
        "previous": _beside(site, beside[0], language),
        "next": _beside(site, beside[1], language),
    }
    return Page(path, "digest.html", view, language)


def _heading(site: Site, path: str, language: str) -> str:
    return site.t(language, "digest.heading", number=str(number(path)))


def _titles(site: Site, cards: Sequence[Card], language: str) -> Iterator[str]:
    for card in cards[:3]:
        if card.withheld is None:
            yield frame.title_of(site, card, language)


def _beside(site: Site, path: str, language: str) -> views.Link:
    return {"label": _heading(site, path, language) if path else "", "path": path}


def _graph(site: Site, card: Card) -> dict[str, Any]:
    """schema.org, short: forty of them stand on a page."""
    known = {
        "@id": site.url(card.path), "url": site.url(card.path), "headline": card.title,
        "inLanguage": card.language if card.language != "und" else "", "datePublished": frame.machine_date(card.date),
        "isBasedOn": story.safe_url(card.source_url),
    }
    return {"@type": "NewsArticle", **{name: value for name, value in known.items() if value}}


def _entry(site: Site, article: Article, links: Links, language: str) -> dict[str, Any]:
    """A `views.Entry`: what the article's own page would say, without what needs a page: views, links to paragraphs, formats."""
    card = site.cards[article.id]
    told = story.told(site, article, links, language, _TOLD)
    told["facts"] = tuple(fact for fact in told["facts"] if fact["found"])
    spoken = {name: tuple(_plain(row, site.labels, language, site) for row in told[name]) for name in ("tags", "names", "facts")}
    cuts = tuple(_around(line) for line in told["raw"] if line["cut"] or any(is_cut for _, is_cut in line["parts"]))
    copied = ("lang", "withheld", "kickers", "supplied", "badge", "translated", "dateline", "source", "date", "datetime", "edited",
              "markdown", "related", "copies")
    return {
        "anchor": card.path.partition("#")[2],
        "path": card.path,
        "title": frame.title_of(site, card, language),
        **{name: told[name] for name in copied},
        "blocks": tuple(_bare(block) for block in told["blocks"]),
        "cuts": cuts,
        "cited": cite.apa(story.reference(site, card, language)) if article.withheld is None else "",
        **spoken,
    }


def _around(line: Mapping[str, Any]) -> dict[str, Any]:
    """A raw line with no more than a few words around what was cut: the rest stands in the article, just above."""
    parts: list[tuple[str, bool]] = []
    last = len(line["parts"]) - 1
    for position, (words, is_cut) in enumerate(line["parts"]):
        before = words[-AROUND:] if position < last else ""
        after = words[:AROUND] if position else ""
        parts.append((words if is_cut or len(words) <= 2 * AROUND else f"{after}…{before}", is_cut))
    return {**line, "parts": tuple(parts)}


def _bare(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block without anchor and marks; a heading is one below the article's."""
    return {**block, "id": "", "marks": (), "kind": "subheading" if block["kind"] == "heading" else block["kind"]}


def _plain(row: Mapping[str, Any], labels: Labels, language: str, site: Site) -> dict[str, Any]:
    """A row of tags or facts whose quotations name their place in words: there is nothing to link to."""
    quotes = tuple({**quote, "rule": _placed(quote, site, language), "places": ()} for quote in row["quotes"])
    path = "" if row["path"].startswith("raw/") else row["path"]
    return {**row, "quotes": quotes, "path": path}


def _placed(quote: Mapping[str, Any], site: Site, language: str) -> str:
    places = [site.t(language, "article.line" if anchor[0] == "L" else "article.paragraph", number=number)
              for anchor, number in quote["places"]]
    return ", ".join(filter(None, (quote["rule"], *places)))


# -- where the old addresses lead ---------------------------------------------------------------------------------------
def left(site: Site) -> Iterator[Page]:
    """With a page for each article again: what stays at the pages of several, whose anchors lead on."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for old, new in site.corpus.aliases:
        path, mark, anchor = old.partition("#")
        if mark and not site.corpus.digest:
            found[path].append((anchor, new))
    titles = {card.path: card for card in site.corpus.cards}
    language = site.default
    for path in sorted(found, key=number):
        rows = tuple((anchor, new, frame.title_of(site, titles[new], language), frame.foreign(titles[new].language, language))
                     for anchor, new in sorted(found[path]))
        view = {"language": language, "site": site.config.title, "title": _heading(site, path, language), "rows": rows}
        yield Page(path, "left.html", view, language)


def lookup_width(corpus: Corpus) -> int:
    """How many hexadecimal digits name a table of `lookup`: as many as keep it small; -1 when there is nothing to look up."""
    moved = sum("#" not in old for old, _ in corpus.aliases) if corpus.digest else 0
    return -1 if not moved else 0 if moved <= PER_LOOKUP else 1 if moved <= 16 * PER_LOOKUP else 2


def lookup(corpus: Corpus) -> Iterator[Output]:
    """With several articles on a page: tables in which the 404 page finds where an article's own page went.

    A name is the hexadecimal end of the old path; of two with the same end, the whole path below articles/.
    """
    width = lookup_width(corpus)
    if width < 0:
        return
    named: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for old, new in corpus.aliases:
        if "#" not in old:
            whole = old.removeprefix("articles/").removesuffix(".html")
            named[whole.rpartition("-")[2]][whole] = new.removeprefix("articles/")
    tables: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for end, targets in sorted(named.items()):
        single = len(set(targets.values())) == 1
        tables[end[:width] or "all"] |= {end: next(iter(targets.values()))} if single else targets
    for name in sorted(tables):
        text = json.dumps(tables[name], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        yield Output(f"{LOOKUP}/{name}.json", f"{text}\n".encode())
