"""Has anything changed since the last build? If not, its report says all there is to say, at once.

in:   Config; what the disk says of every file that a build reads or has written: size, times, inode
out:  the last build's Report, with nothing written; None when anything is not just as that build left it

Nothing is read and nothing heavy is imported: a file counts as unchanged when the system says so. That can be trusted
only of files that were last changed before somebody looked, so a file as young as the look itself (as told by a marker
that is made at that moment; no clock is asked) or one that changed while the site was built leaves nothing to trust.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from time import sleep

from dateline import codec, disk
from dateline.config import Config
from dateline.model import Report, Step
from dateline.seen import Seen, dump, load

Entry = tuple[int, int, int, int, int]
"""Type and rights, size, time of content, inode, time of any change."""
Entries = Mapping[str, Entry]
PACKAGE = Path(__file__).parent
_PLAIN = 2
"""The form of marshal that writes equal values as equal bytes; four times faster than repr, and never read."""
TICK = 0.02
"""Seconds: longer than Linux takes from one time of a file to the next (4 ms)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was there before a build."""

    settings: str
    inputs: Entries
    articles: Entries
    certain: bool
    """Nothing was changed so lately that the look may have missed it."""
    report: Report | None
    """The last build's, when nothing has changed since."""


def look(config: Config, prune: bool = False) -> Look:
    """Look at every file, before anything is read."""
    inputs, articles, certain = _seen(config)
    if not certain:                              # a file written a moment ago: by the next tick of the disk's clock it is old
        sleep(TICK)
        inputs, articles, certain = _seen(config)
    settings = repr([(name, str(getattr(config, name))) for name in config.__slots__]) + f" {prune} {sys.version}"
    found = Look(settings, inputs, articles, certain, None)
    return replace(found, report=_report(config, found)) if certain else found


def _seen(config: Config) -> tuple[Entries, Entries, bool]:
    born = _marker(config)
    inputs, articles = _inputs(config), entries(config.articles_dir)
    certain = born is not None and _older(inputs, born) and _older(articles, born) and not _linked(config)
    return inputs, articles, certain


def seen(before: Look, kept: bytes | None) -> Seen:
    """What an earlier build read of the files that have not changed since; `kept` is what its `After.seen` gave."""
    return load(kept, before.inputs, before.articles)


@dataclass(frozen=True, slots=True)
class Left:
    """What a build read, and how it left the files it wrote."""

    wrote: Iterable[tuple[str, tuple[int, int, int]]]
    """Files in articles/: name; size, time and inode."""
    published: Mapping[str, tuple[int, int]]
    """Path → size and time of the files of the site."""
    held: Mapping[str, str]
    seals: Mapping[str, str]
    """Both as `seen` keeps them."""


@dataclass(frozen=True, slots=True)
class After:
    """What is there after a build, and how far it can be trusted."""

    before: Look
    left: Left
    born: int
    """The time, as the disk sees it."""
    articles: Entries
    explained: Collection[str]
    """Files in articles/ that are as they were before, or as the build left them."""

    def seen(self) -> bytes:
        """What the next build need not read again."""
        inputs, articles = self.before.inputs, self.articles
        settled = (name for name in self.left.seals if name in self.explained and _older({name: articles[name]}, self.born))
        return dump(((path, inputs[path], held) for path, held in self.left.held.items() if path in inputs),
                    ((name, articles[name], self.left.seals[name]) for name in settled))


def after(config: Config, before: Look, left: Left) -> After | None:
    """Look again when all is written; None when nothing that was seen before can be trusted."""
    born = _marker(config)
    if born is None or not before.certain:
        return None
    articles = entries(config.articles_dir)
    ours = dict(left.wrote)
    explained = {name for name, entry in articles.items() if before.articles.get(name) == entry or ours.get(name) == entry[1:4]}
    return After(before, left, born, articles, explained)


