"""How the provinces stand in one text, and what speaks for another kind of story.

in:   blocks and what was read in them
out:  Standings, the weightiest first; how much speaks for the whole country, for other countries, for one commune
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from dateline.gazetteer import Gazetteer
from dateline.mentions import Mention, Reading, read
from dateline.model import BODY_KINDS, Block, Evidence, Metadata, RawDocument
from dateline.stamps import Home


@dataclass(frozen=True, slots=True)
class Standing:
    """One province in one text."""

    province: str
    """Slug of one of the 63."""
    score: float
    count: int
    """Mentions that say anything."""
    title: bool
    """Named in the title, or in a headline that is not part of the text."""
    lead: bool
    mentions: tuple[Mention, ...]
    """The weightiest first."""
    headline: Evidence | None = None


TITLE, LEAD, NEXT, LATE, CAPTION = 2.0, 1.5, 1.2, 0.7, 0.5
"""What a mention there is worth: news tells the place early, and other places later, for comparison."""
EARLY, FAR = 700, 2500
"""Characters from the beginning up to which a mention is early, and from which on it is late."""
APPEAL = 0.1
"""What it is worth behind an appeal for donations: addresses of banks and newsrooms."""
HEADLINE = 1.5
HOME = 1.0
"""What being the publisher's own adds to a province that the text names."""


def standings(blocks: Sequence[Block], reading: Reading) -> tuple[Standing, ...]:
    """Every province named, the weightiest first."""
    lead = next((index for index, block in enumerate(blocks) if block.kind in BODY_KINDS), -1)
    before = list(accumulate((len(block.text) for block in blocks), initial=0))
    long = before[-1] > 2 * EARLY
    appeal = min((before[cue.block] + cue.start for cue in reading.cues if cue.id == "appeal"), default=before[-1])
    found: dict[str, list[tuple[float, Mention]]] = {}
    for mention, share in zip(reading.mentions, _shares(blocks, reading.mentions), strict=True):
        offset = before[mention.block] + mention.start
        position = APPEAL if offset > appeal else _position(blocks[mention.block], mention.block == lead, offset, long)
        weight = mention.weight * share * position
        found.setdefault(mention.province, []).append((weight, mention))
    return _ordered(_standing(province, weighed, blocks, lead) for province, weighed in found.items())


def _standing(province: str, weighed: list[tuple[float, Mention]], blocks: Sequence[Block], lead: int) -> Standing:
    weighed.sort(key=lambda pair: -pair[0])
    strong = [mention.block for weight, mention in weighed if weight > 0.5]
    return Standing(
        province=province,
        score=sum(weight for weight, _ in weighed),
        count=sum(weight > 0 for weight, _ in weighed),
        title=any(blocks[block].kind == "title" for block in strong),
        lead=lead in strong,
        mentions=tuple(mention for _, mention in weighed),
    )


def _ordered(found: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(found, key=lambda standing: -standing.score))


def _position(block: Block, lead: bool, offset: int, long: bool) -> float:
    if block.kind in ("title", "caption"):
        return TITLE if block.kind == "title" else CAPTION
    if offset < EARLY:
        return LEAD if lead else NEXT if long else 1.0
    return LATE if offset > FAR else 1.0


# -- rows of places -------------------------------------------------------------------------------------------------

_JOINS = frozenset(
    lead + word + kind
    for lead in ("", ", ")
    for word in ("và", "and", "hay", "hoặc", "or", "et", "y", "&", "")
    for kind in ("", " tp", " tp.", " tỉnh", " thành phố")
) | {",", ";", ", tp", ", tp.", ", tỉnh", ", thành phố"}
_DASHES = frozenset({"-", "–", "—"})
_BETWEEN = " \t\u00a0()0123456789"


def _shares(blocks: Sequence[Block], mentions: Sequence[Mention]) -> list[float]:
    """What is left of each mention when it is one of several in a row (a quota table) or the end of a line on the map."""
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
        for member in run:
            shares[member] = min(shares[member], _share_of(named))
        run = [index]
    return shares


def _share_of(named: int) -> float:
    return 1.0 if named < 2 else 0.75 if named == 2 else 0.4 if named < 5 else 0.15


def _join(blocks: Sequence[Block], one: Mention, other: Mention) -> str | None:
    if one.block != other.block or not 0 < other.start - one.end <= 16:
        return None
    between = blocks[one.block].text[one.end:other.start].strip(_BETWEEN).lower()
    return "dash" if between in _DASHES else "list" if between and between in _JOINS else None


# -- what else weighs in --------------------------------------------------------------------------------------------

_EVERYDAY_IN_SLUGS = frozenset({"Hoa Binh", "Hue", "Cao Bang", "Hai Duong", "Long An", "Ha Nam", "Thai Binh"})
"""Names that are everyday words or persons once a slug has taken capitals and diacritics from them."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def headline_places(raw: RawDocument, metadata: Metadata, gazetteer: Gazetteer) -> dict[str, Evidence]:
    """Provinces in a headline that does not stand in the text: the record's title, or the words of the address."""
    found: dict[str, Evidence] = {}
    title = metadata.title if metadata.title_source in ("record", "slug", "person") else None
    heads = [(claim.value, claim.evidence) for claim in (title, metadata.source_url) if claim is not None]
    heads += [(value, ()) for value in (raw.field("url"), raw.field("title")) if value]
    for value, evidence in heads:
        words = slug_words(value) if "/" in value else value
        proof = evidence[0] if evidence else Evidence(value, 0, "")
        language = "en" if words.isascii() else "vi"
        for mention in read((Block("title", words, 0),), (language,), gazetteer).mentions if words else ():
            if mention.grade in ("province", "city") and mention.weight >= 0.5 and mention.name not in _EVERYDAY_IN_SLUGS:
                found.setdefault(mention.province, replace(proof, rule="province.headline"))
    return found


