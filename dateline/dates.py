"""Dates as Vietnamese and English news prints them: text in, `Day`s with their place in the text out.

Vietnamese dates are day/month/year. A date here is what the calendar allows and, where a weekday stands beside it, what
that weekday confirms; nothing is guessed. EDTF (ISO 8601-2) says how much is known: "2023-02-24T09:44", "2023-08",
"2025-08-22/..".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateline.text import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday|mon|thứ hai|thứ 2",
            "tuesday|tue|thứ ba|thứ 3",
            "wednesday|wed|thứ tư|thứ 4",
            "thursday|thu|thứ năm|thứ 5",
            "friday|fri|thứ sáu|thứ 6",
            "saturday|sat|thứ bảy|thứ 7",
            "sunday|sun|chủ nhật|cn",
        )
    )
    for name in names.split("|")
}
_WEEKDAY_BY_FOLD = {fold(name): number for name, number in _WEEKDAYS.items()}
_MONTH = (
    r"(?:January|February|March|April|June|July|August|September|October|November|December|May|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)

# A search that begins with one character class skips quickly over everything else; the full forms are tried where
# it hits.
_NEAR_DATE = re.compile(
    r"[0-9JFMASOND](?:"
    r"(?<=[0-9])[0-9]{0,3}(?:st|nd|rd|th)?\s{0,2}(?:[/.–-]\s?\d|(?:of\s{1,2})?[JFMASOND][a-z]{2}|[Tt]h[áa]ng\s)"
    r"|(?:an|eb|ar|pr|ay|un|ul|ug|ep|ct|ov|ec)[a-z]{0,6}[.,]?\s{1,2}[0-9])"
)
_DIGITS = frozenset("0123456789")
_DIGITS_FIRST = re.compile(
    rf"""(?<![\w/.])(?:
      (?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?:T(?P<it>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?
                                                                                  # 2025-06-28T23:04:00+07:00
    | (?P<nd>\d{{1,2}})(?:\s?(?P<sep>[/.–-])\s?)(?P<nm>\d{{1,2}})(?P=sep)\s?(?P<ny>(?:19|20)\d\d)(?!\d)    # 13/08/2024
    | (?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<em>{_MONTH})\b\.?(?:,?\s+(?P<ey>(?:19|20)\d\d)\b)?
                                                                                  # 16 September 2019
    | (?P<vd>\d{{1,2}})\s+th[áa]ng\s+(?P<vm>\d{{1,2}})(?:,?\s+n[ăa]m\s+|\s*[/,]\s*)?(?P<vy>(?:19|20)\d\d)?(?!\d)
                                                                                  # 22 tháng 8 năm 2022
    | (?P<sd>\d{{1,2}})(?P<ssep>[/.-])\s?(?P<sm>\d{{1,2}})(?![\d/%]|[.,-]\d)                          # 4/3
    )""",
    re.VERBOSE,
)
_MONTH_FIRST = re.compile(  # June 26, 2024
    r"[JFMASOND](?<!\w[JFMASOND])(?:an|anuary|eb|ebruary|ar|arch|pr|pril|ay|un|une|ul|uly|ug|ugust|ep|ept|eptember|ct|ctober|ov|"
    r"ovember|ec|ecember)\b[.,]?\s{1,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?!:)(?:(?:,?\s{1,2}|/)(?P<y>(?:19|20)\d\d)\b)?"
)
_MASKED = re.compile(r"DNUM_(?P<d>[A-J]{1,2})Z(?P<m>[A-J]{1,2})Z(?P<y>[A-J]{4})(?![A-Z])")
_TIME = re.compile(
    r"(?<![\d/])(?P<h>[01]?\d|2[0-3])(?:[:hg]|\s?giờ\s?)(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d)(?:\s*(?P<half>(?:AM|PM|SA|CH|am|pm)\b))?"
)
_WEEKDAY = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:Th[ứu]\s+(?:hai|ba|t[ưu]|n[ăa]m|s[áa]u|b[ảa]y|[2-7])|Ch[ủu]\s+nh[ậa]t|CN)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as printed in `text[start:end]`."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    time: str | None = None
    """HH:MM when it is part of the printed form."""
    masked: bool = False
    """Decoded from a translation placeholder."""

    @property
    def iso(self) -> str | None:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}" if self.year else None

    @property
    def weekday(self) -> int | None:
        return date(self.year, self.month, self.day).weekday() if self.year else None


def find(text: str) -> list[Day]:
    """All dates in a text, in order; the printed form's own words only.

    >>> text = "Cập nhật 13/08/2024, My Ha DNUM_CEZACZCACD 09:44"
    >>> [(day.iso, text[day.start:day.end]) for day in find(text)]
    [('2024-08-13', '13/08/2024'), ('2023-02-24', 'DNUM_CEZACZCACD')]
    >>> [(day.day, day.month, day.year) for day in find("Chiều 4/3, Resolution dated August 22, 2025, lớp 31/4")]
    [(4, 3, None), (22, 8, 2025)]
    """
    found = list(_printed(text))
    if "DNUM_" in text:
        found.extend(_masked(text))
    if len(found) < 2:
        return found
    found.sort(key=lambda day: (day.start, -day.end))
    kept: list[Day] = []
    for day in found:
        if not kept or day.start >= kept[-1].end:
            kept.append(day)
    return kept


def _printed(text: str) -> Iterator[Day]:
    """One pass for both orders: 16 September and September 16."""
    position = 0
    while near := _NEAR_DATE.search(text, position):
        start = near.start()
        if text[start] in _DIGITS:
            match = _DIGITS_FIRST.match(text, start)
            found = _read(match) if match else ()
            position = start + 1
            while not match and text[position : position + 1].isdigit():
                position += 1
        else:
            match = _MONTH_FIRST.match(text, start)
            found = _month_first(match) if match else ()
            position = start + 3
        yield from found
        position = max(position, match.end() if match else 0)


def _read(match: re.Match[str]) -> Iterator[Day]:
    start, end = match.span()
    if match["iy"]:
        yield from _day(start, end, match["iy"], match["im"], match["id"], match["it"])
    elif match["nd"]:
        yield from _day(start, end, match["ny"], match["nm"], match["nd"])
    elif match["ed"]:
        yield from _day(start, end, match["ey"], str(_MONTHS[match["em"].lower()]), match["ed"])
    elif match["vd"]:
        yield from _day(start, end, match["vy"], match["vm"], match["vd"])
    else:
        yield from _day(start, end, None, match["sm"], match["sd"])


def _month_first(match: re.Match[str]) -> Iterator[Day]:
    month = _MONTHS.get(match[0].split()[0].rstrip(".,").lower())
    if month:
        yield from _day(*match.span(), match["y"], str(month), match["d"])


def _masked(text: str) -> Iterator[Day]:
    """A machine translation masked the number: A–J stand for 0–9, Z for "/"."""
    for match in _MASKED.finditer(text):
        day, month, year = ("".join(str(ord(letter) - 65) for letter in match[part]) for part in "dmy")
        for found in _day(*match.span(), year, month, day):
            yield Day(found.start, found.end, found.year, found.month, found.day, None, True)


def _day(start: int, end: int, year: str | None, month: str, day: str, time: str | None = None) -> Iterator[Day]:
    number = int(year) if year else None
    if number is not None and not 1945 <= number <= 2099:
        return
    try:
        date(number or 2000, int(month), int(day))  # 2000 is a leap year: 29/2 without a year is possible
    except ValueError:
        return
    yield Day(start, end, number, int(month), int(day), time)


def time_in(text: str) -> tuple[int, int, str] | None:
    """The first clock time: where, and as HH:MM.

    >>> time_in("07 Jun, 11:10 PM"), time_in("15h02 ngày 13/9")
    ((8, 16, '23:10'), (0, 5, '15:02'))
    """
    match = _TIME.search(text)
    if not match:
        return None
    hour = int(match["h"])
    half = (match["half"] or "").upper()
    if half in ("PM", "CH") and hour < 12:
        hour += 12
    elif half in ("AM", "SA") and hour == 12:
        hour = 0
    return match.start(), match.end(), f"{hour:02d}:{match['m']}"


def weekday_in(text: str) -> tuple[int, int, int] | None:
    """The first weekday's name: where, and as 0 (Monday) to 6.

    >>> weekday_in("Thứ sáu, 7/3/2025, 16:00 (GMT+7)")
    (0, 7, 4)
    """
    match = _WEEKDAY.search(text)
    if not match:
        return None
    number = _WEEKDAY_BY_FOLD.get(" ".join(fold(match[0]).split()))
    return None if number is None else (match.start(), match.end(), number)


def agrees(day: Day, weekday: int | None) -> bool:
    """Whether a printed weekday leaves the date standing."""
    return weekday is None or day.weekday is None or day.weekday == weekday


def edtf(day: Day, time: str | None = None) -> str | None:
    """The day, with its time when there is one, as EDTF."""
    clock = day.time or time
    return f"{day.iso}T{clock}" if day.iso and clock else day.iso


_RECORD = re.compile(
    r"(?P<iso>(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:[T ](?P<time>[0-2]\d:[0-5]\d))?"
)


def parse(stated: str) -> str | None:
    """EDTF of a date that a record states in a field of its own, whatever its form.

    >>> [parse(text) for text in ("2025-06-28T23:04:00+07:00", "Thứ tư, 26/2/2025, 09:58 (GMT+7)", "2023-08", "nay")]
    ['2025-06-28T23:04', '2025-02-26T09:58', '2023-08', None]
    """
    stated = stated.strip()
    match = _RECORD.match(stated)
    if match and (match.end() == len(stated) or not stated[match.end()].isdigit()):
        days = find(stated) if len(match["iso"]) == 10 else []
        if len(match["iso"]) < 10 and match.end() == len(stated):
            return match["iso"]
        if days and days[0].iso == match["iso"]:
            return f"{match['iso']}T{match['time']}" if match["time"] and match["time"] != "00:00" else match["iso"]
    for day in find(stated):
        if day.iso:
            clock = time_in(stated)
            return edtf(day, clock[2] if clock else None)
    return None


# Where web addresses carry the day of publication; anything looser would take an article's number for a date.
_URL_DAY = re.compile(
    r"""(?:
      /(?P<y1>20[0-3]\d)[/-]?(?P<m1>[01]\d)[/-](?P<d1>[0-3]\d)(?=[/-])        # /2017/12/07/
    | [-/](?P<y2>20[0-3]\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d)[0-2]\d[0-5]\d[0-5]\d\d{0,3}(?=\.(?:htm|html|chn|aspx)\b|$)
                                                                           # -20210418200839128.htm
    | [-](?:185|100|101|196|102)(?P<y3>[12]\d)(?P<m3>[01]\d)(?P<d3>[0-3]\d)[0-2]\d[0-5]\d[0-5]\d\d{1,3}
      (?=\.(?:htm|html)\b|$)                                               # -185260818145148123.htm
    )""",
    re.VERBOSE,
)
_URL_MONTH = re.compile(r"/(?P<y>20[0-3]\d)[/-]?(?P<m>0[1-9]|1[0-2])/")


def in_url(url: str) -> tuple[str, str] | None:
    """The date an article's own address carries: the words of the address, and EDTF.

    >>> in_url("https://dantri.com.vn/kinh-doanh/mo-cau-20210418200839128.htm")
    ('20210418200839', '2021-04-18')
    >>> in_url("http://quangninhnews.vn/politics-society/201712/boarding-schools-2580812/"), in_url("https://baonghean.vn/a-10250874.html")
    (('/201712/', '2017-12'), None)
    """
    for match in _URL_DAY.finditer(url):
        year = match["y1"] or match["y2"] or f"20{match['y3']}"
        found = next(
            _day(0, 0, year, match["m1"] or match["m2"] or match["m3"], match["d1"] or match["d2"] or match["d3"]), None
        )
        if found is not None and found.iso:
            # thanhnien.vn's and tuoitre.vn's numbers tell when a draft was begun, often days before it appeared.
            return match[0].strip("/-")[:14], found.iso[:7] if match["y3"] else found.iso
    month = _URL_MONTH.search(url)
    return (month[0], f"{month['y']}-{month['m']}") if month else None
