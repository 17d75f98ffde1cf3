"""Whatever happens to a build, the site is the old one or the new one, and the next build completes."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dateline import disk
from dateline.config import Config
from dateline.model import Output
from dateline.publish import MARKER, publish
from tests import projects

pytestmark = pytest.mark.slow

PAGES = 60
ROUNDS = int(os.environ.get("DATELINE_KILLS", "40"))
FORK = multiprocessing.get_context("fork")


def outputs(version: int) -> Iterator[Output]:
    """A site in which half of the pages, and which pages there are, change with the version."""
    for number in range(PAGES):
        said = version if number % 2 else "always"
        yield Output(f"articles/{number % 7}/page-{number}.html", f"{said} {number} ".encode() * 300)
    yield Output(f"only-{version}.html", b"%d" % version)
    yield Output("version", b"%d" % version)


def site(root: Path) -> dict[str, bytes]:
    folder = root / "site"
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def whole(version: int) -> dict[str, bytes]:
    return {output.path: output.content for output in outputs(version)}


def publish_for_ever(root: Path, first: int) -> None:
    for version in range(first, first + 10_000):
        publish(outputs(version), Config(root))


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_build_killed_at_any_moment_leaves_a_whole_site(
    tmp_path: Path, exchanges: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanges:
        monkeypatch.setattr(disk, "exchange", lambda one, other: False)
    publish(outputs(0), Config(tmp_path))
    chosen = random.Random(7)
    began = time.monotonic()
    publish(outputs(1), Config(tmp_path))
    publish(outputs(0), Config(tmp_path))
    usual = (time.monotonic() - began) / 2       # of one build, on this machine as busy as it is
    seen = set()
    for number in range(ROUNDS):
        child = FORK.Process(target=publish_for_ever, args=(tmp_path, number * 10_000))
        child.start()
        time.sleep(chosen.uniform(0.2, 4) * usual)
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        between = tmp_path / ".site.dateline/old"
        if not exchanges and between.exists() and not (tmp_path / "site").exists():
            between.rename(tmp_path / "site")    # what the next build begins with
        version = int((tmp_path / "site/version").read_bytes())
        assert site(tmp_path) == whole(version)
        seen.add(version)
        if number % 5 == 0:
            publish(outputs(number), Config(tmp_path))
            assert site(tmp_path) == whole(number)
    assert len(seen) > ROUNDS // 4               # the builds did get somewhere


def test_a_full_disk_leaves_the_site_and_says_so(tmp_path: Path) -> None:
    publish(outputs(1), Config(tmp_path))

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))      # writing on fails, as on a full disk
        publish(outputs(2), Config(tmp_path))

    said = projects.in_a_child(build)
    assert "cannot be written" in said and "free some space" in said
    assert site(tmp_path) == whole(1)
    assert not (tmp_path / ".site.dateline/spare").exists()          # its room is free again
    publish(outputs(2), Config(tmp_path))
    assert site(tmp_path) == whole(2)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter: pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_that_may_not_be_written_is_left_and_named(open_folder: Path) -> None:
    publish(outputs(1), Config(open_folder))
    publish(outputs(2), Config(open_folder))
    before = site(open_folder)
    for path in (open_folder, *open_folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def build() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)
        publish(outputs(3), Config(open_folder))

    assert "may write there" in projects.in_a_child(build)
    assert site(open_folder) == before
    for path in (open_folder, *open_folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_of_two_builds_at_once_one_is_told_to_wait(tmp_path: Path) -> None:
    publish(outputs(1), Config(tmp_path))

    def slow() -> Iterator[Output]:
        yield from outputs(2)
        said = projects.in_a_child(lambda: publish(outputs(3), Config(tmp_path)))
        assert "another build is writing it" in said and str(os.getpid()) in said

    publish(slow(), Config(tmp_path))
    assert site(tmp_path) == whole(2)
