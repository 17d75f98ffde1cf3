"""Every rule does what its own examples say, and nothing worse than linear."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import rules as rules_module
from dateline.clean import clean
from dateline.extract import extract
from dateline.lines import Line
from dateline.model import RawDocument
from dateline.rules import Rule, Rules
from tests.cleaning_cases import KNOWN
from tests.growth import assert_linear

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


@pytest.mark.parametrize(
    ("rule", "example"),
    [(rule, text) for rule in RULES.rules for text in rule.drops],
    ids=lambda value: value.id if isinstance(value, Rule) else value[:30],
)
def test_a_rule_cuts_its_own_example(rule: Rule, example: str) -> None:
    assert cuts(rule, example)


@pytest.mark.parametrize(
    ("rule", "example"),
    [(rule, text) for rule in RULES.rules for text in rule.keeps],
    ids=lambda value: value.id if isinstance(value, Rule) else value[:30],
)
def test_a_rule_leaves_its_counter_example(rule: Rule, example: str) -> None:
    assert not cuts(rule, example)


@pytest.mark.parametrize(
    "example", [text for rule in RULES.rules for text in rule.keeps if len(text) > 30 and text.endswith(".")]
)
def test_no_rule_at_all_cuts_a_sentence_that_another_rule_keeps(example: str) -> None:
    assert RULES.line(Line(1, example)) is None


# -- hostile text ----------------------------------------------------------------------------------------------------
HOSTILE = {
    "spaces": " ",
    "brackets": "(",
    "dashes": "- ",
    "digits": "1/",
    "quotes": "”. ",
    "photo": "Photo: ",
    "by": "By A ",
    "http": "http://",
    "capitals": "HÀ ",
    "names": "Nguyễn ",
    "dots": ".",
    "tags": "#a ",
    "bars": "| ",
    "months": "June 1 ",
    "theo": "Theo A ",
    "ing": "Aing ",
}


@pytest.mark.parametrize("filler", HOSTILE.values(), ids=HOSTILE)
def test_every_rule_takes_a_megabyte_of_hostile_text_in_its_stride(filler: str) -> None:
    megabyte = (filler * (1_000_000 // len(filler) + 1))[:1_000_000]
    for rule in RULES.rules:
        one = alone(rule)
        for text in (megabyte, "x" + megabyte, megabyte + "."):
            one.line(Line(1, text))
            one.prefix(text)
            one.suffix(text)
        for example in rule.drops[:1]:  # the longest line that patterns are ever tried on
            one.line(Line(1, (example + megabyte)[:160]))
            one.line(Line(1, (megabyte[:160] + example)[-160:]))


@pytest.mark.slow
@pytest.mark.parametrize("filler", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("width", [None, 100], ids=["one line", "many lines"])
def test_cleaning_and_reading_grow_with_the_text_and_not_faster(filler: str, width: int | None) -> None:
    def page(size: int) -> None:
        line = filler * ((width or size) // len(filler) + 1)
        raw = RawDocument("x", "\n".join([line] * (size // len(line) + 1)), "0", "x")
        extract(raw, clean(raw, KNOWN), KNOWN)

    assert_linear(page, 50_000)


def test_a_word_that_yaml_takes_for_yes_or_no_is_complained_about(tmp_path: Path) -> None:
    (tmp_path / "cleaning.yml").write_text("rules: []\nwords:\n  labels: [by, on]\n", "utf-8")
    _, problems = rules_module.load([tmp_path])
    assert [problem.line for problem in problems] == [3]
