"""Byline lines: who and when, and nothing else. A line in, what it states out, or None when it says more than that.

"My Ha DNUM_CEZACZCACD 09:44", "Báo Nhân dânBáo Nhân dân05/09/2025", "ClockSunday, 01/03/2026 18:45", "QUÁCH DU |".
The line is taken apart: dates, times, weekdays and labels are taken off, and what is left must be names or outlets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from dateline.dates import Day, agrees, find, time_in, weekday_in
from dateline.lines import SHORT, halves, is_name
from dateline.outlets import Outlets
from dateline.rules import Rules
from dateline.text import fold

_ZONE = re.compile(r"[(\[]?\s?(?:GMT|UTC)\s?[+-]\s?\d{1,2}(?::?\d\d)?\s?[)\]]?", re.IGNORECASE)
_SEPARATORS = re.compile(r"[|•·●,;/()\[\]\t]|\s[-–—]\s|^[-–—]\s?|\s?[-–—]$|\s{3,}")
_HINT = re.compile(r"[\d|•]|DNUM_")
# A source's name may be glued to its date: "Việt NamViệt Nam13/08/2024".
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d{1,2}/\d{1,2}/(?:19|20)\d\d)")
_POSTED = re.compile(r"(?:Posted by|Đăng bởi|Người đăng|by) (?:admin\w*|editor|\S+)(?: on| at| lúc| vào)?$", re.IGNORECASE)
_EDGE = " .:-–—'’"


class CleaningKnowledge(Protocol):
    """The part of `Knowledge` that cleaning and extraction need."""

    @property
    def rules(self) -> Rules: ...
    @property
    def outlets(self) -> Outlets: ...


@dataclass(frozen=True, slots=True)
class Byline:
    """What a byline line states."""

    day: Day | None
    time: str | None
    names: tuple[str, ...]
    outlets: tuple[str, ...]
    """Ids of outlets that are named."""
    updated: bool = False
    """The date is that of a later change."""


@lru_cache(maxsize=4096)  # cleaning asks, and then extraction asks again
def parse(text: str, rules: Rules, outlets: Outlets) -> Byline | None:
    """Take a line apart; None when anything is left that is no name, outlet, date or label.

    A line without a date is a byline only when it shows a name set off by a separator ("QUÁCH DU |") or a label
    ("By My Ha"); bare names are judged by where they stand, in `clean`.
    """
    if len(text) > SHORT or not _HINT.search(text):
        return None
    days = find(_unglued(text))
    weekday = weekday_in(text)
    day = next((day for day in days if day.year), days[0] if days else None)
    if day is None and "|" not in text and "•" not in text:
        return None
    printed_weekday = weekday[2] if weekday else None
    spans = [(day.start, day.end) for day in days]
    rest = _without(text, spans)
    if weekday and days:
        weekday = weekday_in(rest)
        rest = _without(rest, [weekday[:2]]) if weekday else rest
    rest = _ZONE.sub(" | ", rest)
    clock = time_in(rest)
    if clock:
        rest = rest[: clock[0]] + " | " + rest[clock[1] :]
    dated = day is not None and day.year is not None and clock is not None
    stated = _pieces(rest, rules, outlets, dated)
    if stated is None or (day is None and not stated[0]):
        return None
    if day is not None and not agrees(day, printed_weekday):
        day = None  # one of the two is wrong: the line stays a byline and dates nothing
    return Byline(day, day.time or (clock[2] if clock else None) if day else None, stated[0], stated[1], stated[2])


def _is_account(piece: str, rules: Rules) -> bool:
    """ "Người đăng: Admin": the account that posted the page, which tells nothing about the text."""
    label = fold(piece.partition(":")[0].strip())
    return len(piece) <= 50 and (label in rules.words.posters or _POSTED.match(piece) is not None)


def _unglued(text: str) -> str:
    """The same text, of the same length, with the letter before a glued date blanked."""
    letters = list(text)
    for match in _GLUED.finditer(text):
        letters[match.start() - 1] = " "
    return "".join(letters)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} | {text[end:]}"
    return text


def _is_other(piece: str) -> bool:
    """Beside a full date and a time, a few capitalised words are somebody or something: "Valerie Mai", "Theo Nhịp sống"."""
    printed = piece.split()
    if printed[0] in ("Theo", "theo", "From"):
        return 2 <= len(printed) <= 6
    return len(printed) <= 4 and len(piece) <= 30 and all(word[0].isupper() and word.isalpha() for word in printed)


def _pieces(
    rest: str, rules: Rules, outlets: Outlets, dated: bool
) -> tuple[tuple[str, ...], tuple[str, ...], bool] | None:
    names: list[str] = []
    found: list[str] = []
    updated = False
    for piece in _SEPARATORS.split(rest):
        printed = piece.strip(_EDGE)
        piece, changed = rules.words.without_labels(printed)
        updated |= changed
        piece = piece.strip(_EDGE)
        once = halves(piece) or piece
        outlet = outlets.by_name(once) if once else None
        if not piece or _is_account(piece, rules) or (rest is not piece and rules.is_section(piece)):
            continue
        if outlet is not None:
            found.append(outlet.id)
        elif once != piece:  # an outlet we do not know, printed twice
            names.append(once)
        elif is_name(piece, rules.words.surnames, rules.words.not_names) or piece in rules.words.agencies:
            names.append(piece)
        elif not (dated and _is_other(printed)):
            return None
    return tuple(names), tuple(found), updated
