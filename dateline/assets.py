"""assets/ → Outputs under names that carry their content's hash, so that browsers may keep them for ever.

Style sheets name fonts by their plain names; the hashed name is put in. A site's own assets/ is laid over the shipped one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from dateline import search_scripts, search_terms
from dateline.config import Config
from dateline.model import Output
from dateline.search_terms import Rules

_URL = re.compile(rb"url\(([A-Za-z0-9._-]+)\)")
_COMMENT = re.compile(rb"/\*[^*]*(?:\*(?!/)[^*]*)*\*/")
_INDENT = re.compile(rb"\n\s*")
_FACES = re.compile(rb"@font-face\{[^}]*\}")
SEARCH = frozenset({"search-engine.js", "search.js", "concordance.js", "highlight.js"})
"""Written short for readers, with the rules of search in them."""
INLINE = frozenset({"theme.js", "404.css", "404.js", "left.js"})
"""Written into the page itself; their hash is in its security policy."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The files to be published and the name each has there."""

    outputs: tuple[Output, ...]
    paths: Mapping[str, str]
    """Plain name → path from the site's root."""
    inline: Mapping[str, str]
    """Plain name → text."""

    def named(self) -> Assets:
        """What a page needs: names, without the files."""
        return replace(self, outputs=())


def load(config: Config, shorten: Callable[[str, Rules], str] = search_scripts.publish) -> Assets:
    """Read the layers of assets/, fonts first, since style sheets name them. `shorten` is for a caller that keeps what
    `search_scripts.publish` has made of a script."""
    files: dict[str, Path] = {}
    for folder in config.layers("assets"):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                files[path.name] = path
    rules = search_terms.load(list(config.layers("data")))
    wanted = [name for name in sorted(files, key=lambda name: (name.endswith(".css"), name)) if _wanted(name, config)]
    paths: dict[str, str] = {}
    outputs: list[Output] = []
    inline: dict[str, str] = {}
    for name in wanted:
        content = files[name].read_bytes()
        if name.endswith(".css"):
            content = _style(content, paths, config)
        if name in SEARCH:
            content = shorten(content.decode("utf-8"), rules).encode()
        if name in INLINE:
            inline[name] = content.decode("utf-8").strip()
            continue
        paths[name] = hashed(name, content)
        outputs.append(Output(paths[name], content))
    return Assets(tuple(outputs), paths, inline)


def _wanted(name: str, config: Config) -> bool:
    return config.fonts != "none" or not name.endswith((".woff2", ".woff", "-OFL.txt"))


def hashed(name: str, content: bytes) -> str:
    """ "style.css" → "assets/style.d5740180.css"."""
    stem, dot, suffix = name.rpartition(".")
    return f"assets/{stem}.{sha256(content).hexdigest()[:8]}{dot}{suffix}"


def _style(content: bytes, paths: Mapping[str, str], config: Config) -> bytes:
    """A style sheet without comments and indents, with the fonts' published names."""
    content = _INDENT.sub(b"\n", _COMMENT.sub(b"", content)).strip() + b"\n"
    if config.fonts == "none":
        content = _FACES.sub(b"", content)

    def named(match: re.Match[bytes]) -> bytes:
        path = paths.get(match[1].decode())
        return b"url(" + path.rpartition("/")[2].encode() + b")" if path else match[0]

    return _URL.sub(named, content)
