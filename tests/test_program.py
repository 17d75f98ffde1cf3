"""How the process of a command ends: with its exit code and all that was said, at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WITNESS = """
import atexit, os, sys

class Witness:
    def __del__(self, say=os.write): say(1, b"taken apart\\n")

seen = Witness()
atexit.register(print, "exit function")
from dateline.__main__ import program
"""


def run(code, **options):
    return subprocess.run([sys.executable, "-c", WITNESS + code], cwd=ROOT, text=True, timeout=60, stderr=subprocess.PIPE,
                          **{"stdout": subprocess.PIPE, **options})


def test_all_is_said_exit_functions_run_and_nothing_is_taken_apart():
    done = run("program(['--version'])")
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines[0].startswith("dateline") and lines[1:] == ["exit function"]


def test_the_exit_code_is_the_command_s(tmp_path):
    done = run(f"program(['explain', 'nothing', '--root', {str(tmp_path)!r}])")
    assert done.returncode == 2 and "nothing" in done.stderr and "taken apart" not in done.stdout
    done = run(f"program(['build', '--strict', '--root', {str(tmp_path)!r}])")
    assert done.returncode == 1 and "seeds" in done.stderr and "taken apart" not in done.stdout


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    done = run(f"program(['build', '--root', {str(tmp_path / 'nowhere')!r}])")
    assert done.returncode == 2 and "nowhere" in done.stderr and not any(tmp_path.iterdir())


def test_an_answer_given_before_ends_the_same_way(tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Trao học bổng\n\nHà Nội - Chiều 4/3, 120 học sinh nhận học bổng.\n", encoding="utf-8")
    asked = f"program(['build', '--root', {str(tmp_path)!r}])"
    run(asked)
    done = run(asked)
    assert done.returncode == 0 and "unchanged" in done.stdout and done.stdout.endswith("exit function\n")


@pytest.mark.parametrize("look", ["sys.setprofile(lambda *a: None)", "sys.settrace(lambda *a: None)"])
def test_who_looks_on_sees_the_end(look):
    done = run(f"{look}; program(['--version'])")
    assert done.returncode == 0 and done.stdout.endswith("exit function\ntaken apart\n")


def test_what_could_not_be_given_out_is_no_success():
    with Path("/dev/full").open("w") as full:
        assert run("program(['--version'])", stdout=full).returncode != 0


def test_a_python_without_the_libraries_is_told_which_one_has_them():
    done = subprocess.run([sys.executable, "-S", "build.py"], cwd=ROOT, text=True, timeout=60, capture_output=True)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "is not installed for" in done.stderr and "make site" in done.stderr
