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
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from dateline import learnt
from dateline.model import Block, Claim, Evidence, Tag
from dateline.taxonomy import Taxonomy, Terms
from dateline.text import accented_form, flat_form

STRONG, WEAK, AVOID, AGAINST = 3.0, 1.0, 0.0, -2.0
TITLE, LEAD, HEADING, CAPTION, BODY = 1.8, 1.3, 1.1, 0.7, 1.0
LEAD_CHARACTERS = 400
"""How much of the body's beginning counts as the lead."""
SATURATION = 1.0
"""At this (zone-weighted) count a word has half of the weight that any number of repetitions can give it."""
LENGTH = 2500.0
"""Characters of an ordinary article: in one twice as long a word must come nearly twice as often to say as much."""
ENOUGH = 3.0
"""Weight below which nothing is said about a story."""
SUB_ENOUGH = 2.5
SETTING = 15.0
"""The most that words common to all sub-topics (school, pupil, teacher) can say for their subject."""
WEAK_LIMIT = 8.0
"""The most that weak words can say together."""
SUB_SHARE = 0.6
"""What the strongest sub-topic adds to its parent."""
FEW, MANY = 2, 2
"""Different weak words that stand in for a strong one: for education beside a strong sub-topic; for a sub-topic."""
PHRASE = 0.15
"""Each further word makes a term more telling by this share."""
CLEAR, OVER = 5.0, 0.4
"""What a subject must weigh, itself and beside the first, to go before it."""
SECONDARY_SHARE, SPOKEN = 0.3, 6.0
"""A secondary topic has at least this share of the primary's weight; a sub-topic beside another may do with its own."""
SECONDARY_LIMIT = 3
DOUBTS = ((0.75, 0.25), (0.9, 0.35), (1.0, 0.45))
"""How sure of a secondary topic one must be, by how sure the primary is: what is doubtful shows its alternatives."""
LOUD = 8.0
"""A topic that weighs as much, with a strong word in the title or the lead, is spoken of however heavy the primary is."""
DOUBTED = 0.85
"""How sure one can be at most that a story is about other countries when it has a subject of its own beside them."""
STUFFED = 600
"""Characters of a text that is too short to report on a betting shop."""
QUOTES = 3
UNSPACED = frozenset({"ko", "lo", "km", "th", "ja", "zh"})
ACCENTED = frozenset({"vi", "ko", "lo", "km", "th", "ja", "zh"})
"""Languages in which taking marks away would make other words."""


@dataclass(slots=True)
class _Word:
    """One term of one topic in one document."""

    topic: int
    weight: float
    block: int
    """Where it stands first, -1 for a title beside the text."""
    start: int
    end: int
    zone: float
    """The best place it stands in."""
    count: float = 1.0


@dataclass(slots=True)
class _Score:
    """One topic in one document."""

    topic: int
    words: list[_Word] = field(default_factory=list)
    total: float = 0.0
    strong: bool = False
    """Is one of its strong words there?"""
    leads: bool = False
    """Is one of them in the title or the lead? What news is about, it says at once."""
    opposed: bool = False
    """Does a word speak against it?"""
    speaking: int = 0
    """How many different words speak for it."""


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """One language's terms, compiled. `values[pattern]` is (topic's position, term's number, weight) per topic."""

    automaton: AhoCorasick
    values: tuple[tuple[tuple[int, int, float], ...], ...]
    topics: int
    folded: bool
    spaced: bool
    """False where words are not set apart by spaces, or endings are glued on (Lao, Khmer, Korean)."""


def classify(
    blocks: Sequence[Block], title: str | None, languages: Sequence[str], taxonomy: Taxonomy
) -> tuple[Claim[str] | None, tuple[Tag, ...]]:
    """File a story under its topics.

    `title` is a title that is not one of the blocks (from a record or a URL); `languages` has one entry per block.
    What a site's own corrections taught goes before the rules where it was measured to be better.
    """
    primary, tags = by_rules(blocks, title, languages, taxonomy)
    taught = learnt.overrules(taxonomy.learnt, blocks)
    if taught is None or (primary is not None and primary.value == taught[0]):
        return primary, tags
    topic, confidence, evidence = taught
    first = Tag("topic", Claim(topic, confidence, evidence), "primary")
    others = tuple(replace(tag, role="secondary") for tag in tags if tag.value != topic)
    return first.claim, (first, *others[:SECONDARY_LIMIT])


