"""Parts of a line that are not the article: the signature before the first words, the name after the last ones.

A text in; how much of its beginning or end is to be cut out, and by which rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.bylines import parse as parse_byline
from dateline.lines import are_names
from dateline.outlets import Outlet, Outlets
from dateline.rules import Rules

_BRACKET = re.compile(r"[(\[](?P<name>[^()\[\]]{2,40})[)\]]\s{0,3}[-–—:.,]{0,2}\s{0,3}")  # (Baonghean.vn) -
_PLACE_AGENCY = re.compile(
    r"(?P<place>[^\W\d_][^()\n:;?!\"“]{1,38}?)\s?\((?P<name>[^()]{2,24})\)\s{0,3}[-–—:]{1,2}\s{0,3}"
)  # Hà Nội (TTXVN) -
_DASH = re.compile(r"(?P<name>[^\s(\[][^()\[\]–—\n:;?!]{0,38}?)\s{0,3}(?:--?|–|—)\s{0,3}(?=\S)")  # Kinhtedothi -
_CAPITALS = re.compile(r"(?P<place>[^\W\d_](?:[^\W\d_]|[ .]){3,30}?)\s?—\s?")  # HÀ NỘI —
_STAMP = re.compile(r"(?P<place>[^\W\d_](?:[^\W\d_]|[ .\-]){1,30})")  # THANH HÓABà Vũ
SIGNED = re.compile(r"[(\[]|[^–—(\[-]{2,42}[–—(\[-]")
_DOMAIN = re.compile(r"(?:[a-z0-9-]{2,30}\.){1,3}(?:vn|com|net|org)", re.IGNORECASE)
_AFTER_SENTENCE = re.compile(r"[.!?…”\"'’)]\s{1,100}(?=[^\W\d_a-z(])|[.!?…”\"]\s?(?=\()")
_TAKEN_FROM = re.compile(r"[-–(\s]{0,3}\b(?:Theo|theo|THEO|According to)\s[^.!?]{2,60}$")
_REMARK = re.compile(
    r"\s?[(\[](?:theo|t/h|th\b|tổng hợp|lược dịch|biên dịch|dịch|ghi|ảnh|nguồn|according|"
    r"ttxvn|vna|vov)[^()]{0,60}[)\]]\s?\.?$",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s?/\s?|\s[-–]\s")
DEGREE = re.compile(r"(?:(?:BS|ThS|TS|PGS|GS|LS|KTS|CN|BSCK\w{1,2})\.? ?){1,3}(?=[^\W\d_])")  # BS. Lê Thị Hạnh
_TAIL = 180
"""A signature at the end of a paragraph is no longer than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """`text[start:end]` is not the article's; `rule` says why."""

    start: int
    end: int
    rule: str
    outlet: str = ""


def opening(text: str, outlets: Outlets, rules: Rules, home: Outlet | None) -> Part | None:
    """What stands before a paragraph's own first words, if anything: one layer."""
    head = text[:120]
    if SIGNED.match(head):
        part = signature(head, outlets, rules)
        if part is not None:
            return part
    cut = rules.prefix(text)
    if cut is not None:
        return Part(0, cut[0], cut[1].id)
    return _unmarked_signature(head, home) or _stamp(head, home)


def signature(head: str, outlets: Outlets, rules: Rules) -> Part | None:
    """An outlet's or agency's sign, set off by brackets or a dash, with or without a place."""
    bracket = _BRACKET.match(head)
    if bracket and (found := _signature(bracket["name"], outlets, rules)) is not None:
        return Part(0, bracket.end(), "dateline.outlet", found)
    place = _PLACE_AGENCY.match(head)
    if place and (found := _signature(place["name"], outlets, rules)) is not None:
        return Part(0, place.end(), "dateline.place", found)
    dash = _DASH.match(head)
    if dash and (found := _signature(dash["name"].strip(), outlets, rules)) is not None:
        return Part(0, dash.end(), "dateline.outlet", found)
    capitals = _CAPITALS.match(head)
    if capitals and capitals["place"].isupper():
        return Part(0, capitals.end(), "dateline.place")
    return None


