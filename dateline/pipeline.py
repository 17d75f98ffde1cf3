"""The order: read → clean → extract → tag → articles → link → pages → render → index → publish.

`prepare` is the per-document half (pure, parallel); `build` is the whole. Nothing else knows which stage comes next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

from dateline import (
    articles,
    clean,
    codec,
    copies,
    evaluate,
    extract,
    feeds,
    index,
    knowledge,
    link,
    pages,
    publish,
    read,
    records,
    render,
    search,
    strings,
    tag,
    workers,
    yamlfile,
)
from dateline.config import Config
from dateline.errors import DatelineError, KnowledgeError
from dateline.model import (
    Article,
    Block,
    Card,
    Claim,
    CleanText,
    Corpus,
    Evidence,
    Metadata,
    Output,
    Page,
    Problem,
    RawDocument,
    Removal,
    Report,
    Step,
    Tags,
)

Progress = Callable[[str, int, int | None], None]
"""step, how many are done, how many there are (None: not known yet)."""


# -- one document -----------------------------------------------------------------------------------------------------
def prepare(raw: RawDocument, known: knowledge.Knowledge, restore: frozenset[int] = frozenset()) -> Article:
    """Everything that is decided about one document by itself. Pure: the same input gives the same article anywhere."""
    text = restored(clean.clean(raw, known), restore)
    metadata = extract.extract(raw, text, known)
    tags = tag.tag(raw, text, metadata, known)
    return Article(raw.id, raw.origin, raw.digest, raw.encoding, raw.text, text.blocks, text.removed, metadata, tags)


def restored(text: CleanText, lines: frozenset[int]) -> CleanText:
    """Put removed lines back that a person wants in the text (`restore:` in the front matter)."""
    back = [removal for removal in text.removed if removal.line in lines and removal.whole]
    if not back:
        return text
    blocks = [block for block in text.blocks if block.line not in {removal.line for removal in back}]
    blocks += [Block("paragraph", removal.text.strip(), removal.line) for removal in back]
    removed = tuple(removal for removal in text.removed if removal not in back)
    return CleanText(tuple(sorted(blocks, key=lambda block: block.line)), removed)


def from_record(record: articles.Record, known: knowledge.Knowledge) -> Article:
    """An article that has no seed: a person wrote it, or its seed is gone. What the file does not say is filled in."""
    blocks = articles.blocks_of(record.body, record.body_line)
    raw = RawDocument(record.id, record.text, codec.digest_of(record.text), "", format="markdown")
    text = CleanText(blocks, ())
    metadata = extract.extract(raw, text, known)
    tags = tag.tag(raw, text, metadata, known)
    return Article(record.id, "", raw.digest, "utf-8", "", blocks, (), metadata, tags, body_markdown=record.body)
