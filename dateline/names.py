"""People with their offices, organisations, legal documents and campaigns, by rules and the word lists of names.yml.

in:   the article's blocks and the word lists
out:  tags of the facets person, organisation, document and campaign, each with where it is printed

Precision first: a person needs an office or a title beside the name, an institution a proper name beside its kind, a
document a number, a campaign quotation marks after “movement” or “phong trào”. No name is in the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dateline import yamlfile
from dateline.matcher import Matcher
from dateline.model import Block, Claim, Evidence, Facet, Problem, Tag
from dateline.text import fold

FILE = "names.yml"
LISTS = (
    "surnames",
    "surnames-rare",
    "name-ends",
    "titles-vi",
    "titles-en",
    "offices-vi",
    "offices-en",
    "not-people",
    "not-after",
    "role-links",
    "role-ends",
    "organisations-vi",
    "organisations-en",
    "organisations-local",
    "organisations-known",
    "fields-en",
    "whole-vi",
    "documents-vi",
    "documents-en",
    "campaigns-vi",
    "campaigns-en",
)
REACH = 130
"""Characters before a name in which its office may begin."""
PER_FACET = 40

_UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_CAPITAL = rf"[{_UPPER}][^\W_]*(?:['’&.-][^\W_]+)*"
_RUN = re.compile(rf"{_CAPITAL}(?: {_CAPITAL})+")
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


@dataclass(frozen=True, eq=False)
class Names:
    """The word lists by id. Compared by identity, so that compiled matchers can be remembered."""

    lists: tuple[tuple[str, tuple[str, ...]], ...]

    def words(self, *ids: str) -> tuple[str, ...]:
        return tuple(word for list_id, words in self.lists if list_id in ids for word in words)


@dataclass(frozen=True, slots=True)
class Example:
    """A text of our own and the names that must be found in it."""

    language: str
    text: str
    finds: tuple[str, ...]


def load(folders: Sequence[Path]) -> tuple[Names, list[Problem]]:
    """Read names.yml from every folder; a later folder's list replaces an earlier one of the same id."""
    entries, problems = yamlfile.entries(folders, FILE, "lists")
    lists: list[tuple[str, tuple[str, ...]]] = []
    for list_id, node in entries.items():
        node.only("id", "why", "words", "examples")
        if list_id not in LISTS:
            node.complain(f'nothing reads a list "{list_id}"', f"known are: {', '.join(LISTS)}")
        lists.append((list_id, node.need("words").strings()))
        problems.extend(node.complaints.problems)
        node.complaints.problems.clear()
    return Names(tuple(lists)), problems


def examples(folders: Sequence[Path]) -> tuple[Example, ...]:
    """The examples in names.yml, for the tests."""
    entries, _ = yamlfile.entries(folders, FILE, "lists")
    return tuple(
        Example(node.get("lang").string(), node.get("text").string(), node.get("finds").strings())
        for entry in entries.values()
        for node in entry.get("examples").list()
    )


def name_key(name: str) -> str:
    """What makes two printed names one, across languages, case and spacing.

    >>> name_key("Trần Thế Cương") == name_key("Tran The  Cuong")
    True
    """
    return " ".join(re.sub(r"[^\w&/-]+", " ", fold(name)).split())


def find(blocks: Sequence[Block], names: Names) -> tuple[Tag, ...]:
    """All names of an article: people, organisations, documents, campaigns; each facet in order of appearance."""
    tools = _tools(names)
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


_SMALL = frozenset(
    {"of", "the", "for", "and", "province", "city", "district", "tinh", "thanh", "pho", "tp", "huyen", "quan"}
)


def _sureness(facet: Facet, role: str) -> float:
    if facet == "person":
        return 0.93 if role else 0.8
    return {"organisation": 0.85, "document": 0.95, "campaign": 0.88}.get(facet, 0.8)


# -- tools --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Tools:
    matcher: Matcher[str]
    surnames: frozenset[str]
    rare: frozenset[str]
    over: frozenset[str]
    behind: re.Pattern[str]
    field_before: re.Pattern[str]
    not_people: frozenset[str]
    not_after: frozenset[str]
    links: frozenset[str]
    ends: frozenset[str]
    whole: frozenset[str]
    wholes: re.Pattern[str]


