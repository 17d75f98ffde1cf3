"""Learning topics from a site's own corrections."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from dateline import learnt, subjects, taxonomy, train
from dateline.errors import DatelineError
from dateline.learnt import Learnt
from dateline.model import Article, Block, Claim, Metadata, Tag, Tags

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent.parent / "data"
TOPICS, _ = taxonomy.load([DATA])
NOTHING = Metadata(None, "none", None, None, None, None, None)
BOATS = Learnt(
    topics=("culture-arts", "sport"),
    bias=(0.0, 0.0),
    terms=(("ghe ngo", 1.0, (-4.0, 4.0)), ("đờn ca", 1.0, (4.0, -4.0))),
    trusted=frozenset({"sport"}),
    lessons=12,
)


def article(name: str, text: str, topic: str, edited: tuple[str, ...] = ("topic",)) -> Article:
    tags = Tags(
        Claim("vi", 1.0), (("vi", 1.0),), ("vi",), False, Claim(False, 1.0), None, (Tag("topic", Claim(topic, 1.0), "primary"),)
    )
    return Article(name, name, "", "utf-8", text, (Block("paragraph", text, 1),), (), NOTHING, tags, edited)


def corpus() -> list[Article]:
    """Boat races and folk songs: words the rules do not have."""
    races = [f"Đua ghe ngo lần {n} trên sông, các tay chèo về đích trong tiếng trống." for n in range(12)]
    songs = [f"Đờn ca buổi {n} ở đình làng, các tài tử hát bài bản cổ trong tiếng đàn kìm." for n in range(12)]
    return [article(f"r{n:02}", text, "sport") for n, text in enumerate(races)] + [
        article(f"s{n:02}", text, "culture-arts") for n, text in enumerate(songs)
    ]


def test_only_what_a_person_set_is_a_lesson() -> None:
    given = [
        article("a", "Đua ghe ngo.", "sport"),
        article("b", "Đua ghe ngo.", "sport", edited=("title",)),
        article("c", "Đua ghe ngo.", "sport", edited=("topics",)),
    ]
    assert [lesson.id for lesson in train.lessons(given, TOPICS)] == ["a", "c"]


def test_a_lesson_knows_what_the_rules_alone_say() -> None:
    text = "Thí sinh dự kỳ thi tuyển sinh lớp 10, điểm chuẩn công bố ngày mai."
    assert train.lessons([article("a", text, "sport")], TOPICS)[0].rules == "edu-exams-admissions"


def test_too_few_articles_are_said_to_be_too_few() -> None:
    with pytest.raises(DatelineError, match="too few articles"):
        train.learn(train.lessons(corpus()[:6], TOPICS))


def test_without_scikit_learn_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction", None)
    with pytest.raises(DatelineError, match=r"dateline\[train\]"):
        train.learn(train.lessons(corpus(), TOPICS))


if importlib.util.find_spec("sklearn"):

    def test_the_model_learns_what_the_rules_do_not_know() -> None:
        model, report = train.learn(train.lessons(corpus(), TOPICS))
        assert report.model_right == 1.0 and report.rules_right < 0.6
        assert model.trusted == {"sport", "culture-arts"}
        assert report.together_right >= report.rules_right
        assert any("ghe" in term for term in dict(report.strongest)["sport"])
        assert any("culture-arts" in line and "yes" in line for line in train.table(report))

    def test_where_the_rules_are_as_good_the_model_is_not_used() -> None:
        texts = {
            "edu-exams-admissions": "Thí sinh dự kỳ thi tuyển sinh lớp 10, điểm chuẩn đợt {}.",
            "health": "Bác sĩ bệnh viện cấp cứu bệnh nhân đột quỵ thứ {}.",
        }
        given = [article(f"{topic}{n}", text.format(n), topic) for topic, text in texts.items() for n in range(8)]
        model, report = train.learn(train.lessons(given, TOPICS))
        assert report.rules_right == 1.0
        assert not model.trusted and not model

    def test_learning_twice_writes_the_same_file() -> None:
        given = train.lessons(corpus(), TOPICS)
        assert learnt.dumps(train.learn(given)[0]) == learnt.dumps(train.learn(given)[0])

    def test_topics_with_few_articles_are_left_out_and_said() -> None:
        _, report = train.learn(train.lessons([*corpus(), article("z", "Mưa to.", "weather")], TOPICS))
        assert report.left_out == (("weather", 1),)


def test_a_written_model_is_read_back(tmp_path: Path) -> None:
    (tmp_path / learnt.FILE).write_text(learnt.dumps(BOATS), "utf-8")
    found, problems = learnt.load([DATA, tmp_path], [topic.id for topic in TOPICS.topics])
    assert problems == []
    assert (found.topics, found.bias, found.terms, found.trusted) == (BOATS.topics, BOATS.bias, BOATS.terms, BOATS.trusted)
    assert json.loads(learnt.dumps(BOATS))["lessons"] == 12


def test_a_site_is_filed_by_what_it_was_taught(tmp_path: Path) -> None:
    (tmp_path / learnt.FILE).write_text(learnt.dumps(BOATS), "utf-8")
    taught, _ = taxonomy.load([DATA, tmp_path])
    blocks = [Block("paragraph", "Đua ghe ngo trên sông.", 3)]
    assert subjects.classify(blocks, None, ["vi"], TOPICS)[0] is None
    primary, tags = subjects.classify(blocks, None, ["vi"], taught)
    assert primary is not None and primary.value == "sport"
    assert [(one.quote, one.line, one.rule) for one in primary.evidence] == [("ghe ngo", 3, "topic.learnt")]
    assert [tag.role for tag in tags] == ["primary"]


def test_a_topic_that_is_not_trusted_does_not_overrule() -> None:
    assert learnt.overrules(BOATS, [Block("paragraph", "Đờn ca tài tử.", 1)]) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{oops", "cannot be read"),
        ('{"format": 9}', "format 9"),
        ('{"format": 1}', "cannot be read"),
        (learnt.dumps(BOATS).replace('"sport"', '"chess"'), "gone: chess"),
        (learnt.dumps(BOATS).replace("[-4.0, 4.0]", "[4.0]"), "one weight per topic"),
    ],
)
def test_a_model_that_does_not_fit_is_left_aside(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / learnt.FILE).write_text(text, "utf-8")
    found, problems = learnt.load([tmp_path], [topic.id for topic in TOPICS.topics])
    assert not found and not found.topics
    assert [words in problem.message for problem in problems] == [True]
    assert "dateline train" in problems[0].hint
