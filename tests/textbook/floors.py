"""Scenario texts of textbook floors, and the answer that both engines give to them."""

from __future__ import annotations

import numpy as np

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.scenario.scenario import Scenario

#: ``workers`` and ``work`` of each stage, as they stand in a scenario.
Stages = dict[str, tuple[int, str]]


def sale(demand: str, stages: Stages, horizon: str, drain: str = "30d") -> str:
    """Write a scenario whose orders go straight to the floor.

    Parameters
    ----------
    demand
        The keys of each stream, without its basket: ``queue: {shape: steady, rate: 48/h}``.
        Every order is one piece of the same SKU, which only a replay says for itself.
    stages
        Name → (workers, keys of its work).
    horizon, drain
        Durations.
    """
    if "shape: replay" not in demand:
        demand = demand.removesuffix("}") + ", basket: {weights: {ITEM: 1}}}"
    lines = [
        "burstsim: 1",
        f"horizon: {horizon}",
        f"drain: {drain}",
        "catalog: {skus: {ITEM: {price: 1.00}}}",
        f"demand: {{{demand}}}",
        "oms: {cycle: 0s}",
        "warehouses:",
        "  house:",
        "    stages:",
    ]
    for name, (workers, work) in stages.items():
        lines.append(f"      {name}: {{workers: {workers}, work: {{{work}}}}}")
    return "\n".join(lines) + "\n"


def vector_answer(scenario: Scenario, replication: int = 0) -> Trace:
    """Run one replication by the vector engine alone."""
    return simulate(compile_scenario(scenario), replication, "vector")


def agreed_answer(scenario: Scenario, replication: int = 0) -> Trace:
    """Run one replication by the event engine; the vector engine must say exactly the same."""
    model = compile_scenario(scenario)
    event = simulate(model, replication, "event")
    vector = simulate(model, replication, "vector")
    answers = event.columns(), vector.columns()
    assert answers[0].keys() == answers[1].keys()
    for name, column in answers[0].items():
        assert np.array_equal(column, answers[1][name]), f"the engines differ in {name}"
    assert event.digest() == vector.digest()
    return event
