"""Corpus → every file of the site, one at a time. Pages whose inputs are as they were, and which stand, are not made again.

Pages of articles and lists are made in workers; the identity of one is what it is made from: the article, the cards and
shelves it mentions, templates, words, code. The few pages that show the whole corpus are made here, and their identity is
their view. They, data files and the search index are made while workers are busy; so outputs come in no fixed order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import chain, islice

from dateline import (
    assets,
    codec,
    digest,
    exports_site,
    feeds,
    index,
    lasting,
    lists,
    packing,
    pages,
    search,
    search_scripts,
    search_terms,
    serverfiles,
    story,
    workers,
)  # fmt: skip
from dateline.assets import Assets
from dateline.cache import Cache
from dateline.frame import Site
from dateline.gather import Gathered
from dateline.knowledge import Knowledge
from dateline.mask import NOTHING, Mask
from dateline.model import Article, Card, Links, Output, Page, Standing, Stream
from dateline.render import Renderer
from dateline.search_terms import Rules
from dateline.shelves import FED, Shelf
from dateline.stopwatch import OFF, Stopwatch

SPACE = "site"
"""Where the cache keeps what was made."""
FETCHED = 64
"""Pages whose articles are fetched together."""
TRAVELLED = 50
"""As many cards are on their way to a worker for as long as one page is made."""


@dataclass(slots=True)
class Press:
    """What a worker needs to make the pages of articles. Travels without its renderer."""

    site: Site
    assets: Assets
    mask: Mask = NOTHING
    _renderer: Renderer | None = field(default=None, compare=False)

    def __reduce__(self) -> tuple[type[Press], tuple[Site, Assets, Mask]]:
        return Press, (self.site.light(), self.assets.named(), self.mask)

    @property
    def renderer(self) -> Renderer:
        if self._renderer is None:
            self._renderer = Renderer(self.site.config, self.site.strings, self.assets)
        return self._renderer

    def page(self, wanted: Wanted, watch: Stopwatch = OFF) -> Page:
        if isinstance(wanted, lists.Sheet):
            return lists.sheet_page(self.site, wanted, self.renderer.reads("listing.html"))
        if isinstance(wanted, Several):
            articles = list(zip(map(self.opened, wanted.made), wanted.links, strict=True))
            return digest.page(self.site, wanted.path, articles, wanted.beside)
        made, links = wanted
        article = self.opened(made)
        watch.lap("decode")
        return pages.story_page(self.site, article, links, self.renderer.reads("article.html"))

    def opened(self, made: bytes) -> Article:
        """The article as it may be shown."""
        return self.mask.article(codec.decode(made))[0]


@dataclass(frozen=True, slots=True)
class Several:
    """A page of several articles: its path, those of the pages beside it, its articles and their links."""

    path: str
    beside: tuple[str, str]
    made: list[bytes]
    links: list[Links]


Wanted = tuple[bytes, Links] | Several | lists.Sheet
"""What a worker makes a page of: an article's bytes and links, several articles, or a sheet of a list."""


def laid_out(wanted: Wanted, press: Press, watch: Stopwatch = OFF) -> Output:
    """The work of one call in a worker."""
    page = press.page(wanted, watch)
    watch.lap("plan")
    output = press.renderer.render(page)
    watch.lap("lay out", "template", page.template)
    return output


def outputs(gathered: Gathered, site: Site, known: Knowledge, executor: Executor | None, salt: str,
            standing: Mapping[str, str], count: Callable[[int], None], watch: Stopwatch = OFF
            ) -> Iterator[Output | Stream | Standing]:
    """The whole site. `salt` stands for code, knowledge and settings; `standing` is as `publish.renew` gives it."""
    return _Printing(gathered, site, known, executor, salt, standing, count, watch).run()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The articles of one page; without a path it is an article's own."""

    rows: tuple[digest.Row, ...]
    path: str = ""
    beside: tuple[str, str] = ("", "")


