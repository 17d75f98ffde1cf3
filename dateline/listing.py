"""What the disk says of files, without reading them: type and rights, size, time of content, inode, time of any change.

in:   places: a folder with all that is below it or without, the code in a folder, one file, whether something is a link
out:  their folders, one by one, each with its names and what is said of them; or a digest of all that

Two looks that give the same digest saw the same files, none of them changed in between. Next to nothing is imported, and
each step over the names of a folder is a call of C: on 65,000 files a loop in Python took half as long again.
"""

# ruff: noqa: PTH116, PTH208  (importing pathlib takes as long as looking at 2,000 files)

from __future__ import annotations

import os
import sys
from hashlib import blake2b
from marshal import dumps
from operator import attrgetter, itemgetter
from stat import S_ISDIR, S_ISLNK

TYPE_CHECKING = False
if TYPE_CHECKING:                                # importing typing takes as long as looking at 1,500 files
    from collections.abc import Iterable, Iterator

Entry = tuple[int, int, int, int, int]
"""Type and rights, size, time of content, inode, time of any change. Of a folder in a folder only the first counts."""
Folder = tuple[bytes, list[bytes], list[Entry]]
"""Its path in the place, ending in "/" ("" for the place itself); its names in order; what the disk says of each.

One that cannot be read has one name, "", with no type, and the number of the error for size."""
Place = tuple[str, str]
"""A kind (one of KINDS) and a path."""

entry = attrgetter("st_mode", "st_size", "st_mtime_ns", "st_ino", "st_ctime_ns")
"""os.stat_result → Entry."""
_mode = itemgetter(0)


def _latest(one: Entry) -> int:
    return max(one[2], one[4])               # Windows tells when a file was made, not when it was changed


changed = _latest if sys.platform == "win32" else itemgetter(4)
"""When a file was changed."""
_PLAIN = 2
"""The form of marshal that writes equal values as equal bytes; four times faster than repr, and never read."""


def tree(path: str, enter: bool = False) -> Iterator[Folder]:
    """A folder and all folders below it; links are entries, never followed. One that is not there is one that cannot be read.

    With `enter` the process goes into each folder, and stays in the last one: the system then walks no way to each file, which
    is a quarter of the time. `path` is absolute then.
    """
    top, inner = os.fsencode(path) + b"/", [b""]
    while inner:
        inside = inner.pop()
        names, said = _entered(top + inside) if enter else _listed(top + inside)
        if any(map(S_ISDIR, set(map(_mode, said)))):
            folders = [number for number, one in enumerate(said) if S_ISDIR(one[0])]
            inner += [inside + names[number] + b"/" for number in folders]
            for number in folders:               # its times change with every file that comes and goes in it
                said[number] = (said[number][0], 0, 0, 0, 0)
        yield inside, names, said


def _entered(folder: bytes) -> tuple[list[bytes], list[Entry]]:
    try:
        os.chdir(folder)
    except OSError:                              # it may be read all the same
        return _listed(folder)
    return _listed(b"")


def _listed(folder: bytes) -> tuple[list[bytes], list[Entry]]:
    """Of a folder, by its path ending in "/"; "" is the one the process is in."""
    try:
        names = sorted(os.listdir(folder or b"."))
    except OSError as error:
        return [b""], [_silent(error)]
    try:
        return names, list(map(entry, map(os.lstat, map(folder.__add__, names))))
    except OSError:                              # gone since it was listed: who is left is asked again
        return names, [_state(folder + name) for name in names]


def _state(path: bytes) -> Entry:
    try:
        return entry(os.lstat(path))
    except OSError as error:
        return _silent(error)


def _silent(error: OSError) -> Entry:
    return 0, error.errno or 0, 0, 0, 0


def top(path: str) -> Iterator[Folder]:
    """A folder without what is in its folders."""
    yield next(tree(path))


def folders(path: str) -> list[str]:
    """The folders in a folder, by their paths."""
    names, said = _listed(os.fsencode(path) + b"/")
    return [f"{path}/{os.fsdecode(name)}" for name, one in zip(names, said, strict=True) if S_ISDIR(one[0])]


def code(path: str) -> Iterator[Folder]:
    """The modules in a folder."""
    names, said = _listed(os.fsencode(path) + b"/")
    found = [number for number, name in enumerate(names) if name.endswith(b".py") or not name]
    yield b"", [names[number] for number in found], [said[number] for number in found]


def file(path: str) -> Iterator[Folder]:
    """One file; where it is a link, that to which it leads."""
    try:
        yield b"", [b""], [entry(os.stat(path))]
    except OSError as error:
        yield b"", [b""], [_silent(error)]


def way(path: str) -> Iterator[Folder]:
    """Only whether it is a link."""
    yield b"", [b""], [(S_ISLNK(_state(os.fsencode(path))[0]), 0, 0, 0, 0)]


KINDS = {"tree": tree, "top": top, "code": code, "file": file, "way": way}


def look(place: Place) -> Iterator[Folder]:
    kind, path = place
    return KINDS[kind](path)


def digest(place: Place, seen: Iterable[Folder] | None = None) -> str:
    """Stands for all that the disk says of a place (`seen`: for who has looked)."""
    found = blake2b(dumps(place, _PLAIN), digest_size=16)
    for folder in look(place) if seen is None else seen:
        found.update(dumps(folder, _PLAIN))
    return found.hexdigest()


def youngest(seen: Iterable[Folder]) -> int:
    """When the last of these files was changed; 0 for none."""
    return max((max(map(changed, said), default=0) for _, _, said in seen), default=0)


def linked(seen: Iterable[Folder]) -> bool:
    """Whether one of these is a link."""
    return any(S_ISLNK(mode) for _, _, said in seen for mode in set(map(_mode, said)))


def named(seen: Iterable[Folder], before: str = "") -> dict[str, Entry]:
    """Path → what the disk says of it; `before` is put before every path."""
    found: dict[str, Entry] = {}
    for inside, names, said in seen:
        start = before + os.fsdecode(inside)
        found.update(zip(map(start.__add__, map(os.fsdecode, names)), said, strict=True))
    return found
