"""Outputs → the site's folder. The only writer of the site.

in:   Outputs, streamed: no more than one is in memory
out:  Published: how many files were written, unchanged, deleted; or OutputError, and then the site is as it was

Beside the output folder `site/` stands a hidden `.site.dateline/` with a spare copy of the site, made of hard links, so
it costs no space. A changed page is written into the spare; when all pages have come, the spare is brought up to date
and takes the site's place in one step. A build that is killed, or that runs out of disk, has touched nothing but the
spare. The next build does not trust it: a file there counts only if it is the very file (inode) that the site has.

What the site is made of is listed in `.dateline/published/`: digest, size and time of each file. A file whose size and
time are as listed is not read again. Only listed files are ever removed; what a person put into the folder stays.
Without the list the folder is compared by content.

Before a site is replaced, what was written is synced to the disk; a first site is not, since there is nothing to lose.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path

from dateline import disk, lasting
from dateline.config import Config
from dateline.disk import write_atomic
from dateline.errors import OutputError
from dateline.model import DIGEST, Output, Problem, Standing, Stream
from dateline.sitepaths import Paths

__all__ = ["MARKER", "Published", "publish", "renew", "write_atomic"]

MARKER = ".dateline-site"
"""A folder with this file in it was made by us; it names the list of what we put there."""
_MARK = "This folder is written by dateline. Files that you add stay; files that dateline made are replaced.\n"
SYNC_EACH = 100
"""Up to so many new files are synced one by one; more, and the whole disk is synced once."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the outputs."""

    written: int
    unchanged: int
    deleted: int
    problems: tuple[Problem, ...] = ()
    changed: tuple[str, ...] = field(default=(), compare=False)
    """Paths of the files written."""
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    """Path → size and time of all files of the site, as this build left them."""


File = Output | Stream | Standing


def publish(outputs: Iterable[File], config: Config) -> Published:
    """Make the output folder hold exactly `outputs`, and what people put there. Raises what `renew` raises."""
    return renew(lambda standing: outputs, config)


def renew(outputs: Callable[[Mapping[str, str]], Iterable[File]], config: Config) -> Published:
    """The same for outputs that are made knowing what stands: path → digest of every file that is as it was published.

    Raises OutputError, with the site as it was, when a path cannot be a file's or two are one; when the folder is not
    ours; when it cannot be written; when another build is writing it.
    """
    site = config.output_dir
    aside = site.parent / f".{site.name}.dateline"
    with _explained(site, aside):
        _prepare(site, aside)
        with disk.lock(aside / "lock"):
            _recover(site, aside)
            _must_be_ours(site)
            return _Build(site, aside / "spare", Lists(config.state_dir / "published")).run(outputs)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()[:DIGEST]


# Whose folder is it? --------------------------------------------------------------------------------------------------
@contextmanager
def _explained(site: Path, aside: Path) -> Iterator[None]:
    """Turn what the system says into what a person can do."""
    try:
        yield
    except disk.Locked as error:
        raise _error(site, f"another build is writing it (process {error})", "wait until it has ended") from None
    except OSError as error:
        shutil.rmtree(aside / "spare", ignore_errors=True)       # a full disk gets its room back
        reason = error.strerror or str(error)
        hint = "free some space, or choose another folder with  output:  in dateline.yml; the site is as it was"
        if isinstance(error, PermissionError):
            hint = "check that you may write there and in the folder above; the site is as it was"
        raise _error(site, f"cannot be written: {reason} ({error.filename or 'while writing'})", hint) from error


def _error(site: Path, message: str, hint: str) -> OutputError:
    return OutputError(Problem(str(site), None, message, hint))


def _prepare(site: Path, aside: Path) -> None:
    if site.is_symlink():
        raise _error(site, "is a link", "name the folder it leads to as  output:  in dateline.yml")
    if site.exists() and not site.is_dir():
        raise _error(site, "is a file", "choose another folder with  output:  in dateline.yml")
    site.parent.mkdir(parents=True, exist_ok=True)
    if aside.is_symlink() or (aside.exists() and not aside.is_dir()):
        raise _error(aside, "is not the folder that dateline keeps its spare copy in", "remove it")
    if not aside.exists():
        _must_be_ours(site)                      # leave nothing beside a folder that is refused
        aside.mkdir(exist_ok=True)
    if not (aside / ".gitignore").exists():
        write_atomic(aside / ".gitignore", b"*\n")


def _recover(site: Path, aside: Path) -> None:
    """Finish a switch that was cut between its two renames (only where folders cannot be exchanged in one step)."""
    old = aside / "old"
    if old.is_dir():
        if site.exists():
            shutil.rmtree(old)
        else:
            old.rename(site)


def _must_be_ours(site: Path) -> None:
    if not site.exists() or (site / MARKER).is_file() or not any(site.iterdir()):
        return
    raise _error(
        site,
        "holds files that dateline did not make, and is left alone",
        f"choose another folder with  output:  in dateline.yml, or empty it; if it is an old site of yours, add an "
        f"empty file {MARKER} to it",
    )


