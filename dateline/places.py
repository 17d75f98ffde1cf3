"""Say which province a story is about: one, the whole country, or none.

in:   RawDocument, CleanText, Metadata, the text's language, Knowledge
out:  PlaceResult: the primary place and a tag for it and for every other province concerned, all with evidence

Counting names is not enough. In this order:
1. A location stamp or dateline ("AN GIANGThầy giáo…", "Nghệ An: …", "Kiên Giang - …") is the newsroom's own word.
2. Else mentions are weighed (see `mentions`): what the name is worth, what stands beside it, where it stands.
3. Provinces named in equal parts, or a ministry acting with no place in the title, make the story national.
4. A text that speaks of "the province" without a name, or names little, is its publisher's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from dateline.gazetteer import MERGED_ON, Era, Gazetteer
from dateline.mentions import Mention, Reading, read
from dateline.model import BODY_KINDS, Block, Claim, CleanText, Evidence, Metadata, RawDocument, Tag

NATIONAL = "national"


class Outlet(Protocol):
    @property
    def province(self) -> str | None: ...


class Outlets(Protocol):
    def by_host(self, host: str) -> Outlet | None: ...


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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a province stands in one text."""

    province: str
    score: float
    count: int
    title: bool
    lead: bool
    mentions: tuple[Mention, ...]
    headline: Evidence | None = None
    """It stands in a headline that is not part of the text."""


def place(raw: RawDocument, text: CleanText, metadata: Metadata, language: Languages, knowledge: PlaceKnowledge) -> PlaceResult:
    """Name the province a story is about, and the others it concerns."""
    gazetteer = knowledge.gazetteer
    blocks = text.blocks
    folded = [tongue != "vi" or language.unaccented for tongue in language.block_languages]
    reading = read(blocks, folded, gazetteer)
    era = _era(metadata, reading)
    standings = _headed(_standings(blocks, reading), _headline_places(raw, metadata, gazetteer))
    stamp = _stamp(text, gazetteer)
    home = _home(raw, metadata, knowledge)
    verdict = _decide(blocks, standings, reading, stamp, home, gazetteer)
    return _result(verdict, standings, blocks, era, gazetteer)


# -- the story's era ------------------------------------------------------------------------------------------------


def _era(metadata: Metadata, reading: Reading) -> Era:
    """34 when the story is dated after the merger, or speaks of it as done; else 63."""
    if metadata.date is not None:
        return "34" if metadata.date.value[:10] >= MERGED_ON else "63"
    return "34" if any(cue.id == "merged" for cue in reading.cues) else "63"


# -- how the provinces stand ----------------------------------------------------------------------------------------


def _standings(blocks: Sequence[Block], reading: Reading) -> tuple[Standing, ...]:
    """Every province named, the weightiest first."""
    lead = next((index for index, block in enumerate(blocks) if block.kind in BODY_KINDS), -1)
    spread = _spread(blocks, reading.mentions)
    found: dict[str, list[tuple[Mention, float]]] = {}
    for mention, share in zip(reading.mentions, spread, strict=True):
        weight = mention.weight * share * _position(blocks[mention.block], mention.block == lead)
        found.setdefault(mention.province, []).append((mention, weight))
    standings = [
        Standing(province, sum(weight for _, weight in pairs), sum(weight > 0 for _, weight in pairs),
                 any(blocks[mention.block].kind == "title" and weight > 0.5 for mention, weight in pairs),
                 any(mention.block == lead and weight > 0.5 for mention, weight in pairs),
                 tuple(mention for mention, weight in sorted(pairs, key=lambda pair: -pair[1])))
        for province, pairs in found.items()
    ]
    standings.sort(key=lambda standing: -standing.score)
    return tuple(standings)


