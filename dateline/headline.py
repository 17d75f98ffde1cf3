"""Which line above the text is the headline, and what the lines around it are.

Of several lines that could be it, the first of those that speak of the story is taken; labels above it are not the
article, a name beside the date signs it."""

from __future__ import annotations

import re

from dateline.captions import content_words, no_headline
from dateline.draft import HEAD_LINES, Draft, is_person, is_photo_number
from dateline.lines import ends_sentence, is_headline, printed_form
from dateline.parts import signature
from dateline.text import slug

_NEARLY = 1.5
"""How much better a later line must be than an earlier one to be the headline in its place."""
_SHORT_TITLE = 30
_LEAD = 110
"""A line longer than this is more often the lead, even without a full stop."""


def find_headline(draft: Draft) -> None:
    """At most one line above the text is the headline; labels above it are not the article."""
    begin = draft.first_prose()
    candidates = [i for i in range(min(begin + 1, len(draft.lines))) if draft.marks[i] is None][:HEAD_LINES]
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
        if draft.marks[index] is None and is_person(draft, draft.lines[index].text):
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
            if is_person(draft, text):
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
        if _could_be_headline(draft, index) and not is_photo_number(text):
            if signature(text, draft.outlets, draft.rules):
                if len(text) < _SHORT_TITLE:  # "TP - Giáo dục", a section's label
                    continue
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
    chosen = min(index for index, score in scores.items() if score > best - _NEARLY)
    return chosen if _is_set_off(draft, chosen) or possible.index(chosen) >= 2 else possible[0]


def _is_set_off(draft: Draft, index: int) -> bool:
    """Whether a date or name stands close below; without it a second line is more often the lead than the headline."""
    return any(mark is not None and mark.kind == "byline" for mark in draft.marks[index + 1 : index + 3])


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
    begin = draft.first_prose() + 1
    return any(
        draft.open(i) and 12 <= len(line.text) <= 100 and draft.kind_of(i, line.text) == "heading"
        for i, line in enumerate(draft.lines[begin:-1], begin)
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
