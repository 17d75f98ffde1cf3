"""The cleaning rules: data/cleaning.yml → `Rules`.

A rule says which lines (or which part of a line) are not the article, why, and shows an example that must be cut
and one that must be kept; the tests run them all. Matching is a look-up for phrases and one combined pattern per
kind of cut, tried only on lines of up to `lines.SHORT` characters (or on the first or last few characters of longer
ones)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from ahocorasick_rs import AhoCorasick, MatchKind

from dateline.beginnings import first_letters
from dateline.captions import Cue
from dateline.captions import cue as read_cue
from dateline.lines import SHORT, Line, printed_form
from dateline.model import Problem
from dateline.text import flat_form, fold
from dateline.yamlfile import Node, entries
from dateline.yamlfile import load as load_yaml

FILE = "cleaning.yml"
Cut = Literal["line", "head", "block", "to-end", "prefix", "suffix"]
Kept = Literal["", "byline", "source", "caption", "note"]
Where = Literal["anywhere", "before-body", "after-body", "last"]
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
    where   before-body: only where no paragraph stands above
            after-body: only where a paragraph stands above (a lone "News" there is a menu)
            last: only at the end of the body's last paragraph
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
    hints: tuple[str, ...] = ()
    """A pattern that begins with anything is tried only on lines that hold one of these, in lower case."""
    why_vi: str = ""
    """`why` for Vietnamese readers; without it they are told the kind of rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Word lists that shapes need, all folded."""

    surnames: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    """Capitalised words that are no person: places, sections."""
    agencies: frozenset[str] = frozenset()
    """As printed: TTXVN, VNA, AFP."""
    desks: frozenset[str] = frozenset()
    """What a newsroom signs with when it names nobody: PV, BBT."""
    offices: tuple[str, ...] = ()
    """What a portal signs with: "Trung tâm Truyền thông và Sự kiện"; the beginnings, as printed."""
    labels: tuple[str, ...] = ()
    """What stands before a date or a name: "Cập nhật", "By"; folded, longest first."""
    updates: frozenset[str] = frozenset()
    """Those labels that announce the date of a change."""
    posters: frozenset[str] = frozenset()
    """Labels before the name of an account, which may look like anything: "Người đăng: Admin"."""

    def without_labels(self, piece: str) -> tuple[str, bool]:
        """A piece of a byline without its label, and whether the label was one of a change.

        >>> Words(labels=("cap nhat",), updates=frozenset({"cap nhat"})).without_labels("Cập nhật: 7h")
        (': 7h', True)
        """
        form = flat_form(piece)
        for label in _by_letter(self).get(form[:1], ()):
            if form.startswith(label) and not form[len(label) : len(label) + 1].isalpha():
                return piece[len(label) :], label in self.updates
        return piece, False


@lru_cache(maxsize=8)
def _by_letter(words: Words) -> dict[str, tuple[str, ...]]:
    """The labels by their first letter, in their order."""
    found: dict[str, list[str]] = {}
    for label in words.labels:
        found.setdefault(label[0], []).append(label)
    return {letter: tuple(labels) for letter, labels in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """All rules, in the order of the file. Compared by identity: the compiled form hangs on this very value."""

    rules: tuple[Rule, ...] = ()
    words: Words = Words()
    cues: tuple[Cue, ...] = ()
    """What captions without a credit say."""

    def line(self, line: Line, after_body: bool = True) -> Rule | None:
        """The rule that makes this whole line something other than body, if any."""
        if len(line.text) > SHORT:
            return None
        compiled = _compiled(self)
        unfit = "before-body" if after_body else "after-body"
        named = compiled.phrases.get(printed_form(line.text), ())
        rule = next((rule for rule in named if rule.where != unfit), None)
        if rule is None and not named:
            rule = compiled.find(line.text)
        return None if rule is not None and rule.where == unfit else rule

    def is_section(self, piece: str) -> bool:
        """Whether the text is a section's name as menus print it: "Giáo dục"."""
        return any(rule.id == "menu.word" for rule in _compiled(self).phrases.get(printed_form(piece), ()))

    def prefix(self, text: str) -> tuple[int, Rule] | None:
        """How many characters at the beginning are not the article's, and by which rule."""
        combined = _compiled(self).prefixes
        match = combined.pattern.match(text[:EDGE]) if combined.pattern else None
        return (match.end(), combined.rule(match)) if match and match.end() else None

    def suffix(self, text: str, last: bool = True) -> tuple[int, Rule] | None:
        """Where the article's words end, and by which rule. Only the last two words are looked at.

        `last`: the paragraph is the body's last one.
        """
        combined = _compiled(self).suffixes if last else _compiled(self).inner_suffixes
        if combined.pattern is None:
            return None
        edge = text[-EDGE:]
        tail = " ".join(edge.rsplit(None, 3)[1:]) if " " in edge else edge
        if not text.endswith(tail):  # odd spaces between the last words
            tail = text[-len(tail) :]
        match = combined.pattern.search(tail)
        return (len(text) - len(tail) + match.start(), combined.rule(match)) if match and match.end() else None


