"""However many workers there are, the results are those of one."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dateline import workers
from dateline.workers import each, pool

HERE = os.getpid()


def labelled(number: int, labels: dict[int, str]) -> str:
    time.sleep(0.001 * (number % 3))
    return f"{number}: {labels.get(number % 7)}"


def slowly(number: int) -> Any:
    time.sleep(0.01)
    return number


def fatal(number: int) -> int:
    if number == 150 and os.getpid() != int(os.environ["DATELINE_TEST_PARENT"]):
        os._exit(9)                              # a worker that the system kills
    return number * number


def failing(number: int) -> int:
    return 1 // (number - 5)


class Remote(Executor):
    """Knows only submit, as Dask's executor does, and sends everything through pickle."""

    def __init__(self) -> None:
        self.sent: list[int] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        call = pickle.dumps((function, args, kwargs))
        self.sent.append(len(call))
        function, args, kwargs = pickle.loads(call)
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(function(*args, **kwargs))))
        return future


class Late(Remote):
    """The same; its answers are there only when they were asked for some times."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(function, *args, **kwargs)
        asked = iter(range(7))
        future.done = lambda: next(asked, None) is None  # type: ignore[method-assign]
        return future


LABELS = dict.fromkeys(range(7), "Nghệ An" * 2000) | {3: "Hà Tĩnh"}
EXPECTED = [labelled(n, LABELS) for n in range(300)]


def test_in_this_process() -> None:
    assert list(each(labelled, range(300), shared=LABELS)) == EXPECTED


@pytest.mark.parametrize("batch", [1, 7, 64, 1000])
@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(3), lambda: ProcessPoolExecutor(2), Remote])
def test_any_executor_gives_the_same_results_in_order(make: Callable[[], Executor], batch: int) -> None:
    with make() as executor:
        assert list(each(labelled, range(300), executor, shared=LABELS, batch=batch)) == EXPECTED


def test_the_shared_value_travels_with_the_first_batches_only() -> None:
    workers._kept[0] = {}
    remote = Remote()
    remote._max_workers = 2  # type: ignore[attr-defined]
    list(each(labelled, range(300), remote, shared=LABELS, batch=10))
    large = [size > 10_000 for size in remote.sent]
    assert 1 <= sum(large) <= 2 * workers.AHEAD and not any(large[-10:])


def test_another_shared_value_is_not_mixed_up() -> None:
    remote = Remote()
    assert list(each(labelled, [0], remote, shared={0: "a"})) == ["0: a"]
    assert list(each(labelled, [0], remote, shared={0: "b"})) == ["0: b"]


def test_kinds_of_work_that_go_on_side_by_side_do_not_send_for_what_they_share_again() -> None:
    workers._kept[0] = {}
    remote = Remote()
    remote._max_workers = 2  # type: ignore[attr-defined]
    kinds = [LABELS | {-1: str(kind)} for kind in range(workers.HELD)]
    side_by_side = zip(*(each(labelled, range(300), remote, shared=labels, batch=10) for labels in kinds), strict=True)
    assert list(side_by_side) == [(line,) * len(kinds) for line in EXPECTED]
    assert sum(size > 10_000 for size in remote.sent) <= 2 * workers.AHEAD * len(kinds) and len(remote.sent) > 30 * len(kinds)


def test_what_is_still_in_use_is_kept_when_other_kinds_of_work_come_and_go() -> None:
    workers._kept[0] = {}
    remote = Remote()
    pages = each(labelled, range(300), remote, shared=LABELS, batch=1)
    found = list(islice(pages, 20))
    at_first = sum(size > 10_000 for size in remote.sent)
    for kind in range(workers.HELD + 2):
        assert list(each(str.format, ["{}"], remote, shared=kind)) == [str(kind)]
        found += islice(pages, 20)
    assert [*found, *pages] == EXPECTED and sum(size > 10_000 for size in remote.sent) == at_first


def test_alone_nothing_is_read_before_it_is_wanted() -> None:
    read: list[int] = []
    results = each(str, (read.append(n) or n for n in range(9)))  # type: ignore[func-returns-value]
    assert next(results) == "0" and read == [0]


class Slow(Executor):
    """One worker, which does the next batch when it is let."""

    _max_workers = 1

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: function(*args, **kwargs)))
        return future

    def step(self) -> None:
        future, call = self.waiting.pop(0)
        future.set_result(call())


def test_what_waits_for_a_worker_does_something_else_meanwhile() -> None:
    executor = Slow()

    def others() -> Iterator[str]:
        for number in range(100):
            if number % 3 == 2:
                executor.step()
            yield f"other {number}"

    meanwhile = others()
    found = list(each(str, range(20), executor, batch=2, meanwhile=meanwhile))
    assert [one for one in found if "other" not in one] == [str(n) for n in range(20)], "not in order"
    between = [one for one in found if "other" in one]
    assert between == [f"other {n}" for n in range(30)] and found[:5] == ["other 0", "other 1", "other 2", "0", "1"]
    assert next(meanwhile) == "other 30", "more was taken than there was time for"


def test_when_nothing_else_is_left_to_do_it_waits() -> None:
    with ThreadPoolExecutor(2) as executor:
        found = list(each(slowly, range(40), executor, batch=4, meanwhile=iter(["one", "two"])))
    assert [one for one in found if isinstance(one, int)] == list(range(40)) and set(found) >= {"one", "two"}


def test_alone_it_does_nothing_else() -> None:
    others = iter(["other"])
    assert list(each(str, range(3), meanwhile=others)) == ["0", "1", "2"] and list(others) == ["other"]


def test_a_dead_worker_costs_a_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_TEST_PARENT", str(HERE))
    with ProcessPoolExecutor(2) as executor:
        assert list(each(fatal, range(1000), executor)) == [n * n for n in range(1000)]


def test_an_error_of_the_function_is_not_hidden() -> None:
    with ProcessPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError):
        list(each(failing, range(10), executor))


def test_no_more_is_read_ahead_than_the_workers_need() -> None:
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        while read < 100_000:
            read += 1
            yield read

    with ThreadPoolExecutor(2) as executor:
        results = each(str, items(), executor, batch=10)
        next(results)
        assert read <= 10 * (2 * workers.AHEAD + 1)


class Large:
    """Has a large buffer, which does not go through its pickle."""

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Large, (pickle.PickleBuffer(self.buffer),)


def beginning(number: int, large: Large) -> tuple[int, str]:
    return number, bytes(memoryview(large.buffer)[number : number + 3]).decode()


@pytest.mark.parametrize("make", [lambda: pool(5000, 2), lambda: nullcontext(Remote()), lambda: ThreadPoolExecutor(2)])
def test_a_large_buffer_comes_whole_to_every_worker(make: Callable[[], AbstractContextManager[Executor | None]]) -> None:
    text = b"Quan Hoa, Thanh Hoa " * 50_000
    with make() as executor:
        found = list(each(beginning, range(300), executor, shared=Large(text), batch=10))
    assert found == [(n, text[n : n + 3].decode()) for n in range(300)]


def test_the_file_of_a_pool_is_gone_with_it() -> None:
    with pool(5000, 2) as executor:
        assert isinstance(executor, workers.Pool)
        packed = workers.Packed.of(Large(b"Huong Khe" * 1000))
        filed = executor.file(packed)
        assert Path(filed.path).stat().st_size == sum(map(len, packed.pieces)) > 9000 > 1000 > len(packed.pieces[0])
        assert bytes(filed.value().buffer) == b"Huong Khe" * 1000
    assert not Path(filed.path).exists()


def test_a_pool_without_space_for_files_sends_what_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: workers.Pool, packed: workers.Packed) -> workers.Filed:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workers.Pool, "file", full)
    text = b"Son La, Muong La " * 5_000
    with pool(5000, 2) as executor:
        found = list(each(beginning, range(100), executor, shared=Large(text), batch=10))
    assert found == [(n, text[n : n + 3].decode()) for n in range(100)]


def where(number: int) -> int:
    return os.getpid()


def test_one_batch_is_done_in_this_process() -> None:
    with pool(5000, 2) as executor:
        assert set(each(where, range(20), executor, batch=20)) == {HERE}
        assert HERE not in each(where, range(21), executor, batch=20)


def test_what_is_sooner_done_than_sent_is_done_in_this_process() -> None:
    with pool(5000, 2) as executor:
        assert set(each(where, range(90), executor, batch=20, few=90)) == {HERE}
        assert HERE not in each(where, range(91), executor, batch=20, few=90)


def test_a_pool_is_started_only_when_it_pays() -> None:
    with pool(10, 4) as few, pool(5000, 1) as single:
        assert few is None and single is None
    with pool(5000, 2) as executor:
        assert list(each(labelled, range(300), executor, shared=LABELS)) == EXPECTED
