"""Several articles on a page: places that never change, addresses that lead on, and far fewer files."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks import corpus
from dateline import check, compare, config, digest, exports, feeds, link, pipeline, search, serverfiles, shelves
from dateline.errors import ConfigError
from dateline.model import Corpus, Links, Report
from tests import projects, search_site
from tests.makes import card
from tests.site_factory import article_vi, plain_card, shared, sheet_pages, world

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("knowledge_once")]


# -- places -------------------------------------------------------------------------------------------------------------
def placed(count: int, permalinks: dict[str, list[str]], start: int = 0) -> tuple[dict[str, str], dict[str, list[str]]]:
    cards, kept = digest.assign_paths([card(f"{number:03}") for number in range(start, start + count)], permalinks)
    return {one.id: one.path for one in cards}, kept


def test_forty_articles_share_a_page_and_the_next_one_opens_another():
    paths, _ = placed(95, {})
    assert Counter(path.partition("#")[0] for path in paths.values()) == {
        "articles/digest/0/1.html": 40, "articles/digest/0/2.html": 40, "articles/digest/0/3.html": 15}
    assert len(set(paths.values())) == 95


def test_a_place_does_not_shift_when_articles_come_and_go():
    first, kept = placed(50, {})
    again, kept = placed(30, kept, start=45)
    assert all(first[one] == again[one] for one in first.keys() & again.keys())
    last, _ = placed(80, kept)
    assert all(last[one] == {**first, **again}[one] for one in first.keys() | again.keys())
    assert max(Counter(path.partition("#")[0] for path in last.values()).values()) <= 40


def test_a_page_that_lost_articles_is_not_filled_again():
    _, kept = placed(50, {})
    later, _ = placed(10, kept, start=100)
    assert {path.partition("#")[0] for path in later.values()} == {"articles/digest/0/2.html"}


def test_a_first_build_puts_articles_of_one_time_together():
    cards = [card(f"{number:03}", date=f"20{10 + number % 4}-01-01") for number in range(160)]
    years: dict[str, set[str]] = {}
    for one in digest.assign_paths(cards, {})[0]:
        years.setdefault(one.path.partition("#")[0], set()).add((one.date or "")[:4])
    assert sorted(map(sorted, years.values())) == [["2010"], ["2011"], ["2012"], ["2013"]]


def test_the_address_of_the_mode_comes_first_and_the_others_are_kept():
    one = [card("a", title="Tin")]
    paged, kept = link.assign_paths(one, {}, {})
    packed, both = digest.assign_paths(one, kept)
    assert both == {"a": [packed[0].path, paged[0].path]}
    back, again = link.assign_paths(one, both, {})
    assert back == paged and again == {"a": [paged[0].path, packed[0].path]}
    assert digest.assign_paths(one, again) == (packed, both)


def test_one_anchor_is_never_two_articles():
    taken = digest.assign_paths([card("a")], {})[0][0].path
    other = digest.assign_paths([card("a")], {"b": [taken]})[0][0].path
    assert other != taken and other.startswith(taken)


# -- which way ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("host, articles, packed", [
    ("github-pages", 10_000, False), ("github-pages", 40_000, True), ("cloudflare-pages", 2_000, False),
    ("cloudflare-pages", 10_000, True), ("s3", 1_000_000, False), ("", 1_000, False), ("", 10_000, True),
])
def test_auto_goes_by_what_the_host_takes(tmp_path, host, articles, packed):
    assert digest.wanted(config.load(tmp_path, article_pages="auto", host=host), articles) is packed


def test_page_and_digest_ask_nobody(tmp_path):
    assert digest.wanted(config.load(tmp_path, article_pages="digest"), 1)
    assert not digest.wanted(config.load(tmp_path), 10_000_000)


def test_an_unknown_host_or_mode_is_named_with_the_near_miss(tmp_path):
    with pytest.raises(ConfigError, match="github-pages"):
        digest.wanted(config.load(tmp_path, host="github-page"), 1)
    with pytest.raises(ConfigError, match="digest, auto"):
        config.load(tmp_path, article_pages="many")


# -- what stands on a page ----------------------------------------------------------------------------------------------
def entries() -> list[dict[str, Any]]:
    (page,) = sheet_pages(shared(world()))
    return list(page.view["entries"])


def test_an_entry_has_text_evidence_record_and_cuts():
    entry = next(one for one in entries() if one["title"] == article_vi().metadata.title.value)
    assert [block["text"][:9] for block in entry["blocks"]] == ["Chiều 4/3", "Thầy cô h"]
    assert any(quote["quote"] == "Sở Giáo dục và Đào tạo Hà Nội" for tag in entry["tags"] for quote in tag["quotes"])
    assert [line["number"] for line in entry["cuts"]] == [1, 4, 7, 8]
    assert not any(fact["path"].startswith("raw/") for fact in entry["facts"])
    assert not any(quote["places"] for row in (*entry["tags"], *entry["facts"]) for quote in row["quotes"])


def test_of_a_long_line_only_the_words_around_a_cut_are_shown_again():
    body = "Sáng nay, học sinh cả nước khai giảng năm học mới. " * 40
    line = {"number": 1, "cut": False, "why": "", "parts": (("Thudo24h - ", True), (body, False), ("(TTXVN)", True))}
    shown = digest._around(line)["parts"]
    assert shown[0] == ("Thudo24h - ", True) and shown[2] == ("(TTXVN)", True)
    assert shown[1] == (f"{body[:30]}…{body[-30:]}", False)
    assert digest._around({**line, "parts": ((body, False), ("./.", True))})["parts"][0] == (f"…{body[-30:]}", False)


# -- a whole site -------------------------------------------------------------------------------------------------------
def project(root: Path, mode: str, documents: int = 90) -> Path:
    (root / "seeds").mkdir(parents=True)
    for name, text in corpus.documents(documents):
        (root / "seeds" / name).write_text(text, encoding="utf-8")
    set_mode(root, mode)
    return root


def set_mode(root: Path, mode: str) -> None:
    (root / "dateline.yml").write_text(f"article_pages: {mode}\nsite_url: https://example.org/news/\ninterface: [en]\n", "utf-8")


def build(root: Path) -> Report:
    return pipeline.build(config.load(root), jobs=1)


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """90 articles that had pages of their own, and now share some."""
    root = project(tmp_path_factory.mktemp("packed") / "one", "page")
    build(root)
    set_mode(root, "digest")
    build(root)
    return root


@pytest.fixture(scope="module")
def unpacked(packed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, back to a page each."""
    root = tmp_path_factory.mktemp("unpacked") / "one"
    projects.copy(packed, root)
    set_mode(root, "page")
    build(root)
    return root


