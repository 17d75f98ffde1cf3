"""What the disk says: whatever happens to a file, the digest of its place is another."""

import os

import pytest

from dateline import listing


@pytest.fixture
def folder(tmp_path):
    for name in ("a.txt", "b.txt", "inner/a.txt", "inner/deep/c.txt", "other/d.txt"):
        path = tmp_path / "place" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Bài", encoding="utf-8")
        os.utime(path, ns=(1_700_000_000_000_000_000, 1_700_000_000_000_000_000))
    return tmp_path / "place"


def digest(path, kind="tree"):
    return listing.digest((kind, str(path)))


def swapped(one, other):
    beside = one.parent / "beside"
    one.rename(beside)
    other.rename(one)
    beside.rename(other)


def other_content(path):
    state = path.stat()
    path.write_text("Tin", encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def replaced_by_a_link(path):
    elsewhere = path.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("change", [
    lambda folder: other_content(folder / "a.txt"),
    lambda folder: other_content(folder / "inner" / "deep" / "c.txt"),
    lambda folder: os.utime(folder / "a.txt"),
    lambda folder: (folder / "a.txt").chmod(0o600),
    lambda folder: (folder / "inner").chmod(0o700),
    lambda folder: (folder / "a.txt").unlink(),
    lambda folder: (folder / "c.txt").touch(),
    lambda folder: (folder / "empty").mkdir(),
    lambda folder: (folder / "a.txt").rename(folder / "z.txt"),
    lambda folder: (folder / "other").rename(folder / "inner" / "other"),
    lambda folder: (folder / "other" / "d.txt").rename(folder / "inner" / "d.txt"),
    lambda folder: swapped(folder / "a.txt", folder / "b.txt"),
    lambda folder: swapped(folder / "a.txt", folder / "inner" / "a.txt"),
    lambda folder: swapped(folder / "inner", folder / "other"),
    lambda folder: replaced_by_a_link(folder / "a.txt"),
    lambda folder: replaced_by_a_link(folder / "inner"),
    lambda folder: folder.rename(folder.parent / "moved"),
])  # fmt: skip
def test_whatever_changes_changes_the_digest(folder, change):
    before = digest(folder)
    assert digest(folder) == before
    change(folder)
    assert digest(folder) != before


def test_names_come_in_order_whatever_the_disk_says_first(tmp_path, monkeypatch):
    for name in "cab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "tin.txt").touch()
    before, listed = digest(tmp_path), os.listdir
    for order in (sorted, lambda names: sorted(names, reverse=True)):
        monkeypatch.setattr(os, "listdir", lambda path, order=order: order(listed(path)))
        assert digest(tmp_path) == before


def test_a_file_that_is_gone_when_it_is_looked_at_is_told_apart(folder, monkeypatch):
    listed = os.listdir
    before = listing.named(listing.tree(str(folder)))
    monkeypatch.setattr(os, "listdir", lambda path: [*listed(path), b"gone"])
    found = listing.named(listing.tree(str(folder)))
    assert found.keys() - before.keys() == {"gone", "inner/gone", "inner/deep/gone", "other/gone"}
    assert {path: found[path] for path in before} == before and found["gone"][0] == 0


def test_going_into_folders_sees_the_same(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (folder / "empty").mkdir()
    (folder / "inner" / "deep" / "link").symlink_to("nowhere")
    there = str(folder)
    assert list(listing.tree(there, enter=True)) == list(listing.tree(there))
    assert list(listing.tree(f"{there}/none", enter=True)) == list(listing.tree(f"{there}/none"))
    assert list(listing.tree(f"{there}/a.txt", enter=True)) == list(listing.tree(f"{there}/a.txt"))


def test_the_top_and_the_folders_in_it_are_the_tree(folder):
    there = str(folder)
    (folder / "link").symlink_to("inner")
    assert listing.folders(there) == [f"{there}/inner", f"{there}/other"] and listing.folders(f"{there}/none") == []
    found = listing.named(listing.top(there))
    for one in listing.folders(there):
        found |= listing.named(listing.tree(one), f"{one.removeprefix(there)[1:]}/")
    assert found == listing.named(listing.tree(there))


def test_what_is_not_there_has_a_digest_until_it_is(tmp_path):
    before = {kind: digest(tmp_path / "x", kind) for kind in ("tree", "top", "code", "file")}
    (tmp_path / "x").mkdir()
    assert all(digest(tmp_path / "x", kind) != then for kind, then in before.items())


def test_of_code_only_modules_count(tmp_path):
    (tmp_path / "read.py").write_text("x = 1")
    before = digest(tmp_path, "code")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "notes.txt").touch()
    assert digest(tmp_path, "code") == before
    other_content(tmp_path / "read.py")
    assert digest(tmp_path, "code") != before


def test_the_youngest_is_the_one_that_was_touched_last(folder):
    path = folder / "inner" / "deep" / "c.txt"
    other_content(path)
    assert listing.youngest(listing.tree(str(folder))) == path.stat().st_ctime_ns
    assert listing.youngest(listing.tree(str(folder / "none"))) == 0


def test_links_are_seen_at_any_depth(folder):
    assert not listing.linked(listing.tree(str(folder)))
    (folder / "inner" / "deep" / "link").symlink_to("nowhere")
    assert listing.linked(listing.tree(str(folder)))


def test_names_that_are_no_utf_8_are_names(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.txt")).touch()
    assert list(listing.named(listing.tree(str(tmp_path)), "x/")) == [f"x/{os.fsdecode(bytes([255]))}.txt"]
