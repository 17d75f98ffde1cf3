"""Builds that are killed, that run out of disk, that meet a broken cache or each other: the site stays whole, nothing is lost."""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from dateline import config, disk, pipeline, read
from dateline.errors import DatelineError
from tests import full_disk, hostile_corpus, projects
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("knowledge_once")]

TORTURE = bool(os.environ.get("DATELINE_TORTURE"))
KILLS = 100 if TORTURE else 12
FORK = multiprocessing.get_context("fork")


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
    projects.set_setting(root, chosen)
    began = time.monotonic()
    projects.build(root)
    usual = time.monotonic() - began
    killed: Counter[str] = Counter()
    for number in range(KILLS):
        before = projects.tree(root / "site")
        projects.change_seed(root, chosen)
        projects.set_setting(root, chosen)
        step = FORK.RawArray("c", 20)           # with a lock, one who is killed while he has it keeps it
        child = FORK.Process(target=build_and_tell, args=(root, step))
        child.start()
        child.join(usual * 1.2 * (number * 7 % KILLS + chosen.random()) / KILLS)     # all over the build, and not in order
        child.kill()
        child.join()
        killed[step.value.decode() or "before"] += child.exitcode != 0
        after = projects.tree(root / "site")
        assert after == before or child.exitcode == 0 or dead_links(root / "site") == []
        assert dead_links(root / "site") == [] and edited(root) == mine
        if number % 4 == 3:
            projects.build(root)
            assert projects.told(projects.result(root), clean(root)) == []
            assert not list((root / "articles").glob(".dateline-*.tmp"))
    print(f"{killed.total()} of {KILLS} builds were killed: {dict(killed)}")
    assert killed.total() >= KILLS // 4 and killed["pages"], killed


def build_and_tell(root: Path, step: Any) -> None:
    """A build that leaves in shared memory how far it has come."""
    def progress(name: str, done: int, total: int | None) -> None:
        step.value = name.encode()

    pipeline.build(config.load(root), jobs=1, progress=progress)


# -- no room ----------------------------------------------------------------------------------------------------------------
# A real disk that is full, where one can be mounted; the limit on a file's size stands in for it everywhere.
DISKS = ("a real small disk",) if full_disk.possible() else ()
ROOMS = (0, 30_000, 300_000, 1_000_000) if not TORTURE else tuple(range(0, 6_000_000, 150_000))


@pytest.mark.parametrize("disk", [*DISKS, "a limit on the size of a file"])
def test_a_full_disk_is_told_and_the_site_stays(root, tmp_path, disk):
    if disk in DISKS:
        fill_a_real_disk(tmp_path / "disk")
    for room in (200, 3000, 20_000) if disk not in DISKS else ():
        files_of_at_most(room, root)


def fill_a_real_disk(folder: Path) -> None:
    folder.mkdir()
    command = [*full_disk.ALONE, sys.executable, "-m", "tests.full_disk", str(folder), *map(str, ROOMS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rounds = json.loads(done.stdout)
    for one in rounds:
        assert "cannot be written" in one["said"] and "free some space" in one["said"] if one["said"] else one["room"] > 0, one
        assert (one["same"] or not one["said"]) and one["kept"], one
        assert (one["again"], one["told"], one["left"]) == ("", [], []), one
    assert len(rounds) == len(ROOMS) and sum(bool(one["said"]) for one in rounds) >= 2, "the disk was never full"


def files_of_at_most(room: int, root: Path) -> None:
    before, mine = projects.tree(root / "site"), edited(root)
    projects.change_all_seeds(root, room)
    projects.set_setting(root, random.Random(room))

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))          # writing on fails, as on a full disk
        projects.build(root)

    said = projects.in_a_child(build)
    assert "cannot be written" in said
    assert projects.tree(root / "site") == before and edited(root) == mine
    projects.build(root)
    assert projects.told(projects.result(root), clean(root)) == []


# -- nothing may be written ---------------------------------------------------------------------------------------------------
def without_rights(work: Callable[[], None]) -> Callable[[], None]:
    """`work` as somebody for whom the rights of a file count: for root they do not."""
    def run() -> None:
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(header, none) == 0
        work()

    return run


CLOSED = (("site", ".site.dateline"), ("articles",), (".dateline",), (".",), (".", "site", "articles", ".dateline"))


@pytest.mark.parametrize("closed", CLOSED, ids="+".join)
def test_in_a_folder_that_may_not_be_written_nothing_is_lost(root, closed):
    """A build that can do without the folder goes on; one that cannot says which it is, and the site stays."""
    before, mine = projects.tree(root / "site"), edited(root)
    projects.change_all_seeds(root, 0)
    folders = [path for name in closed for path in ((root,) if name == "." else (root / name, *(root / name).rglob("*"))) if path.is_dir()]
    for path in folders:
        path.chmod(0o555)
    said = projects.in_a_child(without_rights(lambda: projects.build(root) and None))
    for path in folders:
        path.chmod(0o755)
    if said:
        assert "cannot be written" in said and "you may write there" in said, said
        assert projects.tree(root / "site") == before
    assert edited(root) == mine and dead_links(root / "site") == []
    assert said or closed in {(".dateline",), (".",)}, "it was written, although it may not be"
    projects.build(root)
    assert projects.told(projects.result(root), clean(root)) == []


