"""Page → Output: Jinja2 lays out a view.

Autoescape is on and undefined names fail. Templates are looked for in the site's own templates/, then in the shipped one;
`default/<name>` is always the shipped one, so that a site's article.html can say {% extends "default/article.html" %}.
A template gets `page` (its view), and

    t(key, **values)   a text in the page's language          href(path)    a relative link, so the site opens from a disk
    asset(name)        the link to an asset, "" without one   card(view)    an article in a list, rendered once and reused
    part(name, page)   a piece of the frame, rendered once    quote_list    a claim's evidence, see `bodies`
    inline(name)       an asset's text, for the page itself   hash_of(name) its hash for the security policy
    clean_text, raw_text, written                             see `bodies`
    ld(data)           JSON-LD that cannot end its <script>
"""

from __future__ import annotations

import re
import traceback
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from json import JSONEncoder
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, Template, nodes
from jinja2 import meta as jinja_meta
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup

from dateline import assets as asset_files
from dateline import bodies
from dateline.assets import Assets
from dateline.config import Config
from dateline.errors import KnowledgeError
from dateline.layout import Layouts, names_in, only_printed, parts_in, shown
from dateline.model import Output, Page, Problem
from dateline.strings import Strings
from dateline.views import EVERYTHING, Reads

_PLAIN = re.compile(r"[A-Za-z0-9./_-]+(?:#[A-Za-z0-9_-]+)?")
CARDS = 20_000
"""Cards as they stand in lists, that are held: 2 KB each."""
FRAGMENTS = ("card.html", "header.html", "footer.html")
"""Templates that others call by name."""
_JSON = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_ROOT = "\x00/"
"""Stands for the way to the site's root in a fragment that is kept for several pages."""
_LEVEL = "\x00h"
"""Stands for the level of a card's heading in the same way."""
_OTHER = "-page.in.language-{}-"
"""Stands for the path of a page in one of the languages, where a piece of the frame is kept for several pages."""
_GAP = re.compile(rf"({_ROOT})?{_OTHER.format('([0-9]+)')}")


@dataclass(frozen=True, slots=True)
class _Woven:
    """A piece of the frame, cut where a page's own paths come in: after each text but the last there is a gap."""

    texts: tuple[str, ...]
    gaps: tuple[tuple[int, bool], ...]
    """(Which language's path, whether it is a link)."""


def _woven(kept: str, root: str) -> _Woven:
    cut = _GAP.split(kept)
    gaps = tuple((int(at), bool(way)) for way, at in zip(cut[1::3], cut[2::3], strict=True))
    return _Woven(tuple(text.replace(_ROOT, root) for text in cut[::3]), gaps)


def assets(config: Config) -> Iterator[Output]:
    """Style sheet, scripts and fonts under their published names."""
    yield from asset_files.load(config).outputs


