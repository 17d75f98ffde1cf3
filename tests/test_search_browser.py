"""The search page and the words in context, as a reader uses them: in Chromium, from a disk, under a strict policy."""

from __future__ import annotations

import gzip
import json
import os
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dateline import text
from dateline.search_terms import tokens
from tests.search_browser import Console, serve
from tests.search_site import RULES, document, write
from tests.test_search import EXAMPLES
from tests.test_search_queries import planted

pytestmark = pytest.mark.browser

NAMES = [
    "An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Bình Dương",
    "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Đắk Nông",
    "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương",
    "Hải Phòng", "Hậu Giang", "Hòa Bình", "Hồ Chí Minh", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum",
    "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận",
    "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La",
    "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang", "Trà Vinh", "Tuyên Quang",
    "Vĩnh Long", "Vĩnh Phúc", "Yên Bái",
]
CELLS = "all => all.map(one => [...one.cells].map(cell => cell.innerText))"
LABELS = {
    "province": {"nghe-an": {"en": "Nghệ An", "vi": "Nghệ An"}, "ha-noi": {"en": "Hanoi", "vi": "Hà Nội"}},
    "language": {"en": {"en": "English", "vi": "Tiếng Anh"}, "vi": {"en": "Vietnamese", "vi": "Tiếng Việt"}},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("site"), planted(), LABELS, small=0)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    console = Console(found)
    yield found
    assert console.messages == getattr(found, "expected_messages", [])
    found.close()


def visit(page: Page, site: Path, query: str = "", name: str = "search.html") -> None:
    page.goto(site.with_name(name).as_uri() + query)
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_selector("[id$=-app]:not([aria-busy])", state="attached")


def titles(page: Page) -> list[str]:
    return page.locator(".search-results h2").all_inner_texts()


def shows(page: Page, first: str) -> None:
    """Waits until this is the first title: while somebody types, answers to the first letters may come before."""
    expect(page.locator(".search-results h2").first).to_have_text(first, timeout=30_000)


def status(page: Page) -> str:
    return page.locator(".search-status").inner_text()


# -- finding -----------------------------------------------------------------------------------------------


def as_written(name: str) -> str:
    return name


def decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


def joined(name: str) -> str:
    return "".join(letter for letter in text.fold(name) if letter.isalpha())


@pytest.mark.parametrize("way", [as_written, text.fold, decomposed, joined])
@pytest.mark.parametrize("small", [300, 0])
def test_each_of_the_63_names_finds_its_page_first(page: Page, tmp_path: Path, way: object, small: int) -> None:
    documents = [document(n, name, date=f"2000-{n // 28 + 1:02d}-{n % 28 + 1:02d}") for n, name in enumerate(NAMES)]
    page.goto(write(tmp_path, documents, small=small).as_uri())
    asked = [way(name) for name in NAMES]  # type: ignore[operator]
    first = page.evaluate(
        """async ([names, file]) => {
          const index = await DatelineSearch.open(new URL("search/", document.baseURI).href, file), found = [];
          for (const name of names) found.push((await index.search(name)).ids[0]);
          return found;
        }""",
        [asked, "all" if small else "m"],
    )
    assert [name for n, name in enumerate(asked) if first[n] != n] == []


def test_python_and_javascript_give_every_word_the_same_key(page: Page, site: Path) -> None:
    words = sorted(vocabulary())
    visit(page, site)
    keys = page.evaluate(
        "words => words.map(word => [DatelineSearch.form(word), DatelineSearch.key(DatelineSearch.form(word))])", words
    )
    ours = [[RULES.form(word), RULES.key(RULES.form(word))] for word in words]
    assert [word for word, one, other in zip(words, keys, ours, strict=True) if one != other] == []


def vocabulary() -> set[str]:
    """All words of the seeds, all syllables with all marks, made-up ones; and of $DATELINE_CORPUS where it is set."""
    found: set[str] = set()
    seeds = Path(__file__).parent.parent / "seeds"
    for path in sorted(seeds.glob("*.txt")):
        found.update(tokens(text.nfc(path.read_text("utf-8"))))
    for rime in RULES.table["rimes"]:
        found.update(f"{onset}{rime}" for onset in ("", *RULES.table["onsets"]))
    chance = random.Random(3)
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵÐƉİßžñ0123"
    found.update("".join(chance.choices(letters, k=chance.randint(1, 9))) for _ in range(5000))
    endings = ["s", "es", "ies", "ed", "ied", "eed", "ing", "ss", "us", "is", "y", "e", "nning", "tted", "shes", "ly"]
    found.update("".join(chance.choices("bcdfgklmnprstaeiou", k=4)) + ending for ending in endings for _ in range(60))
    if "DATELINE_CORPUS" in os.environ:
        found.update(corpus_words(Path(os.environ["DATELINE_CORPUS"])))
    return found


