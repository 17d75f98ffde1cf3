"""Every command that README.md, docs/publishing.md and docs/data.md show is run, as it stands there, one after the other."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dateline.cli import main
from tests.conftest import ROOT

PAGES = ("README.md", "docs/publishing.md", "docs/data.md")
NOT_HERE = {
    "make site": "makes an environment from the package registry; it is how this repository is built",
    "make test": "runs this very test",
    "pip install .": "needs the package registry; test_wheel installs the wheel and builds with it",
    "dateline export parquet": "needs an extra; test_exports reads the file back",
    "dateline train": "learns from articles that people corrected; test_train has some",
    "dateline publish gh-pages": "pushes to a repository; test_deploy pushes to a bare one",
}
"""Commands that are not run here, and why."""
LASTING = ("dateline serve",)
"""Commands that run until they are stopped."""
SECONDS = 10
STANDS_FOR = {"TARGET": "../published"}
"""Words in capitals, and what is put in their place."""

pytestmark = pytest.mark.slow


def shown(page: str) -> list[str]:
    """The commands in a page's blocks (sh, or of no language), and those in running text that are whole."""
    found: list[str] = []
    block: str | None = None
    for line in (ROOT / page).read_text("utf-8").splitlines():
        if line.startswith("```"):
            block = line.removeprefix("```") if block is None else None
        elif block is None:
            found += [one for one in re.findall(r"`((?:dateline|cp) [^`]+)`", line) if is_whole(one)]
        elif block in {"", "sh"}:
            found.append(line.partition(" #")[0].strip())
    return [line for line in dict.fromkeys(found) if line]


def is_whole(command: str) -> bool:
    """Nothing is left for the reader to fill in: no <…>, […] or capitals, and no argument that the command must have."""
    if re.search(r"[<>\[\]…]|\b[A-Z]{2,}\b", command):
        return False
    words = command.split()
    needed = [one for one in main.commands[words[1]].params if one.required] if words[0] == "dateline" else []
    return len(words) >= 2 + len(needed)


def a_corpus_of_somebodys(home: Path) -> Path:
    """A home with scraped files, labelled documents, and `dateline` on the path; gives the folder with the program."""
    (home / "scraped").mkdir()
    for path in (ROOT / "seeds").iterdir():
        (home / "scraped" / path.name).write_bytes(path.read_bytes())
    (home / "bin").mkdir()
    program = home / "bin" / "dateline"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m dateline "$@"\n', "utf-8")
    program.chmod(0o755)
    return home / "bin"


def script(page: str) -> str:
    """The page's commands as one script; one of ours that begins elsewhere has a project to begin in."""
    lines = ["set -eu", "trap 'echo \"failed: $BASH_COMMAND\" >&2' ERR", "set -E"]
    if page != "README.md":
        lines += ["dateline new my-corpus > /dev/null", "cp ~/scraped/*.txt my-corpus/seeds/", "cd my-corpus", "dateline build -q"]
    labels = json.dumps({"id": "a", "language": "vi"})
    document = json.dumps({"id": "a", "text": "Hà Nội khai giảng năm học mới\n\nSáng 5/9, học sinh Hà Nội khai giảng."})
    ready = [f"printf '%s\\n' {shlex.quote(document)} > docs.jsonl", f"printf '%s\\n' {shlex.quote(labels)} > labels.jsonl",
             "cp ~/scraped/002*.txt file.txt"]
    for command in shown(page):
        if command in NOT_HERE:
            continue
        for word, meant in STANDS_FOR.items():
            command = re.sub(rf"\b{word}\b", meant, command)
        if command in LASTING:
            ended = "[ $? = 124 ]"
            command = f"timeout -k 30 -s INT {SECONDS} {command} --port 0 > log 2>&1 || {ended} || {{ cat log >&2; false; }}"
        if "docs.jsonl" in command or "file.txt" in command:
            lines += ready
        lines.append(command + " > /dev/null" if command.startswith("dateline ") and " > " not in command else command)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_does_what_it_says_without_a_fault(tmp_path, page):
    program = a_corpus_of_somebodys(tmp_path)
    environment = {**os.environ, "HOME": str(tmp_path), "PATH": f"{program}:{os.environ['PATH']}"}
    (tmp_path / "work").mkdir()
    done = subprocess.run(["bash", "-c", script(page)], cwd=tmp_path / "work", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_there_is_a_command_to_run_on_every_page():
    assert {page: len(shown(page)) >= 3 for page in PAGES} == dict.fromkeys(PAGES, True)
    assert "dateline build" in shown("README.md") and "cp ~/scraped/*.txt my-corpus/seeds/" in shown("README.md")


def test_what_is_not_run_here_is_still_shown_somewhere():
    every = {command for page in PAGES for command in shown(page)}
    assert set(NOT_HERE) | set(LASTING) <= every, set(NOT_HERE) - every
