"""The frozen values that flow from one stage to the next.

    RawDocument → CleanText → Metadata → Tags → Article ⇄ articles/*.md → Card → Corpus → Page → Output

Everything is immutable and holds ids, never other articles. `None` always means "not found", never "unknown because
we did not look": nothing is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T", covariant=True)

DIGEST = 32
"""Hex digits of a published file's SHA-256 that are kept."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that made us believe something, and where a reader can find them."""

    quote: str
    """Exactly as printed in the raw text, all on one line: "Sở Giáo dục và Đào tạo Hà Nội"."""
    line: int
    """1-based line of the raw text; 0 when the evidence is not in the text (a URL given beside it, a file's name)."""
    rule: str
    """What made these words count: "province.office", "date.masked", "person" (someone wrote it down)."""


@dataclass(frozen=True, slots=True)
class Claim(Generic[T]):
    """A fact we inferred: what we believe, how sure we are (0 to 1), and why."""

    value: T
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at. Never stops a build by itself."""

    where: str
    """The file, relative to the project, as a person would type it."""
    line: int | None
    message: str
    hint: str
    """What to do about it."""
    severity: Literal["error", "warning", "note"] = "error"
    """error: a document was kept aside or something is wrong; warning: look at it; note: said for completeness."""

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}: " if self.where and self.line else f"{self.where}: " if self.where else ""
        return f"{place}{self.message}" + (f"\n  {self.hint}" if self.hint else "")


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document exactly as scraped: decoded, NFC, "\\n" newlines, and otherwise untouched."""

    id: str
    text: str
    digest: str
    """blake2b-128 hex of the raw bytes and of the record's own fields; not of the id or the file's name."""
    origin: str
    """Where it was read: "003_7d05.txt", "dump.jsonl.gz#12" (relative to seeds/)."""
    encoding: str = "utf-8"
    format: Literal["text", "html", "markdown", "record"] = "text"
    fields: tuple[tuple[str, str], ...] = ()
    """What the input itself states beside the text, under our names: url, title, date, author, publisher, language."""

    def field(self, name: str) -> str | None:
        return next((value for key, value in self.fields if key == name), None)

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n"))


BlockKind = Literal["title", "paragraph", "heading", "list-item", "caption", "byline", "source", "note"]
BODY_KINDS: frozenset[str] = frozenset({"paragraph", "heading", "list-item", "note"})


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the article that is kept, and what it is.

    title      the headline (at most one)
    paragraph, heading, list-item, note      the body; a note is the newsroom's own remark on the story
    caption    what belongs to a picture, credits included
    byline     author and/or date line, sign-off
    source     a line that names where the text came from ("Nguồn: …", "Source: https://…")

    `text` is the raw words; where a paragraph was wrapped over several raw lines they are joined with one space.
    """

    kind: BlockKind
    text: str
    line: int
    """1-based raw line the text begins on."""
    breaks: tuple[int, ...] = ()
    """Offsets in `text` at which the 2nd, 3rd … raw line begins (hard-wrapped paragraphs only)."""

    def line_at(self, offset: int) -> int:
        return self.line + sum(1 for start in self.breaks if start <= offset)

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        """The words `text[start:end]` as evidence, cut to one raw line when they run over a wrap."""
        for cut in self.breaks:
            if start < cut < end:
                start, end = (start, cut) if cut - start >= end - cut else (cut, end)
        return Evidence(self.text[start:end].strip(), self.line_at(start), rule)


@dataclass(frozen=True, slots=True)
class Removal:
    """Words that are not the article, kept so that a reader can see them and put them back."""

    line: int
    text: str
    """The whole line, or the part of it that was cut ("Kinhtedothi - ")."""
    rule: str
    """Id of the rule in data/cleaning.yml or data/sources.yml, or "learnt" for repetition in the corpus."""
    whole: bool = True
    """False when only a part of the line was cut."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """The article's blocks in reading order, and everything that was cut. Every non-blank line is in one or both."""

    blocks: tuple[Block, ...]
    removed: tuple[Removal, ...]

    @property
    def body(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind in BODY_KINDS)