def test_every_link_of_both_sites_lands(packed, unpacked):
    assert check.check(config.load(packed)) == ()
    assert check.check(config.load(unpacked)) == ()


def test_an_article_is_in_one_file_with_others_and_in_no_file_of_its_own(packed):
    made = [path.relative_to(packed / "site").as_posix() for path in (packed / "site").rglob("*") if path.is_file()]
    articles = [path for path in made if path.startswith("articles/")]
    assert sorted(articles) == ["articles/at/all.json", *(f"articles/digest/0/{number}.html" for number in (1, 2, 3))]
    assert not any(path.startswith("raw/") for path in made)


def test_whatever_names_an_article_uses_its_one_address(packed):
    permalinks = json.loads((packed / "articles" / "permalinks.json").read_text("utf-8"))
    places = {paths[0] for paths in permalinks.values()}
    site = packed / "site"
    rows = list(exports.read(config.load(packed)))
    assert {row["path"] for row in rows} == places and len(rows) == 90
    feed = json.loads((site / "feed.json").read_text("utf-8"))
    assert {item["url"].removeprefix("https://example.org/news/") for item in feed["items"]} <= places
    listed = set(re.findall(r"articles/digest/0/\d\.html#a[0-9a-f]+", (site / "provinces/nghe-an.html").read_text("utf-8")))
    assert listed and listed <= places
    text = (site / "articles/digest/0/1.html").read_text("utf-8")
    graph = set(re.findall(r'"url":"https://example.org/news/(articles/digest[^"]+)"', text))
    assert graph and graph <= places
    assert "#" not in (site / "sitemap.xml").read_text("utf-8")


def test_data_comes_in_parts_that_programs_read(packed, unpacked, tmp_path):
    parts = sorted((packed / "site" / "data").glob("*.jsonl.gz"))
    records = [json.loads(line) for part in parts for line in gzip.decompress(part.read_bytes()).decode().splitlines()]
    whole = [json.loads(line) for line in (unpacked / "site/data/articles.jsonl").read_text("utf-8").splitlines()]
    assert sorted(records, key=lambda one: one["id"]) == sorted(whole, key=lambda one: one["id"])
    found = compare.compare(packed / "site", unpacked / "site")
    assert found.articles == 90 and not found.changes
    assert exports.export(config.load(packed), "csv", tmp_path / "all.csv").articles == 90


def test_a_damaged_part_is_told_with_its_remedy(packed, tmp_path):
    projects.copy(packed, tmp_path / "p")
    (tmp_path / "p/site/data").mkdir(parents=True)
    for path in (packed / "site/data").iterdir():
        (tmp_path / "p/site/data" / path.name).write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Exception, match="build the site again"):
        exports.export(config.load(tmp_path / "p"), "csv", tmp_path / "all.csv")


