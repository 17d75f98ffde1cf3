"""Feeds, sitemap, robots: what other programs read. Absolute addresses, so all but robots.txt need `site_url`.

Nothing here carries the time of the build: a feed's date is the newest article's, a sitemap has no invented lastmod.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import islice

import msgspec

from dateline import edtf
from dateline.config import Config
from dateline.frame import Site
from dateline.model import Card, Corpus, Output
from dateline.shelves import Shelf

FEED_LENGTH = 50
SITEMAP_LENGTH = 50_000
"""URLs in one sitemap file: the protocol's limit (sitemaps.org)."""
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def outputs(corpus: Corpus, pages: Iterable[str], config: Config) -> Iterator[Output]:
    """Feeds of the newest articles and the sitemap of `pages` (paths), when the site's address is known."""
    yield Output(".nojekyll", b"")
    base = config.site_url.rstrip("/") + "/" if config.site_url else ""
    if not base:
        yield Output("robots.txt", b"User-agent: *\nAllow: /\n")
        return
    newest = [card for card in corpus.cards if card.date and not card.withheld][:FEED_LENGTH]
    for path, make in (("feed.xml", atom), ("rss.xml", rss), ("feed.json", json_feed)):
        yield Output(path, make(newest, config.title, base, path, "").encode())
    maps = list(_sitemaps(sorted(pages), base))
    yield from maps
    yield Output("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode())


def shelf_outputs(shelves: Iterable[tuple[str, Shelf]], site: Site) -> Iterator[Output]:
    """The feeds of provinces, topics and sources, each with its name; nothing without the site's address."""
    config = site.config
    base = config.site_url.rstrip("/") + "/"
    for name, shelf in shelves if config.site_url else ():
        newest = [site.cards[one.id] for one in islice((one for one in shelf.articles if one.dated), FEED_LENGTH)]
        title = f"{config.title}: {name}"
        for path, _, kind in shelf.feeds:
            text = {"Atom": atom, "RSS": rss, "JSON Feed": json_feed}[kind](newest, title, base, path, shelf.path)
            yield Output(path, text.encode())


@lru_cache(maxsize=8192)
def moment(date: str | None) -> str:
    """An EDTF date as the RFC 3339 moment that feeds require: midday UTC when only the day is known, the 1st when less.

    >>> moment("2023-02-24T09:44"), moment("2023-02")
    ('2023-02-24T09:44:00+07:00', '2023-02-01T12:00:00Z')
    """
    day, _, time = edtf.sort_key(date).partition("T")
    parts = ([*day.split("-"), "01", "01"])[:3]
    return f"{'-'.join(parts)}T{time[:5]}:00+07:00" if time else f"{'-'.join(parts)}T12:00:00Z"


def atom(cards: Sequence[Card], title: str, base: str, path: str, page: str) -> str:
    """An Atom feed that stands at `path` and belongs to `page`, both relative to `base`."""
    updated = moment(cards[0].date) if cards else "1970-01-01T00:00:00Z"
    entries = "".join(
        f"<entry><title>{_xml(card.title)}</title><link href={_quoted(base + card.path)}/><id>{_xml(base + card.path)}</id>"
        f"<updated>{moment(card.date)}</updated><summary xml:lang={_quoted(card.language)}>{_xml(card.lead)}</summary>"
        f"<author><name>{_xml(card.author or card.publisher or title)}</name></author></entry>\n"
        for card in cards
    )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{_xml(title)}</title><id>{_xml(base + page)}</id>'
        f'<link href={_quoted(base + page)}/><link rel="self" href={_quoted(base + path)}/><updated>{updated}</updated>\n'
        f"{entries}</feed>\n"
    )


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rss(cards: Sequence[Card], title: str, base: str, path: str, page: str) -> str:
    """The same as RSS 2.0."""
    items = "".join(
        f"<item><title>{_xml(card.title)}</title><link>{_xml(base + card.path)}</link>"
        f'<guid isPermaLink="true">{_xml(base + card.path)}</guid><pubDate>{_rfc822(card.date)}</pubDate>'
        f"<description>{_xml(card.lead)}</description></item>\n"
        for card in cards
    )
    return (
        f'{_XML}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>{_xml(title)}</title>'
        f"<link>{_xml(base + page)}</link><description>{_xml(title)}</description>"
        f'<atom:link href={_quoted(base + path)} rel="self" type="application/rss+xml"/>\n{items}</channel></rss>\n'
    )


@lru_cache(maxsize=8192)
def _rfc822(date: str | None) -> str:
    # English names whatever the machine's locale: RFC 822 knows no others
    when = datetime.fromisoformat(moment(date).replace("Z", "+00:00"))
    return f"{_DAYS[when.weekday()]}, {when.day:02} {_MONTHS[when.month - 1]} {when.year:04} {when:%H:%M:%S %z}"


def json_feed(cards: Sequence[Card], title: str, base: str, path: str, page: str) -> str:
    """The same as JSON Feed 1.1."""
    items = [
        {"id": base + card.path, "url": base + card.path, "title": card.title, "summary": card.lead,
         "content_text": card.lead, "date_published": moment(card.date), "language": card.language}
        for card in cards
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": base + page,
            "feed_url": base + path, "items": items}
    return msgspec.json.format(msgspec.json.encode(feed), indent=1).decode() + "\n"


def _sitemaps(paths: Sequence[str], base: str) -> Iterator[Output]:
    parts = [paths[start : start + SITEMAP_LENGTH] for start in range(0, len(paths), SITEMAP_LENGTH)] or [()]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for number, part in enumerate(parts, 1):
        urls = "".join(f"<url><loc>{_xml(base + path)}</loc></url>\n" for path in part)
        name = "sitemap.xml" if len(parts) == 1 else f"sitemap-{number}.xml"
        yield Output(name, f"{_XML}<urlset {space}>\n{urls}</urlset>\n".encode())
    if len(parts) > 1:
        maps = "".join(f"<sitemap><loc>{_xml(base)}sitemap-{number}.xml</loc></sitemap>\n" for number in range(1, len(parts) + 1))
        yield Output("sitemap.xml", f"{_XML}<sitemapindex {space}>\n{maps}</sitemapindex>\n".encode())


_UNHEARD_OF = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
"""What XML 1.0 cannot hold at all."""


@lru_cache(maxsize=8192)
def _xml(text: str) -> str:
    """Escaped, and without such controls. An article stands in some ten feeds: the same five texts each time."""
    return escape(_UNHEARD_OF.sub("", text), quote=False)


def _quoted(value: str) -> str:
    return f'"{escape(value)}"'
