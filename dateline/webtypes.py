"""What a server says of a file: its type, and how long it may be kept. For `serve`, buckets and _headers alike."""

from __future__ import annotations

import re

_TYPES = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "json": "application/json", "jsonl": "application/jsonl; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8", "xml": "application/xml", "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg",
    "ico": "image/x-icon", "woff2": "font/woff2", "cff": "application/yaml", "md": "text/markdown; charset=utf-8",
    "webmanifest": "application/manifest+json", "gz": "application/gzip", "br": "application/octet-stream",
}
_PLAIN = frozenset({"SHA256SUMS", "_headers", "_redirects"})
_HASHED = re.compile(r"assets/.+\.[0-9a-f]{8}\.[a-z0-9]+")
FOREVER = "public, max-age=31536000, immutable"


def content_type(path: str) -> str:
    """The media type of a file of a site.

    >>> content_type("data/articles.jsonl"), content_type("assets/x.woff2"), content_type("x.unknown")
    ('application/jsonl; charset=utf-8', 'font/woff2', 'application/octet-stream')
    """
    name = path.rpartition("/")[2]
    if name in _PLAIN:
        return "text/plain; charset=utf-8"
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def cache_control(path: str) -> str:
    """A file whose name carries its content's hash may be kept for ever; everything else is asked for again.

    >>> cache_control("assets/style.ff3efeb7.css"), cache_control("index.html")
    ('public, max-age=31536000, immutable', 'no-cache')
    """
    return FOREVER if _HASHED.fullmatch(path) else "no-cache"
