"""People with their offices, organisations, legal documents and campaigns, by rules and the word lists of names.yml.

in:   the article's blocks and the word lists
out:  tags of the facets person, organisation, document and campaign, each with where it is printed

Precision first: a person needs an office or a title beside the name, an institution a proper name beside its kind, a
document a number, a campaign quotation marks after “movement” or “phong trào”. No name is in the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from dateline.model import Block, Claim, Evidence, Facet, Tag
from dateline.people import people
from dateline.text import fold
from dateline.wordlists import (
    CAMPAIGN,
    CAPITAL,
    DOCUMENT,
    INSTITUTION_EN,
    INSTITUTION_VI,
    KNOWN,
    LISTS,
    OFFICE,
    TITLE,
    UPPER,
    Example,
    Names,
    Span,
    Tools,
    examples,
    load,
    tools_of,
)

__all__ = ["LISTS", "Example", "Names", "examples", "find", "load", "name_key"]

PER_FACET = 40

# 71-NQ/TW   544/TB-SGDĐT   29/2024/TT-BGDĐT   1373/QĐ-TTg   60/2024/QH15   05-CT/TU
_CODE = re.compile(
    r"(?<![\w/-])\d{1,5}(?:/\d{4})?(?:/(?:QH\d{1,2}|[A-ZĐ]{1,7}-[A-ZĐ&][\wĐđ&]{1,11}(?:-[A-ZĐ&]{2,8})?)|-[A-ZĐ]{2,4}/[A-ZĐ]{2,6})(?![\w/])"
)
_IN_CODES = re.compile(r"/[A-ZĐ]")       # every code has it, and looking for "/" is a tenth of looking at every digit
_NUMBER = re.compile(r"\s(?:[Nn]o\.?\s?|số\s)?(?P<number>\d{1,5})(?![\w/.,-]*\d)(?![-/]\w)(?!\s?%)(?=[\s,.;:)]|$)")
_QUOTED = re.compile(r'[“"«]([^“”"«»\n]{6,120})[”"»]')
_LEADS_IN = re.compile(r'[^.;!?"“”«»\n]{0,90}(?:such as|như|gồm|including|là|like)?\s?:\s?|\s?[:,]?\s?')
_GOES_ON = re.compile(
    r'(?:\s(?:for the period|giai đoạn|in the period|period)\s[\d\s–-]{4,14})?["”]?'
    r"(?:\s?[;,]\s(?:and|và)\s|\s?[;,]\s?|\s(?:and|và)\s)"
)


@lru_cache(maxsize=16384)        # offices, ministries and schools come back in document after document
def name_key(name: str) -> str:
    """What makes two printed names one, across languages, case and spacing.

    >>> name_key("Trần Thế Cương") == name_key("Tran The  Cuong")
    True
    """
    return " ".join(_NOT_KEY.sub(" ", fold(name)).split())


_NOT_KEY = re.compile(r"[^\w&/-]+")


def find(blocks: Sequence[Block], names: Names) -> tuple[Tag, ...]:
    """All names of an article: people, organisations, documents, campaigns; each facet in order of appearance."""
    tools = tools_of(names)
    found: dict[tuple[Facet, str], Tag] = {}
    for block in blocks:
        if block.kind in ("byline", "source"):
            continue
        for facet, value, role, evidence in _in_block(block, tools):
            _file(found, facet, value, role, evidence)
    order: tuple[Facet, ...] = ("person", "organisation", "document", "campaign")
    return tuple(tag for facet in order for tag in [t for (kind, _), t in found.items() if kind == facet][:PER_FACET])


_Found = tuple[Facet, str, str, Evidence]


def _file(found: dict[tuple[Facet, str], Tag], facet: Facet, value: str, role: str, evidence: Evidence) -> None:
    """Keep the first spelling; a later office replaces the first when it is clearly fuller."""
    place = (facet, _organisation_key(value) if facet == "organisation" else name_key(value))
    known = found.get(place)
    if known is None:
        found[place] = Tag(facet, Claim(value, _sureness(facet, role), (evidence,)), role)
    elif len(role.split()) >= len(known.role.split()) + 2:
        claim = Claim(known.value, _sureness(facet, role), (*known.claim.evidence, evidence)[:3])
        found[place] = Tag(facet, claim, role)
    elif len(known.claim.evidence) < 3:
        claim = Claim(known.value, min(0.99, known.claim.confidence + 0.02), (*known.claim.evidence, evidence))
        found[place] = Tag(facet, claim, known.role)


@lru_cache(maxsize=16384)
def _organisation_key(name: str) -> str:
    """One key for "Hai Phong Department of Education" and "Department of Education of Hai Phong city".

    >>> _organisation_key("Lao Cai Department of Health"), _organisation_key("Department of Health of Lao Cai province")
    ('cai department health lao', 'cai department health lao')
    """
    return " ".join(sorted(word for word in name_key(name).split() if word not in _SMALL))


_SMALL = frozenset({"of", "the", "for", "and", "province", "city", "district", "tinh", "thanh", "pho", "tp", "huyen", "quan"})


def _sureness(facet: Facet, role: str) -> float:
    if facet == "person":
        return 0.93 if role else 0.8
    return {"organisation": 0.85, "document": 0.95, "campaign": 0.88}.get(facet, 0.8)


def _in_block(block: Block, tools: Tools) -> Iterator[_Found]:
    text = block.text
    spans = [(start, end, kinds) for start, end, (kinds,) in tools.matcher.longest(text)]
    present = 0
    for _, _, kinds in spans:
        present |= kinds
    persons = list(people(text, spans, tools)) if present & (OFFICE | TITLE) else []
    for start, end, role in persons:
        yield "person", text[start:end], role, block.evidence(start, end, "name.office" if role else "name.title")
    taken = [(start, end) for start, end, _ in persons]
    for start, end in _organisations(text, spans, taken, tools) if present & _INSTITUTION else ():
        yield "organisation", text[start:end], "", block.evidence(start, end, "name.organisation")
    for start, end, value in _documents(text, spans if present & DOCUMENT else ()):
        yield "document", value, "", block.evidence(start, end, "name.document")
    for start, end in _campaigns(text, spans) if present & CAMPAIGN else ():
        yield "campaign", text[start:end].strip(" ,.;"), "", block.evidence(start, end, "name.campaign")


# -- organisations ------------------------------------------------------------------------------------------------
_INSTITUTION = KNOWN | INSTITUTION_VI | INSTITUTION_EN
_PLACE_WORD = r"(?:tỉnh|thành phố|TP\.?|Tp\.?|huyện|quận|xã|phường|thị xã|thị trấn)"
_GLUED = re.compile(rf"[a-zà-ỹ][{UPPER}][a-zà-ỹ]|[a-zà-ỹ]\d")  # "Báo Đồng NaiBáo Đồng Nai30"
_BEHIND_VI = re.compile(rf"(?: (?:- )?{_PLACE_WORD})?(?P<name>(?: {CAPITAL}){{1,5}})")


def _organisations(
    text: str, spans: Sequence[Span], persons: Sequence[tuple[int, int]], tools: Tools
) -> Iterator[tuple[int, int]]:
    reached = 0
    for begin, behind, kinds in spans:
        if begin < reached or not kinds & _INSTITUTION or not text[begin].isupper():
            continue
        edge = min((start for start, _ in persons if start >= behind), default=len(text))
        found: tuple[int, int] | None
        if kinds & KNOWN:
            found = (begin, behind)
        elif kinds & INSTITUTION_VI:
            found = _vietnamese(text, begin, behind, edge, tools)
        else:
            found = _english(text, (begin, behind), reached, edge, persons, tools)
        if found:
            reached = found[1]
            if not _GLUED.search(text, *found):
                yield found


def _vietnamese(text: str, start: int, end: int, edge: int, tools: Tools) -> tuple[int, int] | None:
    """A head and the proper name behind it; a name cut in the middle of a word ("Đại học Bách" khoa) is none."""
    whole = tools.wholes.match(text, end, edge)
    begin = whole.end() if whole else end
    behind = _BEHIND_VI.match(text, begin, edge)
    if behind is None:
        return (start, begin) if whole and text[end + 1].isupper() else None
    name = behind["name"].split()
    single = len(name) == 1 and name[0].lower() not in tools.whole and not name[0].isupper()
    if name == ["TP"] or (single and re.match(r" [^\W\d_]", text[behind.end() : behind.end() + 2])):
        return (start, begin) if whole else None
    return start, behind.end()


def _english(
    text: str, span: tuple[int, int], reached: int, edge: int, persons: Sequence[tuple[int, int]], tools: Tools
) -> tuple[int, int] | None:
    head, tail = span
    floor = max([reached, *(end for _, end in persons if end <= head)])
    start = _before(text, head, floor, tools)
    behind = tools.behind.match(text, tail, edge)
    end = behind.end() if behind else tail
    links = len(_OF.findall(behind[0])) if behind else 0
    named = start < head or links > (text[head:tail].lower() == "department")
    return (start, end) if named else None


_OF = re.compile(r" (?:of|for) ")


def _before(text: str, start: int, floor: int, tools: Tools) -> int:
    """Where the capitalised words that stand before a head begin: "Hong Quang" of "Hong Quang High School"."""
    field = tools.field_before.search(text, max(floor, start - 60), start)
    if field:
        start = field.start()
    words = 0
    while words < 6 and start > floor and text[start - 1] == " ":
        begin = max(text.rfind(" ", floor, start - 1) + 1, floor)
        word = text[begin : start - 1]
        if not word or not (word[0].isupper() or word.isdigit()) or word[-1] in ",.;:-–":
            break
        if word in _SENTENCE_WORDS and not (word == "An" and _PLACE_IN_AN.search(text, max(floor, begin - 20), begin)):
            break
        start = begin
        words += 1
    return start


_PLACE_IN_AN = re.compile(r"\b[A-Z][a-z]+ $")         # Nghe An, Long An: "An" is no article there
_SENTENCE_WORDS = frozenset({"The", "In", "At", "And", "Of", "For", "By", "With", "From", "On", "This", "That", "A", "An"})


# -- documents and campaigns --------------------------------------------------------------------------------------
def _documents(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Codes ("71-NQ/TW"), and a kind with a bare number ("Decision 1373"): start, end and the name."""
    for match in _CODE.finditer(text) if _IN_CODES.search(text) else ():
        yield match.start(), match.end(), match[0]
    for start, end, kinds in spans:
        if kinds & DOCUMENT and text[start].isupper():
            number = _NUMBER.match(text, end)
            if number and not _year(number):
                yield start, number.end(), f"{text[start:end]} {number['number']}"


def _year(number: re.Match[str]) -> bool:
    """A bare 1990 … 2099 is a year ("Plan 2025") unless it says "No."."""
    return re.fullmatch(r"(?:19|20)\d\d", number["number"]) is not None and number[0].strip() == number["number"]


def _campaigns(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """What is quoted after “movement” or “phong trào”, and further quoted names that are joined to it."""
    reached = 0
    for _, end, kinds in spans:
        if not kinds & CAMPAIGN or end < reached:
            continue
        lead = _LEADS_IN.match(text, end)
        at = lead.end() if lead else end
        while quoted := _QUOTED.match(text, at):
            yield quoted.start(1), quoted.end(1)
            reached = quoted.end()
            more = _GOES_ON.match(text, reached)
            at = more.end() if more else len(text)
