"""The site while one works on it, over real HTTP and once in a browser."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from dateline import serve
from dateline.cli import main

pytestmark = pytest.mark.slow

STORY = (
    "Nghệ An trao học bổng cho học sinh vượt khó\n\n12/09/2024 08:30\n\n"
    "Sáng 12/9/2024, Hội Khuyến học tỉnh Nghệ An trao 120 suất học bổng cho học sinh nghèo vượt khó của huyện Kỳ Sơn.\n"
)


class Running:
    """A project that is being served, and what was told."""

    def __init__(self, root: Path) -> None:
        self.root, self.told, self.stop = root, [], threading.Event()
        self.thread = threading.Thread(target=serve.run, args=(root, 0, self.told.append, self.stop), kwargs={"jobs": 1})
        self.thread.start()
        wait(lambda: self.told)
        self.address = re.search(r"http://\S+/", self.told[0])[0]

    def get(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
        link = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            link.request(method, path)
            answer = link.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            link.close()

    def news(self, after: int = -1) -> dict[str, object]:
        return json.loads(self.get(f"/-/events?after={after}")[2])

    def until(self, condition: Callable[[dict[str, object]], bool]) -> dict[str, object]:
        news = self.news()
        while not condition(news):
            news = self.news(news["turn"])
        return news


def wait(condition: Callable[[], object], seconds: float = 60) -> None:
    until = monotonic() + seconds
    while not condition():
        assert monotonic() < until, "waited in vain"
        sleep(0.05)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("served")
    (root / "seeds").mkdir()
    (root / "seeds" / "a.txt").write_text(STORY, encoding="utf-8")
    one = Running(root)
    one.until(lambda news: news["built"] == 1)
    yield one
    one.stop.set()
    one.thread.join(60)
    assert not one.thread.is_alive()


def test_pages_are_sent_with_their_type_and_without_caching(running):
    for path, kind in (("/", "text/html; charset=utf-8"), ("/data/articles.jsonl", "application/jsonl; charset=utf-8"),
                       ("/robots.txt", "text/plain; charset=utf-8"), ("/provinces/", "text/html; charset=utf-8")):
        status, headers, body = running.get(path)
        assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, kind, "no-store") and body
    style = re.search(r'href="(assets/style[^"]+)"', running.get("/")[2])[1]
    assert running.get(f"/{style}")[1]["Content-Type"] == "text/css; charset=utf-8"


def test_the_script_is_in_what_is_sent_and_in_no_file(running):
    assert re.search(r'<script src="/-/reload\.js\?built=\d+"></script></body>', running.get("/index.html")[2])
    files = [path for path in (running.root / "site").rglob("*.html") if "/-/reload.js" in path.read_text("utf-8")]
    assert files == [] and "fetch(" in running.get("/-/reload.js")[2]


def test_an_address_that_is_not_there_gets_the_sites_own_page(running):
    status, _, body = running.get("/tinh/mat.html")
    assert status == 404 and "<h1>" in body


@pytest.mark.parametrize("path", ["/../dateline.yml", "/..%2f..%2fetc/passwd", "/%2e%2e/seeds/a.txt", "/a%00b", "//etc/passwd"])
def test_nothing_outside_the_site_is_sent(running, path):
    assert running.get(path)[0] == 404


def test_head_sends_no_body(running):
    status, headers, body = running.get("/", "HEAD")
    assert status == 200 and int(headers["Content-Length"]) > 1000 and body == ""


def test_a_new_document_is_built_and_told(running):
    before = running.news()
    (running.root / "seeds" / "b.txt").write_text(STORY.replace("Nghệ An", "Sơn La"), encoding="utf-8")
    running.until(lambda news: news["built"] > before["built"])
    assert "Sơn La" in running.get("/data/articles.jsonl")[2]
    assert any(line.startswith("changed") and line.endswith("b.txt") for line in running.told)


def test_an_error_is_shown_and_goes_away_when_mended(running):
    path = running.root / "dateline.yml"
    path.write_text("tittle: Tin\n")
    news = running.until(lambda news: news["error"])
    assert "did you mean" in news["error"] and any("did you mean" in line for line in running.told)
    assert running.get("/")[0] == 200          # the site stays as it was
    path.write_text("title: Tin quê nhà\n")
    running.until(lambda news: not news["error"])
    assert "Tin quê nhà" in running.get("/")[2]
    path.unlink()
    running.until(lambda news: news["turn"] > 0 and "Tin quê nhà" not in running.get("/")[2])


def test_it_does_not_build_again_when_nothing_has_changed(running):
    news = running.news()
    sleep(1.5)
    assert running.news()["turn"] == news["turn"]


def test_a_first_build_that_fails_shows_its_error(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "dateline.yml").write_text("tittle: Tin\n")
    one = Running(tmp_path)
    try:
        one.until(lambda news: news["error"])
        assert "unknown key" in one.get("/bat-ky.html")[2]
    finally:
        one.stop.set()
        one.thread.join(60)


def test_a_port_that_is_taken_is_told_with_another(running, tmp_path):
    port = urlsplit(running.address).port
    result = CliRunner().invoke(main, ["serve", "--root", str(tmp_path), "--port", str(port)])
    assert result.exit_code == 2 and f"--port {port + 1}" in result.output


@pytest.mark.browser
def test_the_browser_shows_the_error_and_reloads_by_itself(running, browser):
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    try:
        page.goto(running.address)
        settings = running.root / "dateline.yml"
        settings.write_text("tittle: Tin\n")
        page.wait_for_selector("#dateline-error", timeout=30_000)
        assert "did you mean" in page.inner_text("#dateline-error")
        settings.write_text("title: Tin vừa sửa\n")
        page.get_by_text("Tin vừa sửa").first.wait_for(timeout=30_000)
        assert page.query_selector("#dateline-error") is None and refused == []
    finally:
        page.close()
