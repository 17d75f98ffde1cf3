"""The same articles built by Dateline and by its peers, one after the other: CPU, wall and memory, as a table.

    python -m benchmarks.peers 1000 [--hugo PROGRAM] [--pelican PROGRAM] [--eleventy PROGRAM] [--rounds 3] [--folder FOLDER]

Dateline builds articles/ from the seeded corpus once; the same articles become the peers' content. Then the cases run in
turn, a round of all after a round of all, so that a machine that slows down slows down everybody. Medians; ratios against
Hugo's clean build. `make bench` installs the peers and runs this.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus, sites
from benchmarks.measuring import Run, measure, middle
from benchmarks.sites import Site

HUGO = "Hugo"
PEERS: Mapping[str, Callable[[Path, Path, str], Site]] = {HUGO: sites.hugo, "Eleventy": sites.eleventy, "Pelican": sites.pelican}


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to measure."""

    name: str
    site: Site
    clean: tuple[str, ...] = ()
    """What to remove before."""
    changed: bool = False
    """Whether one source is changed before."""

    def run(self) -> Run:
        if self.clean:
            self.site.clean(*self.clean)
        if self.changed:
            self.site.touch()
        return measure(self.site.command, self.site.folder)


# -- what is measured -----------------------------------------------------------------------------------------------------
def peer_cases(project: Path, folder: Path, programs: Mapping[str, str]) -> Iterator[Case]:
    for name, prepare in PEERS.items():
        if name in programs:
            site = prepare(project, folder / name.lower(), programs[name])
            yield Case(f"{name}, render", site, site.made)
            if name == HUGO:
                yield Case(REBUILD, site, changed=True)


def machine_cases() -> Iterator[Case]:
    """What two processes gain where they share nothing: no program can gain more."""
    for name, jobs in ((APART, "1"), (TOGETHER, "2")):
        yield Case(name, Site(sites.HERE.parent, (sys.executable, "-m", "benchmarks.crowd", jobs), "", (), ""))


def dateline_cases(project: Path, folder: Path) -> Iterator[Case]:
    """Rendering alone finds the articles prepared, in its cache; the others begin with raw text."""
    render = ("site", ".site.dateline")
    for jobs in (1, 2):
        small, full = sites.minimal(project, folder / "minimal", jobs), sites.dateline(project, jobs)
        workers = f"{jobs} process" + ("es" if jobs > 1 else "")
        if jobs == 1:
            measure(small.command)
        yield Case(f"Dateline, render, minimal templates, {workers}", small, render)
        yield Case(f"Dateline, render, its own templates, {workers}", full, render)
        yield Case(f"Dateline, {RAW}, {workers}", full, full.made)
    yield Case("Dateline, one seed changed", full, changed=True)
    yield Case("Dateline, nothing changed", full)


# -- the tables -----------------------------------------------------------------------------------------------------------
def table(found: Mapping[str, Run]) -> Iterator[str]:
    yield "| | wall s | CPU s | peak MB | wall / Hugo | CPU / Hugo |"
    yield "|---|---:|---:|---:|---:|---:|"
    peer = next(iter(found.values()))
    for name, run in found.items():
        yield (f"| {name} | {run.wall:.2f} | {run.cpu:.2f} | {run.memory:.0f} | {run.wall / peer.wall:.2f} "
               f"| {run.cpu / peer.cpu:.2f} |")


RENDER, REBUILD = "Hugo, render", "Hugo, one article changed"
RAW = "raw seeds to site with search"
APART, TOGETHER = "The machine: two halves of a loop, one after the other", "The machine: both halves at once"
BARS = (
    ("render, minimal templates, CPU / Hugo", "render, minimal templates, 1 process", "cpu", RENDER, (0.40, 0.33)),
    ("render, own templates, CPU / Hugo", "render, its own templates, 1 process", "cpu", RENDER, (0.8, 0.7)),
    ("raw seeds to site with search, CPU / Hugo's render", f"{RAW}, 2 processes", "cpu", RENDER, (1.5, 1.5)),
    ("raw seeds to site, wall of two workers / one", f"{RAW}, 2 processes", "wall", f"Dateline, {RAW}, 1 process", (0.65, 0.6)),
    ("nothing changed, wall / Hugo's rebuild", "nothing changed", "wall", REBUILD, (0.08, 0.02)),
    ("one seed changed, wall / Hugo's rebuild", "one seed changed", "wall", REBUILD, (0.10, 0.03)),
)
"""(what, the case of Dateline, which figure, against which case, at most at 10,000 and at 100,000 articles)."""


def bars(found: Mapping[str, Run], count: int) -> Iterator[str]:
    yield "| bar | measured | at most |"
    yield "|---|---:|---:|"
    for what, ours, figure, theirs, limits in BARS:
        if theirs in found and f"Dateline, {ours}" in found:
            ratio = getattr(found[f"Dateline, {ours}"], figure) / getattr(found[theirs], figure)
            limit = limits[0] if count <= 10_000 else limits[1]
            yield f"| {what} | {ratio:.2f} | {limit} |"
    if APART in found and TOGETHER in found:
        ratio = found[TOGETHER].wall / found[APART].wall
        yield f"| both halves of a loop at once, wall / one after the other | {ratio:.2f} | the machine's own |"


# -- the command ------------------------------------------------------------------------------------------------------------
def options() -> argparse.Namespace:
    known = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    known.add_argument("articles", type=int)
    for name in PEERS:
        known.add_argument(f"--{name.lower()}", default=shutil.which(name.lower()), help=f"the program; without it {name} is left out")
    known.add_argument("--rounds", type=int, default=3)
    known.add_argument("--only", default="", metavar="PATTERN", help="a regular expression: leave out cases whose name it does not find")
    known.add_argument("--folder", type=Path, help="where to work; a memory file system gives steadier figures")
    return known.parse_args()


def rounds(cases: Sequence[Case], count: int) -> dict[str, Run]:
    """Every case in turn, `count` times; each figure is told as it comes."""
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for number in range(count):
        for case in cases:
            run = case.run()
            runs[case.name].append(run)
            tell(f"round {number + 1}: {case.name}", run)
    return {name: middle(row) for name, row in runs.items()}


def tell(what: str, run: Run) -> None:
    print(f"{what}: {run.wall:.2f} s, CPU {run.cpu:.2f}, {run.memory:.0f} MB", file=sys.stderr, flush=True)


def main() -> None:
    given = options()
    programs = {name: program for name in PEERS if (program := getattr(given, name.lower()))}
    if HUGO not in programs:
        raise SystemExit("without Hugo there is nothing to compare with: make bench, or --hugo PROGRAM")
    with tempfile.TemporaryDirectory(dir=given.folder) as made:
        folder = Path(made)
        project = folder / "dateline"
        corpus.write(given.articles, project / "seeds")
        tell("first build, 2 processes", measure(sites.dateline(project, 2).command))
        cases = [*peer_cases(project, folder, programs), *dateline_cases(project, folder), *machine_cases()]
        cases = [case for case in cases if case.name == RENDER or re.search(given.only, case.name)]
        found = rounds(cases, given.rounds)
        files = {case.name.partition(", 1")[0]: case.site.files() for case in cases if "render" in case.name and ", 2" not in case.name}
    load = os.getloadavg()[0]
    print(f"{given.articles:,} articles, medians of {given.rounds} rounds, {os.cpu_count()} processors, load {load:.1f}.")
    print("Files: " + "; ".join(f"{name} {count:,}" for name, count in files.items()) + ".\n")
    print("\n".join(table(found)) + "\n")
    print("\n".join(bars(found, given.articles)))


if __name__ == "__main__":
    main()