@lru_cache(maxsize=8)
def _tools(names: Names) -> _Tools:
    phrases: list[tuple[str, str]] = []
    for list_id, words in names.lists:
        if list_id.startswith(("titles", "offices", "organisations", "documents", "campaigns")):
            kind = list_id if list_id.startswith("organisations") else list_id.partition("-")[0]
            phrases.extend((word, kind) for word in words)
    fields = _any(names.words("fields-en"))
    return _Tools(
        matcher=Matcher(phrases),
        surnames=frozenset(form for word in names.words("surnames") for form in (word.lower(), fold(word))),
        rare=frozenset(form for word in names.words("surnames-rare") for form in (word.lower(), fold(word))),
        over=frozenset(word.lower() for word in names.words("name-ends")),
        behind=re.compile(
            rf"(?: (?:of|for) (?:the )?(?:(?:{fields})|{_CAPITAL}(?: {_CAPITAL}){{0,3}})"
            r"(?: province| city| district)?){1,3}"
        ),
        field_before=re.compile(rf"(?:{fields}) $"),
        not_people=frozenset(word.lower() for word in names.words("not-people")),
        not_after=frozenset(word.lower() for word in names.words("not-after")),
        links=frozenset(word.lower() for word in names.words("role-links")),
        ends=frozenset(word.lower() for word in names.words("role-ends")),
        whole=frozenset(word.lower() for word in names.words("whole-vi")),
        wholes=re.compile(rf" (?:{_any(names.words('whole-vi'))})(?=\W|$)", re.IGNORECASE),
    )


def _any(words: Iterable[str]) -> str:
    """An alternation, longest first; of nothing: one that never matches."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kinds: tuple[str, ...]
    """Ids of the lists the words are in, without the language where it does not matter: "offices", "titles"."""

    def has(self, kind: str) -> bool:
        return kind in self.kinds


def _in_block(block: Block, tools: _Tools) -> Iterator[_Found]:
    text = block.text
    spans = [_Span(match.start, match.end, match.values) for match in tools.matcher.find(text)]
    people = (
        list(_people(text, spans, tools)) if any(span.has("offices") or span.has("titles") for span in spans) else []
    )
    for start, end, role in people:
        yield "person", text[start:end], role, block.evidence(start, end, "name.office" if role else "name.title")
    taken = [(start, end) for start, end, _ in people]
    for start, end in _organisations(text, spans, taken, tools):
        yield "organisation", text[start:end], "", block.evidence(start, end, "name.organisation")
    for start, end, value in _documents(text, spans):
        yield "document", value, "", block.evidence(start, end, "name.document")
    for start, end in _campaigns(text, spans):
        yield "campaign", text[start:end].strip(" ,.;"), "", block.evidence(start, end, "name.campaign")


# -- people -------------------------------------------------------------------------------------------------------
def _people(text: str, spans: Sequence[_Span], tools: _Tools) -> Iterator[tuple[int, int, str]]:
    """Start, end and office of every person that a title or an office vouches for."""
    candidates = list(_candidates(text, tools))
    for index, (start, end) in enumerate(candidates):
        before = candidates[index - 1][1] if index else 0
        after = candidates[index + 1][0] if index + 1 < len(candidates) else len(text)
        left, title = _office_before(text, start, max(before, start - REACH), spans, tools)
        right = _office_behind(text, end, after, spans, tools)
        role = right if len(right.split()) > 1 or not left else left
        if role or title:
            yield start, end, role


def _candidates(text: str, tools: _Tools) -> Iterator[tuple[int, int]]:
    """Runs of capitalised syllables that begin with a family name: "Nguyễn Kim Sơn"."""
    for run in _RUN.finditer(text):
        words = run[0].split(" ")
        offset = run.start()
        position = 0
        while position < len(words) - 1:
            length = _name_length(words, position, tools)
            if length:
                end = offset + sum(map(len, words[position : position + length])) + length - 1
                if not _called_after(text, offset, tools):
                    yield offset, end
                offset = end + 1
                position += length
            else:
                offset += len(words[position]) + 1
                position += 1


def _name_length(words: Sequence[str], position: int, tools: _Tools) -> int:
    """How many words from here on are a person's name; 0 when none."""
    surname = words[position].lower()
    common = surname in tools.surnames
    if not common and surname not in tools.rare:
        return 0
    length = 1
    for word in words[position + 1 : position + 4]:
        if not _syllable(word) or word.lower() in tools.over:
            break
        length += 1
    behind = words[position + length].lower() if position + length < len(words) else ""
    if (
        length < (2 if common else 3)
        or behind in tools.not_people
        or (_syllable(behind.capitalize()) and behind not in tools.over)
    ):
        return 0
    name = [word.lower() for word in words[position : position + length]]
    if any(word in tools.not_people for word in [*name, " ".join(name)]):
        return 0
    # "Hà Nội Trần Thế Cương": a family name that comes later, with two names behind it, begins the person.
    later = (
        length >= 4
        and not common
        and any(word.lower() in tools.surnames for word in words[position + 1 : position + 3])
    )
    return 0 if later else length


