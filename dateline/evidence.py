"""Article → what a reader can check: marks in the text, the raw lines with every cut, and why each tag is there.

Everything here is plain data (offsets, ids, words); `bodies` writes it as HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dateline.labels import Labels
from dateline.model import Article, Block, Claim, Evidence, Removal, Tag
from dateline.text import shorten

MARKED = {"province": "p", "topic": "t"}
"""Facets whose evidence is marked in the text, and the kind of the mark."""
NUMBERED = frozenset({"paragraph", "list-item", "note", "heading"})
SURE = ((0.9, "certain"), (0.75, "sure"), (0.5, "likely"))
"""Words for a confidence, by its least value; below that it is doubtful."""
QUOTE = 120
"""Characters of a quotation that are shown: a headline can be evidence as a whole, and its place is linked."""


def confidence_word(confidence: float) -> str:
    """The key of the word for a confidence.

    >>> confidence_word(0.97), confidence_word(0.6), confidence_word(0.2)
    ('certain', 'likely', 'doubtful')
    """
    return next((word for least, word in SURE if confidence >= least), "doubtful")


@dataclass(frozen=True, slots=True)
class Anchors:
    """Where on the page a raw line can be found: "p3" for a paragraph, "L7" for a line of the raw view."""

    paragraphs: Mapping[int, str]
    """Raw line → id of the numbered block it is in."""
    raw: bool

    def at(self, line: int) -> str:
        return self.paragraphs.get(line) or (f"L{line}" if self.raw and line > 0 else "")


def shown_blocks(article: Article) -> tuple[tuple[Block, str], ...]:
    """The blocks of the clean text in order, each with its anchor ("" for captions): the title stands in the heading."""
    number = 0
    found = []
    for block in article.blocks:
        if block.kind in {"title", "byline", "source"}:
            continue
        if block.kind in NUMBERED:
            number += 1
        found.append((block, f"p{number}" if block.kind in NUMBERED else ""))
    return tuple(found)


def anchors(article: Article) -> Anchors:
    paragraphs: dict[int, str] = {}
    for block, name in shown_blocks(article) if article.body_markdown is None else ():
        for line in range(block.line, block.line + len(block.breaks) + 1) if name else ():
            paragraphs.setdefault(line, name)
    return Anchors(paragraphs, bool(article.raw))


# -- marks in the text ------------------------------------------------------------------------------------------------
def body(article: Article, interface: str) -> tuple[dict[str, Any], ...]:
    """The clean text as data: kind, id, text, lang (when it is not the interface's), marks as (start, end, kind)."""
    quotes = _quotes(article.tags.tags)
    languages = dict(zip((id(block) for block in article.blocks), article.tags.block_languages, strict=False))
    default = article.tags.language.value
    rows = []
    for block, name in shown_blocks(article):
        language = languages.get(id(block), default)
        rows.append({
            "kind": block.kind, "id": name, "text": block.text,
            "lang": language if language not in {interface, "und", ""} else "",
            "marks": marks(block, quotes),
        })
    return tuple(rows)


def _quotes(tags: Iterable[Tag]) -> dict[int, list[tuple[str, str]]]:
    """Raw line → what is quoted from it, and by which kind of tag."""
    found: dict[int, list[tuple[str, str]]] = {}
    for tag in tags:
        kind = MARKED.get(tag.facet)
        if kind:
            for one in tag.claim.evidence:
                if one.line > 0 and one.quote:
                    found.setdefault(one.line, []).append((one.quote, kind))
    return found


def marks(block: Block, quotes: dict[int, list[tuple[str, str]]]) -> tuple[tuple[int, int, str], ...]:
    """Where the quotes of a block's lines stand in its text; the longer one wins where two overlap."""
    if not block.breaks and block.line not in quotes:          # most blocks
        return ()
    wanted = {pair for line in range(block.line, block.line + len(block.breaks) + 1) for pair in quotes.get(line, ())}
    if not wanted:
        return ()
    spans = []
    for quote, kind in wanted:
        start = block.text.find(quote)
        while start >= 0:
            spans.append((start, start + len(quote), kind))
            start = block.text.find(quote, start + len(quote))
    spans.sort(key=lambda span: (span[0], -span[1], span[2]))
    kept: list[tuple[int, int, str]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


# -- the raw text -----------------------------------------------------------------------------------------------------
def raw_lines(article: Article, labels: Labels, language: str) -> tuple[dict[str, Any], ...]:
    """Every line of the raw text that is not blank: number, parts as (words, is cut), why (at the head of a run).

    A run is a series of cut lines with the same reason; blank lines do not end it.
    """
    cuts: dict[int, list[Removal]] = {}
    for removal in article.removed:
        cuts.setdefault(removal.line, []).append(removal)
    rows: list[dict[str, Any]] = []
    before = ""
    for number, line in enumerate(article.raw.split("\n"), 1):
        if not line or line.isspace():
            continue
        here = cuts.get(number)
        if here is None:                                       # nine lines in ten
            rows.append({"number": number, "parts": ((line, False),), "cut": False, "why": ""})
            before = ""
            continue
        parts = _parts(line, here)
        reasons = tuple(dict.fromkeys(labels.reason(removal.rule, language) for removal in here))
        whole = parts == ((line, True),) or all(is_cut or not words.strip() for words, is_cut in parts)
        why = "; ".join(reasons)
        rows.append({
            "number": number, "parts": parts, "cut": whole,
            "why": why if why and not (whole and why == before) else "",
        })
        before = why if whole else ""
    return tuple(rows)


def _parts(line: str, cuts: Sequence[Removal]) -> tuple[tuple[str, bool], ...]:
    """A raw line split where something was cut out of it."""
    if any(removal.whole for removal in cuts):
        return ((line, True),)
    edges = {0, len(line)}
    spans: list[tuple[int, int]] = []
    position = 0
    for removal in cuts:
        start = line.find(removal.text, position)
        start = start if start >= 0 else line.find(removal.text)
        if start < 0 or not removal.text:
            continue
        position = start + len(removal.text)
        spans.append((start, position))
        edges |= {start, position}
    return tuple(
        (line[start:end], any(first <= start and end <= last for first, last in spans))
        for start, end in pairwise(sorted(edges))
    ) or ((line, False),)


# -- why a tag is there -----------------------------------------------------------------------------------------------
def quotes_of(claim: Claim[Any], places: Anchors, labels: Labels, language: str) -> tuple[dict[str, Any], ...]:
    """A claim's evidence, one row per quoted wording: the quote, the rule in words, and links to where it stands."""
    rows: dict[str, dict[str, Any]] = {}
    for one in claim.evidence:
        row = rows.setdefault(one.quote, {"quote": shorten(one.quote, QUOTE), "rule": labels.evidence(one.rule, language), "places": ()})
        place = _place(one, places)
        if place and place not in row["places"]:
            row["places"] = (*row["places"], place)
    return tuple(rows.values())


def _place(one: Evidence, places: Anchors) -> tuple[str, str] | None:
    """(anchor, number) of a quote: ("p3", "3") in a paragraph, ("L7", "7") in the raw text; None outside of it."""
    name = places.at(one.line) if one.line > 0 else ""
    return (name, name[1:]) if name else None
