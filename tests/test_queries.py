"""Links of lists that lead into the search: what is counted there is what the search shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dateline import pages, queries, shelves
from dateline.labels import of as labels_of
from dateline.model import Card, ProvinceRef
from tests.site_factory import KNOWLEDGE, corpus_of, plain_card, shipped_strings, world

LABELS = labels_of(KNOWLEDGE, shipped_strings(), ())


def asked(facet: str, shelf_id: str, *cards: Card) -> queries.Asked | None:
    found = shelves.shelve(corpus_of(list(cards)), LABELS)
    return queries.of_shelf(next(shelf for shelf in found.of(facet) if shelf.id == shelf_id))


def test_a_list_is_asked_for_by_what_it_is_filed_under() -> None:
    cards = [plain_card(n) for n in range(3)]
    assert asked("topic", "edu-cooperation", *cards) == {"topic": "edu-cooperation"}
    assert asked("pair", "edu-cooperation", *cards) == {"province": "ha-noi", "topic": "edu-cooperation"}


def test_a_former_province_is_asked_for_as_one() -> None:
    former = plain_card(1, province="hai-duong", provinces=(ProvinceRef("hai-duong", "63", "primary"),))
    assert asked("former", "hai-duong", former) == {"province63": "hai-duong"}
    assert asked("province", "hai-phong", former) == {"province": "hai-phong"}


def test_what_the_search_cannot_show_is_not_asked_for() -> None:
    assert asked("province", "none", plain_card(1, province=None, provinces=())) is None
    assert asked("source", "vietnam.vn", plain_card(1, publisher="nhandan.vn", via="vietnam.vn")) is None
    assert asked("year", "2023", plain_card(1)) is None


def test_a_renamed_provinces_later_articles_are_not_among_the_63() -> None:
    assert asked("former", "thua-thien-hue", plain_card(1, province="hue", provinces=(ProvinceRef("hue", "34", "primary"),))) is None


def test_every_facet_link_has_its_number_of_articles_and_leads_somewhere() -> None:
    cards = tuple(plain_card(n, date=f"20{20 + n % 3}-01-0{1 + n % 9}") for n in range(40))
    site = world((*cards, replace(plain_card(50), publisher=None, via=None, provinces=(), province=None, topics=()))).site
    known = {page.path for page in pages.site_pages(site)}
    listed = [page for page in pages.site_pages(site) if page.template == "listing.html"]
    for page in listed:
        for facet in page.view["facets"]:
            for row in facet["items"]:
                assert row["n"] > 0 or not row["path"], (page.path, row)
                assert row["shown"], (page.path, row)
                assert not row["path"] or row["path"].partition("#")[0] in known, (page.path, row)
                assert not row["query"] or row["path"].endswith("search.html"), (page.path, row)
    assert any(row["query"] for page in listed for facet in page.view["facets"] for row in facet["items"])


def test_every_list_says_how_many_articles_sources_and_undated_there_are() -> None:
    for page in pages.site_pages(world(tuple(plain_card(n) for n in range(4))).site):
        if page.template == "listing.html" and page.lang == "en":
            figures = " ".join(page.view["figures"])
            assert re.search(r"\d articles?\b", figures), page.path
            assert page.view["facet"] == "source" or re.search(r"\d sources?\b", figures), page.path
            assert page.view["facet"] in {"year", "month"} or "without a date" in figures, page.path


# -- in a browser ---------------------------------------------------------------------------------------------------------
class _Asked(HTMLParser):
    """Links into the search with the number printed beside their words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self._spans: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag == "a" and "search.html?" in href:
            self.found.append([href.partition("?")[2], ""])
            self._spans = self.found[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._spans = None

    def handle_data(self, data: str) -> None:
        if self._spans is not None:
            self._spans[1] += data


def _links(site: Path) -> Iterator[tuple[str, int]]:
    for path in sorted(site.glob("[!v]*/**/*.html")):
        parser = _Asked()
        parser.feed(path.read_text("utf-8"))
        for query, words in parser.found:
            if counted := re.search(r"(\d+) articles?$", words):
                yield query, int(counted[1])


@pytest.mark.browser
def test_the_search_shows_as_many_articles_as_the_link_says(site: Path, browser: Any) -> None:
    by_facets: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for query, n in sorted(dict(_links(site)).items()):
        by_facets.setdefault(tuple(re.findall(r"(\w+)=", query)), []).append((query, n))
    assert len(by_facets) > 8
    page = browser.new_page()
    wrong = []
    for query, n in (pair for pairs in by_facets.values() for pair in (pairs[0], pairs[-1])):
        page.goto(f"{(site / 'search.html').as_uri()}?{query}")
        page.wait_for_function("/\\d/.test(document.querySelector('.search-status').textContent)")
        shown = re.search(r"\d+", page.locator(".search-status").inner_text())
        if shown is None or int(shown[0]) != n:
            wrong.append((query, n, shown and shown[0]))
    page.close()
    assert wrong == []
