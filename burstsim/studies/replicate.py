"""Run a scenario, replication after replication."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import ENGINES, Engine
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process
from burstsim.errors import did_you_mean
from burstsim.results.pictures import Pictures, Shown
from burstsim.results.precision import MOST, WIDTH, Precision, Stopping, watched, when_to_stop
from burstsim.results.result import Result
from burstsim.results.value import Value
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.studies.pool import Backend, Pool
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.work import summed, traced

__all__ = ["Run", "run"]


def run(  # noqa: PLR0913 - one parameter per option
    scenario: Scenario,
    *,
    replications: int | Literal["auto"] | None = None,
    engine: Engine = "vector",
    thresholds: Mapping[str, str] | None = None,
    check: bool = False,
    processes: Sequence[Process] = (),
    progress: Callable[[int], None] | None = None,
    jobs: int = 1,
    backend: Backend = "local",
    address: str | None = None,
    precision: float = WIDTH,
    most: int = MOST,
) -> Result:
    """Run independent replications of a scenario.

    The answer is the same, to the last bit, whatever `jobs`, `backend` and `address` are. A
    script that asks for several jobs needs ``if __name__ == "__main__":`` around its start, as
    everything that starts processes in Python.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    replications
        How many; left out, as the scenario says. ``"auto"``: until the metrics of all thresholds
        (without any, the share on time) are precise enough.
    engine
        ``"vector"`` (fast) or ``"event"`` (one SimPy process per order); same answers.
    thresholds
        Further thresholds by name, beside the scenario's.
    check
        Check the conservation laws in every replication.
    processes
        SimPy generators, functions of a `burstsim.World`, that may change the world mid-run;
        with several jobs functions that can be pickled.
    progress
        Called after each replication with the number of those done.
    jobs
        How many replications run at once, each in a process of its own.
    backend
        ``"local"``: processes of this machine. ``"dask"``: workers of a Dask cluster.
    address
        Of the Dask scheduler; left out, a cluster of `jobs` workers is started here.
    precision
        With ``"auto"``, largest half-width of an interval: relative to the mean, and of shares in
        absolute terms.
    most
        With ``"auto"``, never more replications than these.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        When a further threshold is not one.
    ValueError
        When an argument is not what it may be.
    InvariantError
        With `check`, when a law is broken.
    ReplicationError
        When some replications could not be finished.
    """
    wanted = Precision(width=precision, most=most) if replications == "auto" else replications
    plan = Run(
        scenario,
        wanted,
        engine=engine,
        extra=dict(thresholds or {}),
        check=check,
        processes=tuple(processes),
    )
    with Pool(jobs, backend, address) as pool:
        return plan.on(pool, progress=progress)


@dataclass(frozen=True)
class Run:
    """Replications to run, and what is made of them.

    Parameters
    ----------
    scenario
        What is run.
    wanted
        How many replications, or how precise the answer is to be; None as the scenario says.
    engine, check
        As in `Task`.
    extra
        Further thresholds by name.
    processes
        Users' own.
    """

    scenario: Scenario
    wanted: int | Precision | None = None
    engine: Engine = field(default="vector", kw_only=True)
    extra: dict[str, str] = field(default_factory=dict, kw_only=True)
    check: bool = field(default=False, kw_only=True)
    processes: tuple[Process, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what cannot be run, before anything is."""
        wanted = self.wanted
        if not isinstance(wanted, Precision | None) and (
            isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1
        ):
            raise ValueError(f"replications must be a whole number, at least 1, got {wanted!r}")
        if self.engine not in ENGINES:
            hint = did_you_mean(str(self.engine), ENGINES)
            known = " or ".join(ENGINES)
            raise ValueError(
                f"engine must be {known}, got {self.engine!r}" + (f" ({hint})" if hint else "")
            )
        read_thresholds(self.scenario, self.extra)

    @property
    def most(self) -> int:
        """How many replications there will be at most."""
        if isinstance(self.wanted, Precision):
            return self.wanted.most
        return self.scenario.replications if self.wanted is None else self.wanted

    @cached_property
    def first(self) -> Task:
        """The task of the first replication."""
        return Task(
            scenario=self.scenario,
            replication=0,
            engine=self.engine,
            detailed=True,
            check=self.check,
            processes=self.processes,
        )

    def on(
        self,
        pool: Pool,
        store: ShardStore | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Result:
        """Run the replications.

        Parameters
        ----------
        pool
            Who runs them.
        store
            What it has is not run again, and what is run is put there.
        progress
            Called after each replication with the number of those done.
        """
        found: list[Shard] = []
        tick = functools.partial(_later, progress, found) if progress is not None else None
        first: Trace | Shown | None = None
        if pool.alone:
            # the tables are of the first replication: what is here need not run again for them
            shard = store.get(self.first) if store is not None else None
            if shard is None:
                shard, first = self._first()
                if store is not None:
                    store.put(shard)
            found.append(shard)
            if progress is not None:
                progress(1)
        stopping: Stopping | None = None
        while len(found) < self.most:
            tasks = map(self.first.of, range(len(found), self._next(found)))
            more = list(pool.shards(tasks, store, tick))
            found += sorted(more, key=lambda shard: shard.replication)
            stopping = self._stopping(found)
            if stopping is not None:
                del found[stopping.replications :]
                break
        return self.result(found, first=first, stopping=stopping)

    def _first(self) -> tuple[Shard, Trace | Shown]:
        """Run the first replication, and keep what tables are made of."""
        if self.scenario.record == "orders":
            return traced(self.first)
        pictures = Pictures(compile_scenario(self.scenario))
        return summed(self.first, pictures), pictures.shown()

    def result(
        self,
        shards: Sequence[Shard],
        *,
        first: Trace | Shown | None = None,
        stopping: Stopping | None = None,
    ) -> Result:
        """Make a result of replications 0, 1, 2 and so on.

        Parameters
        ----------
        shards
            At least one, in order.
        first
            The first replication, or tables of it, where they are at hand.
        stopping
            Why there are so many.
        """
        details = [shard.details for shard in shards if shard.details is not None]
        return Result(
            model=compile_scenario(self.scenario),
            engine=self.engine,
            values=self._values(shards),
            parts=tuple(detail.parts for detail in details),
            asked=tuple(detail.asked for detail in details),
            digests=tuple(shard.trace for shard in shards),
            trace=first if isinstance(first, Trace) else None,
            tables=first if isinstance(first, Shown) else None,
            processes=self.processes,
            extra=self.extra,
            stopping=stopping,
        )

    def finished(self, store: ShardStore) -> list[Shard]:
        """Give the replications that a store has, from the first up to the first gap."""
        found: list[Shard] = []
        while (
            len(found) < self.most and (shard := store.get(self.first.of(len(found)))) is not None
        ):
            found.append(shard)
        return found

    def _values(self, shards: Sequence[Shard]) -> dict[str, tuple[Value, ...]]:
        names = metric_names(self.scenario)
        return {name: tuple(shard.values[name] for shard in shards) for name in names}

    def _next(self, found: Sequence[Shard]) -> int:
        """Say up to where to run before looking again; the answer does not depend on it."""
        if not isinstance(self.wanted, Precision):
            return self.most
        return min(max(self.wanted.least + 5, len(found) * 3 // 2), self.most)

    def _stopping(self, found: Sequence[Shard]) -> Stopping | None:
        if not isinstance(self.wanted, Precision):
            return None
        metrics = watched(self.scenario, self.extra)
        return when_to_stop(self.scenario, self._values(found), metrics, self.wanted)


def _later(progress: Callable[[int], None], found: Sequence[Shard], done: int) -> None:
    """Count what earlier rounds found as well."""
    progress(len(found) + done)