def remember(config: Config, then: After, report: Report) -> None:
    """Keep a build's report, for as long as nothing changes."""
    before, left, born = then.before, then.left, _marker(config)
    inputs, site = _inputs(config), _site(config)
    stands = all(path in site and site[path][1:3] == state for path, state in left.published.items())
    whole = stands and then.articles.keys() >= before.articles.keys() - {""}
    settled = born is not None and _older(then.articles, born) and _older(site, born)
    if inputs == before.inputs and len(then.explained) == len(then.articles) and whole and settled:
        again = replace(report, written=0, unchanged=len(left.published), deleted=0,
                        steps=(Step("unchanged", 0.0, report.documents),))
        key = _key(before.settings, inputs, then.articles, site)
        with suppress(OSError):
            disk.write_atomic(_path(config), key.encode() + b"\n" + codec.encode(again), sync=False)


def _report(config: Config, found: Look) -> Report | None:
    try:
        key, _, stored = _path(config).read_bytes().partition(b"\n")
        if key.decode("ascii", "replace") != _key(found.settings, found.inputs, found.articles, _site(config)):
            return None
        return codec.decode(stored, Report)
    except (OSError, ValueError):
        return None


def _path(config: Config) -> Path:
    return config.state_dir / "last"


def _key(settings: str, *parts: Entries) -> str:
    digest = blake2b(settings.encode("utf-8", "surrogatepass"), digest_size=16)
    for part in parts:
        digest.update(marshal.dumps(sorted(part.items()), _PLAIN))
    return digest.hexdigest()


# -- what the disk says ---------------------------------------------------------------------------------------------------
def entries(folder: Path) -> dict[str, Entry]:
    """Everything in a folder, by its path; links are entries, never followed. A folder that is not there has nothing."""
    found: dict[str, Entry] = {}
    stack = [(os.fspath(folder), "")]
    while stack:
        path, inside = stack.pop()
        try:
            with os.scandir(path) as listed:
                for entry in listed:
                    if entry.is_dir(follow_symlinks=False):
                        stack.append((entry.path, f"{inside}{entry.name}/"))
                        found[f"{inside}{entry.name}/"] = (entry.stat().st_mode, 0, 0, 0, 0)
                    else:                        # all the time of a build that has nothing to do goes into these two lines
                        state = entry.stat(follow_symlinks=False)
                        found[inside + entry.name] = (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns)
        except OSError as error:
            found[inside] = (-1, error.errno or 0, 0, 0, 0)
    return found


def _entry(state: os.stat_result) -> Entry:
    return state.st_mode, state.st_size, state.st_mtime_ns, state.st_ino, state.st_ctime_ns


def _inputs(config: Config) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for folder in (config.seeds_dir, *_layers(config)):
        found |= {f"{folder}/{path}": entry for path, entry in entries(folder).items()}
    found |= {f"code/{name}": entry for name, entry in entries(PACKAGE).items() if name.endswith(".py")}
    with suppress(OSError):
        found["dateline.yml"] = _entry((config.root / "dateline.yml").stat())
    return found


def _site(config: Config) -> dict[str, Entry]:
    listed = entries(config.state_dir / "published")
    return {**entries(config.output_dir), **{f"\0{name}": entry for name, entry in listed.items()}}


def _layers(config: Config) -> list[Path]:
    return [folder for name in ("data", "templates", "assets") for folder in config.layers(name)]


def _linked(config: Config) -> bool:
    """A link in templates/ or the like is followed when it is read: what it leads to was not looked at."""
    return any(entry.is_symlink() for folder in _layers(config) for entry in (folder, *folder.rglob("*")))


def _marker(config: Config) -> int | None:
    """The time, as the disk sees it; None where that cannot be had."""
    path = config.state_dir / ".now"
    with suppress(OSError):
        config.state_dir.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        return _changed(_entry(disk.write_new(path, ())))
    return None


def _older(found: Entries, born: int) -> bool:
    return all(_changed(entry) < born for entry in found.values())


def _changed(entry: Entry) -> int:
    # Windows tells when a file was made, not when it was changed
    return max(entry[2], entry[4]) if sys.platform == "win32" else entry[4]
