"""One document, from raw text to finished article: clean → extract → tag. Pure, so that it runs anywhere and can be kept.

in:   RawDocument, Knowledge, raw lines that a person wants back, lines learnt from the corpus
out:  Article; or `Prepared`, the same with what the rest of the build needs to know of it, as bytes that can travel
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

from dateline import articles, clean, codec, copies, extract, link, read, repetition
from dateline import tag as tagging
from dateline.knowledge import Knowledge
from dateline.mask import NOTHING, Mask
from dateline.model import Article, Block, Card, CleanText, RawDocument
from dateline.stopwatch import OFF, Stopwatch


def article(raw: RawDocument, known: Knowledge, restore: frozenset[int] = frozenset(), learnt: frozenset[str] = frozenset()
            ) -> Article:
    """Everything that is decided about one document by itself: the same input gives the same article anywhere."""
    return _decided(raw, restored(clean.clean(raw, known, learnt), restore), known)


def _decided(raw: RawDocument, text: CleanText, known: Knowledge, watch: Stopwatch = OFF) -> Article:
    """What the cleaned text says, and what it is about."""
    metadata = extract.extract(raw, text, known)
    watch.lap("extract", "document", raw.origin)
    tags = tagging.tag(raw, text, metadata, known)
    watch.lap("tag", "document", raw.origin)
    return Article(raw.id, raw.origin, raw.digest, raw.encoding, raw.text, text.blocks, text.removed, metadata, tags)


def restored(text: CleanText, lines: frozenset[int]) -> CleanText:
    """Put removed lines back that a person wants in the text (`restore:` in the front matter)."""
    back = [removal for removal in text.removed if removal.line in lines and removal.whole]
    if not back:
        return text
    numbers = {removal.line for removal in back}
    blocks = [block for block in text.blocks if block.line not in numbers]
    blocks += [Block("paragraph", removal.text.strip(), removal.line) for removal in back]
    removed = tuple(removal for removal in text.removed if removal not in back)
    return CleanText(tuple(sorted(blocks, key=lambda block: block.line)), removed)


def from_record(record: articles.Record, known: Knowledge) -> Article:
    """An article that has no seed: a person wrote it, or its seed is gone. What the file does not say is filled in."""
    raw = read.read_text(record.body, record.id)
    text = CleanText(articles.blocks_of(record.body, record.body_line), ())
    metadata = extract.extract(raw, text, known)
    tags = tagging.tag(raw, text, metadata, known)
    made = Article(record.id, "", raw.digest, "utf-8", "", text.blocks, (), metadata, tags)
    return replace(made, body_markdown=record.body)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article and what the rest of the build needs to know of it."""

    card: Card
    signature: bytes
    """What copies are found by."""
    short_lines: tuple[str, ...]
    """Lines that could be an outlet's furniture, in compared form."""
    asked: int
    """So many of them, the first, were looked up among learnt lines: what a rule cuts is not."""
    seal: str
    """Of the file that the tool writes for it."""
    cut: str = ""
    """Digest of what cleaning kept and removed."""
    article: bytes = b""
    """`codec.encode` of the Article; empty where only the facts were read."""
    written: str = ""
    """The file itself, where it may have to be written."""

    @property
    def facts(self) -> bytes:
        """All but the article: what a build that changes nothing about it has to read."""
        return codec.encode(replace(self, article=b"", written=""))

    @staticmethod
    def of(made: Article, cut: str = "", mask: Mask = NOTHING, asked: frozenset[str] = frozenset()) -> Prepared:
        """The article is kept whole; its card is already what lists may show of it. `asked` is as `clean.cleaned` gives it."""
        lines = repetition.candidates(made.raw)
        first = sorted(lines & asked)
        text = articles.write(made)
        signature = copies.signature(made.text)
        shown, masked = mask.article(made)
        card = link.card(shown)
        card = replace(card, masked=masked) if masked else card
        return Prepared(card, signature, (*first, *sorted(lines - asked)), len(first), articles.seal_in(text), cut,
                        codec.encode(made), text)

    @staticmethod
    def from_facts(facts: bytes) -> Prepared:
        """Raises ValueError for bytes of another version."""
        return codec.decode(facts, Prepared)


Item = tuple[RawDocument, frozenset[int], frozenset[str], str]
"""A document, lines to put back, lines learnt from the corpus, `Prepared.cut` without those lines ("" the first time)."""


def prepared(item: Item, known: Knowledge, watch: Stopwatch = OFF) -> Prepared | None:
    """The work of one call in a worker. None when the lines learnt since the first time cut nothing that was not cut."""
    raw, restore, learnt, before = item
    text, asked = clean.cleaned(raw, known, learnt)
    watch.lap("clean", "document", raw.origin)
    cut = blake2b(codec.encode(text), digest_size=16).hexdigest()
    made = None
    if cut != before:
        made = Prepared.of(_decided(raw, restored(text, restore), known, watch), cut, known.personal, asked)
    watch.lap("encode", "document", raw.origin)
    return made
