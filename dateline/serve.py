"""The site while one works on it: built, served on 127.0.0.1, built again when something changes, reloaded in the browser.

in:   a project's folder
out:  a running server; `tell` gets one line for each thing a person should know

Sources are watched by looking at their times and sizes, so that it works on every disk. The page is reloaded by a script
that only the server adds to what it sends: no file of the site has it. It comes from the same origin (/-/reload.js), so
the pages' security policy lets it run.
"""

from __future__ import annotations

import json
import os
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from dateline import config, pipeline
from dateline.config import Config
from dateline.errors import DatelineError
from dateline.model import Problem
from dateline.webtypes import content_type

WATCHED = ("data", "templates", "assets")
"""Folders of a project beside seeds and articles."""
INTERVAL = 0.5
"""Seconds between two looks; longer when a look itself takes long."""
POLL = 20.0
"""Seconds a page waits for news before it asks again."""
Times = dict[str, tuple[int, int]]

RELOAD = """\
(() => {
  const built = Number(new URL(document.currentScript.src).searchParams.get("built"));
  let box = null;
  const show = (text) => {
    if (!text) { if (box) box.remove(); box = null; return; }
    if (!box) {
      box = document.createElement("pre");
      box.id = "dateline-error";
      box.setAttribute("role", "alert");
      Object.assign(box.style, {position: "fixed", inset: "auto 0 0 0", zIndex: 2147483647, margin: "0", padding: "1rem 1.5rem",
        maxHeight: "60vh", overflow: "auto", background: "#7a1310", color: "#fff", font: "14px/1.5 monospace",
        whiteSpace: "pre-wrap"});
      document.body.append(box);
    }
    box.textContent = text;
  };
  const ask = async (after) => {
    try {
      const answer = await (await fetch("/-/events?after=" + after, {cache: "no-store"})).json();
      if (answer.built !== built) { location.reload(); return; }
      show(answer.error);
      ask(answer.turn);
    } catch (error) { setTimeout(() => ask(-1), 1000); }
  };
  ask(-1);
})();
"""


@dataclass(slots=True)
class State:
    """What pages are told: how often the site was built, and what is wrong now."""

    turn: int = 0
    built: int = 0
    error: str = ""
    changed: threading.Condition = field(default_factory=threading.Condition)

    def set(self, *, error: str) -> None:
        with self.changed:
            self.turn += 1
            self.built += not error
            self.error = error
            self.changed.notify_all()

    def wait(self, after: int, seconds: float) -> dict[str, Any]:
        """What is so now; waits up to `seconds` for something newer than turn `after`."""
        with self.changed:
            self.changed.wait_for(lambda: self.turn > after, seconds)
            return {"turn": self.turn, "built": self.built, "error": self.error}


def run(root: Path, port: int, tell: Callable[[str], None], stop: threading.Event, *, jobs: int | None = None) -> None:
    """Build, serve and watch until `stop` is set. Raises DatelineError when the port cannot be had."""
    preview = Preview(root, tell, jobs)
    with preview.serving(port) as address:
        tell(f"serving  {address}   (Ctrl-C ends)")
        preview.build()
        while not stop.wait(preview.pause):
            preview.look()


