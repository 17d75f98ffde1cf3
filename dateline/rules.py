"""The cleaning rules: data/cleaning.yml → `Rules`.

A rule says which lines (or which part of a line) are not the article, why, and shows an example that must be cut and one
that must be kept; the tests run them all. Matching is a set look-up for phrases and one combined pattern per kind of cut,
tried only on lines of up to `lines.SHORT` characters (or on the first or last few characters of longer ones).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from dateline.lines import SHORT, Line, normal
from dateline.model import Problem
from dateline.text import flat_form, fold
from dateline.yamlfile import Node, entries, load as load_yaml

FILE = "cleaning.yml"
Cut = Literal["line", "head", "block", "to-end", "prefix", "suffix"]
Kept = Literal["", "byline", "source", "caption", "note"]
Where = Literal["anywhere", "after-body"]
EDGE = 200
"""How many characters at either end of a line prefix and suffix rules may look at."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to cut.

    cut     line     this line
            head     this line and whatever stands above it, when no paragraph does
            block    this heading and the headlines below it
            to-end   this line and everything after it
            prefix   the beginning of a line;  suffix   the end of a line
    kept    what the line stays in the article as (a byline is shown, but is not body); "" for noise
    where   after-body: only where a paragraph stands above (a lone "News" there is a menu)
    """

    id: str
    why: str
    cut: Cut
    kept: Kept
    where: Where
    when: tuple[str, ...]
    pattern: str
    drops: tuple[str, ...]
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Word lists that shapes need, all folded."""

    surnames: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    """Capitalised words that are no person: places, sections."""
    agencies: tuple[str, ...] = ()
    """As printed: TTXVN, VNA, AFP."""
    labels: tuple[str, ...] = ()
    """What stands before a date or a name: "Cập nhật", "By"; folded, longest first."""
    updates: frozenset[str] = frozenset()
    """Those labels that announce the date of a change."""

    def without_labels(self, piece: str) -> tuple[str, bool]:
        """A piece of a byline without its label, and whether the label was one of a change.

        >>> Words(labels=("cap nhat",), updates=frozenset({"cap nhat"})).without_labels("Cập nhật: 7h")
        (': 7h', True)
        """
        form = flat_form(piece)
        for label in self.labels:
            if form.startswith(label) and not form[len(label) : len(label) + 1].isalpha():
                return piece[len(label) :], label in self.updates
        return piece, False


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules, in the order of the file. Compared by identity: the compiled form hangs on this very value."""

    rules: tuple[Rule, ...] = ()
    words: Words = Words()

    def line(self, line: Line, after_body: bool = True) -> Rule | None:
        """The rule that makes this whole line something other than body, if any."""
        if len(line.text) > SHORT:
            return None
        compiled = _compiled(self)
        rule = compiled.phrases.get(normal(line.text)) or compiled.lines.find(line.text)
        return None if rule is not None and rule.where == "after-body" and not after_body else rule

    def prefix(self, text: str) -> tuple[int, Rule] | None:
        """How many characters at the beginning are not the article's, and by which rule."""
        compiled = _compiled(self)
        match = compiled.prefixes.pattern.match(text[:EDGE]) if compiled.prefixes.pattern else None
        return (match.end(), compiled.prefixes.rule(match)) if match and match.end() else None

    def suffix(self, text: str) -> tuple[int, Rule] | None:
        """Where the article's words end, and by which rule."""
        compiled = _compiled(self)
        base = max(0, len(text) - EDGE)
        match = compiled.suffixes.pattern.search(text[base:]) if compiled.suffixes.pattern else None
        return (base + match.start(), compiled.suffixes.rule(match)) if match and match.end() else None


@dataclass(frozen=True, slots=True)
class _Combined:
    """Many patterns as one alternation; the group that matched says whose it was."""

    rules: tuple[Rule, ...]
    pattern: re.Pattern[str] | None

    def find(self, text: str) -> Rule | None:
        match = self.pattern.fullmatch(text) if self.pattern else None
        return self.rule(match) if match else None

    def rule(self, match: re.Match[str]) -> Rule:
        assert match.lastgroup is not None
        return self.rules[int(match.lastgroup[1:])]


