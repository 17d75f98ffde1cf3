"""What a story is about: topics by the words that speak for them.

in:   the article's blocks, the title if it is not among them, each block's language, the taxonomy
out:  (primary claim or None, topic tags; the primary one first, then by weight)

How it decides, in order:
1. Words are found per language (one automaton each); for each topic the longest phrase at a place counts.
2. A word's weight grows with where it stands (title, lead) and hardly with how often it is repeated.
3. Subjects of level one compete. Sub-topics of education speak for education as far as they are about schools.
4. Within education the strongest sub-topic is primary, if it is strong enough; else the story is education's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from dateline.model import Block, Claim, Evidence, Tag
from dateline.taxonomy import Taxonomy, Terms
from dateline.text import accented_form, flat_form

STRONG, WEAK, AVOID, AGAINST = 3.0, 1.0, 0.0, -2.0
TITLE, LEAD, HEADING, CAPTION, BODY = 3.0, 2.0, 1.2, 0.5, 1.0
LEAD_CHARACTERS = 400
"""How much of the body's beginning counts as the lead."""
SATURATION = 1.0
"""At this (zone-weighted) count a word has half of the weight that any number of repetitions can give it."""
LENGTH = 2500.0
"""Characters of an ordinary article: in one twice as long a word must come nearly twice as often to say as much."""
ENOUGH = 3.0
"""Weight below which nothing is said about a story."""
SUB_ENOUGH = 3.5
SECONDARY_SHARE = 0.45
"""A secondary topic has at least this share of the primary's weight."""
SECONDARY_LIMIT = 5
QUOTES = 3
UNSPACED = frozenset({"ko", "lo", "km", "th", "ja", "zh"})
ACCENTED = frozenset({"vi", "ko", "lo", "km", "th", "ja", "zh"})
"""Languages in which taking marks away would make other words."""


@dataclass(slots=True)
class _Word:
    """One term of one topic in one document."""

    weight: float
    count: float = 0.0
    block: int = -1
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class _Score:
    topic: int
    words: dict[int, _Word] = field(default_factory=dict)
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """One language's terms, compiled. `values[pattern]` is (topic's position, weight, term's number) per topic."""

    automaton: AhoCorasick
    values: tuple[tuple[tuple[int, float, int], ...], ...]
    folded: bool
    spaced: bool
    """False where words are not set apart by spaces, or endings are glued on (Lao, Khmer, Korean)."""


def classify(
    blocks: Sequence[Block], title: str | None, languages: Sequence[str], taxonomy: Taxonomy
) -> tuple[Claim[str] | None, tuple[Tag, ...]]:
    """File a story under its topics.

    `title` is a title that is not one of the blocks (from a record or a URL); `languages` has one entry per block.
    """
    scores = _scores(blocks, title, languages, taxonomy)
    ranked = _rank(scores, taxonomy)
    if not ranked:
        return None, ()
    tags = tuple(
        Tag("topic", Claim(taxonomy.topics[score.topic].id, confidence, _quotes(score, blocks, title)), role)
        for score, confidence, role in ranked
    )
    return tags[0].claim, tags


# -- finding ------------------------------------------------------------------------------------------------------
def _scores(
    blocks: Sequence[Block], title: str | None, languages: Sequence[str], taxonomy: Taxonomy
) -> dict[int, _Score]:
    scores: dict[int, _Score] = {}
    length = 0
    for position, text, language, zone in _zones(blocks, title, languages):
        lexicon = _lexicon(taxonomy, _lexicon_name(text, language))
        if lexicon is not None:
            _find(lexicon, text, position, zone, scores)
        length += len(text)
    stretch = 0.4 + 0.6 * max(length, 600) / LENGTH
    for score in scores.values():
        score.total = sum(
            word.weight * 2.0 * word.count / (word.count + SATURATION * stretch) for word in score.words.values()
        )
    return scores


