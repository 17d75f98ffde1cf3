"""What the order of a page's lines says about them.

After a comment counter comes no article; what stands above a login bar is not the headline; a title printed twice
with a time below it is a teaser. `mark_all` goes over a `Draft` pass by pass, the surest evidence first; a line
that no pass marks is body."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from dateline.bylines import parse as parse_byline
from dateline.captions import ENOUGH, could_be, points
from dateline.draft import HEAD_LINES, Draft, drop_from, is_photo_number
from dateline.endings import cut_after_signoff, cut_second_story, is_signature, mark_tail
from dateline.headline import find_headline
from dateline.lines import ends_sentence, is_headline, joins, printed_form
from dateline.outlets import Outlet
from dateline.rules import Rule
from dateline.wrapping import find_wraps

_BARE_CREDIT = re.compile(r"[(\[]?(?:photos?|ảnh|nguồn ảnh|video|clip)\s?[:：]", re.IGNORECASE)
_PARAGRAPH = 200
"""So many characters in short lines, the last of them a sentence's end, are a wrapped paragraph."""
_PICTURE_TRACES = frozenset({"cms.file-name", "cms.picture"})


def mark_all(draft: Draft) -> None:
    """Mark every line that is not plain body."""
    _by_rule(draft)
    _above_masthead(draft)
    _to_end(draft)
    _related_blocks(draft)
    _not_at_foot(draft)
    _twice(draft)
    find_headline(draft)
    _captions(draft)
    _bare_captions(draft)
    cut_second_story(draft)
    cut_after_signoff(draft)
    _glued_titles(draft)
    mark_tail(draft)
    _never_empty(draft)
    draft.end = max((i for i, mark in enumerate(draft.marks) if mark is None), default=-1)
    draft.wraps = find_wraps(draft.lines, [mark is None for mark in draft.marks])


def _by_rule(draft: Draft) -> None:
    prose_seen = False
    told = 0
    for index, line in enumerate(draft.lines):
        if line.short:
            rule = draft.rules.line(line, prose_seen)
            if rule is not None:
                draft.mark(index, rule.kept, rule.id, _cut_of(rule))
            elif not _by_outlet(draft, index, prose_seen):
                _by_byline(draft, index)
        if draft.marks[index] is None and not prose_seen:
            told += len(line.text)
            prose_seen = draft.prose[index] or (told >= _PARAGRAPH and ends_sentence(line.text))


def _cut_of(rule: Rule) -> str:
    return "foot" if rule.where == "after-body" and rule.cut == "line" and not rule.kept else rule.cut


def _by_outlet(draft: Draft, index: int, prose_seen: bool) -> bool:
    text = draft.lines[index].text
    form = printed_form(text)
    owner = draft.outlets.masthead(text)
    if owner is not None and not prose_seen:
        draft.home = draft.home or owner
        draft.mark(index, "", owner.id, "head")
        return True
    draft.asked.add(form)
    if form in draft.learnt:
        draft.mark(index, "", "learnt")
    elif prose_seen and len(text) <= 40 and draft.outlets.by_name(text) is not None:
        draft.mark(index, "byline", "byline.outlet")
    elif prose_seen and draft.home and len(text) <= 40 and form in _menu(draft.home):
        draft.mark(index, "", draft.home.id)
    return draft.marks[index] is not None


@lru_cache(maxsize=256)
def _menu(outlet: Outlet) -> frozenset[str]:
    return frozenset(map(printed_form, outlet.menu))


def _by_byline(draft: Draft, index: int) -> None:
    byline = parse_byline(draft.lines[index].text, draft.rules, draft.outlets)
    if byline is not None:
        draft.mark(index, "byline", "byline.name" if byline.day is None and byline.names else "byline.date")


