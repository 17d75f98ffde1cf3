"""What a site's own corrections taught: a small linear model of topics, read from data/topics-learnt.json.

It is plain numbers in plain text: per topic the words that speak for and against it. `train` writes it; nothing here
needs scikit-learn. It speaks only for topics where it was better than the rules when it was measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from dateline.model import Block, Evidence, Problem
from dateline.text import accented_form, words

FILE = "topics-learnt.json"
FORMAT = 1
SURE = 0.6
"""The model overrules the rules only when it gives its answer at least this share."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """A linear model over words and pairs of words. Compared by identity, so that its table can be remembered."""

    topics: tuple[str, ...]
    bias: tuple[float, ...]
    """One per topic."""
    terms: tuple[tuple[str, float, tuple[float, ...]], ...]
    """Term, its rarity (idf), and its weight for each topic."""
    trusted: frozenset[str]
    """Topics for which it was better than the rules."""
    lessons: int = 0

    def __bool__(self) -> bool:
        return bool(self.trusted)


NOTHING = Learnt((), (), (), frozenset())


def features(texts: Iterable[str]) -> dict[str, float]:
    """Words and pairs of neighbours, each once with a weight that hardly grows with repetition.

    >>> sorted(features(["Thí sinh đi thi"]))
    ['sinh', 'sinh đi', 'thi', 'thí', 'thí sinh', 'đi', 'đi thi']
    """
    counts: dict[str, int] = {}
    for text in texts:
        found = [word for word in words(accented_form(text)) if not word.isdigit()]
        for term in (*found, *(f"{one} {two}" for one, two in pairwise(found))):
            counts[term] = counts.get(term, 0) + 1
    return {term: 1.0 + math.log(count) for term, count in counts.items()}


@lru_cache(maxsize=4)
def _table(model: Learnt) -> dict[str, tuple[float, tuple[float, ...]]]:
    return {term: (rarity, weights) for term, rarity, weights in model.terms}


def shares(model: Learnt, found: Mapping[str, float]) -> tuple[float, ...]:
    """How sure the model is of each of its topics; they add up to 1."""
    known = _table(model)
    values = {term: value * known[term][0] for term, value in found.items() if term in known}
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    totals = list(model.bias)
    for term, value in values.items():
        for place, weight in enumerate(known[term][1]):
            totals[place] += weight * value / norm
    top = max(totals, default=0.0)
    powers = [math.exp(total - top) for total in totals]
    return tuple(power / sum(powers) for power in powers)


def best(model: Learnt, found: Mapping[str, float]) -> tuple[str, float] | None:
    """The topic the model would give and how sure it is; None without a model."""
    if not model.topics:
        return None
    given = shares(model, found)
    place = max(range(len(given)), key=given.__getitem__)
    return model.topics[place], given[place]


def overrules(model: Learnt, blocks: Sequence[Block]) -> tuple[str, float, tuple[Evidence, ...]] | None:
    """The topic, confidence and telling words, where the model may overrule the rules."""
    if not model:
        return None
    found = features(block.text for block in blocks if block.kind not in ("byline", "source"))
    answer = best(model, found)
    if answer is None or answer[0] not in model.trusted or answer[1] < SURE:
        return None
    return *answer, _evidence(model, answer[0], found, blocks)


def strongest(model: Learnt, topic: str, count: int = 10) -> tuple[str, ...]:
    """The words that speak most for a topic."""
    place = model.topics.index(topic)
    ranked = sorted(model.terms, key=lambda term: (-term[2][place] * term[1], term[0]))
    return tuple(term for term, _, weights in ranked[:count] if weights[place] > 0)


def _evidence(model: Learnt, topic: str, found: Mapping[str, float], blocks: Sequence[Block]) -> tuple[Evidence, ...]:
    place = model.topics.index(topic)
    known = _table(model)
    telling = sorted(
        (term for term in found if term in known and known[term][1][place] > 0),
        key=lambda term: (-known[term][1][place] * known[term][0] * found[term], term),
    )
    quotes: list[Evidence] = []
    for term in telling[:8]:
        for block in blocks:
            start = accented_form(block.text).find(term)
            if start >= 0 and block.kind not in ("byline", "source"):
                quotes.append(block.evidence(start, start + len(term), "topic.learnt"))
                break
    return tuple(quotes[:3])


# -- file ---------------------------------------------------------------------------------------------------------
def dumps(model: Learnt) -> str:
    """The model as JSON, one term a line, so that a difference can be read."""
    head = {
        "format": FORMAT,
        "lessons": model.lessons,
        "trusted": sorted(model.trusted),
        "topics": model.topics,
        "bias": model.bias,
    }
    rows = ",\n".join(f"  {json.dumps([term, rarity, weights], ensure_ascii=False)}" for term, rarity, weights in model.terms)
    return json.dumps(head, ensure_ascii=False, indent=1)[:-2] + f',\n "terms": [\n{rows}\n ]\n}}\n'


def load(folders: Sequence[Path], known: Iterable[str]) -> tuple[Learnt, list[Problem]]:
    """The last folder's model; a file that does not fit is left aside with a problem. `known` are all topic ids."""
    for folder in reversed(folders):
        path = folder / FILE
        if path.exists():
            return _read(path, f"{folder.name}/{FILE}", frozenset(known))
    return NOTHING, []


def _read(path: Path, where: str, known: frozenset[str]) -> tuple[Learnt, list[Problem]]:
    hint = "learn it again with `dateline train`, or delete the file"
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != FORMAT:
            return NOTHING, [Problem(where, None, f"has format {value['format']}; we read {FORMAT}", hint)]
        topics = tuple(str(topic) for topic in value["topics"])
        terms = tuple((str(term), float(rarity), tuple(map(float, row))) for term, rarity, row in value["terms"])
        bias = tuple(map(float, value["bias"]))
        trusted = frozenset(map(str, value["trusted"]))
        lessons = int(value["lessons"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        return NOTHING, [Problem(where, None, f"cannot be read: {error}", hint)]
    if len(bias) != len(topics) or any(len(row) != len(topics) for _, _, row in terms):
        return NOTHING, [Problem(where, None, "does not have one weight per topic", hint)]
    if missing := sorted(set(topics) - known):
        return NOTHING, [Problem(where, None, f"knows topics that are gone: {', '.join(missing)}", hint)]
    return Learnt(topics, bias, terms, trusted & set(topics), lessons), []
