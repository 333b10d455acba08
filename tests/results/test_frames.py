"""Tables of a replication: columns, types, and rows against plain counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import Trace
from burstsim.errors import ScenarioError
from burstsim.results.pictures import Pictures, Shown
from burstsim.results.rowtables import frame_of, gift_rows, order_rows, parcel_rows
from burstsim.units import DAY, HOUR, MINUTE, SECOND
from tests.cutting import cut
from tests.forgetting import forgotten
from tests.results.naive import Naive
from tests.scenarios import scenario_of, scenarios, small
from tests.streaming import forgetful


def traced(data: dict[str, Any]) -> Trace:
    model = compile_scenario(scenario_of(data))
    return event.simulate(model, draw_orders(model, 0))


def types(table: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in table.dtypes.items()}


ORDERS = {
    "order": "int64",
    **dict.fromkeys(("stream", "channel", "customer", "region", "owner", "state"), "category"),
    **dict.fromkeys(("placed", "paid", "shipped"), "float64"),
    **dict.fromkeys(("parcels", "lines", "units", "gifts"), "int64"),
    **dict.fromkeys(("value", "due"), "float64"),
    "late": "bool",
    "late_because": "category",
    "returned": "bool",
}
PARCELS = {
    **dict.fromkeys(("order", "parcel"), "int64"),
    **dict.fromkeys(("warehouse", "carrier"), "category"),
    "released": "float64",
    **dict.fromkeys(("pick_entered", "pick_started", "pick_done"), "float64"),
    **dict.fromkeys(("pack_entered", "pack_started", "pack_done"), "float64"),
    "shipped": "float64",
}
TIMELINE = {
    "time": "float64",
    **dict.fromkeys(("warehouse", "stage", "zone"), "category"),
    **dict.fromkeys(("waiting", "busy", "workers"), "int64"),
    "work_left": "float64",
}
FLOW = {
    "time": "float64",
    "warehouse": "category",
    **dict.fromkeys(("placed", "paid", "released", "shipped", "open"), "int64"),
}
GIFTS = {
    "order": "int64",
    **dict.fromkeys(("rule", "sku"), "category"),
    **dict.fromkeys(("proposed", "granted"), "int64"),
}
TRUCKS = {
    "time": "float64",
    **dict.fromkeys(("warehouse", "carrier"), "category"),
    "capacity": "float64",
    **dict.fromkeys(("loaded", "left_behind"), "int64"),
}
GIFT_FLOW = {
    "time": "float64",
    **dict.fromkeys(("rule", "sku"), "category"),
    **dict.fromkeys(("proposed", "granted", "short"), "int64"),
}


@pytest.mark.parametrize("scale", [0, 1])
def test_columns_and_types(scale: float) -> None:
    trace = traced(small(demand_scale=scale))
    shown = Pictures.of(trace)
    for table, expected in (
        (frame_of(order_rows(trace)), ORDERS),
        (frame_of(parcel_rows(trace)), PARCELS),
        (shown.timeline, TIMELINE),
        (shown.flow, FLOW),
        (frame_of(gift_rows(trace)), GIFTS),
        (shown.gift_flow, GIFT_FLOW),
        (shown.trucks, TRUCKS),
    ):
        assert list(types(table).items()) == list(expected.items())
    assert len(frame_of(order_rows(trace))) == len(trace.orders)
    assert len(frame_of(parcel_rows(trace))) == len(trace.parcel_order)


def test_an_order_by_hand() -> None:
    """One of two orders is done when the run ends: 10 s each, one worker, the end at 15 s."""
    data = small(
        horizon="10s",
        drain="5s",
        oms={"cycle": "0s"},
        demand={
            "s": {
                "shape": "instant",
                "at": "1s",
                "orders": 2,
                "channel": "live",
                "basket": {"weights": {"A": 1}, "quantity": {"2": 1}},
            }
        },
        warehouses={"hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "10s"}}}}},
        promises={"all": {"within": "5s"}},
    )
    table = frame_of(order_rows(traced(data)))
    assert table["state"].tolist() == ["shipped", "unfinished"]
    assert table["shipped"].tolist() == pytest.approx([11.0, np.nan], nan_ok=True)
    assert table["due"].tolist() == [6.0, 6.0]
    assert table["late"].tolist() == [True, True]
    assert table["value"].tolist() == [20.0, 20.0]
    assert table["units"].tolist() == [2, 2]
    assert table["lines"].tolist() == [1, 1]
    assert table["channel"].tolist() == ["live", "live"]
    assert table["owner"].isna().all()
    parcels = frame_of(parcel_rows(traced(data)))
    assert parcels["pick_started"].tolist() == [1.0, 11.0]
    assert parcels["pick_done"].tolist() == pytest.approx([11.0, np.nan], nan_ok=True)


def test_without_a_promise_nothing_is_due_or_late() -> None:
    table = frame_of(order_rows(traced(small())))
    assert table["due"].isna().all()
    assert not table["late"].any()


@given(scenarios())
@settings(max_examples=60, deadline=None)
def test_timeline_and_flow_equal_plain_counts(data: dict[str, Any]) -> None:
    trace = traced(data)
    naive, shown = Naive(trace), Pictures.of(trace)
    columns = ["time", "zone", "waiting", "busy", "workers", "work_left"]
    rows = list(shown.timeline[columns].itertuples(index=False, name=None))
    assert rows == list(naive.timeline())
    assert list(shown.flow.itertuples(index=False, name=None)) == list(naive.flow())
    columns = ["time", "rule", "sku", "proposed", "granted", "short"]
    gifts = shown.gift_flow[columns].astype({"sku": object})
    rows = list(gifts.where(gifts.notna(), None).itertuples(index=False, name=None))
    assert sorted(rows, key=str) == sorted(naive.gift_flow(), key=str)


@given(scenarios())
@settings(max_examples=40, deadline=None)
def test_tables_of_orders_and_parcels_agree(data: dict[str, Any]) -> None:
    trace = traced(data)
    orders, parcels = frame_of(order_rows(trace)), frame_of(parcel_rows(trace))
    own = parcels[~((parcels["parcel"] > 0) & (trace.left == 1))]  # what left cancelled is out
    last = own.groupby("order")["shipped"].agg(lambda ticks: ticks.max(skipna=False))
    firsts = parcels["order"].reindex(trace.parcel)  # -1 is no row: never
    of_order = last.reindex(firsts.to_numpy())
    assert np.array_equal(of_order.to_numpy(), orders["shipped"].to_numpy(), equal_nan=True)
    size = parcels.groupby("order").size().reindex(firsts.to_numpy(), fill_value=0)
    assert size.to_numpy().tolist() == orders["parcels"].tolist()
    assert orders["order"][trace.parcel_order].tolist() == parcels["order"].tolist()
    assert orders["gifts"].sum() == frame_of(gift_rows(trace))["granted"].sum()
    assert (orders["state"].eq("shipped") == orders["shipped"].notna()).all()
    on_time = orders["shipped"] <= orders["due"]
    if data["promises"]["all"]["met_at"] == "pickup":
        assert not (on_time & orders["late"]).any()


def same_tables(trace: Trace, edges: list[int]) -> Shown:
    """Tables of a replication, which are the same from pieces of it."""
    whole = Pictures.of(trace)
    for known in (lambda piece: piece, forgotten):
        pictures = Pictures(trace.model)
        for piece in map(known, cut(trace, edges)):
            pictures.add(piece)
        shown = pictures.shown()
        assert shown.items == whole.items
        for name in ("timeline", "flow", "gift_flow", "stock", "trucks"):
            pd.testing.assert_frame_equal(getattr(shown, name), getattr(whole, name))
    return whole


@given(scenarios(), st.lists(st.integers(0, 80), max_size=5, unique=True))
@settings(max_examples=50, deadline=None)
def test_pieces_tell_what_the_whole_tells(data: dict[str, Any], cuts: list[int]) -> None:
    try:
        model = compile_scenario(scenario_of(forgetful(data)))
    except ScenarioError:
        assume(False)
    trace = vector.simulate(model, draw_orders(model, 0))
    edges = [tick for each in sorted(cuts) if model.begin < (tick := each * SECOND) < model.end]
    same_tables(trace, edges)


def test_of_a_very_long_run_only_busy_minutes_are_told() -> None:
    """Seventy days with an order at the beginning, and a few at the end."""
    at = {"shape": "instant", "basket": {"weights": {"A": 1}}}
    demand = {"one": {**at, "at": "1m", "orders": 1}, "more": {**at, "at": "69d", "orders": 9}}
    trace = traced(small(horizon="70d", demand=demand))
    assert len(same_tables(trace, [HOUR, 69 * DAY + SECOND]).timeline) < 100


def test_cancelled_in_a_queue() -> None:
    """An order is open no more from its cancellation on, which counts when it leaves the floor."""
    slow = {"workers": 2, "work": {"per_task": "12s"}}
    data = small(
        cancellations={"share": 0.5, "delay": {"mean": "2m"}},
        warehouses={"hub": {"stages": {"pick": slow, "pack": slow | {"workers": 9}}}},
    )
    same_tables(traced(data), list(range(3 * MINUTE, 90 * MINUTE, 7 * MINUTE // 2)))
