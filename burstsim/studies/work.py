"""Run one replication: what a worker does."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.invariants import check_invariants
from burstsim.engine.piece import Piece, whole_of
from burstsim.engine.run import pieces, simulate
from burstsim.engine.trace import Trace
from burstsim.results.breakdowns import break_down
from burstsim.results.facts import Facts
from burstsim.results.metrics import measure
from burstsim.results.needed import asked_of
from burstsim.results.pictures import Pictures
from burstsim.results.summarised import summarised
from burstsim.results.value import Value
from burstsim.scenario.metrics import metric_names
from burstsim.studies.shards import Details, Shard, Task

__all__ = ["summed", "traced", "work"]


def work(task: Task) -> Shard:
    """Run a replication and measure it.

    Raises
    ------
    InvariantError
        When the task asks for a check and a law is broken.
    """
    return summed(task) if task.scenario.record == "summary" else traced(task)[0]


def traced(task: Task) -> tuple[Shard, Trace]:
    """Do the same with all of it at hand, and give the trace as well."""
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
    return _shard(task, measured, details, trace.digest(), began), trace


def summed(task: Task, pictures: Pictures | None = None) -> Shard:
    """Do the same piece by piece, with quantiles from bins.

    Parameters
    ----------
    task
        The replication.
    pictures
        Where what is drawn of it is gathered.
    """
    began, model = time.perf_counter(), compile_scenario(task.scenario)
    summary = summarised(model, _pieces(task, model), pictures)
    details = None
    if task.detailed:
        details = Details(parts=summary.parts(), asked=summary.asked())
    return _shard(task, summary.values(), details, summary.digest(), began)


def _pieces(task: Task, model: Model) -> Iterator[Piece]:
    """Run a replication; the laws are of all of it."""
    if not task.check:
        yield from pieces(model, task.replication, task.engine, task.processes)
        return
    trace = simulate(model, task.replication, task.engine, task.processes)
    check_invariants(trace)
    yield whole_of(trace)


def _shard(
    task: Task, measured: Mapping[str, Value], details: Details | None, digest: str, began: float
) -> Shard:
    return Shard(
        key=task.key,
        digest=task.digest,
        engine=task.engine,
        replication=task.replication,
        values={name: measured[name] for name in metric_names(task.scenario)},
        trace=digest,
        seconds=time.perf_counter() - began,
        checked=task.check,
        details=details,
    )
