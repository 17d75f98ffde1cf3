"""People, organisations, documents and campaigns."""

from __future__ import annotations

from pathlib import Path

import pytest

from dateline import names
from dateline.model import Block, Tag
from tests.growth import assert_linear

SHIPPED = [Path(__file__).parent.parent / "data"]
NAMES, PROBLEMS = names.load(SHIPPED)
EXAMPLES = names.examples(SHIPPED)


def find(*paragraphs: str) -> tuple[Tag, ...]:
    return names.find([Block("paragraph", text, 1 + 2 * row) for row, text in enumerate(paragraphs)], NAMES)


def shown(tags: tuple[Tag, ...]) -> set[str]:
    return {f"{tag.facet}: {tag.value}" + (f" = {tag.role}" if tag.facet == "person" else "") for tag in tags}


def test_the_shipped_lists_have_no_complaint_and_all_are_there() -> None:
    assert PROBLEMS == []
    assert {list_id for list_id, _ in NAMES.lists} == set(names.LISTS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.text[:40])
def test_what_the_lists_promise_is_found(example: names.Example) -> None:
    assert example.finds
    assert set(example.finds) <= shown(find(example.text))


@pytest.mark.parametrize(
    "text",
    [
        "Học sinh Trường THPT Nguyễn Trãi tập trung trên đường Trần Hưng Đạo.",
        "Students of Nguyen Trai High School walked along Le Loi Street.",
        "The Director of the Department of Education and Training of Son La province spoke.",
        "Chủ tịch UBND tỉnh Hà Nam và Giám đốc Sở GD&ĐT tỉnh Thái Bình cùng dự.",
        "Hà Nội, Thái Nguyên, Lâm Đồng và Sơn La đã công bố phương án.",
        "Nguyen Van Anh walked home.",
    ],
)
def test_schools_streets_places_and_bare_names_are_not_people(text: str) -> None:
    assert [tag.value for tag in find(text) if tag.facet == "person"] == []


def test_a_person_keeps_the_first_spelling_and_the_fuller_office() -> None:
    tags = find("Cô giáo Lê Thị Hoa đón học sinh.", "Bà Lê Thị Hoa, Hiệu trưởng Trường Tiểu học Kim Đồng, phát biểu.")
    people = [tag for tag in tags if tag.facet == "person"]
    assert [(tag.value, tag.role) for tag in people] == [("Lê Thị Hoa", "Hiệu trưởng Trường Tiểu học Kim Đồng")]
    assert [evidence.line for evidence in people[0].claim.evidence] == [1, 3]


def test_two_people_in_one_sentence_keep_their_own_offices() -> None:
    tags = find(
        "Minister of Education and Training Le Van An and Vice Chairman "
        "of the Da Nang People's Committee Tran Thu Thuy came."
    )
    assert {(tag.value, tag.role) for tag in tags if tag.facet == "person"} == {
        ("Le Van An", "Minister of Education and Training"),
        ("Tran Thu Thuy", "Vice Chairman of the Da Nang People's Committee"),
    }


def test_a_place_before_a_name_belongs_to_the_office() -> None:
    tags = find("Giám đốc Sở Giáo dục và Đào tạo Hà Nội Trần Minh Quang trả lời báo chí.")
    assert ("Trần Minh Quang", "Giám đốc Sở Giáo dục và Đào tạo Hà Nội") in {(tag.value, tag.role) for tag in tags}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Nghị quyết 71-NQ/TW và Thông tư số 29/2024/TT-BGDĐT", ["71-NQ/TW", "29/2024/TT-BGDĐT"]),
        (
            "Conclusion Notice No. 544/TB-SGDĐT, Law 60/2024/QH15, Directive 05-CT/TU",
            ["544/TB-SGDĐT", "60/2024/QH15", "05-CT/TU"],
        ),
        ("Decision No. 677 of the Prime Minister", ["Decision 677"]),
        ("Kế hoạch 2025 của tỉnh; ngày 20/11/2024; tỉ lệ 24/7; km/h; đạt 95%", []),
        ("The plan 5 years ago; Resolution of the 13th Congress", []),
    ],
)
def test_documents_are_known_by_their_number(text: str, codes: list[str]) -> None:
    assert [tag.value for tag in find(text) if tag.facet == "document"] == codes


def test_a_quotation_without_a_movement_is_no_campaign() -> None:
    assert [
        tag
        for tag in find('He said: "We will build three schools". Bộ phim “Mùa hè cuối cùng” ra mắt.')
        if tag.facet == "campaign"
    ] == []


def test_every_quote_stands_on_its_line() -> None:
    text = "Ông Phạm Văn Minh, Giám đốc Sở Giáo dục và Đào tạo Hà Tĩnh, nói về Nghị quyết 29-NQ/TW."
    for tag in find("Mở đầu.", text):
        for evidence in tag.claim.evidence:
            assert evidence.line == 3 and evidence.quote in text


def test_one_name_in_two_languages_has_one_key() -> None:
    assert names.name_key("Trần Thế Cương") == names.name_key("Tran The Cuong")
    assert names.name_key("29/2024/TT-BGDĐT") == names.name_key("29/2024/TT-BGDDT")


def test_a_misspelt_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "names.yml").write_text("lists:\n- id: surname\n  words: [Nguyễn]\n", "utf-8")
    _, problems = names.load([tmp_path])
    assert [problem.line for problem in problems] == [2]


@pytest.mark.slow
def test_a_long_hostile_line_is_read_in_linear_time() -> None:
    assert_linear(lambda size: find("Giám đốc " * size + "A " * (30 * size) + '"' * (15 * size) + "1/" * (15 * size)), 1500)
