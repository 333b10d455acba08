"""Many replications, on one core, on several, or on other machines: the same shards."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Literal, Self, get_args

from burstsim.engine.needs import needs_of
from burstsim.engine.run import Engine
from burstsim.errors import BurstsimError, ReplicationError, did_you_mean
from burstsim.scenario.scenario import Scenario
from burstsim.studies.executors import Crew, DaskCrew, LocalCrew
from burstsim.studies.limits import Limits
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.work import work
from burstsim.units import SECOND, format_duration

__all__ = ["BACKENDS", "Backend", "Pool"]

Backend = Literal["local", "dask"]

BACKENDS: tuple[str, ...] = get_args(Backend)

#: How often a task is given to a worker before it is held guilty of the worker's death.
_TRIES = 3

#: From so many deaths on a task runs alone, so that no innocent one dies with it again. So does
#: one that may have hung: it is run once more, and then given up.
_SUSPECT = 2

#: Tasks handed over in advance for each that runs.
_AHEAD = 3

#: Seconds after which a wait looks up, so that an interruption is noticed everywhere.
_BLINK = 0.5

#: Workers of whom nothing is heard for so many seconds, and so many times as long as a replication
#: is expected to take, hang.
_PATIENCE, _PATIENCE_TIMES = 600.0, 100.0

_MEMORY = "it does not fit into memory; try fewer jobs or a smaller demand_scale"

_DEATH = "most likely memory ran out, and fewer jobs would help"

_HANG = "look for a machine that swaps, a disk that does not answer, or a process of your own"


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
    limits
        What replications may take.
    patience
        Seconds without any answer after which workers are taken for hung; left out, as long as
        nothing takes that is expected of the replications. What runs in this process cannot be
        ended from here.

    Raises
    ------
    ValueError
        When an argument is none of these.
    """

    def __init__(
        self,
        jobs: int = 1,
        backend: Backend = "local",
        address: str | None = None,
        *,
        limits: Limits | None = None,
        patience: float | None = None,
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
        self._limits = limits or Limits()
        self._admitted: set[tuple[str, Engine]] = set()
        self._most_patience = patience

    def __enter__(self) -> Self:
        """Give the pool; workers start with the first tasks."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers; what they have not finished is dropped."""
        self._executor = None
        self._crew.stop()

    def admit(
        self, scenario: Scenario, engine: Engine = "vector", left: str = "it was not run"
    ) -> None:
        """Refuse a scenario that is expected to take more than it may.

        Raises
        ------
        LimitError
            With the estimate.
        """
        self._limits.refuse(scenario, engine=engine, jobs=self.jobs, left=left)

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
            again and again, they hang, or they do not fit into memory.
        LimitError
            When one is expected to take more than it may.
        """
        done = 0
        there = deque[Shard]()
        failed: dict[int, str] = {}
        run = _here if self.alone else self._there
        for shard in run(self._missing(tasks, store, there), failed):
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
        heard = time.monotonic()

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
                        heard = time.monotonic()
                    except self._crew.deaths:
                        lost.append(task)
                if not running and not lost:
                    break
                over, _ = wait(running, timeout=0 if lost else _BLINK, return_when=FIRST_COMPLETED)
                silent = 0.0 if over or lost else time.monotonic() - heard
                hung = silent > _BLINK and silent > self._patience(running.values(), silent)
                if over:
                    heard = time.monotonic()
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
                if not lost and not hung:
                    continue
                if hung:
                    self._crew.stop()
                if hung or self._crew.all_die:
                    lost += running.values()
                    running.clear()
                self._executor = None
                for task in sorted(lost, key=lambda task: -task.replication):
                    name = task.key, task.replication
                    before = deaths.get(name, 0)
                    deaths[name] = before + 1
                    if hung:
                        deaths[name] = _SUSPECT if before < _SUSPECT else _TRIES
                    if deaths[name] < _TRIES:
                        again.appendleft(task)
                    else:
                        failed[task.replication] = _gone(silent if hung else None)
        finally:
            for future in running:
                future.cancel()
        yield None

    def _submit(self, task: Task) -> Future[Shard]:
        if self._executor is None:
            self._executor = self._crew.start()
        return self._executor.submit(work, task)

    def _missing(
        self, tasks: Iterable[Task], store: ShardStore | None, there: deque[Shard]
    ) -> Iterator[Task]:
        """Give the tasks of which the store has no outcome; what it has goes to `there`."""
        for task in tasks:
            shard = store.get(task) if store is not None else None
            if shard is not None:
                there.append(shard)
                continue
            if (task.key, task.engine) not in self._admitted:
                self.admit(task.scenario, task.engine)
                self._admitted.add((task.key, task.engine))
            yield task

    def _patience(self, tasks: Collection[Task], silent: float) -> float:
        """Seconds that may pass without any answer from workers that have these tasks."""
        if self._most_patience is not None:
            return self._most_patience
        if silent <= _PATIENCE:
            return _PATIENCE
        slowest = max(needs_of(task.scenario, task.engine).seconds for task in tasks)
        return _PATIENCE + _PATIENCE_TIMES * slowest


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


def _gone(silent: float | None) -> str:
    """Say why a task is given up: its worker dies, or was silent for so many seconds."""
    if silent is None:
        return f"its worker died {_TRIES} times; {_DEATH}"
    span = format_duration(round(silent) * SECOND)
    return f"its worker hung, twice: no answer for {span}; {_HANG}"


def _own(task: Task, shard: Shard) -> Shard:
    """Give a shard on if it is of the task as this process understands it."""
    if not task.answered_by(shard):
        raise BurstsimError(
            "a worker has another version of burstsim or NumPy than this process; "
            "install the same there"
        )
    return shard
