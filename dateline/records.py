"""One machine-readable record per article: the rows of data/articles.jsonl and of `dateline tag`.

Every row has the same keys and types, absent facts are null or [], so that any loader reads the file.
"""

from __future__ import annotations

from json import dumps
from typing import Any

import msgspec

from dateline.gazetteer import Gazetteer
from dateline.model import Article, Claim, Evidence, Tag


def record(article: Article, gazetteer: Gazetteer) -> dict[str, Any]:
    """The article as plain data. A withheld one keeps its identity and gives no text."""
    metadata, tags = article.metadata, article.tags
    hidden = article.withheld is not None
    topics = article.tagged("topic")
    return {
        "id": article.id,
        "title": _value(metadata.title),
        "title_source": metadata.title_source,
        "date": _value(metadata.date),
        "language": tags.language.value,
        "machine_translated": tags.machine_translated.value,
        "province": _value(tags.province),
        "provinces": [] if hidden else [_province(tag, gazetteer) for tag in article.tagged("province")],
        "topic": next((tag.value for tag in topics if tag.role == "primary"), None),
        "topics": [] if hidden else [_topic(tag) for tag in topics],
        "author": _value(metadata.author),
        "publisher": _value(metadata.publisher),
        "source_url": _value(metadata.source_url),
        "text": "" if hidden else article.text,
        "removed": [] if hidden else [
            {"line": removal.line, "text": removal.text, "rule": removal.rule} for removal in article.removed
        ],
    }


def line(article: Article, gazetteer: Gazetteer) -> str:
    """The record as one line of JSON."""
    return dumps(record(article, gazetteer), ensure_ascii=False)


def published(article: Article, gazetteer: Gazetteer) -> bytes:
    """The same as it is published: a line of UTF-8, "?" for half a surrogate pair, which UTF-8 has not."""
    try:
        return msgspec.json.format(_JSON.encode(record(article, gazetteer)), indent=0) + b"\n"
    except UnicodeEncodeError:
        return f"{line(article, gazetteer)}\n".encode("utf-8", "replace")


_JSON = msgspec.json.Encoder()
"""Four times as fast as `dumps`; laid out again with indent=0, on one line, it is what that gives, byte for byte."""


def _value(claim: Claim[str] | None) -> str | None:
    return claim.value if claim else None


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    return [{"quote": one.quote, "line": one.line, "rule": one.rule} for one in evidence]


def _province(tag: Tag, gazetteer: Gazetteer) -> dict[str, Any]:
    era = tag.era or "63"
    unit = gazetteer.unit(tag.value, era)
    return {
        "id": tag.value,
        "name": unit.name if unit else tag.value,
        "era": era,
        "successor": gazetteer.successor(tag.value) if era == "63" else tag.value,
        "role": tag.role,
        "confidence": round(tag.claim.confidence, 3),
        "evidence": _evidence(tag.claim.evidence),
    }


def _topic(tag: Tag) -> dict[str, Any]:
    return {
        "id": tag.value,
        "role": tag.role,
        "confidence": round(tag.claim.confidence, 3),
        "evidence": _evidence(tag.claim.evidence),
    }
