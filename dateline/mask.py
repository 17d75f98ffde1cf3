"""data/personal.yml → Mask: what leads to a private person, hidden in texts that are handed on, and counted.

>>> mask, _ = load([Path(__file__).parent.parent / "data"])
>>> mask.text("Liên hệ cô Lan: lan@truonghoc.edu.vn, 0912 345 678")
('Liên hệ cô Lan: [mail], [phone]', {'mail': 1, 'phone': 1})
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dateline import yamlfile
from dateline.model import Problem

HIDDEN = frozenset({"title", "author", "text", "quote"})
"""Keys of a record whose words a newsroom wrote. Ids and addresses are names: hiding digits in them would break them."""


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

    rules: tuple[Rule, ...]

    def text(self, text: str) -> tuple[str, dict[str, int]]:
        """The text with what is personal replaced, and how often which kind was."""
        counts: dict[str, int] = {}
        for rule in self.rules:
            if not rule.needs.search(text):
                continue
            text, count = rule.pattern.subn(rule.replacement, text)
            if count:
                counts[rule.id] = count
        return text, counts

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
