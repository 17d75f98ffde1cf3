"""How much a reader has to load, compressed as a good host sends it (brotli, quality 11), and in how many requests."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

KB = 1024
_WEIGH = """
const zlib = require("zlib"), parts = JSON.parse(require("fs").readFileSync(0));
const quality = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11 } };
console.log(JSON.stringify(parts.map((part) => zlib.brotliCompressSync(Buffer.from(part), quality).length)));
"""


def weighed(*parts: str) -> list[int]:
    """Bytes of each text after brotli, which Node has and Python has not."""
    done = subprocess.run(["node", "-e", _WEIGH], input=json.dumps(parts), capture_output=True, text=True, check=True)
    found: list[int] = json.loads(done.stdout)
    return found


def asset(site: Path, pattern: str) -> str:
    (path,) = (site / "assets").glob(pattern)
    return path.read_text("utf-8")


def without_text(html: str) -> str:
    """An article's page without its clean and raw text, which are as long as the article is."""
    bare = re.sub(r'(<div class="body"[^>]*>).*?(</div>)', r"\1\2", html, flags=re.S)
    return re.sub(r'(<ol class="raw"[^>]*>).*?(</ol>)', r"\1\2", bare, flags=re.S)


def test_the_style_sheet_and_the_script_stay_small(site: Path) -> None:
    style, script = weighed(asset(site, "style.*.css"), asset(site, "app.*.js"))
    assert style <= 5.5 * KB and script <= KB


def test_a_page_is_small_without_its_text(site: Path) -> None:
    articles = sorted((site / "articles").rglob("*.html"))
    pages = [(site / "index.html").read_text("utf-8"), *(without_text(path.read_text("utf-8")) for path in articles)]
    home, *rest = weighed(*pages)
    assert home <= 8 * KB
    assert {path.name: n for path, n in zip(articles, rest, strict=True) if n > 6 * KB} == {}


@pytest.mark.parametrize("kind", ["index.html", "provinces/*.html", "articles/2*/*/*.html"])
def test_a_first_view_takes_few_requests_and_bytes(browser: Any, site: Path, kind: str) -> None:
    path = next(path for path in sorted(site.glob(kind)) if kind == "index.html" or path.name != "index.html")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: None if request.url.startswith("data:") else asked.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    page.close()
    files = [Path(url.removeprefix("file://")) for url in dict.fromkeys(asked)]
    fonts = sum(file.stat().st_size for file in files if file.suffix == ".woff2")
    rest = sum(weighed(*(file.read_text("utf-8") for file in files if file.suffix != ".woff2")))
    assert len(files) <= 5, files
    assert rest <= 15 * KB and rest + fonts <= 80 * KB