def _syllable(word: str) -> bool:
    """Can this be a syllable of a Vietnamese name? "Sơn", "Ngọc"; not "School", "THPT", "People's"."""
    return (len(word) <= 7 and word[1:].islower()) or (len(word) == 1 and word.isalpha())


def _called_after(text: str, start: int, tools: _Tools) -> bool:
    """Does the word before say that this is a street or a school? "đường Nguyễn Trãi"."""
    words = text[max(0, start - 24) : start].lower().split()
    return bool(words) and (words[-1] in tools.not_after or " ".join(words[-2:]) in tools.not_after)


def _office_before(text: str, start: int, limit: int, spans: Sequence[_Span], tools: _Tools) -> tuple[str, bool]:
    """The office printed before a name, and whether a title of address stands there."""
    title = False
    edge = start
    office = ""
    for span in reversed(spans):
        if span.end > edge:
            continue
        if span.start < limit:
            break
        if span.has("titles") and not text[span.end : edge].strip(" .,"):
            title = True
            edge = span.start
        elif span.has("offices"):
            between = text[span.end : edge]
            if not _links(between, tools):
                break
            office = text[span.start : edge].strip(" ,.:;–-")
            if between.strip() and not between.strip(" ,.–-"):
                break
    return _trim(office, tools), title


def _links(between: str, tools: _Tools) -> bool:
    """Is this only what belongs to an office's name: "of Education and Training", " Sở GD&ĐT Hà Nội"?"""
    if re.search(r"[.;:!?()“”\"–]|, |\s-\s", between.rstrip(" ,-–")) or len(between.split()) > 14:
        return False
    return (
        not any(word.lower() in tools.ends for word in between.split())
        and all(
            word[0].isupper() or word.lower() in tools.links or not word.isascii() or word.endswith(("'s", "’s"))
            for word in between.split()
        )
    ) or not between.strip()


def _office_behind(text: str, end: int, limit: int, spans: Sequence[_Span], tools: _Tools) -> str:
    """The office printed behind a name: ", Hiệu trưởng Trường THPT Lê Lợi", " - Vice President of …"."""
    glue = re.match(r"\s?(?:,|\(| -| –|-|–)\s?(?:the |hiện là |nguyên |former |currently )?", text[end : end + 16])
    if not glue:
        return ""
    begin = end + glue.end()
    span = next((span for span in spans if span.start == begin and span.has("offices")), None)
    if span is None:
        return ""
    stop = re.compile(r"[,.;:!?()“”\"\n]|\s[-–]\s").search(text, span.end)
    words = text[span.end : min(stop.start() if stop else len(text), limit)].split(" ")
    kept = _office_words(words, span.has("offices") and not text[span.start : span.end].isascii(), tools)
    return _trim(text[span.start : span.end] + " ".join(kept), tools)


