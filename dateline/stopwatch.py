"""Where the time of a build goes, by step, and which documents and templates take most of it.

in:   laps: called where one kind of work ends and another begins, in every process
out:  Profile: seconds by step, here and in the workers; the slowest documents; the templates

A lap says that all time since the last one went into a step. So nothing is counted twice and nothing nests, and the steps
of streams that pull on each other add up to the whole. What is off costs a call of an empty function, ten a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter, process_time
from typing import TypeVar

V = TypeVar("V")

KEPT = 50
"""How many of the slowest are remembered of each kind."""
WAIT = "waiting for workers"
"""The step that is no work."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step, document or template took."""

    name: str
    seconds: float
    times: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a whole build took, most expensive first."""

    here: tuple[Cost, ...]
    """Steps in the process that was called."""
    workers: tuple[Cost, ...]
    documents: tuple[Cost, ...]
    templates: tuple[Cost, ...]


Clock = Callable[[], float]
CLOCKS: Mapping[str, Clock] = {"wall": perf_counter, "cpu": process_time}
"""What seconds are measured by: those on the wall, or those in which the process had a processor."""
Sums = Mapping[tuple[str, str], tuple[float, int]]
"""(kind, name) → seconds and times. What a worker sends back."""


class Stopwatch:
    """One that is off: every call does nothing."""

    __slots__ = ()
    clock: Clock | None = None

    def start(self) -> None:
        """What came before belongs to no step."""

    def lap(self, step: str, kind: str = "", name: str = "") -> None:
        """All time since the last lap went into `step`, and into the document or template that is named."""

    def around(self, items: Iterable[V], made: Callable[[V], str], used: str) -> Iterator[V]:
        """The items as they come; making one is the step that `made` says, what is done with it is `used`."""
        return iter(items)

    def sums(self) -> Sums:
        return {}

    def add(self, sums: Sums) -> None:
        """Add what a worker has sent."""

    def profile(self) -> Profile:
        return Profile((), (), (), ())


OFF = Stopwatch()


@dataclass(slots=True)
class Running(Stopwatch):
    """One that runs.

    >>> times = iter([0.0, 0.5, 0.75, 2.0])
    >>> watch = Running(lambda: next(times))
    >>> watch.lap("read"), watch.lap("clean", "document", "seeds/a.txt"), watch.lap("read")
    (None, None, None)
    >>> watch.profile().here
    (Cost(name='read', seconds=1.75, times=2), Cost(name='clean', seconds=0.25, times=1))
    """

    clock: Clock = perf_counter
    _sums: dict[str, dict[str, tuple[float, int]]] = field(default_factory=dict)
    _last: float = field(init=False)

    def __post_init__(self) -> None:
        self._last = self.clock()

    def start(self) -> None:
        self._last = self.clock()

    def lap(self, step: str, kind: str = "", name: str = "") -> None:
        now = self.clock()
        self._count("here", step, now - self._last, 1)
        if kind:
            self._count(kind, name, now - self._last, 1)
        self._last = now

    def around(self, items: Iterable[V], made: Callable[[V], str], used: str) -> Iterator[V]:
        for item in items:
            self.lap(made(item))
            yield item
            self.lap(used)

    def sums(self) -> Sums:
        return {(kind, name): cost for kind, row in self._sums.items() for name, cost in row.items()}

    def add(self, sums: Sums) -> None:
        for (kind, name), (seconds, times) in sums.items():
            self._count("workers" if kind == "here" else kind, name, seconds, times)

    def profile(self) -> Profile:
        return Profile(*(self._slowest(kind) for kind in ("here", "workers", "document", "template")))

    def _count(self, kind: str, name: str, seconds: float, times: int) -> None:
        row = self._sums.setdefault(kind, {})
        before = row.get(name, (0.0, 0))
        row[name] = (before[0] + seconds, before[1] + times)
        if len(row) > 20 * KEPT:                 # of 100,000 documents only the slowest are of interest
            self._sums[kind] = {one.name: (one.seconds, one.times) for one in self._slowest(kind)[:KEPT]}

    def _slowest(self, kind: str) -> tuple[Cost, ...]:
        costs = [Cost(name, *cost) for name, cost in self._sums.get(kind, {}).items()]
        return tuple(sorted(costs, key=lambda cost: (-cost.seconds, cost.name)))


# -- as a table -----------------------------------------------------------------------------------------------------------
def table(profile: Profile, most: int = 8) -> Iterator[str]:
    """The profile in lines to read: seconds and share of each step, then the slowest documents and the templates."""
    steps = _by_step(profile)
    whole = sum(here + there for here, there in steps.values()) or 1.0
    yield f"{'step':<22} {'seconds':>8} {'share':>6} {'here':>8} {'workers':>8}"
    for name, (here, there) in steps.items():
        yield f"{name:<22} {here + there:>8.2f} {100 * (here + there) / whole:>5.1f}% {here:>8.2f} {there:>8.2f}"
    idle = sum(cost.seconds for cost in profile.here if cost.name == WAIT)
    yield f"{'all of it':<22} {whole:>8.2f} {'':>6} {whole - _all(profile.workers):>8.2f} {_all(profile.workers):>8.2f}"
    if idle:
        yield f"{WAIT:<22} {idle:>8.2f}"
    if profile.documents:
        yield f"\n{'slowest documents':<22} {'ms':>8}"
        yield from (f"  {cost.name:<20} {1000 * cost.seconds:>8.1f}" for cost in profile.documents[:most])
    if profile.templates:
        yield f"\n{'slowest templates':<22} {'seconds':>8} {'pages':>6} {'ms a page':>10}"
        yield from (f"  {cost.name:<20} {cost.seconds:>8.2f} {cost.times:>6} {1000 * cost.seconds / cost.times:>10.2f}"
                    for cost in profile.templates[:most])


def as_json(profile: Profile) -> dict[str, object]:
    """The same for programs."""
    return {
        "steps": [{"step": name, "here": round(here, 6), "workers": round(there, 6)}
                  for name, (here, there) in _by_step(profile).items()],
        "waiting": round(sum(cost.seconds for cost in profile.here if cost.name == WAIT), 6),
        "documents": [_json(cost) for cost in profile.documents[:KEPT]],
        "templates": [_json(cost) for cost in profile.templates[:KEPT]],
    }


def _by_step(profile: Profile) -> dict[str, tuple[float, float]]:
    """Step → seconds here and in the workers, most expensive first."""
    here = {cost.name: cost.seconds for cost in profile.here if cost.name != WAIT}
    there = {cost.name: cost.seconds for cost in profile.workers}
    both = {name: (here.get(name, 0.0), there.get(name, 0.0)) for name in {**here, **there}}
    return dict(sorted(both.items(), key=lambda row: (-sum(row[1]), row[0])))


def _all(costs: Iterable[Cost]) -> float:
    return sum(cost.seconds for cost in costs)


def _json(cost: Cost) -> dict[str, object]:
    return {"name": cost.name, "seconds": round(cost.seconds, 6), "times": cost.times}
