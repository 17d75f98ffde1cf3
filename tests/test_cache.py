"""What one build leaves for the next; losing it costs time and nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dateline.cache import KEEP_BUILDS, Cache

VALUE = "Hà Nội".encode() * 500


def test_a_value_is_there_in_the_next_build(tmp_path: Path) -> None:
    with Cache(tmp_path / "state") as cache:
        assert cache.get("article", "k") is None
        cache.put("article", [("k", VALUE), ("l", b"")])
        assert cache.get("article", "k") == VALUE
    with Cache(tmp_path / "state") as cache:
        assert cache.get("article", "k") == VALUE and cache.get("page", "k") is None
        assert cache.many("article", ["k", "l", "m"]) == {"k": VALUE, "l": b""}


def test_more_keys_than_a_query_takes(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put("page", ((str(n), b"%d" % n) for n in range(2345)))
        assert cache.many("page", map(str, range(3000))) == {str(n): b"%d" % n for n in range(2345)}


def test_what_the_last_builds_did_not_use_is_forgotten(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put("page", [("used", b"1"), ("unused", b"2")])
    for number in range(KEEP_BUILDS + 2):
        with Cache(tmp_path) as cache:
            assert cache.get("page", "used") == b"1"
            cache.put("page", [(f"new {number}", b"")])
    with Cache(tmp_path) as cache:
        assert cache.get("page", "used") == b"1" and cache.get("page", "unused") is None


def test_builds_that_change_nothing_forget_nothing(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put("page", [("a", b"1"), ("b", b"2")])
    before = (tmp_path / "cache.sqlite").read_bytes()
    for _ in range(KEEP_BUILDS * 2):
        with Cache(tmp_path) as cache:
            assert cache.get("page", "a") == b"1"
    assert (tmp_path / "cache.sqlite").read_bytes() == before
    with Cache(tmp_path) as cache:
        assert cache.get("page", "b") == b"2"


def test_articles_are_streamed_by_id_in_the_order_asked_for(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.save((f"id{n}", f"key{n}", b"%d" % n) for n in range(1200))
        cache.save([("id7", "changed", b"seven")])
        assert list(cache.stream(["id9", "none", "id7"])) == [("id9", b"9"), ("none", None), ("id7", b"seven")]
        assert [value for _, value in cache.stream(f"id{n}" for n in reversed(range(1200)))][-1] == b"0"
    with Cache(tmp_path) as cache:
        assert cache.keys()["id7"] == "changed" and cache.load("id1199") == b"1199"
        cache.keep_only(["id7"])
        assert cache.keys() == {"id7": "changed"} and cache.load("id8") is None


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_cache_is_an_empty_cache(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cache.sqlite").write_bytes(content)
    for expected in (None, b"1"):
        with Cache(tmp_path) as cache:
            assert cache.get("page", "a") == expected
            cache.put("page", [("a", b"1")])


def test_the_cache_of_another_version_is_an_empty_cache(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put("page", [("a", b"1")])
    with sqlite3.connect(tmp_path / "cache.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with Cache(tmp_path) as cache:
        assert cache.get("page", "a") is None


def test_a_damaged_file_never_gives_a_wrong_value_nor_an_error(tmp_path: Path) -> None:
    values = {str(n): b"%d" % n * 900 for n in range(200)}
    with Cache(tmp_path) as cache:
        cache.put("page", values.items())
        cache.save((key, "", value) for key, value in values.items())
    path = tmp_path / "cache.sqlite"
    sound = path.read_bytes()
    for start in range(0, len(sound), len(sound) // 60):
        path.write_bytes(sound[:start] + b"\xa5" * 3000 + sound[start + 3000 :])
        with Cache(tmp_path) as cache:
            assert cache.many("page", values).items() <= values.items()
            assert all(value in (None, values[key]) for key, value in cache.stream(values))
            cache.put("page", [("new", b"1")])
        with Cache(tmp_path) as cache:
            cache.get("page", "new")


def test_a_folder_that_cannot_be_written_costs_the_memory_of_a_build_only(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    with Cache(tmp_path / "state") as cache:
        cache.save([("a", "k", b"1")])
        assert cache.load("a") == b"1"
    with Cache(tmp_path / "state") as cache:
        assert cache.load("a") is None


def test_two_builds_can_read_at_once(tmp_path: Path) -> None:
    with Cache(tmp_path) as cache:
        cache.put("page", [("a", b"1")])
    with Cache(tmp_path) as one, Cache(tmp_path) as other:
        one.put("page", [("b", b"2")])
        assert other.get("page", "a") == b"1" == one.get("page", "a")
