"""When a text was published. Evidence in, one EDTF claim out, or None: no date is better than a wrong one.

In order of trust: a byline's or record's full date; the day in the article's own address; a day without a year in
the lead whose year the text itself settles; an open interval after the latest past day cited ("2025-08-22/.."),
which is not a date."""

from __future__ import annotations

import re
from collections import Counter

from dateline import dates
from dateline.bylines import Byline
from dateline.dates import Day
from dateline.model import Block, Claim, CleanText, Evidence, RawDocument, Removal

_YEAR = re.compile(r"[12](?<!\d.)(?:9|0)\d\d(?!\d)")
# How a year is spoken of. Measured on some 1,200 stories whose year is known: the latest year a text names is the year
# of its publication in 41 of 100, a lone "in 2023" in 76; only a plan or school year that agrees makes it safe.
_PERIOD_BEGINS = re.compile(r"\s?[-–]\s?(?:20)?\d\d(?!\d)")
_PERIOD_ENDS = re.compile(r"\d\d\s?[-–]\s?$")
_SCHOOL_YEAR = re.compile(r"(?:năm học|school year|academic year)\s$", re.IGNORECASE)
_SCHOOL_YEAR_AFTER = re.compile(r"\s?[-–]\s?(?:20)?\d\d (?:school|academic) year", re.IGNORECASE)
_AHEAD = re.compile(
    r"(?:by|until|till|to|towards?|before|tới|đến|trước|vào|hết|cuối|tầm nhìn|đầu)"
    r"\s(?:hết |cuối |the end of )?(?:năm\s)?$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"(?:\btrong năm|\bcủa năm|\bnhiệm vụ năm|\bkế hoạch năm|(?<!January )(?<!early )(?<!late )\bin|\bfor)\s$",
    re.IGNORECASE,
)
_DAY_OF_STORY = re.compile(
    r"(?:\b(?:sáng|trưa|chiều|tối|đêm|ngày|hôm|morning|afternoon|evening|night|on|this)\b[\s,(]*(?:nay|qua|of|ngày|the)?[\s,(]*(?:ngày)?\s*)$",
    re.IGNORECASE,
)
_FUTURE = re.compile(
    r"\b(?:will|shall|before|until|till|by|deadline|expected|scheduled|from|effective|plans?|"
    r"hạn|trước|đến|tới|từ|sẽ|dự kiến|hiệu lực|kế hoạch)\b",
    re.IGNORECASE,
)

_FUTURE_BEHIND = re.compile(r"\)?,? (?:tới|sắp tới|sẽ|will|is to|are to)\b")


def cited_days(text: CleanText) -> list[tuple[Block, Day]]:
    """Every date in the body, in order, with its block."""
    return [(block, day) for block in text.body for day in dates.find(block.text)]


def publication_date(
    raw: RawDocument, text: CleanText, bylines: list[tuple[Removal, Byline]], cited: list[tuple[Block, Day]]
) -> Claim[str] | None:
    """When the text was published, as EDTF, no more precise than its evidence."""
    printed = _from_bylines(text, bylines)
    stated = _from_record(raw)
    if printed and stated:
        return _settle(printed, stated)
    return printed or stated or _today(cited) or _from_address(raw) or _from_lead(text, cited) or _bracket(cited)


def _settle(printed: Claim[str], stated: Claim[str]) -> Claim[str]:
    """Two statements: the same day confirms, the more precise one is kept; a contradiction leaves the record's."""
    if printed.value[:10] == stated.value[:10]:
        finer = max(printed, stated, key=lambda claim: len(claim.value))
        return Claim(finer.value, 0.99, (*printed.evidence, *stated.evidence))
    return Claim(stated.value, 0.6, stated.evidence)


def _from_record(raw: RawDocument) -> Claim[str] | None:
    field = raw.field("date")
    value = dates.parse(field) if field else None
    return Claim(value, 0.9, (Evidence(field.strip().split("\n")[0], 0, "date.record"),)) if field and value else None


def _from_bylines(text: CleanText, bylines: list[tuple[Removal, Byline]]) -> Claim[str] | None:
    """The byline nearest above the text; a line that says "updated" only when there is no other."""
    full = [(line, byline, byline.day) for line, byline in bylines if byline.day and byline.day.iso]
    if not full:
        return None
    body = text.body
    begin = body[0].line if body else 0
    original = [entry for entry in full if not entry[1].updated] or full
    above = [entry for entry in original if entry[0].line <= begin]
    line, byline, day = above[-1] if above else original[0]
    value = dates.edtf(day, byline.time)
    rule = "date.masked" if day.masked else "date.byline"
    return Claim(value, 0.95, (_printed(line, day, byline, rule),)) if value else None


def _printed(line: Removal, day: Day, byline: Byline, rule: str) -> Evidence:
    """The date's own words, with the time when it stands right behind them."""
    rest = line.text[day.end :]
    clock = dates.time_in(rest)
    end = day.end + clock[1] if clock and byline.time and clock[0] <= 3 else day.end
    return Evidence(line.text[day.start : end].strip(), line.line, rule)