def _headline_places(raw: RawDocument, metadata: Metadata, gazetteer: Gazetteer) -> dict[str, Evidence]:
    """Provinces in a headline that does not stand in the text: the record's title, or the words of the address."""
    found: dict[str, Evidence] = {}
    claims = [claim for claim in (metadata.title if metadata.title_source != "text" else None, metadata.source_url) if claim]
    heads = [(claim.value, claim.evidence) for claim in claims]
    heads += [(value, ()) for value in (raw.field("url"), raw.field("title")) if value]
    for value, evidence in heads:
        words = _slug_words(value) if "/" in value else value
        if len(words) < 8:
            continue
        for mention in read((Block("title", words, 0),), (words.isascii(),), gazetteer).mentions:
            if mention.grade in ("province", "city") and mention.weight >= 0.5 and mention.name not in _COMMON_IN_SLUGS:
                proof = evidence[0] if evidence else Evidence(value, 0, "province.headline")
                found.setdefault(mention.province, Evidence(proof.quote, proof.line, "province.headline"))
    return found


_COMMON_IN_SLUGS = frozenset({"Hoa Binh", "Hue", "Cao Bang", "Hai Duong", "Long An", "Ha Nam", "Thai Binh"})
"""Names that are everyday words or persons once a slug has taken capitals and accents from them."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){3,}")


def _slug_words(url: str) -> str:
    """The longest run of hyphenated words in an address, as a headline: "Hoc Sinh Bac Ninh Tuu Truong"."""
    slug = max(_SLUG.findall(url.lower()), key=len, default="")
    return slug.replace("-", " ").title()


def _headed(standings: Sequence[Standing], headline: dict[str, Evidence]) -> tuple[Standing, ...]:
    """A headline's place weighs like a mention in a title."""
    if not headline:
        return tuple(standings)
    raised = [replace(standing, score=standing.score + 1.5, title=True, headline=headline[standing.province])
              if standing.province in headline else standing for standing in standings]
    named = {standing.province for standing in standings}
    raised += [Standing(province, 1.0, 1, True, False, (), evidence) for province, evidence in headline.items() if province not in named]
    return tuple(sorted(raised, key=lambda standing: -standing.score))


def _position(block: Block, lead: bool) -> float:
    return 2.0 if block.kind == "title" else 1.5 if lead else 0.5 if block.kind == "caption" else 1.0


_JOINS = frozenset({",", "và", "and", ", and", "&", ";", ", và", "hay", "hoặc", "or", "et", "y", ", tp", ", tp.", ", tỉnh", "và tp", "và tỉnh", "và tp.",
                    ", thành phố", "và thành phố"})
_DASHES = frozenset({"-", "–", "—"})


def _spread(blocks: Sequence[Block], mentions: Sequence[Mention]) -> list[float]:
    """What is left of each mention when it is one of several in a row (a quota table, the two ends of a road)."""
    shares = [1.0] * len(mentions)
    run = [0] if mentions else []
    for index in range(1, len(mentions) + 1):
        join = _join(blocks, mentions[index - 1], mentions[index]) if index < len(mentions) else None
        if join == "dash" and mentions[index - 1].province != mentions[index].province:
            shares[index - 1] = shares[index] = 0.2
        if join == "list":
            run.append(index)
            continue
        named = len({mentions[member].province for member in run})
        if named >= 3:
            for member in run:
                shares[member] = min(shares[member], 0.4 if named < 5 else 0.15)
        run = [index]
    return shares


def _join(blocks: Sequence[Block], one: Mention, other: Mention) -> str | None:
    if one.block != other.block or not 0 < other.start - one.end <= 16:
        return None
    between = blocks[one.block].text[one.end:other.start].strip(" \t\u00a0()0123456789").lower()
    return "dash" if between in _DASHES else "list" if between in _JOINS else None


# -- stamps and publishers ------------------------------------------------------------------------------------------


_BUREAUS = ("ha-noi", "ho-chi-minh")
"""Where national newsrooms and agencies sit."""


