"""Settings that hosts read from the site itself: _headers and _redirects (Netlify, Cloudflare Pages; GitLab the latter)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote, urlsplit

from dateline.config import Config
from dateline.model import Output
from dateline.webtypes import FOREVER

REDIRECTS = 1_000
"""GitLab Pages reads no more; the pages that stand at old addresses do the rest."""


def outputs(aliases: Iterable[tuple[str, str]], config: Config) -> Iterator[Output]:
    """The two files; `aliases` are old path, new path."""
    base = urlsplit(config.site_url).path.strip("/")
    prefix = f"/{base}/" if base else "/"
    yield Output("_headers", headers(prefix).encode())
    moved = sorted(pair for pair in set(aliases) if "#" not in pair[0])[:REDIRECTS]     # a server is not told the anchor
    if moved:
        yield Output("_redirects", "".join(f"{prefix}{quote(old)} {prefix}{quote(new, safe='/#')} 301\n" for old, new in moved).encode())


def headers(prefix: str = "/") -> str:
    """What every page is sent with, and that hashed assets may be kept for ever."""
    return (
        f"{prefix}*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n"
        f"  Content-Security-Policy: frame-ancestors 'self'\n\n{prefix}assets/*\n  Cache-Control: {FOREVER}\n"
    )