def by_rules(
    blocks: Sequence[Block], title: str | None, languages: Sequence[str], taxonomy: Taxonomy
) -> tuple[Claim[str] | None, tuple[Tag, ...]]:
    """The same by words alone."""
    if _is_about_nothing(blocks, taxonomy):
        return None, ()
    ranked = _rank(_scores(blocks, title, languages, taxonomy), taxonomy)
    tags = tuple(
        Tag("topic", Claim(taxonomy.topics[score.topic].id, confidence, _quotes(score, blocks, title)), role)
        for score, confidence, role in ranked
    )
    return (tags[0].claim if tags else None), tags


def _is_about_nothing(blocks: Sequence[Block], taxonomy: Taxonomy) -> bool:
    """A short text with a betting shop's name is stuffed with what people search for; a long one may report on it."""
    if not taxonomy.nothing or sum(len(block.text) for block in blocks) > STUFFED:
        return False
    return any(_nothing(taxonomy).search(flat_form(block.text)) for block in blocks)


@lru_cache(maxsize=4)
def _nothing(taxonomy: Taxonomy) -> re.Pattern[str]:
    words = "|".join(re.escape(flat_form(word)).replace(r"\#", r"\d{1,4}") for word in taxonomy.nothing)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


# -- finding ------------------------------------------------------------------------------------------------------
def _scores(blocks: Sequence[Block], title: str | None, languages: Sequence[str], taxonomy: Taxonomy) -> dict[int, _Score]:
    chosen: dict[str, list[_Zone]] = {}
    length = 0
    for zone in _zones(blocks, title, languages):
        chosen.setdefault(_lexicon_name(zone[1], zone[2]), []).append(zone)
        length += len(zone[1])
    words: dict[int, _Word] = {}
    for name, zones in chosen.items():
        lexicon = _lexicon(taxonomy, name)
        if lexicon is not None:
            _find(lexicon, zones, words)
    half = SATURATION * (0.4 + 0.6 * max(length, 600) / LENGTH)
    scores: dict[int, _Score] = {}
    in_order = words.values() if len(chosen) == 1 else sorted(words.values(), key=lambda word: (word.block, word.start, -word.end))
    for word in in_order:
        if word.topic not in scores:
            scores[word.topic] = _Score(word.topic)
        scores[word.topic].words.append(word)
    for score in scores.values():
        _add_up(score, half)
    return scores


def _add_up(score: _Score, half: float) -> None:
    """Strong words add up; weak ones only to a limit, however many there are."""
    strong = weak = 0.0
    for word in score.words:
        weight, count = word.weight, word.count
        value = weight * word.zone * 2.0 * count / (count + half)
        if weight == WEAK:
            weak += value
        else:
            strong += value
        if weight > 0:
            score.speaking += 1
            if weight >= STRONG:
                score.strong = True
                score.leads = score.leads or word.zone >= LEAD
        else:
            score.opposed = True
    score.total = strong + _bounded(weak, WEAK_LIMIT)


def _bounded(value: float, limit: float) -> float:
    """Rises like `value` at first and never over `limit`."""
    return limit * (1.0 - math.exp(-value / limit))


_Zone = tuple[int, str, str, float]
"""A block's position (-1 for a title beside the text), words, language, weight of the place."""


def _zones(blocks: Sequence[Block], title: str | None, languages: Sequence[str]) -> Iterator[_Zone]:
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


