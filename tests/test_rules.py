"""Every rule does what its own examples say, and nothing worse than linear."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import rules as rules_module
from dateline.lines import Line
from dateline.rules import Rule, Rules

DATA = Path(__file__).parent.parent / "data"
RULES, PROBLEMS = rules_module.load([DATA])


def alone(rule: Rule) -> Rules:
    return Rules((rule,), RULES.words)


def cuts(rule: Rule, example: str) -> bool:
    if rule.cut == "prefix":
        return alone(rule).prefix(example) is not None
    if rule.cut == "suffix":
        found = alone(rule).suffix(example)
        return found is not None and found[0] > 0
    return alone(rule).line(Line(1, example), after_body=rule.where != "before-body") is not None


def test_the_rules_file_has_no_problems() -> None:
    assert PROBLEMS == []
    assert len(RULES.rules) >= 40


@pytest.mark.parametrize(("rule", "example"), [(rule, text) for rule in RULES.rules for text in rule.drops],
                         ids=lambda value: value.id if isinstance(value, Rule) else value[:30])
def test_a_rule_cuts_its_own_example(rule: Rule, example: str) -> None:
    assert cuts(rule, example)


@pytest.mark.parametrize(("rule", "example"), [(rule, text) for rule in RULES.rules for text in rule.keeps],
                         ids=lambda value: value.id if isinstance(value, Rule) else value[:30])
def test_a_rule_leaves_its_counter_example(rule: Rule, example: str) -> None:
    assert not cuts(rule, example)


@pytest.mark.parametrize("example", [text for rule in RULES.rules for text in rule.keeps if len(text) > 30 and text.endswith(".")])
def test_no_rule_at_all_cuts_a_sentence_that_another_rule_keeps(example: str) -> None:
    assert RULES.line(Line(1, example)) is None