def slug_words(url: str) -> str:
    """The longest run of hyphenated words in an address, as a headline; "" when there is none of four words or more.

    >>> slug_words("https://www.vietnam.vn/en/hoc-sinh-bac-ninh-tuu-truong-ngay-26-8")
    'Hoc Sinh Bac Ninh Tuu Truong Ngay 26 8'
    """
    slug = max(_SLUG.findall(url.lower()), key=len, default="")
    return slug.replace("-", " ").title() if slug.count("-") >= 3 else ""


def headed(found: Sequence[Standing], headline: dict[str, Evidence]) -> tuple[Standing, ...]:
    """A headline's place weighs like a mention in a title."""
    if not headline:
        return tuple(found)
    raised = [replace(standing, score=standing.score + HEADLINE, title=True, headline=headline[standing.province])
              if standing.province in headline else standing for standing in found]
    named = {standing.province for standing in found}
    raised += [Standing(province, 1.0, 1, True, False, (), evidence)
               for province, evidence in headline.items() if province not in named]
    return _ordered(raised)


def at_home(found: Sequence[Standing], home: Home | None) -> tuple[Standing, ...]:
    """A province's own newspaper mostly writes about it; that tips a balance, it does not make one."""
    if home is None:
        return tuple(found)
    return _ordered([replace(standing, score=standing.score + HOME) if standing.province == home.province and standing.score
                     else standing for standing in found])


def merged(found: Sequence[Standing], gazetteer: Gazetteer) -> tuple[Standing, ...]:
    """After the merger the parts of a unit count as one: all of them under the first part's slug."""
    units: dict[str, Standing] = {}
    for standing in found:
        unit = gazetteer.successor(standing.province) or standing.province
        units[unit] = _sum(units[unit], standing) if unit in units else standing
    return _ordered(units.values())


def _sum(one: Standing, other: Standing) -> Standing:
    return replace(
        one,
        score=one.score + other.score,
        count=one.count + other.count,
        title=one.title or other.title,
        lead=one.lead or other.lead,
        mentions=tuple(sorted(one.mentions + other.mentions, key=lambda mention: -mention.weight)),
        headline=one.headline or other.headline,
    )


# -- what speaks for another kind of story --------------------------------------------------------------------------

COUNTRY = 1.5
"""The most that the country's bare name can add: every long text names it."""


def nation(blocks: Sequence[Block], reading: Reading, gazetteer: Gazetteer) -> tuple[float, tuple[Evidence, ...]]:
    """How much speaks for a story about the whole country, and the words that do. A word counts once per block."""
    weights = {cues.id: cues.weight for cues in gazetteer.cues if cues.id in ("national", "country")}
    seen: dict[tuple[int, str], float] = {}
    quotes: dict[str, Evidence] = {}
    for cue in reading.cues:
        if cue.id in weights:
            block = blocks[cue.block]
            word = block.text[cue.start:cue.end].lower()
            seen[cue.block, word] = weights[cue.id] * (TITLE if block.kind == "title" else LEAD if cue.block < 2 else 0.7)
            if cue.id == "national" and word not in quotes:
                quotes[word] = block.evidence(cue.start, cue.end, "province.national")
    country = sum(weight for (_, word), weight in seen.items() if word not in quotes)
    return sum(seen.values()) - max(0.0, country - COUNTRY), tuple(quotes.values())[:3]


def detail(blocks: Sequence[Block], reading: Reading, gazetteer: Gazetteer, top: Standing | None) -> float:
    """How much communes, wards and districts named make the story one place's own; at most four of them."""
    weight = next((cues.weight for cues in gazetteer.cues if cues.id == "local"), 0.0)
    named = {_beside(blocks[cue.block].text, cue.start, cue.end) for cue in reading.cues if cue.id == "local"} - {""}
    if top is not None:
        named |= {mention.name.split()[-1] for mention in top.mentions if mention.grade != "province" and mention.weight > 0.3}
    return weight * min(4, len(named))


def _beside(text: str, start: int, end: int) -> str:
    """The capitalised word after "xã" or before "commune", "" when there is none."""
    after = text[end + 1:end + 12].split(" ", 1)[0]
    before = text[max(0, start - 12):start].rstrip().rpartition(" ")[2]
    return next((word for word in (after, before) if word[:1].isupper()), "")


def abroad(blocks: Sequence[Block], reading: Reading) -> int:
    """How much a text speaks of other countries; a word counts once per block, and three times in the title."""
    named = {(cue.block, blocks[cue.block].text[cue.start:cue.end]) for cue in reading.cues if cue.id == "abroad"}
    return sum(3 if blocks[block].kind == "title" else 1 for block, word in named if word[0].isupper())
