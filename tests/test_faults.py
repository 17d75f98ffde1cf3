"""Builds that are killed, that run out of disk, that meet a broken cache or each other: the site stays whole, nothing is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import sqlite3
import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from dateline import disk, read
from dateline.errors import DatelineError
from tests import hostile_corpus, projects

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
KILLS = 100 if TORTURE else 12
FORK = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    projects.read_knowledge_once(monkeypatch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project, built once, with one article that a person edited."""
    folder = tmp_path / "project"
    projects.start(folder, random.Random(11), 5)
    projects.build(folder)
    edited = sorted((folder / "articles").glob("*.md"))[0]
    edited.write_text(edited.read_text(encoding="utf-8").replace("\n---\n", "\n---\n\nCâu của biên tập viên.\n", 1), encoding="utf-8")
    projects.build(folder)
    return folder


def edited(root: Path) -> bytes:
    return sorted((root / "articles").glob("*.md"))[0].read_bytes()


def clean(root: Path) -> dict[str, bytes]:
    """What a clean build of a copy gives."""
    beside = root.parent / "clean"
    projects.copy(root, beside)
    projects.build(beside)
    return projects.result(beside)


_LINK = re.compile(r'(?:href|src)="([^"#?:]+)[^":]*"')


def dead_links(site: Path) -> list[str]:
    """Links of any page that lead to no file of the site."""
    found = []
    for page in sorted(site.rglob("*.html")):
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            if page.name != "404.html" and not (page.parent / unquote(link)).exists():
                found.append(f"{page.relative_to(site)} → {link}")
    return found


# -- killed -----------------------------------------------------------------------------------------------------------------
def test_a_build_killed_at_any_moment_leaves_a_whole_site_and_the_next_one_completes(root):
    chosen = random.Random(3)
    mine = edited(root)
    began = time.monotonic()
    projects.build(root)
    usual = time.monotonic() - began
    killed = 0
    for number in range(KILLS):
        before = projects.tree(root / "site")
        projects.change_seed(root, chosen)
        projects.set_setting(root, chosen)
        child = FORK.Process(target=projects.build, args=(root,))
        child.start()
        child.join(chosen.uniform(0.02, 2 * usual + 0.3))
        child.kill()
        child.join()
        killed += child.exitcode != 0
        after = projects.tree(root / "site")
        assert after == before or child.exitcode == 0 or dead_links(root / "site") == []
        assert dead_links(root / "site") == [] and edited(root) == mine
        if number % 4 == 3:
            projects.build(root)
            assert projects.told(projects.result(root), clean(root)) == []
            assert not list((root / "articles").glob(".dateline-*.tmp"))
    assert killed >= KILLS // 4


# -- no room ----------------------------------------------------------------------------------------------------------------
def in_a_child(work) -> str:
    """Do `work` in a forked process; "" when it went well, else what it said to the person."""
    said = FORK.SimpleQueue()

    def run() -> None:
        try:
            work()
            said.put("")
        except DatelineError as error:
            said.put(str(error))

    child = FORK.Process(target=run)
    child.start()
    child.join(120)
    assert child.exitcode == 0, "a traceback is no message for a person"
    return str(said.get())


@pytest.mark.parametrize("room", [200, 3000, 20_000])
def test_a_full_disk_is_told_and_the_site_stays(root, room):
    before, mine = projects.tree(root / "site"), edited(root)
    projects.change_seed(root, random.Random(2))
    projects.set_setting(root, random.Random(2))

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))          # writing on fails, as on a full disk
        projects.build(root)

    said = in_a_child(build)
    assert "cannot be written" in said
    assert projects.tree(root / "site") == before and edited(root) == mine
    projects.build(root)
    assert projects.told(projects.result(root), clean(root)) == []


def test_a_seed_that_vanishes_while_it_is_read_is_told_and_the_rest_is_built(root, monkeypatch):
    victim = sorted((root / "seeds").glob("*.txt"))[-1]
    reading = read.read

    def vanish(settings):
        for found in reading(settings):
            victim.unlink(missing_ok=True)
            yield found

    monkeypatch.setattr(read, "read", vanish)
    shutil.rmtree(root / ".dateline")
    (root / "articles" / f"{victim.stem}.md").unlink(missing_ok=True)
    report = projects.build(root)
    assert any(victim.name in problem.where for problem in report.problems)
    assert report.articles == 4 and dead_links(root / "site") == []


def test_of_two_builds_at_once_both_end_and_the_site_is_whole(root):
    chosen = random.Random(9)
    for _ in range(3 if TORTURE else 2):
        projects.change_seed(root, chosen)
        projects.set_setting(root, chosen)
        builds = [FORK.Process(target=in_a_child_quietly, args=(root,)) for _ in range(2)]
        for child in builds:
            child.start()
        for child in builds:
            child.join(120)
        assert [child.exitcode for child in builds] in ([0, 0], [0, 3], [3, 0])
        assert dead_links(root / "site") == []
        projects.build(root)
        assert projects.told(projects.result(root), clean(root)) == []


def in_a_child_quietly(root: Path) -> None:
    try:
        projects.build(root)
    except DatelineError:
        os._exit(3)


# -- a broken memory -------------------------------------------------------------------------------------------------------
def no_state(root: Path) -> None:
    shutil.rmtree(root / ".dateline")


