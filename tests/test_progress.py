"""What a build says while it runs: for people now and then, for programs one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks import corpus
from dateline.cli import main
from dateline.progress import Plain, Records

pytestmark = pytest.mark.slow


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def build(project: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(main, ["build", "--root", str(project), "--jobs", "1", "--log", "json", *options])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_long_work_is_told_now_and_then_with_its_pace_and_what_is_left() -> None:
    clock, said = Clock(), list[str]()
    tell = Plain(said.append, clock)
    for done in range(0, 10001, 50):
        tell("documents", done, 10000)
        clock.now += 0.25
    tell("link", 0, None)
    tell("link", 7, None)
    assert said[0] == "documents …" and said[-1] == "link …"
    assert said[1] == "documents: 2,000 of about 10,000, 200 a second, 0:40 left"
    assert len(said) == 2 + 5


def test_a_step_whose_end_is_not_known_is_told_without_a_time_left() -> None:
    clock, said = Clock(), list[str]()
    tell = Plain(said.append, clock)
    tell("pages", 0, None)
    clock.now += 60
    tell("pages", 6000, None)
    assert said == ["pages …", "pages: 6,000, 100 a second"]


def test_programs_are_told_each_second_and_of_each_end_of_a_step() -> None:
    clock, said = Clock(), list[str]()
    tell = Records(said.append, clock)
    for done in range(31):
        tell("documents", done, 30)
        clock.now += 0.125
    tell("link", 0, None)
    events = [json.loads(line) for line in said]
    assert [(one["event"], one["step"], one["done"]) for one in events] == [
        ("progress", "documents", 0), ("progress", "documents", 8), ("progress", "documents", 16),
        ("progress", "documents", 24), ("step", "documents", 30), ("progress", "link", 0)]
    assert events[1]["rate"] == 8.0 and events[1]["total"] == 30 and events[4]["seconds"] == 3.875


def test_a_build_as_json_lines(tmp_path: Path) -> None:
    corpus.write(3, tmp_path / "seeds")
    (tmp_path / "seeds" / "leer.txt").write_bytes(b"")
    code, events = build(tmp_path, "--profile")
    assert code == 0
    kinds = [one["event"] for one in events]
    assert kinds[0] == "progress" and kinds[-2:] == ["profile", "summary"]
    assert {one["step"] for one in events if one["event"] == "step"} == {"documents", "link", "pages"}
    problem = next(one for one in events if one["event"] == "problem" and "leer.txt" in one["where"])
    assert problem.keys() == {"event", "severity", "where", "line", "message", "hint"} and problem["hint"]
    summary = events[-1]
    assert summary["articles"] == 3 and summary["problems"] >= 1
    assert Path(summary["output"]).is_file() and summary["seconds"] > 0
    profile = events[-2]
    assert {"clean", "tag", "lay out"} <= {row["step"] for row in profile["steps"]}
    assert len(profile["documents"]) == 3


def test_a_build_with_nothing_to_do_is_a_summary(tmp_path: Path) -> None:
    corpus.write(2, tmp_path / "seeds")
    build(tmp_path)
    code, events = build(tmp_path)
    assert code == 0 and events[-1]["event"] == "summary" and events[-1]["written"] == 0


def test_what_makes_a_build_impossible_is_told_as_json_too(tmp_path: Path) -> None:
    (tmp_path / "dateline.yml").write_text("tittle: Tin\n", encoding="utf-8")
    code, events = build(tmp_path)
    assert code == 2
    assert [one["event"] for one in events] == ["problem", "failed"]
    assert events[0]["line"] == 1 and "title" in events[0]["hint"]


def test_a_profile_is_a_table_after_the_summary(tmp_path: Path) -> None:
    corpus.write(2, tmp_path / "seeds")
    result = CliRunner().invoke(main, ["build", "--root", str(tmp_path), "--jobs", "1", "--profile"])
    summary, _, table = result.stdout.partition("site: ")
    assert "articles" in summary
    shares = [float(word[:-1]) for word in table.split() if word.endswith("%")]
    assert len(shares) > 10 and abs(sum(shares) - 100) < 0.1 * len(shares)
    assert "slowest documents" in table and "article.html" in table
