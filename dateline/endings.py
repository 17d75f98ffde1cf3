"""What stands below the article: the name that signs it, headlines and beginnings of other stories, keywords."""

from __future__ import annotations

from dateline.captions import content_words
from dateline.draft import LIST_ITEM, Draft, drop_from, is_person
from dateline.lines import ends_sentence, is_headline
from dateline.parts import SIGNED, is_signoff, signature


def cut_second_story(draft: Draft) -> None:
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
                drop_from(draft, body[start], "structure.second-story")
                return
            if signed == part.outlet and position + 1 < len(body) and _is_teaser_title(draft, body[position - 1]):
                draft.mark(body[position - 1], "", "structure.second-story")
                draft.mark(index, "", "structure.second-story")
            signed = signed or part.outlet
        size += len(line.text)


def cut_after_signoff(draft: Draft) -> None:
    """Below the name that signs the story come headlines with their first sentences: other stories."""
    begin, last = draft.first_prose(), draft.last_prose()
    for index in range(last - 1, begin + 2, -1):
        mark = draft.marks[index]
        if not (mark is None and is_person(draft, draft.lines[index].text)):
            continue
        rest = [i for i in range(index + 1, len(draft.lines)) if draft.open(i)]
        told, more = draft.prose_between(0, index), draft.prose_between(index, len(draft.lines))
        if rest and more * 4 <= told and _is_teaser_title(draft, rest[0]) and not _same_story(draft, begin, rest[0]):
            draft.mark(index, "byline", "byline.signoff")
            drop_from(draft, rest[0], "structure.second-story")
        return


def _same_story(draft: Draft, begin: int, index: int) -> bool:
    head = draft.lines[draft.title].text if draft.title is not None else ""
    return len(content_words(draft.lines[index].text) & content_words(f"{head}\n{draft.lines[begin].text}")) >= 2


def _is_teaser_title(draft: Draft, index: int) -> bool:
    line = draft.lines[index]
    return draft.open(index) and is_headline(line.text) and (line.text[-1] == "?" or not ends_sentence(line.text))


def mark_tail(draft: Draft) -> None:
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
        elif is_signature(draft, text) or (index == lowest and _is_office(draft, index)):
            draft.mark(index, "byline", "byline.signoff")
            closed = signed = True
        elif closed and not LIST_ITEM.match(text) and (is_headline(text) or (signed and _is_label(text))):
            (below if signed else loose).append(index)
    if not below and not loose:
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


def is_signature(draft: Draft, text: str) -> bool:
    """A name, an agency, or one word in capitals: "CLASSY", a pen name that went through a translation."""
    pen_name = text.isupper() and text.isalpha() and 3 <= len(text) <= 14
    if pen_name or text in draft.rules.words.agencies or is_person(draft, text):
        return True
    return len(text) <= 60 and not ends_sentence(text) and is_signoff(text, draft.rules, draft.outlets)


def _is_office(draft: Draft, index: int) -> bool:
    """The office that a portal's notice is signed by: alone below the last sentence, no item of a list."""
    text = draft.lines[index].text
    above = draft.lines[index - 1].text
    offices = draft.rules.words.offices
    return len(text) <= 60 and text.startswith(offices) and not above.startswith(offices) and above[-1] in ".!”\""
