"""People with their offices, organisations, legal documents and campaigns, by rules and the word lists of names.yml.

in:   the article's blocks and the word lists
out:  tags of the facets person, organisation, document and campaign, each with where it is printed

Precision first: a person needs an office or a title beside the name, an institution a proper name beside its kind, a
document a number, a campaign quotation marks after “movement” or “phong trào”. No name is in the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dateline.model import Block, Claim, Evidence, Facet, Tag
from dateline.people import people
from dateline.text import fold
from dateline.wordlists import CAPITAL, LISTS, UPPER, Example, Names, Span, Tools, examples, load, tools_of

__all__ = ["LISTS", "Example", "Names", "examples", "find", "load", "name_key"]

PER_FACET = 40

# 71-NQ/TW   544/TB-SGDĐT   29/2024/TT-BGDĐT   1373/QĐ-TTg   60/2024/QH15   05-CT/TU
_CODE = re.compile(
    r"(?<![\w/-])\d{1,5}(?:/\d{4})?(?:/(?:QH\d{1,2}|[A-ZĐ]{1,7}-[A-ZĐ&][\wĐđ&]{1,11}(?:-[A-ZĐ&]{2,8})?)|-[A-ZĐ]{2,4}/[A-ZĐ]{2,6})(?![\w/])"
)
_NUMBER = re.compile(r"\s(?:[Nn]o\.?\s?|số\s)?(?P<number>\d{1,5})(?![\w/.,-]*\d)(?![-/]\w)(?!\s?%)(?=[\s,.;:)]|$)")
_QUOTED = re.compile(r'[“"«]([^“”"«»\n]{6,120})[”"»]')
_LEADS_IN = re.compile(r'[^.;!?"“”«»\n]{0,90}(?:such as|như|gồm|including|là|like)?\s?:\s?|\s?[:,]?\s?')
_GOES_ON = re.compile(
    r'(?:\s(?:for the period|giai đoạn|in the period|period)\s[\d\s–-]{4,14})?["”]?'
    r"(?:\s?[;,]\s(?:and|và)\s|\s?[;,]\s?|\s(?:and|và)\s)"
)


def name_key(name: str) -> str:
    """What makes two printed names one, across languages, case and spacing.

    >>> name_key("Trần Thế Cương") == name_key("Tran The  Cuong")
    True
    """
    return " ".join(re.sub(r"[^\w&/-]+", " ", fold(name)).split())


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
    spans = [Span(match.start, match.end, match.values) for match in tools.matcher.find(text)]
    vouched = any(span.has("offices") or span.has("titles") for span in spans)
    persons = list(people(text, spans, tools)) if vouched else []
    for start, end, role in persons:
        yield "person", text[start:end], role, block.evidence(start, end, "name.office" if role else "name.title")
    taken = [(start, end) for start, end, _ in persons]
    for start, end in _organisations(text, spans, taken, tools):
        yield "organisation", text[start:end], "", block.evidence(start, end, "name.organisation")
    for start, end, value in _documents(text, spans):
        yield "document", value, "", block.evidence(start, end, "name.document")
    for start, end in _campaigns(text, spans):
        yield "campaign", text[start:end].strip(" ,.;"), "", block.evidence(start, end, "name.campaign")


# -- organisations ------------------------------------------------------------------------------------------------
_PLACE_WORD = r"(?:tỉnh|thành phố|TP\.?|Tp\.?|huyện|quận|xã|phường|thị xã|thị trấn)"
_GLUED = re.compile(rf"[a-zà-ỹ][{UPPER}][a-zà-ỹ]|[a-zà-ỹ]\d")  # "Báo Đồng NaiBáo Đồng Nai30"
_BEHIND_VI = re.compile(rf"(?: (?:- )?{_PLACE_WORD})?(?P<name>(?: {CAPITAL}){{1,5}})")


def _organisations(
    text: str, spans: Sequence[Span], persons: Sequence[tuple[int, int]], tools: Tools
) -> Iterator[tuple[int, int]]:
    reached = 0
    for span in spans:
        if span.start < reached or not text[span.start].isupper():
            continue
        edge = min((start for start, _ in persons if start >= span.end), default=len(text))
        found: tuple[int, int] | None = None
        if span.has("organisations-known"):
            found = (span.start, span.end)
        elif span.has("organisations-vi"):
            found = _vietnamese(text, span, edge, tools)
        elif span.has("organisations-en"):
            found = _english(text, span, reached, edge, persons, tools)
        if found:
            reached = found[1]
            if not _GLUED.search(text, *found):
                yield found


def _vietnamese(text: str, span: Span, edge: int, tools: Tools) -> tuple[int, int] | None:
    """A head and the proper name behind it; a name cut in the middle of a word ("Đại học Bách" khoa) is none."""
    whole = tools.wholes.match(text, span.end, edge)
    begin = whole.end() if whole else span.end
    behind = _BEHIND_VI.match(text, begin, edge)
    if behind is None:
        return (span.start, begin) if whole and text[span.end + 1].isupper() else None
    name = behind["name"].split()
    single = len(name) == 1 and name[0].lower() not in tools.whole and not name[0].isupper()
    if name == ["TP"] or (single and re.match(r" [^\W\d_]", text[behind.end() : behind.end() + 2])):
        return (span.start, begin) if whole else None
    return span.start, behind.end()


def _english(
    text: str, span: Span, reached: int, edge: int, persons: Sequence[tuple[int, int]], tools: Tools
) -> tuple[int, int] | None:
    floor = max([reached, *(end for _, end in persons if end <= span.start)])
    start = _before(text, span.start, floor, tools)
    behind = tools.behind.match(text, span.end, edge)
    end = behind.end() if behind else span.end
    head = text[span.start : span.end].lower()
    named = start < span.start or (behind is not None and len(re.findall(r" (?:of|for) ", behind[0])) > (head == "department"))
    return (start, end) if named and (start < span.start or behind) else None


def _before(text: str, start: int, floor: int, tools: Tools) -> int:
    """Where the capitalised words that stand before a head begin: "Hong Quang" of "Hong Quang High School"."""
    field = tools.field_before.search(text, max(floor, start - 60), start)
    if field:
        start = field.start()
    words = 0
    while words < 6 and start > floor and text[start - 1] == " ":
        begin = max(text.rfind(" ", floor, start - 1) + 1, floor)
        word = text[begin : start - 1]
        if not word or not (word[0].isupper() or word.isdigit()) or word[-1] in ",.;:-–" or word in _SENTENCE_WORDS:
            break
        start = begin
        words += 1
    return start


_SENTENCE_WORDS = frozenset({"The", "In", "At", "And", "Of", "For", "By", "With", "From", "On", "This", "That", "A", "An"})


# -- documents and campaigns --------------------------------------------------------------------------------------
def _documents(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """Codes ("71-NQ/TW"), and a kind with a bare number ("Decision 1373"): start, end and the name."""
    for match in _CODE.finditer(text) if "/" in text else ():
        yield match.start(), match.end(), match[0]
    for span in spans:
        if span.has("documents") and text[span.start].isupper():
            number = _NUMBER.match(text, span.end)
            if number and not _year(number):
                value = f"{text[span.start : span.end]} {number['number']}"
                yield span.start, number.end(), value


def _year(number: re.Match[str]) -> bool:
    """A bare 1990 … 2099 is a year ("Plan 2025") unless it says "No."."""
    return re.fullmatch(r"(?:19|20)\d\d", number["number"]) is not None and number[0].strip() == number["number"]


def _campaigns(text: str, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """What is quoted after “movement” or “phong trào”, and further quoted names that are joined to it."""
    reached = 0
    for span in spans:
        if not span.has("campaigns") or span.end < reached:
            continue
        lead = _LEADS_IN.match(text, span.end)
        at = lead.end() if lead else span.end
        while quoted := _QUOTED.match(text, at):
            yield quoted.start(1), quoted.end(1)
            reached = quoted.end()
            more = _GOES_ON.match(text, reached)
            at = more.end() if more else len(text)
