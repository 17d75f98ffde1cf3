"""What a build says while it runs and when it is done: lines for people, or one JSON object a line for programs.

in:   a Progress's calls (step, how many are done, about how many there are); a Report
out:  lines, handed to `say`; nothing is printed here

    {"event": "progress", "step": "documents", "done": 640, "total": 1000, "seconds": 4.1, "rate": 156.1}
    {"event": "step", "step": "documents", "done": 1000, "seconds": 6.4}
    {"event": "problem", "severity": "warning", "where": "seeds/a.txt", "line": 3, "message": "…", "hint": "…"}
    {"event": "profile", "steps": [{"step": "tag", "here": 0.0, "workers": 1.9}, …], "documents": […], "templates": […]}
    {"event": "summary", "documents": 1000, "articles": 998, …, "seconds": 19.2, "output": "site/index.html"}
    {"event": "failed", "seconds": 0.2}             in place of the summary: nothing was built; the problems say why
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from json import dumps
from time import monotonic

from dateline.model import Problem, Report
from dateline.stopwatch import Profile, as_json

Say = Callable[[str], None]
OFTEN, SELDOM = 1.0, 10.0
"""Seconds between two lines on the same step: for programs, for people."""


@dataclass(slots=True)
class Pace:
    """How far a step is, since when, and when somebody was last told."""

    clock: Callable[[], float]
    step: str = ""
    done: int = 0
    total: int | None = None
    began: float = 0.0
    told: float = 0.0

    def update(self, step: str, done: int, total: int | None) -> bool:
        """Whether this is another step."""
        new = step != self.step
        if new:
            self.began = self.told = self.clock()
        self.step, self.done, self.total = step, done, total
        return new

    def due(self, every: float) -> bool:
        """Whether it is time to say something again; then it counts as said."""
        now = self.clock()
        if now - self.told < every:
            return False
        self.told = now
        return True

    @property
    def seconds(self) -> float:
        return self.clock() - self.began

    @property
    def rate(self) -> float:
        """A second, since the step began."""
        seconds = self.seconds
        return self.done / seconds if seconds else 0.0

    @property
    def left(self) -> float | None:
        """Seconds, if it goes on like this."""
        rate = self.rate
        return (self.total - self.done) / rate if self.total and rate else None


def spoken(pace: Pace) -> str:
    """Where a step is, for a person.

    >>> times = iter([0.0, 10.0, 10.0])
    >>> pace = Pace(lambda: next(times))
    >>> pace.update("documents", 1280, 10000)
    True
    >>> spoken(pace)
    'documents: 1,280 of about 10,000, 128 a second, 1:08 left'
    """
    rate = pace.rate
    text = f"{pace.step}: {pace.done:,}"
    if pace.total:
        text += f" of about {pace.total:,}"
    text += f", {rate:,.0f} a second"
    if (left := pace.left) is not None:
        text += f", {clock_time(left)} left"
    return text


def clock_time(seconds: float) -> str:
    """
    >>> clock_time(68.2), clock_time(4000)
    ('1:08', '1:06:40')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@dataclass(slots=True)
class Plain:
    """A line when a step begins, and one now and then while it lasts."""

    say: Say
    clock: Callable[[], float] = monotonic
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.clock)

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if self.pace.update(step, done, total):
            self.say(f"{step} …")
        elif self.pace.due(SELDOM):
            self.say(spoken(self.pace))


@dataclass(slots=True)
class Records:
    """The build as JSON lines."""

    say: Say
    clock: Callable[[], float] = monotonic
    pace: Pace = field(init=False)
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.clock)
        self.began = self.clock()

    def __call__(self, step: str, done: int, total: int | None) -> None:
        if step != self.pace.step:
            self._end_step()
        if self.pace.update(step, done, total) or self.pace.due(OFTEN):
            pace = self.pace
            self._write("progress", step=step, done=done, total=total, seconds=round(pace.seconds, 3), rate=round(pace.rate, 1))

    def end(self, report: Report, profile: Profile | None) -> None:
        self._end_step()
        self.problems(report.problems)
        if profile is not None:
            self._write("profile", **as_json(profile))
        counts = {name: getattr(report, name) for name in ("documents", "articles", "removed_lines", "pages", "written",
                                                           "unchanged", "deleted")}
        mistakes = sum(problem.severity != "note" for problem in report.problems)
        self._write("summary", **counts, problems=mistakes, kept=list(report.kept), seconds=self._whole, output=report.output)

    def fail(self, problems: Iterable[Problem]) -> None:
        self.problems(problems)
        self._write("failed", seconds=self._whole)

    def problems(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self._write("problem", severity=one.severity, where=one.where, line=one.line, message=one.message, hint=one.hint)

    @property
    def _whole(self) -> float:
        return round(self.clock() - self.began, 3)

    def _end_step(self) -> None:
        if self.pace.step:
            self._write("step", step=self.pace.step, done=self.pace.done, seconds=round(self.pace.seconds, 3))
            self.pace.step = ""

    def _write(self, event: str, **fields: object) -> None:
        self.say(dumps({"event": event, **fields}, ensure_ascii=False))