def _office_words(words: Sequence[str], vietnamese: bool, tools: _Tools) -> Sequence[str]:
    """How far an office's name goes: to a verb; in English also to a small word that joins nothing."""
    low = [word.lower() for word in words]
    for position, word in enumerate(words[:14]):
        joins = (
            not word
            or word[0].isupper()
            or word[0].isdigit()
            or low[position] in tools.links
            or word.endswith(("'s", "’s"))
        )
        if _ends_at(low[position : position + 2], tools, first=True) or not (joins or vietnamese or not word.isascii()):
            return words[:position]
    return words[:14]


def _ends_at(low: Sequence[str], tools: _Tools, first: bool = False) -> bool:
    """Is one of these words (or the first of them) a verb, alone or with the next one?"""
    places = range(1 if first else len(low))
    return any(
        low[place] in tools.ends or " ".join(low[place : place + 2]) in tools.ends
        for place in places
        if place < len(low)
    )


def _trim(role: str, tools: _Tools) -> str:
    """Take small words off the end: "Director of Hue University and"."""
    words = role.strip(" ,.;:–-").split()
    while words and words[-1].lower() in tools.links and words[-1].lower() not in _PLACES_AT_END:
        words.pop()
    return " ".join(words)


_PLACES_AT_END = frozenset(
    {
        "province",
        "city",
        "district",
        "commune",
        "ward",
        "town",
        "tỉnh",
        "phố",
        "huyện",
        "quận",
        "xã",
        "phường",
        "trường",
        "sở",
    }
)


# -- organisations ------------------------------------------------------------------------------------------------
_PLACE_WORD = r"(?:tỉnh|thành phố|TP\.?|Tp\.?|huyện|quận|xã|phường|thị xã|thị trấn)"
_GLUED = re.compile(rf"[a-zà-ỹ][{_UPPER}][a-zà-ỹ]|[a-zà-ỹ]\d")  # "Báo Đồng NaiBáo Đồng Nai30"
_BEHIND_VI = re.compile(rf"(?: (?:- )?{_PLACE_WORD})?(?P<name>(?: {_CAPITAL}){{1,5}})")


def _organisations(
    text: str, spans: Sequence[_Span], people: Sequence[tuple[int, int]], tools: _Tools
) -> Iterator[tuple[int, int]]:
    reached = 0
    for span in spans:
        if span.start < reached or not text[span.start].isupper():
            continue
        edge = min((start for start, _ in people if start >= span.end), default=len(text))
        found: tuple[int, int] | None = None
        if span.has("organisations-known"):
            found = (span.start, span.end)
        elif span.has("organisations-vi"):
            found = _vietnamese(text, span, edge, tools)
        elif span.has("organisations-en"):
            found = _english(text, span, reached, edge, people, tools)
        if found:
            reached = found[1]
            if not _GLUED.search(text, *found):
                yield found


def _vietnamese(text: str, span: _Span, edge: int, tools: _Tools) -> tuple[int, int] | None:
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
    text: str, span: _Span, reached: int, edge: int, people: Sequence[tuple[int, int]], tools: _Tools
) -> tuple[int, int] | None:
    floor = max([reached, *(end for _, end in people if end <= span.start)])
    start = _before(text, span.start, floor, tools)
    behind = tools.behind.match(text, span.end, edge)
    end = behind.end() if behind else span.end
    head = text[span.start : span.end].lower()
    named = start < span.start or (
        behind is not None and len(re.findall(r" (?:of|for) ", behind[0])) > (head == "department")
    )
    return (start, end) if named and (start < span.start or behind) else None


def _before(text: str, start: int, floor: int, tools: _Tools) -> int:
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


_SENTENCE_WORDS = frozenset(
    {"The", "In", "At", "And", "Of", "For", "By", "With", "From", "On", "This", "That", "A", "An"}
)


# -- documents and campaigns --------------------------------------------------------------------------------------
def _documents(text: str, spans: Sequence[_Span]) -> Iterator[tuple[int, int, str]]:
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


def _campaigns(text: str, spans: Iterable[_Span]) -> Iterator[tuple[int, int]]:
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