TitleSource = Literal["text", "record", "slug", "lead", "person", "none"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the document says about itself."""

    title: Claim[str] | None
    title_source: TitleSource
    """text: a title line; record: a field beside the text; slug: the source URL's words; lead: supplied from the first
    sentence; person: someone wrote it; none: nothing to take it from."""
    date: Claim[str] | None
    """Publication date as EDTF, no more precise than what is known: 2023-02-24T09:44, 2024-08-13, 2023, 2025-08-22/.."""
    author: Claim[str] | None
    publisher: Claim[str] | None
    """Whose text it is, as the domain: "nhandan.vn"."""
    via: Claim[str] | None
    """Who republished it, as the domain: "vietnam.vn"."""
    source_url: Claim[str] | None
    credits: tuple[Claim[str], ...] = ()
    """Photographers, agencies and translators as "role: name"."""
    mentioned_dates: tuple[Evidence, ...] = ()
    """Days the text speaks of; `rule` is "date.mentioned:2025-08-22"."""


Facet = Literal["province", "topic", "person", "organisation", "document", "campaign"]


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry under which an article is filed.

    province   value = slug, era "63" or "34", role primary | concerned | former
    topic      value = topic id, role primary | secondary
    person     value = name as first printed, role = the office held, or ""
    organisation, document, campaign      value = name as printed, or the full name of a known institution, role ""
    """

    facet: Facet
    claim: Claim[str]
    role: str = ""
    era: Literal["63", "34"] | None = None

    @property
    def value(self) -> str:
        return self.claim.value


@dataclass(frozen=True, slots=True)
class Tags:
    """Everything the taggers found. Tags are in order: primary first, then by weight."""

    language: Claim[str]
    """ISO 639-1, "und" when nothing decides."""
    languages: tuple[tuple[str, float], ...]
    """Share of letters per language, largest first."""
    block_languages: tuple[str, ...]
    """One per block, in the order of CleanText.blocks."""
    unaccented: bool
    """Vietnamese written without diacritics."""
    machine_translated: Claim[bool]
    province: Claim[str] | None
    """The primary province's slug, "national", or None for a story about no place in Vietnam."""
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One document, finished: what `articles/<id>.md`, the article page and the data files are made from."""

    id: str
    origin: str
    digest: str
    encoding: str
    raw: str
    """The raw text; "" for an article that a person wrote and that has no seed."""
    blocks: tuple[Block, ...]
    removed: tuple[Removal, ...]
    metadata: Metadata
    tags: Tags
    edited: tuple[str, ...] = ()
    """What a person changed in articles/<id>.md: field names, and "body"."""
    body_markdown: str | None = None
    """The body as a person wrote it; None while it is the machine's."""
    withheld: str | None = None
    """The reason when the article is withdrawn."""

    @property
    def body(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind in BODY_KINDS)

    @property
    def text(self) -> str:
        """The body as plain paragraphs."""
        return "\n\n".join(block.text for block in self.body)

    def tagged(self, facet: Facet) -> tuple[Tag, ...]:
        return tuple(tag for tag in self.tags.tags if tag.facet == facet)


@dataclass(frozen=True, slots=True)
class ProvinceRef:
    """A province tag without its evidence, as lists and shelves need it."""

    slug: str
    era: Literal["63", "34"]
    role: str


@dataclass(frozen=True, slots=True)
class Card:
    """What lists, search and neighbours need of an article. Held in memory for the whole corpus; bodies are not."""

    id: str
    path: str
    """Where it is, relative to the site's root: its page, "articles/2023/03/quan-hoan-kiem-…-7d056374.html", or its place on a page
    of several, "articles/digest/0/17.html#a7d056374"."""
    origin: str
    digest: str
    title: str
    title_source: TitleSource
    date: str | None
    """EDTF."""
    language: str
    machine_translated: bool
    province: str | None
    provinces: tuple[ProvinceRef, ...]
    topic: str | None
    topics: tuple[str, ...]
    publisher: str | None
    via: str | None
    author: str | None
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    documents: tuple[str, ...]
    campaigns: tuple[str, ...]
    lead: str
    """The first words of the body, at most about 300 characters, cut at a word."""
    words: int
    removed_lines: int
    confidence: tuple[tuple[str, float], ...]
    """Per field (title, date, author, publisher, province, topic, language); a missing fact is not in it."""
    edited: bool
    withheld: str | None
    source_url: str | None = None
    masked: tuple[tuple[str, int], ...] = ()
    """Kind of personal data → how many different ones are hidden in the article."""


CARD = tuple(one.name for one in fields(Card))
"""Names of the fields of a card, in their order."""
card_values: Callable[[Card], tuple[Any, ...]] = attrgetter(*CARD)
"""All values of a card, in that order: a card made from them, some changed, takes half the time of `replace`."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another article worth reading, and why: `reason` is a key of data/strings, `detail` fills it in."""

    id: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """How one article hangs together with the others."""

    related: tuple[Related, ...] = ()
    previous: str | None = None
    """Id of the older article of the same primary province."""
    next: str | None = None
    copies: tuple[str, ...] = ()
    """Exact and near copies, best copy first, this article included; empty when there are none."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles, as cards, newest first; undated ones last, each group in the order of ids."""

    cards: tuple[Card, ...]
    links: tuple[Links, ...]
    """One per card, in the same order."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Published paths that moved: old path, new path."""
    digest: bool = False
    """Articles share pages: the path of a card ends in an anchor."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be rendered: a template and exactly what it may say."""

    path: str
    template: str
    view: dict[str, Any]
    """Only str, int, float, bool, None, tuple, list and dict with str keys: its JSON is the page's identity."""
    lang: str


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site."""

    path: str
    content: bytes
    sha256: str = ""
    """Of the content: found out where the file is made, and once."""

    def __post_init__(self) -> None:
        if not self.sha256:
            object.__setattr__(self, "sha256", sha256(self.content).hexdigest())

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def digest(self) -> str:
        """What the list of published files knows a file by."""
        return self.sha256[:DIGEST]


class Stream:
    """One large file of the site, made a piece at a time. It is read once, by who writes it; then size and sha256 are known."""

    __slots__ = ("_pieces", "_sum", "path", "size")

    def __init__(self, path: str, pieces: Iterable[bytes]) -> None:
        self.path = path
        self.size = 0
        self._pieces = pieces
        self._sum = sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            self._sum.update(piece)
            yield piece

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()

    @property
    def digest(self) -> str:
        return self.sha256[:DIGEST]


@dataclass(frozen=True, slots=True)
class Standing:
    """A file of the site that is as it was published, and stays: `path` is all there is to say."""

    path: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the report: how long a step of the build took and how much it handled."""

    name: str
    seconds: float
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    documents: int
    articles: int
    removed_lines: int
    pages: int
    written: int
    unchanged: int
    deleted: int
    kept: tuple[str, ...]
    """Articles that a person edited and that were kept as they are."""
    problems: tuple[Problem, ...]
    steps: tuple[Step, ...]
    output: str
    masked: tuple[tuple[str, int], ...] = ()
    """Kind of personal data → how many were hidden, each once for every article that has it."""
