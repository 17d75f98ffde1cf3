"""The command line: the only module that prints. Exit 0 done, 1 problems (with --strict), 2 wrong usage or settings."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dateline import __version__, again, config, disk, unchanged
from dateline.errors import DatelineError
from dateline.model import Problem, Report
from dateline.stopwatch import CLOCKS, OFF, Running, Stopwatch

# The rest is imported by the command that needs it: to find that nothing has changed takes less time than to import it.
if TYPE_CHECKING:
    from rich.progress import TaskID

    from dateline.pipeline import Crew

    _Type = click.ParamType[str]
else:
    _Type = click.ParamType


class _Format(_Type):
    """The name of a form of export."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from dateline import exports

        if value not in exports.FORMATS:
            self.fail(f"{value!r} is not one of {', '.join(sorted(exports.FORMATS))}.", param, ctx)
        return value


Progress = Callable[[str, int, int | None], None]
"""step, how many are done, how many there are (None: not known yet)."""
_ROOT = click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), help="The project's folder.")


def _speaks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a person must mend into one clear message and exit code 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except DatelineError as error:
            for problem in error.problems:
                click.echo(f"error: {problem}", err=True)
            sys.exit(2)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dateline")
def main() -> None:
    """Turn a folder of messy, scraped news into a static site that people can browse, search, cite and trust."""


@main.command()
@_ROOT
@click.option("--seeds", metavar="DIR", help="Folder of the raw documents.")
@click.option("--articles", metavar="DIR", help="Folder of the corrected Markdown.")
@click.option("--output", metavar="DIR", help="Folder the site is written to.")
@click.option("--site-url", metavar="URL", help="Where the site will be published.")
@click.option("--precompress", is_flag=True, default=None, help="Lay a .gz beside each text file, for a server that sends them.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes (default: one per processor).")
@click.option("--cluster", metavar="ADDRESS", help="Work on a Dask cluster, e.g. tcp://name:8786 (needs: pip install 'dateline[cluster]').")
@click.option("--prune", is_flag=True, help="Drop articles whose seeds are gone and that nobody edited.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there is any problem.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but problems.")
@click.option("--profile", type=click.Choice(sorted(CLOCKS)), is_flag=False, flag_value="wall",
              help="Show where the time went: by step, the slowest documents and templates. --profile=cpu counts processor time.")
@click.option("--log", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="json: progress, problems and summary as one JSON object a line, on standard output.")
@_speaks
def build(root: Path, seeds: str | None, articles: str | None, output: str | None, site_url: str | None, precompress: bool | None,
          jobs: int | None, cluster: str | None, prune: bool, strict: bool, quiet: bool, profile: str | None, log: str) -> None:
    """Read seeds/, write articles/*.md and the site."""
    overrides = {"seeds": seeds, "articles": articles, "output": output, "site_url": site_url, "precompress": precompress}
    run = _Run(root, overrides, jobs, cluster, prune, strict, quiet, profile, click.get_current_context().obj)
    report = run.logged() if log == "json" else run.told()
    sys.exit(run.code(report))


