"""The query language over planted articles, in a real browser, from a disk and over HTTP below a path."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser

from tests.search_browser import Console, serve
from tests.search_site import ROOT, document, write

pytestmark = pytest.mark.browser

PLANTED = yaml.safe_load((ROOT / "tests/search/queries.yml").read_text("utf-8"))


def planted() -> list[Any]:
    found = []
    for number, row in enumerate(PLANTED["documents"]):
        provinces = (row["p"],) if "p" in row else ()
        found.append(
            document(
                number, row["title"], row["text"], id=row["id"], date=row["date"], language=row.get("lang", "vi"),
                provinces34=provinces, source="nhandan.vn" if number % 2 else "vietnam.vn",
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module", params=["one-file disk", "shards disk", "shards http"])
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[dict[str, Any]]:
    """All queries asked in one page: query → result, with ids for numbers."""
    folder: Path = tmp_path_factory.mktemp("search")
    shards, place = request.param.split()
    page_file = write(folder, planted(), small=300 if shards == "one-file" else 0)
    names = [one.id for one in sorted(planted(), key=lambda one: (one.date or "", one.id))]
    with serve(folder, below="/news/archive/") as address:
        page = browser.new_page()
        console = Console(page)
        page.goto(page_file.as_uri() if place == "disk" else f"{address}search.html")
        asks = [[written(query), bool(query.get("typing"))] for query in PLANTED["queries"]]
        results = page.evaluate(ASK, [asks, "m" if shards == "shards" else "all"])
        assert console.messages == []
        assert all(url.startswith(("file:", address)) for url in console.requests)
    found = {}
    for ask, result in zip(asks, results, strict=True):
        result["ids"] = [names[number] for number in result["ids"]]
        found[str(ask)] = result
    yield found


ASK = """async ([asks, file]) => {
  const index = await DatelineSearch.open(new URL("search/", document.baseURI).href, file), found = [];
  for (const [q, typing] of asks) {
    const result = await index.search(q, { typing });
    found.push({ ids: result.ids, level: result.level, changed: result.changed });
  }
  return found;
}"""


def written(query: dict[str, Any]) -> str:
    return unicodedata.normalize("NFD", query["q"]) if query.get("nfd") else query["q"]


@pytest.mark.parametrize("query", PLANTED["queries"], ids=lambda query: f"{query['kind']}: {query['q']}")
def test_a_query_finds_what_a_reader_would_expect(query: dict[str, Any], asked: dict[str, Any]) -> None:
    result = asked[str([written(query), bool(query.get("typing"))])]
    ids = result["ids"]
    if "first" in query:
        assert ids[:1] == [query["first"]]
    if "has" in query:
        assert set(query["has"]) <= set(ids[:10])
    if "lacks" in query:
        assert not set(query["lacks"]) & set(ids)
    if "all" in query and query["all"] != "any":
        assert sorted(ids) == sorted(query["all"])
    if "level" in query:
        assert result["level"] == query["level"]


def test_there_are_enough_queries_of_every_kind() -> None:
    kinds = {query["kind"] for query in PLANTED["queries"]}
    assert len(PLANTED["queries"]) >= 120
    assert len(kinds) >= 25
