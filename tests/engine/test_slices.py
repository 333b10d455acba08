"""Orders drawn some at a time: the same as all at once, to the last bit."""

from __future__ import annotations

import json
import math
import tracemalloc
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.engine import moments, parts
from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.engine.orders import Orders
from burstsim.engine.slices import OrderSlice, order_slices, sliceable
from burstsim.scenario.reader import load, loads
from burstsim.streams import generator
from burstsim.units import HOUR
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


def in_slices(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what cannot be drawn in slices: what is under way, and what buyers choose."""
    data.pop("initial", None)
    kits = data["catalog"]["kits"]
    kits["PICK"] = {"price": 5, "needs": {"A": 2, "LUCK": 1}}
    return data


@given(scenarios().map(in_slices), st.sampled_from([1, 2, 5, 30]), st.integers(0, 3))
def test_any_scenario(data: dict[str, Any], size: int, replication: int) -> None:
    scenario = scenario_of(data)
    assert sliceable(scenario) is None
    same(compile_scenario(scenario), size, replication)


PEOPLE = {"pool": 60, "new": 0.3, "tiers": {"1": 2, "2": 1}}
BASKET = {"weights": {"A": 2, "B": 1, "LUCK": 1}, "lines": {"1": 2, "2": 1, "3": 1}}

#: All that is drawn for an order, and closed channels that cut into it.
RICH: dict[str, Any] = small(
    catalog={
        "skus": {
            "A": {"price": 1.5, "owner": "ours"},
            "B": {"price": 2, "owner": "theirs"},
            "G": {"price": 1},
            "H": {"price": 1},
        },
        "kits": {"LUCK": {"kind": "mystery", "price": 3, "draw": 2, "pool": {"G": 1, "H": 2}}},
    },
    forecast={"p10": 0.8, "p90": 1.2},
    demand={
        "drop": {
            **{"shape": "drop", "at": "5m", "orders": 300, "rise": "1m", "half_life": "3m"},
            **{"basket": BASKET, "customers": PEOPLE, "regions": {"east": 1, "west": 2}},
            **{"channel": "live", "room": "88", "coupon": 0.4, "dispersion": 0.7},
        },
        "shop": {
            **{"shape": "steady", "rate": "12/m", "arrivals": "even", "coupon": 1},
            **{"basket": {**BASKET, "quantity": {"1": 1, "2": 1}}, "customers": PEOPLE},
            **{"open": {"from": "3m", "to": "25m"}},
        },
        "early": {
            **{"shape": "presale", "deposits": {"from": "-20m", "to": "10m", "orders": 200}},
            **{"balance_at": "10m", "half_life": "2m", "never_pay": 0.2, "basket": BASKET},
        },
        "show": {
            **{"shape": "session", "viewers": [["0s", 600], ["20m", 1200]], "rise": "1m"},
            **{"conversion": "1/h", "half_life": "2m", "basket": BASKET, "dispersion": 0.3},
            "run_of_show": [{"time": "4m", "item": "A", "expected_units": 90, "price": 1}],
        },
        "flash": {"shape": "instant", "at": "9m", "orders": 150, "basket": BASKET},
        "slope": {"shape": "ramp", "rates": [["1m", "0/m"], ["9m", "20/m"]], "basket": BASKET},
    },
    payment={"paid": 0.8, "delay": {"mean": "1m", "cv": 1.5}, "timeout": "15m"},
    cancellations={"share": 0.2, "delay": {"mean": "5m", "dist": "exponential"}},
    returns={"share": 0.2, "after": {"mean": "1h", "dist": "gamma", "cv": 0.5}},
    oms={"manual_review": {"share": 0.1, "people": 2, "work": "4s"}},
    gifts={
        "luck": {"reward": {"gift": {"G": 1}}, "gate": {"lottery": {"p": 0.3}}},
        "any": {"reward": {"gift": {"G": 1, "H": 1}, "choose": "random"}},
    },
    promises={"all": {"within": "2h"}},
    warehouses={
        "hub": {
            "stages": {
                "pick": {"workers": 9, "work": {"per_task": "12s", "cv": 0.4}},
                "sort": {"workers": 9, "work": {"per_task": "2s", "dist": "gamma", "cv": 2}},
                "pack": {"workers": 9, "work": {"per_task": "9s", "dist": "exponential"}},
                "load": {"workers": 9, "work": {"per_task": "1s"}},
            },
            "carriers": {
                "sf": {"pickups": ["1h"], "share": 1},
                "yto": {"pickups": ["2h"], "share": 2},
            },
        }
    },
    disruptions={
        "cut": {
            **{"what": "close_channel", "channel": "live", "at": "7m", "for": "4m"},
            "divert": {"shop": 0.3, "street": 0.2},
        },
        "down": {"what": "close_channel", "channel": "shop", "at": "8m", "for": "2m"},
        "later": {
            **{"what": "close_channel", "channel": "shop", "at": "20m"},
            "divert": {"live": 0.5},
        },
        "rush": {"what": "surge", "stream": "drop", "at": "6m", "for": "3m", "scale": 2},
        "more": {"what": "surge", "stream": "show", "at": "12m", "scale": 1.5},
    },
)


@pytest.fixture(scope="module")
def rich() -> Model:
    return compile_scenario(scenario_of(RICH))


@pytest.mark.parametrize("size", [7, 100, 10_000])
def test_all_that_is_drawn(rich: Model, size: int) -> None:
    slices = same(rich, size)
    orders = [one.orders for one in slices]
    assert sum(one.lost for one in orders) > 50
    assert sum(one.diverted for one in orders) > 50
    assert any((np.diff(one.index[one.substream == 0]) > 1).any() for one in orders)  # gaps
    assert (len(slices) > 1) == (size < 10_000)


DEMAND_OF_A_DAY = {
    "drop": {
        **{"shape": "drop", "at": "1h", "orders": 2000, "half_life": "5m"},
        "basket": {"weights": {"A": 1}},
    },
    "steady": {"shape": "steady", "rate": "150/h", "basket": {"weights": {"A": 1}}},
    "flash": {
        **{"shape": "instant", "at": "5h", "orders": 1500},
        "basket": {"weights": {"A": 1}},
    },
}


def test_a_slice_is_about_as_large_as_asked_for() -> None:
    """Counts are Poisson, so 500 ± 5·√500 of 500; what comes in one tick stays together."""
    data = small(demand=DEMAND_OF_A_DAY, horizon="10h")
    slices = same(compile_scenario(scenario_of(data)), 500)
    # 2,000 + 5·150 before the flash
    before = [len(one.orders) for one in slices if one.until <= 5 * HOUR]
    assert before == pytest.approx([500] * 5, abs=5 * 500**0.5)
    flash = slices[len(before)].orders
    assert int((flash.placed == 5 * HOUR).sum()) == 1500
    assert 1500 <= len(flash) <= 2000 + 5 * 500**0.5
    assert len(slices) == 10 - 2  # three of the edges would lie within the flash


def test_no_number_is_drawn_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generators of all slices together take about as many steps as those of the whole."""
    model = compile_scenario(scenario_of(small(demand=DEMAND_OF_A_DAY, horizon="10h")))
    made: list[np.random.Generator] = []

    def counted(*key: Any) -> np.random.Generator:
        made.append(generator(*key))
        return made[-1]

    monkeypatch.setattr(parts, "generator", counted)
    monkeypatch.setattr(moments, "generator", counted)
    draw_orders(model, 0)
    whole, n = [one.bit_generator.state["state"]["state"] for one in made], len(made)
    for _ in order_slices(model, 0, 100):
        pass
    assert len(made) == 2 * n  # each is made once, however many slices there are
    sliced = [one.bit_generator.state["state"]["state"] for one in made[n:]]
    # all but those of the moments, whose blocks end elsewhere, stand where they stood
    assert len(set(whole) & set(sliced)) >= n - 2


@pytest.mark.parametrize("arrivals", ["even", "poisson"])
def test_memory_is_that_of_a_slice(arrivals: str) -> None:
    """It does not grow with the orders, not even by the eight bytes of one number for each."""

    def peak(orders: int, size: int) -> int:
        demand = {
            "shop": {
                **{"shape": "steady", "rate": f"{orders}/h", "arrivals": arrivals},
                **{"basket": {"weights": {"A": 1}}, "customers": {"pool": 100}},
            }
        }
        model = compile_scenario(scenario_of(small(demand=demand, horizon="1h")))
        count = 0
        tracemalloc.start()
        try:
            for one in order_slices(model, 0, size):
                count += len(one.orders)
                del one
            assert count == pytest.approx(orders, rel=0.05)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many, whole = peak(20_000, 1000), peak(120_000, 1000), peak(120_000, 10**6)
    assert many - few < 4 * 100_000
    assert many < whole / 20


def test_nothing_to_draw_is_one_slice() -> None:
    (one,) = same(compile_scenario(scenario_of(small(demand_scale=0))), 10)
    assert len(one.orders) == 0


CHOICE = {
    "skus": {"A": {"price": 1}},
    "kits": {
        "PICK": {"kind": "choose", "price": 1, "choose": 1, "of": ["A"]},
        "DEEP": {"needs": {"A": 1, "PICK": 2}},
    },
}
SHOW = {
    **{"shape": "session", "viewers": [["0s", 60]], "conversion": "1/h", "half_life": "2m"},
    "run_of_show": [{"time": "4m", "item": "DEEP", "expected_units": 9}],
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (
            {
                "initial": {
                    "at": "0s",
                    "open_orders": [{"order": "o", "sku": "A", "quantity": 1}],
                }
            },
            "initial",
        ),
        (
            {
                "catalog": CHOICE,
                "demand": {
                    "shop": {
                        **{"shape": "steady", "rate": "1/m"},
                        "basket": {"weights": {"A": 1, "DEEP": 1}},
                    }
                },
            },
            "demand.shop: .* PICK",
        ),
        (
            {
                "catalog": CHOICE,
                "demand": {"live": {**SHOW, "basket": {"weights": {"A": 1, "PICK": 0}}}},
            },
            "demand.live: .* PICK",
        ),
    ],
    ids=["what is under way", "a choice", "a choice in a show"],
)
def test_what_cannot_be_sliced_says_why(changes: dict[str, Any], named: str) -> None:
    model = compile_scenario(scenario_of(small(**changes)))
    with pytest.raises(ValueError, match=named):
        order_slices(model, 0, 10)


def test_a_log_is_not_sliced(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("order,time,sku,quantity\n1,2026-11-10 20:00,A,1\n")
    demand = {"log": {"shape": "replay", "file": "log.csv", "channel": "shop"}}
    scenario = loads(json.dumps(small(demand=demand)), folder=tmp_path)
    assert sliceable(scenario) == "demand.log: a log is played all at once"
