"""Run one replication: what a worker does."""

from __future__ import annotations

import time

from burstsim.engine.compile import compile_scenario
from burstsim.engine.invariants import check_invariants
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.results.breakdowns import break_down
from burstsim.results.facts import Facts
from burstsim.results.metrics import measure
from burstsim.results.needed import asked_of
from burstsim.scenario.metrics import metric_names
from burstsim.studies.shards import Details, Shard, Task

__all__ = ["traced", "work"]


def work(task: Task) -> Shard:
    """Run a replication and measure it.

    Raises
    ------
    InvariantError
        When the task asks for a check and a law is broken.
    """
    return traced(task)[0]


def traced(task: Task) -> tuple[Shard, Trace]:
    """Do the same, and give the trace as well."""
    began = time.perf_counter()
    trace = simulate(compile_scenario(task.scenario), task.replication, task.engine, task.processes)
    if task.check:
        check_invariants(trace)
    facts = Facts(trace)
    measured = measure(facts)
    details = None
    if task.detailed:
        parts = break_down(facts)
        del facts  # nothing else needs what it knows
        details = Details(parts=parts, asked=asked_of(trace))
    shard = Shard(
        key=task.key,
        digest=task.digest,
        engine=task.engine,
        replication=task.replication,
        values={name: measured[name] for name in metric_names(task.scenario)},
        trace=trace.digest(),
        seconds=time.perf_counter() - began,
        checked=task.check,
        details=details,
    )
    return shard, trace
