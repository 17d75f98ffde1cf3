"""A real nginx serves the built site with the settings of docs/publishing.md, as a domain and as a folder of one."""

from __future__ import annotations

import gzip
import http.client
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline import config, pipeline
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

NGINX = Path("/usr/sbin/nginx")
FRAME = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {shown}
}}
"""
HASHED = re.compile(r"assets/[\w.-]+\.[0-9a-f]{8}\.css")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five seeds, compressed, with one article that moved; built twice, so that there is an address to lead on from."""
    root = tmp_path_factory.mktemp("nginx") / "project"
    shutil.copytree(ROOT / "seeds", root / "seeds")
    (root / "dateline.yml").write_text("precompress: true\nsite_url: https://example.org/sub/path/\n", "utf-8")
    pipeline.build(config.load(root), jobs=1)
    article = root / "articles/004_faeadee21973bc80.md"
    article.write_text(article.read_text("utf-8").replace("---\n", "---\nslug: a-new-name\n", 1), "utf-8")
    pipeline.build(config.load(root), jobs=1)
    return root / "site"


@pytest.fixture(scope="module")
def bases(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[int, str]]]:
    """Name → (port, path of the site there)."""
    assert NGINX.exists(), "nginx is missing: run `make publishing`"
    folder = tmp_path_factory.mktemp("run")
    (shown,) = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs/publishing.md").read_text("utf-8"), re.S)
    ports = [free_port(), free_port()]
    given = iter(ports)
    shown = re.sub(r"listen 80;", lambda _: f"listen 127.0.0.1:{next(given)};", shown.replace("/srv/www/site", str(site)))
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, shown=shown), "utf-8")
    with subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE) as running:
        try:
            _answers(running, ports)
            yield {"/": (ports[0], "/"), "/sub/path/": (ports[1], "/sub/path/")}
        finally:
            running.terminate()


def _answers(running: subprocess.Popen[bytes], ports: list[int]) -> None:
    for port in ports:
        for _ in range(200):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, running.stderr.read().decode() if running.stderr else ""
            time.sleep(0.05)
        else:
            pytest.fail(f"nginx does not answer on {port}")


@pytest.fixture(params=["/", "/sub/path/"])
def ask(request: pytest.FixtureRequest, bases: dict[str, tuple[int, str]]) -> object:
    """Asks for a path of the site: status, headers in lower case, body."""
    port, base = bases[request.param]

    def asked(path: str, packed: bool = False) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", base + path, headers={"Accept-Encoding": "gzip"} if packed else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    return asked


def test_pages_come_as_they_were_made(ask, site):
    for path in ("index.html", "vi/provinces/index.html", "search.html"):
        status, headers, body = ask(path)
        assert (status, body) == (200, (site / path).read_bytes())
        assert headers["content-type"] == "text/html; charset=utf-8" and headers["cache-control"] == "no-cache"
        assert headers["x-content-type-options"] == "nosniff" and "frame-ancestors" in headers["content-security-policy"]


def test_a_folder_gives_its_index_and_one_without_a_slash_leads_there(ask, site):
    assert ask("")[2] == ask("index.html")[2] == (site / "index.html").read_bytes()
    status, headers, _ = ask("provinces")
    assert status == 301 and headers["location"].endswith("/provinces/")
    assert ask("provinces/")[2] == (site / "provinces/index.html").read_bytes()


def test_what_is_not_there_gets_our_page_at_any_depth(ask, site):
    for path in ("nothing.html", "articles/2031/01/nothing-00000000.html", "a/b/c/d/e"):
        status, headers, body = ask(path)
        assert (status, body) == (404, (site / "404.html").read_bytes()), path
        assert headers["content-type"].startswith("text/html")
    text = (site / "404.html").read_text("utf-8")
    assert all(link.startswith("https://example.org/") for link in re.findall(r'(?:href|src)="([^"]+)"', text))


def test_a_page_that_moved_leads_on(ask, site):
    (old,) = (path for path in (site / "articles").rglob("*.html") if 'http-equiv="refresh"' in path.read_text("utf-8"))
    status, _, body = ask(old.relative_to(site).as_posix())
    target = re.search(r"url=([^\"]+)", body.decode())
    assert status == 200 and target and "a-new-name" in target[1]
    landed = (old.parent / target[1]).resolve().relative_to(site.resolve()).as_posix()
    assert ask(landed)[0] == 200


def test_the_twin_is_sent_to_who_takes_it(ask, site):
    for path in ("index.html", "data/articles.jsonl", "sitemap.xml", HASHED.search((site / "index.html").read_text("utf-8"))[0]):
        _, headers, body = ask(path, packed=True)
        assert headers["content-encoding"] == "gzip" and body == (site / f"{path}.gz").read_bytes()
        assert gzip.decompress(body) == ask(path)[2] == (site / path).read_bytes()
        assert "content-encoding" not in ask(path)[1]


@pytest.mark.parametrize("pattern, kind", [
    ("data/articles.jsonl", "application/jsonl; charset=utf-8"), ("data/articles.csv", "text/csv; charset=utf-8"),
    ("raw/**/*.txt", "text/plain; charset=utf-8"), ("data/datapackage.json", "application/json; charset=utf-8"),
    ("assets/*.css", "text/css; charset=utf-8"), ("assets/*.js", "application/javascript; charset=utf-8"), ("assets/*.woff2", "font/woff2"),
    ("sitemap.xml", "text/xml; charset=utf-8"), ("search/all.js", "application/javascript; charset=utf-8"),
])
def test_every_kind_of_file_says_what_it_is(ask, site, pattern, kind):
    path = sorted(site.glob(pattern))[0].relative_to(site).as_posix()
    assert ask(path)[1]["content-type"] == kind


def test_only_what_carries_its_hash_is_kept_for_ever(ask, site):
    for path in sorted((site / "assets").iterdir()):
        if path.suffix != ".gz":
            assert ask(f"assets/{path.name}")[1]["cache-control"] == "public, max-age=31536000, immutable", path.name
    assert ask("search/all.js")[1]["cache-control"] == "no-cache"


def test_our_own_notes_are_not_shown(ask):
    assert ask(".dateline-site")[0] == 404


@pytest.mark.browser
@pytest.mark.parametrize("base", ["/", "/sub/path/"])
def test_a_browser_finds_everything_it_asks_for(browser, bases, base):
    port, path = bases[base]
    page = browser.new_page()
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    page.goto(f"http://127.0.0.1:{port}{path}search.html?q=h%E1%BB%8Dc")
    page.wait_for_selector("#search-app a[href*='articles/']")
    page.locator("#search-app a[href*='articles/']").first.click()
    page.wait_for_selector("article h1")
    assert failed == []
    page.close()
