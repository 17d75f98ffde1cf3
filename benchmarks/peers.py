"""The same articles built by Dateline and by Hugo, one after the other: CPU, wall and memory, as a table.

    python -m benchmarks.peers 1000 [--hugo hugo] [--rounds 3] [--folder FOLDER]

Dateline builds articles/ from the seeded corpus once; the same articles become Hugo's content. Then the cases run in turn,
a round of all after a round of all, so that a machine that slows down slows down everybody. CPU is that of all processes
of a run, memory the largest of them (the kernel's own figures for children). Medians; ratios against Hugo's full render.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a program cost."""

    wall: float
    cpu: float
    memory: float
    """Megabytes of the largest process."""


_MEASURE = """
import contextlib, ctypes, json, os, resource, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)          # a pool's workers are orphans when it ends: they come to us, and count
began = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
wall = time.monotonic() - began
with contextlib.suppress(ChildProcessError):
    while True:
        os.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code.returncode, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code.stderr.decode()[-800:]]))
"""


def measure(*command: str | Path) -> Run:
    """Run a command. Each is measured by a process of its own: a peak of children never falls again."""
    told = subprocess.run([sys.executable, "-c", _MEASURE, *map(str, command)], check=True, capture_output=True, text=True)
    code, wall, cpu, memory, said = json.loads(told.stdout)
    if code:
        raise SystemExit(f"{command[0]} failed: {said}")
    return Run(wall, cpu, memory)


# -- the two sites --------------------------------------------------------------------------------------------------------
def dateline(project: Path, jobs: int) -> Callable[[], Run]:
    code = f"import sys; sys.path.insert(0, {str(HERE.parent)!r}); from dateline.cli import main; main()"
    return lambda: measure(sys.executable, "-c", code, "build", "--root", project, "--jobs", str(jobs), "--quiet")


def hugo_content(project: Path, site: Path) -> None:
    """articles/*.md as Hugo reads them: the body as it is, the fields that its templates show."""
    shutil.copytree(HERE / "hugo", site)
    content = site / "content" / "articles"
    content.mkdir(parents=True)
    for row in map(json.loads, (project / "site" / "data" / "articles.jsonl").read_text("utf-8").splitlines()):
        date = (row["date"] or "")[:10]
        front = {
            "title": row["title"] or row["id"], "lead": row["text"][:250], "langs": [row["language"]],
            "provinces": [one["id"] for one in row["provinces"]], "topics": [one["id"] for one in row["topics"]],
            "publishers": [row["publisher"]] if row["publisher"] else [], "years": [date[:4]] if date else [],
            "publisher": row["publisher"] or "",
        } | ({"date": date} if len(date) == 10 else {})
        markdown = (project / "articles" / f"{row['id']}.md").read_text("utf-8").split("\n---\n", 1)[1]
        (content / f"{row['id']}.md").write_text(json.dumps(front, ensure_ascii=False) + "\n" + markdown, "utf-8")


def fresh(project: Path, *names: str) -> None:
    for name in names:
        shutil.rmtree(project / name, ignore_errors=True)


def cases(project: Path, hugo: str, site: Path) -> Iterator[tuple[str, Callable[[], Run]]]:
    """(what is measured, the run); Hugo's first."""
    one, two = dateline(project, 1), dateline(project, 2)

    def render_hugo() -> Run:
        fresh(site, "public", "resources")
        return measure(hugo, "--source", site, "--quiet")

    def full(run: Callable[[], Run]) -> Run:
        fresh(project, "site", ".site.dateline", ".dateline", "articles")
        return run()

    def render() -> Run:
        fresh(project, "site", ".site.dateline")
        return one()

    def changed() -> Run:
        seed = next(path for path in sorted((project / "seeds").rglob("*.txt")))
        with seed.open("a", encoding="utf-8") as file:
            file.write(f"\nThêm một câu ở cuối bài, lần {os.urandom(3).hex()}.\n")
        return one()

    yield "Hugo, render", render_hugo
    yield "Dateline, raw seeds to site, 1 process", lambda: full(one)
    yield "Dateline, raw seeds to site, 2 processes", lambda: full(two)
    yield "Dateline, render (articles prepared before)", render
    yield "Dateline, one seed changed", changed
    yield "Dateline, nothing changed", one


# -- the table ------------------------------------------------------------------------------------------------------------
def table(found: dict[str, list[Run]]) -> Iterator[str]:
    yield "| | wall s | CPU s | peak MB | wall / Hugo | CPU / Hugo |"
    yield "|---|---:|---:|---:|---:|---:|"
    middle = {name: Run(*(statistics.median(getattr(run, field) for run in runs) for field in ("wall", "cpu", "memory")))
              for name, runs in found.items()}
    peer = next(iter(middle.values()))
    for name, run in middle.items():
        yield (f"| {name} | {run.wall:.2f} | {run.cpu:.2f} | {run.memory:.0f} | {run.wall / peer.wall:.2f} "
               f"| {run.cpu / peer.cpu:.2f} |")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("articles", type=int)
    options.add_argument("--hugo", default=shutil.which("hugo") or "hugo")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path, help="where to work; a memory file system gives steadier figures")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        project, site = Path(folder, "dateline"), Path(folder, "hugo")
        (project / "seeds").mkdir(parents=True)
        corpus.write(given.articles, project / "seeds")
        dateline(project, 2)()
        hugo_content(project, site)
        found: dict[str, list[Run]] = {}
        for _ in range(given.rounds):
            for name, run in cases(project, given.hugo, site):
                found.setdefault(name, []).append(run())
        pages = {name: sum(1 for path in folder.rglob("*") if path.is_file())
                 for name, folder in (("Dateline", project / "site"), ("Hugo", site / "public"))}
    print(f"{given.articles:,} articles, medians of {given.rounds}; files: {pages}; load {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