def _find(lexicon: _Lexicon, zones: Sequence[_Zone], words: dict[int, _Word]) -> None:
    """Count the terms in the zones of one language; they are joined, so that the automaton is called once.

    This loop sees a hundred words a document: no calls, no objects but for a word's first time (all of this module: 1.04 → 0.78 ms).
    """
    form_of = flat_form if lexicon.folded else accented_form
    form = "\n".join([form_of(text) for _, text, _, _ in zones]) + "\n"
    values, spaced = lexicon.values, lexicon.spaced
    found = [
        (start, -end, index)
        for index, start, end in lexicon.automaton.find_matches_as_indexes(form, overlapping=True)
        if not spaced or not (form[end].isalnum() or form[start - 1].isalnum())
    ]
    found.sort()                                # by start, the longest first
    reached = [0] * lexicon.topics
    following = iter(zones)
    base = border = 0
    for start, minus_end, index in found:
        while start >= border:
            block, text, _, zone = next(following)
            base, border = border, border + len(text) + 1
        for topic, term, weight in values[index]:
            if reached[topic] > start:
                continue
            reached[topic] = -minus_end
            if not weight:
                continue
            word = words.get(term)
            if word is None:
                words[term] = _Word(topic, weight, block, start - base, -minus_end - base, zone)
                continue
            word.count += 1.0
            if zone > word.zone:
                word.zone = zone
            if block < word.block:              # in a text that is Vietnamese with accents here and without them there
                word.block, word.start, word.end = block, start - base, -minus_end - base


@lru_cache(maxsize=64)
def _lexicon(taxonomy: Taxonomy, name: str) -> _Lexicon | None:
    """The terms of one language; "vi-flat" is Vietnamese without diacritics. None when no topic has such terms."""
    language = name.removesuffix("-flat")
    folded = language not in ACCENTED or name != language
    filed: dict[str, dict[int, tuple[int, int, float]]] = {}
    number = 0
    for position, topic in enumerate(taxonomy.topics):
        for terms in topic.terms:
            for term, weight in _weighted(terms):
                number += 1         # over all languages: a word of one is never counted as one of another
                if terms.language != language:
                    continue
                weight *= 1.0 + PHRASE * min(term.count(" "), 4) if weight > WEAK else 1.0
                for form in _forms(term, language, taxonomy.spellings):
                    form = flat_form(form) if folded else accented_form(form)
                    filed.setdefault(form, {}).setdefault(position, (position, number, weight))
    if not filed:
        return None
    automaton = AhoCorasick(list(filed), matchkind=MatchKind.Standard)
    values = tuple(tuple(values.values()) for values in filed.values())
    return _Lexicon(automaton, values, len(taxonomy.topics), folded, language not in UNSPACED)


def _weighted(terms: Terms) -> Iterator[tuple[str, float]]:
    for words, weight in ((terms.avoid, AVOID), (terms.against, AGAINST), (terms.strong, STRONG), (terms.weak, WEAK)):
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
    parents = _parents(taxonomy)
    order = sorted(scores)
    subs: dict[int, list[_Score]] = {}
    for position in order:
        parent = parents[position]
        if parent is not None:
            subs.setdefault(parent, []).append(scores[position])
    level = [
        (total, scores[position])
        for position in order
        if parents[position] is None and (total := _level_total(scores[position], subs.get(position, ()))) >= ENOUGH
    ]
    level.sort(key=lambda pair: (-pair[0], pair[1].topic))
    if not level:
        return []
    level = _put_first(level, taxonomy)
    return _chosen(level, subs, DOUBTED if len(level) > 1 and taxonomy.topics[level[0][1].topic].over else 1.0)


@lru_cache(maxsize=4)
def _parents(taxonomy: Taxonomy) -> tuple[int | None, ...]:
    """Per topic the position of its parent."""
    places = {topic.id: position for position, topic in enumerate(taxonomy.topics)}
    return tuple(None if topic.parent is None else places[topic.parent] for topic in taxonomy.topics)


