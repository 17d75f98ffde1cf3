"""When a text was published. Evidence in, one EDTF claim out, or None: no date is better than a wrong one.

In order of trust: a byline's or record's full date; the day in the article's own address; a day without a year in the lead
whose year the text itself settles; an open interval after the latest past day cited ("2025-08-22/.."), which is not a date.
"""

from __future__ import annotations

import re
from collections import Counter

from dateline import dates
from dateline.bylines import Byline
from dateline.dates import Day
from dateline.model import Block, Claim, CleanText, Evidence, RawDocument, Removal

_BARE_YEAR = re.compile(r"(?P<before>\b\w+\s+)?\b(?:(?:in|of|for|year|n[ăa]m)\s+)(?P<year>(?:19|20)\d\d)\b(?!\s?[-–/]\s?(?:19|20)?\d\d)", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:by|until|till|to|towards?|before|after|since|from|end of|đến|tới|trước|sau|từ|cuối|hết|tầm nhìn|th[áa]ng \d{1,2}|early|late|mid)\s*$", re.IGNORECASE)
_MONTH_BEFORE = re.compile(r"(?:January|February|March|April|May|June|July|August|September|October|November|December|th[áa]ng \d{1,2})\s*$", re.IGNORECASE)
_DAY_OF_STORY = re.compile(r"(?:\b(?:sáng|trưa|chiều|tối|đêm|ngày|hôm|morning|afternoon|evening|night|on|this)\b[\s,(]*(?:nay|qua|of|ngày|the)?[\s,(]*(?:ngày)?\s*)$", re.IGNORECASE)
_REVIEW = re.compile(r"tổng kết|sơ kết|kết quả|phương hướng|nhiệm vụ|review|summar|plan for|tasks for", re.IGNORECASE)
_FUTURE = re.compile(r"\b(?:will|shall|before|until|till|by|deadline|expected|scheduled|from|effective|plans?|hạn|trước|đến|tới|từ|sẽ|dự kiến|hiệu lực|kế hoạch)\b", re.IGNORECASE)
_CITED = re.compile(r"(?:\bdated|\bngày|\bissued on|\bsigned on|\bban hành)\s*$", re.IGNORECASE)


def publication_date(raw: RawDocument, text: CleanText, bylines: list[tuple[Removal, Byline]]) -> Claim[str] | None:
    """When the text was published, as EDTF, no more precise than its evidence."""
    printed = _from_bylines(text, bylines)
    stated = _from_record(raw)
    if printed and stated:
        return _settle(printed, stated)
    return printed or stated or _from_address(raw) or _from_lead(text) or _bracket(text)


def _settle(printed: Claim[str], stated: Claim[str]) -> Claim[str]:
    """Two statements: the same day confirms, the more precise one is kept; a contradiction leaves the record's, unsure."""
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


# -- a day without a year --------------------------------------------------------------------------------------------
def _from_lead(text: CleanText) -> Claim[str] | None:
    """ "Chiều 4/3, tại …" in the first paragraphs, with the one year that the text speaks of as its own."""
    for block in text.body[:2]:
        day = _story_day(block)
        if day is None:
            continue
        weekday = dates.weekday_in(block.text[max(0, day.start - 30) : day.end + 30])
        if day.iso:
            return None
        found = _year_of(text, day)
        if found is None:
            return None
        year, evidence = found
        dated = Day(day.start, day.end, year, day.month, day.day)
        if not dates.agrees(dated, weekday[2] if weekday else None) or dated.iso is None or _contradicted(text, dated):
            return None
        return Claim(dated.iso, 0.75 if weekday else 0.65, (block.evidence(day.start, day.end, "date.day"), evidence))
    return None


def _story_day(block: Block) -> Day | None:
    """The day a story opens with: within its first words, behind a time of day or "on"."""
    head = block.text[:140]
    for day in dates.find(head):
        if day.start <= 60 and (day.start == 0 or _DAY_OF_STORY.search(head[max(0, day.start - 40) : day.start])):
            return day
        return None
    return None


def _year_of(text: CleanText, day: Day) -> tuple[int, Evidence] | None:
    """The year the text speaks of as the present; None when two are possible or a review of the year makes it doubtful."""
    found: list[tuple[int, Evidence]] = []
    doubtful = False
    for block in text.blocks:
        if block.kind in ("byline", "source"):
            continue
        for match in _BARE_YEAR.finditer(block.text):
            before = block.text[max(0, match.start() - 14) : match.start("year")]
            stem = before[: len(before) - len(match[0]) + (match.start("year") - match.start()) * 0 + len(match[0])]
            lead_in = block.text[max(0, match.start("year") - 22) : match.start("year")]
            lead_in = re.sub(r"(?:in|of|for|year|n[ăa]m)\s+$", "", lead_in, flags=re.IGNORECASE)
            if _AHEAD.search(lead_in) or _MONTH_BEFORE.search(lead_in) or (stem and _MONTH_BEFORE.search(lead_in)):
                continue
            doubtful |= bool(_REVIEW.search(block.text[max(0, match.start() - 60) : match.start()]))
            found.append((int(match["year"]), block.evidence(match.start("year"), match.end("year"), "date.year")))
    years = Counter(year for year, _ in found)
    if len(years) != 1 or day.month in (12, 1) or (doubtful and day.month in (11, 2, 3)):
        return None
    return found[0]


def _contradicted(text: CleanText, day: Day) -> bool:
    """Whether the text cites as past a day after this one."""
    latest = _latest_cited(text)
    return latest is not None and (latest[0].iso or "") > (day.iso or "")


# -- no date, but not before … ---------------------------------------------------------------------------------------
def _bracket(text: CleanText) -> Claim[str] | None:
    """ "On or after the latest past day that it cites": an interval, never shown as a date."""
    latest = _latest_cited(text)
    if latest is None or latest[0].iso is None:
        return None
    return Claim(f"{latest[0].iso}/..", 0.3, (latest[1],))


def _latest_cited(text: CleanText) -> tuple[Day, Evidence] | None:
    """The latest full day that the body speaks of as past: a document's date, or a day with nothing ahead about it."""
    best: tuple[Day, Evidence] | None = None
    for block in text.body:
        for day in dates.find(block.text):
            if day.iso is None or (best is not None and (best[0].iso or "") >= day.iso):
                continue
            before = block.text[max(0, day.start - 60) : day.start]
            sentence = re.split(r"[.;:]\s", before)[-1]
            if _CITED.search(before) and not _FUTURE.search(sentence[-25:]) or not _FUTURE.search(sentence):
                best = day, block.evidence(day.start, day.end, "date.bracket")
    return best
