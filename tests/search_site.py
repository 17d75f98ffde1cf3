"""A site of nothing but search, for the tests: documents in, a folder to open in a browser out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import yaml

from dateline import search, search_scripts, search_terms

ROOT = Path(__file__).parent.parent
RULES = search_terms.load([ROOT / "data"])
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self' file:; base-uri 'none'"
)
SCRIPTS = ("search-engine.js", "search.js", "concordance.js", "highlight.js")


def strings(language: str) -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load((ROOT / f"tests/search/strings-{language}.yml").read_text("utf-8"))["search"]
    return found


def document(number: int, title: str, text: str = "", **more: object) -> search.SearchDocument:
    """A document with a date that follows its number, so that numbers are the order of the index."""
    values: dict[str, object] = {"id": f"{number:05d}", "date": f"2020-01-{number + 1:02d}", "language": "vi"}
    values["url"] = f"articles/{number}.html"
    return search.SearchDocument(title=title, text=text, **{**values, **more})  # type: ignore[arg-type]


def write(
    folder: Path,
    documents: Iterable[search.SearchDocument],
    labels: search.Labels | None = None,
    policy: str = POLICY,
    small: int = search.SMALL,
    roomy: int = 1,
) -> Path:
    """Write the index, the scripts, an article page each and search.html; gives the address of search.html's file."""
    found = sorted(documents, key=lambda document: search.order(document.date, document.id))
    for output in search.outputs(found, labels or {}, RULES, small=small, roomy=roomy):
        path = folder / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.content)
    (folder / "assets").mkdir(exist_ok=True)
    for name in SCRIPTS:
        source = ROOT / "assets" / name
        if source.exists():
            (folder / "assets" / name).write_text(search_scripts.publish(source.read_text("utf-8"), RULES), "utf-8")
    style = ROOT / "assets/search.css"
    (folder / "assets/search.css").write_text(style.read_text("utf-8") if style.exists() else "", "utf-8")
    for one in found[:400]:
        path = folder / one.url
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(one, policy), "utf-8")
    entry = "search/all.js" if len(found) <= small else "search/m.js"
    for language in ("en", "vi"):
        below = folder if language == "en" else folder / language
        below.mkdir(exist_ok=True)
        root = "" if language == "en" else "../"
        for kind in ("search", "concordance"):
            path = below / f"{kind}.html"
            path.write_text(page(kind, language, root, entry, strings(language), policy), "utf-8")
    return folder / "search.html"


def article(entry: search.SearchDocument, policy: str) -> str:
    body = "".join(f"<p>{escape(line)}</p>" for line in entry.text.split("\n"))
    return f"""<!doctype html><html lang="{entry.language}"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{escape(entry.title)}</title>
<main><article><h1>{escape(entry.title)}</h1>{body}</article></main>
<script src="../assets/highlight.js" data-engine="../assets/search-engine.js" defer></script></html>"""


def page(kind: str, language: str, root: str, entry: str, words: Mapping[str, str], policy: str) -> str:
    table = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    name = "label" if kind == "search" else "kwic_label"
    scripts = SCRIPTS[:2] if kind == "search" else SCRIPTS[:3]
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(words["label"])}</title><link rel="stylesheet" href="{root}assets/search.css"></head>
<body><main><h1>{escape(words[name])}</h1>
<div id="{kind}-app" data-index="{root}{entry}" data-root="{root}" data-concordance="concordance.html">
<form method="get" action="{kind}.html" role="search"><label for="q">{escape(words[name])}</label>
<input id="q" name="q" type="search"> <button type="submit">{escape(words["submit"])}</button></form>
<noscript><p><a href="{root}provinces/index.html">Provinces</a></p></noscript></div></main>
<script type="application/json" id="search-strings">{table}</script>
{"".join(f'<script src="{root}assets/{name}" defer></script>' for name in scripts)}
</body></html>"""