def _above_masthead(draft: Draft) -> None:
    """A masthead or login bar stands above the headline, and so does all that is above it."""
    begin = draft.first_prose()
    heads = [i for i in range(begin) if (mark := draft.marks[i]) is not None and mark.cut == "head"]
    if not heads:
        return
    lowest = max((i for i in range(begin) if draft.open(i) and is_headline(draft.lines[i].text)), default=begin)
    while heads and heads[-1] > lowest:  # "Đăng ký" below the headline
        heads.pop()
    for index in range(heads[-1] if heads else 0):
        mark = draft.marks[index]
        if mark is None or mark.kind:
            draft.mark(index, "", mark.rule if mark else "structure.above-masthead")


def _to_end(draft: Draft) -> None:
    """After a comment counter, a reaction list or the like comes no article, unless most of it would be lost."""
    total = draft.prose_between(0, len(draft.lines))
    before = 0
    for index, mark in enumerate(draft.marks):
        if mark is None:
            before += len(draft.lines[index].text) if draft.prose[index] else 0
        elif mark.cut == "to-end" and before and before * 2 >= total - before:
            drop_from(draft, index + 1, mark.rule)
            return


def _not_at_foot(draft: Draft) -> None:
    """A word that is a menu's only below the article is body while the article goes on below it."""
    last = draft.last_prose()
    for index in range(last):
        mark = draft.marks[index]
        if mark is not None and mark.cut == "foot" and draft.lines[index].text[:1].isalpha():
            draft.marks[index] = None


def _related_blocks(draft: Draft) -> None:
    """The headlines below "Tin liên quan", down to the next paragraph."""
    begin, last = draft.first_prose(), draft.last_prose()
    for index, mark in enumerate(draft.marks):
        if mark is None or mark.cut != "block" or mark.kind:
            continue
        if not any(draft.open(i) for i in range(min(index, HEAD_LINES))):
            continue  # above the headline it is an entry of a menu
        reach = len(draft.lines) if index > last else min(len(draft.lines), index + 13)
        if index < begin:
            reach = min(reach, _before_headline(draft, index, begin))
        for below in range(index + 1, reach):
            if draft.marks[below] is None and draft.prose[below] and not is_headline(draft.lines[below].text):
                break
            if draft.marks[below] is None or draft.marks[below].kind == "byline":  # type: ignore[union-attr]
                draft.mark(below, "", mark.rule)


def _before_headline(draft: Draft, index: int, begin: int) -> int:
    """Above the text a line with a date ends a list of other stories, and the line above the date is the headline."""
    for below in range(index + 2, begin):
        mark = draft.marks[below]
        if mark is not None and mark.rule == "byline.date":
            return below - 1
    return begin


def _twice(draft: Draft) -> None:
    """The same line twice in a row: a teaser below the article, a caption or a lead within it."""
    _lead_again(draft)
    begin, last = draft.first_prose(), draft.last_prose()
    before: int | None = None
    below: dict[str, int] = {}
    for index, line in enumerate(draft.lines):
        mark = draft.marks[index]
        if mark is not None and mark.kind != "caption":
            continue
        first = below.get(line.text) if index > last else before
        if first is not None and draft.lines[first].text == line.text:
            _mark_pair(draft, first, index, begun=first > begin, ended=index > last)
        else:
            before = index
            if index > last:
                below.setdefault(line.text, index)


def _mark_pair(draft: Draft, first: int, second: int, *, begun: bool, ended: bool) -> None:
    """What a line and its copy are: two lines of a teaser, or something of the article and a repetition."""
    text = draft.lines[second].text
    if begun and ended and is_headline(text) and not is_signature(draft, text) and draft.marks[first] is None:
        draft.mark(first, "", "structure.teaser-twice")
        draft.mark(second, "", "structure.teaser-twice")
        return
    draft.mark(second, "", "structure.repeated")
    if begun and draft.marks[first] is None and not draft.prose[first] and not is_signature(draft, text):
        draft.mark(first, "caption", "structure.repeated")


