"""Corpus and Articles → Pages: which pages exist and exactly what each may say.

A page's view is plain data; the template lays it out and decides nothing. What each template gets is in `views`.

    frame     the site as pages see it, the frame around a page, cards
    story     one article
    lists     shelves, their periods and indexes        maps      tile map, table, timeline bars
    home      home, timeline, topics by province        reports   statistics, review, data, about, search, 404
"""

from __future__ import annotations

from collections.abc import Iterator

from dateline import digest, home, lists, reports, story
from dateline.config import Config
from dateline.frame import Site
from dateline.labels import Source
from dateline.model import Article, Corpus, Links, Page
from dateline.strings import Strings
from dateline.views import EVERYTHING, Reads


def listing_pages(corpus: Corpus, knowledge: Source, strings: Strings, config: Config) -> Iterator[Page]:
    """Every page but those of the articles."""
    return site_pages(Site.of(corpus, knowledge, strings, config))


def site_pages(site: Site) -> Iterator[Page]:
    """The same, for a caller that has the `Site` already."""
    yield from overview_pages(site)
    for language in site.config.interface:
        yield from lists.shelf_pages(site, language)


def overview_pages(site: Site) -> Iterator[Page]:
    """The pages that show the corpus as a whole: all but the articles' and the lists'."""
    for language in site.config.interface:
        yield from home.overview_pages(site, language)
        yield from lists.index_pages(site, language)
        yield from reports.report_pages(site, language)
    yield reports.not_found_page(site)
    yield from _moved(site)
    yield from digest.left(site)


def story_page(site: Site, article: Article, links: Links, reads: Reads = EVERYTHING) -> Page:
    """The page of one article, for a caller that has the `Site` already and may know what the template reads."""
    return story.article_page(site, article, links, reads)


def article_page(
    article: Article, links: Links, corpus: Corpus, knowledge: Source, strings: Strings, config: Config
) -> Page:
    """The page of one article. Whoever plans many of them makes a `Site` once and calls `story_page`."""
    return story_page(Site.of(corpus, knowledge, strings, config), article, links)


def _moved(site: Site) -> Iterator[Page]:
    """A page in the place of each one that moved; with several articles on a page there are too many: `digest` knows them."""
    titles = {card.path: card for card in site.corpus.cards}
    for old, new in site.corpus.aliases:
        if site.corpus.digest or "#" in old:
            continue
        card = titles.get(new)
        language = story.interface_of(site, card.language) if card else site.default
        view = {
            "language": language, "site": site.config.title, "title": card.title if card else new, "target": new,
            "canonical": site.url(new),
        }
        yield Page(old, "moved.html", view, language)
