"""Has anything changed since the last build? If not, its report says all there is to say, at once.

in:   Config; what the disk says of every file that a build reads or has written: size, times, inode
out:  the last build's Report, with nothing written; None when anything is not just as that build left it

Nothing is read and nothing heavy is imported: a file counts as unchanged when the system says so. That can be trusted
only of files that were last changed before somebody looked, so a file as young as the look itself (as told by a marker
that is made at that moment; no clock is asked) or one that changed while the site was built leaves nothing to trust.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from stat import S_ISREG
from time import sleep

from dateline import codec, disk, libraries, listing
from dateline.config import Config, written
from dateline.listing import Entry, Folder, Place
from dateline.model import Report, Step
from dateline.seen import Seen, dump, load

Entries = Mapping[str, Entry]
PACKAGE = Path(__file__).parent
TICK = 0.02
"""Seconds: longer than Linux takes from one time of a file to the next (4 ms)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was there before a build."""

    settings: str
    """A digest."""
    report: Report | None = None
    """The last build's, when nothing has changed since; then nothing else is told."""
    seeds: Entries = field(default_factory=dict)
    articles: Entries = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    """What stands for each place that is read."""
    certain: bool = False
    """Nothing was changed so lately that the look may have missed it."""

    @property
    def documents(self) -> int:
        """About how many there are in seeds/, for choosing whether a pool of workers pays."""
        return sum(1 + size // 50_000 for mode, size, *_ in self.seeds.values() if S_ISREG(mode))


@dataclass(frozen=True, slots=True)
class Last:
    """What is kept of a build, for as long as nothing changes."""

    seals: tuple[str, ...]
    """What stood for each of `places`."""
    report: Report


def look(config: Config, prune: bool = False) -> Look:
    """Look at every file, before anything is read."""
    settings, last, now = _settings(config, prune), kept(config, prune), _Now.of(config)
    if last is not None and _stands(config, now, last.seals):
        return Look(settings, last.report)
    if not now.certain(config):                  # a file written a moment ago: by the next tick of the disk's clock it is old
        sleep(TICK)
        now = _Now.of(config)
    seeds, *_ = now.inputs
    return Look(settings, None, listing.named(seeds.folders, f"{config.seeds_dir}/"), listing.named(now.articles.folders),
                now.seals, now.certain(config))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen of a place."""

    place: Place
    folders: tuple[Folder, ...]
    seal: str

    @classmethod
    def of(cls, place: Place) -> _Seen:
        folders = tuple(listing.look(place))
        return cls(place, folders, listing.digest(place, folders))


@dataclass(frozen=True, slots=True)
class _Now:
    """What a build would read, and when that was looked at."""

    born: int | None
    inputs: tuple[_Seen, ...]
    articles: _Seen

    @classmethod
    def of(cls, config: Config) -> _Now:
        return cls(_marker(config), tuple(map(_Seen.of, _inputs(config))), _Seen.of(_articles(config)))

    @property
    def seals(self) -> tuple[str, ...]:
        return tuple(one.seal for one in self.inputs)

    def certain(self, config: Config) -> bool:
        youngest = max(listing.youngest(one.folders) for one in (*self.inputs, self.articles))
        return self.born is not None and youngest < self.born and not self.linked(config)

    def linked(self, config: Config) -> bool:
        """A link in templates/ or the like is followed when it is read: what it leads to was not looked at."""
        layers = set(map(str, _layers(config)))
        return any(Path(one.place[1]).is_symlink() or listing.linked(one.folders) for one in self.inputs if one.place[1] in layers)


def _stands(config: Config, now: _Now, seals: tuple[str, ...]) -> bool:
    """Whether all is as it was. Then no file is as young as this look: all were older than an earlier one."""
    known = (*now.seals, now.articles.seal)
    return seals[:len(known)] == known and not now.linked(config) and seals[len(known):] == tuple(map(listing.digest, _site(config)))


def seen(before: Look, kept: bytes | None) -> Seen:
    """What an earlier build read of the files that have not changed since; `kept` is what its `After.seen` gave."""
    return load(kept, before.seeds, before.articles)


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
    seal: str
    """What stands for articles/."""
    explained: Collection[str]
    """Files in articles/ that are as they were before, or as the build left them."""

    def seen(self) -> bytes:
        """What the next build need not read again."""
        seeds, articles = self.before.seeds, self.articles
        settled = (name for name in self.left.seals if name in self.explained and listing.changed(articles[name]) < self.born)
        return dump(((path, seeds[path], held) for path, held in self.left.held.items() if path in seeds),
                    ((name, articles[name], self.left.seals[name]) for name in settled))


def after(config: Config, before: Look, left: Left) -> After | None:
    """Look again when all is written; None when nothing that was seen before can be trusted."""
    born = _marker(config)
    if born is None or not before.certain:
        return None
    found = _Seen.of(_articles(config))
    articles = listing.named(found.folders)
    ours = dict(left.wrote)
    explained = {name for name, entry in articles.items() if before.articles.get(name) == entry or ours.get(name) == entry[1:4]}
    return After(before, left, born, articles, found.seal, explained)


def remember(config: Config, then: After, report: Report) -> None:
    """Keep a build's report, for as long as nothing changes."""
    before, left, born = then.before, then.left, _marker(config)
    inputs = tuple(map(listing.digest, _inputs(config)))
    site = _Site(str(config.output_dir), left.published)
    seals = (*inputs, then.seal, *(listing.digest(place, site.checked(place)) for place in _site(config)))
    whole = site.found == len(left.published) and then.articles.keys() >= before.articles.keys() - {""}
    settled = born is not None and site.youngest < born and all(listing.changed(entry) < born for entry in then.articles.values())
    if inputs == before.inputs and len(then.explained) == len(then.articles) and whole and settled:
        again = replace(report, written=0, unchanged=len(left.published), deleted=0,
                        steps=(Step("unchanged", 0.0, report.documents),))
        with suppress(OSError):
            disk.write_atomic(_path(config), f"{before.settings}\n{' '.join(seals)}\n".encode() + codec.encode(again), sync=False)


@dataclass(slots=True)
class _Site:
    """Looks at the files of the site as they go by."""

    root: str
    published: Mapping[str, tuple[int, int]]
    found: int = 0
    """How many stand as they were published."""
    youngest: int = 0

    def checked(self, place: Place) -> Iterator[Folder]:
        inside = place[1].removeprefix(self.root)[1:]
        before = f"{inside}/" if inside else ""
        for folder in listing.look(place):
            self.youngest = max(self.youngest, listing.youngest((folder,)))
            self.found += sum(self.published.get(path) == entry[1:3] for path, entry in listing.named((folder,), before).items())
            yield folder


def kept(config: Config, prune: bool = False) -> Last | None:
    """What the last build left for those who ask the same again."""
    try:
        settings, seals, stored = _path(config).read_bytes().split(b"\n", 2)
        same = settings.decode("ascii") == _settings(config, prune)
        return Last(tuple(seals.decode("ascii").split()), codec.decode(stored, Report)) if same else None
    except (OSError, ValueError):
        return None


def _path(config: Config) -> Path:
    return config.state_dir / "last"


def _settings(config: Config, prune: bool) -> str:
    settings = repr([(name, str(getattr(config, name))) for name in config.__slots__]) + f" {prune} {sys.version}"
    return blake2b(settings.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# -- what is looked at ----------------------------------------------------------------------------------------------------
def places(config: Config) -> tuple[Place, ...]:
    """All that a build reads or has written."""
    return *_inputs(config), _articles(config), *_site(config)


def _inputs(config: Config) -> tuple[Place, ...]:
    """The seeds first. Of the folders of libraries only their own times: they change when one is installed or removed."""
    missing = [config.root / name for name in _LAYERS if not (config.root / name).is_dir()]     # until somebody makes one
    return (("tree", str(config.seeds_dir)), ("code", str(PACKAGE)), ("file", str(config.root / "dateline.yml")),
            *(("file", folder) for folder in libraries.folders()),
            *(("tree", str(folder)) for folder in (*_layers(config), *missing)))


def _articles(config: Config) -> Place:
    return "tree", str(config.articles_dir)


def _site(config: Config) -> tuple[Place, ...]:
    """The site, which has as many files as all else, in portions that may be looked at at once."""
    site = str(config.output_dir)
    return ("top", site), *(("tree", folder) for folder in listing.folders(site)), ("tree", str(config.state_dir / "published"))


def own(config: Config) -> list[str]:
    """The project's own paths by which a build goes, each folder on the way included."""
    root = Path(os.path.abspath(config.root))    # noqa: PTH100  (resolve() follows links, and these may be some)
    used = (*written(config), config.seeds_dir, *(config.root / name for name in _LAYERS))
    ways = [(path, *path.parents) for path in (Path(os.path.abspath(one)) for one in used)]     # noqa: PTH100
    return sorted({str(step) for way in ways for step in way if step.is_relative_to(root) and step != root} | {str(way[0]) for way in ways})


_LAYERS = ("data", "templates", "assets")


def _layers(config: Config) -> list[Path]:
    return [folder for name in _LAYERS for folder in config.layers(name)]


def _marker(config: Config) -> int | None:
    """The time, as the disk sees it; None where that cannot be had."""
    path = config.state_dir / ".now"
    with suppress(OSError):
        config.state_dir.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        return listing.changed(listing.entry(disk.write_new(path, ())))
    return None