# -- links out of the project -------------------------------------------------------------------------------------------------
WRITTEN = ("site", "articles", ".dateline", ".site.dateline", ".dateline/published", ".dateline/cache.sqlite", "articles/permalinks.json")


def test_no_build_writes_through_a_link_out_of_the_project(root):
    """Neither into a folder that was moved away nor to where nothing is yet."""
    projects.change_seed(root, random.Random(2))
    for name in WRITTEN:
        kept, outside, path = root.parent / "kept", root.parent / "outside", root / name
        path.rename(kept)
        for there in (False, True):
            if there:
                kept.rename(outside)
            path.symlink_to(outside)
            before = projects.tree(root.parent)
            with pytest.raises(DatelineError) as told:
                projects.build(root)
            assert "link" in str(told.value) or "is not the folder" in str(told.value), name
            after = projects.tree(root.parent)
            assert {place: after.get(place) for place in before if place.startswith("outside")} == {
                place: before[place] for place in before if place.startswith("outside")} and outside.exists() is there, name
            path.unlink()
        outside.rename(path)
    projects.build(root)
    assert projects.told(projects.result(root), clean(root)) == []


def test_an_article_that_is_a_link_is_neither_read_nor_written_through(root):
    outside = root.parent / "secret.md"
    outside.write_text("---\ntitle: Bí mật ngoài dự án\n---\n\nKhông ai được đọc.\n", encoding="utf-8")
    words = outside.read_bytes()
    stem = sorted((root / "seeds").glob("*.txt"))[0].stem
    (root / "articles" / f"{stem}.md").unlink()
    (root / "articles" / f"{stem}.md").symlink_to(outside)
    (root / "articles/them.md").symlink_to(outside)
    projects.change_seed(root, random.Random(2))
    report = projects.build(root)
    assert outside.read_bytes() == words
    assert sum("is not a plain file" in problem.message for problem in report.problems) == 2
    assert not [name for name, content in hostile_corpus.said(root / "site") if "Không ai được đọc".encode() in content]


# -- what is not ours -----------------------------------------------------------------------------------------------------------
def test_a_build_does_not_write_over_a_folder_that_it_did_not_make(root):
    shutil.rmtree(root / "site")
    (root / "site").mkdir()
    (root / "site/luan-van.doc").write_text("ba năm làm việc")
    with pytest.raises(DatelineError, match="did not make"):
        projects.build(root)
    assert projects.tree(root / "site") == {"luan-van.doc": "ba năm làm việc".encode()}


def test_only_what_a_build_made_is_removed(root):
    (root / "site/CNAME").write_text("tin.example.org")
    (root / "site/articles/anh.jpg").write_text("jpg")
    for _ in range(2):
        projects.remove_seed(root, random.Random(1))
        projects.build(root)
        assert (root / "site/CNAME").read_text() == "tin.example.org" and (root / "site/articles/anh.jpg").read_text() == "jpg"


# -- seeds that are gone ----------------------------------------------------------------------------------------------------------
def test_articles_whose_seeds_vanished_stay_until_somebody_prunes(root):
    """All seeds at once: a folder that was not mounted must not empty a site."""
    mine = edited(root)
    shutil.rmtree(root / "seeds")
    (root / "seeds").mkdir()
    for _ in range(2):
        report = projects.build(root)
        assert report.articles == 5
        assert sum("--prune" in problem.hint for problem in report.problems) == 4
    report = pipeline.build(config.load(root), jobs=1, prune=True)
    assert report.articles == 1 and edited(root) == mine, "what a person edited is not pruned"


def test_what_people_work_on_is_synced_before_a_build_ends(root, monkeypatch):
    """Names and content of articles/ are on the disk before the site that was made from them is in its place."""
    order = []
    for name in ("sync_all", "sync_folder", "sync_file", "exchange"):
        real = getattr(disk, name)
        monkeypatch.setattr(disk, name, lambda *paths, name=name, real=real: (order.append((name, *paths)), real(*paths))[1])
    projects.change_seed(root, random.Random(2))
    projects.build(root)
    switched = next(number for number, one in enumerate(order) if one[0] == "exchange")
    assert ("sync_all", root / "articles") in order[:switched]
    assert any(one[0] in {"sync_file", "sync_all"} and ".site.dateline" in str(one[1]) for one in order[:switched])


def test_a_seed_that_vanishes_while_it_is_read_is_told_and_the_rest_is_built(root, monkeypatch):
    victim = sorted((root / "seeds").glob("*.txt"))[-1]
    reading = read.Reading.__iter__

    def vanish(self):
        for found in reading(self):
            victim.unlink(missing_ok=True)
            yield found

    monkeypatch.setattr(read.Reading, "__iter__", vanish)
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
