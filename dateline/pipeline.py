"""The order: read → clean → extract → tag → articles → link → pages → render → index → publish.

`gather` does the first half for every document, `link` joins them, `press` makes the files, `publish` puts them in place.
Nothing else knows which stage comes next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

from dateline import check, copies, disk, knowledge, link, press, publish, strings, unchanged, workers
from dateline.cache import Cache, Unreliable
from dateline.config import Config
from dateline.errors import DatelineError, OutputError
from dateline.frame import Site
from dateline.gather import Gathered, gather
from dateline.model import Corpus, Problem, Report, Step

Progress = Callable[[str, int, int | None], None]
"""step, how many are done, how many there are (None: not known yet)."""


def silent(step: str, done: int, total: int | None) -> None:
    """The Progress that says nothing."""


def build(config: Config, *, jobs: int | None = None, prune: bool = False, progress: Progress = silent,
          before: unchanged.Look | None = None) -> Report:
    """Build the site. One bad document never stops it: it is in the report's problems, and the rest is built.

    `before` is what `unchanged.look` has seen, for a caller that has looked.

    Raises DatelineError for what makes the whole build impossible: settings, knowledge, templates, the output folder.
    """
    before = before or unchanged.look(config, prune)
    if before.report is not None:
        return before.report
    watch = _Watch(progress)
    known = knowledge.load(config)
    words, complaints = strings.load(config.layers("data"))
    if complaints:
        raise DatelineError(complaints)
    try:
        return _build(config, known, words, config.state_dir, jobs, prune, watch, before)
    except Unreliable:                           # damaged, full, or another build is writing it: done without
        watch.steps.clear()
        return _build(config, known, words, None, jobs, prune, watch, before)


def _build(config: Config, known: knowledge.Knowledge, words: strings.Strings, state_dir: Path | None, jobs: int | None,
           prune: bool, watch: _Watch, before: unchanged.Look) -> Report:
    salt = _salt(config, known)
    with Cache(state_dir) as state, workers.pool(_about(config.seeds_dir), jobs) as executor:
        with watch.step("documents") as count, _explained(config):
            gathered = gather(config, known, state, executor, salt, prune, count)
        with watch.step("link"), _explained(config):
            corpus = _link(gathered, config, known)
            site = Site.of(corpus, known, words, config)
        with watch.step("pages") as count:
            published = publish.publish(press.outputs(gathered, site, known, executor, salt, count), config)
    report = Report(
        documents=gathered.documents,
        articles=len(corpus.cards),
        removed_lines=sum(card.removed_lines for card in corpus.cards),
        pages=watch.steps[-1].count,
        written=published.written,
        unchanged=published.unchanged,
        deleted=published.deleted,
        kept=tuple(gathered.kept),
        problems=(*gathered.problems, *published.problems),
        steps=tuple(watch.steps),
        output=str(config.output_dir / "index.html"),
        masked=_masked(corpus),
    )
    if all(problem.severity == "note" for problem in published.problems):      # a warning there is given once
        unchanged.remember(config, before, report, gathered.wrote, len(publish.standing(config)))
    return replace(report, problems=(*report.problems, *check.quick(config, published.changed)))


@contextmanager
def _explained(config: Config) -> Iterator[None]:
    """What the system says of a file in articles/, turned into what a person can do."""
    try:
        yield
    except OSError as error:
        if not str(error.filename).startswith(str(config.articles_dir)):
            raise
        hint = "free some space; nothing was lost, and the site is as it was"
        if isinstance(error, PermissionError):
            hint = "check that you may write there; nothing was lost, and the site is as it was"
        message = f"cannot be written: {error.strerror} ({error.filename})"
        raise OutputError(Problem(str(config.articles_dir), None, message, hint)) from error


def _masked(corpus: Corpus) -> tuple[tuple[str, int], ...]:
    counts = Counter[str]()
    for card in corpus.cards:
        counts.update(dict(card.masked))
    return tuple(sorted(counts.items()))


@dataclass(slots=True)
class _Watch:
    """Times the steps of one build and passes its progress on."""

    progress: Progress
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[int], None]]:
        began, handled = perf_counter(), 0

        def count(done: int) -> None:
            nonlocal handled
            handled = done
            self.progress(name, done, None)

        self.progress(name, 0, None)
        yield count
        self.steps.append(Step(name, perf_counter() - began, handled))


def _salt(config: Config, known: knowledge.Knowledge) -> str:
    """Stands for everything but the documents: settings, knowledge and strings, and this code."""
    settings = [(name, getattr(config, name)) for name in config.__slots__ if name not in {"root", "seeds", "articles", "output"}]
    return blake2b(f"{settings!r} {known.digest} {_code()}".encode(), digest_size=16).hexdigest()


@cache
def _code() -> str:
    """Digest of the package: after an update, or an edit, nothing old is taken for new."""
    digest = blake2b(digest_size=16)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _about(folder: Path) -> int:
    """About how many documents a folder holds, for choosing whether a pool of workers pays."""
    try:
        return sum(1 + path.stat().st_size // 50_000 for path in folder.rglob("*") if path.is_file())
    except OSError:
        return 0


def _link(gathered: Gathered, config: Config, known: knowledge.Knowledge) -> Corpus:
    """Paths, neighbours, copies; keeps articles/permalinks.json."""
    path = config.articles_dir / "permalinks.json"
    permalinks = _permalinks(path)
    cards, kept = link.assign_paths(gathered.cards.values(), permalinks, gathered.slugs)
    if kept != permalinks:
        text = json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
        gathered.wrote.append((path.name, disk.write_atomic(path, text.encode())))
    found = copies.clusters_of(gathered.signatures)
    clusters = [copies.best_first(gathered.cards[article_id] for article_id in cluster) for cluster in found]
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
