"""The order: read → clean → extract → tag → articles → link → pages → render → index → publish.

`prepare` is the per-document half (pure, parallel, cached); `build` is the whole. Nothing else knows which stage comes
next.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

from dateline import articles, clean, disk, evaluate, extract, feeds, index, knowledge, link, pages, publish, read, records, render
from dateline import strings as interface
from dateline import tag as tagging
from dateline import yamlfile
from dateline.config import Config
from dateline.errors import DatelineError
from dateline.model import Article, Block, Card, CleanText, Corpus, Output, Problem, RawDocument, Report, Step

Progress = Callable[[str, int, int | None], None]
"""step, how many are done, how many there are (None: not known yet)."""


def silent(step: str, done: int, total: int | None) -> None:
    """The Progress that says nothing."""


# -- one document -----------------------------------------------------------------------------------------------------
def prepare(raw: RawDocument, known: knowledge.Knowledge, restore: frozenset[int] = frozenset()) -> Article:
    """Everything that is decided about one document by itself. Pure: the same input gives the same article anywhere."""
    text = restored(clean.clean(raw, known), restore)
    metadata = extract.extract(raw, text, known)
    tags = tagging.tag(raw, text, metadata, known)
    return Article(raw.id, raw.origin, raw.digest, raw.encoding, raw.text, text.blocks, text.removed, metadata, tags)


def restored(text: CleanText, lines: frozenset[int]) -> CleanText:
    """Put removed lines back that a person wants in the text (`restore:` in the front matter)."""
    back = [removal for removal in text.removed if removal.line in lines and removal.whole]
    if not back:
        return text
    numbers = {removal.line for removal in back}
    blocks = [block for block in text.blocks if block.line not in numbers]
    blocks += [Block("paragraph", removal.text.strip(), removal.line) for removal in back]
    removed = tuple(removal for removal in text.removed if removal not in back)
    return CleanText(tuple(sorted(blocks, key=lambda block: block.line)), removed)


def from_record(record: articles.Record, known: knowledge.Knowledge) -> Article:
    """An article that has no seed: a person wrote it, or its seed is gone. What the file does not say is filled in."""
    raw = read.read_text(record.body, record.id)
    text = CleanText(articles.blocks_of(record.body, record.body_line), ())
    metadata = extract.extract(raw, text, known)
    tags = tagging.tag(raw, text, metadata, known)
    article = Article(record.id, "", raw.digest, "utf-8", "", text.blocks, (), metadata, tags)
    return replace(article, body_markdown=record.body)


# -- the whole site ---------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Work:
    """What a running build has gathered. Lives for one `build` call."""

    progress: Progress
    problems: list[Problem] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    documents: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[int], None]]:
        """Time a step; the function it gives counts what the step handled."""
        began, handled = perf_counter(), 0

        def count(done: int, total: int | None = None) -> None:
            nonlocal handled
            handled = done
            self.progress(name, done, total)

        self.progress(name, 0, None)
        yield count
        self.steps.append(Step(name, perf_counter() - began, handled))


def build(config: Config, *, jobs: int | None = None, prune: bool = False, progress: Progress = silent) -> Report:
    """Build the site. One bad document never stops it: it is in the report's problems, and the rest is built.

    Raises DatelineError for what makes the whole build impossible: settings, knowledge, templates, the output folder.
    """
    work = _Work(progress)
    known = knowledge.load(config)
    words, complaints = interface.load(config.layers("data"))
    if complaints:
        raise DatelineError(complaints)
    with work.step("documents") as count:
        found = _documents(config, known, work, prune, count)
    with work.step("link"):
        corpus = _link(found, config, known)
    with work.step("pages") as count:
        renderer = render.Renderer(config, words)
        outputs = _outputs(corpus, found, known, words, config, renderer, count)
        published = publish.publish(outputs, config)
    work.problems += published.problems
    return Report(
        documents=work.documents,
        articles=len(corpus.cards),
        removed_lines=sum(card.removed_lines for card in corpus.cards),
        pages=work.steps[-1].count,
        written=published.written,
        unchanged=published.unchanged,
        deleted=published.deleted,
        kept=tuple(work.kept),
        problems=tuple(work.problems),
        steps=tuple(work.steps),
        output=str(config.output_dir / "index.html"),
    )


def _documents(config: Config, known: knowledge.Knowledge, work: _Work, prune: bool, count: Callable[[int], None]
               ) -> dict[str, Article]:
    """Read and prepare every document, lay people's edits over them, and write articles/."""
    on_disk, complaints = articles.read_all(config.articles_dir)
    config.articles_dir.mkdir(parents=True, exist_ok=True)
    work.problems += complaints
    unreadable = {Path(problem.where).stem for problem in complaints if problem.severity == "error"}
    found: dict[str, Article] = {}
    for raw in read.read(config):
        if isinstance(raw, Problem):
            work.problems.append(raw)
            continue
        work.documents += 1
        record = on_disk.pop(raw.id, None)
        article = prepare(raw, known, record.restore if record else frozenset())
        if not article.body and not (record and record.edited_body):
            work.problems.append(_nothing_left(article, config))
            continue
        found[article.id] = _settle(article, record, known, config, work, raw.id in unreadable)
        count(len(found))
    for record in on_disk.values():
        if record.sealed and not record.edited and prune:
            (config.articles_dir / Path(record.where).name).unlink()
            continue
        if record.sealed and not record.edited:
            hint = "put the seed back, or build with --prune to drop the article"
            work.problems.append(Problem(record.where, None, "its seed is gone; the article is kept", hint, "warning"))
        machine = from_record(record, known)
        found[record.id] = _settle(machine, replace(record, edited_fields=True), known, config, work, False)
    return found