def _from_address(raw: RawDocument) -> Claim[str] | None:
    url = raw.field("url")
    found = dates.in_url(url) if url else None
    return Claim(found[1], 0.85, (Evidence(found[0], 0, "date.url"),)) if found else None


_TODAY = re.compile(r"(?:\b(?:sáng|trưa|chiều|tối|hôm) nay|\btoday)[\s,]{0,2}(?:ngày\s|on\s)?\(?$", re.IGNORECASE)


_NEAR_TOP = 1200
"""Far down a page without line breaks "Giá vàng hôm nay 25/4/2016:" is the headline of another story."""


def _is_headline_far_down(block: Block, day: Day) -> bool:
    return day.start > _NEAR_TOP and block.text[day.end : day.end + 1] == ":"


def _today(cited: list[tuple[Block, Day]]) -> Claim[str] | None:
    """ "Chiều nay (10-12-2021)": the text itself says which day is today, where nothing else contradicts it."""
    days = {
        day.iso: block.evidence(day.start, day.end, "date.today")
        for block, day in cited
        if day.iso and not _is_headline_far_down(block, day) and _TODAY.search(block.text[max(0, day.start - 24) : day.start])
    }
    if len(days) != 1:
        return None
    iso, evidence = next(iter(days.items()))
    return Claim(iso, 0.85, (evidence,))


# -- a day without a year --------------------------------------------------------------------------------------------
def _from_lead(text: CleanText, cited: list[tuple[Block, Day]]) -> Claim[str] | None:
    """ "Chiều 4/3, tại …" in the first paragraphs, with the one year that the text speaks of as its own."""
    found = _story_day(text, cited)
    if found is None or found[1].year is not None:
        return None
    block, day = found
    weekday = dates.weekday_in(block.text[max(0, day.start - 30) : day.end + 30])
    year = _own_year(text, day)
    if year is None:
        return None
    dated = Day(day.start, day.end, year[0], day.month, day.day)
    if dated.iso is None or not dates.agrees(dated, weekday[2] if weekday else None):
        return None
    latest = _latest_past(cited)
    if latest is not None and (latest[0].iso or "") > dated.iso:
        return None
    return Claim(dated.iso, 0.75 if weekday else 0.65, (block.evidence(day.start, day.end, "date.day"), year[1]))


def _story_day(text: CleanText, cited: list[tuple[Block, Day]]) -> tuple[Block, Day] | None:
    """The day a story opens with: among the first words of its first paragraphs, behind a time of day or "on"."""
    for block in text.body[:2]:
        day = next((day for where, day in cited if where is block), None)
        if day is None:
            continue
        before = block.text[max(0, day.start - 40) : day.start]
        return (block, day) if day.start <= 60 and (day.start == 0 or _DAY_OF_STORY.search(before)) else None
    return None


def _own_year(text: CleanText, day: Day) -> tuple[int, Evidence] | None:
    """The year the text speaks of as the present, when two kinds of mention agree on it; None otherwise."""
    own: dict[int, Evidence] = {}
    plans: Counter[int] = Counter()
    latest = 0
    for block in text.blocks:
        if block.kind in ("byline", "source"):
            continue
        for match in _YEAR.finditer(block.text):
            year = int(match[0])
            kind = _spoken_of(block.text, match.start(), match.end())
            if kind == "own":
                own.setdefault(year, block.evidence(match.start(), match.end(), "date.year"))
            elif kind in ("plan", "school"):
                plans[year] += 1
            if kind != "ahead":
                latest = max(latest, year)
    year = max(own, default=0)
    if len(own) != 1 or year < latest or plans[year] < 2 or day.month in (12, 1):
        return None
    return year, own[year]


def _spoken_of(text: str, start: int, end: int) -> str:
    before = text[max(0, start - 24) : start]
    if _SCHOOL_YEAR_AFTER.match(text, end) or (_PERIOD_BEGINS.match(text, end) and _SCHOOL_YEAR.search(before)):
        return "school"
    if _PERIOD_BEGINS.match(text, end):
        return "plan"
    if _AHEAD.search(before) or _PERIOD_ENDS.search(before):
        return "ahead"
    return "own" if _OWN.search(before) else "other"


# -- no date, but not before … ---------------------------------------------------------------------------------------
def _bracket(cited: list[tuple[Block, Day]]) -> Claim[str] | None:
    """ "On or after the latest past day that it cites": an interval, never shown as a date."""
    latest = _latest_past(cited)
    return Claim(f"{latest[0].iso}/..", 0.3, (latest[1],)) if latest else None


def _latest_past(cited: list[tuple[Block, Day]]) -> tuple[Day, Evidence] | None:
    """The latest full day that the body speaks of as past: nothing before it in its sentence looks ahead."""
    best: tuple[Block, Day] | None = None
    for block, day in cited:
        if day.iso is None or (best is not None and (best[1].iso or "") >= day.iso):
            continue
        sentence = re.split(r"[.;:!?]\s|[.!?](?=[^\W\d_])", block.text[max(0, day.start - 120) : day.start])[-1]
        if not _FUTURE.search(sentence) and not _FUTURE_BEHIND.match(block.text, day.end):
            best = block, day
    return (best[1], best[0].evidence(best[1].start, best[1].end, "date.bracket")) if best else None
