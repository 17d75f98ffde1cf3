"""Do the same thing to many values, in order, on as many processors or machines as there are.

in:   a function, values, and any `concurrent.futures.Executor` (None: in this process)
out:  the results, in the order of the values; the same for any number of workers

What every call needs (the knowledge) is `shared`: it is kept in each worker under its digest and travels only with the
first few batches. A worker that does not have it says so and gets it with a second try, so an executor needs no
initializer. An executor may know a better way to bring it to its workers: `share` of a cluster's, the file of our own
`Pool`.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate, chain, islice, pairwise
from multiprocessing.context import BaseContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar

from dateline.stopwatch import OFF, WAIT, Clock, Running, Stopwatch, Sums

R = TypeVar("R")

BATCH = 64
"""One call per document was 6 to 15 times slower on Dask."""
AHEAD = 3
"""Batches per worker that are handed out before the first one's results are asked for."""
SMALL = 400
"""Fewer documents than this are done sooner than a pool has started."""

HELD = 3
"""Shared values that a worker keeps, those that were asked for last: so many kinds of work go on side by side."""

NOTHING = "nothing"
"""In place of a digest: nothing is shared."""

_kept: list[dict[str, Any]] = [{}]
"""In a worker: the last shared values, by digest. Never changed but by one assignment, which threads see whole or not at all."""


def each(
    function: Callable[..., R],
    items: Iterable[Any],
    executor: Executor | None = None,
    *,
    shared: Any = None,
    batch: int | None = None,
    few: int = 0,
    watch: Stopwatch = OFF,
    meanwhile: Iterator[R] | None = None,
) -> Iterator[R]:
    """`function(item)`, or `function(item, shared)` when something is shared, for each item.

    One batch, or `few` items if that is more, is done in this process sooner than what is shared has come to a `Pool`.
    Where this process would wait for a worker, it gives values of `meanwhile` instead, as long as there are any; with no
    workers, none.

    With an executor, function, items, shared value and results must be picklable. A batch whose worker dies is handed out
    once more, and done in this process when that fails too. A watch that runs is the last argument of every call; what it
    measures in a worker is added to the caller's.

    >>> list(each(str.upper, ["huế", "vinh"]))
    ['HUẾ', 'VINH']
    """
    rest, size = iter(items), batch or BATCH
    first: list[Any] = []
    if isinstance(executor, Pool):
        few = max(few, size)
        first = list(islice(rest, few + 1))
        if len(first) <= few:
            executor = None
    if executor is None:
        for item in chain(first, rest):
            yield _call(function, item, shared, watch)
        return
    yield from _Spread(function, executor, shared, watch).run(_batches(chain(first, rest), size), meanwhile or iter(()))


@dataclass(frozen=True, slots=True)
class Packed:
    """A value on its way to the workers: its pickle, and the large buffers in it, which are not copied into that."""

    pieces: tuple[Any, ...]
    """Bytes."""

    @staticmethod
    def of(value: Any) -> Packed:
        buffers: list[pickle.PickleBuffer] = []
        head = pickle.dumps(value, pickle.HIGHEST_PROTOCOL, buffer_callback=buffers.append)
        return Packed((head, *(memoryview(buffer).obj for buffer in buffers)))

    @property
    def digest(self) -> str:
        digest = blake2b(digest_size=16)
        for piece in self.pieces:
            digest.update(piece)
        return digest.hexdigest()

    def value(self) -> Any:
        return pickle.loads(self.pieces[0], buffers=self.pieces[1:])


@dataclass(frozen=True, slots=True)
class Filed:
    """The same, in a file: all processes of a machine look at one copy of it in memory."""

    path: str
    ends: tuple[int, ...]

    def value(self) -> Any:
        with Path(self.path).open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        head, *buffers = (whole[start:end] for start, end in pairwise(self.ends))
        return pickle.loads(head, buffers=buffers)


class Pool(ProcessPoolExecutor):
    """Processes of this machine, which get what they share from a file."""

    def __init__(self, processes: int, context: BaseContext, folder: str) -> None:
        super().__init__(processes, mp_context=context)
        self._folder = Path(folder)

    def file(self, packed: Packed) -> Filed:
        path = self._folder / packed.digest
        with path.open("wb") as file:
            file.writelines(packed.pieces)
        return Filed(str(path), tuple(accumulate(map(len, packed.pieces), initial=0)))


Answer = tuple[list[R], Sums]
"""What a worker sends back: the results, and what they took."""
Owed = Future[Answer[R] | None] | None
"""A batch that is being done; None where the workers are dead."""


