"""A replication by pieces is the same replication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.piece import Piece
from burstsim.engine.slices import order_slices
from burstsim.engine.streamable import streamable
from burstsim.engine.subsets import trace_of
from burstsim.engine.trace import Trace
from burstsim.engine.vector import simulate
from burstsim.engine.vector.streamed import pieces_of
from burstsim.errors import ScenarioError
from burstsim.scenario.reader import load
from burstsim.units import MINUTE
from tests.scenarios import scenario_of, scenarios, small
from tests.streaming import forgetful, slices_of

CONFIGS = Path(__file__).parents[2] / "configs"


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


@settings(max_examples=50, deadline=None)
@given(data=scenarios(), cuts=st.lists(st.integers(0, 80), max_size=6, unique=True))
def test_pieces_are_what_the_whole_is(data: dict[str, Any], cuts: list[int]) -> None:
    model = model_of(data)
    orders = draw_orders(model, 0)
    whole = simulate(model, orders)
    edges = [tick for cut in sorted(cuts) if model.begin < (tick := cut * 500_000 + 1) < model.end]
    hold(whole, pieces_of(model, slices_of(model, orders, edges)))


@settings(max_examples=50, deadline=None)
@given(data=scenarios(), size=st.integers(1, 40))
def test_orders_may_be_drawn_in_slices(data: dict[str, Any], size: int) -> None:
    model = model_of(data)
    whole = simulate(model, draw_orders(model, 0))
    hold(whole, pieces_of(model, order_slices(model, 0, size)))


def test_nobody_on_the_floor() -> None:
    """All of one burst have gone and nobody of the next one has been sent when a piece ends."""
    bursts = {
        name: {"shape": "instant", "at": at, "orders": 20, "basket": {"weights": {"A": 1}}}
        for name, at in (("first", "0m"), ("next", "60m"))
    }
    model = compile_scenario(scenario_of(small(demand=bursts, horizon="2h", oms={"hold": "10m"})))
    orders = draw_orders(model, 0)
    edges = [minute * MINUTE for minute in (20, 65)]
    hold(simulate(model, orders), pieces_of(model, slices_of(model, orders, edges)))


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_stories(path: Path) -> None:
    """Those that may be cut come out the same, all others say why they may not."""
    scenario = load(path)
    model = compile_scenario(load(path, set={"demand_scale": scenario.demand_scale / 20}))
    if (why := streamable(model)) is not None:
        assert why
        return
    whole = simulate(model, draw_orders(model, 0))
    hold(whole, pieces_of(model, order_slices(model, 0, 150)))


def hold(whole: Trace, pieces: Iterable[Piece]) -> None:
    """See that pieces tell of every order once, and what the whole tells of it."""
    model, seen, begin = whole.model, [], whole.model.begin
    for piece in pieces:
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
    gone = piece.trace.orders.lost, piece.trace.orders.diverted
    assert gone == (whole.orders.lost, whole.orders.diverted)
    assert begin == model.end
    assert sorted(np.concatenate(seen).tolist()) == list(range(len(whole.orders)))