@dataclass(slots=True)
class Preview:
    """One project that is watched and served."""

    root: Path
    tell: Callable[[str], None]
    jobs: int | None = None
    state: State = field(default_factory=State)
    seen: Times = field(default_factory=dict)
    pause: float = INTERVAL
    settings: Config = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Config(self.root)

    def look(self) -> None:
        """Build again when a source is not as it was."""
        began = monotonic()
        now = times(self.settings)
        self.pause = max(INTERVAL, 10 * (monotonic() - began))
        if now != self.seen:
            for path in _differing(self.seen, now)[:3]:
                self.tell(f"changed  {path}")
            self.build()

    def build(self) -> None:
        """Build; what is wrong is told and shown, and the site stays as it was. A build may write articles/: look again."""
        for _ in range(2):
            self.seen = times(self.settings)
            error = self._build()
            if times(self.settings) == self.seen:
                break
        if error != self.state.error or not error:
            self.tell(f"error    {error}" if error else "built")
        self.state.set(error=error)

    def _build(self) -> str:
        """What is wrong, "" when nothing is."""
        try:
            self.settings = config.load(self.root)
            report = pipeline.build(self.settings, jobs=self.jobs)
        except DatelineError as error:
            return "\n".join(str(problem) for problem in error.problems)
        except Exception:                        # a mistake of ours: shown whole, and the server lives on
            return traceback.format_exc()
        for problem in report.problems[:20]:
            if problem.severity != "note":
                self.tell(f"{problem.severity:<8} {problem}")
        return ""

    @contextmanager
    def serving(self, port: int) -> Iterator[str]:
        """Serve in threads of its own; gives the address."""
        preview = self

        class Handler(_Handler):
            def __init__(self, *arguments: Any) -> None:
                self.preview = preview
                super().__init__(*arguments)

        try:
            server = _Server(("127.0.0.1", port), Handler)
        except OSError as error:
            hint = f"another program has it; try  dateline serve --port {port + 1}"
            raise DatelineError(Problem("", None, f"port {port} cannot be had: {error.strerror}", hint)) from error
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


# -- what is watched ----------------------------------------------------------------------------------------------------
def times(settings: Config) -> Times:
    """Path → time and size of every source of the site."""
    found: Times = {}
    folders = [settings.seeds_dir, settings.articles_dir, *(settings.root / name for name in WATCHED)]
    stack = [str(folder) for folder in dict.fromkeys(folders)]
    while stack:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        stack.append(entry.path)
                    elif not entry.name.endswith((".tmp", "~", ".swp")):
                        state = entry.stat()
                        found[entry.path] = (state.st_mtime_ns, state.st_size)
        except OSError:                          # gone between two looks: the next one sees it
            continue
    path = settings.root / "dateline.yml"
    with suppress(FileNotFoundError):
        state = path.stat()
        found[str(path)] = (state.st_mtime_ns, state.st_size)
    return found


def _differing(before: Times, now: Times) -> list[str]:
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


# -- what is sent -------------------------------------------------------------------------------------------------------
class _Handler(BaseHTTPRequestHandler):
    preview: Preview
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/-/events":
            after = parse_qs(parts.query).get("after", ["-1"])[0]
            news = self.preview.state.wait(int(after) if after.lstrip("-").isdigit() else -1, POLL)
            self.answer(HTTPStatus.OK, "application/json", json.dumps(news, ensure_ascii=False).encode())
        elif parts.path == "/-/reload.js":
            self.answer(HTTPStatus.OK, "text/javascript; charset=utf-8", RELOAD.encode())
        else:
            self.file(unquote(parts.path).lstrip("/"))

    do_HEAD = do_GET

    def file(self, path: str) -> None:
        site = self.preview.settings.output_dir
        if not path or path.endswith("/"):
            path += "index.html"
        status, content = HTTPStatus.OK, _read(site, path)
        if content is None and self.preview.state.built == 0 and _read(site, "index.html") is None:
            path, content = "wait.html", _waiting(self.preview.state.error)
        elif content is None:
            status, path, content = HTTPStatus.NOT_FOUND, "404.html", _read(site, "404.html") or b"<!DOCTYPE html><p>404</p>"
        if path.endswith(".html"):
            content = _with_script(content, self.preview.state.built)
        self.answer(status, content_type(path), content)

    def answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True         # the reader has gone on to another page

    def log_message(self, *_: Any) -> None:
        """The terminal is for what matters."""


def _read(site: Path, path: str) -> bytes | None:
    """A file of the site, None when there is none; never one outside."""
    place = site / path
    if "\0" in path or ".." in path.split("/") or place.is_dir():
        return None
    try:
        return place.read_bytes()
    except OSError:
        return None


def _with_script(content: bytes, built: int) -> bytes:
    script = f'<script src="/-/reload.js?built={built}"></script>'.encode()
    head, end, tail = content.rpartition(b"</body>")
    return head + script + end + tail if end else content + script


def _waiting(error: str) -> bytes:
    """What stands in the place of every page until there is a site."""
    said = f'<pre id="first-error">{escape(error)}</pre>' if error else "<p>The site is being built …</p>"
    head = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>dateline</title></head>'
    return f"{head}<body>{said}</body></html>".encode()
