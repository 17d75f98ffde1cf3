"""Topics: the shipped file is sound, and a site can lay its own over it."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from dateline import taxonomy

SHIPPED = Path(__file__).parent.parent / "data"
TOPICS, PROBLEMS = taxonomy.load([SHIPPED])


def test_the_shipped_topics_have_no_complaint() -> None:
    assert PROBLEMS == []
    assert len(TOPICS.topics) == 39


def test_every_topic_speaks_both_languages() -> None:
    for topic in TOPICS.topics:
        spoken = {terms.language: terms for terms in topic.terms}
        assert len(spoken["vi"].strong) >= 5 and len(spoken["en"].strong) >= 5, topic.id
        assert topic.label_en and topic.label_vi and topic.iptc, topic.id


def test_education_is_the_only_topic_with_sub_topics() -> None:
    assert [topic.id for topic in TOPICS.topics if TOPICS.children(topic.id)] == ["education"]
    assert len(TOPICS.children("education")) == 18
    assert len(TOPICS.children(None)) == 21


def test_a_topic_has_a_name_in_the_readers_language() -> None:
    assert TOPICS.label("edu-exams-admissions", "vi") == "Thi cử và tuyển sinh"
    assert TOPICS.label("edu-exams-admissions", "en") == "Exams and admissions"


def test_a_topic_we_do_not_have_is_called_by_its_id() -> None:
    assert TOPICS.label("chess", "en") == "chess"
    assert TOPICS.topic("chess") is None


def test_a_taxonomy_can_be_sent_to_a_worker() -> None:
    sent = pickle.loads(pickle.dumps(TOPICS))
    assert sent.topics == TOPICS.topics and sent.topic("sport").label_en == "Sport"


def _site(folder: Path, text: str) -> list[Path]:
    own = folder / "data"
    own.mkdir()
    (own / "topics.yml").write_text(text, "utf-8")
    return [SHIPPED, own]


def test_a_sites_own_topic_is_added_and_a_known_one_replaced(tmp_path: Path) -> None:
    folders = _site(
        tmp_path,
        """\
topics:
- id: chess
  parent: sport
  label: {en: Chess, vi: Cờ vua}
- id: weather
  label: {en: Weather and sea, vi: Thời tiết và biển}
""",
    )
    found, problems = taxonomy.load(folders)
    assert problems == []
    assert [topic.id for topic in found.children("sport")] == ["chess"]
    assert found.label("weather", "en") == "Weather and sea"
    assert found.spellings == TOPICS.spellings


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("topics:\n- id: chess\n  label: {en: Chess}\n", 3, '"vi"'),
        ("topics:\n- id: chess\n  parent: sprot\n  label: {en: C, vi: C}\n", 3, 'no topic "sprot"'),
        ("topics:\n- id: chess\n  parent: edu-teachers\n  label: {en: C, vi: C}\n", 3, "sub-topic"),
        (
            "topics:\n- id: chess\n  label: {en: C, vi: C}\n  vi:\n    strong: [cờ vua]\n    weak: [cờ vua]\n",
            6,
            "twice",
        ),
        ("topics:\n- id: chess\n  lable: {en: C, vi: C}\n", 3, 'unknown key "lable"'),
        ("topics: []\nspelling: {}\n", 2, 'unknown key "spelling"'),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    _, problems = taxonomy.load(_site(tmp_path, text))
    assert any(problem.line == line and words in problem.message for problem in problems), problems
