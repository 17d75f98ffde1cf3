"""Bytes by key, from one build to the next, in one SQLite file. Never needed: what is lost is worked out again.

in:   config.state_dir; entries (space, key, value), where a key names everything its value was made from
out:  the value, or None: not there, of an older dateline, damaged, on a disk that cannot be written

Two kinds of shelf. `get`/`put` hold values by the digest of their inputs, and forget those that the last builds did not
use. `load`/`save` hold one value per article id with the key it was made under, so that a hundred thousand bodies can
be streamed through a build and are never in memory together.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

VERSION = 1
KEEP_BUILDS = 5
"""Builds after which an unused value is forgotten."""
_BATCH = 500
_TABLES = """
CREATE TABLE build (number INTEGER NOT NULL);
INSERT INTO build VALUES (0);
CREATE TABLE entries (space TEXT NOT NULL, key TEXT NOT NULL, build INTEGER NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX by_key ON entries (space, key);
CREATE TABLE articles (id TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL);
"""


class Unreliable(Exception):
    """The cache does not give back what this build put into it: damaged, full, or another build is writing it."""


class Cache:
    """One build's access to what earlier builds left. Use it as a context manager, from one thread.

    Without a folder it is a temporary one, empty, that no other build sees.
    """

    def __init__(self, state_dir: Path | None) -> None:
        self._path = state_dir / "cache.sqlite" if state_dir else None
        self._used: dict[str, set[str]] = {}
        self._broken = self._full = False
        self._db = self._open()
        (build,) = self._db.execute("SELECT number FROM build").fetchone()
        self._build: int = build + 1

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._broken = self._broken or kind is Unreliable
        self.close()

    # -- values by what they were made from ------------------------------------------------------------------------
    def get(self, space: str, key: str) -> bytes | None:
        """The value stored under a key of "article", "page" …"""
        return self.many(space, (key,)).get(key)

    def many(self, space: str, keys: Iterable[str]) -> dict[str, bytes]:
        """The values that are there, by key."""
        found: dict[str, bytes] = {}
        for some in _batches(keys):
            query = f"SELECT key, value, build FROM entries WHERE space = ? AND key IN ({','.join('?' * len(some))})"
            for key, stored, build in self._rows(query, (space, *some)):
                value = _checked(stored)
                if value is not None:
                    found[key] = value
                    if build < self._build - 1:  # one build old is young enough: nothing changed, nothing written
                        self._used.setdefault(space, set()).add(key)
        return found

    def put(self, space: str, items: Iterable[tuple[str, bytes]]) -> None:
        """Store values; one that is there under the same key is replaced."""
        rows = ((space, key, self._build, _sealed(value)) for key, value in items)
        for some in _batches(rows):
            self._write("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", some)

    # -- articles by id --------------------------------------------------------------------------------------------
    def keys(self) -> dict[str, str]:
        """id → key of every article that is stored."""
        return dict(self._rows("SELECT id, key FROM articles", ()))

    def load(self, id: str) -> bytes | None:
        return next(iter(self.stream((id,))))[1]

    def stream(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The stored articles, in the order of `ids`; None for one that is not there."""
        for some in _batches(ids):
            found = {id: value for id, _, value in self._found(some)}
            for id in some:
                yield id, _checked(found.get(id))

    def take(self, wanted: Iterable[tuple[str, str]]) -> Iterator[bytes]:
        """The stored articles of (id, key), in order. Raises Unreliable for one that is not there under that key."""
        for some in _batches(wanted):
            found = {(id, key): value for id, key, value in self._found([id for id, _ in some])}
            for id, key in some:
                value = _checked(found.get((id, key)))
                if value is None:
                    raise Unreliable(id)
                yield value

    def _found(self, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        return self._rows(f"SELECT id, key, value FROM articles WHERE id IN ({','.join('?' * len(ids))})", ids)

    def save(self, items: Iterable[tuple[str, str, bytes]]) -> None:
        """Store articles: id, key, value."""
        for some in _batches((id, key, _sealed(value)) for id, key, value in items):
            self._write("INSERT OR REPLACE INTO articles VALUES (?, ?, ?)", some)

    def keep_only(self, ids: Iterable[str]) -> None:
        """Forget the articles that are no more."""
        gone = self.keys().keys() - set(ids)
        self._write("DELETE FROM articles WHERE id = ?", [(id,) for id in sorted(gone)])

    # -- the file --------------------------------------------------------------------------------------------------
    def close(self) -> None:
        """Count the build, forget what the last builds did not use, and let go of the file."""
        changed = self._db.total_changes > 0 or bool(self._used)
        for space, keys in self._used.items():
            used = [(self._build, space, key) for key in sorted(keys)]
            self._write("UPDATE entries SET build = ? WHERE space = ? AND key = ?", used)
        if changed and not self._broken:
            self._write("UPDATE build SET number = ?", [(self._build,)])
            self._write("DELETE FROM entries WHERE build < ?", [(self._build - KEEP_BUILDS,)])
        with suppress(sqlite3.Error):
            self._db.commit()
        with suppress(sqlite3.Error):
            self._db.close()
        if self._broken:
            self._remove()

    def _open(self) -> sqlite3.Connection:
        """The file, made anew when it is no cache of ours; a temporary one when there can be none."""
        for _ in range(2 if self._path else 0):
            assert self._path is not None
            with suppress(sqlite3.Error, OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                db = sqlite3.connect(self._path, timeout=10)
                if _is_ours(db):
                    return db
                db.close()
            self._remove()
        db = sqlite3.connect("")
        _is_ours(db)
        return db

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal") if self._path else ():
            assert self._path is not None
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()

    def _rows(self, query: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(query, tuple(values)).fetchall()
        except sqlite3.Error as error:
            self._failed(error)
            return []

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._full:
            return
        try:
            self._db.executemany(query, rows)
        except sqlite3.Error as error:
            self._full = True                    # do not wait for it again
            self._failed(error)

    def _failed(self, error: sqlite3.Error) -> None:
        """A busy or full disk costs this build's entries; a damaged file is removed when the build ends."""
        self._broken = self._broken or not isinstance(error, sqlite3.OperationalError) or "malformed" in str(error)


def _is_ours(db: sqlite3.Connection) -> bool:
    """Set up a new file; True for a file of this version. Losing the last writes in a crash is fine, for a cache."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = OFF")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (tables,) = db.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()
    if version == 0 and tables == 0:
        db.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
        return True
    return bool(version == VERSION and db.execute("SELECT count(*) FROM build").fetchone() == (1,))


def _sealed(value: bytes) -> bytes:
    return zlib.crc32(value).to_bytes(4, "big") + value


def _checked(stored: object) -> bytes | None:
    """The value, unless the disk has changed it."""
    if not isinstance(stored, bytes) or zlib.crc32(stored[4:]).to_bytes(4, "big") != stored[:4]:
        return None
    return stored[4:]


def _batches(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while some := list(islice(rest, _BATCH)):
        yield some
