"""Scores of taggers on labelled documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dateline import evaluate, gazetteer, yamlfile
from dateline.evaluate import Prediction

GAZETTEER, _ = gazetteer.load([Path(__file__).parent.parent / "data"])
MAP = {"edu-exams-admissions": ("exams",), "health": ("health",), "sport": ("sport",), "none": ("other",)}


def label(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "language": "vi", "province_63": "none", "topic": "exams", **fields}


def said(
    place: str | None = None,
    topics: tuple[str, ...] = ("edu-exams-admissions",),
    language: str = "vi",
    places: tuple[str, ...] = (),
) -> Prediction:
    return Prediction(
        language,
        place,
        places or ((place,) if place and place != "national" else ()),
        topics[0] if topics else None,
        topics,
    )


def score(pairs: list[tuple[dict[str, Any], Prediction]]) -> dict[tuple[str, str], tuple[int, int]]:
    answers = {pair[0]["id"]: pair[1] for pair in pairs}

    def predict(doc: Mapping[str, Any]) -> Prediction:
        return answers[doc["id"]]

    docs = [{"id": pair[0]["id"], "text": ""} for pair in pairs]
    scores = evaluate.evaluate(docs, [pair[0] for pair in pairs], MAP, predict, GAZETTEER)
    assert not scores.problems
    return {(one.measure, one.slice): (one.right, one.total) for one in scores.scores}


@pytest.mark.parametrize(
    ("gold", "place", "right"),
    [
        ({"province_63": "Hải Dương", "province_34": "Hải Phòng"}, "hai-duong", 1),
        ({"province_63": "Hải Dương", "province_34": "Hải Phòng"}, "hai-phong", 1),
        ({"province_63": "Hải Dương", "province_34": "Hải Phòng"}, "ha-noi", 0),
        ({"province_63": "TP.HCM"}, "ho-chi-minh", 1),
        ({"province_63": "national"}, None, 1),
        ({"province_63": "none"}, "national", 1),
        ({"province_63": "national"}, "ha-noi", 0),
        ({"province_63": "Nghệ An"}, None, 0),
    ],
)
def test_the_province_of_either_era_is_right_and_nowhere_is_nowhere(
    gold: dict[str, str], place: str | None, right: int
) -> None:
    if place == "ho-chi-minh":
        place = next(unit.slug for unit in GAZETTEER.units_34 if "Hồ Chí Minh" in unit.name)
    assert score([(label(1, **gold), said(place))])["province", "all"] == (right, 1)


def test_stories_somewhere_and_nowhere_are_counted_apart() -> None:
    found = score([(label(1), said()), (label(2, province_63="Nghệ An"), said("nghe-an")), (label(3), said("nghe-an"))])
    assert found["province", "national or none"] == (1, 2)
    assert found["province", "located"] == (1, 1)


def test_uncertain_labels_are_left_out_of_what_they_are_uncertain_about() -> None:
    found = score(
        [
            (label(1, uncertain=True), said()),
            (label(2, uncertain_province=True), said("ha-noi")),
            (label(3, uncertain_topic=True), said(topics=("sport",))),
        ]
    )
    assert found["province", "all"] == (1, 1)
    assert found["topic", "all"] == (1, 1)
    assert found["language", "all"] == (2, 2)


def test_every_province_named_must_be_one_the_story_is_about() -> None:
    gold = label(1, province_63="Nghệ An", province_34="Nghệ An", other_provinces_63=["Hải Dương"])
    found = score([(gold, said("nghe-an", places=("nghe-an", "hai-phong", "ha-noi")))])
    assert found["province named", "all"] == (2, 3)


def test_the_main_topic_and_any_topic_are_two_measures() -> None:
    found = score(
        [
            (label(1), said(topics=("health", "edu-exams-admissions"))),
            (label(2, topic="health"), said(topics=("health",))),
            (label(3, topic="other"), said(topics=())),
        ]
    )
    assert found["topic", "all"] == (2, 3)
    assert found["topic among all", "all"] == (3, 3)
    assert found["topic", "class: exams"] == (0, 1)


def test_slices_follow_the_labels() -> None:
    found = score(
        [(label(1, era="post-merger", province_implicit=True, notes="trap: a street", language="en"), said())]
    )
    assert {name for measure, name in found if measure == "province"} == {
        "all",
        "language: en",
        "era: post-merger",
        "implied",
        "trap",
        "national or none",
    }
    assert found["language", "all"] == (0, 1)


def test_without_a_map_labels_are_our_own_ids() -> None:
    scores = evaluate.evaluate([{"id": "1"}], [label(1, topic="sport")], None, lambda _: said(topics=("sport",)))
    assert ("topic", "all", 1, 1) in {(one.measure, one.slice, one.right, one.total) for one in scores.scores}


def test_labels_nobody_can_match_are_named() -> None:
    labels = [label(1, topic="exam", province_63="Nghệ Ann"), label(9)]
    scores = evaluate.evaluate([{"id": "1"}], labels, MAP, lambda _: said(), GAZETTEER)
    messages = [problem.message for problem in scores.problems]
    assert any('"exam"' in message for message in messages)
    assert any('"Nghệ Ann"' in message for message in messages)
    assert any("9 is labelled" in message for message in messages)
    assert {"exams" in problem.hint for problem in scores.problems if '"exam"' in problem.message} == {True}


def test_misses_say_what_was_expected() -> None:
    scores = evaluate.evaluate([{"id": "1"}], [label(1, topic="health")], MAP, lambda _: said(), GAZETTEER)
    assert [(miss.id, miss.measure, miss.expected, miss.predicted) for miss in scores.misses] == [
        ("1", "topic", "health", "edu-exams-admissions")
    ]


def test_bad_lines_are_left_out_and_named() -> None:
    lines = ['{"id": "a"}', "", "{oops", '["a"]', '{"text": "x"}', '{"id": "a"}', '{"id": 7}']
    found, problems = evaluate.records(lines, "labels.jsonl")
    assert [record["id"] for record in found] == ["a", 7]
    assert [problem.line for problem in problems] == [3, 4, 5, 6]
    assert all(problem.where == "labels.jsonl" for problem in problems)


def test_a_topic_map_is_read_from_yaml() -> None:
    node = yamlfile.parse("health: [health]\nnone: [other]\n", yamlfile.Complaints("map.yaml"))
    assert evaluate.topic_map(node) == {"health": ("health",), "none": ("other",)}


def test_the_table_has_a_heading_and_aligned_columns() -> None:
    scores = evaluate.evaluate([{"id": "1"}], [label(1)], MAP, lambda _: said(), GAZETTEER)
    assert evaluate.table(scores)[0] == ("measure", "slice", "%", "right/of")
    assert ("topic", "all", "100.0", "1/1") in evaluate.table(scores)
    lines = evaluate.lines(scores)
    assert len({len(line) for line in lines}) == 1