_Asked = _Rows | lists.Sheet
"""What a page is to be made of, before anything was fetched for it."""


@dataclass(slots=True)
class _Made:
    """What a build made, and from what."""

    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path → (key, digest of the file)."""
    groups: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    """Name → (key, path → digest of the file)."""
    rows: dict[str, index.Row] = field(default_factory=dict)
    """Article's id → what it gave to the data files."""


@dataclass(slots=True)
class _Printing:
    gathered: Gathered
    site: Site
    known: Knowledge
    executor: Executor | None
    salt: str
    standing: Mapping[str, str]
    """Path → digest of the files that stand in the site as they were published."""
    count: Callable[[int], None]
    watch: Stopwatch
    before: _Made = field(default_factory=_Made)
    now: _Made = field(default_factory=_Made)
    stamps: dict[str, bytes] = field(init=False)
    """Article's id → what its card was made from."""
    lines: index.Lines = field(default_factory=index.Lines)
    """Of all tables."""
    press: Press = field(init=False)

    def __post_init__(self) -> None:
        self.stamps = {card.id: _stamp(self.gathered.keys[card.id], card.path) for card in self.site.corpus.cards}

    def run(self) -> Iterator[Output | Stream | Standing]:
        with lasting.values():
            self.before = _read(self.gathered.cache, self.salt)
        self.press = Press(self.site, assets.load(self.site.config, self._shortened), self.known.personal)
        # first what asks nothing of the workers: at the end they would have nothing to do meanwhile
        made_here = chain(self._overviews(), self.press.assets.outputs, self._files())
        yield from self._workers_pages(made_here)
        yield from made_here
        yield from self._addresses()
        self.gathered.cache.put(SPACE, [(self.salt, codec.encode(self.now))])

    def _shortened(self, script: str, rules: Rules) -> str:
        """A script of the search as it is published, from the last build if that made it."""
        key = codec.digest(script, rules.json, self.salt)
        stored = self.gathered.cache.get("script", key)
        with suppress(ValueError):
            if stored is not None:
                return codec.decode(stored, Output).content.decode()
        made = search_scripts.publish(script, rules)
        self.gathered.cache.put("script", [(key, codec.encode(Output(key, made.encode())))])
        return made

    # -- pages ----------------------------------------------------------------------------------------------------------
    def _workers_pages(self, meanwhile: Iterator[Output | Stream | Standing]) -> Iterator[Output | Stream | Standing]:
        """The pages of articles and lists: changed ones come from the workers; then those that stand, which are only named.
        Where this process would wait for one, some of `meanwhile`."""
        stand: list[str] = []
        under_way: dict[str, str] = {}

        def changed() -> Iterator[_Asked]:
            for path, key, asked in chain(self._several() if self.site.corpus.digest else self._articles(), self._sheets()):
                if self._stands(path, key):
                    stand.append(path)
                    continue
                under_way[path] = key
                self.watch.lap("compare")
                yield asked

        few = 0 if self.site.corpus.digest else len(self.site.corpus.cards) // TRAVELLED
        for output in workers.each(laid_out, self._fetched(changed()), self.executor, shared=self.press, few=few, watch=self.watch,
                                   meanwhile=meanwhile):
            if isinstance(output, Output) and output.path in under_way:
                self._printed(output.path, under_way.pop(output.path), output)
            yield output
        self.watch.lap("compare")
        yield from map(Standing, stand)

    def _fetched(self, asked: Iterator[_Asked]) -> Iterator[Wanted]:
        """What the workers get: rows with their articles' bytes."""
        while some := list(islice(asked, FETCHED)):
            rows = (row for one in some if not isinstance(one, lists.Sheet) for row in one.rows)
            bodies = self.gathered.encoded(card.id for card, _ in rows)
            for one in some:
                if isinstance(one, lists.Sheet):
                    yield one
                elif one.path:
                    yield Several(one.path, one.beside, list(islice(bodies, len(one.rows))), [links for _, links in one.rows])
                else:
                    yield next(bodies), one.rows[0][1]

    def _articles(self) -> Iterator[tuple[str, str, _Asked]]:
        """The page of every article: its path, its key, and what makes it."""
        stamps = _card_stamps(self.site.corpus.cards)
        for row in zip(self.site.corpus.cards, self.site.corpus.links, strict=True):
            yield row[0].path, self._article_key(*row, stamps, "article.html"), _Rows((row,))

    def _several(self) -> Iterator[tuple[str, str, _Asked]]:
        """The pages of several articles, in the same way."""
        sheets = digest.sheets(self.site.corpus)
        around = ["", *sheets, ""]
        stamps = _card_stamps(self.site.corpus.cards)
        for number, (path, rows) in enumerate(sheets.items(), 1):
            beside = around[number - 1], around[number + 1]
            key = codec.digest(beside, [self._article_key(card, links, stamps, "digest.html") for card, links in rows])
            yield path, key, _Rows(tuple(rows), path, beside)

    def _sheets(self) -> Iterator[tuple[str, str, _Asked]]:
        """Every page of a list, in the same way."""
        template = self.press.renderer.template_digest("listing.html")
        for one in self._in_time():              # the same list in every language: what is counted for one serves the next
            made_from = lists.depends(self.site, one[0], self.stamps)
            for sheet in one:
                yield sheet.path, codec.digest(sheet.path, sheet.language, made_from, template, self.salt), sheet

    def _in_time(self) -> list[tuple[lists.Sheet, ...]]:
        """The pages of lists in all languages, in the order of their newest article: pages that follow each other show the
        same cards, of which only so many are held."""
        place = {card.id: number for number, card in enumerate(self.site.corpus.cards)}

        def newest(one: tuple[lists.Sheet, ...]) -> int:
            return place[lists.articles_on(self.site, one[0])[0].id]        # no shelf is empty

        return sorted(zip(*(lists.sheets(self.site, language) for language in self.site.config.interface), strict=True), key=newest)

    def _article_key(self, card: Card, links: Links, stamps: Mapping[str, bytes], template: str) -> str:
        depends = story.depends(self.site, card.id, links, stamps)
        return codec.digest(self.gathered.keys[card.id], depends, links, self.press.renderer.template_digest(template), self.salt)

    def _overviews(self) -> Iterator[Output | Standing]:
        for page in pages.overview_pages(self.site):
            self.watch.lap("plan")
            key = codec.digest(page.view, page.lang, self.press.renderer.template_digest(page.template), self.salt)
            self.watch.lap("compare")
            if self._stands(page.path, key):
                yield Standing(page.path)
            else:
                output = self.press.renderer.render(page)
                self.watch.lap("lay out", "template", page.template)
                self._printed(page.path, key, output)
                yield output

    def _stands(self, path: str, key: str) -> bool:
        """The page was made from the same inputs, and its file is still what was made."""
        stored = self.before.pages.get(path)
        if stored is None or stored[0] != key or self.standing.get(path) != stored[1]:
            return False
        self.now.pages[path] = stored
        self.count(len(self.now.pages))
        return True

    def _printed(self, path: str, key: str, output: Output) -> None:
        self.now.pages[path] = (key, output.digest)
        self.count(len(self.now.pages))

    # -- what other programs read -----------------------------------------------------------------------------------------
    def _files(self) -> Iterator[Output | Stream | Standing]:
        """Data files and the search index: made anew when any article or its place has changed."""
        corpus, gathered = self.site.corpus, self.gathered
        key = codec.digest([(card.path, gathered.keys[card.id]) for card in corpus.cards], self.salt)
        has = self.site.config.has
        if has("tables") and not corpus.digest:
            yield from self._tables()
        if has("search"):
            yield from self._group("search", key, self._search())
        if has("data") or has("raw"):
            described = exports_site.described(self._data(), self.site.config)
            yield from self._group("data", key, (one for one in described if has(one.path.partition("/")[0])))

    def _addresses(self) -> Iterator[Output]:
        """Where things are to be found: when all pages are known."""
        corpus = self.site.corpus
        yield from digest.lookup(corpus)
        yield from serverfiles.outputs(corpus.aliases, self.site.config)
        yield from feeds.outputs(corpus, self.now.pages, self.site.config)
        if self.site.config.has("feeds"):
            yield from feeds.shelf_outputs(self._fed(), self.site)

    def _tables(self) -> Iterator[Output | Stream | Standing]:
        """Lists as CSV files; those whose articles are as they were are only named."""
        for shelf in index.tabled(self.site):
            key = codec.digest(lists.identity(shelf.articles, self.stamps), self.salt)
            yield from self._group(shelf.table, key, index.listed(self.site, shelf, self.lines))

    def _data(self) -> Iterator[Output | Stream | Standing]:
        corpus, bodies = self.site.corpus, self.gathered.encoded
        reading = index.Reading(self.known.personal, self.known.gazetteer, self.site.config.has("raw"))
        if corpus.digest:
            yield from packing.data_files(corpus, bodies, reading, self.executor, self.watch)
            return
        path = "data/articles.jsonl"
        _, made = self.before.groups.get("data", ("", {}))
        whole = path in made and self.standing.get(path) == made[path]
        kept = index.Kept(self.site.config.output_dir / path, self.before.rows if whole else {}, self.standing)
        yield from index.data_files(corpus, self.gathered.keys, bodies, reading, kept, self.now.rows, self.executor, self.watch)
        yield Output("data/articles.csv", self.lines.table(corpus.cards))

    def _fed(self) -> Iterator[tuple[str, Shelf]]:
        for facet in sorted(FED):
            for shelf in self.site.shelves.of(facet):
                yield lists.label_of(self.site, shelf, self.site.default), shelf

    def _search(self) -> Iterator[Output | Standing]:
        corpus, gathered, labels = self.site.corpus, self.gathered, self.site.labels
        cards = index.in_search_order(corpus)
        stamps = [codec.digest(gathered.keys[card.id], card.path) for card in cards]

        def bodies(numbers: Sequence[int]) -> Iterator[bytes]:
            return gathered.encoded([cards[number].id for number in numbers])

        text = partial(index.search_text, self.known.personal)
        kept = search.Kept(gathered.cache, f"{self.salt} {corpus.digest}", stamps, bodies, text, self.standing)
        documents = (index.search_document(card, labels) for card in cards)
        rules = search_terms.load(self.site.config.layers("data"))
        roomy = digest.ROOMY if corpus.digest else 1
        return search.renewed(documents, index.facet_labels(self.site), rules, kept, roomy=roomy, executor=self.executor,
                              watch=self.watch)

    def _group(self, name: str, key: str, outputs: Iterator[Output | Stream | Standing]) -> Iterator[Output | Stream | Standing]:
        """Files that are made together, from the same inputs."""
        known = self.before.groups.get(name)
        if known is not None and known[0] == key and all(self.standing.get(path) == made for path, made in known[1].items()):
            self.now.groups[name] = known
            if name == "data":
                self.now.rows = self.before.rows
            yield from map(Standing, known[1])
            return
        made: dict[str, str] = {}
        for output in outputs:
            yield output                         # a stream has a digest once it is read
            made[output.path] = self.standing[output.path] if isinstance(output, Standing) else output.digest
        self.now.groups[name] = (key, made)


def _read(cache: Cache, salt: str) -> _Made:
    """What the last build made, if it was by the same code from the same settings."""
    with suppress(ValueError):                   # not what this version writes: all is made again
        return codec.decode(cache.get(SPACE, salt) or b"", _Made)
    return _Made()


def _stamp(key: str, path: str) -> bytes:
    return blake2b(f"{key} {path}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _card_stamps(cards: Iterable[Card]) -> dict[str, bytes]:
    return {card.id: blake2b(codec.encode(card), digest_size=16).digest() for card in cards}
