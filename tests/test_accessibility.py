"""Every kind of page under axe-core, the Nu checker and html-validate, in both themes, wide and narrow, in every view."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dateline import pages, render, story
from tests.site_factory import ROOT, left_pages, plain_card, shared, sheet_pages, world

pytestmark = pytest.mark.browser

MODULES = ROOT / ".tools" / "node_modules"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
VIEWS = ("v-ev", "v-raw", "u63")
"""Switches that show another part of a page."""
LONG = "https://nhandan.vn/" + "mot-dia-chi-rat-dai-khong-co-cho-ngat-" * 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with every kind of page, long lists and long words included."""
    cards = tuple(plain_card(n, date=f"20{10 + n % 4}-0{1 + n % 9}-01", organisations=("Sở Giáo dục",)) for n in range(130))
    one = world((*cards, plain_card(900, title=LONG, publisher=LONG[8:60])))
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


def kinds(folder: Path) -> list[Path]:
    """One page or more of every template."""
    names = ("index.html", "vi/index.html", "articles/2023/03/hai-quan-101aa.html", "articles/undated/officials-met-102bb.html",
             "provinces/index.html", "provinces/ha-noi.html", "provinces/ha-noi/2011.html", "provinces/hai-phong.html",
             "vi/provinces/former/hai-duong.html", "topics/index.html", "years/2012.html", "timeline.html", "matrix.html",
             "statistics.html", "review.html", "data.html", "about.html", "search.html", "vi/concordance.html", "404.html",
             "articles/digest/0/1.html", "articles/digest/0/2.html")
    return [folder / name for name in names]


def states(page: Any) -> Iterator[str]:
    """The page as it opens, then each of its views."""
    yield ""
    for name in VIEWS:
        if page.locator(f"#{name}").count():
            page.check(f"#{name}", force=True)
            yield name


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Any, folder: Path, width: int, theme: str) -> None:
    axe = (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=True)
    page = context.new_page()
    found = []
    for path in kinds(folder):
        page.goto(path.as_uri())
        page.evaluate(axe)
        for state in states(page):
            result = page.evaluate("rules => axe.run({preload: false, runOnly: rules})", RULES)
            for one in result["violations"]:
                found.append(f"{path.relative_to(folder)} {state}: {one['id']} {one['nodes'][0]['html'][:120]}")
    context.close()
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


def test_a_link_to_a_raw_line_opens_the_raw_text(browser: Any, folder: Path) -> None:
    page = browser.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri() + "#L7")
    assert page.locator("#L7").is_visible() and page.is_checked("#v-raw")
    page.check("#v-clean", force=True)
    assert page.locator(".body").is_visible() and not page.locator(".raw").is_visible()
    page.close()


def test_the_citation_is_copied_and_the_theme_remembered(browser: Any, folder: Path) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    page.locator("summary", has_text="BibTeX").click()
    page.locator("[data-copy=c-bibtex]").click()
    page.wait_for_function("document.querySelector('[data-copy=c-bibtex]').textContent == 'Đã chép'")
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{bao-nhan-dan-2023")
    page.locator(".theme").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    context.close()


def test_the_style_survives_forced_colours_print_and_reduced_motion(browser: Any, folder: Path) -> None:
    context = browser.new_context(forced_colors="active", reduced_motion="reduce")
    page = context.new_page()
    page.goto((folder / "articles/2023/03/hai-quan-101aa.html").as_uri())
    chosen = page.locator("label", has=page.locator("#v-clean")).evaluate("e => getComputedStyle(e).forcedColorAdjust")
    assert chosen == "none"
    page.emulate_media(media="print")
    assert not page.locator(".nav").is_visible() and not page.locator("#v-clean").is_visible()
    assert page.locator(".body").is_visible() and page.locator("h1").is_visible()
    context.close()


def test_the_nu_checker_finds_no_error(folder: Path) -> None:
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    paths = [str(path) for path in kinds(folder)]
    done = subprocess.run(["java", "-jar", str(jar), "--errors-only", *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_html_validate_finds_no_error(folder: Path) -> None:
    rules = {"extends": ["html-validate:recommended", "html-validate:a11y"], "root": True,
             "rules": {"aria-label-misuse": ["error", {"allowAnyNamable": True}]}}
    (folder / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    script = MODULES / "html-validate" / "bin" / "html-validate.mjs"
    command = ["node", str(script), "--config", str(folder / "rules.json"), *(str(path) for path in kinds(folder))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout
