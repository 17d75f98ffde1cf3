"""What several test files share: the built site of the five seeds, a browser, a server."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from dateline import config, pipeline
from tests import projects

settings.register_profile("suite", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("torture", deadline=None, max_examples=5000)
settings.load_profile("suite")

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the five seeds, built once per worker."""
    folder = tmp_path_factory.mktemp("project")
    chosen = config.load(folder, seeds=str(ROOT / "seeds"), site_url="https://example.org/news/")
    pipeline.build(chosen, jobs=1)
    return folder / "site"


@pytest.fixture
def knowledge_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds of this test read data/ again only when a file of it has changed."""
    projects.read_knowledge_once(monkeypatch)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium. A missing one is an error, never a skip.

    Close what a test opened as a whole: the page of `browser.new_page()`, or the context. A page of a context that is closed alone while
    it goes to another page may never close (microsoft/playwright#41900): of 401 such closings after a sent form 3 waited for ever, of 1,800
    of the context none.
    """
    from playwright.sync_api import sync_playwright

    assert Path(CHROMIUM).exists(), "chromium is missing: run `make browser`"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def server(site: Path) -> Iterator[str]:
    """The site over HTTP below /sub/path/; gives the address of its root."""
    handler = functools.partial(_SubPath, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/sub/path/"
        running.shutdown()


class _SubPath(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/sub/path"))

    def log_message(self, *_: Any) -> None:
        """Keep the test output clean."""
