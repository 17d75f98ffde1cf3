"""Captions without a credit: every cue counts where its own examples say, and only among paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import rules
from dateline.captions import ENOUGH, Cue, could_be, points
from dateline.clean import clean
from dateline.model import RawDocument
from tests.cleaning_cases import KNOWN

CUES = rules.load([Path(__file__).parent.parent / "data"])[0].cues
PARAGRAPH = "Nhà trường cho biết năm học mới có thêm ba phòng học và một thư viện do phụ huynh góp công xây dựng từ mùa hè."


def value_id(value: Cue | str) -> str:
    return value.id if isinstance(value, Cue) else value[:30]


@pytest.mark.parametrize(("cue", "example"), [(cue, text) for cue in CUES for text in cue.shows], ids=value_id)
def test_a_cue_counts_in_its_own_example(cue: Cue, example: str) -> None:
    assert points(example, [cue], "", "") == cue.points


@pytest.mark.parametrize(("cue", "example"), [(cue, text) for cue in CUES for text in cue.keeps], ids=value_id)
def test_a_cue_does_not_count_in_its_counter_example(cue: Cue, example: str) -> None:
    assert points(example, [cue], "", "") == 0


@pytest.mark.parametrize(
    "line",
    [
        "Học sinh lớp năm trong giờ tập viết",
        "Cô Lan (áo xanh) cùng các học trò trong thư viện mới.",
        "Children in the yard of the new school",
        "A pupil ties a bell to the gate of the school",
    ],
)
def test_who_is_seen_where_is_a_caption(line: str) -> None:
    assert kind_among_paragraphs(line) == "caption"


@pytest.mark.parametrize(
    "line",
    [
        "Nâng cao chất lượng giáo viên tại trường vùng cao",
        "Học sinh tại trường đã được phát sách.",
        "Bên cạnh đó, thầy cô tặng quà tại lễ khai giảng.",
        "Breakfast before arithmetic",
        "The school is closed.",
        "Children in the yard were told to wait.",
    ],
)
def test_subheadings_and_short_paragraphs_are_body(line: str) -> None:
    assert kind_among_paragraphs(line) != "caption"


def test_verses_are_not_captions() -> None:
    verses = "Học sinh trong lớp em\nCô giáo bên khung cửa\nCác em trên sân trường"
    text = clean(RawDocument("x", f"{PARAGRAPH}\n{PARAGRAPH}\n{verses}\n{PARAGRAPH}", "0", "x"), KNOWN)
    assert not [block for block in text.blocks if block.kind == "caption"]


def test_a_subheading_announces_the_paragraph_below_it() -> None:
    heading, below = "Học sinh trong lớp học ghép", "Trong lớp học ghép, học sinh của ba khối ngồi chung một phòng."
    assert points(heading, CUES, "", below) < ENOUGH <= points(heading, CUES, "", PARAGRAPH)


def test_speech_and_several_sentences_are_never_captions() -> None:
    assert not could_be("“Chúng em rất vui trong lớp.”")
    assert not could_be("Học sinh vui. Thầy cô vui.")


def kind_among_paragraphs(line: str) -> str:
    page = f"{PARAGRAPH}\n\n{PARAGRAPH.upper()[:1]}{PARAGRAPH[1:]} Xong.\n\n{line}\n\n{PARAGRAPH} Hết."
    blocks = clean(RawDocument("x", page, "0", "x"), KNOWN).blocks
    return next(block.kind for block in blocks if block.text == line)