# What was published ---------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Known:
    """A file of the site as it stands."""

    inode: int
    size: int
    modified: int
    digest: str | None = None
    """None: to be read from the file when it is needed."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of what sites are made of, each named by its own digest; a damaged one is as good as none."""

    folder: Path

    def read(self, name: str) -> dict[str, tuple[str, int, int]] | None:
        """path → digest, size, time; None when there is no such list."""
        try:
            lines = (self.folder / f"{name}.tsv").read_text("utf-8").splitlines()
            rows = (line.split("\t") for line in lines)
            listed = {path: (digest, int(size), int(modified)) for digest, size, modified, path in rows}
        except (OSError, ValueError):
            return None
        return listed if self.name({path: row[0] for path, row in listed.items()}) == name else None

    def write(self, files: dict[str, _Known], keep: tuple[str, ...]) -> str:
        """Store the list and drop all others but `keep`. Returns its name."""
        name = self.name({path: known.digest or "" for path, known in files.items()})
        lines = [f"{known.digest}\t{known.size}\t{known.modified}\t{path}\n" for path, known in sorted(files.items())]
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomic(self.folder / f"{name}.tsv", "".join(lines).encode("utf-8"))
        for other in self.folder.iterdir():
            if other.stem not in (name, *keep):
                other.unlink()
        return name

    @staticmethod
    def name(digests: dict[str, str]) -> str:
        listed = "".join([f"{digests[path]} {path}\n" for path in sorted(digests)])
        return sha256(listed.encode("utf-8")).hexdigest()[:32]


def _marked(folder: Path) -> str:
    """The name of the list of what is in a folder, "" when it does not say."""
    try:
        return (folder / MARKER).read_text("utf-8").rpartition("\n\n")[2].strip()
    except (OSError, ValueError):
        return ""


