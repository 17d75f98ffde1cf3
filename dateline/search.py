"""The search index: documents → files under search/ that a page loads with classic scripts.

in:   SearchDocuments, oldest first (`order` gives the sort key), and the labels of their facets
out:  Outputs, streamed

    search/all.js              everything in one file, up to SMALL documents; otherwise
    search/m.js                the manifest: counts, months, borders of the word shards
    search/u/<n>/<n>.js        words, by ranges of keys        search/v/<n>/<n>.js   neighbouring words, by hash
    search/h/<n>/<n>.js        postings of one very common term
    search/c/<facet>/<n>.js    facet columns of 16,384 documents; c/words has the length of each in words
    search/d/<n>/<n>.js        records of four articles: what a result and its snippet need
    search/w.js                the words worth suggesting when nothing was found

Numbers of documents follow (date, id): a later article is added at the end, and files whose content it does not touch
stay as they are, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dateline.model import Output
from dateline.search_terms import Rules

SMALL = 300
"""Up to so many documents, the whole index is one file."""
FACETS = ("province", "province63", "language", "topic", "source")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """What search knows of one article."""

    id: str
    url: str
    """Relative to the site's root."""
    title: str
    text: str
    """Body paragraphs and captions, one a line."""
    date: str | None
    """EDTF."""
    language: str
    provinces34: tuple[str, ...] = ()
    provinces63: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    source: str | None = None
    title_source: str = "text"
    machine_translated: bool = False

    @property
    def facets(self) -> tuple[tuple[str, ...], ...]:
        """Values in the order of FACETS."""
        source = (self.source,) if self.source else ()
        return self.provinces34, self.provinces63, (self.language,), self.topics, source


Labels = Mapping[str, Mapping[str, Mapping[str, str]]]
"""facet → value → interface language → what people read. A value without a label is shown as it is."""


def order(date: str | None, id: str) -> tuple[str, str, str]:
    """What documents are sorted by; undated ones come first, so that the newest are the last. A month is never in two parts.

    >>> sorted([order("2024-03-02", "b"), order(None, "c"), order("2024", "a")])
    [('', '', 'c'), ('2024', '2024', 'a'), ('2024-03', '2024-03-02', 'b')]
    """
    return month_of(date), date or "", id


def month_of(date: str | None) -> str:
    """The month of an EDTF date, or the year, when no more is known.

    >>> month_of("2024-03-02T07:30"), month_of("2024~"), month_of(None)
    ('2024-03', '2024', '')
    """
    return (date or "")[:7].rstrip("-/.~?%")


def entry(documents: int) -> str:
    """The script that a page loads first."""
    return "search/all.js" if documents <= SMALL else "search/m.js"


def outputs(documents: Iterable[SearchDocument], labels: Labels, rules: Rules, *, small: int = SMALL) -> Iterator[Output]:
    """The whole index. Raises ValueError when documents do not come in the order of `order`."""
    from dateline import search_files  # numpy: 0.1 s to import, which only those who write an index should pay

    yield from search_files.outputs(documents, labels, rules, small)
