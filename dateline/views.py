"""What each template may say: the view models, one class per template.

A template sees `page` (one of these), `t()`, `href()`, `asset()` and nothing else. `docs/templates.md` is made from this
module; a test compares the two, and another one holds every page of a site to its class.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated as A
from typing import Any, TypedDict

Reads = Container[str]
"""The names of fields that a template reads: others need not be planned."""


class _Everything:
    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING: Reads = _Everything()
"""For a template of which it is not known what it reads."""


class Link(TypedDict):
    """A link inside the site."""

    label: A[str, "What it says"]
    path: A[str, "Where it goes, from the site's root; \"\" when there is no such page"]


class Count(TypedDict):
    """A link with the number of articles behind it."""

    label: A[str, "What it says"]
    path: A[str, "Where it goes; \"\" when it is no link"]
    query: A[str, "What follows the path where it leads into the search: ?province=son-la; else \"\""]
    n: A[int, "Articles"]
    shown: A[str, "The number as the language writes it"]
    lang: A[str, "Language of the label when it is not the interface's, else \"\""]


class Facet(TypedDict):
    """A group of counted links."""

    label: A[str, "The group's name"]
    items: A[tuple[Count, ...], "The links"]
    open: A[bool, "Whether it starts unfolded"]


class Card(TypedDict):
    """An article in a list."""

    key: A[str, "Digest of the card; equal cards look equal"]
    path: A[str, "The article's page"]
    title: A[str, "Title, or the supplied one"]
    lang: A[str, "Language of title and lead when it is not the interface's, else \"\""]
    supplied: A[str, "How the title was supplied, in words; \"\" when the text has one"]
    lead: A[str, "First words of the body"]
    kickers: A[tuple[Link, ...], "Primary province and topic"]
    badge: A[str, "Language code in capitals"]
    language: A[str, "Language in words"]
    translated: A[bool, "Machine-translated"]
    source: A[str, "Outlet, or that none was found"]
    date: A[str, "Date in words, or that none was found"]
    datetime: A[str, "Date for machines; \"\" when it is not exact"]


class Head(TypedDict):
    """What stands in <head> and is not the title."""

    description: A[str, "For search engines and previews"]
    canonical: A[str, "The page's full address; \"\" without site_url"]
    robots: A[str, "For <meta name=robots>; \"\" for none"]
    alternates: A[tuple[tuple[str, str], ...], "(language, address) of true counterparts"]
    feeds: A[tuple[tuple[str, str, str], ...], "(path, media type, title) of feeds, with site_url only"]
    names: A[tuple[tuple[str, str], ...], "<meta name content>: Dublin Core and citation_*"]
    properties: A[tuple[tuple[str, str], ...], "<meta property content>: Open Graph"]
    jsonld: A[dict[str, Any], "schema.org graph; {} for none"]


class Page(TypedDict):
    """Every page."""

    language: A[str, "Language of the interface: en or vi"]
    site: A[str, "The collection's name"]
    title: A[str, "For <title>, without the collection's name"]
    heading: A[str, "The page's h1"]
    head: A[Head, "For <head>"]
    nav: A[tuple[Link, ...], "Main navigation"]
    section: A[str, "Path of the navigation entry this page belongs to"]
    crumbs: A[tuple[Link, ...], "The way here, ending at the parent"]
    switch: A[tuple[tuple[str, str, bool], ...], "(language, path, is current) for the interface languages"]
    home: A[str, "Path of the home page"]
    search: A[str, "Path of the search page; empty when the site does without"]
    about: A[str, "Path of the page about the site, or empty"]
    data: A[str, "Path of the page of downloads, or empty"]
    footer: A[tuple[Link, ...], "Links of the footer"]
    feeds: A[tuple[Link, ...], "Feeds in the footer, with site_url only"]


class Group(TypedDict):
    """Cards under one heading of a list."""

    id: A[str, "Anchor: y2023, m2023-03; \"\" when the list is not divided"]
    label: A[str, "The heading; \"\" when the list is not divided"]
    items: A[tuple[Card, ...], "The articles"]


class Tile(TypedDict):
    """A province on the tile map."""

    label: A[str, "Its name"]
    path: A[str, "Its page; \"\" when it has no article"]
    shown: A[str, "Articles, as the language writes it"]
    n: A[int, "Articles"]
    row: A[int, "1-based"]
    column: A[int, "1-based"]
    step: A[int, "0 to 5: how dark"]


class Bar(Count):
    """A counted link with a bar."""

    width: A[str, "0 to 100, of the longest bar"]


class Year(Count):
    """A year of the timeline."""

    months: A[tuple[tuple[str, str, int], ...], "(month in words, path or \"\", articles), January first"]
    bars: A[tuple[tuple[int, str, str], ...], "(x, y, height) of the bars, in a box of 120 by 60"]


class Cell(TypedDict):
    """A cell of the table of topics by province."""

    shown: A[str, "Articles; \"\" for none"]
    path: A[str, "Page of the two together; \"\" when it has none"]
    step: A[int, "0 to 5: how dark"]


class Row(TypedDict):
    """A row of the table of topics by province."""

    label: A[str, "The topic"]
    path: A[str, "Its page"]
    cells: A[tuple[Cell, ...], "One per column"]
    total: A[str, "Articles in all"]


class Matrix(TypedDict):
    """Topics by province."""

    columns: A[tuple[Link, ...], "The provinces"]
    rows: A[tuple[Row, ...], "The topics"]


class Home(Page):
    """home.html: what the collection holds."""

    claim: A[str, "One sentence on the collection"]
    figures: A[tuple[tuple[str, str], ...], "(value, words) of the counts"]
    newest: A[tuple[Card, ...], "The newest articles"]
    older: A[Link, "To the rest"]
    map_34: A[tuple[Tile, ...], "Today's provinces"]
    map_63: A[tuple[Tile, ...], "The provinces until 30 June 2025"]
    islands: A[tuple[tuple[str, str, str, str], ...], "(name, its province, row-column on the 34 map, on the 63 map)"]
    island_paths: A[tuple[str, ...], "Pages of the provinces the islands belong to"]
    provinces: A[str, "Path of the alphabetical list"]
    topics: A[tuple[Bar, ...], "The largest topics"]
    all_topics: A[Link, "To all topics"]
    sources: A[tuple[Count, ...], "The largest sources"]
    languages: A[tuple[Count, ...], "The languages"]
    matrix: A[Matrix, "The largest topics by the largest provinces"]
    matrix_path: A[str, "The full table"]
    years: A[tuple[Year, ...], "The latest years"]
    timeline: A[str, "Path of the timeline"]


class Listing(Page):
    """listing.html: a shelf, or a period of one."""

    facet: A[str, "Kind of the shelf: province, topic, source …"]
    notes: A[tuple[str, ...], "What a reader should know: what a province is made of, spellings of a name"]
    note_links: A[tuple[Link, ...], "Pages the notes speak of"]
    anchors: A[tuple[tuple[str, str], ...], "(id, words) that other pages point at: the islands of a province"]
    figures: A[tuple[str, ...], "n articles, m sources, x without a date, years"]
    facets: A[tuple[Facet, ...], "Ways to narrow the list down"]
    periods: A[tuple[Count, ...], "Pages by year or month, when the list is cut"]
    here: A[str, "Path of the period shown; \"\" on the shelf's first page"]
    table: A[str, "Path of the whole list as a CSV file; \"\" with several articles on a page, to save files"]
    query: A[str, "What the search is asked for to show the whole list: ?topic=health; \"\" when it cannot"]
    shown: A[str, "What this page shows of the whole"]
    groups: A[tuple[Group, ...], "The articles"]
    previous: A[Link, "The older period; empty label when there is none"]
    next: A[Link, "The newer period; empty label when there is none"]


class Index(Page):
    """index.html: all shelves of one kind."""

    facet: A[str, "Kind of the shelves"]
    intro: A[str, "A sentence before the list"]
    groups: A[tuple[tuple[str, tuple[Bar, ...]], ...], "(heading or \"\", links with counts)"]
    others: A[tuple[Link, ...], "Kindred indexes"]
    empty: A[str, "What to say when there is nothing"]


class Province(Index):
    """provinces.html: the index of provinces with both maps."""

    map_34: A[tuple[Tile, ...], "Today's provinces"]
    map_63: A[tuple[Tile, ...], "The provinces until 30 June 2025"]
    islands: A[tuple[tuple[str, str, str, str], ...], "As on the home page"]
    island_paths: A[tuple[str, ...], "As on the home page"]
    provinces: A[str, "This page"]


class Timeline(Page):
    """timeline.html: years and months."""

    years: A[tuple[Year, ...], "Newest first"]
    undated: A[Count, "The articles without a year; n is 0 when there are none"]


class MatrixPage(Page):
    """matrix.html: all topics by all provinces."""

    matrix: A[Matrix, "The table"]


class Table(TypedDict):
    """A table of figures."""

    id: A[str, "Anchor"]
    caption: A[str, "What it shows"]
    columns: A[tuple[str, ...], "Headings"]
    rows: A[tuple[tuple[tuple[str, str, str], ...], ...],
            "Cells as (words, path or \"\", length of a bar from 0 to 100 or \"\"); the first is the row's heading"]


class Statistics(Page):
    """statistics.html: coverage and data quality."""

    intro: A[str, "What the figures are"]
    tables: A[tuple[Table, ...], "The figures"]


class Review(Page):
    """review.html: articles with missing or doubtful facts."""

    intro: A[str, "How to mend them"]
    total: A[str, "How many there are, and how many are shown"]
    causes: A[tuple[tuple[str, str], ...], "(problem in words, articles), the commonest first"]
    items: A[tuple[ReviewItem, ...], "Worst first"]


class ReviewItem(TypedDict):
    """An article to look at."""

    id: A[str, "The article's id"]
    path: A[str, "Its page"]
    title: A[str, "Its title"]
    lang: A[str, "Language of the title when it is not the interface's"]
    problems: A[tuple[str, ...], "What is missing or doubtful, in words"]
    file: A[str, "The file to edit"]
    yaml: A[str, "What to paste"]


class Text(Page):
    """about.html, data.html: prose with links."""

    sections: A[tuple[tuple[str, str, tuple[str, ...]], ...], "(anchor, heading, paragraphs)"]
    files: A[tuple[tuple[str, str, str], ...], "(path, name, what it holds) of the downloads"]


class Search(Page):
    """search.html, concordance.html: the plain form; a script adds the rest."""

    intro: A[str, "What can be searched"]
    action: A[str, "Path the form is sent to"]
    facets: A[tuple[Link, ...], "Ways to browse without JavaScript"]
    app: A[str, "Id of the element the scripts work in"]
    entry: A[str, "Path of the index"]
    concordance: A[str, "Path of the concordance"]
    scripts: A[tuple[str, ...], "Names of the assets that bring the search to life"]
    words: A[dict[str, str], "Texts for the scripts, by name"]


class NotFound(Page):
    """404.html: stands alone, at any depth."""

    lookup: A[int, "Length of the names of the tables of old addresses; -1 when there are none"]
    text: A[str, "What happened"]
    links: A[tuple[tuple[str, str], ...], "(words, full address), with site_url only"]


class Block(TypedDict):
    """A piece of the clean text."""

    kind: A[str, "paragraph, heading, list-item, note or caption"]
    id: A[str, "Anchor: p3; \"\" for a caption"]
    text: A[str, "The words"]
    lang: A[str, "Language when it is not the interface's, else \"\""]
    marks: A[tuple[tuple[int, int, str], ...], "(start, end, kind): p province, t topic"]


class RawLine(TypedDict):
    """A line of the raw text that is not blank."""

    number: A[int, "1-based"]
    parts: A[tuple[tuple[str, bool], ...], "(words, is cut)"]
    cut: A[bool, "The whole line was cut"]
    why: A[str, "The reason, at the head of a run of cut lines"]


class Quote(TypedDict):
    """A piece of evidence."""

    quote: A[str, "As printed, its first words where it is long; \"\" where the fact itself says it"]
    rule: A[str, "What made it count; \"\" when there are no words for it"]
    places: A[tuple[tuple[str, str], ...], "(anchor, number): p3 is a paragraph, L7 a raw line"]


class Why(TypedDict):
    """A tag and its reasons."""

    label: A[str, "The tag"]
    path: A[str, "Its page, \"\" for none"]
    kind: A[str, "Kind, role and confidence in words"]
    note: A[str, "E.g. the office a person holds, or the unit's successor"]
    lang: A[str, "Language of the label when it is not the interface's"]
    quotes: A[tuple[Quote, ...], "The evidence"]
    open: A[bool, "Whether it starts unfolded"]


class Fact(TypedDict):
    """A line of the article's record."""

    name: A[str, "Which fact"]
    value: A[str, "The fact, or that it was not found"]
    found: A[bool, "Whether it was found"]
    note: A[str, "How it was found, and how sure we are"]
    path: A[str, "Page inside the site; \"\" for none"]
    url: A[str, "Address elsewhere, http or https only; \"\" for none"]
    quotes: A[tuple[Quote, ...], "The evidence"]


class RelatedCard(Card):
    """A related article."""

    why: A[str, "The reason"]


class Article(Page):
    """article.html: one article in three views."""

    withheld: A[str, "The reason when the text is withheld; then most other fields are empty"]
    lang: A[str, "Language of the text when it is not the interface's, else \"\""]
    kickers: A[tuple[Link, ...], "Primary province and topic"]
    supplied: A[str, "How the title was supplied; \"\" when the text has one"]
    badge: A[str, "Language code in capitals"]
    translated: A[bool, "Machine-translated"]
    dateline: A[tuple[str, str], "Language and length in words"]
    source: A[str, "The outlet"]
    date: A[str, "In words"]
    datetime: A[str, "For machines; \"\" when not exact"]
    edited: A[str, "That a person edited it, and what; \"\" when not"]
    blocks: A[tuple[Block, ...], "The clean text"]
    markdown: A[str, "The text a person wrote; \"\" while it is the machine's"]
    raw: A[tuple[RawLine, ...], "The raw lines; () when there is no raw text"]
    marked: A[bool, "Whether anything is marked in the text"]
    tags: A[tuple[Why, ...], "Why these tags? Provinces, topics, language"]
    names: A[tuple[Why, ...], "People, organisations, documents and campaigns it names"]
    facts: A[tuple[Fact, ...], "The record"]
    citations: A[tuple[tuple[str, str, str], ...], "(id, name, text)"]
    related: A[tuple[RelatedCard, ...], "With reasons"]
    previous: A[Neighbour, "The older one of the province"]
    next: A[Neighbour, "The newer one of the province"]
    copies: A[tuple[Card, ...], "Other copies of this text"]


class Entry(TypedDict):
    """An article on a page of several. What it shares with `Article` means the same there."""

    anchor: A[str, "Its id on the page"]
    path: A[str, "Page and anchor"]
    title: A[str, "Its title"]
    lang: A[str, "Language of the text when it is not the interface's, else \"\""]
    withheld: A[str, "The reason when the text is withheld"]
    kickers: A[tuple[Link, ...], "Primary province and topic"]
    supplied: A[str, "How the title was supplied"]
    badge: A[str, "Language code in capitals"]
    translated: A[bool, "Machine-translated"]
    dateline: A[tuple[str, str], "Language and length in words"]
    source: A[str, "The outlet"]
    date: A[str, "In words"]
    datetime: A[str, "For machines; \"\" when not exact"]
    edited: A[str, "That a person edited it, and what; \"\" when not"]
    blocks: A[tuple[Block, ...], "The clean text, without anchors and marks"]
    markdown: A[str, "The text a person wrote"]
    cuts: A[tuple[RawLine, ...], "The raw lines from which something was cut"]
    tags: A[tuple[Why, ...], "Why these tags? Quotations name their place in words"]
    names: A[tuple[Why, ...], "People, organisations, documents and campaigns it names"]
    facts: A[tuple[Fact, ...], "The record"]
    cited: A[str, "How to cite it, APA; \"\" when withheld"]
    related: A[tuple[RelatedCard, ...], "With reasons"]
    copies: A[tuple[Card, ...], "Other copies of this text"]


