"""Say which province a story is about: one, the whole country, or none.

in:   RawDocument, CleanText, Metadata, the text's language, Knowledge
out:  PlaceResult: the primary place and a tag for it and for every other province concerned, all with evidence

Counting names is not enough. In this order:
1. A location stamp or dateline ("AN GIANGThầy giáo…", "Nghệ An: …", "Kiên Giang - …") is the newsroom's own word (`stamps`).
2. Else mentions are weighed: what the name is worth, what stands beside it (`mentions`), where it stands (`standings`).
3. Provinces named in equal parts, or a ministry acting with no place in the title, make the story national.
4. A text that speaks of "the province" without a name is its publisher's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dateline.gazetteer import MERGED_ON, Era, Gazetteer
from dateline.mentions import Reading, after_merger, read
from dateline.model import Block, Claim, CleanText, Evidence, Metadata, RawDocument, Tag
from dateline.stamps import Home, Outlet, Outlets, Stamp, find_home, find_stamp, without_bureau
from dateline.standings import Standing, abroad, at_home, detail, headed, headline_places, merged, nation, standings

__all__ = ["NATIONAL", "Outlet", "Outlets", "PlaceKnowledge", "PlaceResult", "place"]

NATIONAL = "national"


class PlaceKnowledge(Protocol):
    """What `place` needs of `Knowledge`."""

    @property
    def gazetteer(self) -> Gazetteer: ...

    @property
    def outlets(self) -> Outlets: ...


class Languages(Protocol):
    """What `place` needs of `language.LanguageResult`."""

    @property
    def block_languages(self) -> tuple[str, ...]: ...

    @property
    def unaccented(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PlaceResult:
    primary: Claim[str] | None
    """Slug in the story's era, "national", or None for a story about no place in Vietnam."""
    tags: tuple[Tag, ...]


def place(
    raw: RawDocument, text: CleanText, metadata: Metadata, language: Languages, knowledge: PlaceKnowledge
) -> PlaceResult:
    """Name the province a story is about, and the others it concerns."""
    gazetteer, blocks = knowledge.gazetteer, text.blocks
    tongues = ["vi-flat" if tongue == "vi" and language.unaccented else tongue for tongue in language.block_languages]
    reading = read(blocks, tongues, gazetteer)
    era = _era(metadata, reading)
    reading = after_merger(reading) if era == "34" else reading
    stamp = find_stamp(text, gazetteer)
    home = find_home(raw, metadata, blocks, reading, gazetteer, knowledge.outlets)
    named = standings(blocks, without_bureau(blocks, reading, stamp))
    named = at_home(headed(named, headline_places(raw, metadata, gazetteer)), home)
    story = _Story(blocks, reading, merged(named, gazetteer) if era == "34" else named, stamp, home)
    verdict = _decide(story, gazetteer)
    return PlaceResult(_primary(verdict, era, gazetteer), tuple(_tags(verdict, named, story, era, gazetteer)))


def _era(metadata: Metadata, reading: Reading) -> Era:
    """34 when the story is dated after the merger, or undated and speaks of it as done; else 63."""
    if metadata.date is not None:
        return "34" if metadata.date.value[:10] >= MERGED_ON else "63"
    return "34" if any(cue.id == "merged" for cue in reading.cues) else "63"


# -- the verdict ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Story:
    """All that the verdict rests on."""

    blocks: tuple[Block, ...]
    reading: Reading
    named: tuple[Standing, ...]
    stamp: Stamp | None
    home: Home | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    place: str | None
    """Slug of one of the 63, "national" or None."""
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()


FAINT = 0.5
"""Below this score a province is only named in passing."""
PASSING = 0.3
"""So is one that has less weight than this per thousand characters, and neither title, lead nor any commune."""
RIVAL = 0.6
"""From this part of the first province's weight on, another one counts as much."""
ABROAD = 2.5
"""So many times more other countries than the place must be named for the story to be one from there."""
MINISTRY = 2.0
"""What must speak for the whole country when no place does."""
ADDRESS = 1.0
"""So much detail (two names) makes an address the only place that a story has."""
LISTED = 0.2
"""What each province in a long list adds to that."""


def _decide(story: _Story, gazetteer: Gazetteer) -> _Verdict:
    if story.stamp is not None and story.stamp.sure:
        return _Verdict(story.stamp.province, 0.97, (story.stamp.evidence,))
    whole, cues = nation(story.blocks, story.reading, gazetteer)
    top = story.named[0] if story.named else None
    local = detail(story.blocks, story.reading, gazetteer, top)
    if top is not None and not top.title and top.score * ABROAD * (1 + top.lead) < abroad(story.blocks, story.reading):
        return _Verdict(None)
    if top is None or _faint(top, local, story.blocks):
        return _unnamed(story, whole, local, cues)
    share = top.score / sum(standing.score for standing in story.named)
    if not top.title:
        rivals = sum(standing.score >= top.score * RIVAL for standing in story.named)
        if rivals >= 3 and share < 0.45:
            return _Verdict(NATIONAL, 0.75, cues or _quotes(story.named[:3], story.blocks))
        lead = whole - top.score - local
        if lead > 0:
            return _Verdict(NATIONAL, round(0.55 + 0.4 * lead / (whole + 1), 3), cues)
    return _Verdict(top.province, _confidence(top, share, whole, local), _quotes((top,), story.blocks))


