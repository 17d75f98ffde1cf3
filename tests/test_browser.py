"""The built site in a real browser, from the disk and over HTTP below a sub-path."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.browser


@contextmanager
def watched(browser, **options):
    """A page and the list of everything it complained about: console, failed and foreign requests, errors."""
    context = browser.new_context(**options)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1"))
            else heard.append(f"foreign: {request.url}"))
    page.on("response", lambda response: heard.append(f"{response.status}: {response.url}") if response.status >= 400 else None)
    yield page, heard
    context.close()


@pytest.fixture(params=["disk", "http"])
def root(request, site):
    return site.as_uri() + "/" if request.param == "disk" else request.getfixturevalue("server")


def test_from_home_to_an_article_and_back(browser, root):
    with watched(browser) as (page, heard):
        page.goto(root + "index.html")
        link = page.locator("main article h3 a").first
        title = link.inner_text()
        link.click()
        page.wait_for_load_state()
        assert "/articles/" in page.url and page.locator("h1").inner_text() == title
        page.go_back()
        assert page.url.endswith("index.html")
        assert heard == []


def test_every_page_loads_without_a_complaint(browser, site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    with watched(browser) as (page, heard):
        for path in pages:
            page.goto(path.as_uri())
            page.evaluate("document.fonts.ready")       # leaving earlier would cut the font's request off
        assert heard == []


def test_no_page_scrolls_sideways(browser, site):
    """The narrowest screen; test_accessibility has every kind of page at more widths."""
    width = 320
    with watched(browser, viewport={"width": width, "height": 800}) as (page, _):
        for path in sorted(site.rglob("*.html")):
            page.goto(path.as_uri())
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path.relative_to(site)} is {wide} px wide at {width}"


def test_everything_can_be_read_without_javascript(browser, site):
    with watched(browser, java_script_enabled=False) as (page, _):
        page.goto((site / "index.html").as_uri())
        page.locator("main article h3 a").first.click()
        assert page.locator("article .body p").first.is_visible()
        page.locator("label", has_text="Raw").or_(page.locator("label", has_text="Nguyên văn")).first.click()
        assert page.locator("article .raw li").first.is_visible()