@lru_cache(maxsize=4)
def _stamps(gazetteer: Gazetteer) -> tuple[re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    for place in gazetteer.places:
        if place.grade == "province" and place.name:
            names.setdefault(place.name, place.province)
            names.setdefault(place.name.upper(), place.province)
    choice = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    capital = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠ-Ỹ"
    return re.compile(rf"""
        \W{{0,3}}(?P<name>{choice})
        (?: (?P<glued>(?=[{capital}“"][^\s]*[\s])(?=\S*[^{capital}\W]|\S\s))     # AN GIANGThầy giáo …
          | (?P<colon>\s?:\s)                                                    # Nghệ An: Các trường …
          | (?P<dash>\s?(?:\([^()]{{1,20}}\)\s?)?[-–—]\s)                        # HÀ NỘI — …, Kiên Giang (VNA) – …
        )""", re.VERBOSE), names


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newsroom's own place."""

    province: str
    evidence: Evidence
    sure: bool
    """False where agencies also put the city they report from: "HÀ NỘI — All over the country …"."""


def _stamp(text: CleanText, gazetteer: Gazetteer) -> Stamp | None:
    """The location stamp or dateline at the head of one of the first blocks, or cut off by cleaning."""
    pattern, names = _stamps(gazetteer)
    for block in text.blocks[:6]:
        match = pattern.match(block.text)
        if match is None:
            continue
        how = match.lastgroup or ""
        if how == "dash" and (block.kind == "title" or pattern.match(block.text, match.end())
                              or any(block.text.startswith(name, match.end()) for name in names)):
            continue
        if how == "colon" and block.line > 3:
            continue
        province = names[match["name"]]
        evidence = block.evidence(match.start("name"), match.end("name"), f"province.{how}")
        return Stamp(province, evidence, how != "dash" or province not in _BUREAUS)
    for removal in text.removed:
        if removal.rule.startswith("dateline.") and not removal.whole:
            for name, province in names.items():
                if name in removal.text:
                    return Stamp(province, Evidence(name, removal.line, "province.dateline"), province not in _BUREAUS)
    return None


def _home(raw: RawDocument, metadata: Metadata, knowledge: PlaceKnowledge) -> tuple[str, Evidence] | None:
    """The publisher's own province."""
    claims = [claim for claim in (metadata.publisher, metadata.source_url, metadata.via) if claim is not None]
    url = raw.field("url")
    candidates = [(_host(claim.value), claim.evidence[0] if claim.evidence else Evidence(claim.value, 0, "province.publisher"))
                  for claim in claims]
    if url:
        candidates.append((_host(url), Evidence(url, 0, "province.publisher")))
    for host, evidence in candidates:
        outlet = knowledge.outlets.by_host(host)
        province = (outlet.province if outlet else None) or _host_province(host, knowledge.gazetteer)
        if province:
            return province, Evidence(evidence.quote, evidence.line, "province.publisher")
    return None


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0].split("@")[-1].split(":")[0].lower()


@lru_cache(maxsize=4096)
def _host_province(host: str, gazetteer: Gazetteer) -> str | None:
    for word, slug in gazetteer.hosts:
        if word in host:
            return slug
    for unit in gazetteer.units_63:
        word = unit.slug.replace("-", "")
        if len(word) >= 5 and word in host:
            return unit.slug
    return None


# -- the verdict ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    place: str | None
    """Slug of one of the 63, "national" or None."""
    confidence: float
    evidence: tuple[Evidence, ...]


def _decide(
    blocks: Sequence[Block],
    standings: Sequence[Standing],
    reading: Reading,
    stamp: Stamp | None,
    home: tuple[str, Evidence] | None,
    gazetteer: Gazetteer,
) -> Verdict:
    nation, cues = _nation(blocks, reading, gazetteer)
    total = sum(standing.score for standing in standings)
    top = standings[0] if standings else None
    if stamp is not None and (stamp.sure or (nation < 2 and (top is None or top.province == stamp.province))):
        return Verdict(stamp.province, 0.97, (stamp.evidence,))
    if top is not None and not top.title and top.score * ABROAD < _abroad(blocks, reading):
        return Verdict(None, 0.8, ())
    if top is None or top.score < FAINT:
        if home and any(cue.id == "unnamed" for cue in reading.cues) and nation < 4:
            return Verdict(home[0], 0.7, (home[1],))
        return Verdict(NATIONAL, 0.8, cues) if nation >= 2 else Verdict(None, 0.8, ())
    share = top.score / total
    rivals = sum(standing.score >= top.score * 0.5 for standing in standings)
    if rivals >= 3 and share < 0.45 and not top.title:
        return Verdict(NATIONAL, 0.75, cues or _quotes(standings[:3], blocks))
    if not top.title and nation > top.score:
        return Verdict(NATIONAL, 0.75, cues)
    return Verdict(top.province, _confidence(top, share, nation), _quotes((top,), blocks))


