"""dateline.yml → Config: this site's settings, every key optional.

in:   a project folder, and what the command line sets
out:  Config, frozen; or ConfigError with every complaint of the file at once
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dateline import yamlfile
from dateline.errors import ConfigError, did_you_mean
from dateline.model import Problem

SHIPPED = Path(__file__).parent / "shipped"
if not SHIPPED.is_dir():                       # a checkout: data/, templates/ and assets/ stand beside the package
    SHIPPED = Path(__file__).parent.parent


PARTS = frozenset({
    "search", "data", "raw", "tables", "feeds", "timeline", "matrix", "statistics", "review", "about", "former-provinces",
    "province-topics", "authors", "people", "organisations", "documents",
})  # fmt: skip
"""What a site can do without. Provinces, topics, languages, sources and years cannot be left out: all else leads there."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one site. A field's docstring is its documentation."""

    root: Path
    title: str = "Dateline"
    """The site's name, on every page."""
    description: str = ""
    """One sentence on what the collection holds; shown on the home page and in the data description."""
    site_url: str = ""
    """Where the site will be published, e.g. https://example.org/news/. Feeds, sitemap and canonical links need it."""
    interface: tuple[str, ...] = ("en", "vi")
    """Interface languages, the default one first."""
    seeds: str = "seeds"
    """Folder of the raw documents."""
    articles: str = "articles"
    """Folder of the corrected Markdown."""
    output: str = "site"
    """Folder the site is written to."""
    article_pages: str = "page"
    """page: a page for each article; digest: some 40 articles on a page, so that a large corpus fits a small host; auto: page, until
    there are more articles than `host` takes that way. Old addresses lead on when this changes: docs/publishing.md."""
    host: str = ""
    """Where the site will be published (github-pages, cloudflare-pages …: docs/publishing.md), for `article_pages: auto`; with none
    named the tightest limits of all hosts count."""
    precompress: bool = False
    """Lay a .gz beside each text file (and a .br, where the Python module brotli is installed), for a server that sends them."""
    fonts: str = "serif"
    """serif: Source Serif 4, shipped with the site; none: the reader's own fonts (smaller)."""
    island_labels: bool = True
    """Show Hoàng Sa and Trường Sa as labels on the tile map."""
    related: int = 3
    """How many related articles a page shows."""
    learn_repetition: int = 30
    """Documents of one outlet from which repeated lines are learnt as boilerplate; 0 turns it off."""
    without: tuple[str, ...] = ()
    """Parts that the site does without, for hosts that take few files: search, data, raw, tables, feeds, timeline, matrix,
    statistics, review, about, former-provinces, province-topics, authors, people, organisations, documents."""
    mask_personal: bool = False
    """Hide mail addresses, telephone and citizens' numbers (data/personal.yml) in all that is published; articles/ keeps them."""
    max_document_bytes: int = 20_000_000
    """A longer document is kept aside."""
    field_names: tuple[tuple[str, str], ...] = ()
    """For JSON lines and tables: our field name (text, url, title, date, author, publisher, language, id) → theirs."""

    @property
    def seeds_dir(self) -> Path:
        return self.root / self.seeds

    @property
    def articles_dir(self) -> Path:
        return self.root / self.articles

    @property
    def output_dir(self) -> Path:
        return self.root / self.output

    @property
    def state_dir(self) -> Path:
        return self.root / ".dateline"

    def has(self, part: str) -> bool:
        """Whether the site has one of PARTS."""
        return part not in self.without

    def layers(self, folder: str) -> tuple[Path, ...]:
        """Where to look for data, templates or assets: the shipped folder first, then the site's own, laid over it."""
        own = self.root / folder
        shipped = SHIPPED / folder
        return (shipped,) if own.resolve() == shipped.resolve() or not own.is_dir() else (shipped, own)


def load(root: Path, **overrides: Any) -> Config:
    """Read `root`/dateline.yml and lay `overrides` (None means not given) over it.

    Raises ConfigError with all that is wrong, each with its line.
    """
    settings: dict[str, Any] = {}
    path = root / "dateline.yml"
    problems: list[Problem] = []
    if path.exists():
        node = yamlfile.load(path, "dateline.yml")
        settings = _settings(node)
        problems = node.complaints.problems
    settings.update({name: value for name, value in overrides.items() if value is not None})
    config = replace(Config(root), **settings)
    problems = [*problems, *_checks(config)]
    if problems:
        raise ConfigError(problems)
    return config


def _settings(node: yamlfile.Node) -> dict[str, Any]:
    defaults = {field.name: field.default for field in fields(Config) if field.name != "root"}
    node.only(*defaults)
    settings: dict[str, Any] = {}
    for name, value in node.items():
        default = defaults.get(name)
        if name == "field_names":
            settings[name] = tuple((ours, theirs.string()) for ours, theirs in value.items())
        elif isinstance(default, tuple):
            settings[name] = value.strings()
        elif isinstance(default, bool):
            settings[name] = value.boolean(default)
        elif isinstance(default, int):
            settings[name] = value.integer(default)
        elif isinstance(default, str):
            settings[name] = value.string(default)
    return settings


def _checks(config: Config) -> list[Problem]:
    found = []

    def complain(message: str, hint: str) -> None:
        found.append(Problem("dateline.yml", None, message, hint))

    if config.site_url:
        parts = urlsplit(config.site_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            complain(f'site_url "{config.site_url}" is not a web address', "write it in full: https://example.org/news/")
    for language in config.interface:
        if language not in {"en", "vi"}:
            complain(f'interface language "{language}" is not there', "known are: en, vi")
    if not config.interface:
        complain("interface names no language", "write  interface: [en, vi]")
    if config.article_pages not in {"page", "digest", "auto"}:
        complain(f'article_pages cannot be "{config.article_pages}"', "known are: page, digest, auto")
    if config.fonts not in {"serif", "none"}:
        complain(f'fonts cannot be "{config.fonts}"', "known are: serif, none")
    for part in config.without:
        if part not in PARTS:
            complain(f'without: there is no part "{part}"', did_you_mean(part, PARTS))
    folders = {"seeds": config.seeds_dir, "articles": config.articles_dir, "output": config.output_dir}
    resolved = {name: path.resolve() for name, path in folders.items()}
    for name, path in resolved.items():
        for other, other_path in resolved.items():
            if name != other and (path == other_path or other_path in path.parents):
                complain(f"{name} ({folders[name]}) lies in {other} ({folders[other]})", "give each a folder of its own")
    if config.root.resolve() in {resolved["output"]} or resolved["output"] in config.root.resolve().parents:
        complain(f"output ({config.output_dir}) would replace the project itself", "choose a folder inside the project")
    for path in _leading_out(config):
        complain(f"{path} is a link out of the project, and is not written through", "put the folder or file itself there")
    return found


def written(config: Config) -> tuple[Path, ...]:
    """Where a build writes."""
    state = config.state_dir
    return (config.articles_dir, config.articles_dir / "permalinks.json", config.output_dir, state, state / "cache.sqlite",
            state / "published")


def _leading_out(config: Config) -> list[Path]:
    """What a build writes that stands in the project by its name, and is elsewhere by a link."""
    root = config.root.resolve()
    own = os.path.abspath(config.root)           # noqa: PTH100  (resolve() follows the very links that are looked for)
    inside = [path for path in written(config) if Path(os.path.abspath(path)).is_relative_to(own)]     # noqa: PTH100
    return [path for path in inside if not path.resolve().is_relative_to(root)]
