"""Places and languages measured on labelled news. Collected only where DATELINE_EVAL names the folder that holds
dev.docs.jsonl and dev.labels.jsonl; what was measured is in docs/quality-places.md.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dateline import clean, extract, language, places
from dateline.config import Config
from dateline.knowledge import Knowledge, load
from dateline.model import RawDocument
from dateline.text import nfc

FOLDER = os.environ.get("DATELINE_EVAL")
ROOT = Path(__file__).parent.parent
ELSEWHERE = {"national", "none"}


@dataclass(frozen=True)
class Scored:
    """One document: what was said, what is true."""

    said: str
    right: bool
    tags: tuple[tuple[str, bool], ...]
    language: bool
    label: dict[str, Any]


def _slug(name: str, knowledge: Knowledge) -> str:
    if name in ELSEWHERE:
        return name
    named = {unit.name: unit.slug for unit in (*knowledge.gazetteer.units_63, *knowledge.gazetteer.units_34)}
    return {"TP.HCM": "ho-chi-minh", "Huế": "hue"}.get(name) or named[name]


def _score(document: dict[str, Any], label: dict[str, Any], knowledge: Knowledge) -> Scored:
    text = nfc(document["text"])
    raw = RawDocument(document["id"], text, document["id"], "dev", fields=(("url", document["url"]),))
    cleaned = clean.clean(raw, knowledge)
    metadata = extract.extract(raw, cleaned, knowledge)
    spoken = language.identify(raw, cleaned, metadata, knowledge.words)
    result = places.place(raw, cleaned, metadata, spoken, knowledge)
    said = result.primary.value if result.primary else "none"
    true = {_slug(label[key], knowledge) for key in ("province_63", "province_34")}
    allowed = true | {_slug(name, knowledge) for name in label["other_provinces_63"]}
    allowed |= {knowledge.gazetteer.successor(slug) or slug for slug in allowed}
    right = said in ELSEWHERE if true & ELSEWHERE else said in true
    tags = tuple((tag.value, tag.value in allowed) for tag in result.tags)
    return Scored(said, right, tags, spoken.language.value == label["language"], label)


@lru_cache(maxsize=1)
def _scored() -> tuple[Scored, ...]:
    knowledge = load(Config(ROOT))
    folder = Path(FOLDER or "")
    rows = {name: [json.loads(line) for line in (folder / f"dev.{name}.jsonl").read_text("utf-8").splitlines()]
            for name in ("docs", "labels")}
    labels = {label["id"]: label for label in rows["labels"]}
    return tuple(_score(document, labels[document["id"]], knowledge) for document in rows["docs"])


def _share(scored: list[Scored]) -> float:
    return sum(one.right for one in scored) / len(scored)


if FOLDER:
    def _certain() -> list[Scored]:
        return [one for one in _scored() if not one.label["uncertain"] and not one.label["uncertain_province"]]

    def test_nearly_all_stories_are_placed_right() -> None:
        assert _share(_certain()) >= 0.95

    def test_national_stories_are_not_given_a_province() -> None:
        assert _share([one for one in _certain() if one.label["province_63"] in ELSEWHERE]) >= 0.90

    def test_traps_are_seen() -> None:
        assert _share([one for one in _certain() if "trap:" in (one.label["notes"] or "")]) >= 0.88

    def test_implied_places_are_found() -> None:
        assert _share([one for one in _certain() if one.label["province_implicit"]]) >= 0.60

    def test_provinces_that_are_tagged_are_in_the_story() -> None:
        tagged = [right for one in _certain() for _, right in one.tags]
        assert sum(tagged) / len(tagged) >= 0.92

    def test_every_language_is_named() -> None:
        assert all(one.language for one in _scored())
