"""Dates that are no more precise than what is known: the part of EDTF (ISO 8601-2) that news needs.

    2023-02-24T09:44   2024-08-13   2023-08   2023   2023-08~ (about)   2025-08-22/.. (on or after)   2023-05/2023-08
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_POINT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?)?)?([~?%])?")


@dataclass(frozen=True, slots=True)
class Point:
    """One end of a date: `text` as written, parts that are not given are None."""

    text: str
    year: int
    month: int | None
    day: int | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Edtf:
    """`start` and `end` are the same Point for a single date; None is an open end."""

    start: Point | None
    end: Point | None

    @property
    def single(self) -> bool:
        return self.start is self.end

    @property
    def year(self) -> int | None:
        """The year, when both ends agree on it."""
        if self.start is None or self.end is None or self.start.year != self.end.year:
            return None
        return self.start.year

    @property
    def month(self) -> int | None:
        if self.start is None or self.end is None or self.year is None or self.start.month != self.end.month:
            return None
        return self.start.month


@lru_cache(maxsize=65536)
def parse(text: str) -> Edtf | None:
    """Read an EDTF date; None when it is not one.

    >>> parse("2023-02-24T09:44").year, parse("2025-08-22/..").year, parse("24/2/2023")
    (2023, None, None)
    """
    first, slash, last = text.strip().partition("/")
    if not slash:
        point = _point(first)
        return Edtf(point, point) if point else None
    start, end = _point(first), _point(last)
    if (start is None and first not in {"", ".."}) or (end is None and last not in {"", ".."}):
        return None
    if start is None and end is None:
        return None
    if start and end and sort_key(first) > sort_key(last):
        return None
    return Edtf(start, end)


def _point(text: str) -> Point | None:
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        date(year, month, day)
    except ValueError:
        return None
    if match[4] and (int(match[4]) > 23 or int(match[5]) > 59):
        return None
    return Point(text, year, int(match[2]) if match[2] else None, int(match[3]) if match[3] else None, match[6] is not None)


def sort_key(text: str | None) -> str:
    """Orders dates by their earliest possible moment; "" for none, so that undated sorts first (and last in reverse)."""
    if not text:
        return ""
    first, _, last = text.partition("/")
    return (first if first not in {"", ".."} else last).rstrip("~?%")
