"""A list and one more facet → what the search is asked for, so that it shows just the articles that were counted.

Search knows fewer facets than lists do, and files an article under one source only: where it would show others than the
list does, there is no query.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from dateline.filing import Filed
from dateline.shelves import Shelf

FACETS = {"province": "province", "former": "province63", "topic": "topic", "language": "language", "source": "source"}
"""Facet of a shelf → its name in the search."""
UNKNOWN = frozenset({"none", "national"})
"""Shelves of what has no place, topic or source: the search has no such choice."""

Asked = Mapping[str, str]
"""Name of a facet in the search → the value chosen."""


def of_shelf(shelf: Shelf) -> Asked | None:
    """What makes the search show this shelf; None when nothing does."""
    asked = _plainly(shelf)
    if asked is None or not all(_found(one, asked) for one in shelf.articles):
        return None
    return asked


def narrowed(asked: Asked | None, facet: str, value: str) -> str:
    """The query for one more facet, "" when there is none.

    >>> narrowed({"province": "son-la"}, "source", "baosonla.vn"), narrowed({}, "topic", "none")
    ('?province=son-la&source=baosonla.vn', '')
    """
    if asked is None or value in UNKNOWN:
        return ""
    return query({**asked, FACETS[facet]: value})


def query(asked: Asked | None) -> str:
    return f"?{'&'.join([_pair(name, value) for name, value in asked.items()])}" if asked else ""


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    return urlencode({name: value})


def _plainly(shelf: Shelf) -> Asked | None:
    if shelf.facet == "pair":
        return {"province": shelf.within, "topic": shelf.id}
    if shelf.facet not in FACETS or shelf.id in UNKNOWN:
        return None
    return {FACETS[shelf.facet]: shelf.id}


def _found(one: Filed, asked: Asked) -> bool:
    """Whether the search finds an article so."""
    return all(value in _values(one, facet) for facet, value in asked.items())


def _values(one: Filed, facet: str) -> tuple[str, ...]:
    """The values under which the search files an article."""
    if facet == "province":
        return one.units
    if facet == "province63":
        return one.before
    if facet == "topic":
        return one.topics
    return (one.language,) if facet == "language" else (one.source,)
