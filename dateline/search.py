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

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor

from dateline.model import Output, Standing
from dateline.search_document import FACETS, Kept, Labels, SearchDocument, order
from dateline.search_terms import Rules
from dateline.stopwatch import OFF, Stopwatch

__all__ = ["FACETS", "SMALL", "Kept", "Labels", "SearchDocument", "entry", "order", "outputs", "renewed"]

SMALL = 300
"""Up to so many documents, the whole index is one file."""


def entry(documents: int) -> str:
    """The script that a page loads first."""
    return "search/all.js" if documents <= SMALL else "search/m.js"


def outputs(documents: Iterable[SearchDocument], labels: Labels, rules: Rules, *, small: int = SMALL,
            roomy: int = 1, executor: Executor | None = None) -> Iterator[Output]:
    """The whole index, in files `roomy` times as large as usual. Raises ValueError when documents do not come in the order of `order`."""
    from dateline import search_files  # numpy: 0.1 s to import, which only those who write an index should pay

    for output in search_files.outputs(documents, labels, rules, small, roomy, executor=executor):
        assert isinstance(output, Output)        # nothing stands where nothing was kept
        yield output


def renewed(documents: Iterable[SearchDocument], labels: Labels, rules: Rules, kept: Kept, *, small: int = SMALL,
            roomy: int = 1, executor: Executor | None = None, watch: Stopwatch = OFF) -> Iterator[Output | Standing]:
    """The same index, for documents without their texts: what has changed since the last build is made, the rest is named."""
    from dateline import search_files

    yield from search_files.outputs(documents, labels, rules, small, roomy, kept, executor, watch)
