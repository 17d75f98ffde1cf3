"""The same input gives the same bytes: after any edits, elsewhere, in another locale, with any number of workers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests import hostile_corpus, projects
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("knowledge_once")]

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
SEQUENCES, STEPS = (60, 8) if TORTURE else (4, 5)


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


def run(root: Path, surroundings: dict[str, str], jobs: int, code: str = "", python: str = sys.executable) -> None:
    command = f"{code}\nfrom dateline import config, pipeline\nfrom pathlib import Path\n" \
              f"if __name__ == '__main__': pipeline.build(config.load(Path({str(root)!r})), jobs={jobs})"
    script = root.parent / f"{root.name}.py"
    script.write_text(command, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **surroundings}
    done = subprocess.run([python, str(script)], env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_elsewhere_and_with_more_workers_the_bytes_are_the_same(tmp_path):
    from benchmarks import corpus

    one, other = tmp_path / "here", tmp_path / "a far longer name, với dấu"
    for root in (one, other):
        (root / "seeds").mkdir(parents=True)
        (root / "dateline.yml").write_text("interface: [en]\nlearn_repetition: 20\nsite_url: https://example.org/\n")
    for name, text in sorted(corpus.documents(410), key=lambda pair: pair[0][7:]):
        (other / "seeds" / name).write_text(text[:900], encoding="utf-8")
    for name, text in corpus.documents(410):
        (one / "seeds" / name).write_text(text[:900], encoding="utf-8")
    run(one, SURROUNDINGS[0], 1)
    run(other, SURROUNDINGS[1], 3)
    assert len(projects.result(one)) > 1000
    assert projects.differences(projects.result(one), projects.result(other)) == []


NEWEST = os.environ.get("DATELINE_NEWEST")
"""Another Python, with what Dateline needs installed: `make torture` finds one."""

if NEWEST:
    def test_on_the_newest_python_the_bytes_are_the_same(tmp_path):
        """Plain and hostile texts, all settings that print something."""
        from benchmarks import corpus

        one, other = tmp_path / "ours", tmp_path / "newest"
        for root in (one, other):
            hostile_corpus.write(root, hostile_corpus.payloads(), ["=1+1", "+1", "-1", "@x"])
            for name, text in corpus.documents(200):
                (root / "seeds" / name).write_text(text, encoding="utf-8")
            (root / "dateline.yml").write_text(
                "interface: [vi, en]\nlearn_repetition: 20\nsite_url: https://example.org/\nmask_personal: true\n")
        run(one, SURROUNDINGS[0], 2)
        run(other, SURROUNDINGS[0], 2, python=NEWEST or "")
        print(f"{len(projects.result(one))} files")
        assert len(projects.result(one)) > 1500
        assert projects.told(projects.result(one), projects.result(other)) == []


TEN_YEARS_LATER = """
import datetime, time
real, shift = time.time, 10 * 365 * 86400
time.time = lambda: real() + shift
class Day(datetime.date):
    today = classmethod(lambda cls: cls(2036, 2, 29))
class Moment(datetime.datetime):
    now = today = utcnow = classmethod(lambda cls, tz=None: cls(2036, 2, 29, 12, 0, tzinfo=tz))
datetime.date, datetime.datetime = Day, Moment
"""


def test_on_another_day_the_bytes_are_the_same(tmp_path):
    """The day of the build is nowhere in the site."""
    one, other = tmp_path / "one", tmp_path / "other"
    for root in (one, other):
        projects.start(root, random.Random(5), 4)
    run(one, SURROUNDINGS[0], 1)
    run(other, SURROUNDINGS[0], 1, TEN_YEARS_LATER)
    assert projects.differences(projects.result(one), projects.result(other)) == []


@cache
def _folders() -> tuple[str, str]:
    return str(Path.home()), str(ROOT)


def test_no_folder_of_this_machine_is_in_the_site(tmp_path):
    projects.start(tmp_path / "one", random.Random(6), 3)
    projects.build(tmp_path / "one")
    for path, content in sorted(projects.result(tmp_path / "one").items()):
        assert str(tmp_path).encode() not in content, path
        assert not any(folder.encode() in content for folder in _folders() if len(folder) > 6), path
