"""Article → the view of its page: the text in three views, why each tag is there, the record, citations, neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from dateline import cite, evidence, frame, views
from dateline.evidence import Anchors
from dateline.filing import primary_unit
from dateline.frame import Site, Spot
from dateline.model import Article, Card, Claim, Links, Page, Related, Tag
from dateline.text import shorten
from dateline.views import EVERYTHING, Reads

READING_SPEED = 200
"""Words a minute; Vietnamese syllables count as words."""
NAMED = {"person": "person", "organisation": "organisation", "document": "document"}


def interface_of(site: Site, language: str) -> str:
    """The language an article's page speaks: its own when the site has it."""
    return language if language in site.config.interface else site.default


def article_page(site: Site, article: Article, links: Links, reads: Reads = EVERYTHING) -> Page:
    """Plan the page of one article. Needs only the cards of the article itself and of those it links to.

    What costs most is left out where the template does not read it.
    """
    card = site.cards[article.id]
    language = interface_of(site, card.language)
    view: dict[str, Any] = {
        **frame.frame(site, _spot(site, card, language), reads, **_head(site, article, card, language, reads)),
        **told(site, article, links, language, reads),
    }
    return Page(card.path, "article.html", view, language)


def told(site: Site, article: Article, links: Links, language: str, reads: Reads = EVERYTHING) -> dict[str, Any]:
    """What is said of an article, wherever it stands: the view of its page without the frame around it."""
    card = site.cards[article.id]
    return {
        **_facts_of(site, article, card, language),
        **(_withheld() if article.withheld is not None else _open(site, article, card, language, reads)),
        **_neighbours(site, card, links, language),
    }


def depends(site: Site, article_id: str, links: Links, stamps: Mapping[str, bytes]) -> tuple[object, ...]:
    """All that the page is made from beside the article, its links and what is the same on every page: equal values mean an
    equal page. `stamps` has for each article's id a digest of its card: a card is mentioned on some six pages."""
    card = site.cards[article_id]
    shelf = site.shelves
    paths = (
        *(shelf.path("province", site.labels.successor(ref.slug, ref.era)) for ref in card.provinces),
        *(shelf.path("former", ref.slug) for ref in card.provinces),
        shelf.path("province", primary_unit(card, site.labels)),
        *(shelf.path("topic", topic) for topic in card.topics),
        *(shelf.path("source", domain) for domain in (card.publisher, card.via)),
        shelf.path("language", card.language),
        shelf.named("author", card.author) if card.author else "",
        *(shelf.named("person", name) for name in card.people),
        *(shelf.named("organisation", name) for name in card.organisations),
        *(shelf.named("document", name) for name in card.documents),
    )
    others = (links.previous, links.next, *(one.id for one in links.related), *links.copies)
    return card.path, paths, tuple([stamps.get(other) for other in others if other])


def _spot(site: Site, card: Card, language: str) -> Spot:
    unit = primary_unit(card, site.labels)
    crumbs = [(site.t(language, "nav.provinces"), "provinces/index.html")]
    path = site.shelves.path("province", unit)
    if unit and path:
        crumbs.append((site.labels.province(unit, "34", language), path))
    return Spot(card.path, language, frame.title_of(site, card, language), description=card.lead, crumbs=tuple(crumbs),
                paired=False)