@dataclass(slots=True)
class _Spread(Generic[R]):
    """Batches on their way through the workers of one executor."""

    function: Callable[..., R]
    executor: Executor
    shared: Any
    watch: Stopwatch
    digest: str = ""
    payload: Packed | Filed | None = None

    def run(self, batches: Iterator[list[Any]], meanwhile: Iterator[R]) -> Iterator[R]:
        first: Any = None
        ahead = AHEAD * (getattr(self.executor, "_max_workers", None) or os.cpu_count() or 4)
        waiting: deque[tuple[list[Any], Owed[R]]] = deque()
        for some in batches:
            if not self.digest:                  # not before there is work: it may be large
                first = self.pack()
            waiting.append((some, self.hand_out(some, first)))
            if len(waiting) >= ahead:
                yield from self.oldest(waiting, meanwhile)
        while waiting:
            yield from self.oldest(waiting, meanwhile)

    def oldest(self, waiting: deque[tuple[list[Any], Owed[R]]], meanwhile: Iterator[R]) -> Iterator[R]:
        """The results of the batch that was handed out first; until they are there, what can be done meanwhile."""
        some, owed = waiting.popleft()
        while owed is not None and not owed.done():
            try:
                yield next(meanwhile)
            except StopIteration:
                break
        yield from self.result(some, owed)

    def pack(self) -> Any:
        """Make the shared value ready to travel. Gives what already the first calls take along."""
        if self.shared is None:
            self.digest = NOTHING
            return None
        packed = Packed.of(self.shared)
        self.digest, self.payload = packed.digest, packed
        if isinstance(self.executor, Pool):
            with suppress(OSError):              # no space for files: then it goes through pipes, as to any executor
                self.payload = self.executor.file(packed)
                return self.payload
        return self.shared_out() if hasattr(self.executor, "share") else None

    def shared_out(self) -> Any:
        """What stands for the shared value in a call: the executor may have a way of its own to bring it to the workers."""
        share = getattr(self.executor, "share", None)
        try:
            return share(self.payload) if share else self.payload
        except Exception as error:
            if not _is_death(error):
                raise
            return None

    def hand_out(self, some: list[Any], payload: Any) -> Owed[R]:
        """A future, or None when the workers are dead."""
        try:
            return self.executor.submit(_work, self.function, some, self.digest, payload, self.watch.clock)
        except BrokenExecutor:
            return None
        finally:
            self.watch.lap("handing out")

    def result(self, some: list[Any], future: Owed[R]) -> list[R]:
        """A batch's results: from its worker, from a second try with the shared value, or from this process."""
        answer = _answer(future)
        if answer is None and future is not None:
            answer = _answer(self.hand_out(some, self.shared_out()))
        self.watch.lap(WAIT)
        if answer is None:
            return [_call(self.function, item, self.shared, self.watch) for item in some]
        self.watch.add(answer[1])
        return answer[0]


def _answer(future: Owed[R]) -> Answer[R] | None:
    """None when the worker lacked the shared value, or died."""
    try:
        return future.result() if future is not None else None
    except Exception as error:
        if not _is_death(error):
            raise
        return None


def _is_death(error: Exception) -> bool:
    """Did a worker die, rather than the function fail? The names are those of Dask: of a worker that died again and again,
    of what was lost with one, of a scheduler that is gone."""
    names = {"KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError"}
    return isinstance(error, BrokenExecutor) or type(error).__name__ in names


def _work(function: Callable[..., R], some: list[Any], digest: str, payload: Packed | Filed | None, clock: Clock | None
          ) -> Answer[R] | None:
    """In a worker: do a batch, or give None to ask for the shared value."""
    watch = Running(clock) if clock else OFF
    shared = None
    if digest != NOTHING:
        known = _kept[0]
        if digest in known:
            shared = known[digest]
        elif payload is None:
            return None
        else:
            shared = payload.value()
            watch.lap("unpacking")
        others = [one for one in known.items() if one[0] != digest]
        _kept[0] = dict([*others[1 - HELD :], (digest, shared)])
    return [_call(function, item, shared, watch) for item in some], watch.sums()


def _call(function: Callable[..., R], item: Any, shared: Any, watch: Stopwatch) -> R:
    given = (item,) if shared is None else (item, shared)
    return function(*given, watch) if watch.clock else function(*given)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


@contextmanager
def pool(count: int | None = None, workers: int | None = None) -> Iterator[Executor | None]:
    """A pool of processes for about `count` items; None when they are few or there is one processor."""
    number = workers if workers is not None else os.cpu_count() or 1
    if number < 2 or (count is not None and count < SMALL):
        yield None
        return
    # Forking a process that has threads (a progress bar's) may hang it.
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    context.set_forkserver_preload(["dateline.prepare", "dateline.press", "dateline.search_reading"])      # once, not by each worker
    with TemporaryDirectory(prefix="dateline-") as folder, Pool(number, context, folder) as executor:
        yield executor
