"""Lighthouse (mobile) on the home page, a listing and an article of the built site: `make lighthouse`.

Serves site/ with gzip on this machine, as any host would, and prints the four scores and three timings of each page.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMINGS = (("largest-contentful-paint", "LCP ms"), ("total-blocking-time", "TBT ms"), ("cumulative-layout-shift", "CLS"))


def main(site: Path, tools: Path) -> None:
    pages = ("index.html", _first(site, "provinces/*.html"), _first(site, "articles/2*/*/*.html"))
    print(f"{'page':<60}", *(f"{name:>15}" for name in (*CATEGORIES, *(label for _, label in TIMINGS))))
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in pages:
            audits = _audit(f"http://127.0.0.1:{server.server_address[1]}/{page}", tools)
            scores = [f"{100 * audits['categories'][name]['score']:.0f}" for name in CATEGORIES]
            times = [f"{audits['audits'][key]['numericValue']:.3g}" for key, _ in TIMINGS]
            print(f"{page[:60]:<60}", *(f"{value:>15}" for value in (*scores, *times)), flush=True)
        server.shutdown()


def _first(site: Path, pattern: str) -> str:
    return next(path for path in sorted(site.glob(pattern)) if path.name != "index.html").relative_to(site).as_posix()


def _audit(url: str, tools: Path) -> dict[str, Any]:
    command = ["node", str(tools / "node_modules/lighthouse/cli/index.js"), url, "--quiet", "--output=json", "--output-path=stdout",
               "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking"]
    environment = {**os.environ, "CHROME_PATH": "/usr/bin/chromium"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _handler(site: Path) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = site / self.path.lstrip("/").partition("?")[0]
            if not path.is_file():
                self.send_error(404)
                return
            content = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", guess_type(path.name)[0] or "application/octet-stream")
            if path.suffix in {".html", ".css", ".js", ".json", ".xml", ".txt", ".svg"}:
                content = gzip.compress(content, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            if "assets" in path.parts:
                self.send_header("Cache-Control", "public, max-age=31536000, immutable")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Keep the table clean."""

    return Handler


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "site"), Path(".tools"))
