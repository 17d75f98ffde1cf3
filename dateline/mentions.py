"""Find the places a text names, and how much each mention says about where the story happens.

in:   blocks, the form each is compared in (with diacritics or without), the gazetteer
out:  Mentions, in reading order, and which cues (a ministry acts, "the province" …) occur where

A mention's weight is what its name is worth (a province more than a district) times what the words beside it say: an
authority of that name acts there (more), a suspect was born there (hardly), a road is called so (not at all).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from dateline.gazetteer import Gazetteer, Grade, Place
from dateline.matcher import Matcher
from dateline.model import Block
from dateline.text import accented_form, flat_form

WORTH: dict[Grade, float] = {
    "province": 1.0, "city": 0.9, "landmark": 0.6, "strong": 0.6, "typed": 0.6, "rare": 0.5, "ambiguous": 0.0,
}
QUOTED, QUOTATION = 0.3, 45
"""What a name in the middle of a quoted title says; how far, in characters, such a title reaches on either side."""
RESOLVES = 0.5
"""What a mention must weigh to say which of several districts of one name is meant."""
NEAR = 45
"""How far, in characters, a word such as "quê" reaches within its clause."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place's name in a block."""

    block: int
    start: int
    end: int
    province: str
    """Slug of one of the 63."""
    grade: Grade
    name: str
    weight: float
    context: str
    """Id of the context that decided the weight, "" for the bare name."""
    typed: bool
    """A word such as huyện or district stands with it."""
    factor: float = 1.0
    """What the words beside the name say."""
    candidates: frozenset[str] = frozenset()
    """Of an ambiguous name: every province that has such a place."""


class CueHit(NamedTuple):
    """A cue in a block; a bare tuple, since a text holds dozens."""

    block: int
    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Reading:
    mentions: tuple[Mention, ...]
    cues: tuple[CueHit, ...]


def read(blocks: Sequence[Block], languages: Sequence[str], gazetteer: Gazetteer) -> Reading:
    """All mentions and cues of all blocks. "vi" is compared with diacritics, every other language without."""
    mentions: list[Mention] = []
    cues: list[CueHit] = []
    for how in sorted({_how(language) for language in languages}):
        chosen = [(index, blocks[index].text) for index, language in enumerate(languages) if _how(language) == how]
        _Reader(gazetteer, how).read(chosen, mentions, cues)
        if how == "loose":
            mentions += _translated(chosen, gazetteer)
    mentions.sort(key=lambda mention: (mention.block, mention.start))
    mentions = _resolved(mentions)
    cues.sort(key=lambda cue: (cue.block, cue.start))
    return Reading(tuple(mentions), tuple(cues))


def _resolved(mentions: list[Mention]) -> list[Mention]:
    """A district's name that several provinces have is the one that is named too, or that all such names agree on.

    "huyện Chợ Mới" alone is in two provinces; with "huyện Phú Tân", or with An Giang, it is An Giang's.
    """
    unsure = [mention for mention in mentions if mention.candidates and mention.typed]
    if not unsure:
        return mentions
    named = {mention.province for mention in mentions if mention.weight >= RESOLVES}
    agreed = frozenset.intersection(*(mention.candidates for mention in unsure))
    several = len({mention.candidates for mention in unsure}) > 1
    found = list(mentions)
    for index, mention in enumerate(mentions):
        if mention.candidates and mention.typed:
            known = mention.candidates & named or (agreed if several else frozenset())
            if len(known) == 1:
                found[index] = replace(mention, province=next(iter(known)), weight=WORTH["typed"] * mention.factor)
    return found


def after_merger(reading: Reading) -> Reading:
    """Since districts ended, wards and communes carry their names: "phường Hạ Long" is the town that it was."""
    return replace(reading, mentions=tuple(
        replace(mention, weight=WORTH[mention.grade]) if mention.context == "ward" and mention.typed else mention
        for mention in reading.mentions))


How = Literal["accented", "unaccented", "flat", "loose"]


def _how(language: str) -> How:
    """accented, unaccented: Vietnamese. flat: folded, but printed diacritics must be right. loose: French has its own."""
    if language in ("vi", "vi-flat"):
        return "accented" if language == "vi" else "unaccented"
    return "flat" if language in ("en", "und") else "loose"


_ELSEWHERE = re.compile(r"[\x00-\x7fàâçéèêëîïôûùüñ]*")


