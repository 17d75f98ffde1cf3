"""Page → Output: Jinja2 lays out a view.

Autoescape is on and undefined names fail. Templates are looked for in the site's own templates/, then in the shipped one;
`default/<name>` is always the shipped one, so that a site's article.html can say {% extends "default/article.html" %}.
A template gets `page` (its view), and

    t(key, **values)   a text in the page's language          href(path)    a relative link, so the site opens from a disk
    asset(name)        the link to an asset, "" without one   card(view)    an article in a list, rendered once and reused
    inline(name)       an asset's text, for the page itself   hash_of(name) its hash for the security policy
    clean_text, raw_text, written                             see `bodies`
    ld(data)           JSON-LD that cannot end its <script>
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import blake2b, sha256
from json import dumps
from typing import Any
from urllib.parse import quote

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template
from jinja2 import meta as jinja_meta
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from dateline import assets as asset_files
from dateline import bodies
from dateline.config import Config
from dateline.errors import KnowledgeError
from dateline.model import Output, Page, Problem
from dateline.strings import Strings

_ROOT = "\x00/"
"""Stands for the way to the site's root in a fragment that is kept for several pages."""


def assets(config: Config) -> Iterator[Output]:
    """Style sheet, scripts and fonts under their published names."""
    yield from asset_files.load(config).outputs


class Renderer:
    """Holds the compiled templates; `render` has no other state but fragments already rendered."""

    def __init__(self, config: Config, strings: Strings) -> None:
        self.strings = strings
        self.assets = asset_files.load(config)
        shipped, *own = config.layers("templates")
        layers: list[BaseLoader] = [FileSystemLoader(folder) for folder in reversed(own)]
        base = FileSystemLoader(shipped)
        self.environment = Environment(
            loader=ChoiceLoader([*layers, base, PrefixLoader({"default": base})]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False,
        )
        self.environment.globals.update(
            clean_text=bodies.clean_text, raw_text=bodies.raw_text, written=bodies.written, ld=ld,
            inline=self._inline, hash_of=self._hash_of,
        )
        self._cards: dict[tuple[str, str], str] = {}
        self._shared: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._digests: dict[str, str] = {}

    def render(self, page: Page) -> Output:
        """Lay a page out. A template with a mistake stops the build: KnowledgeError."""
        template = self._template(page.template)
        shared = self._functions(page.lang, "../" * page.path.count("/"))
        try:
            html = template.render(page=page.view, **shared)
        except TemplateSyntaxError as error:
            raise KnowledgeError(_template_problem(error)) from error
        return Output(page.path, html.encode("utf-8", "replace"))

    def template_digest(self, name: str) -> str:
        """Digest of a template and everything it extends, includes or imports, and of the assets pages name."""
        known = self._digests.get(name)
        if known is None:
            digest = blake2b(digest_size=16)
            for one in sorted(self._closure(name)):
                digest.update(self._source(one).encode())
            for path in sorted((*self.assets.paths.values(), *self.assets.inline.values())):
                digest.update(path.encode())
            known = self._digests[name] = digest.hexdigest()
        return known

    # -- templates ------------------------------------------------------------------------------------------------------
    def _template(self, name: str) -> Template:
        try:
            return self.environment.get_template(name)
        except TemplateSyntaxError as error:
            raise KnowledgeError(_template_problem(error)) from error
        except TemplateNotFound as error:
            raise KnowledgeError(Problem(f"templates/{name}", None, f'template "{error}" is not there', "check the name")) from error

    def _source(self, name: str) -> str:
        if self.environment.loader is None:
            raise TemplateNotFound(name)
        return self.environment.loader.get_source(self.environment, name)[0]

    def _closure(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name, "card.html"]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                tree = self.environment.parse(self._source(one))
                waiting += [other for other in jinja_meta.find_referenced_templates(tree) if other]
        return found

    # -- what templates may call ------------------------------------------------------------------------------------------
    def _functions(self, language: str, root: str) -> Mapping[str, Any]:
        """t, href, asset and card for one language and depth."""
        known = self._shared.get((language, root))
        if known is None:
            known = self._shared[language, root] = self._make_functions(language, root)
        return known

    def _make_functions(self, language: str, root: str) -> Mapping[str, Any]:
        strings, texts, paths = self.strings, self.strings.texts[language], self.assets.paths

        def t(key: str, **values: str | int) -> str:
            return strings.t(language, key, **values) if values else texts[key].other

        def href(path: str) -> str:
            """Relative to the page; a path is quoted but for its fragment."""
            plain, mark, fragment = path.partition("#")
            return f"{root}{quote(plain, safe='/.-_~')}{mark}{fragment}"

        def asset(name: str) -> str:
            return f"{root}{paths[name]}" if name in paths else ""

        def card(view: Mapping[str, Any], level: int = 3) -> Markup:
            return self._card(language, root, view, level)

        return {"t": t, "href": href, "asset": asset, "card": card}

    def _card(self, language: str, root: str, view: Mapping[str, Any], level: int) -> Markup:
        """An article in a list. It stands on some ten lists, so it is rendered once, with a stand-in for the root."""
        key = (f"{language}{level}", view["key"])
        known = self._cards.get(key)
        if known is None:
            functions = self._functions(language, _ROOT)
            known = self._cards[key] = self._template("card.html").render(item=view, level=level, **functions)
        return Markup(known.replace(_ROOT, root))

    def _inline(self, name: str) -> Markup:
        return Markup(self.assets.inline[name])

    def _hash_of(self, name: str) -> str:
        return "sha256-" + b64encode(sha256(self.assets.inline[name].encode()).digest()).decode()


def ld(data: Mapping[str, Any]) -> Markup:
    """JSON for a <script>: no "<" is left that could end it.

    >>> ld({"headline": "</script><script>alert(1)"})
    Markup('{"headline":"\\\\u003c/script>\\\\u003cscript>alert(1)"}')
    """
    return Markup(dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
                  .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _template_problem(error: TemplateSyntaxError) -> Problem:
    return Problem(f"templates/{error.name}", error.lineno, f"cannot be read as a template: {error.message}", "")
