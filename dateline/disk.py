"""Files and folders, changed so that a crash, a full disk or a second process cannot leave them half done.

Foundation for `publish` and `articles`; knows nothing of news.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_WHERE_KNOWN = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_BINARY", "O_CLOEXEC"))
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _WHERE_KNOWN
_EXCHANGE = 2                                    # RENAME_EXCHANGE of renameat2(2)
_AT_FDCWD = -100


def write_atomic(path: Path, content: bytes, *, sync: bool = True) -> os.stat_result:
    """Put `content` at `path`: after a crash there is the old file or the new one, whole. A link there is replaced.

    Without `sync`, for what can be made again; the caller syncs the disk when a batch of files is done.
    """
    beside = path.parent / f".dateline-{secrets.token_hex(8)}.tmp"
    try:
        state = write_new(beside, (content,), sync=sync)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    if sync:
        sync_folder(path.parent)
    return state


def write_new(path: Path | str, content: Iterable[bytes], *, sync: bool = False) -> os.stat_result:
    """Create a file; never opens one that is there (it may be a link, or another name of a file in use)."""
    number = os.open(path, CREATE, 0o666)
    try:
        for piece in content:
            view = memoryview(piece)
            while view:
                view = view[os.write(number, view) :]
        if sync:
            os.fsync(number)
        return os.fstat(number)
    except OSError as error:
        error.filename = os.fspath(path)         # a write says only what went wrong, not where
        raise
    finally:
        os.close(number)


def sync_folder(path: Path) -> None:
    """Make the names in a folder last; a system that cannot do it has no need to."""
    with contextlib.suppress(OSError):
        sync_file(path)


def sync_file(path: Path) -> None:
    """Make a file's content last."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_all(folder: Path) -> None:
    """Make everything on this folder's disk last, in one call where the system has one."""
    libc = _libc()
    if libc is None or not hasattr(libc, "syncfs"):
        if hasattr(os, "sync"):
            os.sync()
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        libc.syncfs(number)
    finally:
        os.close(number)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step. False where the system or its disk cannot: nothing was done then."""
    libc = _libc()
    if libc is None or not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(number, os.strerror(number), str(one))


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Locked(Exception):
    """Somebody else holds the lock; says who, as far as is known."""


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold a lock file; it is free again when the process ends, however it ends."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    number = os.open(path, flags, 0o666)
    try:
        try:
            _lock(number)
        except OSError as error:
            raise Locked(os.read(number, 40).decode("ascii", "replace").strip()) from error
        os.ftruncate(number, 0)
        os.write(number, f"{os.getpid()}\n".encode("ascii"))
        yield
    finally:
        os.close(number)


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        os.lseek(number, 1 << 20, os.SEEK_SET)   # beyond what is written, which others may then read
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        os.lseek(number, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
