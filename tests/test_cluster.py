"""A build on a Dask cluster: a real scheduler, two workers in processes of their own, and the same site."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks import corpus
from dateline import cluster, config, pipeline, workers
from dateline.cli import main
from dateline.errors import DatelineError
from dateline.stopwatch import Running
from tests.projects import result

pytestmark = pytest.mark.slow

DOCUMENTS, BATCH = 30, 4
"""More batches than are handed out at once."""


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """A scheduler on this machine with two workers, which come back when they are killed."""
    import dask
    from distributed import LocalCluster

    with dask.config.set({"distributed.logging": {"distributed": "critical"}}), LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50) as running:
        yield running


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BATCH", BATCH)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build in this process makes."""
    root = tmp_path_factory.mktemp("alone")
    start(root)
    pipeline.build(config.load(root), jobs=1)
    return result(root)


def start(root: Path) -> None:
    corpus.write(DOCUMENTS, root / "seeds")
    (root / "templates").mkdir()
    (root / "templates" / "card.html").write_text("<p>{{ item.title }}</p>", encoding="utf-8")
    (root / "dateline.yml").write_text("title: Tin\ninterface: [en]\n", encoding="utf-8")


def test_a_cluster_makes_the_same_site(tmp_path: Path, scheduler: Any, expected: dict[str, bytes]) -> None:
    start(tmp_path)
    settings, watch = config.load(tmp_path), Running()
    report = pipeline.build(settings, watch=watch, crew=lambda _: cluster.connected(scheduler.scheduler_address, settings))
    assert report.articles == DOCUMENTS
    assert result(tmp_path) == expected
    done = {cost.name: cost.times for cost in watch.profile().workers}
    assert done["tag"] == done["decode"] == DOCUMENTS, "documents were not done by the cluster"
    shared = 3                                   # to tag, to lay out, to make rows of data
    assert done["unpacking"] <= shared * 2, "a shared value went to a worker more than once"


def test_a_killed_worker_costs_a_retry_and_nothing_else(tmp_path: Path, scheduler: Any, expected: dict[str, bytes]) -> None:
    start(tmp_path)
    settings = config.load(tmp_path)
    killed: list[int] = []

    def kill(step: str, done: int, total: int | None) -> None:
        """One worker while documents are prepared, one while pages are made."""
        if len(killed) < {"documents": 1, "pages": 2}.get(step, 0) and done > 24:
            found = [nanny.pid for nanny in scheduler.workers.values() if nanny.pid and nanny.pid not in killed]
            killed.append(found[0])
            with suppress(ProcessLookupError):
                os.kill(found[0], signal.SIGKILL)

    pipeline.build(settings, progress=kill, crew=lambda _: cluster.connected(scheduler.scheduler_address, settings))
    assert len(killed) == 2
    assert result(tmp_path) == expected


def fatal_elsewhere(number: int, here: int) -> int:
    if number == 21 and os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def large(shared: workers.Packed) -> bytes:
    """Takes long to send."""
    return bytes(shared.value()) * 100_000_000


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """A cluster with one worker, which comes back when it is killed, and an executor there."""
    import dask
    from distributed import LocalCluster

    start(tmp_path)
    quiet = {"distributed.logging": {"distributed": "critical"}, "distributed.scheduler.allowed-failures": 0}
    with dask.config.set(quiet), LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as one, \
            cluster.connected(one.scheduler_address, config.load(tmp_path)) as executor:
        yield one, executor


def test_work_that_kills_every_worker_is_done_here(alone: tuple[Any, Any]) -> None:
    assert list(workers.each(fatal_elsewhere, range(60), alone[1], shared=os.getpid())) == [number * number for number in range(60)]


def test_a_result_that_goes_with_its_worker_and_all_it_was_made_from_is_not_waited_for(alone: tuple[Any, Any]) -> None:
    """Dask's own executor waits for ever when the worker is killed while the result is on its way."""
    one, executor = alone
    future = executor.submit(large, executor.share(workers.Packed.of(b"a")))
    while not any(task.state == "memory" and "_as_asked" in str(key) for key, task in list(one.scheduler.tasks.items())):
        sleep(0.001)
    for nanny in one.workers.values():
        os.kill(nanny.pid, signal.SIGKILL)
    assert workers._answer(future) is None, "not told as the death of a worker"


@pytest.fixture
def mortal() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler in a process of its own, with one worker: its address, its process."""
    from distributed import Client

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    address, python = f"tcp://127.0.0.1:{port}", [sys.executable, "-m"]
    ours = {**os.environ, "PYTHONPATH": str(Path(cluster.__file__).parents[1])}
    running = [subprocess.Popen([*python, *command, "--dashboard-address", ":0"], env=ours, stderr=subprocess.DEVNULL) for command in (
        ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port),
        ("distributed.cli.dask_worker", "--nthreads", "1", address))]
    try:
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=60)
        yield address, running[0]
    finally:
        for one in running:
            one.kill()
            one.wait()


def test_a_scheduler_that_goes_leaves_the_rest_to_this_process(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes], mortal: tuple[str, subprocess.Popen[bytes]]) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 3)
    start(tmp_path)
    settings, (address, scheduler) = config.load(tmp_path), mortal

    def kill(step: str, done: int, total: int | None) -> None:
        if step == "pages":
            scheduler.kill()

    pipeline.build(settings, progress=kill, crew=lambda _: cluster.connected(address, settings))
    assert result(tmp_path) == expected and scheduler.wait() != 0


def test_a_worker_with_other_templates_is_not_used(tmp_path: Path, scheduler: Any) -> None:
    start(tmp_path)
    settings = config.load(tmp_path)
    with cluster.connected(scheduler.scheduler_address, settings) as executor:
        answer = executor.submit(len, "Huế")
        assert answer.result() == 3 and answer.done()
        executor._ours = {**executor._ours, "templates": "those of another machine"}  # type: ignore[attr-defined]
        with pytest.raises(DatelineError, match=r"tcp://.*not the same templates\n"):
            executor.submit(len, "Huế").result()


def test_a_worker_that_cannot_read_the_project_is_told(tmp_path: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path)
    here = os.getpid()

    def standing(settings: config.Config, build: str) -> dict[str, str]:
        if os.getpid() != here:
            raise PermissionError(13, "Permission denied", "card.html")
        return {}

    monkeypatch.setattr(cluster, "_standing", standing)
    with pytest.raises(DatelineError, match=r"tcp://.*cannot do this build.*card\.html"), \
            cluster.connected(scheduler.scheduler_address, config.load(tmp_path)):
        pass


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.2)
    start(tmp_path)
    found = CliRunner().invoke(main, ["build", "--root", str(tmp_path), "--cluster", "tcp://127.0.0.1:9"])
    assert found.exit_code == 2
    assert "tcp://127.0.0.1:9: no scheduler answers" in found.output and "dask scheduler" in found.output


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    start(tmp_path)
    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as empty:
        found = CliRunner().invoke(main, ["build", "--root", str(tmp_path), "--cluster", empty.scheduler_address])
    assert found.exit_code == 2 and "has no workers" in found.output and "dask worker" in found.output
