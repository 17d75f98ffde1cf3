"""One institution, one name."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import gazetteer, names, variants
from dateline.model import Block, Tag
from dateline.text import fold

DATA = (Path(__file__).parent.parent / "data",)
KNOWN, _ = gazetteer.load(DATA)
NAMES, _ = names.load(DATA)


def filed(*paragraphs: str) -> tuple[Tag, ...]:
    blocks = [Block("paragraph", text, row) for row, text in enumerate(paragraphs, 1)]
    return variants.unified(names.find(blocks, NAMES), NAMES, KNOWN)


def organisations(*paragraphs: str) -> list[str]:
    return [tag.value for tag in filed(*paragraphs) if tag.facet == "organisation"]


@pytest.mark.parametrize(("text", "name"), [
    ("Bộ GD&ĐT công bố lịch thi.", "Bộ Giáo dục và Đào tạo"),
    ("Bộ GD-ĐT công bố lịch thi.", "Bộ Giáo dục và Đào tạo"),
    ("The Ministry of Education and Training issued a circular.", "Bộ Giáo dục và Đào tạo"),
    ("MoET issued a circular.", "Bộ Giáo dục và Đào tạo"),
    ("Bộ VH-TT&DL khai mạc triển lãm.", "Bộ Văn hóa, Thể thao và Du lịch"),
    ("Sở GD&ĐT Nghệ An kiểm tra các trường.", "Sở Giáo dục và Đào tạo Nghệ An"),
    ("Sở GD-ĐT tỉnh Nghệ An kiểm tra các trường.", "Sở Giáo dục và Đào tạo Nghệ An"),
    ("The Nghe An Department of Education and Training checked schools.", "Sở Giáo dục và Đào tạo Nghệ An"),
    ("The Department of Education and Training of Nghe An province checked schools.", "Sở Giáo dục và Đào tạo Nghệ An"),
    ("Sở GD&ĐT Hà Nội kiểm tra các trường.", "Sở Giáo dục và Đào tạo Hà Nội"),
    ("UBND tỉnh Nghệ An họp sáng nay.", "UBND tỉnh Nghệ An"),
    ("UBND thành phố Hà Nội họp sáng nay.", "UBND thành phố Hà Nội"),
    ("Hội Khuyến học tỉnh Nghệ An trao học bổng.", "Hội Khuyến học tỉnh Nghệ An"),
])
def test_variants_are_filed_under_one_name(text: str, name: str) -> None:
    assert organisations(text) == [name]


@pytest.mark.parametrize("text", [
    "UBND thành phố Bắc Ninh họp sáng nay.", "UBND huyện Nam Đàn họp sáng nay.", "Trường THPT Kim Liên khai giảng.",
    "Phòng GD&ĐT Nam Đàn kiểm tra các trường.",
])
def test_a_town_a_district_and_a_school_keep_their_printed_name(text: str) -> None:
    assert [name for name in organisations(text) if name not in text] == []


def test_two_spellings_in_one_text_are_one_tag_with_both_quotes() -> None:
    tags = filed("Bộ GD&ĐT công bố lịch thi.", "Bộ Giáo dục và Đào tạo lưu ý thí sinh.")
    assert [(tag.value, [evidence.quote for evidence in tag.claim.evidence]) for tag in tags if tag.facet == "organisation"] == [
        ("Bộ Giáo dục và Đào tạo", ["Bộ GD&ĐT", "Bộ Giáo dục và Đào tạo"])]


def test_no_spelling_stands_for_two_institutions() -> None:
    owners = [(fold(also), variant.name) for variant in NAMES.variants for also in variant.also]
    names_of = {spelling: {name for other, name in owners if other == spelling} for spelling, _ in owners}
    assert {spelling: found for spelling, found in names_of.items() if len(found) > 1} == {}
