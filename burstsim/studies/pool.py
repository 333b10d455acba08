"""Many replications, on one core, on several, or on other machines: the same shards."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Literal, Self, get_args

from burstsim.errors import BurstsimError, ReplicationError, did_you_mean
from burstsim.studies.executors import Crew, DaskCrew, LocalCrew
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.work import work

__all__ = ["BACKENDS", "Backend", "Pool"]

Backend = Literal["local", "dask"]

BACKENDS: tuple[str, ...] = get_args(Backend)

#: How often a task is given to a worker before it is held guilty of the worker's death.
_TRIES = 3

#: From so many deaths on a task runs alone, so that no innocent one dies with it again.
_SUSPECT = 2

#: Tasks handed over in advance for each that runs.
_AHEAD = 3

#: Seconds after which a wait looks up, so that an interruption is noticed everywhere.
_BLINK = 0.5

_MEMORY = "it does not fit into memory; try fewer jobs or a smaller demand_scale"

_DEATH = "most likely memory ran out, and fewer jobs would help"


class Pool:
    """Workers that run replications; use it as a context.

    Parameters
    ----------
    jobs
        How many replications run at once; 1 runs them in this process.
    backend
        ``"local"``: processes of this machine. ``"dask"``: workers of a Dask cluster.
    address
        Of the Dask scheduler; left out, a cluster of `jobs` workers is started here.

    Raises
    ------
    ValueError
        When an argument is none of these.
    """

    def __init__(
        self, jobs: int = 1, backend: Backend = "local", address: str | None = None
    ) -> None:
        if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
            raise ValueError(f"jobs must be a whole number, at least 1, got {jobs!r}")
        if backend not in BACKENDS:
            hint = did_you_mean(str(backend), BACKENDS)
            known = " or ".join(BACKENDS)
            raise ValueError(
                f"backend must be {known}, got {backend!r}" + (f" ({hint})" if hint else "")
            )
        if address is not None and backend == "local":
            raise ValueError("address belongs to the backend dask")
        self.jobs = jobs
        self.alone = jobs == 1 and backend == "local"
        self._crew: Crew = DaskCrew(jobs, address) if backend == "dask" else LocalCrew(jobs)
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        """Give the pool; workers start with the first tasks."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers; what they have not finished is dropped."""
        self._executor = None
        self._crew.stop()

    def shards(
        self,
        tasks: Iterable[Task],
        store: ShardStore | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Shard]:
        """Yield the outcome of every task as it is there, in no certain order.

        Parameters
        ----------
        tasks
            What to run.
        store
            What it has is not run again, and what is run is put there.
        progress
            Called with the number of those done, after each.

        Raises
        ------
        ReplicationError
            After all others were yielded, when some could not be finished: their worker died
            again and again, or they do not fit into memory.
        """
        done = 0
        missing = deque[Task]()
        failed: dict[int, str] = {}
        for task in tasks:
            shard = store.get(task) if store else None
            if shard is None:
                missing.append(task)
                continue
            done += 1
            if progress is not None:
                progress(done)
            yield shard
        for shard in (_here if self.alone else self._there)(missing, failed):
            if store is not None:
                store.put(shard)
            done += 1
            if progress is not None:
                progress(done)
            yield shard
        if failed:
            raise ReplicationError(failed)

    def _there(self, waiting: deque[Task], failed: dict[int, str]) -> Iterator[Shard]:
        """Run tasks by the workers."""
        running: dict[Future[Shard], Task] = {}
        deaths: dict[int, int] = {}

        def has_room() -> bool:
            if any(deaths.get(id(task), 0) >= _SUSPECT for task in running.values()):
                return False
            if deaths.get(id(waiting[0]), 0) >= _SUSPECT:
                return not running
            return len(running) < self._crew.size * _AHEAD

        try:
            while waiting or running:
                lost: list[Task] = []
                while waiting and not lost and has_room():
                    task = waiting.popleft()
                    try:
                        running[self._submit(task)] = task
                    except self._crew.deaths:
                        lost.append(task)
                over, _ = wait(running, timeout=0 if lost else _BLINK, return_when=FIRST_COMPLETED)
                for future in over:
                    task = running.pop(future)
                    try:
                        shard = future.result()
                    except self._crew.deaths:
                        lost.append(task)
                    except MemoryError:
                        failed[task.replication] = _MEMORY
                    else:
                        yield _own(task, shard)
                if not lost:
                    continue
                if self._crew.all_die:
                    lost += running.values()
                    running.clear()
                self._executor = None
                for task in sorted(lost, key=lambda task: -task.replication):
                    deaths[id(task)] = deaths.get(id(task), 0) + 1
                    if deaths[id(task)] < _TRIES:
                        waiting.appendleft(task)
                    else:
                        failed[task.replication] = f"its worker died {_TRIES} times; {_DEATH}"
        finally:
            for future in running:
                future.cancel()

    def _submit(self, task: Task) -> Future[Shard]:
        if self._executor is None:
            self._executor = self._crew.start()
        return self._executor.submit(work, task)


def _here(waiting: deque[Task], failed: dict[int, str]) -> Iterator[Shard]:
    """Run tasks in this process."""
    while waiting:
        task = waiting.popleft()
        try:
            shard = work(task)
        except MemoryError:
            failed[task.replication] = _MEMORY
        else:
            yield shard


def _own(task: Task, shard: Shard) -> Shard:
    """Give a shard on if it is of the task as this process understands it."""
    if not task.answered_by(shard):
        raise BurstsimError(
            "a worker has another version of burstsim or NumPy than this process; "
            "install the same there"
        )
    return shard