def _nothing_left(article: Article, config: Config) -> Problem:
    rules = sorted({removal.rule for removal in article.removed})
    return Problem(
        f"{config.seeds}/{article.origin}", article.removed[0].line if article.removed else None,
        f"has no article in it: all {len(article.removed)} lines are boilerplate ({', '.join(rules[:3])})",
        "remove the file, or add the article by hand under articles/",
    )


def _settle(machine: Article, record: articles.Record | None, known: knowledge.Knowledge, config: Config, work: _Work,
            unreadable: bool) -> Article:
    """The article as it will be published; its file is written unless it is a person's."""
    path = config.articles_dir / f"{machine.id}.md"
    if record is not None and (record.edited or record.withheld is not None):
        article, notes = articles.merge(machine, record, known)
        work.problems += notes
        work.kept.append(record.where)
        return article
    text = articles.write(machine)
    if not unreadable and (record is None or record.text != text):
        disk.write_atomic(path, text.encode("utf-8", "replace"))
    return machine


def _link(found: Mapping[str, Article], config: Config, known: knowledge.Knowledge) -> Corpus:
    """Cards, paths, neighbours, copies; keeps articles/permalinks.json."""
    path = config.articles_dir / "permalinks.json"
    permalinks = _permalinks(path)
    cards, kept = link.assign_paths((link.card(article) for article in found.values()), permalinks, {})
    if kept != permalinks:
        disk.write_atomic(path, (json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode())
    clusters: tuple[tuple[str, ...], ...] = ()
    successor = {unit.slug: known.gazetteer.successor(unit.slug) or unit.slug for unit in known.gazetteer.units_63}
    return link.corpus(cards, kept, clusters, config.related, successor)


def _permalinks(path: Path) -> link.Permalinks:
    if not path.exists():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): [str(one) for one in paths] for key, paths in stored.items()}
    except (ValueError, AttributeError, TypeError, OSError) as error:
        hint = "restore it from a backup or version control; deleting it gives every article a new address"
        raise DatelineError(Problem(f"articles/{path.name}", None, f"cannot be read: {error}", hint)) from error


def _outputs(corpus: Corpus, found: Mapping[str, Article], known: knowledge.Knowledge, words: Any, config: Config,
             renderer: render.Renderer, count: Callable[[int], None]) -> Iterator[Output]:
    """Every file of the site, one at a time."""
    paths: list[str] = []
    site = pages.Site.of(corpus, known, words, config)
    for card, links in zip(corpus.cards, corpus.links, strict=True):
        page = pages.story_page(site, found[card.id], links)
        paths.append(page.path)
        yield renderer.render(page)
        count(len(paths))
    for page in pages.site_pages(site):
        paths.append(page.path)
        yield renderer.render(page)
        count(len(paths))
    yield from render.assets(config)
    ordered = (found[card.id] for card in corpus.cards)
    yield from index.data_files(corpus, ordered, known)
    yield from feeds.outputs(corpus, paths, config)


# -- records without a site ---------------------------------------------------------------------------------------------
def tag_files(config: Config, files: Iterable[Path]) -> Iterator[str | Problem]:
    """One JSON record per document in the files; nothing is written."""
    known = knowledge.load(config)
    for raw in read.read_files(files, config):
        yield raw if isinstance(raw, Problem) else records.line(prepare(raw, known), known.gazetteer)


def tag_lines(config: Config, stream: BinaryIO) -> Iterator[str | Problem]:
    """One JSON record per JSON line {"id", "text", "url"?}, in order; nothing is written."""
    known = knowledge.load(config)
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        raw = _line(line, number)
        yield raw if isinstance(raw, Problem) else records.line(prepare(raw, known), known.gazetteer)


def _line(line: bytes, number: int) -> RawDocument | Problem:
    hint = 'one line is one document: {"id": "…", "text": "…", "url": "…"}'
    try:
        row = json.loads(line)
    except ValueError as error:
        return Problem("standard input", number, f"is not JSON: {error}", hint)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return Problem("standard input", number, 'has no "text"', hint)
    url = row.get("url")
    return read.read_text(row["text"], str(row.get("id", number)), url if isinstance(url, str) else None)


def one_article(config: Config, wanted: str) -> tuple[Article, knowledge.Knowledge]:
    """The article whose id is or begins with `wanted`, as it would be published. For `dateline explain`."""
    known = knowledge.load(config)
    on_disk, _ = articles.read_all(config.articles_dir)

    for raw in read.read(config):
        if isinstance(raw, Problem) or not raw.id.startswith(wanted):
            continue
        record = on_disk.get(raw.id)
        article = prepare(raw, known, record.restore if record else frozenset())
        return (articles.merge(article, record, known)[0] if record and record.edited else article), known
    for record in on_disk.values():
        if record.id.startswith(wanted):
            return articles.merge(from_record(record, known), replace(record, edited_fields=True), known)[0], known
    raise DatelineError(Problem("", None, f'no article\'s id begins with "{wanted}"', "the ids are the names of the files in articles/"))


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
        return evaluate.prediction(prepare(raw, known).tags)

    yield from evaluate.lines(evaluate.evaluate(rows[0], rows[1], topics, predict, known.gazetteer))
