"""What the order of a page's lines says about them.

After a comment counter comes no article; what stands above a login bar is not the headline; a title printed twice
with a time below it is a teaser. `mark_all` goes over a `Draft` pass by pass, the surest evidence first; a line
that no pass marks is body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from dateline.bylines import parse as parse_byline
from dateline.captions import ENOUGH, content_words, could_be, no_headline, points
from dateline.lines import Line, are_names, ends_sentence, is_headline, is_prose, joins, printed_form
from dateline.model import BlockKind
from dateline.outlets import Outlet, Outlets
from dateline.parts import SIGNED, is_signoff, signature
from dateline.rules import Rule, Rules
from dateline.text import slug
from dateline.wrapping import find_wraps

_PHOTO_NUMBER = re.compile(r"(?:photo|ảnh|anh|image|hình ảnh|hinh anh|hình|picture)\s?\d{1,2}\W{0,3}$", re.IGNORECASE)
_PHOTO_END = 20
_LIST_ITEM = re.compile(r"(?:[-–•●▪*+]\s|\d{1,2}[.)]\s|[a-zđ][.)]\s)")
_BARE_CREDIT = re.compile(r"[(\[]?(?:photos?|ảnh|nguồn ảnh|video|clip)\s?[:：]", re.IGNORECASE)
_NEARLY = 1.5
"""How much better a later line must be than an earlier one to be the headline in its place."""
_SHORT_TITLE = 30
_PARAGRAPH = 200
"""So many characters in short lines, the last of them a sentence's end, are a wrapped paragraph."""
_LEAD = 110
"""A line longer than this is more often the lead, even without a full stop."""
_HEAD_LINES = 12
"""How many lines above the text may be labels, menus and the headline."""
_PICTURE_TRACES = frozenset({"cms.file-name", "cms.picture"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line is: `kind` is "" for noise, else the kind of block it is kept as."""

    kind: BlockKind | Literal[""]
    rule: str
    cut: str = "line"


class Draft:
    """A page while it is being marked: its lines and, for each, a mark or None for "body, so far"."""

    __slots__ = (
        "end",
        "home",
        "learnt",
        "lines",
        "marks",
        "outlets",
        "prose",
        "record_title",
        "rules",
        "title",
        "url",
        "wraps",
    )

    def __init__(
        self,
        lines: list[Line],
        rules: Rules,
        outlets: Outlets,
        learnt: frozenset[str],
        url: str | None,
        title: str | None,
    ) -> None:
        self.lines = lines
        self.prose = [is_prose(line) for line in lines]
        self.marks: list[Mark | None] = [None] * len(lines)
        self.rules = rules
        self.outlets = outlets
        self.learnt = learnt
        self.url = url
        self.record_title = title
        self.home: Outlet | None = outlets.by_url(url) if url else None
        self.title: int | None = None
        self.wraps: dict[int, int] = {}
        self.end = len(lines) - 1
        """Index of the last body line."""

    def open(self, index: int) -> bool:
        return self.marks[index] is None

    def prose_between(self, start: int, end: int) -> int:
        """How many characters of running text the lines hold that are still body."""
        return sum(
            len(self.lines[i].text) for i in range(start, end) if self.marks[i] is None and self.prose[i]
        )

    def first_prose(self) -> int:
        return next(
            (i for i, prose in enumerate(self.prose) if prose and self.marks[i] is None), len(self.lines)
        )

    def last_prose(self) -> int:
        return next(
            (i for i in range(len(self.lines) - 1, -1, -1) if self.marks[i] is None and self.prose[i]), -1
        )

    def last_sentence(self) -> int:
        """Index of the last body line that is a sentence of some length."""
        return next(
            (
                i
                for i in range(len(self.lines) - 1, -1, -1)
                if self.marks[i] is None and len(self.lines[i].text) >= 40 and ends_sentence(self.lines[i].text)
            ),
            -1,
        )

    def mark(self, index: int, kind: BlockKind | Literal[""], rule: str, cut: str = "line") -> None:
        self.marks[index] = Mark(kind, rule, cut)

    def kind_of(self, index: int, text: str) -> BlockKind:
        """What kind of body block an unmarked line is; `text` is the whole paragraph that begins there."""
        if _LIST_ITEM.match(text):
            return "list-item"
        if len(text) <= 120 and not ends_sentence(text) and text[:1].isalnum() and index < self.end:
            return "heading"
        return "paragraph"


def mark_all(draft: Draft) -> None:
    """Mark every line that is not plain body."""
    _by_rule(draft)
    _above_masthead(draft)
    _to_end(draft)
    _related_blocks(draft)
    _not_at_foot(draft)
    _twice(draft)
    _headline(draft)
    _captions(draft)
    _bare_captions(draft)
    _second_story(draft)
    _after_signoff(draft)
    _glued_titles(draft)
    _tail(draft)
    _never_empty(draft)
    draft.end = max((i for i, mark in enumerate(draft.marks) if mark is None), default=-1)
    draft.wraps = find_wraps(draft.lines, [mark is None for mark in draft.marks])


# -- what single lines say -------------------------------------------------------------------------------------------
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
    elif form in draft.learnt:
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


# -- where the article begins and ends -------------------------------------------------------------------------------
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
            _drop_from(draft, index + 1, mark.rule)
            return


def _drop_from(draft: Draft, start: int, rule: str) -> None:
    for index in range(start, len(draft.lines)):
        mark = draft.marks[index]
        if mark is None or mark.kind in ("byline", "caption", "note"):
            draft.mark(index, "", rule)


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
        if not any(draft.open(i) for i in range(min(index, _HEAD_LINES))):
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
    if begun and ended and is_headline(text) and not _is_signature(draft, text) and draft.marks[first] is None:
        draft.mark(first, "", "structure.teaser-twice")
        draft.mark(second, "", "structure.teaser-twice")
        return
    draft.mark(second, "", "structure.repeated")
    if begun and draft.marks[first] is None and not draft.prose[first] and not _is_signature(draft, text):
        draft.mark(first, "caption", "structure.repeated")


def _lead_again(draft: Draft) -> None:
    """The lead, printed once as the summary and once more where the text begins."""
    prose = [i for i, prose in enumerate(draft.prose) if prose and draft.marks[i] is None][:4]
    for index in prose[1:]:
        if draft.lines[index].text == draft.lines[prose[0]].text:
            draft.mark(index, "", "structure.repeated")


def _is_person(draft: Draft, text: str) -> bool:
    return are_names(text, draft.rules.words.surnames, draft.rules.words.not_names)


# -- the headline ----------------------------------------------------------------------------------------------------
def _headline(draft: Draft) -> None:
    """At most one line above the text is the headline; labels above it are not the article."""
    begin = draft.first_prose()
    candidates = [i for i in range(min(begin + 1, len(draft.lines))) if draft.marks[i] is None][:_HEAD_LINES]
    chosen = _choose(draft, candidates)
    if chosen is None or chosen + 1 >= len(draft.lines) or not _text_below(draft, chosen):
        return
    if _is_first_subheading(draft, chosen):
        return
    draft.title = chosen
    draft.mark(chosen, "title", "structure.title")
    for index in candidates:
        if index < chosen:
            draft.mark(index, "", "structure.section-label")
    for index in range(chosen + 1, begin):
        if draft.marks[index] is None and _is_person(draft, draft.lines[index].text):
            draft.mark(index, "byline", "byline.name")
    _beside_dates(draft, chosen, begin)


def _beside_dates(draft: Draft, title: int, begin: int) -> None:
    """A name right above or below the line with the date signs the story; another single word there is a label."""
    for index in range(title + 1, min(begin + 4, len(draft.lines))):
        text = draft.lines[index].text
        if not draft.open(index) or len(text) > 40 or ends_sentence(text):
            continue
        near = [draft.marks[i] for i in (index - 1, index + 1) if title < i < len(draft.lines)]
        if any(mark is not None and mark.kind == "byline" for mark in near):
            if _is_person(draft, text):
                draft.mark(index, "byline", "byline.name")
            elif " " not in text:
                draft.mark(index, "", "structure.section-label")


def _choose(draft: Draft, candidates: list[int]) -> int | None:
    if draft.record_title:
        wanted = printed_form(draft.record_title)
        return next((i for i in candidates if printed_form(draft.lines[i].text) == wanted), None)
    words = set(slug(_slug_of(draft.url), 400).split("-")) - {""} if draft.url else set()
    for index in candidates:
        if len(words) >= 4 and _overlap(draft.lines[index].text, words) >= 0.7 and len(draft.lines[index].text) <= 250:
            return index
    return _likeliest(draft, candidates)


def _likeliest(draft: Draft, candidates: list[int]) -> int | None:
    """Of the lines above the text the one that is about it: the first of those that are nearly as good as the best."""
    possible: list[int] = []
    for index in candidates:
        text = draft.lines[index].text
        if _could_be_headline(draft, index) and not _PHOTO_NUMBER.search(text, max(0, len(text) - _PHOTO_END)):
            if signature(text, draft.outlets, draft.rules):
                break
            possible.append(index)
        elif len(text) > 25 or ends_sentence(text):
            break
    if len(possible) < 2:
        return possible[0] if possible else None
    begin = draft.first_prose()
    told = " ".join(draft.lines[i].text for i in range(begin, min(begin + 4, len(draft.lines))) if draft.open(i))[:1500]
    told_words = content_words(told)
    scores = {i: _headline_score(draft, i, told_words) + (i == candidates[0]) for i in possible}
    best = max(scores.values())
    return min(index for index, score in scores.items() if score > best - _NEARLY)


def _could_be_headline(draft: Draft, index: int) -> bool:
    """A headline's form, which may be cut short in a first line; not what goes on from something or names who is left."""
    text = draft.lines[index].text
    if not is_headline(text) and not (index == 0 and text.endswith(" ...") and is_headline(text[:-4])):
        return False
    return not no_headline(text, draft.rules.cues)


def _is_first_subheading(draft: Draft, index: int) -> bool:
    """A few words on top of a page that shows nothing else above the text, while more of the kind follow: the headline is
    missing. Of 12 such lines in 5,000 pages 9 were subheadings."""
    if len(draft.lines[index].text) >= _SHORT_TITLE or draft.record_title or draft.url or any(draft.marks[: index + 2]):
        return False
    return any(
        draft.open(i) and 12 <= len(line.text) <= 100 and draft.kind_of(i, line.text) == "heading"
        for i, line in enumerate(draft.lines[index + 1 : -1], index + 1)
    )


def _headline_score(draft: Draft, index: int, told: frozenset[str]) -> float:
    """What speaks for a line as the headline: words of the story, a date or name right below, more than a label's length."""
    text = draft.lines[index].text
    below = draft.marks[index + 1] if index + 1 < len(draft.lines) else None
    shared = len(content_words(text) & told)
    lead_like = 2 * (len(text) > _LEAD)
    return min(shared, 3) - lead_like + 2 * (below is not None and below.kind == "byline") + (len(text) >= 30) - 2 * (text.count(" ") < 3)


def _slug_of(url: str | None) -> str:
    """The words of an address's last long part."""
    parts = [part for part in (url or "").split("?")[0].split("/")[3:] if part.count("-") >= 3]
    return re.sub(r"\.\w{2,5}$", "", parts[-1]) if parts else ""


def _overlap(text: str, words: set[str]) -> float:
    own = slug(text, 400).split("-")
    return sum(1 for word in own if word in words) / max(
        len(own), len([word for word in words if not word.isdigit()]), 1
    )


def _text_below(draft: Draft, index: int) -> bool:
    return any(draft.marks[i] is None and len(draft.lines[i].text) >= 40 for i in range(index + 1, len(draft.lines)))


# -- within the article ----------------------------------------------------------------------------------------------
def _captions(draft: Draft) -> None:
    """What stands next to the trace of a picture: below its number or file name, above a bare credit."""
    begin, last = draft.first_prose(), draft.last_prose()
    for index, line in enumerate(draft.lines):
        if draft.marks[index] is None and line.short and _PHOTO_NUMBER.search(line.text, max(0, len(line.text) - _PHOTO_END)):
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


def _second_story(draft: Draft) -> None:
    """A second signature of an outlet in front of a paragraph begins another story."""
    body = [i for i in range(len(draft.lines)) if draft.marks[i] is None]
    signed: str | None = None
    size = 0
    for position, index in enumerate(body):
        line = draft.lines[index]
        part = None
        if draft.prose[index] and SIGNED.match(line.text):
            part = signature(line.text[:120], draft.outlets, draft.rules)
        if part is not None and part.rule == "dateline.outlet" and part.outlet:
            if signed == part.outlet and size >= 400:
                start = position
                while (
                    start
                    and is_headline(draft.lines[body[start - 1]].text)
                    and not draft.prose[body[start - 1]]
                ):
                    start -= 1
                _drop_from(draft, body[start], "structure.second-story")
                return
            if signed == part.outlet and position + 1 < len(body) and _is_teaser_title(draft, body[position - 1]):
                draft.mark(body[position - 1], "", "structure.second-story")
                draft.mark(index, "", "structure.second-story")
            signed = signed or part.outlet
        size += len(line.text)


def _after_signoff(draft: Draft) -> None:
    """Below the name that signs the story come headlines with their first sentences: other stories."""
    begin, last = draft.first_prose(), draft.last_prose()
    for index in range(last - 1, begin + 2, -1):
        mark = draft.marks[index]
        if not (mark is None and _is_person(draft, draft.lines[index].text)):
            continue
        rest = [i for i in range(index + 1, len(draft.lines)) if draft.open(i)]
        told, more = draft.prose_between(0, index), draft.prose_between(index, len(draft.lines))
        if rest and more * 4 <= told and _is_teaser_title(draft, rest[0]) and not _same_story(draft, begin, rest[0]):
            draft.mark(index, "byline", "byline.signoff")
            _drop_from(draft, rest[0], "structure.second-story")
        return


def _same_story(draft: Draft, begin: int, index: int) -> bool:
    head = draft.lines[draft.title].text if draft.title is not None else ""
    return len(content_words(draft.lines[index].text) & content_words(f"{head}\n{draft.lines[begin].text}")) >= 2


def _is_teaser_title(draft: Draft, index: int) -> bool:
    line = draft.lines[index]
    return draft.open(index) and is_headline(line.text) and (line.text[-1] == "?" or not ends_sentence(line.text))


def _glued_titles(draft: Draft) -> None:
    """Headlines of other stories run together without a space, above or among the first paragraphs."""
    for index, line in enumerate(draft.lines):
        if draft.marks[index] is not None or not 60 <= len(line.text) <= 600 or ends_sentence(line.text):
            continue
        cuts = [0, *joins(line.text), len(line.text)]
        pieces = [line.text[start:end] for start, end in pairwise(cuts)]
        if len(pieces) >= 3 and all(is_headline(piece) and ". " not in piece for piece in pieces):
            draft.mark(index, "", "structure.glued-titles")


def _tail(draft: Draft) -> None:
    """What stands below the last paragraph: a name is the sign-off; headlines below that are other news."""
    last = draft.last_prose()
    if last < 0:
        return
    closed = teasers = signed = False
    loose: list[int] = []
    below: list[int] = []
    lowest = max((i for i, mark in enumerate(draft.marks) if mark is None), default=-1)
    for index in range(last + 1, len(draft.lines)):
        text = draft.lines[index].text
        mark = draft.marks[index]
        if mark is not None:
            if mark.rule == "byline.date" and teasers:
                draft.mark(index, "", "structure.teaser-time")
            closed |= mark.kind in ("", "byline", "source")
            signed |= mark.kind in ("byline", "source")
            teasers |= not mark.kind
        elif _is_signature(draft, text) or (index == lowest and _is_office(draft, index)):
            draft.mark(index, "byline", "byline.signoff")
            closed = signed = True
        elif closed and not _LIST_ITEM.match(text) and (is_headline(text) or (signed and _is_label(text))):
            (below if signed else loose).append(index)
    if not closed:
        below = _bare_tags(draft)
    for index in below + loose if len(below) + len(loose) >= 2 else below:
        draft.mark(index, "", "structure.tail-list")


def _bare_tags(draft: Draft) -> list[int]:
    """Three or more lines of a word or two at the very end, below a sentence: the page's keywords."""
    tags: list[int] = []
    for index in range(len(draft.lines) - 1, -1, -1):
        text, mark = draft.lines[index].text, draft.marks[index]
        if mark is not None and not mark.kind and not tags:
            continue
        if mark is not None or text.count(" ") > 2 or ends_sentence(text) or not text.replace(" ", "").isalpha():
            return tags if len(tags) >= 3 and draft.open(index) and ends_sentence(text) else []
        tags.append(index)
    return []


def _is_label(text: str) -> bool:
    """A few words without an end: below the name that signs a story they are tags and menus."""
    return len(text) <= 60 and not ends_sentence(text)


def _is_signature(draft: Draft, text: str) -> bool:
    """A name, an agency, or one word in capitals: "CLASSY", a pen name that went through a translation."""
    pen_name = text.isupper() and text.isalpha() and 3 <= len(text) <= 14
    if pen_name or text in draft.rules.words.agencies or _is_person(draft, text):
        return True
    return len(text) <= 60 and not ends_sentence(text) and is_signoff(text, draft.rules, draft.outlets)


def _is_office(draft: Draft, index: int) -> bool:
    """The office that a portal's notice is signed by: alone below the last sentence, no item of a list."""
    text = draft.lines[index].text
    above = draft.lines[index - 1].text
    offices = draft.rules.words.offices
    return len(text) <= 60 and text.startswith(offices) and not above.startswith(offices) and above[-1] in ".!”\""


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