@main.command()
@_ROOT
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_speaks
def tag(root: Path, files: tuple[Path, ...]) -> None:
    """Clean and tag any text; nothing is written.

    FILES are documents in any supported form. Without FILES, JSON lines {"id", "text", "url"?} are read from standard
    input. One JSON record per document goes to standard output, in the order given.
    """
    from dateline import answers

    settings = config.load(root)
    problems = 0
    for found in answers.tag_files(settings, files) if files else answers.tag_lines(settings, sys.stdin.buffer):
        if isinstance(found, Problem):
            problems += 1
            click.echo(f"error: {found}", err=True)
        else:
            sys.stdout.buffer.write(found.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()
    if problems:
        sys.exit(1)


@main.command()
@_ROOT
@click.argument("article_id")
@_speaks
def explain(root: Path, article_id: str) -> None:
    """Show every decision made about one article: facts, tags, cuts, each with its evidence.

    ARTICLE_ID is the id, or the beginning of one.
    """
    from dateline import answers
    from dateline.explain import explain as explain_article

    for text in explain_article(*answers.one_article(config.load(root), article_id)):
        click.echo(text)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@_speaks
def new(folder: Path) -> None:
    """Make FOLDER ready for a corpus of your own: seeds/, articles/, templates/, dateline.yml."""
    from dateline import project

    for path in project.create(folder):
        click.echo(f"made  {path}")
    click.echo(f"\nPut your documents into {folder / 'seeds'}, then:\n\n  cd {folder}\n  dateline build\n")


@main.command("eval")
@_ROOT
@click.argument("docs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--topic-map", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="YAML: our topic id → the labels that count as right.")
@_speaks
def evaluate(root: Path, docs: Path, labels: Path, topic_map: Path | None) -> None:
    """Measure the taggers on labelled documents (format: docs/evaluating.md)."""
    from dateline import answers

    for row in answers.evaluate_files(config.load(root), docs, labels, topic_map):
        click.echo(row)


@main.command()
@_ROOT
@_speaks
def train(root: Path) -> None:
    """Learn topics from the articles that people corrected or confirmed (needs: pip install 'dateline[train]')."""
    from dateline import answers

    for row in answers.train_topics(config.load(root)):
        click.echo(row)


@dataclass(frozen=True, slots=True)
class _Run:
    """A build as it was asked for, and the two ways to tell of it."""

    root: Path
    overrides: dict[str, str | bool | None]
    jobs: int | None
    cluster: str | None
    prune: bool
    strict: bool
    quiet: bool
    profile: str | None
    """The clock to measure with."""
    words: tuple[str, ...] | None
    """As they were given; None where nobody gave them."""

    def told(self) -> Report:
        watch = self._watch()
        with _progress(self.quiet) as progress:
            settings, report = self._build(progress, watch)
        _show(report, self.quiet)
        if self.profile:
            from dateline import stopwatch

            click.echo("\n" + "\n".join(stopwatch.table(watch.profile())))
        elif self.words is not None:
            self._keep(self.words, settings)
        return report

    def logged(self) -> Report:
        from dateline import progress

        watch = self._watch()
        records = progress.Records(click.echo)
        try:
            _, report = self._build(_silent if self.quiet else records, watch)
        except DatelineError as error:
            records.fail(error.problems)
            sys.exit(2)
        records.end(report, watch.profile() if self.profile else None)
        return report

    def code(self, report: Report) -> int:
        return int(self.strict and any(problem.severity != "note" for problem in report.problems))

    def _keep(self, words: tuple[str, ...], settings: config.Config) -> None:
        """What will be said to the same words for as long as nothing changes, for `again`."""
        last = unchanged.kept(settings, self.prune)
        places = unchanged.places(settings)
        if last is not None and len(last.seals) == len(places):
            out, err = _lines(last.report, self.quiet)
            said = "".join(f"{line}\n" for line in out), "".join(f"{line}\n" for line in err), self.code(last.report)
            kept = again.kept(words, said, zip(last.seals, places, strict=True), unchanged.own(settings))
            with suppress(OSError):
                disk.write_atomic(Path(again.where(str(settings.root))), kept or b"", sync=False)

    def _build(self, progress: Progress, watch: Stopwatch) -> tuple[config.Config, Report]:
        settings = config.load(self.root, **self.overrides)
        before = unchanged.look(settings, self.prune)
        if before.report is not None:
            watch.lap("look for changes")
            return settings, before.report
        from dateline import pipeline

        watch.lap("start")
        return settings, pipeline.build(settings, jobs=self.jobs, prune=self.prune, progress=progress, before=before, watch=watch,
                                        crew=self._crew(settings))

    def _crew(self, settings: config.Config) -> Crew | None:
        if self.cluster is None:
            return None
        from dateline import cluster

        address = self.cluster
        return lambda documents: cluster.connected(address, settings)

    def _watch(self) -> Stopwatch:
        return Running(CLOCKS[self.profile]) if self.profile else OFF


# -- speaking -----------------------------------------------------------------------------------------------------------
@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """A live bar on a terminal, one plain line per step elsewhere, nothing when quiet."""
    if quiet:
        yield _silent
    elif not sys.stderr.isatty():
        from dateline import progress

        yield progress.Plain(lambda line: click.echo(line, err=True))
    else:
        with _bars() as show:
            yield show


@contextmanager
def _bars() -> Iterator[Progress]:
    """A line for each step: how far it is, how many a second, how long it will take."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total, rate="")
            speed = next((task.speed for task in bars.tasks if task.id == tasks[step]), None)
            bars.update(tasks[step], completed=done, total=total, rate=f"{speed:,.0f}/s" if speed else "")

        yield show


def _silent(step: str, done: int, total: int | None) -> None:
    """The Progress that says nothing."""


_SEVERITY = {"error": "error: ", "warning": "warning: ", "note": "note: "}
_SHOWN = 50


def _show(report: Report, quiet: bool) -> None:
    out, err = _lines(report, quiet)
    for line in err:
        click.echo(line, err=True)
    for line in out:
        click.echo(line)


def _lines(report: Report, quiet: bool) -> tuple[list[str], list[str]]:
    """The summary: what was read, made, cut, kept, how long it took, and where the site is. Then what was wrong, which comes first."""
    shown = [problem for problem in report.problems if not quiet or problem.severity != "note"]
    wrong = [f"{_SEVERITY[problem.severity]}{problem}" for problem in shown[:_SHOWN]]
    if len(shown) > _SHOWN:
        wrong.append(f"… and {len(shown) - _SHOWN} more")
    return ([] if quiet else list(_summary(report))), wrong


def _summary(report: Report) -> Iterator[str]:
    yield from (f"kept as edited: {name}" for name in report.kept)
    mistakes = sum(problem.severity != "note" for problem in report.problems)
    rows = (
        ("documents read", report.documents), ("articles", report.articles), ("lines removed", report.removed_lines),
        ("problems", mistakes), ("pages", report.pages), ("files written", report.written),
        ("files unchanged", report.unchanged), ("files deleted", report.deleted),
    )
    yield from (f"{label:<16} {count:>8,}" for label, count in rows)
    if report.masked:
        yield "personal data    " + ", ".join(f"{kind} {count:,}" for kind, count in report.masked) + " hidden"
    yield "seconds          " + "  ".join(f"{step.name} {step.seconds:.2f}" for step in report.steps)
    yield f"\nsite: {report.output}"


# -- after the build: check, hand on, publish ---------------------------------------------------------------------------
@main.command("check")
@_ROOT
@click.option("--host", metavar="NAME", help="Hold sizes and counts against a host's limits; `any` takes the tightest of all.")
@_speaks
def check_site(root: Path, host: str | None) -> None:
    """Check the built site: every link, anchor, asset and id, and what a host takes."""
    from dateline import check, hosts

    settings = config.load(root)
    limits = hosts.named(host, settings.layers("data")) if host else None
    problems = check.check(settings, limits)
    for problem in problems[:_SHOWN]:
        click.echo(f"{_SEVERITY[problem.severity]}{problem}", err=True)
    if len(problems) > _SHOWN:
        click.echo(f"… and {len(problems) - _SHOWN} more", err=True)
    size = check.size(settings.output_dir, check.inventory(settings.output_dir))
    click.echo(f"{size.files:,} files, {hosts.megabytes(size.site_bytes)}; problems: {len(problems)}")
    if problems:
        sys.exit(1)


@main.command("export")
@_ROOT
@click.argument("name", metavar="FORMAT", type=_Format())
@click.option("-o", "target", metavar="FILE", type=click.Path(path_type=Path), help="Default: articles.<suffix>.")
@click.option("--bom", is_flag=True, help="csv: begin with a byte order mark, so that Excel reads it as UTF-8.")
@click.option("--mask", "masked", is_flag=True, help="Hide mail addresses, telephone and citizen's numbers, and count them.")
@_speaks
def export(root: Path, name: str, target: Path | None, bom: bool, masked: bool) -> None:
    """Write the built site's articles in another FORMAT."""
    from dateline import exports

    done = exports.export(config.load(root), name, target, bom=bom, masked=masked)
    click.echo(f"{done.articles:,} articles: {done.path}")
    if masked:
        click.echo("masked: " + (", ".join(f"{kind} {count:,}" for kind, count in done.masked.items()) or "nothing found"))


@main.command("serve")
@_ROOT
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any that is free.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes (default: one per processor).")
@_speaks
def serve_site(root: Path, port: int, jobs: int | None) -> None:
    """Build the site, serve it on this machine, and build and reload when something changes."""
    from dateline import serve

    try:
        serve.run(root, port, lambda text: click.echo(text, err=True), threading.Event(), jobs=jobs)
    except KeyboardInterrupt:
        click.echo("ended", err=True)


@main.command("publish")
@_ROOT
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Only list what would be sent (+) and removed (-).")
@click.option("--endpoint-url", "endpoint", metavar="URL", help="s3: the server, when it is not Amazon's.")
@click.option("--remote", default="origin", show_default=True, help="gh-pages: the git remote to push to.")
@click.option("--branch", default="gh-pages", show_default=True, help="gh-pages: the branch.")
@_speaks
def publish_site(root: Path, target: str, dry_run: bool, endpoint: str | None, remote: str, branch: str) -> None:
    """Check the built site and bring it to TARGET; only what changed travels.

    TARGET is gh-pages, s3://bucket/folder, user@host:folder (by rsync), or a folder.
    """
    from dateline import deploy

    done = deploy.publish(config.load(root), target, dry_run=dry_run, endpoint=endpoint, remote=remote, branch=branch)
    for line in deploy.lines(done, dry_run):
        click.echo(line)


@main.command("diff")
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of the table.")
@_speaks
def diff(old: Path, new: Path, as_json: bool) -> None:
    """What changes between two builds: dates, tags, cuts, pages.

    OLD and NEW are data/articles.jsonl files, or site folders. Exits with 1 when there is a difference.
    """
    from dateline import compare

    found = compare.compare(old, new)
    click.echo(compare.as_json(found) if as_json else "\n".join(compare.table(found)))
    if found.changes or found.added or found.removed or found.pages_added or found.pages_removed:
        sys.exit(1)
