"""Run a scenario, replication after replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from burstsim.engine.compile import compile_scenario
from burstsim.engine.invariants import check_invariants
from burstsim.engine.run import Engine, simulate
from burstsim.engine.trace import Trace
from burstsim.errors import Problem, ScenarioError
from burstsim.results.metrics import Value, measure
from burstsim.results.result import Result
from burstsim.scenario.metrics import metric_names
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import parse_threshold

__all__ = ["check_thresholds", "run"]


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    engine: Engine = "vector",
    thresholds: Mapping[str, str] | None = None,
    check: bool = False,
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
        When `replications` is below 1.
    InvariantError
        With `check`, when a law is broken.
    """
    count = scenario.replications if replications is None else replications
    if count < 1:
        raise ValueError(f"replications must be at least 1, got {count}")
    extra = dict(thresholds or {})
    check_thresholds(scenario, extra)
    model = compile_scenario(scenario)
    first: Trace | None = None
    values: dict[str, list[Value]] = {}
    digests = []
    for replication in range(count):
        trace = simulate(model, replication, engine)
        if check:
            check_invariants(trace)
        first = first or trace
        digests.append(trace.digest())
        for name, value in measure(trace).items():
            values.setdefault(name, []).append(value)
        if progress is not None:
            progress(replication + 1)
    assert first is not None
    return Result(
        model=model,
        engine=engine,
        values={name: tuple(values[name]) for name in metric_names(scenario)},
        digests=tuple(digests),
        first=first,
        extra=extra,
    )


def check_thresholds(scenario: Scenario, thresholds: Mapping[str, str]) -> None:
    """Refuse thresholds that are none, or that name no metric of the scenario.

    Raises
    ------
    ScenarioError
        With every one that is wrong.
    """
    problems = []
    for text in thresholds.values():
        try:
            parse_threshold(text, metric_names(scenario))
        except ValueError as error:
            problems.append(Problem(rule=str(error), path="--threshold", value=text))
    if problems:
        raise ScenarioError(problems)