def _level_total(score: _Score, subs: Sequence[_Score]) -> float:
    """What a subject of level one weighs; 0 when it does not stand.

    Pupils and schools are where a story happens: that says little about its subject, however often it is said.
    """
    best = max((sub.total for sub in subs if _stands(sub)), default=0.0)
    if not _stands(score, FEW if best >= SUB_ENOUGH else None):
        return 0.0
    return _bounded(score.total, SETTING) + SUB_SHARE * best if subs else score.total


def _put_first(level: list[tuple[float, _Score]], taxonomy: Taxonomy) -> list[tuple[float, _Score]]:
    """Let a subject go before those it is `over`: a story from abroad is the world's, whatever it tells."""
    top, first = level[0]
    for total, score in level[1:]:
        over = taxonomy.topics[score.topic].over
        if taxonomy.topics[first.topic].id in over and total >= max(CLEAR, OVER * top) and score.leads and not score.opposed:
            return [(total, score), *(pair for pair in level if pair[1] is not score)]
    return level


def _stands(score: _Score, weak_words: int | None = None) -> bool:
    """Is a strong word there? Weak words never speak alone; for a sub-topic whose subject is certain, many may."""
    if score.total <= 0:
        return False
    return score.strong or (weak_words is not None and score.speaking >= weak_words)


def _chosen(level: list[tuple[float, _Score]], subs: dict[int, list[_Score]], limit: float) -> list[tuple[_Score, float, str]]:
    """The first subject is primary; others are secondary as far as they weigh. Sub-topics speak for theirs."""
    top = level[0][0]
    sure = min(limit, _confidence(top, level[1][0] if len(level) > 1 else 0.0))
    found: list[tuple[_Score, float]] = []
    for place, (total, score) in enumerate(level):
        share = sure if place == 0 else _share(total, top)
        if place and total < SECONDARY_SHARE * top:
            continue
        found.extend((sub, share * part) for sub, part in _within(score, subs.get(score.topic, ())))
    first, *others = found
    least = next(least for bound, least in DOUBTS if first[1] <= bound)
    others = [(score, share) for score, share in others if share >= least or (score.leads and score.total >= LOUD)]
    others.sort(key=lambda item: (-item[1], item[0].topic))
    return [(*first, "primary"), *((*other, "secondary") for other in others[:SECONDARY_LIMIT])]


def _within(score: _Score, subs: Sequence[_Score]) -> list[tuple[_Score, float]]:
    """A subject's sub-topics with their shares, strongest first; the subject itself when none is strong enough."""
    own = sorted((sub for sub in subs if _stands(sub, MANY) and sub.total >= SUB_ENOUGH), key=lambda sub: (-sub.total, sub.topic))
    if not own:
        return [(score, 1.0)]
    runner = own[1].total if len(own) > 1 else 0.0
    own = [sub for sub in own if sub.total >= min(SPOKEN, SECONDARY_SHARE * own[0].total)]
    sure = _confidence(own[0].total, runner)
    return [(own[0], sure), *((sub, _share(sub.total, own[0].total)) for sub in own[1:])]


def _confidence(top: float, second: float) -> float:
    margin = (top - second) / (top + second + 6.0)
    return 1.0 / (1.0 + math.exp(-(-0.4 + 3.0 * margin + 0.08 * min(top, 30.0))))


def _share(part: float, whole: float) -> float:
    return 0.8 * min(1.0, part / whole)


# -- showing ------------------------------------------------------------------------------------------------------
def _quotes(score: _Score, blocks: Sequence[Block], title: str | None) -> tuple[Evidence, ...]:
    """The words that weighed most, where they first stand."""
    heaviest = sorted(
        (word for word in score.words if word.weight > 0),
        key=lambda word: (-word.weight * word.count, word.block, word.start),
    )
    return tuple(_quote(word, blocks, title) for word in heaviest[:QUOTES])


def _quote(word: _Word, blocks: Sequence[Block], title: str | None) -> Evidence:
    rule = "topic.strong" if word.weight >= STRONG else "topic.weak"
    if word.block < 0:
        return Evidence((title or "")[word.start : word.end], 0, rule)
    return blocks[word.block].evidence(word.start, word.end, rule)
