"""Quality is a test: the figures on the labelled pages may not fall below tests/eval/floor.json."""

from __future__ import annotations

import json

import pytest

from tests.eval.cleaning import HALVES, HERE, cases, known, score

FLOOR = json.loads((HERE / "floor.json").read_text("utf-8"))


@pytest.mark.parametrize("half", HALVES)
def test_cleaning_is_no_worse_than_it_was(half: str) -> None:
    found, floor = score(HERE / half, known()), FLOOR[half]
    assert found.f1 >= floor["body_f1"]
    assert found.noise_f1 >= floor["noise_f1"]
    assert found.exact >= floor["exact"]


def test_the_benchmark_is_as_wide_as_it_claims() -> None:
    pages = [case for half in HALVES for case in cases(HERE / half)]
    assert len(pages) >= 100
    assert {label for case in pages for label in case.labels.values()} == set("TBCYSN")
