"""People in a text: names that an office or a title vouches for, and the office they hold.

in:   a block's text, the listed words found in it
out:  start, end and office of every person
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dateline.text import fold
from dateline.wordlists import CAPITAL, OFFICE, TITLE, Span, Tools

REACH = 130
"""Characters before a name in which its office may begin."""
RUN = re.compile(rf"{CAPITAL}(?: {CAPITAL})+")
# A syllable of a Vietnamese name, without its marks: "nguyen", "oanh"; not "donald", "school".
_SYLLABLE = re.compile(r"(?:ngh|[cgknpt]h|ng|gi|qu|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,4}(?:ch|nh|ng|[cmnpt])?")


def people(text: str, spans: Sequence[Span], tools: Tools) -> Iterator[tuple[int, int, str]]:
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


def _candidates(text: str, tools: Tools) -> Iterator[tuple[int, int]]:
    """Runs of capitalised syllables that begin with a family name: "Nguyễn Kim Sơn"."""
    for run in RUN.finditer(text):
        words = run[0].split(" ")
        offset = run.start()
        position = 0
        while position < len(words) - 1:
            surname = words[position].lower()
            length = _name_length(words, position, tools) if surname in tools.surnames or surname in tools.rare else 0
            if length:
                end = offset + sum(map(len, words[position : position + length])) + length - 1
                if not _called_after(text, offset, tools):
                    yield offset, end
                offset = end + 1
                position += length
            else:
                offset += len(words[position]) + 1
                position += 1


def _name_length(words: Sequence[str], position: int, tools: Tools) -> int:
    """How many words from here on, the first a family name, are a person's name; 0 when none."""
    common = words[position].lower() in tools.surnames
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
    if not tools.not_people.isdisjoint((*name, " ".join(name))):
        return 0
    # "Hà Nội Trần Thế Cương": a family name that comes later, with two names behind it, begins the person.
    later = length >= 4 and not common and any(word.lower() in tools.surnames for word in words[position + 1 : position + 3])
    return 0 if later else length


@lru_cache(maxsize=8192)
def _syllable(word: str) -> bool:
    """Can this be a syllable of a Vietnamese name? "Sơn", "Ngọc"; not "School", "THPT", "People's"."""
    return (word[1:].islower() or len(word) == 1) and _SYLLABLE.fullmatch(fold(word)) is not None


def _called_after(text: str, start: int, tools: Tools) -> bool:
    """Does the word before say that this is a street or a school? "đường Nguyễn Trãi"."""
    words = text[max(0, start - 24) : start].lower().split()
    return bool(words) and (words[-1] in tools.not_after or " ".join(words[-2:]) in tools.not_after)


def _office_before(text: str, start: int, limit: int, spans: Sequence[Span], tools: Tools) -> tuple[str, bool]:
    """The office printed before a name, and whether a title of address stands there."""
    title = False
    edge = start
    office = ""
    # spans come in the order of their starts; looking at all of them for each name would be quadratic
    for begin, end, kinds in reversed(spans[max(0, bisect_left(spans, (limit,)) - 1) : bisect_left(spans, (start,))]):
        if end > edge:
            continue
        if begin < limit:
            break
        if kinds & TITLE and not text[end:edge].strip(" .,"):
            title = True
            edge = begin
        elif kinds & OFFICE:
            between = text[end:edge]
            if not _links(between, tools):
                break
            office = text[begin:edge].strip(" ,.:;–-")
            if between.strip() and not between.strip(" ,.–-"):
                break
    return _trim(office, tools), title


_BREAK = re.compile(r"[.;:!?()“”\"–]|, |\s-\s")
_GLUE = re.compile(r"\s?(?:,|\(| -| –|-|–)\s?(?:the |hiện là |nguyên |former |currently )?")
_STOP = re.compile(r"[,.;:!?()“”\"\n]|\s[-–]\s")


def _links(between: str, tools: Tools) -> bool:
    """Is this only what belongs to an office's name: "of Education and Training", " Sở GD&ĐT Hà Nội"?"""
    if _BREAK.search(between.rstrip(" ,-–")) or len(between.split()) > 14:
        return False
    return (
        not any(word.lower() in tools.ends for word in between.split())
        and all(
            word[0].isupper() or word.lower() in tools.links or not word.isascii() or word.endswith(("'s", "’s"))
            for word in between.split()
        )
    ) or not between.strip()


def _office_behind(text: str, end: int, limit: int, spans: Sequence[Span], tools: Tools) -> str:
    """The office printed behind a name: ", Hiệu trưởng Trường THPT Lê Lợi", " - Vice President of …"."""
    glue = _GLUE.match(text[end : end + 16])
    if not glue:
        return ""
    begin = end + glue.end()
    at = bisect_left(spans, (begin,))
    behind = next((span[1] for span in spans[at : at + 8] if span[0] == begin and span[2] & OFFICE), None)
    if behind is None:
        return ""
    stop = _STOP.search(text, behind)
    words = text[behind : min(stop.start() if stop else len(text), limit)].split(" ")
    kept = _office_words(words, not text[begin:behind].isascii(), tools)
    return _trim(text[begin:behind] + " ".join(kept), tools)


def _office_words(words: Sequence[str], vietnamese: bool, tools: Tools) -> Sequence[str]:
    """How far an office's name goes: to a verb; in English also to a small word that joins nothing."""
    low = [word.lower() for word in words]
    for position, word in enumerate(words[:14]):
        joins = not word or word[0].isupper() or word[0].isdigit() or low[position] in tools.links or word.endswith(("'s", "’s"))
        if _ends_at(low[position : position + 2], tools, first=True) or not (joins or vietnamese or not word.isascii()):
            return words[:position]
    return words[:14]


def _ends_at(low: Sequence[str], tools: Tools, first: bool = False) -> bool:
    """Is one of these words (or the first of them) a verb, alone or with the next one?"""
    places = range(1 if first else len(low))
    return any(low[place] in tools.ends or " ".join(low[place : place + 2]) in tools.ends for place in places if place < len(low))


def _trim(role: str, tools: Tools) -> str:
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
