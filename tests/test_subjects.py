"""What a story is about."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dateline import language, subjects, taxonomy, yamlfile
from dateline.model import Block, Tag
from tests.growth import assert_linear

ROOT = Path(__file__).parent.parent
TOPICS, _ = taxonomy.load([ROOT / "data"])
EXAMPLES = [(topic.id, example) for topic in TOPICS.topics for example in topic.examples]
CASES = sorted((ROOT / "tests" / "cases" / "topics").glob("*.txt"))

SHORT = Path(__file__).parent / "cases" / "short-english.txt"


def blocks(text: str) -> list[Block]:
    """A title line, when the first line has no full stop, and paragraphs."""
    lines = [(row, line) for row, line in enumerate(text.split("\n"), 1) if line.strip()]
    return [
        Block("title" if not place and len(lines) > 1 and not line.endswith(".") else "paragraph", line, row)
        for place, (row, line) in enumerate(lines)
    ]


def classify(text: str, spoken: str, title: str | None = None) -> list[Tag]:
    parts = blocks(text)
    return list(subjects.classify(parts, title, [spoken] * len(parts), TOPICS)[1])


def primary(text: str, spoken: str, title: str | None = None) -> str | None:
    tags = classify(text, spoken, title)
    return tags[0].value if tags else None


@pytest.mark.parametrize(
    ("topic", "example"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else value.language
)
def test_every_topic_keeps_its_examples(topic: str, example: taxonomy.Example) -> None:
    assert primary(example.text, example.language) == topic


def test_every_topic_has_examples_in_both_languages() -> None:
    for topic in TOPICS.topics:
        assert {example.language for example in topic.examples} >= {"vi", "en"}, topic.id


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_filed_as_a_reader_would(path: Path) -> None:
    """The file: language, the text, then `=== primary`, and optionally `=== also` and `=== never` with ids."""
    text, *marks = path.read_text("utf-8").split("\n=== ")
    spoken, _, body = text.partition("\n")
    wanted = {mark.split()[0]: mark.split()[1:] for mark in marks}
    tags = [tag.value for tag in classify(body, spoken)]
    assert tags[:1] == wanted["primary"]
    assert set(wanted.get("also", ())) <= set(tags)
    assert not set(wanted.get("never", ())) & set(tags)


def test_short_english_texts_are_mostly_filed_right() -> None:
    rows = [line.split(" | ") for line in SHORT.read_text("utf-8").splitlines() if not line.startswith("#")]
    right = [primary(f"{headline}\n{sentence}", "en") in accepted.split() for accepted, headline, sentence in rows]
    assert len(right) >= 140 and sum(right) >= 0.85 * len(right)


def test_weak_words_never_speak_alone() -> None:
    assert classify("The meeting discussed results, quality, plans and support.", "en") == []


def test_a_text_without_any_word_of_ours_is_filed_nowhere() -> None:
    assert subjects.classify([], None, [], TOPICS) == (None, ())
    assert classify("Lorem ipsum dolor sit amet.", "en") == []


@pytest.mark.parametrize("text", [
    "98win điểm chuẩn lớp 10 năm nay tuyển sinh có biển không",
    "kubet tra cứu điểm thi tốt nghiệp THPT theo số báo danh",
    "School opens new classrooms fun88 benchmark score grade 10 entrance exam",
])
def test_a_page_that_a_betting_shop_stuffed_with_school_words_is_about_nothing(text: str) -> None:
    assert classify(text, "vi") == []


def test_a_report_about_betting_shops_is_still_filed() -> None:
    text = "Công an bắt nhóm điều hành trang cá cược 98win, khởi tố chín bị can về tội tổ chức đánh bạc. " * 8
    assert classify(text, "vi")[0].value == "crime-law"


def test_a_sure_primary_topic_hides_what_is_only_touched_on() -> None:
    tags = classify(
        "Thí sinh dự kỳ thi tuyển sinh lớp 10\n"
        "Hơn 9.000 thí sinh làm bài thi môn Toán trong kỳ thi tuyển sinh lớp 10; điểm chuẩn và kết quả trúng tuyển có vào tuần sau.\n"
        "Hội đồng thi chấm thi từ ngày mai. Phúc khảo bài thi đến hết tháng. Nhiều trường đã sửa chữa phòng học.", "vi")
    assert [tag.value for tag in tags] == ["edu-exams-admissions"]


def test_repeating_a_word_does_not_outweigh_what_the_story_says() -> None:
    text = "Thí sinh dự kỳ thi tuyển sinh lớp 10. Điểm chuẩn công bố ngày mai. " + "Bệnh viện. " * 60
    assert primary(text, "vi") == "edu-exams-admissions"


def test_a_phrase_hides_the_word_inside_it() -> None:
    assert classify("Thị trường, môi trường và hiện trường đều là trường hợp khác.", "vi") == []


def test_school_words_are_a_setting_and_not_the_subject() -> None:
    text = (
        "Students of the secondary school were home. Flash floods and a landslide after the typhoon destroyed "
        "the road; rescuers found two people who went missing."
    )
    assert primary(text, "en") == "disaster-accident"


def test_a_story_from_abroad_is_the_worlds_and_a_match_there_stays_sport() -> None:
    assert (
        primary("Bộ Giáo dục Hàn Quốc cho học sinh ở Seoul nghỉ học, theo Reuters. Tổng thống lên tiếng.", "vi")
        == "world"
    )
    assert primary("Tiền đạo ghi bàn trong trận đấu vòng loại ở Seoul; thủ môn Nhật Bản nhận thẻ đỏ.", "vi") == "sport"


def test_vietnamese_without_accents_is_read_too() -> None:
    assert (
        primary(
            "Hon chin nghin thi sinh lam bai mon Toan trong ky thi tuyen sinh lop 10, diem chuan som cong bo.", "vi"
        )
        == "edu-exams-admissions"
    )


def test_accents_are_not_taken_away_from_text_that_has_them() -> None:
    # "thi sinh" is no "thí sinh" where people write accents
    assert classify("Ông Thi sinh năm 1960 tại làng, nay làm vườn.", "vi") == []


def test_a_title_beside_the_text_counts_and_is_quoted_without_a_line() -> None:
    tags = classify("Sáng nay mọi người đã đến đông đủ.", "vi", title="Kỳ thi tuyển sinh lớp 10: 9.000 thí sinh")
    assert tags[0].value == "edu-exams-admissions"
    assert {evidence.line for evidence in tags[0].claim.evidence} == {0}


def test_every_quote_stands_on_its_line_and_confidence_is_a_share() -> None:
    text = "Trường đón học bổng mới\n\nHội Khuyến học tỉnh trao học bổng.\n\nCác dòng họ học tập được tuyên dương."
    lines = text.split("\n")
    tags = classify(text, "vi")
    assert tags and [tag.role for tag in tags] == ["primary"] + ["secondary"] * (len(tags) - 1)
    for tag in tags:
        assert 0.0 < tag.claim.confidence < 1.0 and tag.claim.evidence
        assert all(evidence.quote in lines[evidence.line - 1] for evidence in tag.claim.evidence)


def test_bylines_and_sources_say_nothing_about_the_subject() -> None:
    parts = [Block("byline", "Kỳ thi tuyển sinh lớp 10", 1), Block("source", "Nguồn: thí sinh điểm chuẩn", 2)]
    assert subjects.classify(parts, None, ["vi", "vi"], TOPICS)[1] == ()


def test_a_word_is_shown_where_it_first_stands_accents_or_not() -> None:
    topics = (taxonomy.Topic("rice", None, "Rice", "Lúa", terms=(taxonomy.Terms("vi", ("lúa gạo",)),)),)
    texts = ("Vụ này cả làng được mùa lớn.", "Chuyen lua gao o lang nay con dai.", "Lúa gạo là chuyện của cả làng.")
    mixed = [Block("paragraph", text, line) for line, text in enumerate(texts, 1)]
    _, tags = subjects.classify(mixed, None, ["vi"] * 3, taxonomy.Taxonomy(topics))
    assert [(evidence.quote, evidence.line) for evidence in tags[0].claim.evidence] == [("lua gao", 2)]


def test_words_of_two_languages_are_counted_apart() -> None:
    topics = tuple(
        taxonomy.Topic(id, None, id, id, terms=(taxonomy.Terms("vi", (vi,)), taxonomy.Terms("en", (en,))))
        for id, vi, en in (("rice", "lúa gạo", "paddy"), ("sport", "bóng đá", "football"))
    )
    mixed = [Block("paragraph", "Lúa gạo là chuyện của cả làng.", 1), Block("paragraph", "All the village is in paddy.", 2)]
    _, tags = subjects.classify(mixed, None, ["vi", "en"], taxonomy.Taxonomy(topics))
    assert [evidence.quote for evidence in tags[0].claim.evidence] == ["Lúa gạo", "paddy"]


def test_american_spelling_and_plurals_are_found() -> None:
    assert (
        primary("New textbooks for the general education program and teaching methods were shown.", "en")
        == "edu-curriculum-methods"
    )


@pytest.mark.slow
def test_a_hostile_line_is_read_in_linear_time() -> None:
    assert_linear(lambda size: classify("thí sinh " * size, "vi"), 20_000)


# -- measured on data that is not ours: only where it is there ------------------------------------------------------
def _labelled() -> list[tuple[str, str, str]]:
    folder = os.environ.get("DATELINE_EVAL")
    if not folder:
        return []
    labels = {row["id"]: row for row in map(json.loads, (Path(folder) / "dev.labels.jsonl").open(encoding="utf-8"))}
    docs = map(json.loads, (Path(folder) / "dev.docs.jsonl").open(encoding="utf-8"))
    return [
        (doc["id"], doc["text"], labels[doc["id"]]["topic"])
        for doc in docs
        if not labels[doc["id"]]["uncertain"] and not labels[doc["id"]]["uncertain_topic"]
    ]


if LABELLED := _labelled():

    def test_the_labelled_documents_are_filed_well_enough() -> None:
        known = yamlfile.load(Path(os.environ["DATELINE_EVAL"]) / "topic_map.yaml")
        right = among = 0
        for _, text, label in LABELLED:
            parts = blocks(text)
            spoken = language.detect([part.text for part in parts]).block_languages
            tags = [tag.value for tag in subjects.classify(parts, None, spoken, TOPICS)[1]]
            right += bool(tags) and label in known.get(tags[0]).strings()
            among += any(label in known.get(tag).strings() for tag in tags)
        assert right / len(LABELLED) >= 0.80
        assert among / len(LABELLED) >= 0.91