def _lead_again(draft: Draft) -> None:
    """The lead, printed once as the summary and once more where the text begins."""
    prose = [i for i, prose in enumerate(draft.prose) if prose and draft.marks[i] is None][:4]
    for index in prose[1:]:
        if draft.lines[index].text == draft.lines[prose[0]].text:
            draft.mark(index, "", "structure.repeated")


def _captions(draft: Draft) -> None:
    """What stands next to the trace of a picture: below its number or file name, above a bare credit."""
    begin, last = draft.first_prose(), draft.last_prose()
    for index, line in enumerate(draft.lines):
        if draft.marks[index] is None and line.short and is_photo_number(line.text):
            draft.mark(index, "caption", "structure.photo-number")
            _caption_at(draft, index + 1, "structure.below-photo", last)
        elif (mark := draft.marks[index]) is None:
            continue
        elif mark.rule in _PICTURE_TRACES and index + 1 < len(draft.lines) and len(draft.lines[index + 1].text) <= 100:
            _caption_at(draft, index + 1, "structure.below-photo", last)
        elif mark.rule == "caption.credit" and _BARE_CREDIT.match(line.text) and index - 1 > begin:
            _caption_at(draft, index - 1, "structure.above-credit", last)


def _caption_at(draft: Draft, index: int, rule: str, last: int) -> None:
    """Make a lone sentence a caption, where an article goes on below."""
    if 0 < index < last and draft.marks[index] is None and _one_sentence(draft.lines[index].text):
        draft.mark(index, "caption", rule)


def _one_sentence(text: str) -> bool:
    return len(text) <= 200 and not re.search(r"[.!?…][”\"]?\s+\S", text) and text[:1] not in '“"-–'


def _bare_captions(draft: Draft) -> None:
    """Captions without a credit: short lines that stand alone among paragraphs and only say who is seen where."""
    begin, last = draft.first_prose(), draft.last_sentence()
    head = draft.lines[draft.title].text if draft.title is not None else ""
    for index in range(begin + 1, last):
        text = draft.lines[index].text
        if draft.marks[index] is not None or not could_be(text) or not _between_paragraphs(draft, index):
            continue
        near = f"{head}\n{draft.lines[begin].text[:400]}\n{draft.lines[index - 1].text[-400:]}"
        if points(text, draft.rules.cues, near, draft.lines[index + 1].text) >= ENOUGH:
            draft.mark(index, "caption", "structure.caption")


def _between_paragraphs(draft: Draft, index: int) -> bool:
    """Not in a poem or list: what stands open right above and below is running text."""
    return all(
        draft.marks[i] is not None or ends_sentence(draft.lines[i].text) or not could_be(draft.lines[i].text)
        for i in (index - 1, index + 1)
    )


def _glued_titles(draft: Draft) -> None:
    """Headlines of other stories run together without a space, above or among the first paragraphs."""
    for index, line in enumerate(draft.lines):
        if draft.marks[index] is not None or not 60 <= len(line.text) <= 600 or ends_sentence(line.text):
            continue
        cuts = [0, *joins(line.text), len(line.text)]
        pieces = [line.text[start:end] for start, end in pairwise(cuts)]
        if len(pieces) >= 3 and all(is_headline(piece) and ". " not in piece for piece in pieces):
            draft.mark(index, "", "structure.glued-titles")


def _never_empty(draft: Draft) -> None:
    """A document that would be left without any body gets its captions, or else its longest doubtful line, back."""
    if any(mark is None or mark.kind in ("paragraph", "heading", "list-item", "note") for mark in draft.marks):
        return
    captions = [i for i, mark in enumerate(draft.marks) if mark is not None and mark.kind == "caption"]
    doubtful = [
        i
        for i, mark in enumerate(draft.marks)
        if mark is not None and (mark.kind == "title" or mark.rule.startswith("structure.") or mark.rule == "learnt")
    ]
    for index in captions or sorted(doubtful, key=lambda i: (-len(draft.lines[i].text), i))[:1]:
        draft.mark(index, "paragraph", "structure.never-empty")