# -- head ---------------------------------------------------------------------------------------------------------------
def safe_url(url: str | None) -> str:
    """A link that may leave the site: http and https only, everything else is "".

    >>> safe_url("https://nhandan.vn/x.html"), safe_url("javascript:alert(1)")
    ('https://nhandan.vn/x.html', '')
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.netloc else ""


def _head(site: Site, article: Article, card: Card, language: str, reads: Reads) -> dict[str, Any]:
    if article.withheld is not None:
        return {"robots": "noindex"}
    if not frame.described(reads):
        return {}
    title, publisher = frame.title_of(site, card, language), site.labels.outlet(card.publisher) if card.publisher else ""
    day = frame.machine_date(card.date)
    # NewsItem is Dublin Core's word for it in the ePrints vocabulary; without it Zotero takes the page for a journal article,
    # and without prism.publicationName it takes DC.source, an address, for the paper's name.
    names = [("DC.title", title), ("DC.type", "NewsItem"), ("citation_title", title)]
    if card.language != "und":
        names += [("DC.language", card.language), ("citation_language", card.language)]
    if day:
        names += [("DC.date", day), ("citation_publication_date", day[:10].replace("-", "/"))]
    if card.author:
        names += [("DC.creator", card.author), ("citation_author", card.author)]
    if publisher:
        names += [("DC.publisher", publisher), ("citation_publisher", publisher), ("prism.publicationName", publisher)]
    if source := safe_url(card.source_url):
        names += [("DC.source", source)]
    properties = [("og:type", "article"), *([("article:published_time", day)] if day else [])]
    return {"names": names, "properties": properties, "graph": [_news_article(site, card, title, publisher, day, language)]}


def _news_article(site: Site, card: Card, title: str, publisher: str, day: str, language: str) -> dict[str, Any]:
    """schema.org: only what is known."""
    unit = primary_unit(card, site.labels)
    address, source = site.url(card.path), safe_url(card.source_url)
    place = {"@type": "AdministrativeArea", "name": site.labels.province(unit, "34", language)} if unit else None
    known = {
        "@id": f"{address}#article" if address else None,
        "url": address,
        "headline": title,
        "inLanguage": card.language if card.language != "und" else None,
        "datePublished": day,
        "wordCount": card.words,
        "about": [{"@type": "Thing", "name": site.labels.topic(topic, language)} for topic in card.topics],
        "spatialCoverage": place,
        "author": {"@type": "Person", "name": card.author} if card.author else None,
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "isBasedOn": source,
        "isPartOf": {"@type": "Dataset", "name": site.config.title,
                     "description": site.config.description or site.t(language, "home.claim")},
    }
    return {"@type": "NewsArticle", **{name: value for name, value in known.items() if value}}


def reference(site: Site, card: Card, language: str) -> cite.Reference:
    """What citations of an article are made from."""
    return cite.Reference(
        id=card.id,
        title=frame.title_of(site, card, language),
        supplied=card.title_source in frame.SUPPLIED,
        author=card.author or "",
        publisher=site.labels.outlet(card.publisher) if card.publisher else "",
        date=card.date or "",
        language=card.language,
        url=safe_url(card.source_url) or site.url(card.path),
        archive=site.config.title,
    )


# -- the text -----------------------------------------------------------------------------------------------------------
def _facts_of(site: Site, article: Article, card: Card, language: str) -> dict[str, Any]:
    """What stands under the headline."""
    shown = frame.card_view(site, card.id, language)
    minutes = max(1, round(card.words / READING_SPEED))
    names = "; ".join(site.t(language, f"field.{name}") for name in article.edited)
    return {
        "withheld": article.withheld or ("" if article.withheld is None else site.t(language, "article.withheld_default")),
        "lang": shown["lang"], "kickers": shown["kickers"], "supplied": shown["supplied"], "badge": shown["badge"],
        "translated": shown["translated"], "source": shown["source"], "date": shown["date"], "datetime": shown["datetime"],
        "dateline": (shown["language"], site.t(language, "article.length", n=card.words, minutes=minutes)),
        "edited": site.t(language, "article.edited", fields=names) if names else "",
    }


def _withheld() -> dict[str, Any]:
    return {"blocks": (), "markdown": "", "raw": (), "marked": False, "tags": (), "names": (), "facts": (), "citations": ()}


def _open(site: Site, article: Article, card: Card, language: str, reads: Reads) -> dict[str, Any]:
    places = evidence.anchors(article)
    own = article.body_markdown is not None
    blocks = () if own else evidence.body(article, language)
    return {
        "blocks": blocks,
        "markdown": article.body_markdown or "" if own else "",
        "raw": evidence.raw_lines(article, site.labels, language) if article.raw and "raw" in reads else (),
        "marked": any(block["marks"] for block in blocks),
        "tags": tuple(_tags(site, article, places, language)) if "tags" in reads else (),
        "names": tuple(_names(site, article, places, language)) if "names" in reads else (),
        "facts": tuple(_record(site, article, card, places, language)) if "facts" in reads else (),
        "citations": cite.formats(reference(site, card, language)) if "citations" in reads else (),
    }


# -- why these tags -----------------------------------------------------------------------------------------------------
def _tags(site: Site, article: Article, places: Anchors, language: str) -> list[views.Why]:
    """Provinces, topics, language: what the article is filed under."""
    rows = [_why(site, tag, places, language) for tag in article.tags.tags if tag.facet in evidence.MARKED]
    known = article.tags.language
    path = site.at(site.shelves.path("language", known.value), language)
    rows.append(_row(site, known, site.labels.language(known.value, language), path, ["facet.language"], places, language))
    if article.tags.machine_translated.value:
        label = site.t(language, "article.translated")
        rows.append(_row(site, article.tags.machine_translated, label, "", ["facet.language"], places, language))
    if rows and rows[0]["quotes"]:
        rows[0]["open"] = True
    return rows


def _names(site: Site, article: Article, places: Anchors, language: str) -> Iterator[views.Why]:
    """People, organisations, documents, campaigns."""
    return (_why(site, tag, places, language) for tag in article.tags.tags if tag.facet not in evidence.MARKED)


def _row(site: Site, claim: Claim[Any], label: str, path: str, kinds: list[str], places: Anchors, language: str,
         note: str = "", lang: str = "") -> views.Why:
    words = [site.t(language, kind) for kind in kinds]
    words.append(site.t(language, f"confidence.{evidence.confidence_word(claim.confidence)}"))
    quotes = evidence.quotes_of(claim, places, site.labels, language)
    return {"label": label, "path": path, "kind": " · ".join(words), "note": note, "lang": lang, "quotes": quotes,  # type: ignore[typeddict-item]  # rows are Quotes by construction
            "open": False}


def _why(site: Site, tag: Tag, places: Anchors, language: str) -> views.Why:
    kinds = [f"facet.{tag.facet}"]
    note = ""
    if tag.facet == "province":
        era = tag.era or "63"
        unit = site.labels.successor(tag.value, era)
        merged = unit != tag.value
        facet, key = ("former", tag.value) if merged else ("province", unit)
        label = site.labels.province(tag.value, era, language)
        path = site.shelves.path(facet, key)
        if merged:
            note = site.t(language, "province.since", name=site.labels.province(unit, "34", language))
        kinds += [f"role.{tag.role}"] if tag.role else []
    elif tag.facet == "topic":
        label, path = site.labels.topic(tag.value, language), site.shelves.path("topic", tag.value)
        kinds += [f"role.{tag.role}"] if tag.role else []
    else:
        label, note = tag.value, tag.role
        path = site.shelves.named(NAMED[tag.facet], tag.value) if tag.facet in NAMED else ""
    return _row(site, tag.claim, label, site.at(path, language), kinds, places, language, note)


# -- the record ---------------------------------------------------------------------------------------------------------
def _record(site: Site, article: Article, card: Card, places: Anchors, language: str) -> list[views.Fact]:
    metadata = article.metadata
    supplied = frame.SUPPLIED.get(card.title_source)
    rows = [
        _fact(site, "publisher", metadata.publisher, places, language, path=site.shelves.path("source", card.publisher),
              value=site.labels.outlet(card.publisher) if card.publisher else ""),
    ]
    if metadata.via:
        rows.append(_fact(site, "via", metadata.via, places, language, path=site.shelves.path("source", card.via),
                          value=site.labels.outlet(metadata.via.value)))
    rows += [
        _fact(site, "date", metadata.date, places, language, value=site.strings.date(language, card.date)),
        _fact(site, "title", metadata.title, places, language, note=site.t(language, supplied) if supplied else ""),
        _fact(site, "author", metadata.author, places, language,
              path=site.shelves.named("author", card.author) if card.author else ""),
    ]
    rows += [_fact(site, "credit", credit, places, language) for credit in metadata.credits]
    rows.append(_fact(site, "source", metadata.source_url, places, language, url=safe_url(card.source_url)))
    return rows + _files(site, article, card, language)


def _fact(site: Site, name: str, claim: Claim[str] | None, places: Anchors, language: str, *, value: str = "",
          note: str = "", path: str = "", url: str = "") -> views.Fact:
    label = site.t(language, f"field.{name}")
    if claim is None:
        return {"name": label, "value": site.t(language, "article.not_found"), "found": False, "note": "", "path": "",
                "url": "", "quotes": ()}
    sure = site.t(language, f"confidence.{evidence.confidence_word(claim.confidence)}")
    return {
        "name": label, "value": value or claim.value, "found": True, "note": "; ".join(filter(None, (note, sure))),
        "path": site.at(path, language), "url": url,
        "quotes": _beside(evidence.quotes_of(claim, places, site.labels, language), value or claim.value),  # type: ignore[typeddict-item]  # as above
    }


def _beside(quotes: tuple[dict[str, Any], ...], value: str) -> tuple[dict[str, Any], ...]:
    """Evidence to stand below a fact: a quotation that only says the fact again is left out, where it stands is not."""
    said = shorten(value, evidence.QUOTE)
    return tuple({**row, "quote": "" if row["quote"] == said else row["quote"]} for row in quotes)


def _files(site: Site, article: Article, card: Card, language: str) -> list[views.Fact]:
    """Where the text came from, and how much of it is not the article."""

    def plain(name: str, value: str, path: str = "", found: bool = True) -> views.Fact:
        return {"name": site.t(language, f"field.{name}"), "value": value, "found": found, "note": "", "path": path,
                "url": "", "quotes": ()}

    if not article.raw:
        return [plain("file", site.t(language, "article.no_seed"), found=False)]
    removed = len({removal.line for removal in article.removed})
    cut = site.t(language, "article.removed", n=removed) if removed else site.t(language, "article.nothing_removed")
    return [
        plain("file", article.origin, raw_path(card) if site.config.has("raw") else ""),
        plain("encoding", article.encoding),
        plain("removed", cut),
    ]


def raw_path(card: Card) -> str:
    """Where the raw text of an article is published: beside its page's name.

    The stage that writes it says the same; a test compares the two.
    """
    return f"raw/{card.path.removeprefix('articles/').removesuffix('.html')}.txt"


# -- neighbours ---------------------------------------------------------------------------------------------------------
def _neighbours(site: Site, card: Card, links: Links, language: str) -> dict[str, Any]:
    copies = [site.cards[other] for other in links.copies if other != card.id and other in site.cards]
    unit = primary_unit(card, site.labels)
    place = site.labels.province(unit, "34", language) if unit else ""
    return {
        "related": tuple(_related(site, one, language) for one in links.related if _visible(site, one.id)),
        "previous": _neighbour(site, links.previous, "article.previous", place, language),
        "next": _neighbour(site, links.next, "article.next", place, language),
        "copies": tuple(frame.card_view(site, other.id, language) for other in copies if other.withheld is None),
    }


def _visible(site: Site, article_id: str | None) -> bool:
    return article_id is not None and article_id in site.cards and site.cards[article_id].withheld is None


def _related(site: Site, one: Related, language: str) -> views.RelatedCard:
    card = frame.card_view(site, one.id, language)
    return {**card, "why": site.t(language, f"related.{one.reason}", detail=one.detail)}


def _neighbour(site: Site, article_id: str | None, key: str, place: str, language: str) -> views.Neighbour:
    if article_id is None or not _visible(site, article_id):
        return {"path": "", "title": "", "lang": "", "label": ""}
    other = site.cards[article_id]
    when = site.strings.date(language, other.date) or site.t(language, "date.none")
    return {"path": other.path, "title": frame.title_of(site, other, language),
            "lang": frame.foreign(other.language, language), "label": site.t(language, key, place=place, date=when)}

