"""A build on a Dask cluster: a real scheduler, two workers in processes of their own, and the same site."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
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


def test_a_worker_with_other_templates_is_not_used(tmp_path: Path, scheduler: Any) -> None:
    start(tmp_path)
    settings = config.load(tmp_path)
    with cluster.connected(scheduler.scheduler_address, settings) as executor:
        answer = executor.submit(len, "Huế")
        assert answer.result() == 3 and answer.done()
        executor._ours = {**executor._ours, "templates": "those of another machine"}  # type: ignore[attr-defined]
        with pytest.raises(DatelineError, match=r"tcp://.*not the same templates\n"):
            executor.submit(len, "Huế").result()


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