def _walk(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything in a folder that is not a real folder, by its path; links are entries, never followed."""
    stack = [(str(folder), "")]
    while stack:
        path, inside = stack.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append((entry.path, f"{inside}{entry.name}/"))
                else:
                    yield inside + entry.name, entry


# Building -------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Build:
    """One publish: what stands in the site, what came, and the spare that becomes the site."""

    site: Path
    spare: Path
    lists: Lists
    old: dict[str, _Known] = field(default_factory=dict)
    """Files of the site that we made."""
    foreign: dict[str, int] = field(default_factory=dict)
    """path → inode of what others put there: files, links, anything."""
    new: dict[str, _Known] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    reread: int = 0
    folders: set[str] = field(default_factory=set)
    copies: bool = False
    """The disk has no hard links."""

    def run(self, outputs: Callable[[Mapping[str, str]], Iterable[File]]) -> Published:
        mark = _marked(self.site)
        with lasting.values():
            listed = self.lists.read(mark)
            sure = listed is not None
            self._look(listed)
            del listed                           # a build goes on for long, and this is large
            standing = {path: known.digest for path, known in self.old.items() if known.digest}
        paths = Paths(MARKER)
        for output in outputs(standing):
            paths.add(output.path)
            self._take(output)
        gone = self.old.keys() - self.new.keys()
        problems = self._notes(set() if sure else gone)
        if not sure:                             # whose they are is not known: they stay
            self.foreign |= {path: self.old[path].inode for path in gone}
            gone = set()
        if self.written or gone or mark != self._name():
            self._complete()
            self._switch(mark)
        elif self.reread or not sure:
            self.lists.write(self.new, ())
        changed = tuple(sorted(self.written))
        files = {path: (known.size, known.modified) for path, known in self.new.items()}
        return Published(len(changed), len(files) - len(changed), len(gone), problems, changed, files)

    def _name(self) -> str:
        return Lists.name({path: known.digest or "" for path, known in self.new.items()})

    def _look(self, listed: dict[str, tuple[str, int, int]] | None) -> None:
        if not self.site.is_dir():
            return
        for path, entry in _walk(self.site):
            if path == MARKER:
                continue
            if not entry.is_file(follow_symlinks=False) or (listed is not None and path not in listed):
                self.foreign[path] = entry.inode()
                continue
            state = entry.stat(follow_symlinks=False)
            digest, size, modified = listed[path] if listed else (None, -1, -1)
            sure = (size, modified) == (state.st_size, state.st_mtime_ns)
            self.old[path] = _Known(state.st_ino, state.st_size, state.st_mtime_ns, digest if sure else None)

    def _take(self, output: File) -> None:
        """Count the output as unchanged, or write it into the spare."""
        path = output.path
        if isinstance(output, Standing):
            self._stay(path)
            return
        poured = self._write(path, output) if isinstance(output, Stream) else None
        made, known = output.digest, self.old.get(path)
        if known is not None and known.digest is None and known.size == output.size:
            known.digest = _digest_of(self.site / path)
            self.reread += 1
        if known is not None and known.digest == made:
            self.new[path] = known
            if poured is not None:
                (self.spare / path).unlink()
            return
        state = poured or self._write(path, (output.content,) if isinstance(output, Output) else ())
        self.new[path] = _Known(state.st_ino, state.st_size, state.st_mtime_ns, made)
        self.written.add(path)

    def _stay(self, path: str) -> None:
        """Keep a file whose maker was told that it stands as it was published."""
        known = self.old.get(path)
        if known is None or known.digest is None:
            raise _error(self.site, f"{path} was changed while the site was built", "build again")
        self.new[path] = known

    def _not_somebodys(self, path: str) -> None:
        """Refuse to replace what a person put into the folder, or to write where a link would lead."""
        if not self.foreign:
            return
        parts = path.split("/")
        above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
        taken = next((place for place in above if place in self.foreign), None)
        taken = taken or next((place for place in self.foreign if place.startswith(path + "/")), None)
        if taken is not None:
            message = f"dateline did not put {_shown(taken)} there, and {path} would take its place"
            raise _error(self.site, message, "move it away, and build again")

    def _write(self, path: str, content: Iterable[bytes]) -> os.stat_result:
        self._not_somebodys(path)
        self._folder(path.rpartition("/")[0])
        target = f"{self.spare}/{path}"
        try:
            return disk.write_new(target, content)
        except FileExistsError:                  # before anything was asked of the content
            _remove(Path(target))
            return disk.write_new(target, content)

    def _folder(self, path: str) -> None:
        """Make a folder of the spare, and be sure it is one and no link."""
        if path in self.folders:
            return
        if path:
            self._folder(path.rpartition("/")[0])
        place = self.spare / path
        try:
            place.mkdir()
        except FileExistsError:
            if place.is_symlink() or not place.is_dir():
                place.unlink()
                place.mkdir()
        self.folders.add(path)

    # -- the spare becomes the site ---------------------------------------------------------------------------------
    def _complete(self) -> None:
        """Bring the spare up to date: link what is unchanged or somebody's, remove what is in neither."""
        self._folder("")
        linkable = not self.site.exists() or self.site.stat().st_dev == self.spare.stat().st_dev
        there = {path: entry.inode() if linkable else -1 for path, entry in _walk(self.spare)}
        wanted = self.foreign | {path: known.inode for path, known in self.new.items() if path not in self.written}
        for path in sorted(there.keys() - wanted.keys() - self.written):
            (self.spare / path).unlink()
            self._prune(path)
        for path, inode in wanted.items():
            if there.get(path) != inode:
                self._bring(path, path in there)

    def _prune(self, path: str) -> None:
        """Remove the folders that a removed file leaves empty."""
        with suppress(OSError):
            while path := path.rpartition("/")[0]:
                (self.spare / path).rmdir()
                self.folders.discard(path)

    def _bring(self, path: str, there: bool) -> None:
        """The site's own file, under a second name in the spare."""
        self._folder(path.rpartition("/")[0])
        if not there and self._link(path):       # nearly all of them, so nothing more is asked
            return
        source, target = self.site / path, self.spare / path
        if there:
            if self.copies and _alike(source, target):
                return
            target.unlink()
        elif target.is_dir() and not target.is_symlink():
            _remove(target)
        if self._link(path):
            return
        self.copies = True                       # FAT, some network disks
        shutil.copy2(source, target, follow_symlinks=False)

    def _link(self, path: str) -> bool:
        """Whether the site's file has its second name now."""
        if self.copies:
            return False
        try:
            os.link(f"{self.site}/{path}", f"{self.spare}/{path}", follow_symlinks=False)
        except OSError:
            return False
        return True

    def _switch(self, mark: str) -> None:
        name = self.lists.write(self.new, (mark,))
        self._write(MARKER, (f"{_MARK}\n{name}\n".encode(),))
        if not self.site.exists():
            self.spare.rename(self.site)
            return
        shutil.copymode(self.site, self.spare)
        self._sync()
        if not disk.exchange(self.spare, self.site):
            old = self.spare.parent / "old"
            self.site.rename(old)
            self.spare.rename(self.site)
            old.rename(self.spare)
        disk.sync_folder(self.site.parent)
        disk.sync_folder(self.spare.parent)

    def _sync(self) -> None:
        if len(self.written) > SYNC_EACH:
            disk.sync_all(self.spare)
            return
        for path in (*self.written, MARKER):
            disk.sync_file(self.spare / path)
        for folder in {path.rpartition("/")[0] for path in self.new}:
            disk.sync_folder(self.spare / folder)

    def _notes(self, unsure: set[str]) -> tuple[Problem, ...]:
        notes = []
        if self.foreign:
            count = f"{len(self.foreign):,}"
            message = f"holds {count} files that dateline did not put there; they stay: {_some(self.foreign)}"
            notes.append(Problem(str(self.site), None, message, "", "note"))
        if unsure:
            message = f"the list of published files is lost; {len(unsure):,} files may be old pages: {_some(unsure)}"
            notes.append(Problem(str(self.site), None, message, "remove them if nobody needs them", "warning"))
        return tuple(notes)


def _some(paths: Iterable[str]) -> str:
    chosen = sorted(map(_shown, paths))
    return ", ".join(chosen[:5]) + (" …" if len(chosen) > 5 else "")


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _alike(one: Path, other: Path) -> bool:
    first, second = one.lstat(), other.lstat()
    return (first.st_size, first.st_mtime_ns) == (second.st_size, second.st_mtime_ns)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
