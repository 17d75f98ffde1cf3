"""Where the newsroom itself says a story is, and whose newsroom it is.

    stamp   a location at the head of a text: "AN GIANGThầy giáo…", "Nghệ An: Các trường…", "Kiên Giang - …", "HÀ NỘI — …"
    home    the publisher's own province, from what we know of outlets or from the host's name
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from dateline.gazetteer import Gazetteer
from dateline.mentions import Reading
from dateline.model import Block, CleanText, Evidence, Metadata, RawDocument
from dateline.text import flat_form


class Outlet(Protocol):
    @property
    def province(self) -> str | None: ...


class Outlets(Protocol):
    def by_host(self, host: str) -> Outlet | None: ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newsroom's own place."""

    province: str
    """Slug of one of the 63."""
    evidence: Evidence
    sure: bool
    """False for the city an agency reports from: "HÀ NỘI — All over the country …"."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a publisher belongs."""

    province: str
    evidence: Evidence


BUREAUS = ("ha-noi", "ho-chi-minh")
"""Where national newsrooms and agencies sit: their datelines alone say little."""
HEAD = 6
"""So many blocks may come before the stamp: masthead, date, title, lead."""
_CAPITAL = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠ-Ỹ"


@dataclass(frozen=True, slots=True)
class _Patterns:
    head: re.Pattern[str]
    cut: re.Pattern[str]
    slugs: dict[str, str]


@lru_cache(maxsize=4)
def _patterns(gazetteer: Gazetteer) -> _Patterns:
    slugs: dict[str, str] = {}
    for place in gazetteer.places:
        if place.grade == "province" and place.name:
            for name in (place.name, bare(place.name)):
                slugs.setdefault(name, place.province)
                slugs.setdefault(name.upper(), place.province)
    names = "|".join(re.escape(name) for name in sorted(slugs, key=lambda name: (-len(name), name)))
    return _Patterns(
        re.compile(rf"""
            \W{{0,3}}(?P<name>{names})
            (?: (?P<glued>(?=[“"]?[{_CAPITAL}])(?=\S*[^{_CAPITAL}\W]|\S\s))      # AN GIANGThầy giáo …
              | (?P<colon>\s?:\s)                                                # Nghệ An: Các trường …
              | (?P<dash>\s?(?:\([^()]{{1,20}}\)\s?)?[-–—]\s)                    # HÀ NỘI — …, Kiên Giang (VNA) – …
            )""", re.VERBOSE),
        re.compile(rf"\W{{0,3}}(?P<name>{names})\s?(?:\([^()]{{1,24}}\))?\s?(?P<dash>[-–—]{{0,2}})[\s:]*"),
        slugs,
    )


def bare(name: str) -> str:
    """Without diacritics, capitals kept.

    >>> bare("Kiên Giang")
    'Kien Giang'
    """
    return "".join(plain.upper() if printed.isupper() else plain for printed, plain in zip(name, flat_form(name), strict=True))


def find_stamp(text: CleanText, gazetteer: Gazetteer) -> Stamp | None:
    """The location at the head of one of the first blocks, or the one that cleaning cut off."""
    patterns = _patterns(gazetteer)
    for block in text.blocks[:HEAD]:
        match = patterns.head.match(block.text)
        if match is not None and _is_stamp(match, block, patterns):
            how = match.lastgroup or ""
            province = patterns.slugs[match["name"]]
            evidence = block.evidence(match.start("name"), match.end("name"), f"province.{how}")
            return Stamp(province, evidence, how != "dash" or province not in BUREAUS)
    for removal in text.removed:
        cut = None if removal.whole else patterns.cut.fullmatch(removal.text)
        if cut is not None:
            province = patterns.slugs[cut["name"]]
            evidence = Evidence(cut["name"], removal.line, "province.dateline")
            return Stamp(province, evidence, not cut["dash"] or province not in BUREAUS)
    return None


def _is_stamp(match: re.Match[str], block: Block, patterns: _Patterns) -> bool:
    """A dash may also stand in a headline or between two places, a colon before any list far down."""
    if match.lastgroup == "colon":
        return block.line <= 3
    if match.lastgroup != "dash" or (match["name"].isupper() and "—" in match["dash"]):     # HCM CITY — Ca Mau hopes
        return True
    return block.kind != "title" and not any(block.text.startswith(name, match.end()) for name in patterns.slugs)


def without_bureau(blocks: Sequence[Block], reading: Reading, stamp: Stamp | None) -> Reading:
    """Leave out the city an agency reports from; a story about it names it again."""
    if stamp is None or stamp.sure:
        return reading
    kept = tuple(mention for mention in reading.mentions
                 if mention.start > 3 or blocks[mention.block].line != stamp.evidence.line)
    return replace(reading, mentions=kept) if kept else reading


# -- publishers -----------------------------------------------------------------------------------------------------


def find_home(
    raw: RawDocument, metadata: Metadata, blocks: Sequence[Block], reading: Reading, gazetteer: Gazetteer, outlets: Outlets
) -> Home | None:
    """The publisher's own province: of its host's outlet, of its host's name, or of a newspaper the text signs with."""
    claims = [claim for claim in (metadata.publisher, metadata.source_url, metadata.via) if claim is not None]
    hosts = [(claim.value, claim.evidence[0] if claim.evidence else Evidence(claim.value, 0, "")) for claim in claims]
    url = raw.field("url")
    if url:
        hosts.append((url, Evidence(url, 0, "")))
    for address, evidence in hosts:
        host = _host(address)
        outlet = outlets.by_host(host)
        province = (outlet.province if outlet else None) or _host_province(host, gazetteer)
        if province:
            return Home(_of_63(province, gazetteer), replace(evidence, rule="province.publisher"))
    signed = next((mention for mention in reading.mentions if mention.context == "newspaper"), None)
    if signed is None:
        return None
    return Home(signed.province, blocks[signed.block].evidence(signed.start, signed.end, "province.publisher"))


def _host(address: str) -> str:
    return address.split("//", 1)[-1].split("/", 1)[0].split("@")[-1].split(":")[0].lower()


def _of_63(slug: str, gazetteer: Gazetteer) -> str:
    """The slug in the era in which mentions are counted: "hue" → "thua-thien-hue"."""
    if gazetteer.unit(slug, "63") is not None:
        return slug
    return next(iter(gazetteer.predecessors(slug)), slug)


@lru_cache(maxsize=4096)
def _host_province(host: str, gazetteer: Gazetteer) -> str | None:
    """A province's name in the name of a host: "thptthuyson.haiphong.edu.vn". Short words must be a whole part of it."""
    parts = host.split(".")
    for word, slug in (*gazetteer.hosts, *((unit.slug.replace("-", ""), unit.slug) for unit in gazetteer.units_63)):
        if word in parts or (len(word) >= 5 and word in host):
            return slug
    return None