def _faint(top: Standing, local: float, blocks: Sequence[Block]) -> bool:
    """Named in passing: hardly at all, or once somewhere in a long text that speaks of no commune or district."""
    if top.title or top.lead or local:
        return top.score < FAINT
    return top.score < max(FAINT, PASSING * sum(len(block.text) for block in blocks) / 1000)


def _unnamed(story: _Story, whole: float, local: float, cues: tuple[Evidence, ...]) -> _Verdict:
    """No place to speak of: the publisher's when the text says "the province", the country's when a ministry acts.

    Where people live decides nothing, unless a commune and a district are named and every address is in one province.
    """
    if story.home is not None and whole < 2 * MINISTRY and any(cue.id == "unnamed" for cue in story.reading.cues):
        return _Verdict(story.home.province, 0.7, (story.home.evidence,))
    if whole + LISTED * len(story.named) >= MINISTRY:
        return _Verdict(NATIONAL, 0.8, cues or _quotes(story.named[:3], story.blocks))
    if local >= ADDRESS and len(story.named) == 1 and all(mention.context == "home" for mention in story.named[0].mentions):
        return _Verdict(story.named[0].province, 0.5, _quotes(story.named, story.blocks))
    return _Verdict(None)


def _confidence(top: Standing, share: float, whole: float, local: float) -> float:
    """How often such a verdict is right: its weight, its share of all places, its position, and what speaks against it."""
    own = top.score + local
    sure = 0.55 + 0.16 * min(1.0, own / 4) + 0.17 * share + (0.1 if top.title else 0.06 if top.lead else 0.0)
    return round(min(0.96, max(0.35, sure - 0.2 * whole / (own + whole))), 3)


def _quotes(named: Sequence[Standing], blocks: Sequence[Block]) -> tuple[Evidence, ...]:
    """Up to three mentions of each, the weightiest first."""
    heads = [standing.headline for standing in named if standing.headline is not None]
    chosen = [mention for standing in named for mention in standing.mentions[:3] if mention.weight > 0]
    return tuple(dict.fromkeys([*heads, *(
        blocks[mention.block].evidence(mention.start, mention.end, f"province.{mention.context or mention.grade}")
        for mention in chosen)]))


# -- tags -----------------------------------------------------------------------------------------------------------

CONCERNED = 1.5
"""The weight a second province needs."""


def _primary(verdict: _Verdict, era: Era, gazetteer: Gazetteer) -> Claim[str] | None:
    if verdict.place is None:
        return None
    return Claim(_in_era(verdict.place, era, gazetteer), verdict.confidence, verdict.evidence)


def _tags(
    verdict: _Verdict, named: Sequence[Standing], story: _Story, era: Era, gazetteer: Gazetteer
) -> Sequence[Tag]:
    """In the slugs of the story's era; an area that lost its name in the merger keeps it as a former one beside."""
    primary = _primary(verdict, era, gazetteer)
    if primary is None:
        return ()
    tags = {} if primary.value == NATIONAL else {primary.value: Tag("province", primary, "primary", era)}
    top = story.named[0].score if story.named else 0.0
    for standing in story.named:
        slug = _in_era(standing.province, era, gazetteer)
        if slug not in tags and standing.count >= 2 and standing.score >= max(CONCERNED, 0.3 * top):
            claim = Claim(slug, round(min(0.9, 0.5 + 0.3 * standing.score / top), 3), _quotes((standing,), story.blocks))
            tags[slug] = Tag("province", claim, "concerned", era)
    former = [Tag("province", Claim(standing.province, 0.8, _quotes((standing,), story.blocks)), "former", "63")
              for standing in named if era == "34" and _is_former(standing, gazetteer, frozenset(tags))]
    return (*tags.values(), *former)


def _in_era(slug: str, era: Era, gazetteer: Gazetteer) -> str:
    return slug if era == "63" or slug == NATIONAL else gazetteer.successor(slug) or slug


def _is_former(standing: Standing, gazetteer: Gazetteer, filed: frozenset[str]) -> bool:
    """A part of a merged unit that lost its own name, spoken of by name or by two of its districts."""
    successor = gazetteer.successor(standing.province)
    if successor not in filed or successor == standing.province or len(gazetteer.predecessors(successor)) < 2:
        return False
    return standing.score >= FAINT or len({mention.name for mention in standing.mentions}) >= 2
