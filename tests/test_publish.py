"""The published folder is whole at every moment, ours, and touched no more than needed."""

from __future__ import annotations

import os
import shutil
import unicodedata
from pathlib import Path

import pytest

from dateline import disk
from dateline.config import Config
from dateline.errors import OutputError
from dateline.model import Output
from dateline.publish import MARKER, Published, publish, write_atomic

PAGES = {
    "index.html": "Trang chủ",
    "provinces/ha-noi.html": "Hà Nội",
    "articles/2023/02/hoi-nghi-faeadee2.html": "Hội nghị",
}


def outputs(pages: dict[str, str]) -> list[Output]:
    return [Output(path, text.encode()) for path, text in pages.items()]


def built(tmp_path: Path, pages: dict[str, str]) -> Published:
    return publish(iter(outputs(pages)), Config(tmp_path))


def site(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "site"
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def states(tmp_path: Path) -> dict[str, tuple[int, int]]:
    folder = tmp_path / "site"
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_a_first_build_writes_the_site(tmp_path: Path) -> None:
    assert built(tmp_path, PAGES) == Published(3, 0, 0)
    assert site(tmp_path) == PAGES


def test_a_build_with_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    everything = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "lock"}
    assert built(tmp_path, dict(reversed(PAGES.items()))) == Published(0, 3, 0)
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "lock"} == everything


