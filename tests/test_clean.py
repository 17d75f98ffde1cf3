"""Cleaning keeps the article and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.clean import clean, cleaned, kept_text
from dateline.lines import split
from dateline.model import BODY_KINDS, CleanText
from dateline.repetition import candidates, learn
from tests.cleaning_cases import CASES, KNOWN, document, files, read, seed, shown


def lines_of(text: CleanText, *kinds: str) -> list[int]:
    return [block.line for block in text.blocks if block.kind in kinds]


# Labelled by hand, line by line: title, body, captions, noise.
SEEDS = {
    "000": ([], [1, 3, 5, 9, 11, 13, 15], [7], [17, 19]),
    "001": ([], list(range(1, 11)), [], [11, 12]),
    "002": (
        [5],
        [10, 12, 14, 16, 18, *range(24, 43, 2)],
        [20, 22],
        [1, 3, 7, 44, 47, 49, 50, 52, 54, 55, 56, 57, 59, 61, 63, 65, 67, 69, 71, 73, 75],
    ),
    "003": (
        [5],
        [7, *range(11, 26, 2)],
        [],
        [1, 2, 3, 9, 27, 29, 31, 32, 34, 36, 37, 38, 39, 41, 43, 44, 46, 48, 50, 52, 54, 56, 58, 60, 61, 62],
    ),
    "004": ([1], [5, 7, 11, 13, 15, 19, 21, 23, 25, 27, 31], [9, 17, 29], [3, 33]),
}


@pytest.mark.parametrize("number", SEEDS)
def test_every_line_of_the_five_seeds_is_what_a_person_said_it_is(number: str) -> None:
    title, body, captions, noise = SEEDS[number]
    text = clean(seed(number), KNOWN)
    assert lines_of(text, "title") == title
    assert lines_of(text, *BODY_KINDS) == body
    assert lines_of(text, "caption") == captions
    assert sorted(removal.line for removal in text.removed if removal.whole) == noise


def test_the_outlets_signature_is_cut_from_the_first_paragraph_and_can_be_seen() -> None:
    text = clean(seed("004"), KNOWN)
    assert text.body[0].text.startswith("On the morning of February 24, the Provincial Association")
    assert [(part.line, part.text, part.rule) for part in text.removed if not part.whole] == [
        (5, "(Baonghean.vn) -", "dateline.outlet")
    ]


def test_bylines_and_source_lines_are_shown_and_listed_as_removed() -> None:
    text = clean(seed("002"), KNOWN)
    assert [(block.kind, block.line) for block in text.blocks if block.kind in ("byline", "source")] == [
        ("byline", 7),
        ("source", 44),
    ]
    assert {removal.line for removal in text.removed} >= {7, 44}


@pytest.mark.parametrize("path", list(files("clean")), ids=lambda path: path.stem)
def test_a_case_is_cleaned_as_written(path: Path) -> None:
    raw, expected = read(path)
    got = clean(raw, KNOWN)
    if expected is None:
        assert kept_text(got) == "\n\n".join(line.text for line in split(raw.text)[0])
    else:
        assert shown(got) == expected


def test_there_are_cases() -> None:
    assert len(list((CASES / "clean").glob("*.txt"))) >= 15


def test_a_page_of_nothing_but_captions_keeps_them_as_its_body() -> None:
    text = clean(document("Chợ nổi lúc bình minh. Ảnh: Lê An\nMột ghe bán hoa. Ảnh: Lê An"), KNOWN)
    assert [block.kind for block in text.blocks] == ["paragraph", "paragraph"]


def test_a_comment_box_in_the_page_head_does_not_cut_the_article() -> None:
    body = "Trường tiểu học Tân Lập vừa khánh thành sáu phòng học mới cho học sinh ba bản vùng cao của xã. " * 3
    text = clean(document(f"Khánh thành trường mới\nBình luận (0)\n{body}\n{body}"), KNOWN)
    assert len(text.body) == 1 and text.body[0].line == 3


def test_words_that_the_corpus_showed_to_be_furniture_are_cut_only_where_they_were_learnt() -> None:
    page = (
        "Đọc báo giấy\n" + "Thư viện xã mở cửa cả ngày chủ nhật để học sinh có chỗ đọc sách, làm bài tập và gặp bạn bè."
    )
    learnt = learn({"a.vn": [page.replace("xã", f"xã {number}") for number in range(30)], "b.vn": [page]})
    assert set(learnt) == {"a.vn"}
    removed = clean(document(page), KNOWN, learnt["a.vn"]).removed
    assert [(removal.text, removal.rule) for removal in removed] == [("Đọc báo giấy", "learnt")]
    assert clean(document(page), KNOWN).removed == ()


def test_a_small_corpus_teaches_nothing() -> None:
    assert learn({"a.vn": ["Đọc báo giấy\nTin."] * 19}) == {}


# -- promises on any document ----------------------------------------------------------------------------------------
PIECES = st.sampled_from(
    [
        "Comment (0)",
        "Đọc nhiều",
        "Logo",
        "Độc lập - Tự do - Hạnh phúc",
        "Same category",
        "Mỹ Hà",
        "CLASSY",
        "07 Jun, 11:10 AM",
        "Source: https://nhandan.vn/a-b-c-post1.html",
        "Việt NamViệt Nam13/08/2024",
        "Quang cảnh hội nghị.",
        "No data",
        "\u00a0",
        "",
        "(Baonghean.vn) - On the morning of February 24 the association met.",
        "Kinhtedothi - Chiều 4/3, huyện họp về trường học.",
        "Schools reopen after the storm in three provinces",
        "Trường học mở cửa trở lại sau bão ở ba tỉnh miền Trung",
        "Học sinh trong giờ thể dục. Ảnh: Lan Anh",
        "leftcenterrightdel",
        "IMG_2034.jpg",
        "Bình luận",
        "• Thích",
        "- Một mục;",
        "The school has twelve rooms, a kitchen and a garden in which each class looks after a bed of its own.",
        "Trường có mười hai phòng học, một nhà bếp và khu vườn nơi mỗi lớp tự chăm sóc một luống rau của mình.",
        "Cả lớp cùng đọc sách đến chiều muộn rồi mới ra về trong tiếng cười và tiếng trống của bác bảo vệ. Mỹ Hà",
        "the village has two",
        "roads and one school",
        "Tin liên quan",
        "Theo TTXVN",
        "HÀ NỘI — The exam ended on Friday. — VNS",
    ]
)
MESSY = st.lists(st.one_of(PIECES, st.text(max_size=60)), max_size=14).map("\n".join)


@settings(max_examples=300, deadline=None)
@given(MESSY)
def test_every_line_is_accounted_for_and_no_word_is_invented(text: str) -> None:
    got = clean(document(text), KNOWN)
    shown_lines, _ = split(text)
    covered = {block.line + step for block in got.blocks for step in range(len(block.breaks) + 1)}
    covered |= {removal.line for removal in got.removed}
    assert {line.number for line in shown_lines} <= covered
    raw = text.split("\n")
    for block in got.blocks:
        pieces = [
            block.text[start:end].strip() for start, end in zip((0, *block.breaks), (*block.breaks, None), strict=True)
        ]
        assert all(piece in raw[block.line - 1 + step] for step, piece in enumerate(pieces))
    assert all(removal.text in raw[removal.line - 1] or not removal.whole for removal in got.removed)
    words = set(text.split())
    assert all(word in text for block in got.blocks for word in block.text.split() if word not in words)


@settings(max_examples=300, deadline=None)
@given(MESSY)
def test_what_was_not_looked_up_among_learnt_lines_cuts_nothing(text: str) -> None:
    """So a document that has only such lines need not be cleaned again once they were learnt."""
    plain, asked = cleaned(document(text), KNOWN)
    assert cleaned(document(text), KNOWN, frozenset(candidates(text)) - asked)[0] == plain


def test_what_no_rule_cuts_is_looked_up_among_learnt_lines() -> None:
    page = f"Đọc báo giấy\n{PARAGRAPHS[1]}\nBình luận\n{PARAGRAPHS[3]}\nTheo TTXVN\nNhân Dân\n"
    _, asked = cleaned(document(page), KNOWN)
    ours = {"đọc báo giấy", "nhân dân"}
    assert asked & {*ours, "bình luận", "theo ttxvn"} == ours
    for line in ours:                            # also where another rule would have come later
        text = clean(document(page), KNOWN, frozenset({line}))
        assert [removal.rule for removal in text.removed if removal.text.lower() == line] == ["learnt"]


HEADS = [
    "Logo",
    "Đăng ký ấn phẩm|Đăng nhập",
    "Độc lập - Tự do - Hạnh phúc",
    "Vietnam.vn - Nền tảng quảng bá Việt Nam",
    "\u00a0",
]
TITLES = [
    "Schools reopen after the storm in three provinces",
    "Trường học mở cửa trở lại sau bão ở ba tỉnh miền Trung",
    "",
]
BYLINES = ["Việt NamViệt Nam13/08/2024", "Mỹ Hà", "Thứ sáu, 7/3/2025, 16:00 (GMT+7)", "QUÁCH DU |", ""]
SIGNS = ["(Baonghean.vn) - ", "Kinhtedothi - ", "Hà Nội (TTXVN) - ", "HÀ NỘI — ", ""]
PARAGRAPHS = [
    "The school has twelve rooms, a kitchen and a garden in which each class looks after a bed of its own.",
    "Trường có mười hai phòng học, một nhà bếp và khu vườn nơi mỗi lớp tự chăm sóc một luống rau của mình.",
    "“We did not ask for a monument,” said the chairwoman, who had brought her two sons and a basket of mangoes.",
    "Theo kế hoạch, lớp học chữ của các cụ bắt đầu từ tuần sau và kéo dài tới hết mùa gặt, mỗi tuần ba buổi tối.",
    "Cả lớp cùng đọc sách đến chiều muộn rồi mới ra về trong tiếng cười và tiếng trống của bác bảo vệ già./.",
    "Lessons on the water",
    "- Trưng bày sách và giới thiệu sách mới;",
    "Học sinh trong giờ thể dục. Ảnh: Lan Anh",
    "IMG_2034.jpg",
]
TAILS = [
    "Mỹ Hà",
    "CLASSY",
    "Theo TTXVN",
    "Source: https://nhandan.vn/a-b-c-post1.html",
    "Comment (0)",
    "Đọc nhiều",
    "No data",
    "• Thích",
    "Phố cổ có thêm tuyến đi bộ vào cuối tuần",
    "07 Jun, 11:10 AM",
    "Tin liên quan",
    "Heritage",
]


@st.composite
def pages(draw: st.DrawFn) -> str:
    """A page as sites print them: head, headline, byline, paragraphs, and what stands below."""
    lines = draw(st.lists(st.sampled_from(HEADS), unique=True, max_size=3))
    lines += [draw(st.sampled_from(TITLES)), draw(st.sampled_from(BYLINES))]
    body = draw(st.permutations(PARAGRAPHS))[: draw(st.integers(3, len(PARAGRAPHS)))]
    body.insert(
        0,
        draw(st.sampled_from(SIGNS)) + "On the fourth day the village opened its school again, with benches borrowed "
        "from the temple and a bell that had been under water.",
    )
    body.append(
        "By evening the children had gone home, and the teachers counted the books that could still be dried and used."
    )
    return "\n".join([*lines, *body, *draw(st.lists(st.sampled_from(TAILS), max_size=8))])


@settings(max_examples=400, deadline=None)
@given(pages())
def test_cleaning_the_cleaned_text_changes_nothing(text: str) -> None:
    once = kept_text(clean(document(text), KNOWN))
    assert kept_text(clean(document(once), KNOWN)) == once


@pytest.mark.parametrize("number", SEEDS)
def test_cleaning_a_cleaned_seed_changes_nothing(number: str) -> None:
    once = kept_text(clean(seed(number), KNOWN))
    assert kept_text(clean(document(once), KNOWN)) == once


@settings(max_examples=200, deadline=None)
@given(MESSY)
def test_a_document_with_a_paragraph_is_never_emptied(text: str) -> None:
    paragraph = "The school has eleven rooms and a well from which the whole village draws its water in the dry months."
    assert clean(document(f"{text}\n{paragraph}"), KNOWN).blocks
