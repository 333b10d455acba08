"""A replication by pieces is the same replication."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.streamable import streamable
from burstsim.engine.subsets import trace_of
from burstsim.engine.trace import Trace
from burstsim.engine.vector import simulate
from burstsim.engine.vector.streamed import pieces_of
from burstsim.errors import ScenarioError
from tests.scenarios import scenario_of, scenarios
from tests.streaming import forgetful, slices_of


def same(some: Trace, others: Trace, whole: Trace) -> bool:
    """Whether all is the same that happened to the orders of two replications."""
    common = {"pickups": whole.pickups, "parts_for": whole.parts_for, "made": whole.made}
    common["missing"] = whole.missing
    return replace(some, **common).digest() == replace(others, **common).digest()


def model_of(data: dict[str, Any]) -> Model:
    try:
        model = compile_scenario(scenario_of(forgetful(data)))
    except ScenarioError:
        assume(False)
    why = streamable(model)
    assert why is None or "warehouse" in why or "buyers put together" in why
    assume(why is None)
    return model


@given(data=scenarios(), cuts=st.lists(st.integers(0, 80), max_size=6, unique=True))
def test_pieces_are_what_the_whole_is(data: dict[str, Any], cuts: list[int]) -> None:
    model = model_of(data)
    orders = draw_orders(model, 0)
    whole = simulate(model, orders)
    edges = [tick for cut in sorted(cuts) if model.begin < (tick := cut * 500_000 + 1) < model.end]
    seen, begin = [], model.begin
    for piece in pieces_of(model, slices_of(model, orders, edges)):
        assert piece.begin == begin
        begin = piece.until
        rows = np.flatnonzero(piece.over)
        numbers = piece.number[rows]
        assert same(trace_of(piece.trace, rows), trace_of(whole, numbers), whole)
        seen.append(numbers)
        so_far = whole.pickups.tick < piece.until
        assert piece.trace.pickups.loaded.tolist() == whole.pickups.loaded[so_far].tolist()
        for crew, other in zip(piece.trace.crews, whole.crews, strict=True):
            assert crew.workers.tolist() == other.workers[other.times < piece.until].tolist()
    assert piece.last
    assert begin == model.end
    assert sorted(np.concatenate(seen).tolist()) == list(range(len(orders)))
