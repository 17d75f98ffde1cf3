"""The same input gives the same bytes: after any edits, elsewhere, in another locale and time zone, with any number of workers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from dateline import knowledge
from tests import projects
from tests.conftest import ROOT

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
SEQUENCES, STEPS = (60, 8) if TORTURE else (4, 5)


@pytest.fixture(autouse=True)
def knowledge_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading data/ is a third of a small build; here it is read again only when a file of it has changed."""
    load = knowledge.load
    kept: dict[tuple[object, ...], knowledge.Knowledge] = {}

    def loaded(config):
        files = [path for folder in config.layers("data") for path in sorted(folder.rglob("*")) if path.is_file()]
        key = tuple((str(path), path.read_bytes()) for path in files)
        if key not in kept:
            kept[key] = load(config)
        return kept[key]

    monkeypatch.setattr(knowledge, "load", loaded)


@pytest.mark.parametrize("number", range(SEQUENCES))
def test_after_any_edits_a_build_gives_what_a_clean_build_gives(tmp_path, number):
    chosen = random.Random(f"edits {number}")
    root, beside = tmp_path / "one", tmp_path / "other"
    projects.start(root, chosen)
    projects.build(root)
    edits = list(projects.EDITS)
    chosen.shuffle(edits)
    done = []
    for step in range(STEPS):
        for edit in (edits.pop() if edits else chosen.choice(projects.EDITS), *chosen.sample(projects.EDITS, step % 2)):
            done.append(edit(root, chosen))
        projects.copy(root, beside)
        projects.build(root)
        projects.build(beside)
        assert projects.told(projects.result(root), projects.result(beside)) == [], done


SURROUNDINGS = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "LANG": "C"},
    {"TZ": "America/Anchorage", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242", "SOURCE_DATE_EPOCH": "1", "PYTHONUTF8": "1"},
)


def run(root: Path, surroundings: dict[str, str], jobs: int, code: str = "") -> None:
    command = f"{code}\nfrom dateline import config, pipeline\nfrom pathlib import Path\n" \
              f"if __name__ == '__main__': pipeline.build(config.load(Path({str(root)!r})), jobs={jobs})"
    script = root.parent / f"{root.name}.py"
    script.write_text(command, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **surroundings}
    done = subprocess.run([sys.executable, str(script)], env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_elsewhere_and_with_more_workers_the_bytes_are_the_same(tmp_path):
    from benchmarks import corpus

    one, other = tmp_path / "here", tmp_path / "a far longer name, với dấu"
    for root in (one, other):
        (root / "seeds").mkdir(parents=True)
        (root / "dateline.yml").write_text("interface: [en]\nlearn_repetition: 20\nsite_url: https://example.org/\n")
    for name, text in sorted(corpus.documents(420), key=lambda pair: pair[0][7:]):
        (other / "seeds" / name).write_text(text[:1500], encoding="utf-8")
    for name, text in corpus.documents(420):
        (one / "seeds" / name).write_text(text[:1500], encoding="utf-8")
    run(one, SURROUNDINGS[0], 1)
    run(other, SURROUNDINGS[1], 3)
    assert len(projects.result(one)) > 1000
    assert projects.differences(projects.result(one), projects.result(other)) == []


NO_CLOCK = """
import time, datetime, random, uuid
import logging, concurrent.futures, http.client      # these read the clock when they are imported
def stopped(*_, **__): raise AssertionError("the build looked at the clock")
class Day(datetime.date):
    today = classmethod(stopped)
class Moment(datetime.datetime):
    now = utcnow = today = classmethod(stopped)
datetime.date, datetime.datetime = Day, Moment
time.time = time.localtime = time.gmtime = uuid.uuid4 = random.random = stopped
"""


def test_no_build_looks_at_the_clock(tmp_path):
    """The day of the build is nowhere in the site: a build without a clock gives the same bytes."""
    one, other = tmp_path / "one", tmp_path / "other"
    for root in (one, other):
        projects.start(root, random.Random(5), 4)
    run(one, SURROUNDINGS[0], 1)
    run(other, SURROUNDINGS[0], 1, NO_CLOCK)
    assert projects.differences(projects.result(one), projects.result(other)) == []


@cache
def _folders() -> tuple[str, str]:
    return str(Path.home()), str(ROOT)


def test_no_folder_of_this_machine_is_in_the_site(tmp_path):
    projects.start(tmp_path / "one", random.Random(6), 3)
    projects.build(tmp_path / "one")
    for path, content in projects.result(tmp_path / "one").items():
        assert str(tmp_path).encode() not in content, path
        assert not any(folder.encode() in content for folder in _folders() if len(folder) > 6), path