class Renderer:
    """Holds the compiled templates; `render` has no other state but fragments already rendered."""

    def __init__(self, config: Config, strings: Strings, assets: Assets | None = None) -> None:
        self.strings = strings
        self.assets = assets or asset_files.load(config)
        self._trees: dict[str, nodes.Template] = {}
        self._environments = {language: self._environment(language, config) for language in strings.texts}
        self._kept: dict[tuple[object, ...], str] = {}
        self._cards: dict[tuple[str, str, int | str], bytes] = {}
        self._any_level: bool | None = None
        self._templates: dict[tuple[str, str], Template] = {}
        self._shared: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._digests: dict[str, str] = {}
        self._reads: dict[str, Reads] = {}
        self._references: dict[str, tuple[str | None, ...]] = {}

    def _environment(self, language: str, config: Config) -> Layouts:
        shipped, *own = config.layers("templates")
        layers: list[BaseLoader] = [FileSystemLoader(folder) for folder in reversed(own)]
        base = FileSystemLoader(shipped)
        environment = Layouts(
            loader=ChoiceLoader([*layers, base, PrefixLoader({"default": base})]), cache_size=-1, auto_reload=False,
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )
        environment.texts, environment.trees = self.strings.texts[language], self._trees
        environment.globals.update(
            clean_text=bodies.clean_text, raw_text=bodies.raw_text, written=bodies.written, ld=ld,
            quote_list=bodies.quote_list, meta_tags=bodies.meta_tags, inline=self._inline, hash_of=self._hash_of,
        )
        return environment

    def render(self, page: Page) -> Output:
        """Lay a page out. A template with a mistake stops the build: KnowledgeError."""
        template = self._template(page.template, page.lang)
        shared = self._functions(page.lang, "../" * page.path.count("/"))
        try:
            html = template.render(page=page.view, **shared)
        except TemplateError as error:
            raise KnowledgeError(_problem(error, page.template)) from error
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

    def reads(self, name: str) -> Reads:
        """The fields of views that a template, and everything it extends, includes or imports, may read."""
        known = self._reads.get(name)
        if known is None:
            closure = self._closure(name)
            names = [names_in(self._tree(one)) for one in closure]
            certain = [found for found in names if found is not None]
            whole = len(certain) < len(names) or any(None in self._named_in(one) for one in closure)
            known = self._reads[name] = EVERYTHING if whole else frozenset().union(*certain)
        return known

    # -- templates ------------------------------------------------------------------------------------------------------
    def _template(self, name: str, language: str) -> Template:
        template = self._templates.get((language, name))
        if template is None:
            try:
                template = self._templates[language, name] = self._environments[language].get_template(name)
            except TemplateError as error:
                raise KnowledgeError(_problem(error, name)) from error
            template.globals = dict(template.globals)       # Jinja's ChainMap is copied for every page, slowly
        return template

    def _source(self, name: str) -> str:
        environment = next(iter(self._environments.values()))
        if environment.loader is None:
            raise TemplateNotFound(name)
        return environment.loader.get_source(environment, name)[0]

    def _closure(self, name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name, *FRAGMENTS]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += filter(None, self._named_in(one))
        return found

    def _named_in(self, name: str) -> tuple[str | None, ...]:
        """The templates that one extends, includes, imports or calls as a part; None for one whose name it works out."""
        if name not in self._references:
            tree = self._tree(name)
            self._references[name] = (*jinja_meta.find_referenced_templates(tree), *parts_in(tree))
        return self._references[name]

    def _tree(self, name: str) -> nodes.Template:
        return next(iter(self._environments.values())).parse(self._source(name))

    # -- what templates may call ------------------------------------------------------------------------------------------
    def _functions(self, language: str, root: str) -> Mapping[str, Any]:
        """t, href, asset and card for one language and depth."""
        known = self._shared.get((language, root))
        if known is None:
            known = self._shared[language, root] = self._make_functions(language, root)
        return known

    def _make_functions(self, language: str, root: str) -> Mapping[str, Any]:
        strings, texts, paths = self.strings, self.strings.texts[language], self.assets.paths

        def t(key: str, n: int | None = None, **values: str | int) -> str:
            if values:
                return strings.t(language, key, **values) if n is None else strings.t(language, key, n=n, **values)
            return texts[key].other if n is None else strings.counted(language, key, n)

        @lru_cache(maxsize=16384)                # most pages link to the same provinces, topics and outlets
        def href(path: str) -> str:
            """Relative to the page. What is not plain is quoted, but for the fragment's mark."""
            if _PLAIN.fullmatch(path):
                return root + path
            plain, mark, fragment = path.partition("#")
            return f"{root}{quote(plain, safe='/.-_~')}{mark}{quote(fragment)}"

        def asset(name: str) -> str:
            return f"{root}{paths[name]}" if name in paths else ""

        def card(view: Mapping[str, Any], level: int = 3) -> Markup:
            """An article in a list: it stands on some ten lists."""
            made = self._card(view, level, language).decode("utf-8", "surrogatepass")
            return Markup(made.replace(_LEVEL, str(level)).replace(_ROOT, root))

        parts: dict[tuple[object, ...], _Woven] = {}

        def part(name: str, page: Mapping[str, Any]) -> Markup:
            """A piece of the frame: it stands on every page of a section, but for the links to the other languages."""
            switch = page["switch"]
            key = (name, page["section"], *[(spoken, here) for spoken, _, here in switch])
            known = parts.get(key)
            if known is None:
                known = parts[key] = _woven(self._part(name, language, page), root)
            out = list(known.texts)
            for position, (at, linked) in enumerate(known.gaps):
                path = switch[at][1]
                out[position] += href(path) if linked else shown(path)
            return Markup("".join(out))

        return {"t": t, "href": href, "asset": asset, "card": card, "part": part}

    def _card(self, view: Mapping[str, Any], level: int, language: str) -> bytes:
        """As bytes: they take a third of the memory that the text would."""
        printed = _LEVEL if self._serves_any_level() else level
        key = (language, view["key"], printed)
        kept = self._cards.get(key)
        if kept is None:
            made = self._fragment("card.html", language, item=view, level=printed)
            if len(self._cards) >= CARDS:
                self._cards.clear()
            kept = self._cards[key] = made.encode("utf-8", "surrogatepass")
        return kept

    def _serves_any_level(self) -> bool:
        """Whether a card can be rendered once for headings of all levels: its template only prints the level."""
        if self._any_level is None:
            closure = self._closure("card.html")
            known = not any(None in self._named_in(one) for one in closure)
            self._any_level = known and all(only_printed(self._tree(one), "level") for one in closure)
        return self._any_level

    def _part(self, name: str, language: str, page: Mapping[str, Any]) -> str:
        """A piece of the frame with stand-ins for the paths of this page in the other languages."""
        switch = tuple((spoken, _OTHER.format(at), here) for at, (spoken, _, here) in enumerate(page["switch"]))
        key = (name, language, page["section"], switch)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = self._fragment(name, language, page={**page, "switch": switch})
        return kept

    def _fragment(self, name: str, language: str, **values: Any) -> str:
        """A fragment that stands on many pages: with a stand-in for the way to the root."""
        return self._template(name, language).render(**values, **self._functions(language, _ROOT))

    def _inline(self, name: str) -> Markup:
        return Markup(self.assets.inline[name])

    def _hash_of(self, name: str) -> str:
        return "sha256-" + b64encode(sha256(self.assets.inline[name].encode()).digest()).decode()


def ld(data: Mapping[str, Any]) -> Markup:
    """JSON for a <script>: no "<" is left that could end it.

    >>> ld({"headline": "</script><script>alert(1)"})
    Markup('{"headline":"\\\\u003c/script>\\\\u003cscript>alert(1)"}')
    """
    return Markup(_JSON.encode(data).replace("<", "\\u003c")
                  .replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _problem(error: TemplateError, name: str) -> Problem:
    """Where in which template, and what a person can do about it."""
    if isinstance(error, TemplateSyntaxError):
        return Problem(f"templates/{error.name or name}", error.lineno, f"cannot be read as a template: {error.message}",
                       "see docs/templates.md")
    if isinstance(error, TemplateNotFound):
        return Problem(f"templates/{name}", None, f'asks for the template "{error}", which is not there', "check the name")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    line = frames[-1].lineno if frames else None
    where = Path(frames[-1].filename).name if frames else name
    return Problem(f"templates/{where}", line, f"asks for something that is not there: {error.message}",
                   "docs/templates.md lists what a template gets")
