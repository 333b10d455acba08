"""The run-down of stock, against plain counts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from burstsim.engine import event
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.results.stockframes import stock_frame
from burstsim.studies.replicate import run
from burstsim.units import MINUTE
from tests.results.naivegifts import NaiveGifts
from tests.scenarios import scenario_of, scenarios, small


def test_a_truck_comes_after_the_shelf_is_empty() -> None:
    """Three of five orders at 60 s take what is there; a truck brings two more at 10 minutes."""
    floor = {"pick": {"workers": 9, "work": {"per_task": "1s"}}}
    hub = {"stock": {"A": 3, "B": 9}, "inbound": {"t": {"at": "10m", "stock": {"A": 2}}}}
    stream = {"shape": "instant", "at": "60s", "orders": 5, "basket": {"weights": {"A": 1}}}
    data = small(
        catalog={"skus": {"A": {}, "B": {}}},
        demand={"s": stream},
        oms={"cycle": "0s"},
        warehouses={"hub": {"stages": floor, **hub}},
    )
    table = run(scenario_of(data)).stock
    assert set(table["sku"]) == {"A"}
    assert table["time"].tolist() == [0, 120, 660]
    assert table["left"].tolist() == [3, 0, 2]


@given(scenarios())
@settings(max_examples=40, deadline=None)
def test_run_downs_equal_plain_counts(data: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(data))
    trace = event.simulate(model, draw_orders(model, 0))
    gifts, items = NaiveGifts(trace), trace.orders.items
    table = stock_frame(trace)
    expected: dict[str, list[tuple[int, int]]] = {}
    for sku, name in enumerate(items.names[: items.n_skus]):
        left = int(trace.model.stock.on_hand[sku])
        steps = sorted([*gifts.takings(sku), *gifts.building(sku)])
        minutes: dict[int, int] = {}
        for tick, pieces in steps:
            minutes[tick // MINUTE] = minutes.get(tick // MINUTE, 0) + pieces
        changes = {minute + 1 for minute, pieces in minutes.items() if pieces}
        if left < 0 or not changes:
            continue
        turns = {model.begin // MINUTE} | changes
        rows = [
            (turn, left - sum(pieces for tick, pieces in steps if tick < turn * MINUTE))
            for turn in sorted(turns)
        ]
        if any(pieces <= 0 for _, pieces in rows):
            expected[name] = rows
    found: dict[str, list[tuple[int, int]]] = {}
    for row in table.itertuples():
        found.setdefault(row.sku, []).append((int(row.time / 60), row.left))
    assert found == expected
