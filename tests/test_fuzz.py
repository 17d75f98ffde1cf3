"""The fuzzers' targets on what Hypothesis thinks of, and on every case that once broke something."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.fuzz.targets import TARGETS
from tests.hostile_corpus import payloads

CASES = sorted(path for path in (Path(__file__).parent / "fuzz" / "cases").rglob("*-*") if path.is_file())
WORDS = ("0912 345 678", "lan@x.vn", "CCCD", "040123456789", "0", "38 ", "-", "+84",
         "Hà Nội", "Theo", "Nguồn:", "https://nhandan.vn/", "ông Nguyễn Văn Hùng", "12/9/2024", "---", "title:", '{"text":"', "\n", "\n\n",
         "Ảnh:", "- ", "seal:", "&a *a", "\r", "\u202e", "tỉnh Nghệ An", "Bình luận (0)",
         "\x00", "\ufeff", "[", "]", "<p>", ",", "PK\x03\x04")
texts = some.lists(some.one_of(some.sampled_from(WORDS), some.text(max_size=12)), max_size=40).map(" ".join)
inputs = some.one_of(texts.map(lambda text: text.encode("utf-8", "replace")), some.binary(max_size=300))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40)
@given(data=inputs)
def test_nothing_that_was_thought_of_breaks_it(target, data):
    TARGETS[target](data)


@pytest.mark.parametrize("target", TARGETS)
def test_no_hostile_text_breaks_it(target):
    for payload in payloads()[:: 1 if target != "document" else 3]:
        TARGETS[target](payload.encode("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name[:16]}")
def test_what_once_broke_does_no_more(case):
    TARGETS[case.parent.name](case.read_bytes())