@dataclass(frozen=True, slots=True)
class _Combined:
    """Many patterns as one alternation; the group that matched says whose it was."""

    rules: tuple[Rule, ...]
    pattern: re.Pattern[str] | None

    def rule(self, match: re.Match[str]) -> Rule:
        assert match.lastgroup is not None
        return self.rules[int(match.lastgroup[1:])]


@dataclass(frozen=True, slots=True)
class _Whole:
    """One rule for whole lines, ready to be tried: on the lower-cased line, or on the line as printed."""

    rule: Rule
    pattern: re.Pattern[str]
    lowered: bool


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Ways in, cheapest first: whole phrases; patterns by the character they begin with; patterns that may begin with
    anything, behind their hints, all of which are looked for at once."""

    phrases: dict[str, tuple[Rule, ...]]
    by_first: dict[str, tuple[_Whole, ...]]
    by_any: tuple[_Whole, ...]
    """What a line is tried on whose first character no pattern names."""
    hints: AhoCorasick
    hinted: tuple[tuple[Rule, re.Pattern[str]], ...]
    hint_rules: tuple[tuple[int, ...], ...]
    """For each hint, which of `hinted` it belongs to."""
    prefixes: _Combined
    suffixes: _Combined
    inner_suffixes: _Combined
    """Those that are not only for the end of the body."""

    def find(self, text: str) -> Rule | None:
        low = text.lower()
        for whole in self.by_first.get(low[:1], self.by_any):
            if whole.pattern.fullmatch(low if whole.lowered else text):
                return whole.rule
        hits = self.hints.find_matches_as_indexes(low, overlapping=True)
        if not hits:
            return None
        for position in sorted({rule for hit in hits for rule in self.hint_rules[hit[0]]}):
            rule, pattern = self.hinted[position]
            if pattern.fullmatch(text):
                return rule
        return None


@lru_cache(maxsize=8)
def _compiled(rules: Rules) -> _Compiled:
    phrases: dict[str, tuple[Rule, ...]] = {}
    for rule in rules.rules:
        for form in {form for phrase in rule.when for form in (printed_form(phrase), fold(printed_form(phrase)))}:
            phrases[form] = (*phrases.get(form, ()), rule)
    whole = [rule for rule in rules.rules if rule.cut not in ("prefix", "suffix") and rule.pattern]
    hinted = tuple(rule for rule in whole if rule.hints)
    hints = sorted({hint for rule in hinted for hint in rule.hints})
    by_first, by_any = _by_first([rule for rule in whole if not rule.hints])
    return _Compiled(
        phrases,
        by_first,
        by_any,
        AhoCorasick(hints, matchkind=MatchKind.Standard),
        tuple((rule, re.compile(rule.pattern, re.IGNORECASE)) for rule in hinted),
        tuple(tuple(i for i, rule in enumerate(hinted) if hint in rule.hints) for hint in hints),
        _combine([rule for rule in rules.rules if rule.cut == "prefix"]),
        _combine([rule for rule in rules.rules if rule.cut == "suffix"], "(?:{})$"),
        _combine([rule for rule in rules.rules if rule.cut == "suffix" and rule.where != "last"], "(?:{})$"),
    )


def _by_first(rules: Sequence[Rule]) -> tuple[dict[str, tuple[_Whole, ...]], tuple[_Whole, ...]]:
    """Which rules a line can be, by its first character: those that mind the case last, otherwise as in the file."""
    ordered = sorted(rules, key=lambda rule: "(?-i:" in rule.pattern)
    tries = [(_whole(rule), first_letters(rule.pattern)) for rule in ordered]
    named = sorted({letter for _, letters in tries for letter in letters or ()})
    by_first = {
        letter: tuple(whole for whole, letters in tries if letters is None or letter in letters) for letter in named
    }
    return by_first, tuple(whole for whole, letters in tries if letters is None)


def _whole(rule: Rule) -> _Whole:
    if "(?-i:" in rule.pattern:
        return _Whole(rule, re.compile(rule.pattern, re.IGNORECASE), False)
    return _Whole(rule, re.compile(_ESCAPE_OR_CAPITAL.sub(_lower, rule.pattern)), True)


_ESCAPE_OR_CAPITAL = re.compile(r"\\.|[^\W\d_a-z]")


def _combine(rules: Sequence[Rule], shape: str = "{}") -> _Combined:
    parts = [f"(?P<r{position}>{shape.replace('{}', rule.pattern)})" for position, rule in enumerate(rules)]
    return _Combined(tuple(rules), re.compile("|".join(parts), re.IGNORECASE) if parts else None)


def _lower(match: re.Match[str]) -> str:
    return match[0] if match[0][0] == "\\" else match[0].lower()


def load(folders: Sequence[Path]) -> tuple[Rules, list[Problem]]:
    """Read the rules of all folders; a later folder's rule replaces an earlier one of the same id."""
    found, problems = entries(folders, FILE, "rules")
    rules = tuple(_rule(entry) for entry in found.values())
    for entry in found.values():
        problems.extend(entry.complaints.problems)
        entry.complaints.problems.clear()
    cues, wrong = entries(folders, FILE, "captions")
    found_cues = tuple(read_cue(entry) for entry in cues.values())
    for entry in cues.values():
        problems.extend(entry.complaints.problems)
        entry.complaints.problems.clear()
    problems.extend(wrong)
    files = [load_yaml(folder / FILE, f"{folder.name}/{FILE}") for folder in folders if (folder / FILE).exists()]
    words = _words(files)
    problems.extend(problem for file in files for problem in file.complaints.problems if problem not in problems)
    return Rules(tuple(rule for rule in rules if rule.when or rule.pattern), words, found_cues), problems


def _rule(entry: Node) -> Rule:
    entry.only("id", "why", "why_vi", "cut", "kept", "where", "when", "pattern", "hints", "drops", "keeps")
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
        hints=tuple(hint.lower() for hint in entry.get("hints").strings()),
        why_vi=entry.get("why_vi").string(),
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
    lists: dict[str, list[str]] = {
        name: [] for name in ("surnames", "not_names", "agencies", "desks", "offices", "labels", "updates", "posters")
    }
    for file in files:
        for name, words in lists.items():
            words.extend(word for word in file.get("words").get(name).strings() if word)
    folded = {name: frozenset(map(fold, words)) for name, words in lists.items()}
    labels = folded["labels"] | folded["updates"]
    return Words(
        surnames=folded["surnames"],
        not_names=folded["not_names"],
        agencies=frozenset(lists["agencies"]),
        desks=frozenset(lists["desks"]),
        offices=tuple(lists["offices"]),
        labels=tuple(sorted(labels, key=lambda label: (-len(label), label))),
        updates=folded["updates"],
        posters=folded["posters"],
    )
