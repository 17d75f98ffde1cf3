"""A Dask cluster as an executor for `workers.each`: `dateline build --cluster tcp://…`.

in:   the address of a scheduler, the project's settings
out:  an Executor whose calls run on the cluster's workers; DatelineError when they cannot do this build

The build itself stays where it is: it reads, keeps the cache and writes the site. Workers get documents and give back
articles and pages. They need this version of Dateline, the same libraries, and the project's templates and assets under
the same path (a shared disk): with any other the site would be another one. So each is asked before its first batch.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from dateline import libraries
from dateline.config import Config
from dateline.errors import DatelineError
from dateline.model import Problem
from dateline.workers import Packed

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

R = TypeVar("R")

PATIENCE = 15
"""Seconds to wait for the scheduler, for a first worker, and for a worker to come back when all are gone."""


@contextmanager
def connected(address: str, config: Config) -> Iterator[Executor]:
    """An executor on the cluster at `address`, for builds of this project."""
    try:
        from distributed import Client
    except ImportError as error:
        raise _failed(address, "needs Dask", "pip install 'dateline[cluster]'") from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        hint = "start one with  dask scheduler  and give its address: tcp://name:8786"
        raise _failed(address, f"no scheduler answers: {error}", hint) from error
    with client:
        yield _Cluster(client, address, config)


class _Cluster(Executor):
    """Has a way to bring a value to every worker once, and an end to waiting for what will not come. Dask's own executor waits
    for ever for a result that went with its worker, when the value that it was made from went, too."""

    def __init__(self, client: Client, address: str, config: Config) -> None:
        self._client, self._config = client, config
        self._build = secrets.token_hex(8)
        self._ours = _standing(config, self._build)
        self._max_workers = self._greet(address)
        self._deserted = False

    def _greet(self, address: str) -> int:
        """How many calls the workers do at a time, if they are all like this process."""
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
            found = self._client.run(_standing, self._config, self._build, on_error="return")
        except TimeoutError as error:
            raise _failed(address, "the scheduler has no workers", f"start some with  dask worker --nthreads 1 {address}") from error
        problems: list[Problem] = []
        for where, parts in sorted(found.items()):
            if isinstance(parts, Mapping):
                problems += filter(None, [_unlike(where, self._ours, parts)])
            elif self._has_workers(where):               # an error; one that has gone meanwhile is not asked for more
                problems.append(Problem(where, None, f"this worker cannot do this build: {parts}", _REMEDY))
        if problems:
            raise DatelineError(problems)
        return sum(self._client.nthreads().values())

    def share(self, payload: Packed) -> Any:
        """Bring the payload to all workers; what is returned stands for it in calls."""
        self.be_served()
        try:
            return self._client.scatter(payload, broadcast=True, hash=False, timeout=PATIENCE)
        except Exception as error:               # no workers, or one that goes meanwhile: what Dask says then differs
            self._deserted = not self._has_workers()
            raise BrokenExecutor(f"the cluster takes no value: {error}") from error

    def submit(self, function: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        self.be_served()
        try:
            future = self._client.submit(_as_asked, self._config, self._build, self._ours, function, *args, **kwargs, pure=False)
        except Exception as error:
            raise BrokenExecutor(f"the cluster takes no more work: {error}") from error
        return _Patient(future, self)

    def be_served(self) -> None:
        """BrokenExecutor when there are no workers and none came back when that was last waited for."""
        if self._deserted:
            self._deserted = not self._has_workers()
        if self._deserted:
            raise BrokenExecutor("all workers are gone")

    def be_served_with(self, key: object) -> None:
        """The same for a call that was waited for in vain: it may be forgotten, or there may be no workers."""
        self._deserted = not self._has_workers()
        if self._deserted or not self._knows(key):
            raise BrokenExecutor("nobody is at work on it")

    def _has_workers(self, where: str = "") -> bool:
        """Any, or the one there. None when the scheduler itself is gone."""
        with suppress(OSError):
            workers = self._client.scheduler_info(n_workers=-1).get("workers", ())
            return where in workers if where else bool(workers)
        return False

    def _knows(self, key: object) -> bool:
        with suppress(OSError):
            return self._client.sync(self._client.scheduler.get_task_status, keys=[key])[key] is not None
        return False


class _Patient(Future[R]):
    """Dask's future, which does not wait for ever for a cluster without workers, nor for what the scheduler has forgotten."""

    def __init__(self, future: DaskFuture, cluster: _Cluster) -> None:
        super().__init__()
        self._future, self._cluster = future, cluster

    def done(self) -> bool:
        return bool(self._future.done())

    def result(self, timeout: float | None = None) -> R:
        while True:
            self._cluster.be_served()
            try:
                return cast("R", self._future.result(PATIENCE if timeout is None else timeout))
            except TimeoutError:
                if self._future.status == "error" or timeout is not None:
                    raise
            self._cluster.be_served_with(self._future.key)


# -- in a worker ------------------------------------------------------------------------------------------------------------
def _as_asked(config: Config, build: str, asked: Mapping[str, str], function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Do a call, unless this worker would do it in another way than the process that asks."""
    from distributed import get_worker

    if problem := _unlike(get_worker().address, asked, _standing(config, build)):
        raise DatelineError(problem)
    return function(*args, **kwargs)


def _digest(paths: Iterable[Path]) -> str:
    digest = blake2b(digest_size=16)
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


CODE = _digest(sorted(Path(__file__).parent.glob("*.py")))
"""Of the code as it was when this process began: it goes on with that, whatever is on the disk by now."""


@lru_cache(maxsize=1)
def _standing(config: Config, build: str) -> Mapping[str, str]:
    """What this process works with: name → digest or version. Asked once for a build."""
    return {
        "Dateline": CODE,
        "Python": f"{sys.version_info.major}.{sys.version_info.minor}",
        **libraries.versions(),
        **{folder: _digest(sorted(path for layer in config.layers(folder) for path in layer.rglob("*") if path.is_file()))
           for folder in ("data", "templates", "assets")},
    }


_REMEDY = "give all workers the same installation and, on a shared disk, the same project; restart them after an update"


def _unlike(where: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> Problem | None:
    names = [name for name in ours if ours[name] != theirs.get(name)]
    return Problem(where, None, f"this worker has not the same {', '.join(names)}", _REMEDY) if names else None


def _failed(address: str, message: str, hint: str) -> DatelineError:
    return DatelineError(Problem(address, None, message, hint))
