"""Answers without a site: records for any text, the story of one article, scores on labels, a model from corrections."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from dateline import articles, disk, evaluate, knowledge, learnt, prepare, read, records, train, yamlfile
from dateline.config import Config
from dateline.errors import DatelineError
from dateline.model import Article, Problem, RawDocument


def tag_files(config: Config, files: Iterable[Path]) -> Iterator[str | Problem]:
    """One JSON record per document in the files."""
    known = knowledge.load(config)
    for raw in read.read_files(files, config):
        yield raw if isinstance(raw, Problem) else records.line(prepare.article(raw, known), known.gazetteer)


def tag_lines(config: Config, stream: BinaryIO) -> Iterator[str | Problem]:
    """One JSON record per JSON line {"id", "text", "url"?}, in order."""
    known = knowledge.load(config)
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        raw = _line(line, number)
        yield raw if isinstance(raw, Problem) else records.line(prepare.article(raw, known), known.gazetteer)


def _line(line: bytes, number: int) -> RawDocument | Problem:
    hint = 'one line is one document: {"id": "…", "text": "…", "url": "…"}'
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Problem("standard input", number, f"is not JSON: {error}", hint)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return Problem("standard input", number, 'has no "text"', hint)
    url = row.get("url")
    return read.read_text(row["text"], str(row.get("id", number)), url if isinstance(url, str) else None)


def one_article(config: Config, wanted: str) -> tuple[Article, knowledge.Knowledge]:
    """The article whose id is or begins with `wanted`, as it would be published."""
    known = knowledge.load(config)
    on_disk, _ = articles.read_all(config.articles_dir)
    for raw in read.read(config):
        if isinstance(raw, RawDocument) and raw.id.startswith(wanted):
            record = on_disk.get(raw.id)
            article = prepare.article(raw, known, record.restore if record else frozenset())
            return (articles.merge(article, record, known)[0] if record and record.edited else article), known
    for record in on_disk.values():
        if record.id.startswith(wanted):
            own = replace(articles.reread(record, config.articles_dir), edited_fields=True)
            return articles.merge(prepare.from_record(own, known), own, known)[0], known
    hint = "the ids are the names of the files in articles/"
    raise DatelineError(Problem("", None, f'no article\'s id begins with "{wanted}"', hint))


def evaluate_files(config: Config, docs: Path, labels: Path, topic_map: Path | None) -> Iterator[str]:
    """The table of `dateline eval`: the taggers measured on labelled documents."""
    known = knowledge.load(config)
    problems: list[Problem] = []
    rows: list[list[dict[str, Any]]] = []
    for path in (docs, labels):
        with path.open(encoding="utf-8-sig") as lines:
            found, complaints = evaluate.records(lines, path.name)
        rows.append(found)
        problems += complaints
    topics = None
    if topic_map is not None:
        node = yamlfile.load(topic_map)
        topics = evaluate.topic_map(node)
        problems += node.complaints.problems
    if problems:
        raise DatelineError(problems)

    def predict(row: Mapping[str, Any]) -> evaluate.Prediction:
        url = row.get("url")
        raw = read.read_text(str(row["text"]), str(row["id"]), url if isinstance(url, str) else None)
        return evaluate.prediction(prepare.article(raw, known).tags)

    yield from evaluate.lines(evaluate.evaluate(rows[0], rows[1], topics, predict, known.gazetteer))


def train_topics(config: Config) -> Iterator[str]:
    """Learn topics from the articles whose topic a person set or confirmed; writes data/topics-learnt.json of this site."""
    known = knowledge.load(config)
    on_disk, _ = articles.read_all(config.articles_dir)
    edited = {article_id: record for article_id, record in on_disk.items() if record.edited}
    merged = [
        articles.merge(prepare.article(raw, known), edited[raw.id], known)[0]
        for raw in read.read(config) if isinstance(raw, RawDocument) and raw.id in edited
    ]
    model, report = train.learn(train.lessons(merged, known.taxonomy))
    path = config.root / "data" / learnt.FILE
    path.parent.mkdir(exist_ok=True)
    disk.write_atomic(path, learnt.dumps(model).encode())
    yield from train.table(report)
    yield f"written: {path}; the next build uses it"
