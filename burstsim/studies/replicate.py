"""Run a scenario, replication after replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from burstsim.engine.compile import compile_scenario
from burstsim.engine.invariants import check_invariants
from burstsim.engine.run import ENGINES, Engine, simulate
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process
from burstsim.errors import did_you_mean
from burstsim.results.breakdowns import Key, break_down
from burstsim.results.metrics import Value, measure
from burstsim.results.needed import Asked, asked_of
from burstsim.results.result import Result
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds

__all__ = ["run"]


def run(  # noqa: PLR0913 - one parameter per option
    scenario: Scenario,
    *,
    replications: int | None = None,
    engine: Engine = "vector",
    thresholds: Mapping[str, str] | None = None,
    check: bool = False,
    processes: Sequence[Process] = (),
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Run independent replications of a scenario.

    Parameters
    ----------
    scenario
        From `burstsim.load`.
    replications
        How many; left out, as the scenario says.
    engine
        ``"vector"`` (fast) or ``"event"`` (one SimPy process per order); same answers.
    thresholds
        Further thresholds by name, beside the scenario's.
    check
        Check the conservation laws in every replication.
    processes
        SimPy generators, functions of a `burstsim.World`, that may change the world mid-run.
    progress
        Called after each replication with the number of those done.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        When a further threshold is not one.
    ValueError
        When `engine` is none, or `replications` no whole number of at least 1.
    InvariantError
        With `check`, when a law is broken.
    """
    count = scenario.replications if replications is None else replications
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise ValueError(f"replications must be a whole number, at least 1, got {count!r}")
    if engine not in ENGINES:
        hint = did_you_mean(str(engine), ENGINES)
        known = " or ".join(ENGINES)
        raise ValueError(f"engine must be {known}, got {engine!r}" + (f" ({hint})" if hint else ""))
    extra = dict(thresholds or {})
    read_thresholds(scenario, extra)
    model = compile_scenario(scenario)
    first: Trace | None = None
    values: dict[str, list[Value]] = {}
    parts: list[Mapping[Key, Value]] = []
    asked: list[Asked] = []
    digests = []
    for replication in range(count):
        trace = simulate(model, replication, engine, processes)
        if check:
            check_invariants(trace)
        first = first or trace
        digests.append(trace.digest())
        for name, value in measure(trace).items():
            values.setdefault(name, []).append(value)
        parts.append(break_down(trace))
        asked.append(asked_of(trace))
        if progress is not None:
            progress(replication + 1)
    assert first is not None
    return Result(
        model=model,
        engine=engine,
        values={name: tuple(values[name]) for name in metric_names(scenario)},
        parts=tuple(parts),
        asked=tuple(asked),
        digests=tuple(digests),
        first=first,
        extra=extra,
    )
