"""Do the same thing to many values, in order, on as many processors or machines as there are.

in:   a function, values, and any `concurrent.futures.Executor` (None: in this process)
out:  the results, in the order of the values; the same for any number of workers

What every call needs (the knowledge) is `shared`: it is kept in each worker under its digest and travels only with the
first few batches. A worker that does not have it says so and gets it with a second try, so an executor needs no
initializer: Dask's `Client.get_executor()` will do.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar

R = TypeVar("R")

BATCH = 64
"""One call per document was 6 to 15 times slower on Dask."""
AHEAD = 3
"""Batches per worker that are handed out before the first one's results are asked for."""
SMALL = 400
"""Fewer documents than this are done sooner than a pool has started."""

_kept: dict[str, Any] = {}
"""In a worker: the shared value, by digest. Only ever one."""


def each(
    function: Callable[..., R],
    items: Iterable[Any],
    executor: Executor | None = None,
    *,
    shared: Any = None,
    batch: int = BATCH,
) -> Iterator[R]:
    """`function(item)`, or `function(item, shared)` when something is shared, for each item.

    With an executor, function, items, shared value and results must be picklable. When a worker dies, the batches it
    and the others still owe are done in this process.

    >>> list(each(str.upper, ["huế", "vinh"]))
    ['HUẾ', 'VINH']
    """
    batches = _batches(items, batch)
    if executor is None:
        for some in batches:
            yield from _do(function, some, shared)
        return
    yield from _spread(function, batches, executor, shared)


def _spread(
    function: Callable[..., R], batches: Iterator[list[Any]], executor: Executor, shared: Any
) -> Iterator[R]:
    payload = pickle.dumps(shared, pickle.HIGHEST_PROTOCOL)
    digest = blake2b(payload, digest_size=16).hexdigest()
    ahead = AHEAD * (getattr(executor, "_max_workers", None) or os.cpu_count() or 4)
    waiting: deque[tuple[list[Any], Future[list[R] | None] | None]] = deque()
    for some in batches:
        waiting.append((some, _hand_out(executor, function, some, digest, None)))
        if len(waiting) >= ahead:
            yield from _result(executor, function, *waiting.popleft(), digest, payload, shared)
    while waiting:
        yield from _result(executor, function, *waiting.popleft(), digest, payload, shared)


def _hand_out(
    executor: Executor, function: Callable[..., R], some: list[Any], digest: str, payload: bytes | None
) -> Future[list[R] | None] | None:
    """A future, or None when the workers are dead."""
    try:
        return executor.submit(_work, function, some, digest, payload)
    except BrokenExecutor:
        return None


def _result(
    executor: Executor,
    function: Callable[..., R],
    some: list[Any],
    future: Future[list[R] | None] | None,
    digest: str,
    payload: bytes,
    shared: Any,
) -> list[R]:
    """A batch's results: from its worker, again with the shared value if it lacked that, or from this process."""
    try:
        done = future.result() if future is not None else None
        if done is None and future is not None:
            again = _hand_out(executor, function, some, digest, payload)
            done = again.result() if again is not None else None
    except Exception as error:
        if not _is_death(error):
            raise
        done = None
    return _do(function, some, shared) if done is None else done


def _is_death(error: Exception) -> bool:
    """Did a worker die, rather than the function fail? (KilledWorker is Dask's word for it.)"""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _work(function: Callable[..., R], some: list[Any], digest: str, payload: bytes | None) -> list[R] | None:
    """In a worker: do a batch, or give None to ask for the shared value."""
    if payload is not None:
        _kept.clear()
        _kept[digest] = pickle.loads(payload)
    if digest not in _kept:
        return None
    return _do(function, some, _kept[digest])


def _do(function: Callable[..., R], some: list[Any], shared: Any) -> list[R]:
    return [function(item) for item in some] if shared is None else [function(item, shared) for item in some]


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
    method = "spawn" if sys.platform == "win32" else "forkserver"
    with ProcessPoolExecutor(number, mp_context=multiprocessing.get_context(method)) as executor:
        yield executor