def noise(root: Path) -> None:
    (root / ".dateline/cache.sqlite").write_bytes(random.Random(1).randbytes(100_000))


def torn(root: Path) -> None:
    path = root / ".dateline/cache.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flipped(root: Path) -> None:
    path = root / ".dateline/cache.sqlite"
    content = bytearray(path.read_bytes())
    for place in range(8192, len(content), 997):
        content[place] ^= 0xFF
    path.write_bytes(content)


def rows_lost(root: Path) -> None:
    with sqlite3.connect(root / ".dateline/cache.sqlite") as db:
        db.execute("DELETE FROM articles WHERE id LIKE 'body%'")


def rows_spoilt(root: Path) -> None:
    with sqlite3.connect(root / ".dateline/cache.sqlite") as db:
        db.execute("UPDATE articles SET value = x'00'")


def facts_spoilt(root: Path) -> None:
    """Bytes that are whole, and are not what this version writes."""
    from dateline.cache import _sealed

    with sqlite3.connect(root / ".dateline/cache.sqlite") as db:
        db.execute("UPDATE articles SET value = ? WHERE id LIKE 'facts%'", (_sealed(b'["of another version"]'),))


def pages_spoilt(root: Path) -> None:
    from dateline.cache import _sealed

    with sqlite3.connect(root / ".dateline/cache.sqlite") as db:
        db.execute("UPDATE entries SET value = ?", (_sealed(json.dumps({"x": 1}).encode()),))


def old_version(root: Path) -> None:
    with sqlite3.connect(root / ".dateline/cache.sqlite") as db:
        db.execute("PRAGMA user_version = 0")


def a_folder(root: Path) -> None:
    (root / ".dateline/cache.sqlite").unlink()
    (root / ".dateline/cache.sqlite").mkdir()


def state_is_a_file(root: Path) -> None:
    shutil.rmtree(root / ".dateline")
    (root / ".dateline").write_text("x")


def list_cut(root: Path) -> None:
    for path in (root / ".dateline/published").iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spare_gone(root: Path) -> None:
    shutil.rmtree(root / ".site.dateline")


def spare_spoilt(root: Path) -> None:
    for path in (root / ".site.dateline").rglob("*.html"):
        path.unlink()
        path.write_bytes(b"not a page")


BREAKS = (no_state, noise, torn, flipped, rows_lost, rows_spoilt, facts_spoilt, pages_spoilt, old_version, a_folder, list_cut,
          spare_gone, spare_spoilt)


@pytest.mark.parametrize("spoil", BREAKS, ids=lambda spoil: spoil.__name__)
def test_a_broken_memory_costs_time_and_nothing_else(root, spoil):
    mine = edited(root)
    spoil(root)
    projects.change_seed(root, random.Random(4))
    projects.build(root)
    assert edited(root) == mine
    assert projects.told(projects.result(root), clean(root)) == []


def test_a_cache_that_another_program_holds_is_done_without(root):
    with sqlite3.connect(root / ".dateline/cache.sqlite", isolation_level=None) as db:
        db.execute("BEGIN EXCLUSIVE")
        projects.change_seed(root, random.Random(4))
        projects.build(root)
    assert projects.told(projects.result(root), clean(root)) == []


# -- withheld ---------------------------------------------------------------------------------------------------------------
def test_the_text_of_a_withheld_article_is_in_no_byte_of_the_site(root):
    words = "Chuồn chuồn kim đậu trên hàng rào tre ngà"
    (root / "seeds/secret.txt").write_text(
        f"{words} một\n\n12/09/2024 08:30\n\nÔng Nguyễn Kín Đáo, Giám đốc Sở Giáo dục, nói: {words} hai.\n\n{words} ba.\n",
        encoding="utf-8")
    projects.build(root)
    found = [name for name, content in hostile_corpus.said(root / "site") if words.encode() in content]
    assert len(found) > 3 and any(name.startswith("search/") and ":" in name for name in found)
    path = root / "articles/secret.md"
    path.write_text(path.read_text(encoding="utf-8").replace("---\n", "---\nwithhold: true\nreason: Theo yêu cầu\n", 1),
                    encoding="utf-8")
    projects.build(root)
    for name, content in hostile_corpus.said(root / "site"):
        for part in (f"{words} hai", f"{words} ba", "Nguyễn Kín Đáo"):
            assert part.encode() not in content, (name, part)
    page = next((root / "site/articles").rglob("*chuon-chuon*.html")).read_text(encoding="utf-8")
    assert "Theo yêu cầu" in page


def test_a_title_that_was_taken_from_a_withheld_text_goes_too(root):
    """A document without a headline is titled with its first words, and those are the text."""
    words = "tàu điện chạy chậm qua phố"
    path = root / "articles/untitled.md"
    path.write_text(f"---\nwithhold: Theo yêu cầu\n---\n\nHôm qua {words} khi trường khai giảng ở Huế, và mọi người đến xem.\n",
                    encoding="utf-8")
    projects.build(root)
    assert [name for name, content in hostile_corpus.said(root / "site") if words.encode() in content] == []


def test_a_file_put_in_place_is_old_or_new_and_a_link_is_replaced(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "link").symlink_to(outside)
    disk.write_atomic(tmp_path / "link", b"new")
    assert outside.read_text() == "mine" and (tmp_path / "link").read_bytes() == b"new"
