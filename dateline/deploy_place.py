"""A place that a site is published to, and how it is brought up to date. See `deploy`."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Protocol

from dateline import check, disk
from dateline.config import Config
from dateline.errors import DatelineError, OutputError
from dateline.model import Problem

MARKER = check.MARKER
LIST = ".dateline-published"
"""In a place we publish to: the paths we put there, one a line."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """What became of the site's files at the target, or would."""

    target: str
    sent: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int


class Place(Protocol):
    """Somewhere files can be put by path."""

    @property
    def target(self) -> str:
        """What a person typed."""

    def digests(self) -> dict[str, str]:
        """Path → md5 of everything that is there."""

    def read(self, path: str) -> bytes:
        """A file's content; b"" when there is none."""

    def put(self, path: str, content: bytes) -> None:
        """Put a file there, whole or not at all."""

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files."""


# -- the way it is done ---------------------------------------------------------------------------------------------------
def synchronise(config: Config, place: Place, dry_run: bool) -> Deployed:
    """Send what differs, remove what is ours and gone."""
    there = place.digests()
    ours = listed(place.read(LIST)) if LIST in there else set()
    if there and MARKER not in there and not ours:
        raise foreign(place.target, there)
    site = config.output_dir
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    changed = [path for path in files if md5((site / path).read_bytes(), usedforsecurity=False).hexdigest() != there.get(path)]
    gone = sorted((ours & there.keys()) - set(files))
    done = Deployed(place.target, tuple(in_order(changed)), tuple(gone), len(files) - len(changed))
    if dry_run or not (changed or gone or LIST not in there):
        return done
    place.put(LIST, listing(ours | set(files)))
    for path in done.sent:
        place.put(path, (site / path).read_bytes())
    if gone:
        place.remove(gone)
    place.put(LIST, listing(files))
    return done


def foreign(target: str, there: Iterable[str]) -> OutputError:
    some = ", ".join(sorted(there)[:3])
    hint = f"choose an empty one; if it is an old site of yours, put an empty file {MARKER} into it"
    return OutputError(Problem(target, None, f"holds files that dateline did not put there ({some} …), and is left alone", hint))


def in_order(paths: Iterable[str]) -> list[str]:
    """What pages need comes before the pages, the home page after all others, the marker last of all."""
    return sorted(paths, key=lambda path: (path == MARKER, *_turn(path.removesuffix(".gz").removesuffix(".br")), path))


def _turn(path: str) -> tuple[bool, bool]:
    return path == "index.html", path.endswith(".html")


def listing(paths: Iterable[str]) -> bytes:
    return "".join(f"{path}\n" for path in sorted(paths)).encode()


def listed(content: bytes) -> set[str]:
    return {line for line in content.decode("utf-8", "replace").splitlines() if line}


# -- a folder -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or of a disk it has mounted."""

    target: str
    folder: Path

    def digests(self) -> dict[str, str]:
        with _explained(self.target):
            if not self.folder.is_dir():
                if self.folder.exists():
                    raise OutputError(Problem(self.target, None, "is a file", "name a folder"))
                return {}
            return {path.relative_to(self.folder).as_posix(): md5(path.read_bytes(), usedforsecurity=False).hexdigest()
                    for path in sorted(self.folder.rglob("*")) if path.is_file()}

    def read(self, path: str) -> bytes:
        place = self.folder / path
        return place.read_bytes() if place.is_file() else b""

    def put(self, path: str, content: bytes) -> None:
        with _explained(self.target):
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            disk.write_atomic(place, content, sync=False)

    def remove(self, paths: Sequence[str]) -> None:
        with _explained(self.target):
            for path in paths:
                place = self.folder / path
                place.unlink(missing_ok=True)
                for above in place.parents:
                    if above == self.folder or any(above.iterdir()):
                        break
                    above.rmdir()


class _explained:
    """Turn what the system says into what a person can do."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __enter__(self) -> None:
        """Nothing is to be prepared."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            hint = "mend that and publish again: it goes on where it stopped"
            raise OutputError(Problem(self.target, None, f"cannot be written: {reason} ({error.filename})", hint)) from error


def program(name: str, package: str) -> str:
    """Where a program of the system is; raises with what to install."""
    found = shutil.which(name)
    if found is None:
        raise DatelineError(Problem("", None, f"this needs the program {name}, which is not there", f"install {package}"))
    return found
