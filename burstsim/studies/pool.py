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
        there = deque[Shard]()
        failed: dict[int, str] = {}
        run = _here if self.alone else self._there
        for shard in run(_missing(tasks, store, there), failed):
            if store is not None and shard is not None:
                store.put(shard)
            if shard is not None:
                there.append(shard)
            while there:
                done += 1
                if progress is not None:
                    progress(done)
                yield there.popleft()
        if failed:
            raise ReplicationError(failed)

    def _there(self, fresh: Iterator[Task], failed: dict[int, str]) -> Iterator[Shard | None]:
        """Run tasks by the workers; at the end comes None."""
        running: dict[Future[Shard], Task] = {}
        again = deque[Task]()
        deaths: dict[tuple[str, int], int] = {}

        def suspect(task: Task) -> bool:
            return deaths.get((task.key, task.replication), 0) >= _SUSPECT

        def following() -> Task | None:
            if any(map(suspect, running.values())):
                return None
            if again:
                return again.popleft() if not running or not suspect(again[0]) else None
            return next(fresh, None) if len(running) < self._crew.size * _AHEAD else None

        try:
            while True:
                lost: list[Task] = []
                while not lost and (task := following()) is not None:
                    try:
                        running[self._submit(task)] = task
                    except self._crew.deaths:
                        lost.append(task)
                if not running and not lost:
                    break
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
                    name = task.key, task.replication
                    deaths[name] = deaths.get(name, 0) + 1
                    if deaths[name] < _TRIES:
                        again.appendleft(task)
                    else:
                        failed[task.replication] = f"its worker died {_TRIES} times; {_DEATH}"
        finally:
            for future in running:
                future.cancel()
        yield None

    def _submit(self, task: Task) -> Future[Shard]:
        if self._executor is None:
            self._executor = self._crew.start()
        return self._executor.submit(work, task)


def _missing(
    tasks: Iterable[Task], store: ShardStore | None, there: deque[Shard]
) -> Iterator[Task]:
    """Give the tasks of which the store has no outcome; what it has goes to `there`."""
    for task in tasks:
        shard = store.get(task) if store is not None else None
        if shard is None:
            yield task
        else:
            there.append(shard)


def _here(fresh: Iterator[Task], failed: dict[int, str]) -> Iterator[Shard | None]:
    """Run tasks in this process; at the end comes None."""
    for task in fresh:
        try:
            shard = work(task)
        except MemoryError:
            failed[task.replication] = _MEMORY
        else:
            yield shard
    yield None


def _own(task: Task, shard: Shard) -> Shard:
    """Give a shard on if it is of the task as this process understands it."""
    if not task.answered_by(shard):
        raise BurstsimError(
            "a worker has another version of burstsim or NumPy than this process; "
            "install the same there"
        )
    return shard
