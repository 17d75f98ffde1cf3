"""Every kind of page under axe-core, the Nu checker and html-validate, in both themes, wide and narrow, in every view."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dateline import pages, render, story
from dateline.model import Article, Block, Claim
from tests.site_factory import ROOT, World, article_vi, card_of, corpus_of, left_pages, plain_card, shared, sheet_pages, world

pytestmark = pytest.mark.browser

MODULES = ROOT / ".tools" / "node_modules"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""What can differ between light and dark: elements and sizes are the same."""
VIEWS = ("v-ev", "v-raw", "u63")
"""Switches that show another part of a page."""
SEARCHES = (("search.html", "q=education", ".search-results li"), ("vi/search.html", "q=giao+duc&language=vi", ".search-results li"),
            ("search.html", "q=zzzzqq", ".search-status"), ("concordance.html", "q=education", ".kwic tbody tr"),
            ("vi/concordance.html", "q=giáo+dục", ".kwic tbody tr"))
"""(page, query, what is there when it has answered)"""
LONG = "https://nhandan.vn/" + "mot-dia-chi-rat-dai-khong-co-cho-ngat-" * 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with every kind of page, long lists and long words included."""
    cards = tuple(plain_card(n, date=f"20{10 + n % 4}-0{1 + n % 9}-01", organisations=("Sở Giáo dục",)) for n in range(130))
    one = with_odd_articles(world((*cards, plain_card(900, title=LONG, publisher=LONG[8:60]))))
    site = one.site
    target = tmp_path_factory.mktemp("site")
    renderer = render.Renderer(one.config, site.strings)
    found = [*(story.article_page(site, article, one.links(article.id)) for article in one.articles), *pages.site_pages(site),
             *sheet_pages(shared(one)), *left_pages(one)]
    for output in (*(renderer.render(page) for page in found), *render.assets(one.config)):
        path = target / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.content)
    return target


HEADLINE = ("Sở Giáo dục và Đào tạo tỉnh phối hợp với các trường trung học cơ sở vùng cao tổ chức đợt tập huấn kéo dài ba tuần về "
            "dạy học tiếng Việt cho học sinh dân tộc thiểu số trước thềm năm học mới sắp bắt đầu vào đầu tháng chín năm nay")
LAO = "ນັກຮຽນຫຼວງພະບາງປູກຕົ້ນໄມ້ພ້ອມຄູອາຈານຢູ່ແຄມນ້ຳຂອງ"


def odd_articles() -> dict[str, Article]:
    """By page: a headline of 200 characters, none at all, a text in Lao, one that was withdrawn, one without anything cut or
    tagged."""
    whole = article_vi()
    bare = replace(whole, blocks=(Block("paragraph", "12", 1),), removed=(), raw="12", tags=replace(whole.tags, tags=(), province=None),
                   metadata=replace(whole.metadata, title=None, title_source="none", date=None, publisher=None, source_url=None,
                                    credits=()))
    lao = replace(whole, raw=LAO, removed=(), blocks=(Block("paragraph", LAO, 1),),
                  metadata=replace(whole.metadata, title=Claim(LAO, 0.9)),
                  tags=replace(whole.tags, language=Claim("lo", 0.9), block_languages=("lo",), tags=()))
    made = {"long": replace(whole, metadata=replace(whole.metadata, title=Claim(HEADLINE, 0.9))), "none": bare, "lao": lao,
            "withheld": replace(whole, withheld="asked by the family")}
    return {f"articles/odd/{name}.html": replace(article, id=name) for name, article in made.items()}


def with_odd_articles(one: World) -> World:
    odd = odd_articles()
    cards = [*one.corpus.cards, *(card_of(article, path) for path, article in odd.items())]
    known = {card.id: links for card, links in zip(one.corpus.cards, one.corpus.links, strict=True)}
    corpus = replace(corpus_of(cards, **known), aliases=(("articles/old.html", "articles/2023/03/hai-quan-101aa.html"),))
    return replace(one, articles=(*one.articles, *odd.values()), corpus=corpus)


def kinds(folder: Path) -> list[Path]:
    """One page or more of every template."""
    names = ("index.html", "vi/index.html", "articles/2023/03/hai-quan-101aa.html", "articles/undated/officials-met-102bb.html",
             "provinces/index.html", "provinces/ha-noi.html", "provinces/ha-noi/2011.html", "provinces/hai-phong.html",
             "vi/provinces/former/hai-duong.html", "topics/index.html", "years/2012.html", "timeline.html", "matrix.html",
             "statistics.html", "review.html", "data.html", "about.html", "search.html", "vi/concordance.html", "404.html",
             "organisations/index.html", "sources/index.html", "years/index.html", "vi/languages/vi.html", "provinces/none.html",
             "provinces/ha-noi/edu-cooperation.html", "articles/digest/0/1.html", "articles/digest/0/2.html", *odd_articles())
    return [folder / name for name in names]


def states(page: Any) -> Iterator[str]:
    """The page as it opens, then each of its views."""
    yield ""
    for name in VIEWS:
        if page.locator(f"#{name}").count():
            page.check(f"#{name}", force=True)
            yield name


@contextmanager
def themed(browser: Any, width: int, theme: str) -> Iterator[tuple[Any, Callable[[str], list[str]]]]:
    """A tab, and what axe finds on the page in it, told with a name for the page."""
    axe = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    rules = RULES if theme == "light" else COLOURS
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
    page = context.new_page()

    def violations(name: str) -> list[str]:
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(axe)
        result = page.evaluate("rules => axe.run({preload: false, runOnly: rules})", rules)
        return [f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in result["violations"]]

    yield page, violations
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Any, folder: Path, width: int, theme: str) -> None:
    found = []
    with themed(browser, width, theme) as (page, violations):
        for path in kinds(folder):
            page.goto(path.as_uri())
            for state in states(page):
                found += violations(f"{path.relative_to(folder)} {state}")
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_the_search_has_found_something(browser: Any, site: Path, width: int, theme: str) -> None:
    found = []
    with themed(browser, width, theme) as (page, violations):
        for name, query, shown in SEARCHES:
            page.goto(f"{(site / name).as_uri()}?{query}")
            page.locator(shown).first.wait_for()
            if shown == ".search-results li":
                page.locator(".search-facets summary").nth(2).click()
                page.locator(".search-facets details[open] label").first.wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            found += violations(name)
    assert found == []


@pytest.mark.parametrize("width", [320, 768, 1280, 1920])
def test_no_view_scrolls_sideways_even_with_wide_spacing(browser: Any, folder: Path, width: int) -> None:
    """WCAG 1.4.10 and 1.4.12: the spacings are those of the criterion."""
    spacing = ("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
               "p{margin-bottom:2em!important}")
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    wide = []
    for path in kinds(folder):
        page.goto(path.as_uri())
        for style in ("/**/", spacing):
            page.add_style_tag(content=style)
            for state in states(page):
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append(f"{path.relative_to(folder)} {state} {style[:3]}")
    context.close()
    assert wide == []


def test_the_views_switch_without_javascript(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    assert page.locator(".body").is_visible() and not page.locator(".raw").is_visible()
    page.check("#v-raw", force=True)
    assert page.locator(".raw li").first.is_visible() and not page.locator(".body").is_visible()
    page.goto((folder / "index.html").as_uri())
    page.check("#u63", force=True)
    assert page.locator(".u63").is_visible() and not page.locator(".u34").is_visible()
    context.close()


def test_lists_narrow_down_on_a_telephone_without_javascript(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((folder / "provinces/ha-noi.html").as_uri())
    assert not page.locator("#fx").is_visible()
    page.locator(".filt").click()
    assert page.locator("#fx").is_visible()
    page.locator("#fx a", has_text="Cooperation").first.click()
    assert page.url.endswith("provinces/ha-noi/edu-cooperation.html")
    context.close()


def test_the_search_page_says_where_to_browse_without_javascript(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "search.html").as_uri())
    page.locator("main noscript a, main .inl a", has_text="Topics").first.click()
    assert page.url.endswith("topics/index.html")
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_that_moved_leads_on(browser: Any, folder: Path, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto((folder / "articles/old.html").as_uri())
    page.wait_for_url("**/articles/2023/03/hai-quan-101aa.html")
    assert page.locator("h1").inner_text() == "Hai quận cùng nhau chăm lo trường lớp"
    context.close()


def test_a_link_to_a_raw_line_opens_the_raw_text(browser: Any, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri() + "#L7")
    assert page.locator("#L7").is_visible() and page.is_checked("#v-raw")
    page.check("#v-clean", force=True)
    assert page.locator(".body").is_visible() and not page.locator(".raw").is_visible()
    page.close()


def test_the_citation_is_copied(browser: Any, folder: Path) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    page.locator("summary", has_text="BibTeX").click()
    page.locator("[data-copy=c-bibtex]").click()
    page.wait_for_function("document.querySelector('[data-copy=c-bibtex]').textContent == 'Đã chép'")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{bao-nhan-dan-2023")
    context.close()


def test_the_theme_is_remembered(browser: Any, folder: Path) -> None:
    """On a busy machine Chromium itself loses some 4 % of what a page on `file://` stores (0 of 150 over HTTP): five tries, each anew."""

    def remembered() -> bool:
        context = browser.new_context()
        page = context.new_page()
        page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
        page.locator(".theme").click()
        assert page.evaluate("[document.documentElement.dataset.theme, localStorage.theme]") == ["dark", "dark"]
        page.reload()
        kept = bool(page.evaluate("document.documentElement.dataset.theme") == "dark")
        context.close()
        return kept

    assert any(remembered() for _ in range(5))


def test_what_is_chosen_can_be_told_in_forced_colours(browser: Any, folder: Path) -> None:
    """Grounds vanish there: what is chosen needs the system's highlight, what is drawn a colour of the system."""
    context = browser.new_context(forced_colors="active", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    style = "(e, name) => getComputedStyle(e)[name]"
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    chosen, other = (page.locator("label", has=page.locator(name)) for name in ("#v-clean", "#v-raw"))
    assert chosen.evaluate(style, "backgroundColor") != other.evaluate(style, "backgroundColor")
    page.check("#v-ev", force=True)
    assert page.locator(".body mark").first.evaluate(style, "borderBottomStyle") == "solid"
    assert page.locator(".body mark.t").first.evaluate(style, "borderBottomStyle") == "dotted"
    page.goto((folder / "provinces/index.html").as_uri())
    here, there = page.locator(".nav a[aria-current]"), page.locator(".nav a:not([aria-current])").first
    assert here.evaluate(style, "borderBottomColor") != there.evaluate(style, "borderBottomColor")
    assert page.locator(".tm a").first.evaluate(style, "borderTopStyle") == "solid"
    ground = page.locator("body").evaluate(style, "backgroundColor")
    assert page.locator(".bars rect").first.evaluate(style, "fill") != ground
    page.goto((folder / "provinces/ha-noi/2011.html").as_uri())
    period, beside = page.locator(".periods a[aria-current]"), page.locator(".periods a:not([aria-current])").first
    assert period.evaluate(style, "backgroundColor") != beside.evaluate(style, "backgroundColor")
    context.close()


def test_a_printed_article_has_its_text_record_and_citation_and_no_chrome(browser: Any, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    page.emulate_media(media="print")
    for there in ("h1", ".body", ".facts", "#c-apa"):
        assert page.locator(there).is_visible(), there
    for gone in (".nav", ".search", ".tools", "#v-clean", ".btn", "#c-bibtex", ".rel", ".pn-nav", ".foot .g", ".crumbs", ".raw", ".pn"):
        assert page.locator(gone).count(), gone
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".facts a[href^=http]").first.evaluate("e => getComputedStyle(e, '::after').content").startswith('" <http')
    page.close()


def test_nothing_moves_for_who_asked_for_less_motion(browser: Any, folder: Path) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    moving = """Array.from(document.querySelectorAll("*")).filter(e => { const s = getComputedStyle(e);
        return s.animationName != "none" || s.transitionDuration != "0s" || s.scrollBehavior != "auto"; })
        .map(e => e.outerHTML.slice(0, 80))"""
    for path in kinds(folder):
        page.goto(path.as_uri())
        assert page.evaluate(moving) == [], path.name
    context.close()


def test_the_nu_checker_finds_no_error(folder: Path) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    paths = [str(path) for path in (*kinds(folder), folder / "articles/old.html")]
    done = subprocess.run(["java", "-jar", str(jar), "--errors-only", *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_html_validate_finds_no_error(folder: Path) -> None:
    rules = {"extends": ["html-validate:recommended", "html-validate:a11y"], "root": True,
             "rules": {"aria-label-misuse": ["error", {"allowAnyNamable": True}]}}
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    script = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    paths = [str(path) for path in (*kinds(folder), folder / "articles/old.html")]
    command = ["node", str(script), "--config", str(folder / "rules.json"), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout
