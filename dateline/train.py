"""Learn topics from a site's own articles whose topics a person has set: `dateline train`.

in:   lessons: the words of an article, the topic a person gave it, the topic the rules give it
out:  Learnt, and a report: how model and rules fare on articles neither has seen, and the words it goes by

Needs scikit-learn (the extra `train`). What it learns is written as JSON (see `learnt`); building a site never needs
scikit-learn. The scores are of the very model that is written: each fold is exported and asked like the real one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dateline import learnt, subjects
from dateline.errors import DatelineError
from dateline.learnt import Learnt
from dateline.model import Article, Problem
from dateline.taxonomy import Taxonomy

FEWEST = 5
"""Articles a topic needs to be learnt at all."""
FOLDS = 5
KEPT = 300
"""Terms kept per topic: the heaviest for it and against it."""
BETTER = 0.02
"""By how much a topic's F1 must exceed the rules' to be trusted."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One article as material to learn from."""

    id: str
    features: tuple[tuple[str, float], ...]
    topic: str
    rules: str | None
    """What the rules alone say."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one topic fares: articles, F1 of the rules, F1 of the model, and whether the model is trusted with it."""

    topic: str
    articles: int
    rules: float
    model: float
    trusted: bool


@dataclass(frozen=True, slots=True)
class Report:
    lessons: int
    left_out: tuple[tuple[str, int], ...]
    """Topics with too few articles."""
    rules_right: float
    """Share of articles the rules file right."""
    model_right: float
    together_right: float
    """Share right when the model overrules the rules where it is trusted and sure."""
    rows: tuple[Row, ...]
    strongest: tuple[tuple[str, tuple[str, ...]], ...]
    """Per topic the words the model goes by."""


def lessons(articles: Iterable[Article], taxonomy: Taxonomy) -> tuple[Lesson, ...]:
    """The articles whose topics a person has set, each with what the rules alone would say."""
    found = []
    for article in articles:
        topic = next((tag.value for tag in article.tagged("topic") if tag.role == "primary"), None)
        if topic is None or not {"topic", "topics"} & set(article.edited):
            continue
        blocks = [block for block in article.blocks if block.kind not in ("byline", "source")]
        said, _ = subjects.by_rules(article.blocks, None, article.tags.block_languages, taxonomy)
        terms = tuple(sorted(learnt.features(block.text for block in blocks).items()))
        found.append(Lesson(article.id, terms, topic, said.value if said else None))
    return tuple(sorted(found, key=lambda lesson: lesson.id))


def learn(given: Sequence[Lesson]) -> tuple[Learnt, Report]:
    """Learn and measure. Raises DatelineError when there is too little to learn from or scikit-learn is missing."""
    counts = Counter(lesson.topic for lesson in given)
    usable = [lesson for lesson in given if counts[lesson.topic] >= FEWEST]
    topics = sorted({lesson.topic for lesson in usable})
    if len(topics) < 2:
        raise DatelineError(
            Problem(
                "articles/",
                None,
                f"too few articles with a topic set by a person ({len(given)})",
                f"set `topic:` in at least {FEWEST} articles of at least two topics each, then run this again",
            )
        )
    answers = _cross_validate(usable)
    rows = tuple(_row(topic, usable, answers) for topic in topics)
    trusted = frozenset(row.topic for row in rows if row.trusted)
    model = replace(_fit(usable), trusted=trusted)
    left_out = tuple(sorted((topic, count) for topic, count in counts.items() if count < FEWEST))
    return model, Report(
        lessons=len(usable),
        left_out=left_out,
        rules_right=_share(lesson.rules == lesson.topic for lesson in usable),
        model_right=_share(answers[lesson.id][0] == lesson.topic for lesson in usable),
        together_right=_share(_together(lesson, answers[lesson.id], trusted) == lesson.topic for lesson in usable),
        rows=rows,
        strongest=tuple((topic, learnt.strongest(model, topic)) for topic in topics),
    )


def table(report: Report) -> list[str]:
    """The report as lines for the terminal."""
    width = max(len(row.topic) for row in report.rows)
    lines = [
        f"{report.lessons} articles; right on unseen ones: rules {report.rules_right:.0%}, "
        f"model {report.model_right:.0%}, together {report.together_right:.0%}",
        f"{'topic':<{width}}  articles  rules F1  model F1  used",
    ]
    lines += [
        f"{row.topic:<{width}}  {row.articles:>8}  {row.rules:>8.2f}  {row.model:>8.2f}  {'yes' if row.trusted else 'no'}"
        for row in report.rows
    ]
    lines += [f"{topic:<{width}}  {', '.join(terms)}" for topic, terms in report.strongest]
    lines += [f"{topic}: {count} articles are too few to learn from" for topic, count in report.left_out]
    return lines


# -- measuring ----------------------------------------------------------------------------------------------------
def _cross_validate(given: Sequence[Lesson]) -> dict[str, tuple[str, float]]:
    """Each article's topic and share by a model that has not seen it. Folds are dealt per topic, in order of id."""
    dealt: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for lesson in given:
        dealt[lesson.id] = seen[lesson.topic] % FOLDS
        seen[lesson.topic] += 1
    answers: dict[str, tuple[str, float]] = {}
    for fold in range(FOLDS):
        model = _fit([lesson for lesson in given if dealt[lesson.id] != fold])
        for lesson in given:
            if dealt[lesson.id] == fold:
                answers[lesson.id] = learnt.best(model, dict(lesson.features)) or ("", 0.0)
    return answers


def _row(topic: str, given: Sequence[Lesson], answers: Mapping[str, tuple[str, float]]) -> Row:
    rules = _f1(topic, [(lesson.topic, lesson.rules) for lesson in given])
    model = _f1(topic, [(lesson.topic, answers[lesson.id][0]) for lesson in given])
    count = sum(1 for lesson in given if lesson.topic == topic)
    return Row(topic, count, rules, model, model >= rules + BETTER)


def _f1(topic: str, pairs: Sequence[tuple[str, str | None]]) -> float:
    right = sum(1 for gold, said in pairs if gold == said == topic)
    named = sum(1 for _, said in pairs if said == topic) + sum(1 for gold, _ in pairs if gold == topic)
    return 2 * right / named if named else 0.0


def _together(lesson: Lesson, answer: tuple[str, float], trusted: frozenset[str]) -> str | None:
    return answer[0] if answer[0] in trusted and answer[1] >= learnt.SURE else lesson.rules


def _share(right: Iterable[bool]) -> float:
    values = list(right)
    return sum(values) / len(values) if values else 0.0


# -- fitting ------------------------------------------------------------------------------------------------------
def _fit(given: Sequence[Lesson]) -> Learnt:
    """A logistic regression over tf-idf, cut down to the heaviest terms."""
    vectors, logistic = _tools()
    spread = Counter(term for lesson in given for term, _ in lesson.features)
    rarity = {term: math.log(len(given) / count) + 1.0 for term, count in spread.items() if count >= 2}
    rows = [_vector(lesson, rarity) for lesson in given]
    encoder = vectors(sort=True)
    fitted = logistic(C=10.0, class_weight="balanced", max_iter=1000)
    fitted.fit(encoder.fit_transform(rows), [lesson.topic for lesson in given])
    names: list[str] = encoder.get_feature_names_out().tolist()
    return _exported(fitted, names, rarity, len(given))


def _tools() -> tuple[Any, Any]:
    try:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise DatelineError(
            Problem("", None, "learning needs scikit-learn, which is not installed", 'install it:  pip install "dateline[train]"')
        ) from error
    return DictVectorizer, LogisticRegression


def _vector(lesson: Lesson, rarity: Mapping[str, float]) -> dict[str, float]:
    values = {term: value * rarity[term] for term, value in lesson.features if term in rarity}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {term: value / norm for term, value in values.items()}


def _exported(fitted: Any, names: Sequence[str], rarity: Mapping[str, float], count: int) -> Learnt:
    topics = tuple(str(topic) for topic in fitted.classes_)
    weights: list[list[float]] = fitted.coef_.tolist()
    bias: list[float] = fitted.intercept_.tolist()
    if len(topics) == 2 and len(weights) == 1:  # one row decides between two
        weights = [[-value for value in weights[0]], weights[0]]
        bias = [-bias[0], bias[0]]
    kept: set[int] = set()
    for row in weights:
        order = sorted(range(len(row)), key=lambda place: (-abs(row[place]), names[place]))
        kept.update(order[:KEPT])
    terms = tuple(
        (names[place], round(rarity[names[place]], 4), tuple(round(row[place], 4) for row in weights))
        for place in sorted(kept, key=lambda place: names[place])
    )
    return Learnt(topics, tuple(round(value, 4) for value in bias), terms, frozenset(), count)
