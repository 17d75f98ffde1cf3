"""Measure the taggers on labelled documents: anyone's, in the format of docs/evaluating.md.

in:   documents {id, url?, text}, labels {id, language, province_63, province_34, topic …}, a topic map, a predictor
out:  Scores   how many were right, overall, per class and per slice; each miss by name; what was wrong with the labels

Pure functions; the command line reads the files and prints the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateline.errors import did_you_mean
from dateline.gazetteer import Gazetteer
from dateline.model import Problem, Tags
from dateline.text import fold, slug
from dateline.yamlfile import Node

NOWHERE = frozenset({"national", "none"})
"""Stories about the whole country and stories about no place in it: alike for one who only knows provinces."""
FIELDS = frozenset(
    {
        "id",
        "url",
        "language",
        "mixed",
        "province_63",
        "province_34",
        "other_provinces_63",
        "topic",
        "topics_secondary",
        "era",
        "province_implicit",
        "uncertain",
        "uncertain_province",
        "uncertain_topic",
        "flags",
        "notes",
    }
)
"""What we read of a label; anything else in it is left alone."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a tagger says about one document, reduced to what labels speak of."""

    language: str
    province: str | None
    """Slug of either era, "national", or None."""
    provinces: tuple[str, ...]
    """Slugs of all provinces it files the story under, the primary one included."""
    topic: str | None
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the table."""

    measure: str
    """language | province | province named | topic | topic among all."""
    slice: str
    """"all", "class: health", "language: en", "era: post-merger", "trap", "implied", "national or none", "located"."""
    right: int
    total: int

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Miss:
    """A document that a measure counts as wrong."""

    id: str
    measure: str
    expected: str
    predicted: str


@dataclass(frozen=True, slots=True)
class Scores:
    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]
    problems: tuple[Problem, ...]


def prediction(tags: Tags) -> Prediction:
    """Reduce what our own taggers say."""
    topics = tuple(tag.value for tag in tags.tags if tag.facet == "topic")
    provinces = tuple(dict.fromkeys(tag.value for tag in tags.tags if tag.facet == "province"))
    place = tags.province.value if tags.province else None
    return Prediction(tags.language.value, place, provinces, topics[0] if topics else None, topics)


# -- reading ------------------------------------------------------------------------------------------------------
def records(lines: Iterable[str], where: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """JSON Lines with an id each; a line that cannot be used is left out and named."""
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        record, message = _record(line)
        identity = str(record["id"]) if record else ""
        if record and identity in seen:
            record, message = None, f"the id {identity} is there twice"
        if record is None:
            problems.append(Problem(where, number, message, "the line is left out", "warning"))
            continue
        seen.add(identity)
        found.append(record)
    return found, problems


def _record(line: str) -> tuple[dict[str, Any] | None, str]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        return None, f"is not JSON: {error.msg} at column {error.colno}"
    if not isinstance(value, dict):
        return None, "is not an object {…}"
    if not isinstance(value.get("id"), (str, int)):
        return None, 'has no "id"'
    return value, ""


def topic_map(node: Node) -> dict[str, tuple[str, ...]]:
    """Our topic id → labels that count as right. "none" stands for a story we file under no topic."""
    return {topic: labels.strings() for topic, labels in node.items()}


# -- scoring ------------------------------------------------------------------------------------------------------
def evaluate(
    docs: Iterable[Record],
    labels: Iterable[Record],
    topics: Mapping[str, Sequence[str]] | None,
    predict: Callable[[Record], Prediction],
    gazetteer: Gazetteer | None = None,
) -> Scores:
    """Ask `predict` about each labelled document and count. Without a topic map, labels are our own topic ids."""
    texts = {str(doc["id"]): doc for doc in docs}
    counts: dict[tuple[str, str], list[int]] = {}
    misses: list[Miss] = []
    problems: list[Problem] = []
    places = _Places(gazetteer)
    for label in labels:
        identity = str(label["id"])
        if identity not in texts:
            problems.append(
                Problem(
                    "labels", None, f"{identity} is labelled and there is no such document", "check the ids", "warning"
                )
            )
            continue
        if label.get("uncertain"):
            continue
        said = predict(texts[identity])
        problems.extend(_unknown(label, topics, places))
        for measure, slices, right, expected, answer in _judged(label, said, topics, places):
            for name in slices:
                count = counts.setdefault((measure, name), [0, 0])
                count[0] += right
                count[1] += 1
            if not right and measure in ("language", "province", "topic"):
                misses.append(Miss(identity, measure, expected, answer))
    ordered = sorted(counts.items(), key=lambda item: (_MEASURES.index(item[0][0]), item[0][1] != "all", item[0][1]))
    scores = tuple(Score(measure, name, right, total) for (measure, name), (right, total) in ordered)
    return Scores(scores, tuple(misses), tuple(dict.fromkeys(problems)))


_MEASURES = ("language", "province", "province named", "topic", "topic among all")
_Judgement = tuple[str, list[str], bool, str, str]


def _judged(
    label: Record, said: Prediction, topics: Mapping[str, Sequence[str]] | None, places: _Places
) -> Iterator[_Judgement]:
    slices = _slices(label)
    language = label.get("language")
    if language:
        yield "language", ["all", f"class: {language}"], said.language == language, language, said.language
    if _placed(label):
        yield from _judge_place(label, said, slices, places)
    topic = label.get("topic")
    if topic and not label.get("uncertain_topic"):
        first, among = _right_topics(said, topics)
        own = [*slices, f"class: {topic}"]
        yield "topic", own, topic in first, topic, said.topic or "none"
        yield "topic among all", own, topic in among, topic, ", ".join(said.topics) or "none"


def _slices(label: Record) -> list[str]:
    names = ["all"]
    if label.get("language"):
        names.append(f"language: {label['language']}")
    if label.get("era"):
        names.append(f"era: {label['era']}")
    if label.get("province_implicit"):
        names.append("implied")
    if "trap" in str(label.get("notes") or ""):
        names.append("trap")
    return names


def _placed(label: Record) -> bool:
    return bool(label.get("province_63") or label.get("province_34")) and not label.get("uncertain_province")


def _judge_place(label: Record, said: Prediction, slices: list[str], places: _Places) -> Iterator[_Judgement]:
    gold = [str(label[name]) for name in ("province_63", "province_34") if label.get(name)]
    nowhere = gold[0] in NOWHERE
    answer = said.province or "none"
    accepted = frozenset[str]().union(*(places.slugs(name) for name in gold if name not in NOWHERE))
    right = answer in NOWHERE if nowhere else answer in accepted
    own = [*slices, "national or none" if nowhere else "located"]
    yield "province", own, right, " / ".join(dict.fromkeys(gold)), answer
    others = label.get("other_provinces_63") or ()
    known = accepted.union(*(places.family(str(name)) for name in others if name not in NOWHERE))
    for name in said.provinces:
        yield "province named", ["all"], name in known, "", name


def _right_topics(said: Prediction, topics: Mapping[str, Sequence[str]] | None) -> tuple[set[str], set[str]]:
    """The labels for which the first topic counts as right, and those for which any does."""
    if topics is None:
        return {said.topic or "none"}, set(said.topics) or {"none"}
    first = set(topics.get(said.topic or "none", ()))
    return first, first.union(*(topics.get(topic, ()) for topic in said.topics))


def _unknown(label: Record, topics: Mapping[str, Sequence[str]] | None, places: _Places) -> Iterator[Problem]:
    """Labels that nothing of ours can ever match: most often another spelling."""
    topic = label.get("topic")
    if topics is not None and topic:
        known = {name for names in topics.values() for name in names}
        if topic not in known:
            yield Problem(
                "labels", None, f'no topic of ours is mapped to "{topic}"', did_you_mean(str(topic), known), "warning"
            )
    for field in ("province_63", "province_34"):
        name = label.get(field)
        if name and name not in NOWHERE and not places.known(str(name)):
            yield Problem(
                "labels",
                None,
                f'{field} "{name}" is no province we know',
                "write its usual name or its slug",
                "warning",
            )


class _Places:
    """Province names as people label them → our slugs."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._slugs: dict[str, frozenset[str]] = {}
        self._family: dict[str, frozenset[str]] = {}
        if gazetteer is None:
            return
        for unit in (*gazetteer.units_34, *gazetteer.units_63):
            for name in (unit.slug, unit.name, unit.name_en, unit.label, *unit.aliases):
                self._slugs[fold(name)] = self._slugs.get(fold(name), frozenset()) | {unit.slug}
        for unit in gazetteer.units_63:
            self._family[unit.slug] = frozenset({unit.slug, gazetteer.successor(unit.slug) or unit.slug})

    def slugs(self, name: str) -> frozenset[str]:
        return self._slugs.get(fold(name), frozenset({slug(name)}))

    def family(self, name: str) -> frozenset[str]:
        """The province and the one it became part of."""
        slugs = self.slugs(name)
        return slugs.union(*(self._family.get(one, frozenset()) for one in slugs))

    def known(self, name: str) -> bool:
        return not self._slugs or fold(name) in self._slugs


# -- showing ------------------------------------------------------------------------------------------------------
def table(scores: Scores) -> list[tuple[str, str, str, str]]:
    """Measure, slice, share in per cent, right/total; a heading first."""
    rows = [("measure", "slice", "%", "right/of")]
    rows.extend(
        (score.measure, score.slice, f"{100 * score.share:.1f}", f"{score.right}/{score.total}")
        for score in scores.scores
    )
    return rows


def lines(scores: Scores) -> list[str]:
    """The table as aligned text, with what was wrong with the labels below it."""
    rows = table(scores)
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    text = [
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:>{widths[3]}}".rstrip()
        for row in rows
    ]
    return [*text, *(str(problem) for problem in scores.problems)]