def _spoken(words: Iterable[str], how: How) -> Iterator[str]:
    """The words that can occur in such a text: folded, "tờ" (a newspaper) would be the English "to"."""
    for word in words:
        if how in ("accented", "unaccented") or word.isascii() or (how == "loose" and _ELSEWHERE.fullmatch(word)):
            yield word


def _translated(blocks: Sequence[tuple[int, str]], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Names in other scripts, which run on into particles and endings."""
    if not gazetteer.translations:
        return
    pattern, slugs = _translations(gazetteer)
    for index, text in blocks:
        for match in pattern.finditer(text):
            yield Mention(index, match.start(), match.end(), slugs[match[0]], "province", match[0], 1.0, "", False)


@lru_cache(maxsize=4)
def _translations(gazetteer: Gazetteer) -> tuple[re.Pattern[str], dict[str, str]]:
    slugs = dict(gazetteer.translations)
    return re.compile("|".join(re.escape(name) for name in sorted(slugs, key=lambda name: (-len(name), name)))), slugs


# -- compiled knowledge ---------------------------------------------------------------------------------------------

Kind = Literal["place", "trap", "near", "cue"]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    place: Place | None = None
    id: str = ""
    accented: frozenset[str] = frozenset()
    """The ways the name is written with diacritics."""
    candidates: frozenset[str] = frozenset()
    """Every province that has a place of that name, when it is ambiguous."""


@dataclass(frozen=True, slots=True)
class _Sides:
    """Phrases that stand directly before or after a name, by their word nearest to it."""

    before: dict[str, list[tuple[str, str, float]]]
    after: dict[str, list[tuple[str, str, float]]]


_TONES = tuple(
    (plain + second, first + other)
    for plain, other, firsts, seconds in (
        ("o", "a", "òóỏõọ", "àáảãạ"), ("o", "e", "òóỏõọ", "èéẻẽẹ"), ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for first, second in zip(firsts, seconds, strict=True)
)


def _low(text: str) -> str:
    """Lower case, of the text's length."""
    low = text.lower()
    return low if len(low) == len(text) else accented_form(text)


def _form(text: str, folded: bool) -> str:
    """What text and names are compared in; newsrooms print Ea H'leo with either apostrophe."""
    return (flat_form(text) if folded else _low(text)).replace("’", "'")


def _forms(name: str, folded: bool) -> tuple[str, ...]:
    """What a name may look like: with diacritics, either tone placement ("hoà", "hòa"), so that text can stay as it is."""
    early = late = _form(name, folded)
    for one, other in _TONES:
        early, late = early.replace(one, other), late.replace(other, one)
    early = early if folded else accented_form(early)
    return (early,) if early == late else (_form(name, folded), accented_form(name), late)


@dataclass(frozen=True, slots=True)
class _Compiled:
    matcher: Matcher[_Entry]
    sides: _Sides
    factors: dict[str, float]
    surnames: frozenset[str]
    heads: frozenset[str]


_FLAT_NOT_NAMES = frozenset({"to", "do", "la", "vi", "le", "lo", "an", "ha", "ho", "van"})
"""Surnames that are English, French or Vietnamese little words once their marks are gone."""


_HIGHLAND = ("Đắk", "Đăk", "Đắc", "Đak", "Dak")


def _highland_spellings(name: str) -> tuple[str, ...]:
    """Newsrooms have never agreed on the first word of Đắk Mil, Đăk Đoa and Đắc Lắc."""
    first, space, rest = name.partition(" ")
    return tuple(word + space + rest for word in _HIGHLAND) if first in _HIGHLAND and rest else (name,) if name else ()


def _canon(name: str, folded: bool) -> str:
    return flat_form(name) if folded else accented_form(name)


def _unchanged(text: str) -> str:
    return text


@lru_cache(maxsize=8)
def _compiled(gazetteer: Gazetteer, how: How) -> _Compiled:
    folded = how != "accented"
    surnames = frozenset(form for name in gazetteer.surnames for form in _forms(name, folded))
    phrases = [(form, entry) for name, entry in _entries(gazetteer, how) for form in _forms(name, folded)]
    return _Compiled(
        Matcher(phrases, form=_unchanged, fast=True),
        _sides(gazetteer, how),
        {context.id: context.factor for context in gazetteer.contexts},
        surnames - _FLAT_NOT_NAMES if folded else surnames,
        frozenset(form for word in gazetteer.heads for form in _forms(word, folded)),
    )


def _entries(gazetteer: Gazetteer, how: How) -> Iterable[tuple[str, _Entry]]:
    folded = how != "accented"
    by_form: dict[str, list[Place]] = {}
    for place in gazetteer.places:
        for name in _highland_spellings(place.name):
            by_form.setdefault(_canon(name, folded), []).append(place)
    for name, places in by_form.items():
        place = _one(places)
        forms = frozenset(accented_form(other.name) for other in places if other.province == place.province)
        several = frozenset(other.province for other in places) if place.grade == "ambiguous" else frozenset()
        yield name, _Entry("place", place, accented=forms, candidates=several)
    for trap in gazetteer.traps:
        if not (folded and trap.id == "white-house"):
            yield from ((name, _Entry("trap", id=trap.id)) for name in trap.names)
    for context in gazetteer.contexts:
        yield from ((name, _Entry("near", id=context.id)) for name in _spoken(context.near, how))
    for cues in gazetteer.cues:
        yield from ((word, _Entry("cue", id=cues.id)) for word in _spoken(cues.words, how))


def _one(places: Sequence[Place]) -> Place:
    """The one place a form stands for: a province before its namesakes; of several provinces none."""
    def capitals(place: Place) -> int:
        return sum(letter.isupper() for letter in place.name)

    best = min((place for place in places if place.grade == "province"), key=capitals, default=min(places, key=capitals))
    if best.grade != "province" and len({place.province for place in places}) > 1:
        return Place(best.name, best.province, "ambiguous")
    return best


def _sides(gazetteer: Gazetteer, how: How) -> _Sides:
    sides = _Sides({}, {})
    for context in gazetteer.contexts:
        _file(sides, context.id, context.factor, context.before, context.after, how)
    _file(sides, "district", 1.0, gazetteer.districts_before, gazetteer.districts_after, how)
    _file(sides, "town", 1.0, gazetteer.towns_before, gazetteer.towns_after, how)
    for phrases in (*sides.before.values(), *sides.after.values()):
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    return sides


def _file(sides: _Sides, id: str, factor: float, before: Iterable[str], after: Iterable[str], how: How) -> None:
    folded = how != "accented"
    for phrase in (form for word in _spoken(before, how) for form in _forms(word, folded)):
        sides.before.setdefault(phrase.rsplit(" ", 1)[-1], []).append((phrase, id, factor))
    for phrase in (form for word in _spoken(after, how) for form in _forms(word, folded)):
        sides.after.setdefault(phrase.split(" ", 1)[0], []).append((phrase, id, factor))


# -- reading --------------------------------------------------------------------------------------------------------

_OPENED = re.compile(r"(?<![^\W_])[“\"'‘«](?=[^\W_]|\Z)[^“”\"'‘’«».:;!?\n]*\Z")
_CLOSED = re.compile(r"[^“”\"'‘’«».:;!?\n]*[”\"'’»](?![^\W_])")
_OPENERS = " (“\"‘'[\t\u00a0*•"


class _Reader:
    """One pass over all blocks of one form, joined, so that the matcher is called once."""

    def __init__(self, gazetteer: Gazetteer, how: How) -> None:
        self.folded = how != "accented"
        self.strict = how == "flat"
        self.known = _compiled(gazetteer, how)

    def read(self, blocks: Sequence[tuple[int, str]], mentions: list[Mention], cues: list[CueHit]) -> None:
        self.text = " " + " \n ".join(text for _, text in blocks)
        self.form = _form(self.text, self.folded)
        found = self.known.matcher.spans(self.form)
        starts = _starts(blocks)
        at = 0
        reached = trapped = 0
        near: dict[str, int] = {}
        cued: dict[str, int] = {}
        for start, end, entries in found:
            while at + 1 < len(starts) and start >= starts[at + 1]:
                at += 1
            for entry in entries:
                kind = entry.kind
                if kind == "cue":
                    if start >= reached and start >= trapped and start >= cued.get(entry.id, 0):
                        cued[entry.id] = end                       # no "Thủ tướng" in "Phó Thủ tướng"
                        cues.append(CueHit(blocks[at][0], start - starts[at], end - starts[at], entry.id))
                elif kind == "place":
                    if start >= reached and start >= trapped:
                        mention = self._mention(start, end, entry, near, blocks[at][0], starts[at])
                        if mention is not None:
                            mentions.append(mention)
                            reached = end
                elif kind == "near":
                    near[entry.id] = end
                elif not self.text[start:end].islower():
                    trapped = max(trapped, end)

    def _mention(
        self, start: int, end: int, entry: _Entry, near: dict[str, int], block: int, base: int
    ) -> Mention | None:
        place = entry.place
        printed = self.text[start:end]
        if place is None or not _capitalised(printed, place.name):
            return None
        if self.strict and not printed.isascii() and accented_form(printed) not in entry.accented:
            return None         # printed with diacritics in an English text it is the very name or another
        context, factor = self._beside(start, end)
        typed = context in ("district", "town", "ward")
        if place.grade == "province" and context in ("district", "ward"):
            return None
        if place.grade == "typed" and not typed:
            factor *= 0.2
        if place.grade == "rare" and self.folded and not typed:
            factor *= 0.4
        longer = self._longer_name(start)
        if longer is not None:
            context, factor = longer
        for id, where in near.items():
            known = self.known.factors[id]
            if start - where <= NEAR and factor > known and not _clause_ends(self.form[where:start], known):
                context, factor = id, known
        if self.text.startswith("):", end):
            context, factor = "speaker", min(factor, self.known.factors.get("speaker", factor))
        if factor > QUOTED and self._in_a_title(start, end):
            context, factor = "quoted", QUOTED
        return Mention(block, start - base, end - base, place.province, place.grade, printed,
                       WORTH[place.grade] * factor, context, typed, factor, entry.candidates)

    def _in_a_title(self, start: int, end: int) -> bool:
        """Inside a short quotation, and not all of it: a song, a film, a campaign ("Cô Ba Sài Gòn")."""
        before, after = _OPENED.search(self.text, start - QUOTATION, start), _CLOSED.match(self.text, end, end + QUOTATION)
        return before is not None and after is not None and before.end() - before.start() + after.end() - after.start() > 2

    def _beside(self, start: int, end: int) -> tuple[str, float]:
        """The context the neighbouring words make; what forbids wins over what favours."""
        found: list[tuple[float, str]] = []
        form = self.form
        if form[start - 1] == " ":
            last = form.rfind(" ", 0, start - 1) + 1
            for phrase, id, factor in self.known.sides.before.get(form[last:start - 1].lstrip(_OPENERS), ()):
                if form.endswith(phrase, 0, start - 1) and not form[start - 2 - len(phrase)].isalnum():
                    found.append((factor, id))
                    break
        head = form[end:end + 40].lstrip(_OPENERS)
        word = head.split(" ", 1)[0]
        after = self.known.sides.after
        for phrase, id, factor in after.get(word) or after.get(word.rstrip(".,;:)")) or ():
            if head.startswith(phrase):
                found.append((factor, id))
                break
        if not found:
            return "", 1.0
        types = [id for _, id in found if id in ("district", "town")]
        factor, id = min(found) if min(found)[0] < 1 else max(found)
        return (types[0] if types and factor >= 1 else id), factor

    def _longer_name(self, start: int) -> tuple[str, float] | None:
        """The word before the name makes a person's name of it ("Nguyễn Hà Giang"), or some other longer name."""
        text = self.text
        if text[start - 1] != " ":
            return None
        begin = text.rfind(" ", 0, start - 1) + 1
        word = text[begin:start - 1]
        if not word or not word[0].isupper() or not word[-1].isalpha() or (word.isupper() and len(word) > 1):
            return None
        low = self.form[begin:start - 1]
        if low in self.known.surnames:
            return "person", 0.0
        if self.folded or low in self.known.heads or low in self.known.sides.before:
            return None
        before = text[:begin].rstrip(" \"“'‘([")[-1:]
        if before in {"", "\n", ".", ":", "!", "?", "-", "–", "…", "•"}:
            return None
        return "longer-name", 0.4


def _starts(blocks: Sequence[tuple[int, str]]) -> list[int]:
    starts, position = [], 1
    for _, text in blocks:
        starts.append(position)
        position += len(text) + 3
    return starts


@lru_cache(maxsize=8192)
def _capitalised(printed: str, name: str) -> bool:
    """A capital wherever the name has one: "Hòa bình" is peace, "cao bằng" a comparison."""
    return all(ours[0].isupper() or not known[0].isupper() for ours, known in zip(printed.split(), name.split(), strict=False))


def _clause_ends(between: str, factor: float) -> bool:
    """An address runs on over commas ("quê xã Nam Anh, huyện Nam Đàn, Nghệ An"); a road's name ends with the first."""
    return any(mark in between for mark in (". ", ";", ")", "\n", "!", "?")) or (factor == 0 and "," in between)
