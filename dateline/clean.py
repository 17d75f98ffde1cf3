"""Cut the boilerplate that a news site wraps around an article.

in:   RawDocument   text exactly as scraped
out:  CleanText     the article's blocks, and every line or part of a line that is not body, with the rule that said so

Evidence comes from four sides: the rules of data/cleaning.yml, what data/sources.yml knows of an outlet, the
structure of the page (`structure`), and lines learnt from the corpus (`repetition`). Words are never changed, and a
document is never emptied. Bylines and source lines are shown as blocks *and* listed as removed, since they are not
body."""

from __future__ import annotations

from collections.abc import Sequence

from dateline.bylines import CleaningKnowledge
from dateline.draft import Draft, Mark
from dateline.lines import Line, split
from dateline.model import BODY_KINDS, Block, CleanText, RawDocument, Removal
from dateline.parts import Part, closing, headline_parts, opening
from dateline.structure import mark_all
from dateline.wrapping import join

LAYERS = 4
"""How many signatures, counters and the like may be stacked at one end of a paragraph."""
OPENINGS = 3
"""How many of the body's first paragraphs may carry a signature in front."""


def clean(raw: RawDocument, knowledge: CleaningKnowledge, learnt: frozenset[str] = frozenset()) -> CleanText:
    """Decide for every non-blank line whether it is the article, and what it is.

    `learnt` are lines that repetition in the corpus has shown to be this outlet's furniture (`repetition.learn`).
    """
    return cleaned(raw, knowledge, learnt)[0]


def cleaned(raw: RawDocument, knowledge: CleaningKnowledge, learnt: frozenset[str] = frozenset()) -> tuple[CleanText, frozenset[str]]:
    """The same, and which lines (in compared form) were looked up in `learnt`: with others that has none of these in it,
    the result is the same."""
    shown, invisible = split(raw.text)
    draft = Draft(shown, knowledge.rules, knowledge.outlets, learnt, raw.field("url"), raw.field("title"))
    mark_all(draft)
    blocks, removed = _assemble(draft)
    removed.extend(Removal(line.number, line.text, "structure.invisible") for line in invisible)
    removed.sort(key=lambda removal: removal.line)
    return CleanText(tuple(blocks), tuple(removed)), frozenset(draft.asked)


def _assemble(draft: Draft) -> tuple[list[Block], list[Removal]]:
    blocks: list[Block] = []
    removed: list[Removal] = []
    paragraphs = [index for index, mark in enumerate(draft.marks) if mark is None or mark.kind in BODY_KINDS]
    first, last = set(paragraphs[:OPENINGS]), paragraphs[-1] if paragraphs else -1
    index = 0
    while index < len(draft.lines):
        mark = draft.marks[index]
        line = draft.lines[index]
        if mark is not None and mark.kind not in BODY_KINDS:
            if mark.kind == "title":
                _cut_title(line, draft, blocks, removed)
            else:
                _keep_or_remove(line, mark, blocks, removed)
            index += 1
            continue
        end = draft.wraps.get(index, index + 1)
        text, breaks = join(draft.lines[index:end])
        block = Block((mark and mark.kind) or draft.kind_of(index, text), text, line.number, breaks)
        _cut_parts(block, draft, index in first, end - 1 == last, blocks, removed)
        index = end
    return blocks, removed


def _keep_or_remove(line: Line, mark: Mark, blocks: list[Block], removed: list[Removal]) -> None:
    if mark.kind:
        blocks.append(Block(mark.kind, line.text, line.number))
    if mark.kind in ("", "byline", "source"):
        removed.append(Removal(line.number, line.text, mark.rule))


def _cut_title(line: Line, draft: Draft, blocks: list[Block], removed: list[Removal]) -> None:
    """The headline without a date before or behind it."""
    block = Block("title", line.text, line.number)
    start, end = 0, len(line.text)
    for cut in headline_parts(line.text, draft.rules, draft.outlets):
        start, end = (cut.end, end) if cut.start == 0 else (start, cut.start)
        removed.append(_removal(block, cut))
    blocks.append(_piece(block, start, end))


def _cut_parts(
    block: Block, draft: Draft, first: bool, last: bool, blocks: list[Block], removed: list[Removal]
) -> None:
    """Cut what stands before and after a paragraph's own words; what is left is the block."""
    if not first and not last and draft.rules.suffix(block.text, last) is None:
        blocks.append(block)
        return
    start, end = 0, len(block.text)
    cuts: list[Part] = []
    while (
        first
        and len(cuts) < LAYERS
        and (part := opening(block.text[start:end], draft.outlets, draft.rules, draft.home))
    ):
        cuts.append(Part(start, start + part.end, part.rule))
        start += part.end
    while len(cuts) < 2 * LAYERS and (part := closing(block.text[start:end], draft.rules, draft.outlets, last)):
        cuts.append(Part(start + part.start, end, part.rule))
        end = start + part.start
        end = start + len(block.text[start:end].rstrip())
    if not block.text[start:end].strip():
        start, end, cuts = 0, len(block.text), []
    for cut in cuts:
        removed.append(_removal(block, cut))
    blocks.append(_piece(block, start, end))
    blocks.extend(_byline(block, cut) for cut in cuts if cut.rule.startswith("byline.") and cut.start >= end)


def _removal(block: Block, cut: Part) -> Removal:
    return Removal(block.line_at(cut.start), block.text[cut.start : cut.end].strip(), cut.rule, whole=False)


def _byline(block: Block, cut: Part) -> Block:
    return Block("byline", block.text[cut.start : cut.end].strip(), block.line_at(cut.start))


def _piece(block: Block, start: int, end: int) -> Block:
    if start == 0 and end == len(block.text):
        return block
    while start < end and block.text[start].isspace():
        start += 1
    breaks = tuple(position - start for position in block.breaks if start < position < end)
    return Block(block.kind, block.text[start:end].rstrip(), block.line_at(start), breaks)


def kept_text(text: CleanText) -> str:
    """The article as plain text: title, body and captions, a blank line between."""
    return "\n\n".join(
        block.text for block in text.blocks if block.kind in BODY_KINDS or block.kind in ("title", "caption")
    )


def body_text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks if block.kind in BODY_KINDS)