# -- old addresses ------------------------------------------------------------------------------------------------------
def test_old_pages_are_redirected_and_looked_up(packed):
    permalinks = json.loads((packed / "articles" / "permalinks.json").read_text("utf-8"))
    rules = dict(line.split()[:2] for line in (packed / "site/_redirects").read_text("utf-8").splitlines())
    table = json.loads((packed / "site/articles/at/all.json").read_text("utf-8"))
    for place, page in permalinks.values():
        assert rules[f"/news/{page}"] == f"/news/{place}"
        assert f"articles/{table[page.removesuffix('.html').rpartition('-')[2]]}" == place


def aliases(count: int, end: str = "") -> Corpus:
    return Corpus((), (), tuple(
        (f"articles/2024/0{1 + n % 9}/tin-{n}-{end or f'{n * 2654435761 % 2**32:08x}'}.html", f"articles/digest/0/{n // 40}.html#a{n:08x}")
        for n in range(count)), digest=True)


@pytest.mark.parametrize("count, width", [(0, -1), (3, 0), (5_000, 1), (50_000, 2)])
def test_the_tables_stay_small(count, width):
    found = aliases(count)
    assert digest.lookup_width(found) == width
    tables = list(digest.lookup(found))
    assert sum(len(json.loads(table.content)) for table in tables) == count
    assert all(len(json.loads(table.content)) <= 2 * digest.PER_LOOKUP for table in tables)


def test_two_old_addresses_with_the_same_end_are_told_apart():
    (table,) = digest.lookup(aliases(2, end="deadbeef"))
    assert json.loads(table.content) == {"2024/01/tin-0-deadbeef": "digest/0/0.html#a00000000",
                                         "2024/02/tin-1-deadbeef": "digest/0/0.html#a00000001"}


def test_a_server_is_not_asked_for_an_anchor():
    outputs = list(serverfiles.outputs([("articles/digest/0/1.html#a1", "articles/2024/x-1.html")], config.load(Path("/nonexistent"))))
    assert [output.path for output in outputs] == ["_headers"]


@pytest.mark.browser
@pytest.mark.parametrize("base", ["", "sub/path/"])
def test_an_old_page_leads_to_the_article_under_any_path(browser, packed, tmp_path, base):
    permalinks = json.loads((packed / "articles" / "permalinks.json").read_text("utf-8"))
    with projects.served(packed / "site", base) as root:
        page = browser.new_page()
        for place, old in sorted(permalinks.values())[:3]:
            page.goto(root + old)
            page.wait_for_url(root + place)
            assert page.evaluate("document.getElementById(location.hash.slice(1)).getBoundingClientRect().top") < 400
        page.goto(root + "articles/2024/08/nobody-knows-this-00000000.html")
        page.wait_for_timeout(100)
        assert page.url.endswith("00000000.html") and page.locator("h1").is_visible()
        page.close()


@pytest.mark.browser
def test_an_old_anchor_leads_to_the_article_s_page_from_the_disk_too(browser, unpacked):
    permalinks = json.loads((unpacked / "articles" / "permalinks.json").read_text("utf-8"))
    root = (unpacked / "site").as_uri() + "/"
    page = browser.new_page()
    for new, place in sorted(permalinks.values())[:3]:
        page.goto(root + place)
        page.wait_for_url(root + new)
    page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(root + place)
    page.locator(f"#{place.partition('#')[2]} a").click()
    assert page.url == root + new
    context.close()


@pytest.mark.browser
def test_a_search_result_opens_at_its_article_and_marks_it(browser, packed):
    page = browser.new_page()
    page.goto((packed / "site/search.html").as_uri() + "?q=Ngh%E1%BB%87+An")
    page.wait_for_selector("#search-app a[href*='articles/digest']")
    target = page.locator("#search-app a[href*='articles/digest']").first.get_attribute("href")
    assert re.search(r"\.html\?hl=[^#]+#a[0-9a-f]{8}$", target), target
    page.goto((packed / "site").as_uri() + "/" + target.lstrip("./"))
    page.wait_for_selector("mark")
    anchor = target.partition("#")[2]
    assert page.evaluate("a => [...document.querySelectorAll('mark')].every(m => m.closest('article').querySelector('h2').id == a)", anchor)
    page.close()


# -- made again ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", range(12 if os.environ.get("DATELINE_TORTURE") else 1))
def test_after_any_edits_a_build_gives_what_a_clean_build_gives(tmp_path, number):
    chosen = random.Random(f"digest {number}")
    root, beside = tmp_path / "one", tmp_path / "other"
    project(root, "digest", 50)
    build(root)
    done = []
    for _ in range(4):
        done += [edit(root, chosen) for edit in chosen.sample(projects.EDITS, 2)]
        projects.copy(root, beside)
        projects.build(root)
        projects.build(beside)
        assert projects.told(projects.result(root), projects.result(beside)) == [], done


