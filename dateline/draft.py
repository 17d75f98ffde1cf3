"""A page while it is being marked: its lines, and for each what it is, as far as is known.

The passes of `structure`, `headline` and `endings` take a `Draft` and mark its lines; `clean` reads the marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dateline.lines import Line, are_names, ends_sentence, is_prose
from dateline.model import BlockKind
from dateline.outlets import Outlet, Outlets
from dateline.rules import Rules

_PHOTO_NUMBER = re.compile(r"(?:photo|ảnh|anh|image|hình ảnh|hinh anh|hình|picture)\s?\d{1,2}\W{0,3}$", re.IGNORECASE)
_PHOTO_END = 20
LIST_ITEM = re.compile(r"(?:[-–•●▪*+]\s|\d{1,2}[.)]\s|[a-zđ][.)]\s)")
HEAD_LINES = 12
"""How many lines above the text may be labels, menus and the headline."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line is: `kind` is "" for noise, else the kind of block it is kept as."""

    kind: BlockKind | Literal[""]
    rule: str
    cut: str = "line"


class Draft:
    """A page while it is being marked: its lines and, for each, a mark or None for "body, so far"."""

    __slots__ = (
        "asked",
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
        self.asked: set[str] = set()
        """Lines, in compared form, that were looked up in `learnt`."""
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
        if LIST_ITEM.match(text):
            return "list-item"
        if len(text) <= 120 and not ends_sentence(text) and text[:1].isalnum() and index < self.end:
            return "heading"
        return "paragraph"


def drop_from(draft: Draft, start: int, rule: str) -> None:
    for index in range(start, len(draft.lines)):
        mark = draft.marks[index]
        if mark is None or mark.kind in ("byline", "caption", "note"):
            draft.mark(index, "", rule)


def is_person(draft: Draft, text: str) -> bool:
    return are_names(text, draft.rules.words.surnames, draft.rules.words.not_names)


def is_photo_number(text: str) -> bool:
    """A headline with the number of a picture behind it: "Mùa khai trường ảnh 2"."""
    return _PHOTO_NUMBER.search(text, max(0, len(text) - _PHOTO_END)) is not None