def _zones(
    blocks: Sequence[Block], title: str | None, languages: Sequence[str]
) -> Iterator[tuple[int, str, str, float]]:
    """Block's position (-1 for a title beside the text), words, language, weight of the place."""
    if title:
        main = next((language for block, language in zip(blocks, languages, strict=True) if block.kind == "paragraph"), "vi")
        yield -1, title, main, TITLE
    read = 0
    for position, (block, language) in enumerate(zip(blocks, languages, strict=True)):
        if block.kind in ("byline", "source"):
            continue
        if block.kind == "title":
            zone = TITLE
        elif block.kind == "caption":
            zone = CAPTION
        elif read < LEAD_CHARACTERS:
            zone = LEAD
        else:
            zone = HEADING if block.kind == "heading" else BODY
        if block.kind not in ("title", "caption"):
            read += len(block.text)
        yield position, block.text, language, zone


def _lexicon_name(text: str, language: str) -> str:
    """Vietnamese without a single accent is compared without accents; a short name is not worth the risk."""
    if language == "vi" and text.isascii() and len(text) > 24:
        return "vi-flat"
    return language


def _find(lexicon: _Lexicon, text: str, position: int, zone: float, scores: dict[int, _Score]) -> None:
    form = flat_form(text) if lexicon.folded else accented_form(text)
    last = len(form)
    reached: dict[int, int] = {}
    values, spaced = lexicon.values, lexicon.spaced
    found = sorted(
        (start, -end, index) for index, start, end in lexicon.automaton.find_matches_as_indexes(form, overlapping=True)
    )
    for start, minus_end, index in found:
        end = -minus_end
        if spaced and ((start and form[start - 1].isalnum()) or (end < last and form[end].isalnum())):
            continue
        for topic, weight, term in values[index]:
            if reached.get(topic, 0) > start:
                continue
            reached[topic] = end
            if not weight:
                continue
            score = scores.get(topic)
            if score is None:
                score = scores[topic] = _Score(topic)
            word = score.words.get(term)
            if word is None:
                word = score.words[term] = _Word(weight, 0.0, position, start, end)
            word.count += zone


@lru_cache(maxsize=64)
def _lexicon(taxonomy: Taxonomy, name: str) -> _Lexicon | None:
    """The terms of one language; "vi-flat" is Vietnamese without diacritics. None when no topic has such terms."""
    language = name.removesuffix("-flat")
    folded = language not in ACCENTED or name != language
    filed: dict[str, dict[int, tuple[int, float, int]]] = {}
    number = 0
    for position, topic in enumerate(taxonomy.topics):
        for terms in topic.terms:
            if terms.language != language:
                continue
            for term, weight in _weighted(terms):
                number += 1
                for form in _forms(term, language, taxonomy.spellings):
                    form = flat_form(form) if folded else accented_form(form)
                    filed.setdefault(form, {}).setdefault(position, (position, weight, number))
    if not filed:
        return None
    automaton = AhoCorasick(list(filed), matchkind=MatchKind.Standard)
    return _Lexicon(automaton, tuple(tuple(values.values()) for values in filed.values()), folded, language not in UNSPACED)


def _weighted(terms: Terms) -> Iterator[tuple[str, float]]:
    for words, weight in (
        (terms.avoid, AVOID), (terms.against, AGAINST), (terms.strong, STRONG), (terms.weak, WEAK)
    ):
        for word in words:
            yield word, weight


def _forms(term: str, language: str, spellings: Sequence[tuple[str, str, str]]) -> set[str]:
    """A term in its spellings and, in English, its plural.

    >>> sorted(_forms("enrolment quota", "en", [("en", "enrolment", "enrollment")]))
    ['enrollment quota', 'enrollment quotas', 'enrolment quota', 'enrolment quotas']
    """
    forms = {term}
    for where, one, other in spellings:
        if where == language and one in term:
            forms |= {form.replace(one, other) for form in forms}
    if language in ("en", "fr", "es"):
        forms |= {_plural(form) for form in forms}
    return forms