ABROAD = 2.5
"""So many times more other countries than the place must be named for the story to be one from there."""
COUNTRY = 1.5
"""The most that the country's bare name can add: every long text names it."""
FAINT = 0.5
"""Below this score a province is only mentioned in passing."""


def _nation(blocks: Sequence[Block], reading: Reading, gazetteer: Gazetteer) -> tuple[float, tuple[Evidence, ...]]:
    """How much speaks for a story about the whole country, and the words that do. A word counts once per block."""
    weights = {cues.id: cues.weight for cues in gazetteer.cues if cues.id in ("national", "country")}
    seen: dict[tuple[int, str], float] = {}
    quotes: dict[str, Evidence] = {}
    for cue in reading.cues:
        if cue.id in weights:
            block = blocks[cue.block]
            word = block.text[cue.start:cue.end].lower()
            seen[cue.block, word] = weights[cue.id] * (2.0 if block.kind == "title" else 1.5 if cue.block < 2 else 0.7)
            if cue.id == "national":
                quotes.setdefault(word, block.evidence(cue.start, cue.end, "province.national"))
    country = sum(weight for (_, word), weight in seen.items() if word not in quotes)
    return sum(seen.values()) - max(0.0, country - COUNTRY), tuple(quotes.values())[:3]


def _abroad(blocks: Sequence[Block], reading: Reading) -> float:
    """How much a text speaks of other countries; a word counts once per block."""
    return len({(cue.block, blocks[cue.block].text[cue.start:cue.end]) for cue in reading.cues
                if cue.id == "abroad" and blocks[cue.block].text[cue.start].isupper()})


def _confidence(top: Standing, share: float, nation: float) -> float:
    return 0.8


def _quotes(standings: Sequence[Standing], blocks: Sequence[Block]) -> tuple[Evidence, ...]:
    """Up to three mentions each, the weightiest first, as evidence."""
    chosen = [mention for standing in standings for mention in standing.mentions[:3]]
    heads = tuple(standing.headline for standing in standings if standing.headline is not None)
    return heads + tuple(dict.fromkeys(
        blocks[mention.block].evidence(mention.start, mention.end, f"province.{mention.context or mention.grade}")
        for mention in chosen if mention.weight > 0))


# -- tags -----------------------------------------------------------------------------------------------------------


def _result(verdict: Verdict, standings: Sequence[Standing], blocks: Sequence[Block], era: Era, gazetteer: Gazetteer) -> PlaceResult:
    """Tags in the slugs of the story's era; former areas of a merged province keep their old slug beside it."""
    primary = None if verdict.place is None else Claim(_in_era(verdict.place, era, gazetteer), verdict.confidence, verdict.evidence)
    tags: dict[tuple[str, str], Tag] = {}
    top = standings[0].score if standings else 0.0
    if primary is not None and primary.value != NATIONAL:
        tags[primary.value, "primary"] = Tag("province", primary, "primary", era)
    for standing in standings:
        slug = _in_era(standing.province, era, gazetteer)
        if _concerned(standing, top, verdict) and (slug, "primary") not in tags:
            claim = Claim(slug, 0.7, _quotes((standing,), blocks))
            tags.setdefault((slug, "concerned"), Tag("province", claim, "concerned", era))
    if era == "34":
        for standing in standings:
            if _former(standing, gazetteer, {slug for slug, _ in tags}):
                claim = Claim(standing.province, 0.8, _quotes((standing,), blocks))
                tags[standing.province, "former"] = Tag("province", claim, "former", "63")
    return PlaceResult(primary, tuple(tags.values()))


def _in_era(slug: str, era: Era, gazetteer: Gazetteer) -> str:
    return slug if era == "63" or slug == NATIONAL else gazetteer.successor(slug) or slug


def _concerned(standing: Standing, top: float, verdict: Verdict) -> bool:
    return standing.score >= max(1.5, 0.3 * top) and standing.count >= 2


def _former(standing: Standing, gazetteer: Gazetteer, filed: set[str]) -> bool:
    """An area that lost its own name in the merger and is spoken of within its successor."""
    successor = gazetteer.successor(standing.province)
    if successor not in filed or successor == standing.province or gazetteer.predecessors(successor or "") == (standing.province,):
        return False
    return standing.score >= FAINT or len({mention.name for mention in standing.mentions}) >= 2
