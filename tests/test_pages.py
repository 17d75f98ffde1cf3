"""What pages may say: facts that were found, and plainly that others were not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from dateline import evidence, frame, index, pages, story
from dateline.model import Article, Block, Links, Page, Removal
from tests.site_factory import KNOWLEDGE, article_vi, card_of, corpus_of, plain_card, shipped_strings, world

WORLD = world(tuple(plain_card(n) for n in range(12)))
SITE = WORLD.site
PAGES = {page.path: page for page in pages.site_pages(SITE)}


def view(article_id: str) -> dict[str, Any]:
    article = next(one for one in WORLD.articles if one.id == article_id)
    return story.article_page(SITE, article, WORLD.links(article_id)).view


def fact(article_id: str, name: str) -> dict[str, Any]:
    return next(row for row in view(article_id)["facts"] if row["name"] == name)


# -- which pages there are ----------------------------------------------------------------------------------------------
def test_no_two_pages_share_a_path() -> None:
    counted = Counter(page.path for page in pages.site_pages(SITE))
    assert [path for path, n in counted.items() if n > 1] == []


def test_every_listing_has_its_counterpart_in_the_other_language() -> None:
    english = {path for path in PAGES if not path.startswith("vi/")} - {"404.html"}
    assert {f"vi/{path}" for path in english} == {path for path in PAGES if path.startswith("vi/")}


def test_the_pages_of_the_architecture_are_there() -> None:
    for path in ("index.html", "search.html", "concordance.html", "timeline.html", "statistics.html", "review.html",
                 "data.html", "about.html", "404.html", "provinces/index.html", "provinces/ha-noi.html",
                 "provinces/former/hai-duong.html", "provinces/ha-noi/edu-cooperation.html", "topics/edu-cooperation.html",
                 "languages/vi.html", "sources/nhandan-vn.html", "years/2023.html", "years/2023-03.html",
                 "people/tran-the-cuong.html", "authors/my-ha.html"):
        assert path in PAGES, path


def test_the_contract_functions_give_the_same_pages() -> None:
    found = pages.listing_pages(WORLD.corpus, KNOWLEDGE, shipped_strings(), WORLD.config)
    assert {page.path for page in found} == set(PAGES)
    article = WORLD.articles[0]
    page = pages.article_page(article, WORLD.links(article.id), WORLD.corpus, KNOWLEDGE, shipped_strings(), WORLD.config)
    assert page == story.article_page(SITE, article, WORLD.links(article.id))


def test_views_are_plain_data_and_the_same_every_time() -> None:
    again = {page.path: page for page in pages.site_pages(WORLD.site)}
    for path, page in PAGES.items():
        assert json.dumps(page.view) == json.dumps(again[path].view), path


def test_a_moved_page_points_to_the_new_one() -> None:
    corpus = replace(WORLD.corpus, aliases=(("articles/old.html", "articles/2023/03/hai-quan-101aa.html"),))
    site = replace(SITE, corpus=corpus)
    moved = next(page for page in pages.site_pages(site) if page.path == "articles/old.html")
    assert moved.view["target"] == "articles/2023/03/hai-quan-101aa.html" and moved.lang == "vi"


# -- an article ---------------------------------------------------------------------------------------------------------
def test_an_article_speaks_its_own_language_or_the_default() -> None:
    assert view("101_aa")["language"] == "vi" and view("102_bb")["language"] == "en"
    site = replace(SITE, config=replace(SITE.config, interface=("en",)))
    assert story.article_page(site, article_vi(), Links()).lang == "en"


def test_quotes_are_marked_where_they_stand() -> None:
    first, second = view("101_aa")["blocks"]
    assert [(first["text"][start:end], kind) for start, end, kind in first["marks"]] == [
        ("Sở Giáo dục và Đào tạo Hà Nội", "p"), ("quận Hoàn Kiếm", "p")]
    assert [(second["text"][start:end], kind) for start, end, kind in second["marks"]] == [
        ("chia sẻ kinh nghiệm dạy học", "t")]


def test_the_longer_of_two_overlapping_quotes_is_marked() -> None:
    block = Block("paragraph", "Sở Giáo dục Hà Nội", 1)
    assert evidence.marks(block, {1: [("Hà Nội", "p"), ("Giáo dục Hà Nội", "t")]}) == ((3, 18, "t"),)


def test_evidence_in_a_wrapped_paragraph_is_found_on_its_second_line() -> None:
    block = Block("paragraph", "Hội nghị ở Sơn La", 4, breaks=(9,))
    assert evidence.marks(block, {5: [("Sơn La", "p")]}) == ((11, 17, "p"),)
    assert evidence.marks(block, {6: [("Sơn La", "p")]}) == ()


def test_every_raw_line_keeps_its_number_and_every_cut_its_reason() -> None:
    rows = view("101_aa")["raw"]
    assert [row["number"] for row in rows] == [1, 2, 4, 5, 7, 8, 9]
    assert [(row["number"], row["why"]) for row in rows if row["why"]] == [
        (1, "trình đơn của trang"), (4, "the outlet signs before the first word"), (7, "tin khác")]
    assert rows[2]["parts"] == (("Thudo24h - ", True),
                                ("Chiều 4/3, Sở Giáo dục và Đào tạo Hà Nội họp với quận Hoàn Kiếm.", False))


def test_the_raw_view_gives_every_word_back() -> None:
    for article in WORLD.articles:
        rows = view(article.id)["raw"]
        shown = ["".join(words for words, _ in row["parts"]) for row in rows]
        assert shown == [line for line in article.raw.split("\n") if line.strip()]


def test_a_cut_that_is_not_in_its_line_does_not_break_the_line() -> None:
    article = replace(article_vi(), removed=(Removal(5, "not there", "menu", whole=False),))
    line = evidence.raw_lines(article, SITE.labels, "en")[3]
    assert line["parts"] == (("Thầy cô hai bên chia sẻ kinh nghiệm dạy học.", False),)


def test_missing_facts_are_said_to_be_missing() -> None:
    author = fact("101_aa", "Tác giả")
    assert (author["value"], author["found"]) == ("không thấy", False)


def test_a_bracketed_date_is_not_shown_as_a_day() -> None:
    shown = view("102_bb")
    assert (shown["date"], shown["datetime"]) == ("on or after 22 August 2025", "")


def test_a_supplied_title_says_so() -> None:
    assert view("102_bb")["supplied"] == "title supplied from the lead"
    assert view("101_aa")["supplied"] == ""


def test_only_web_addresses_become_links() -> None:
    assert fact("101_aa", "Bài gốc")["url"] == "https://nhandan.vn/hai-quan.html"
    assert fact("102_bb", "Original")["url"] == ""


@pytest.mark.parametrize("url", [
    "javascript:alert(1)", "data:text/html,x", "ftp://a.vn/x", "//a.vn", "http:", "http://[bad", None,
])
def test_an_unsafe_address_is_no_link(url: str | None) -> None:
    assert story.safe_url(url) == ""


def test_the_raw_file_is_linked_where_the_data_stage_writes_it() -> None:
    card = SITE.cards["101_aa"]
    assert fact("101_aa", "Tệp gốc")["path"] == index.raw_path(card)


def test_evidence_links_to_its_paragraph_and_to_its_raw_line() -> None:
    quotes = view("101_aa")["tags"][0]["quotes"]
    assert quotes[0]["places"] == (("p1", "1"),)
    assert fact("101_aa", "Tiêu đề")["quotes"][0]["places"] == (("L2", "2"),)


def test_a_former_province_says_where_it_belongs_today() -> None:
    tag = view("102_bb")["tags"][0]
    assert (tag["label"], tag["path"]) == ("Hai Duong", "provinces/former/hai-duong.html")
    assert tag["note"] == "part of Hai Phong since 1 July 2025"


def test_related_articles_say_why_and_neighbours_where() -> None:
    shown = view("101_aa")
    assert shown["related"][0]["why"] == "Cùng nhắc đến: Trần Thế Cương"
    assert shown["previous"]["path"] == "articles/undated/officials-met-102bb.html" and shown["next"]["path"] == ""
    assert [card["path"] for card in shown["copies"]] == ["articles/undated/officials-met-102bb.html"]


def test_structured_data_leaves_out_what_is_not_known() -> None:
    graph = view("102_bb")["head"]["jsonld"]["@graph"]
    article = next(node for node in graph if node["@type"] == "NewsArticle")
    assert "datePublished" not in article and "isBasedOn" not in article and "url" not in article
    full = next(node for node in view("101_aa")["head"]["jsonld"]["@graph"] if node["@type"] == "NewsArticle")
    assert (full["datePublished"], full["isBasedOn"]) == ("2023-03-04", "https://nhandan.vn/hai-quan.html")


def withheld() -> tuple[frame.Site, Article]:
    article = replace(article_vi(), withheld="asked for by the family")
    cards = [card_of(article, "articles/x.html"), plain_card(1)]
    return frame.Site.of(corpus_of(cards), KNOWLEDGE, shipped_strings(), WORLD.config), article


def test_a_withheld_article_leaves_a_stone_and_no_words() -> None:
    site, article = withheld()
    page = story.article_page(site, article, Links())
    text = json.dumps(page.view, ensure_ascii=False)
    assert page.view["withheld"] == "asked for by the family" and page.view["head"]["robots"] == "noindex"
    assert "kinh nghiệm" not in text and "Thudo24h" not in text
    assert all("hai-quan" not in json.dumps(one.view) for one in pages.site_pages(site))


def test_a_hand_written_body_is_shown_instead_of_the_machines() -> None:
    article = replace(article_vi(), body_markdown="Chữ *đẹp*", edited=("body", "title"))
    shown = story.article_page(SITE, article, Links()).view
    assert (shown["markdown"], shown["blocks"]) == ("Chữ *đẹp*", ())
    assert shown["edited"] == "đã sửa tay: Nội dung; Tiêu đề"


def test_an_article_without_a_seed_has_no_raw_view() -> None:
    shown = story.article_page(SITE, replace(article_vi(), raw="", origin="", removed=()), Links()).view
    assert shown["raw"] == () and any(row["value"] == "không có; bài do người viết" for row in shown["facts"])


# -- lists --------------------------------------------------------------------------------------------------------------
def test_a_list_says_how_much_is_known_of_it() -> None:
    assert PAGES["provinces/ha-noi.html"].view["figures"] == (
        "13 articles", "13 mainly about it", "1 source", "0 without a date", "2023")


def test_a_merged_province_names_what_it_is_made_of() -> None:
    notes = PAGES["provinces/hai-phong.html"].view["notes"]
    assert notes == ("Made of the former Hai Phong, Hai Duong since 1 July 2025; articles about them are counted here.",)


def test_facets_link_only_to_pages_that_exist() -> None:
    known = set(PAGES)
    for page in PAGES.values():
        for facet in page.view.get("facets", ()) if page.template == "listing.html" else ():
            for row in facet["items"]:
                assert not row["path"] or row["path"].partition("#")[0] in known, (page.path, row)


def test_a_long_list_is_cut_into_years() -> None:
    site = world(tuple(plain_card(n, date=f"20{10 + n % 3}-01-01") for n in range(150))).site
    found = {page.path: page for page in pages.site_pages(site)}
    assert len(found["provinces/ha-noi.html"].view["groups"][0]["items"]) == 50
    assert sum(len(group["items"]) for group in found["provinces/ha-noi/2011.html"].view["groups"]) == 50
    assert [row["label"] for row in found["provinces/ha-noi.html"].view["periods"]] == ["2023", "2012", "2011", "2010"]


def test_the_map_counts_both_eras_and_links_no_empty_tile() -> None:
    home = PAGES["index.html"].view
    now = {tile["label"]: tile for tile in home["map_34"]}
    before = {tile["label"]: tile for tile in home["map_63"]}
    assert (now["Hai Phong"]["n"], before["Hai Phong"]["n"], before["Hai Duong"]["n"]) == (1, 0, 1)
    assert all(bool(tile["path"]) == bool(tile["n"]) for tile in (*home["map_34"], *home["map_63"]))


def test_island_labels_can_be_turned_off() -> None:
    assert PAGES["index.html"].view["islands"] != ()
    bare = world(island_labels=False).site
    assert next(page for page in pages.site_pages(bare) if page.path == "index.html").view["islands"] == ()


def test_the_review_page_has_the_lines_to_paste() -> None:
    item = PAGES["review.html"].view["items"][0]
    assert item["file"] == "articles/102_bb.md"
    assert item["problems"] == ("Title: not found", "Topic: doubtful")
    assert item["yaml"] == 'title: "Officials met & \\"agreed\\" </script>"\ntopic: "edu-emulation-awards"'


def test_addresses_are_given_only_when_the_site_has_one() -> None:
    assert all(page.view["head"]["canonical"] == "" for page in PAGES.values() if "head" in page.view)
    site = world(site_url="https://example.org/news/").site
    found = {page.path: page for page in pages.site_pages(site)}
    assert found["index.html"].view["head"]["canonical"] == "https://example.org/news/"
    head = found["vi/provinces/ha-noi.html"].view["head"]
    assert head["canonical"] == "https://example.org/news/vi/provinces/ha-noi.html"
    assert ("en", "https://example.org/news/provinces/ha-noi.html") in head["alternates"]
    article = story.article_page(site, article_vi(), Links()).view["head"]
    assert article["alternates"] == () and article["feeds"] != ()


def test_every_page_is_planned_as_a_page() -> None:
    assert all(isinstance(page, Page) and page.lang in {"en", "vi"} for page in PAGES.values())