class Digest(Page):
    """digest.html: several articles on one page."""

    entries: A[tuple[Entry, ...], "The articles, newest first"]
    contents: A[str, "How many there are, above the list of titles"]
    previous: A[Link, "The page filled before; empty label when there is none"]
    next: A[Link, "The page filled after; empty label when there is none"]


class Neighbour(TypedDict):
    """The article before or after."""

    path: A[str, "\"\" when there is none"]
    title: A[str, "Its title"]
    lang: A[str, "Language of the title when it is not the interface's"]
    label: A[str, "Which one it is"]


class Redirect(TypedDict):
    """moved.html: stands where a page was."""

    language: A[str, "Language of the interface"]
    site: A[str, "The collection's name"]
    title: A[str, "The article's title"]
    target: A[str, "Where it is now"]
    canonical: A[str, "The new address in full; \"\" without site_url"]


class Left(TypedDict):
    """left.html: stands where several articles shared a page, and leads to the page that each has now."""

    language: A[str, "Language of the interface"]
    site: A[str, "The collection's name"]
    title: A[str, "The page's heading"]
    rows: A[tuple[tuple[str, str, str, str], ...], "(anchor, path, title, language when it is not the interface's)"]


TEMPLATES: dict[str, type] = {
    "home.html": Home, "listing.html": Listing, "index.html": Index, "provinces.html": Province, "timeline.html": Timeline,
    "matrix.html": MatrixPage, "statistics.html": Statistics, "review.html": Review, "about.html": Text, "data.html": Text,
    "search.html": Search, "concordance.html": Search, "404.html": NotFound, "article.html": Article, "digest.html": Digest,
    "left.html": Left, "moved.html": Redirect,
}
"""Template → the class of its view."""