def corpus_words(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from tokens(text.nfc(json.loads(line)["text"]))


def test_python_and_javascript_take_the_same_words_out_of_a_text(page: Page, site: Path) -> None:
    lines = [
        "Hanoi's 71-NQ/TW, M'Nông “Ê Đê” a_b x1y2 İstanbul",
        "don't students’ teacher’s 1.284 3,5% ½ ² Ⅳ 你好 тест_тест",
        "'s ’s s's",
    ]
    visit(page, site)
    found = page.evaluate("lines => lines.map(line => DatelineSearch.tokens(line).map(word => word.form))", lines)
    assert found == [[RULES.form(token) for token in tokens(line)] for line in lines]


def test_raw_telex_is_read(page: Page, site: Path) -> None:
    visit(page, site)
    found = page.evaluate("words => words.map(DatelineSearch.telex)", list(EXAMPLES["telex"]))
    assert dict(zip(EXAMPLES["telex"], found, strict=True)) == EXAMPLES["telex"]


# -- the page ----------------------------------------------------------------------------------------------


def test_results_show_title_date_place_source_language_and_marked_words(page: Page, site: Path) -> None:
    visit(page, site, "?q=hoc%20sinh%20gioi")
    first = page.locator(".search-results li").first
    assert first.locator("h2 mark").all_inner_texts() == ["học sinh giỏi"]
    assert "24 February 2023" in first.inner_text() and "Nghệ An" in first.inner_text() and "VI" in first.inner_text()
    assert "học sinh giỏi" in first.locator(".search-snippet mark").all_inner_texts()


def test_the_marked_text_is_the_original_text(page: Page, site: Path) -> None:
    visit(page, site, "?q=duong%20sat")
    snippet = page.locator(".search-results li .search-snippet").first.inner_text()
    assert snippet == "Đường sắt chạy sát trường, phụ huynh lo lắng."


def test_the_opened_article_marks_the_words_too(page: Page, site: Path) -> None:
    visit(page, site, "?q=%22kim%20son%22")
    page.locator(".search-results a").first.click()
    page.wait_for_selector("mark")
    assert {words.casefold() for words in page.locator("mark").all_inner_texts()} <= {"kim son", "kim sơn"}


def test_the_state_is_in_the_address_and_back_and_forward_work(page: Page, site: Path) -> None:
    visit(page, site)
    page.fill("#q", "trường")
    page.press("#q", "Enter")
    settled(page)
    all_of_them = status(page)
    page.locator("[data-facet=province] summary").click()
    page.locator("[data-facet=province] label", has_text="Hanoi").click()
    settled(page)
    assert "province=ha-noi" in page.url and status(page) != all_of_them
    filtered = status(page)
    page.go_back()
    settled(page)
    assert status(page) == all_of_them and page.input_value("#q") == "trường"
    page.go_forward()
    settled(page)
    assert status(page) == filtered
    page.reload()
    settled(page)
    assert status(page) == filtered


def test_counts_of_facets_are_exact_and_each_facet_ignores_itself(page: Page, site: Path) -> None:
    visit(page, site, "?q=&province=ha-noi&province=thanh-hoa")
    page.locator("[data-facet=language] summary").click()
    page.wait_for_selector("[data-facet=language] li")
    rows = {name: page.locator(f"[data-facet={name}] li").all_inner_texts() for name in ("province", "language")}
    wanted = [one for one in planted() if set(one.provinces34) & {"ha-noi", "thanh-hoa"}]
    assert status(page) == f"{len(wanted)} articles"
    languages = {"Vietnamese": "vi", "English": "en"}
    assert {row.split()[0]: int(row.split()[1]) for row in rows["language"]} == {
        name: sum(one.language == code for one in wanted) for name, code in languages.items()
    }
    assert any(row.split() == ["hue", "1"] for row in rows["province"])


def test_a_span_of_months_can_be_brushed_and_chosen(page: Page, site: Path) -> None:
    visit(page, site, "?q=trường")
    box = page.locator(".search-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 5)
    page.mouse.up()
    settled(page)
    assert "from=202" in page.url and "to=202" in page.url
    page.select_option("#search-from", "")
    page.select_option("#search-to", "2020-12")
    settled(page)
    dates = page.locator(".search-results time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates and max(dates) < "2021"


def test_order_by_date(page: Page, site: Path) -> None:
    visit(page, site, "?q=trường&sort=oldest")
    dates = page.locator(".search-results time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates == sorted(dates)
    page.select_option("#search-sort", "newest")
    settled(page)
    dates = page.locator(".search-results time").evaluate_all("all => all.map(one => one.dateTime)")
    assert dates == sorted(dates, reverse=True)


def test_nothing_found_says_what_to_drop_and_what_was_meant(page: Page, site: Path) -> None:
    visit(page, site, "?q=title%3Ahuế%20title%3Avirus")
    page.wait_for_selector(".search-notes a")
    assert status(page) == "0 articles"
    assert any("Without “title:virus”" in offer for offer in page.locator(".search-notes a").all_inner_texts())
    page.locator(".search-notes a", has_text="Without “title:virus”").click()
    settled(page)
    assert titles(page) == ["Huế đón năm học mới"]


def test_a_relaxed_answer_says_so(page: Page, site: Path) -> None:
    visit(page, site, "?q=huế%20covid")
    assert "No article has all the words" in page.locator(".search-notes").inner_text()
    visit(page, site, "?q=scholarshps")
    assert "“scholarshps”; showing “scholarships”" in page.locator(".search-notes").inner_text()


def test_a_missing_shard_is_an_error_and_not_no_result(page: Page, tmp_path: Path) -> None:
    site = write(tmp_path, planted(), small=0)
    for path in [*tmp_path.glob("search/u/*/*.js"), *tmp_path.glob("search/v/*/*.js")]:
        path.unlink()
    page.expected_messages = ["Failed to load resource: net::ERR_FILE_NOT_FOUND"]  # type: ignore[attr-defined]
    visit(page, site, "?q=huế")
    assert "could not be loaded (search/u/" in status(page)
    assert page.locator(".search-status button").inner_text() == "Try again"


def test_an_empty_shard_is_an_error_too(page: Page, tmp_path: Path) -> None:
    site = write(tmp_path, planted(), small=0)
    for path in tmp_path.glob("search/u/*/*.js"):
        path.write_text("")
    visit(page, site, "?q=huế")
    assert "could not be loaded" in status(page)


def test_the_keyboard_alone_is_enough(page: Page, site: Path) -> None:
    visit(page, site)
    page.keyboard.press("/")
    page.keyboard.type("huế")
    page.keyboard.press("Enter")
    settled(page)
    assert titles(page) == ["Huế đón năm học mới"]
    page.keyboard.press("Escape")
    settled(page)
    assert page.input_value("#q") == "" and titles(page) == []
    page.keyboard.type("côn đảo")
    shows(page, "Thư viện trên đảo Côn Đảo")
    while page.evaluate("document.activeElement.closest('.search-results') === null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("article")


def test_typing_finds_beginnings_and_leaves_no_trail_of_steps(page: Page, site: Path) -> None:
    visit(page, site)
    steps = page.evaluate("history.length")
    page.locator("#q").press_sequentially("khuyế")
    shows(page, "Dòng họ Phạm khuyến học")
    assert page.evaluate("history.length") == steps


def test_without_a_script_there_is_a_form_and_a_way_on(browser: Browser, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(site.as_uri())
    assert page.locator("form[method=get] input[name=q]").is_visible()
    assert page.locator("noscript a").count() or page.locator("a[href='provinces/index.html']").is_visible()
    page.close()


def test_the_form_works_before_the_script(browser: Browser, site: Path) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(site.as_uri())
    page.fill("#q", "huế")
    page.press("#q", "Enter")
    assert page.url.endswith("search.html?q=hu%E1%BA%BF")
    page.close()


def test_results_can_be_taken_away(page: Page, site: Path) -> None:
    visit(page, site, "?q=title%3Atrường")
    found = {}
    for name, label in (("csv", "CSV"), ("jsonl", "JSON lines"), ("bib", "BibTeX")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"results.{name}"
        found[name] = download.value.path().read_text("utf-8")
    shown = int(status(page).split()[0])
    assert len(found["csv"].splitlines()) == shown + 1
    assert [json.loads(line)["title"] for line in found["jsonl"].splitlines()][:1] == titles(page)[:1]
    assert found["bib"].count("@online{") == shown


def test_an_exported_headline_is_never_a_formula(page: Page, tmp_path: Path) -> None:
    site = write(tmp_path, [document(0, '=HYPERLINK("http://evil","trường")', "trường & 100%")])
    visit(page, site, "?q=trường")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert '"\'=HYPERLINK(""http://evil"",""trường"")"' in download.value.path().read_text("utf-8")


def test_hostile_titles_and_queries_are_shown_as_text(page: Page, tmp_path: Path) -> None:
    site = write(tmp_path, [document(0, "<img src=x onerror=alert(1)> trường", "<b>trường</b>")])
    visit(page, site, "?q=%3Cimg%20src%3Dx%3E%20trường%20%3Cscript%3E")
    assert page.locator(".search-results img, .search-results b").count() == 0
    assert "<b>trường</b>" in page.locator(".search-snippet").inner_text()


def test_it_works_in_vietnamese_one_folder_down_over_http(browser: Browser, site: Path) -> None:
    with serve(site.parent, below="/kho/tin/") as address:
        page = browser.new_page()
        console = Console(page)
        page.goto(f"{address}vi/search.html?q=ha%20noi")
        settled(page)
        assert status(page).endswith("bài")
        page.locator(".search-results a").first.click()
        page.wait_for_selector("mark")
        assert console.messages == []
        assert all(url.startswith(address) or url.endswith("favicon.ico") for url in console.requests)
        page.close()


# -- words in context --------------------------------------------------------------------------------------


def test_every_occurrence_is_a_line_with_its_article(page: Page, site: Path) -> None:
    visit(page, site, "?q=trường", "concordance.html")
    body = [one for one in planted() if "trường" in f"{one.title} {one.text}".lower()]
    times = sum(f"{one.title} {one.text}".lower().split().count("trường") for one in body)
    rows = page.locator(".kwic tbody tr").count()
    assert rows >= times > 10
    assert f"from {len(body)} of {len(body)} articles" in status(page)
    assert set(page.locator(".kwic .word").all_inner_texts()) <= {"trường", "Trường"}


def test_lines_sort_by_what_comes_after(page: Page, site: Path) -> None:
    visit(page, site, "?q=trường", "concordance.html")
    page.select_option("#kwic-sort", "right")
    after = [line.strip(" .,;:").lower().split()[:1] for line in page.locator(".kwic .right").all_inner_texts()]
    words = [word[0] for word in after if word and word[0].isalpha()]
    assert words == page.evaluate("words => words.slice().sort((a, b) => a.localeCompare(b, 'vi'))", words)


def test_marks_typed_count_and_marks_left_out_do_not(page: Page, site: Path) -> None:
    visit(page, site, "?q=đường", "concordance.html")
    assert {word.lower() for word in page.locator(".kwic .word").all_inner_texts()} == {"đường"}
    visit(page, site, "?q=duong", "concordance.html")
    found = {word.lower() for word in page.locator(".kwic .word").all_inner_texts()}
    assert {"đường", "dương", "dưỡng", "đương"} <= found


def test_frequency_per_million_is_of_the_articles_chosen(page: Page, site: Path) -> None:
    visit(page, site, "?q=đào+tạo&province=thanh-hoa", "concordance.html")
    assert "Only in: thanh-hoa" in page.locator(".search-chips").inner_text()
    page.locator(".kwic-chart summary").click()
    rows = page.locator(".kwic-chart tbody tr").evaluate_all(CELLS)
    article = next(one for one in planted() if one.id == "bo-truong")
    words = len(tokens(article.title)) + len(tokens(article.text))
    by_month = {row[0]: row[1:] for row in rows}
    assert by_month["2023-03"] == ["1", "1", str(words), f"{round(1_000_000 / words):,}", "few texts"]
    assert by_month["2021-07"] == ["0", "0", "0", "0", "few texts"]
    assert rows[0][0] == "2020-12" and len(rows) == 28


def test_phrases_of_three_words_are_found_in_context(page: Page, site: Path) -> None:
    visit(page, site, "?q=xã+hội+học+tập", "concordance.html")
    assert page.locator(".kwic tbody tr").count() == 2


def test_a_beginning_is_found_across_the_borders_of_shards(page: Page, tmp_path: Path) -> None:
    documents = [document(n, f"khuya{n} khuyến", date=f"2000-{n // 28 + 1:02d}-{n % 28 + 1:02d}") for n in range(320)]
    page.goto(write(tmp_path, documents, small=0).as_uri())
    found = page.evaluate(
        """async () => {
          const index = await DatelineSearch.open(new URL("search/", document.baseURI).href, "m");
          index.manifest.borders.length > 1 || console.error("one shard only");
          const typed = await index.search("khuyế", { typing: true }), starred = await index.search("khuya31*");
          return [typed.ids.length, starred.ids.length];
        }"""
    )
    assert found == [320, 11]