def _plural(term: str) -> str:
    """The regular English plural of the last word; a term that already ends in "s" stays as it is.

    >>> _plural("learning city"), _plural("tuition fee"), _plural("admissions")
    ('learning cities', 'tuition fees', 'admissions')
    """
    if not term[-1:].isalpha() or term.endswith("s"):
        return term
    if term.endswith("y") and term[-2:-1] not in ("a", "e", "o", "u", ""):
        return term[:-1] + "ies"
    return term + ("es" if term.endswith(("ch", "sh", "x")) else "s")


# -- deciding -----------------------------------------------------------------------------------------------------
def _rank(scores: dict[int, _Score], taxonomy: Taxonomy) -> list[tuple[_Score, float, str]]:
    """The topics to file under, primary first, each with its confidence and role."""
    parents = [topic.parent for topic in taxonomy.topics]
    places = {topic.id: position for position, topic in enumerate(taxonomy.topics)}
    subs: dict[int, list[_Score]] = {}
    for position, parent in enumerate(parents):
        score = scores.get(position)
        if parent is not None and score is not None:
            subs.setdefault(places[parent], []).append(score)
    level: list[tuple[float, _Score]] = []
    for position, parent in enumerate(parents):
        score = scores.get(position)
        if parent is not None or score is None or not _stands(score):
            continue
        best = max((sub.total for sub in subs.get(position, ()) if _stands(sub)), default=0.0)
        level.append((score.total + 0.5 * best, score))
    level = [(total, score) for total, score in level if total >= ENOUGH]
    if not level:
        return []
    level.sort(key=lambda pair: (-pair[0], pair[1].topic))
    return _chosen(level, subs)


def _stands(score: _Score) -> bool:
    """Weak words never speak alone."""
    return any(word.weight >= STRONG for word in score.words.values()) and score.total > 0


def _chosen(
    level: list[tuple[float, _Score]], subs: dict[int, list[_Score]]
) -> list[tuple[_Score, float, str]]:
    top, first = level[0]
    second = level[1][0] if len(level) > 1 else 0.0
    sure = _confidence(top, second)
    chosen: list[tuple[_Score, float, str]] = []
    own = sorted(
        (sub for sub in subs.get(first.topic, ()) if _stands(sub) and sub.total >= SUB_ENOUGH),
        key=lambda sub: (-sub.total, sub.topic),
    )
    if own:
        runner = own[1].total if len(own) > 1 else 0.0
        chosen.append((own[0], sure * _confidence(own[0].total, runner), "primary"))
        chosen.extend(
            (sub, sure * _share(sub.total, own[0].total), "secondary")
            for sub in own[1:] if sub.total >= SECONDARY_SHARE * own[0].total
        )
    else:
        chosen.append((first, sure, "primary"))
    for total, score in level[1:]:
        if total >= SECONDARY_SHARE * top:
            chosen.append((score, _share(total, top), "secondary"))
    return [chosen[0], *sorted(chosen[1:], key=lambda item: -item[1])[:SECONDARY_LIMIT]]


def _confidence(top: float, second: float) -> float:
    margin = (top - second) / (top + second + 2.0)
    return 1.0 / (1.0 + math.exp(-(-0.4 + 3.0 * margin + 0.08 * min(top, 30.0))))


def _share(part: float, whole: float) -> float:
    return 0.8 * min(1.0, part / whole)


# -- showing ------------------------------------------------------------------------------------------------------
def _quotes(score: _Score, blocks: Sequence[Block], title: str | None) -> tuple[Evidence, ...]:
    """The words that weighed most, where they first stand."""
    heaviest = sorted(
        (word for word in score.words.values() if word.weight > 0),
        key=lambda word: (-word.weight * word.count, word.block, word.start),
    )
    return tuple(_quote(word, blocks, title) for word in heaviest[:QUOTES])


def _quote(word: _Word, blocks: Sequence[Block], title: str | None) -> Evidence:
    rule = "topic.strong" if word.weight >= STRONG else "topic.weak"
    if word.block < 0:
        return Evidence((title or "")[word.start : word.end], 0, rule)
    return blocks[word.block].evidence(word.start, word.end, rule)
