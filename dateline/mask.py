"""data/personal.yml → Mask: what leads to a private person, hidden in texts that are handed on, and counted.

>>> mask, _ = load([Path(__file__).parent.parent / "data"])
>>> mask.text("Liên hệ cô Lan: lan@truonghoc.edu.vn, 0912 345 678")
('Liên hệ cô Lan: [mail], [phone]', {'mail': 1, 'phone': 1})

`Mask.record` is for exports, `Mask.article` for pages and data files. The files in articles/ keep every word.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from dateline import yamlfile
from dateline.matcher import Matcher
from dateline.model import Article, Block, Evidence, Problem, Removal

HIDDEN = frozenset({"title", "author", "text", "quote"})
"""Keys of a record whose words a newsroom wrote. Ids and addresses are names: hiding digits in them would break them."""
NAMES = frozenset({"id", "digest", "encoding", "rule", "facet", "kind", "title_source", "era"})
"""Fields of an article that hold names of ours."""

Counts = tuple[tuple[str, int], ...]
"""Kind of personal data → how many different ones."""
Span = tuple[int, int, str]
"""Where something is hidden, and what stands there instead."""

# A number is one number whatever blank or dash divides it, and over the end of a wrapped line too. Lengths stay.
_PLAIN = (*((blank, " ") for blank in "\n\t\u00a0\u2007\u2009\u202f"), *((dash, "-") for dash in "\u2010\u2011\u2012\u2013"))
_TAKEN = "\0"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of personal data."""

    id: str
    needs: re.Pattern[str]
    pattern: re.Pattern[str]
    replacement: str
    masks: tuple[str, ...]
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mask:
    """All kinds, in the order they are tried."""

    rules: tuple[Rule, ...] = ()

    def found(self, text: str) -> Iterator[tuple[int, int, Rule]]:
        """Where something personal stands; what an earlier rule has found is not looked at by a later one."""
        left = _plain(text) if self.rules else ""
        for rule in self.rules:
            if not rule.needs.search(left):
                continue
            spans = [match.span() for match in rule.pattern.finditer(left)]
            yield from ((start, end, rule) for start, end in spans)
            left = _put(left, [(start, end, _TAKEN * (end - start)) for start, end in spans])

    def text(self, text: str) -> tuple[str, dict[str, int]]:
        """The text with what is personal replaced, and how often which kind was."""
        found = list(self.found(text))
        counts = Counter(rule.id for *_, rule in found)
        return _put(text, sorted((start, end, rule.replacement) for start, end, rule in found)), dict(counts)

    def record(self, value: Any, counts: Counter[str], key: str = "") -> Any:
        """A record with every text in it masked; `counts` is added to."""
        if isinstance(value, dict):
            return {name: self.record(one, counts, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.record(one, counts, key) for one in value]
        if isinstance(value, str) and key in HIDDEN:
            value, found = self.text(value)
            counts.update(found)
        return value

    def article(self, made: Article) -> tuple[Article, Counts]:
        """The article as it may be shown: hidden wherever its words stand, in evidence and cut lines too. What is personal in
        one place of an article is hidden in all of it."""
        known: dict[str, Rule] = {}
        for text in texts(made) if self.rules else ():
            for start, end, rule in self.found(text):
                known.setdefault(_plain(text[start:end]), rule)
        if not known:
            return made, ()
        return _Hiding.of(self, made, known).article(made), tuple(sorted(Counter(rule.id for rule in known.values()).items()))


NOTHING = Mask()
"""Hides nothing."""


def texts(value: Any) -> Iterator[str]:
    """All words of an article but its evidence, which quotes them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value) and not isinstance(value, Evidence):
        kind: Any = type(value)
        for name in _told(kind):
            yield from texts(getattr(value, name))


@cache
def _told(kind: Any) -> tuple[str, ...]:
    """The fields of a class that hold words of others."""
    return tuple(field.name for field in fields(kind) if field.name not in NAMES)


@dataclass(frozen=True, slots=True)
class _Hiding:
    """One article's personal data, and how it is hidden in each of its texts."""

    mask: Mask
    known: Matcher[str]
    raw: str
    spans: tuple[Span, ...]
    """In the raw text."""
    lines: tuple[int, ...]
    """Where each raw line begins, and where another one would."""

    @staticmethod
    def of(mask: Mask, made: Article, known: dict[str, Rule]) -> _Hiding:
        matcher = Matcher(((text, rule.replacement) for text, rule in known.items()), form=_plain)
        lines = tuple(accumulate((len(line) + 1 for line in made.raw.split("\n")), initial=0))
        bare = _Hiding(mask, matcher, made.raw, (), lines)
        return replace(bare, spans=tuple(bare.hidden(made.raw)))

    def hidden(self, text: str) -> list[Span]:
        """By the rules, and what has been found elsewhere in the article."""
        spans = [(start, end, rule.replacement) for start, end, rule in self.mask.found(text)]
        left = _put(text, [(start, end, _TAKEN * (end - start)) for start, end, _ in sorted(spans)])
        return sorted([*spans, *((start, end, with_[0]) for start, end, with_ in self.known.longest(left))])

    def article(self, made: Article) -> Article:
        shown: Article = self.value(made)
        title = made.metadata.title
        if title is None or shown.metadata.title is None:
            return shown
        words = title.value.removesuffix("…")        # a title that was cut out of the text may end in the middle of a number
        block = next((block for block in made.blocks if words in block.text), None)
        if block is None or words == block.text:
            return shown
        start = block.text.find(words)
        start, end, inside = _touched(self.hidden(block.text), start, start + len(words))
        value = self.value(_put_in(block.text, inside, start, end)) + title.value[len(words) :]
        return replace(shown, metadata=replace(shown.metadata, title=replace(shown.metadata.title, value=value)))

    def value(self, value: Any) -> Any:
        """The same value with its words hidden."""
        if isinstance(value, str):
            return _put(value, self.hidden(value))
        if isinstance(value, tuple):
            return tuple(map(self.value, value))
        if isinstance(value, Block):
            return self.block(value)
        if isinstance(value, Removal):
            return replace(value, text=self.value(self.quoted(value.text, value.line)))
        if isinstance(value, Evidence):
            return replace(value, quote=self.value(self.quoted(value.quote, value.line)))
        if is_dataclass(value) and not isinstance(value, type):
            changed = {name: self.value(getattr(value, name)) for name in _told(type(value))}
            return replace(value, **changed)
        return value

    def block(self, block: Block) -> Block:
        """Line by line, and then as a whole: a number may have been divided between two paragraphs, too."""
        edges = (0, *block.breaks, len(block.text))
        parts = [self.quoted(block.text[start:end].rstrip(" "), block.line + number, wrapped=number > 0)
                 for number, (start, end) in enumerate(pairwise(edges))]
        text = " ".join(parts)
        breaks = tuple(accumulate(len(part) + 1 for part in parts[:-1]))
        spans = self.hidden(text)
        return replace(block, text=_put(text, spans), breaks=_moved(breaks, spans))

    def quoted(self, words: str, line: int, wrapped: bool = False) -> str:
        """Words of a raw line as they stand in the masked line, whole even if they were only half of what is hidden. What
        began in the line before is left out of a `wrapped` one."""
        start = self.raw.find(words, self.lines[line - 1], self.lines[line]) if 0 < line < len(self.lines) else -1
        if start < 0 or not words:
            return words
        start, end, spans = _touched(self.spans, start, start + len(words))
        if wrapped and start < self.lines[line - 1]:
            return _put_in(self.raw, spans[1:], spans[0][1], end).lstrip(" ").replace("\n", "")
        return _put_in(self.raw, spans, start, end).replace("\n", "")


def _plain(text: str) -> str:
    for letter, plain in _PLAIN:                 # str.translate asks a dict for every letter that is not ASCII
        text = text.replace(letter, plain)
    return text


def _put(text: str, spans: Sequence[Span]) -> str:
    """A text with other words at some places. Line ends in these places stay, so that lines keep their numbers."""
    if not spans:
        return text
    parts, before = [], 0
    for start, end, words in spans:
        parts += [text[before:start], words + ("\n" * text.count("\n", start, end) if words[:1] != _TAKEN else "")]
        before = end
    return "".join([*parts, text[before:]])


def _put_in(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    """The same for `text[start:end]`."""
    return _put(text[start:end], [(one - start, other - start, words) for one, other, words in spans])


def _touched(spans: Sequence[Span], start: int, end: int) -> tuple[int, int, Sequence[Span]]:
    """What is hidden in a piece of a text, and the piece made so long that it has all of it."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    after = bisect_right(spans, end - 1, key=lambda span: span[0])
    inside = spans[first:after]
    return (min(start, inside[0][0]), max(end, inside[-1][1]), inside) if inside else (start, end, inside)


def _moved(places: Iterable[int], spans: Sequence[Span]) -> tuple[int, ...]:
    """Offsets in a text after `_put`; one inside of what is hidden comes to stand behind it."""
    moved, shift, rest = [], 0, list(reversed(spans))
    for place in places:
        while rest and rest[-1][0] < place:
            start, end, words = rest.pop()
            shift += len(words) - (end - start)
            place = max(place, end)
        moved.append(place + shift)
    return tuple(moved)


def load(folders: Sequence[Path]) -> tuple[Mask, list[Problem]]:
    """Read the rules; a pattern that is none is a problem with its line."""
    entries, problems = yamlfile.entries(folders, "personal.yml", "personal")
    rules = []
    for name, node in entries.items():
        node.only("id", "why", "needs", "pattern", "with", "masks", "keeps")
        written = node.need("pattern")
        try:
            needs, pattern = re.compile(node.get("needs").string()), re.compile(written.string())
        except re.error as error:
            written.complain(f'"{name}" has a pattern that cannot be read: {error}', "see Python's re")
            continue
        masks, keeps = node.get("masks").strings(), node.get("keeps").strings()
        rules.append(Rule(name, needs, pattern, node.need("with").string(), masks, keeps))
    for node in entries.values():
        problems += node.complaints.problems
        node.complaints.problems.clear()
    return Mask(tuple(rules)), problems