def test_only_what_changed_gets_a_new_file(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    before = states(tmp_path)
    changed = {**PAGES, "index.html": "Trang chủ mới", "moi.html": "Mới"}
    del changed["provinces/ha-noi.html"]
    for _ in range(3):                           # forth, back and forth between the two folders
        assert built(tmp_path, changed) == Published(2, 1, 1)
        assert site(tmp_path) == changed and not (tmp_path / "site/provinces").exists()
        kept = str(tmp_path / "site/articles/2023/02/hoi-nghi-faeadee2.html")
        assert states(tmp_path)[kept] == before[kept]
        assert built(tmp_path, PAGES) == Published(2, 1, 1) and site(tmp_path) == PAGES


def test_a_page_that_becomes_a_folder_and_back(tmp_path: Path) -> None:
    first, second = {"a": "tệp", "b/c": "sâu"}, {"a/x/y": "sâu", "b": "tệp"}
    for pages in (first, second, first, second, first):
        built(tmp_path, pages)
        assert site(tmp_path) == pages


def test_a_folder_that_we_did_not_make_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/luan-van.doc").write_text("ba năm làm việc")
    with pytest.raises(OutputError, match="did not make"):
        built(tmp_path, PAGES)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["luan-van.doc", "site"]


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert built(tmp_path, PAGES).written == 3 and site(tmp_path) == PAGES


def test_files_that_a_person_adds_stay(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    (tmp_path / "site/CNAME").write_text("tin.example.org")
    (tmp_path / "site/anh").mkdir()
    (tmp_path / "site/anh/bìa.jpg").write_text("jpg")
    (tmp_path / "site/anh/liên-kết").symlink_to("/etc")
    for number in range(4):
        report = built(tmp_path, {**PAGES, "index.html": f"bản {number}"})
        assert report.problems[0].severity == "note" and "CNAME" in report.problems[0].message
        assert (tmp_path / "site/CNAME").read_text() == "tin.example.org"
        assert (tmp_path / "site/anh/bìa.jpg").exists() and (tmp_path / "site/anh/liên-kết").is_symlink()
    (tmp_path / "site/CNAME").unlink()
    for number in range(3):
        built(tmp_path, {"index.html": f"không có CNAME {number}"})
        assert not (tmp_path / "site/CNAME").exists()


def test_a_persons_file_is_not_replaced_by_a_page(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    (tmp_path / "site/about.html").write_text("do tôi viết")
    for path in ("about.html", "about.html/x.html"):
        with pytest.raises(OutputError, match=r"did not put about\.html there"):
            built(tmp_path, {**PAGES, path: "Giới thiệu"})
    assert site(tmp_path) == {**PAGES, "about.html": "do tôi viết"}


def test_a_published_page_that_somebody_edited_is_mended(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    with (tmp_path / "site/index.html").open("a") as page:      # in place: the same inode
        page.write(" sửa tay")
    assert built(tmp_path, PAGES) == Published(1, 2, 0) and site(tmp_path) == PAGES
    built(tmp_path, {**PAGES, "index.html": "khác"})
    assert built(tmp_path, PAGES).written == 1 and site(tmp_path) == PAGES


def test_a_page_that_was_deleted_by_hand_comes_back(tmp_path: Path) -> None:
    built(tmp_path, PAGES)
    (tmp_path / "site/index.html").unlink()
    assert built(tmp_path, PAGES) == Published(1, 2, 0) and site(tmp_path) == PAGES


@pytest.mark.parametrize("damage", ["lost", "broken", "lies"])
def test_without_the_list_the_folder_is_compared_by_content(tmp_path: Path, damage: str) -> None:
    built(tmp_path, {**PAGES, "cu.html": "cũ"})
    before = states(tmp_path)
    for path in (tmp_path / ".dateline/published").iterdir():
        if damage == "lost":
            path.unlink()
        else:
            path.write_bytes(b"\xff\0" if damage == "broken" else path.read_bytes().replace(b"index", b"ondex"))
    report = built(tmp_path, PAGES)
    assert (report.written, report.unchanged, report.deleted) == (0, 3, 0)
    assert "cu.html" in report.problems[0].message
    for path, state in before.items():
        assert path.endswith(MARKER) or states(tmp_path)[path] == state
    assert built(tmp_path, PAGES).written == 0


BAD = ["", "/etc/passwd", "../x.html", "a/../../x", "a//b", "./a", "a/.", "a\\b", "a\0b", "a\nb", "C:/x", "con.html",
       "a/NUL", "x" * 256, "ắ" * 100, "a./b", "a ", MARKER, "\ud800"]  # fmt: skip


@pytest.mark.parametrize("path", BAD)
def test_a_path_that_is_no_files_name_everywhere_is_refused(tmp_path: Path, path: str) -> None:
    built(tmp_path, {"index.html": "cũ"})
    with pytest.raises(OutputError):
        publish([Output("index.html", "mới".encode()), Output(path, b"x")], Config(tmp_path))
    assert site(tmp_path) == {"index.html": "cũ"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.html", "a.html"),
        ("a/Hue.html", "a/hue.html"),
        ("huế.html", unicodedata.normalize("NFD", "huế.html")),
        ("a", "a/b"),
        ("a/b", "a"),
        ("A/b", "a"),
    ],
)
def test_two_pages_on_one_path_are_refused(tmp_path: Path, one: str, other: str) -> None:
    built(tmp_path, {"index.html": "cũ"})
    with pytest.raises(OutputError):
        publish([Output("index.html", b"x"), Output(one, b"1"), Output(other, b"2")], Config(tmp_path))
    assert site(tmp_path) == {"index.html": "cũ"}


def test_a_build_that_fails_half_way_leaves_the_site_alone(tmp_path: Path) -> None:
    built(tmp_path, PAGES)

    def failing() -> object:
        yield Output("index.html", b"half")
        raise RuntimeError("a template is broken")

    with pytest.raises(RuntimeError):
        publish(failing(), Config(tmp_path))  # type: ignore[arg-type]
    assert site(tmp_path) == PAGES
    assert built(tmp_path, {**PAGES, "index.html": "mới"}).written == 1
    assert site(tmp_path) == {**PAGES, "index.html": "mới"}


def test_no_link_is_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.html").write_text("không được đụng")
    built(tmp_path, PAGES)
    shutil.rmtree(tmp_path / "site/articles")
    (tmp_path / "site/articles").symlink_to(outside)
    with pytest.raises(OutputError, match="articles"):
        built(tmp_path, {**PAGES, "articles/x.html": "ghi đè"})
    (tmp_path / "site/articles").unlink()
    (tmp_path / "site/index.html").unlink()
    (tmp_path / "site/index.html").symlink_to(outside / "x.html")
    with pytest.raises(OutputError, match=r"index\.html"):
        built(tmp_path, PAGES)
    (tmp_path / "site/index.html").unlink()
    built(tmp_path, PAGES)
    assert [path.read_text() for path in outside.iterdir()] == ["không được đụng"]


def test_links_planted_in_the_spare_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("không được đụng")
    built(tmp_path, PAGES)
    spare = tmp_path / ".site.dateline/spare"
    spare.mkdir()
    (spare / "articles").symlink_to(outside)
    (spare / "index.html").symlink_to(outside / "index.html")
    new = {**PAGES, "index.html": "mới", "articles/index.html": "mới"}
    built(tmp_path, new)
    assert site(tmp_path) == new and (outside / "index.html").read_text() == "không được đụng"


@pytest.mark.parametrize("name", ["site", ".site.dateline"])
def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / name).symlink_to(outside)
    with pytest.raises(OutputError):
        built(tmp_path, PAGES)
    assert not list(outside.iterdir())


def test_the_switch_works_where_folders_cannot_be_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "exchange", lambda one, other: False)
    for number in range(3):
        pages = {**PAGES, "index.html": f"bản {number}"}
        built(tmp_path, pages)
        assert site(tmp_path) == pages
    (tmp_path / "site").rename(tmp_path / ".site.dateline/old")             # cut between the two renames
    with pytest.raises(ZeroDivisionError):
        publish((Output("x", bytes(1 // 0)) for _ in [1]), Config(tmp_path))
    assert site(tmp_path) == pages                                          # the old site is back before anything else


def test_without_hard_links_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    for number in range(4):
        pages = {**PAGES, "index.html": f"bản {number}"}
        assert built(tmp_path, pages).written == (3 if number == 0 else 1)
        assert site(tmp_path) == pages


def test_write_atomic_replaces_the_file_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "004_faeadee21973bc80.md"
    other = tmp_path / "other"
    other.write_text("khác")
    path.symlink_to(other)
    for text in ("một", "hai"):
        write_atomic(path, text.encode())
        assert path.read_text() == text
    assert other.read_text() == "khác" and sorted(tmp_path.iterdir()) == [path, other]
