"""The word lists by which names are recognised: data/names.yml as typed values, and the matchers made from them.

in:   folders that may hold a names.yml (the shipped one first, then the site's own)
out:  Names   lists of words by id; no list of people, places or institutions
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dateline import yamlfile
from dateline.matcher import Matcher
from dateline.model import Problem
from dateline.text import accented_form, fold
from dateline.yamlfile import Node

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

UPPER = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
CAPITAL = rf"[{UPPER}][^\W_]*(?:['’&.-][^\W_]+)*"


@dataclass(frozen=True, slots=True)
class Variant:
    """The ways in which one institution's name is printed."""

    name: str
    """Its full name in Vietnamese."""
    also: tuple[str, ...]
    local: bool
    """Every province has one: the province's name belongs to the institution's."""
    typed: bool
    """And so does tỉnh or thành phố: "UBND tỉnh Nghệ An"."""


@dataclass(frozen=True, eq=False)
class Names:
    """The word lists by id. Compared by identity, so that compiled matchers can be remembered."""

    lists: tuple[tuple[str, tuple[str, ...]], ...]
    variants: tuple[Variant, ...] = ()

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
    variants, worse = yamlfile.entries(folders, FILE, "variants")
    found = tuple(_variant(node) for node in variants.values())
    for node in variants.values():
        worse.extend(node.complaints.problems)
        node.complaints.problems.clear()
    return Names(tuple(lists), found), [*problems, *worse]


def _variant(node: Node) -> Variant:
    node.only("id", "name", "also", "local", "typed")
    local, typed = (node.get(key).present and node.get(key).boolean() for key in ("local", "typed"))
    return Variant(node.need("name").string(), node.need("also").strings(), local, typed)


def examples(folders: Sequence[Path]) -> tuple[Example, ...]:
    """The examples in names.yml, for the tests."""
    entries, _ = yamlfile.entries(folders, FILE, "lists")
    return tuple(
        Example(node.get("lang").string(), node.get("text").string(), node.get("finds").strings())
        for entry in entries.values()
        for node in entry.get("examples").list()
    )


# -- tools --------------------------------------------------------------------------------------------------------
Kinds = int
"""What a listed word is, as bits: a text holds dozens of them, and most questions are asked of each."""
OFFICE, TITLE, KNOWN, INSTITUTION_VI, INSTITUTION_EN, DOCUMENT, CAMPAIGN, LOCAL = (1 << place for place in range(8))
_KINDS: dict[str, Kinds] = {
    "titles-vi": TITLE,
    "titles-en": TITLE,
    "offices-vi": OFFICE,
    "offices-en": OFFICE,
    "organisations-vi": INSTITUTION_VI,
    "organisations-en": INSTITUTION_EN,
    "organisations-local": LOCAL,
    "organisations-known": KNOWN,
    "documents-vi": DOCUMENT,
    "documents-en": DOCUMENT,
    "campaigns-vi": CAMPAIGN,
    "campaigns-en": CAMPAIGN,
}

Span = tuple[int, int, Kinds]
"""Start and end of a listed word, and what it is."""


@dataclass(frozen=True, slots=True)
class Tools:
    matcher: Matcher[Kinds]
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
def tools_of(names: Names) -> Tools:
    kinds: dict[str, Kinds] = {}
    for list_id, words in names.lists:
        for word in words if list_id in _KINDS else ():
            kinds[accented_form(word)] = kinds.get(accented_form(word), 0) | _KINDS[list_id]
    for variant in names.variants:
        for word in () if variant.local else (variant.name, *variant.also):
            kinds[accented_form(word)] = kinds.get(accented_form(word), 0) | KNOWN
    fields = any_of(names.words("fields-en"))
    return Tools(
        matcher=Matcher(kinds.items()),
        surnames=frozenset(form for word in names.words("surnames") for form in (word.lower(), fold(word))),
        rare=frozenset(form for word in names.words("surnames-rare") for form in (word.lower(), fold(word))),
        over=frozenset(word.lower() for word in names.words("name-ends")),
        behind=re.compile(
            rf"(?: (?:of|for) (?:the )?(?:(?:{fields})|{CAPITAL}(?: {CAPITAL}){{0,3}})"
            r"(?: province| city| district)?){1,3}"
        ),
        field_before=re.compile(rf"(?:{fields}) $"),
        not_people=frozenset(word.lower() for word in names.words("not-people")),
        not_after=frozenset(word.lower() for word in names.words("not-after")),
        links=frozenset(word.lower() for word in names.words("role-links")),
        ends=frozenset(word.lower() for word in names.words("role-ends")),
        whole=frozenset(word.lower() for word in names.words("whole-vi")),
        wholes=re.compile(rf" (?:{any_of(names.words('whole-vi'))})(?=\W|$)", re.IGNORECASE),
    )


def any_of(words: Iterable[str]) -> str:
    """An alternation, longest first; of nothing: one that never matches."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
