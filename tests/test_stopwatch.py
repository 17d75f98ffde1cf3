"""Where a build's time goes: nothing is lost, nothing counted twice, and the site is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from benchmarks import corpus
from dateline import config, pipeline, stopwatch, workers
from dateline.stopwatch import OFF, WAIT, Running, Stopwatch
from tests.projects import tree

pytestmark = pytest.mark.slow


class Clock:
    """Goes on by as much as somebody says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


def test_every_second_belongs_to_one_step() -> None:
    clock = Clock()
    watch = Running(clock)
    for step, seconds in (("read", 1.0), ("clean", 2.0), ("read", 0.5), ("tag", 4.0)):
        clock.pass_(seconds)
        watch.lap(step)
    assert {cost.name: (cost.seconds, cost.times) for cost in watch.profile().here} == {
        "tag": (4.0, 1), "clean": (2.0, 1), "read": (1.5, 2)}
    assert sum(cost.seconds for cost in watch.profile().here) == clock.now


def test_what_a_stream_makes_and_what_is_done_with_it_are_told_apart() -> None:
    clock = Clock()
    watch = Running(clock)

    def made() -> Iterator[str]:
        for path in ("a.html", "b.csv"):
            clock.pass_(1.0)
            yield path

    for _ in watch.around(made(), lambda path: path.rpartition(".")[2], "write"):
        clock.pass_(0.25)
    assert {cost.name: cost.seconds for cost in watch.profile().here} == {"html": 1.0, "csv": 1.0, "write": 0.5}


def test_of_many_documents_only_the_slowest_are_kept() -> None:
    clock = Clock()
    watch = Running(clock)
    for number in range(5000):
        clock.pass_(10.0 if number == 17 else 0.001)
        watch.lap("tag", "document", f"seeds/{number}.txt")
    kept = watch.profile().documents
    assert kept[0] == stopwatch.Cost("seeds/17.txt", 10.0, 1)
    assert len(kept) <= 20 * stopwatch.KEPT


def timed(number: int, watch: Stopwatch = OFF) -> int:
    watch.lap("square", "document", str(number))
    return number * number


@pytest.mark.parametrize("make", [lambda: None, lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2)])
def test_workers_send_back_what_they_measured(make: Callable[[], Executor | None]) -> None:
    executor, watch = make(), Running()
    assert list(workers.each(timed, range(200), executor, watch=watch)) == [n * n for n in range(200)]
    found = watch.profile()
    done = found.workers if executor else found.here
    assert next(cost.times for cost in done if cost.name == "square") == 200
    assert {cost.name for cost in found.documents} == {str(number) for number in range(200)}
    assert any(cost.name == WAIT for cost in found.here) == (executor is not None)
    if executor:
        executor.shutdown()


def test_processor_time_is_not_spent_waiting() -> None:
    watch = Running(stopwatch.CLOCKS["cpu"])
    with ProcessPoolExecutor(1) as executor:
        list(workers.each(asleep, range(3), executor, watch=watch))
    found = watch.profile()
    assert sum(cost.seconds for cost in (*found.here, *found.workers)) < 0.5


def asleep(number: int, watch: Stopwatch = OFF) -> None:
    sleep(0.3)
    watch.lap("sleep")


def test_the_table_leaves_waiting_out_of_the_shares() -> None:
    clock = Clock()
    watch = Running(clock)
    for step, seconds in (("tag", 3.0), ("write", 1.0), (WAIT, 60.0)):
        clock.pass_(seconds)
        watch.lap(step)
    watch.add({("here", "tag"): (4.0, 2), ("template", "article.html"): (2.0, 8)})
    rows = [line.split() for line in stopwatch.table(watch.profile())]
    assert ["tag", "7.00", "87.5%", "3.00", "4.00"] in rows
    assert ["write", "1.00", "12.5%", "1.00", "0.00"] in rows
    assert ["all", "of", "it", "8.00", "4.00", "4.00"] in rows
    assert ["waiting", "for", "workers", "60.00"] in rows
    assert ["article.html", "2.00", "8", "250.00"] in rows


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_measured_build_makes_the_same_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(workers, "SMALL", 0)     # as if twelve documents were worth a pool
    monkeypatch.setattr(workers, "BATCH", 4)
    corpus.write(12, tmp_path / "seeds")
    settings, watch = config.load(tmp_path), Running()
    pipeline.build(settings, jobs=jobs, watch=watch)
    measured = tree(settings.output_dir)
    pipeline.build(config.load(tmp_path, output="plain"), jobs=jobs)
    assert measured == tree(tmp_path / "plain")

    found = watch.profile()
    per_document = {cost.name: cost.times for cost in (found.workers if jobs > 1 else found.here)}
    assert {name: per_document[name] for name in ("clean", "extract", "tag", "encode", "decode")} == dict.fromkeys(
        ("clean", "extract", "tag", "encode", "decode"), 12)
    steps = {cost.name for cost in found.here}
    assert {"knowledge", "read", "cache", "link", "plan", "lay out", "search index", "data files", "write", "check"} <= steps
    assert {cost.name for cost in found.templates} >= {"article.html", "listing.html", "home.html"}
    assert len(found.documents) == 12
