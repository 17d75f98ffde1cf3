"""The order: read → clean → extract → tag → articles → link → pages → render → index → publish.

`gather` does the first half for every document, `link` joins them, `press` makes the files, `publish` puts them in place.
Nothing else knows which stage comes next.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

from dateline import (
    check,
    codec,
    copies,
    digest,
    disk,
    knowledge,
    lasting,
    link,
    lists,
    precompress,
    press,
    publish,
    strings,
    unchanged,
    workers,
)
from dateline.cache import Cache, Unreliable
from dateline.config import Config
from dateline.errors import DatelineError, OutputError
from dateline.frame import Site
from dateline.gather import Gathered, gather
from dateline.model import Card, Corpus, Problem, Report, Step
from dateline.publish import File
from dateline.stopwatch import OFF, Stopwatch

Progress = Callable[[str, int, int | None], None]
"""step, how many are done, about how many there are (None: not known)."""

Crew = Callable[[int], AbstractContextManager[Executor | None]]
"""About how many documents there are → the executor that does them; None for this process."""


def silent(step: str, done: int, total: int | None) -> None:
    """The Progress that says nothing."""


def build(config: Config, *, jobs: int | None = None, prune: bool = False, progress: Progress = silent,
          before: unchanged.Look | None = None, watch: Stopwatch = OFF, crew: Crew | None = None) -> Report:
    """Build the site. One bad document never stops it: it is in the report's problems, and the rest is built.

    `before` is what `unchanged.look` has seen, for a caller that has looked. `watch` learns where the time goes.
    `crew` makes the executor, given about how many documents there are; a pool of `jobs` processes when there is none.

    Raises DatelineError for what makes the whole build impossible: settings, knowledge, templates, the output folder.
    """
    before = before or unchanged.look(config, prune)
    watch.lap("look for changes")
    if before.report is not None:
        return before.report
    steps = _Steps(progress)
    known = knowledge.load(config)
    knowledge.keep(config, known)
    words, complaints = strings.load(config.layers("data"))
    if complaints:
        raise DatelineError(complaints)
    watch.lap("knowledge")
    crew = crew or partial(workers.pool, workers=jobs)
    with lasting.build():
        try:
            return _build(config, known, words, config.state_dir, crew, prune, steps, before, watch)
        except Unreliable:                       # damaged, full, or another build is writing it: done without
            steps.done.clear()
            return _build(config, known, words, None, crew, prune, steps, before, watch)


def _build(config: Config, known: knowledge.Knowledge, words: strings.Strings, state_dir: Path | None, crew: Crew,
           prune: bool, steps: _Steps, before: unchanged.Look, watch: Stopwatch) -> Report:
    salt, about = _salt(config, known), before.documents
    with Cache(state_dir) as state, crew(about) as executor:
        with steps.step("documents", about) as count, _explained(config):
            with lasting.values():
                seen = unchanged.seen(before, state.get("seen", salt))
            gathered = gather(config, known, state, executor, salt, seen, prune, count, watch)
        with steps.step("link"), _explained(config), lasting.values():
            corpus = _link(gathered, config, known, salt)
            gathered.linked()
            site = Site.of(corpus, known, words, config)
            planned = len(corpus.cards) + len(config.interface) * sum(1 for _ in lists.sheets(site, site.default))
        watch.lap("link")
        with steps.step("pages", planned) as count:
            def outputs(standing: Mapping[str, str]) -> Iterable[File]:
                made = press.outputs(gathered, site, known, executor, salt, standing, count, watch)
                if config.precompress:
                    made = precompress.beside(made, config.output_dir, standing)
                return watch.around(made, _kind, "write")

            published = publish.renew(outputs, config)
        watch.lap("write")
        left = unchanged.Left(gathered.wrote, published.files, gathered.held, gathered.seals)
        after = unchanged.after(config, before, left)
        if after is not None:
            state.put("seen", [(salt, after.seen())])
    report = Report(
        documents=gathered.documents,
        articles=len(corpus.cards),
        removed_lines=sum(card.removed_lines for card in corpus.cards),
        pages=steps.done[-1].count,
        written=published.written,
        unchanged=published.unchanged,
        deleted=published.deleted,
        kept=tuple(gathered.kept),
        problems=(*gathered.problems, *published.problems),
        steps=tuple(steps.done),
        output=str(config.output_dir / "index.html"),
        masked=_masked(corpus),
    )
    told = all(problem.severity == "note" for problem in published.problems)    # a warning there is given once
    if after is not None and told:
        unchanged.remember(config, after, report)
    watch.lap("remember")
    report = replace(report, problems=(*report.problems, *check.quick(config, published.changed, published.files)))
    watch.lap("check")
    return report


def _kind(output: File) -> str:
    """What making an output counts as, where nothing more is known."""
    folder, _, _ = output.path.partition("/")
    if folder in {"search", "raw", "data"}:
        return {"search": "search index"}.get(folder, "data files")
    return {"csv": "tables", "xml": "feeds", "json": "feeds"}.get(output.path.rpartition(".")[2], "pages")


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
class _Steps:
    """Times the steps of one build and passes its progress on."""

    progress: Progress
    done: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, about: int | None = None) -> Iterator[Callable[[int], None]]:
        began, handled = perf_counter(), 0

        def count(done: int) -> None:
            nonlocal handled
            handled = done
            self.progress(name, done, max(about, done) if about else None)

        self.progress(name, 0, about)
        yield count
        self.done.append(Step(name, perf_counter() - began, handled))


def _salt(config: Config, known: knowledge.Knowledge) -> str:
    """Stands for everything but the documents: settings, knowledge and strings, and this code."""
    settings = [(name, getattr(config, name)) for name in config.__slots__ if name not in {"root", "seeds", "articles", "output"}]
    return blake2b(f"{settings!r} {known.digest} {knowledge.code()}".encode(), digest_size=16).hexdigest()


def _link(gathered: Gathered, config: Config, known: knowledge.Knowledge, salt: str) -> Corpus:
    """Paths, neighbours, copies; keeps articles/permalinks.json."""
    path = config.articles_dir / "permalinks.json"
    permalinks = _permalinks(path)
    if digest.wanted(config, len(gathered.cards)):
        cards, kept = digest.assign_paths(gathered.cards.values(), permalinks)
    else:
        cards, kept = link.assign_paths(gathered.cards.values(), permalinks, gathered.slugs)
    if kept != permalinks:
        text = json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True) + "\n"
        state = disk.write_atomic(path, text.encode())
        gathered.wrote.append((path.name, (state.st_size, state.st_mtime_ns, state.st_ino)))
    found = copies.clusters_of(gathered.signatures)
    clusters = [copies.best_first(gathered.cards[article_id] for article_id in cluster) for cluster in found]
    successor = {unit.slug: known.gazetteer.successor(unit.slug) or unit.slug for unit in known.gazetteer.units_63}
    return link.corpus(cards, kept, clusters, config.related, successor, partial(_kin, gathered.cache, salt))


def _kin(state: Cache, salt: str, ordered: Sequence[Card], limit: int, clusters: link.Clusters) -> link.Kin:
    """The related articles of all: those of the last build when a change has not touched what they are found by."""
    key = f"{salt} {link.kin_key(ordered, limit, clusters)}"
    with suppress(ValueError):
        found = codec.decode(state.get("kin", key) or b"", link.Kin)
        if found.near.keys() == {card.id for card in ordered}:
            return found
    found = link.kin(ordered, limit, clusters)
    state.put("kin", [(key, codec.encode(found))])
    return found


def _permalinks(path: Path) -> link.Permalinks:
    if not path.exists():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): [str(one) for one in paths] for key, paths in stored.items()}
    except (ValueError, AttributeError, TypeError, OSError) as error:
        hint = "restore it from a backup or version control; deleting it gives every article a new address"
        raise DatelineError(Problem(f"articles/{path.name}", None, f"cannot be read: {error}", hint)) from error
