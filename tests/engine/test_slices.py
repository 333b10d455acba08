"""Orders drawn some at a time: the same as all at once, to the last bit."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.engine.orders import Orders
from burstsim.engine.slices import OrderSlice, order_slices, sliceable
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario
from burstsim.units import MINUTE, SECOND
from tests.scenarios import scenario_of, scenarios, small

CONFIGS = Path(__file__).parents[2] / "configs"


def same(model: Model, size: int, replication: int = 0) -> list[OrderSlice]:
    """Draw in slices; they keep what they promise and are the whole draw."""
    whole = draw_orders(model, replication)
    slices = list(order_slices(model, replication, size))
    check_contract(slices, model)
    for item in fields(Orders):
        pieces = [getattr(one.orders, item.name) for one in slices]
        check(item.name, getattr(whole, item.name), pieces)
    return slices


def check_contract(slices: list[OrderSlice], model: Model) -> None:
    first, before = 0, -(1 << 62)
    for one in slices:
        assert one.first == first
        assert one.until > before
        placed = one.orders.placed
        assert ((placed >= before) & (placed < one.until)).all()
        first, before = first + len(one.orders), one.until
    assert before == model.end


def check(name: str, whole: Any, pieces: list[Any]) -> None:
    """A field of the whole is made of those of the slices."""
    if name in ("lost", "diverted"):
        assert sum(pieces) == whole, name
    elif name == "line_offsets":
        equal(name, np.diff(whole), [np.diff(piece) for piece in pieces])
    elif name == "noise":
        for zone, factors in enumerate(whole):
            equal(name, factors, [piece[zone] for piece in pieces])
        assert {len(piece) for piece in pieces} == {len(whole)}
    elif isinstance(whole, dict):
        assert all(piece.keys() == whole.keys() for piece in pieces), name
        for rule, column in whole.items():
            equal(name, column, [piece[rule] for piece in pieces])
    elif isinstance(whole, np.ndarray):
        equal(name, whole, pieces)
    elif name == "fillings":
        assert all(len(piece.sku) == 0 for piece in pieces)
    elif name == "rosters":
        for piece in pieces:
            for mine, other in zip(whole, piece, strict=True):
                for column in ("times", "people", "productivity", "able"):
                    equal(column, getattr(mine, column), [getattr(other, column)])
    elif name == "customers":
        assert {tuple(piece.namers) for piece in pieces} == {tuple(whole.namers)}
        for block, namer in whole.namers.items():
            assert {piece.namers[block](7) for piece in pieces} == {namer(7)}
    else:
        assert all(piece == whole or piece is whole for piece in pieces), name


def equal(name: str, whole: np.ndarray[Any, Any], pieces: list[np.ndarray[Any, Any]]) -> None:
    assert {piece.dtype for piece in pieces} == {whole.dtype}, name
    joined = np.concatenate(pieces)
    assert joined.tobytes() == np.ascontiguousarray(whole).tobytes(), name


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_stories_in_slices(path: Path) -> None:
    scenario = load(path)
    if sliceable(scenario) is None:
        model = compile_scenario(scenario)
        expected = expected_in_all(scenario, expected_scale(scenario))
        assert len(same(model, math.ceil(expected / 6))) > 1


@given(scenarios(), st.sampled_from([1, 2, 5, 30]), st.integers(0, 3))
def test_any_scenario(data: dict[str, Any], size: int, replication: int) -> None:
    scenario = scenario_of(data)
    if sliceable(scenario) is None:
        same(compile_scenario(scenario), size, replication)