def test_one_more_article_touches_one_page_of_articles(tmp_path):
    root = project(tmp_path / "one", "digest", 85)
    build(root)
    before = {path: path.read_bytes() for path in (root / "site/articles/digest").rglob("*.html")}
    name, text = corpus.document(900)
    (root / "seeds" / name).write_text(re.sub(r"\d+", "7", text), encoding="utf-8")
    build(root)
    changed = {path.name for path in before if path.read_bytes() != before[path]}
    assert "3.html" in changed
    ids = re.compile(r'<h2 id="(a\w+)"')
    assert all(set(ids.findall(before[path].decode())) <= set(ids.findall(path.read_text("utf-8"))) for path in before)


def test_files_fall(packed, unpacked):
    """Beside the lists, which are the same: a page for each article has two files and a quarter each, shared pages a fortieth."""
    def own(root: Path) -> int:
        return sum(path.is_file() for name in ("articles", "raw") for path in (root / "site" / name).rglob("*"))

    assert own(packed) == 4
    assert own(unpacked) == 2 * 90 + 3


def test_feeds_know_shared_pages():
    one = card("a", date="2024-01-02")
    (placed_one,), _ = digest.assign_paths([one], {})
    found = Corpus((placed_one,), (Links(),), digest=True)
    atom = next(output for output in feeds.outputs(found, ["index.html"], config.load(Path("/nonexistent"), site_url="https://e.org/"))
                if output.path == "feed.xml")
    assert f"https://e.org/{placed_one.path}".encode() in atom.content


def test_long_lists_show_their_newest_and_every_link_of_them_lands(tmp_path):
    """A page for each year of each list would be most of the site."""
    root = project(tmp_path / "one", "digest", 0)
    for number in range(130):
        day = f"{1 + number % 28}/{1 + number % 12}/202{number % 4}"
        text = f"Tin số {number} của tỉnh\n\nNgày {day}, Sở Giáo dục Nghệ An họp bàn việc {number}."
        (root / "seeds" / f"{number:03}.txt").write_text(text, "utf-8")
    build(root)
    assert check.check(config.load(root)) == ()
    page = (root / "site/provinces/nghe-an.html").read_text("utf-8")
    assert page.count('<article class="item">') == 50
    assert not list((root / "site/provinces").glob("nghe-an/20*.html"))


def test_shared_pages_go_without_parts_too(tmp_path):
    root = project(tmp_path / "one", "digest", 45)
    settings = config.load(root, without=("search", "data", "people", "former-provinces", "timeline", "feeds", "raw"))
    pipeline.build(settings, jobs=1)
    assert check.check(settings) == ()
    assert not (root / "site/data").exists() and (root / "site/articles/digest/0/2.html").exists()


def test_pages_of_names_are_for_many_articles_where_there_are_many(monkeypatch):
    monkeypatch.setattr(shelves, "SCARCE", 10)
    cards = tuple(plain_card(number, people=("Thu Hà",) if number < 4 else ("Minh Anh",) if number < 12 else ()) for number in range(60))
    one = world(cards)
    assert [shelf.names[0] for shelf in one.site.shelves.of("person")] == ["Minh Anh", "Thu Hà", "Trần Thế Cương"]
    assert [shelf.names[0] for shelf in shared(one).site.shelves.of("person")] == ["Minh Anh"]


def test_the_search_index_has_larger_files_and_fewer(tmp_path):
    words = [f"từ{number}" for number in range(900)]
    documents = [search_site.document(number, f"Tin {number}", " ".join(words[number % 90 :: 90] * 4), date=f"2020-{number:05}")
                 for number in range(400)]
    usual = list(search.outputs(documents, {}, search_site.RULES, small=10))
    roomy = list(search.outputs(documents, {}, search_site.RULES, small=10, roomy=digest.ROOMY))
    assert len(roomy) * 3 < len(usual)
    assert b'"perRecord":40' in next(output.content for output in roomy if output.path == "search/m.js")


@pytest.mark.browser
def test_a_search_index_of_larger_files_finds_the_same(browser, tmp_path):
    documents = [search_site.document(number, f"Tin số {number}", f"giáo dục ở nơi {number}", date=f"2020-{number:05}")
                 for number in range(90)]
    path = search_site.write(tmp_path, documents, small=10, roomy=digest.ROOMY)
    page = browser.new_page()
    page.goto(path.as_uri() + "?q=n%C6%A1i+57")
    page.wait_for_selector("#search-app a[href*='articles/57.html']")
    page.close()