def _signature(name: str, outlets: Outlets, rules: Rules) -> str | None:
    """The outlet's id ("" when only an agency, or two papers share the sign); None when the name is no signature."""
    signed = outlets.by_prefix(name)
    if signed:
        return signed[0].id if len(signed) == 1 else ""
    if _DOMAIN.fullmatch(name):
        outlet = outlets.by_host(name)
        return outlet.id if outlet else name.lower()
    if name in rules.words.desks:
        return None
    parts = re.split(r"\s?[/,]\s?|\s[-–]\s", name)
    if all(part in rules.words.agencies or outlets.by_prefix(part) for part in parts):
        return ""
    return None


def _unmarked_signature(head: str, home: Outlet | None) -> Part | None:
    """A paper's own name with nothing between it and the story: "Dân trí Vượt lên khó khăn, …"."""
    for prefix in home.prefixes if home else ():
        rest = head[len(prefix) :]
        if head.startswith(prefix + " ") and len(prefix) >= 3 and rest.strip()[:1].isupper():
            return Part(0, len(head) - len(rest.lstrip()), "dateline.outlet", home.id if home else "")
    return None


def _stamp(head: str, home: Outlet | None) -> Part | None:
    """A place glued to the first word, where the outlet is known to do so or capitals leave no doubt."""
    if not (home is not None and home.stamps_place) and not head[:3].isupper():
        return None
    match = _STAMP.match(head)
    if not match:
        return None
    for position in range(2, len(match["place"]) - 1):
        before, here, after = head[position - 1], head[position], head[position + 1]
        if not here.isupper() or not after.islower() or not before.isalpha():
            continue
        place = head[:position]
        if place.isupper() and len(place) >= 3 and (" " in place or not place.isascii()):
            return Part(0, position, "dateline.place")
        if before.islower():
            words = place.split()
            capitalised = all(word[0].isupper() and word[1:].islower() for word in words)
            known = home is not None and home.stamps_place
            return Part(0, position, "dateline.place") if known and capitalised and len(words) <= 4 else None
    return None


_BRACKETED = re.compile(r"\s?[(\[](?P<inside>[^()\[\]]{6,40})[)\]]$")


def headline_parts(text: str, rules: Rules, outlets: Outlets) -> list[Part]:
    """A feed's date before a headline, and the date in brackets behind it."""
    found: list[Part] = []
    cut = rules.prefix(text)
    if cut is not None:
        found.append(Part(0, cut[0], cut[1].id))
    bracket = _BRACKETED.search(text, max(0, len(text) - 44))
    byline = parse_byline(bracket["inside"], rules, outlets) if bracket else None
    if bracket and byline is not None and byline.day is not None and byline.day.year:
        found.append(Part(bracket.start(), len(text), "byline.date"))
    return found


def closing(text: str, rules: Rules, outlets: Outlets, last: bool) -> Part | None:
    """What stands after a paragraph's own last words, if anything: one layer. `last`: it ends the body."""
    cut = rules.suffix(text, last)
    if cut is not None and cut[0] > 0:
        return Part(cut[0], len(text), cut[1].id)
    if not last or len(text) < 120 or text[-1] in ".!?…:;,":
        return None
    for match in _AFTER_SENTENCE.finditer(text, len(text) - _TAIL):
        if is_signoff(text[match.end() :], rules, outlets):
            return Part(match.end(), len(text), "byline.signoff")
    return None


def is_signoff(tail: str, rules: Rules, outlets: Outlets) -> bool:
    """Whether the words behind the last sentence only say who wrote it or where it is from.

    "Phạm Huyền (theo VnExpress)", "TTXVN/Tin Tức", "H.NAM", "Theo Đời sống Plus".
    """
    bare = _REMARK.sub("", tail)
    bare = DEGREE.sub("", _TAKEN_FROM.sub("", bare).strip(" -–/|"))
    if not bare:
        return tail[:1].isupper() or tail[:1] == "("
    words = rules.words
    return are_names(bare, words.surnames, words.not_names) or all(
        _signs(part, rules, outlets) for part in _SLASH.split(bare)
    )


def _signs(part: str, rules: Rules, outlets: Outlets) -> bool:
    """An agency, a desk, an outlet with or without its office ("VOV-Tây Bắc"), or people."""
    words = rules.words
    if part in words.agencies or part in words.desks or outlets.by_name(part) is not None:
        return True
    outlet, hyphen, office = part.partition("-")
    if hyphen and office[:1].isupper() and (outlet in words.agencies or outlets.by_name(outlet) is not None):
        return True
    return are_names(part, words.surnames, words.not_names)