@dataclass(frozen=True, slots=True)
class _Compiled:
    phrases: dict[str, Rule]
    lines: _Combined
    prefixes: _Combined
    suffixes: _Combined


@lru_cache(maxsize=8)
def _compiled(rules: Rules) -> _Compiled:
    phrases: dict[str, Rule] = {}
    for rule in rules.rules:
        for phrase in rule.when:
            phrases.setdefault(normal(phrase), rule)
    whole = [rule for rule in rules.rules if rule.cut not in ("prefix", "suffix")]
    return _Compiled(
        phrases,
        _combine(whole, "{}"),
        _combine([rule for rule in rules.rules if rule.cut == "prefix"], "{}"),
        _combine([rule for rule in rules.rules if rule.cut == "suffix"], "(?:{})$"),
    )


def _combine(rules: Sequence[Rule], shape: str) -> _Combined:
    chosen = tuple(rule for rule in rules if rule.pattern)
    parts = [f"(?P<r{position}>{shape.format(rule.pattern)})" for position, rule in enumerate(chosen)]
    return _Combined(chosen, re.compile("|".join(parts), re.IGNORECASE) if parts else None)


def load(folders: Sequence[Path]) -> tuple[Rules, list[Problem]]:
    """Read the rules of all folders; a later folder's rule replaces an earlier one of the same id."""
    found, problems = entries(folders, FILE, "rules")
    rules = tuple(_rule(entry) for entry in found.values())
    for entry in found.values():
        problems.extend(entry.complaints.problems)
        entry.complaints.problems.clear()
    words = _words([load_yaml(folder / FILE, f"{folder.name}/{FILE}") for folder in folders if (folder / FILE).exists()])
    return Rules(tuple(rule for rule in rules if rule.when or rule.pattern), words), problems


def _rule(entry: Node) -> Rule:
    entry.only("id", "why", "cut", "kept", "where", "when", "pattern", "drops", "keeps")
    pattern = _pattern(entry.get("pattern"))
    rule = Rule(
        id=entry.need("id").string(),
        why=entry.need("why").string(),
        cut=entry.need("cut").choice(get_args(Cut), "line"),  # type: ignore[arg-type]  # choice() checked it
        kept=entry.get("kept").choice(get_args(Kept), ""),  # type: ignore[arg-type]
        where=entry.get("where").choice(get_args(Where), "anywhere"),  # type: ignore[arg-type]
        when=entry.get("when").strings(),
        pattern=pattern,
        drops=_texts(entry.need("drops")),
        keeps=_texts(entry.need("keeps")),
    )
    if not rule.when and not rule.pattern:
        entry.complain(f'rule "{rule.id}" matches nothing', "give it  when: [phrases]  or  pattern: …")
    return rule


def _texts(node: Node) -> tuple[str, ...]:
    return node.strings() if isinstance(node.value, list) else (node.string(),) if node.present else ()


def _pattern(node: Node) -> str:
    """A pattern that compiles and has no groups of its own (they are combined into one)."""
    source = node.string()
    try:
        groups = re.compile(source).groups
    except re.error as error:
        node.complain(f"is not a regular expression: {error}", "test it with the examples of the rule")
        return ""
    if groups:
        node.complain("has capturing groups", "write (?:…) in place of (…)")
        return ""
    return source


def _words(files: Sequence[Node]) -> Words:
    surnames: set[str] = set()
    not_names: set[str] = set()
    agencies: list[str] = []
    labels: set[str] = set()
    updates: set[str] = set()
    for file in files:
        words = file.get("words")
        surnames.update(fold(word) for word in words.get("surnames").strings())
        not_names.update(fold(word) for word in words.get("not_names").strings())
        agencies.extend(word for word in words.get("agencies").strings() if word not in agencies)
        labels.update(fold(word) for word in words.get("labels").strings())
        updates.update(fold(word) for word in words.get("updates").strings())
    longest_first = tuple(sorted(labels | updates, key=lambda label: (-len(label), label)))
    return Words(frozenset(surnames), frozenset(not_names), tuple(agencies), longest_first, frozenset(updates))
