"""Drawing a million orders of three lines each, with customers and payments.

The goal is less than a second on one core. ``pytest benchmarks/test_draws.py`` measures it; what is
asserted is only that the orders are right.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.orders import Orders
from burstsim.scenario.reader import loads
from burstsim.units import NEVER

ITEMS = 40
MILLION = 1_000_000


def model_of(orders: int, *, lines: dict[str, float]) -> Model:
    """A drop of so many orders, some never paid, by customers of whom many come again."""
    items = [f"SKU-{number:02}" for number in range(ITEMS)]
    scenario = {
        "burstsim": 1,
        "start": "2026-11-10 20:00",
        "horizon": "12h",
        "catalog": {"skus": {item: {"price": 20} for item in items}},
        "demand": {
            "live": {
                "shape": "drop",
                "at": "0s",
                "orders": orders,
                "rise": "30s",
                "half_life": "12m",
                "basket": {
                    "weights": {item: ITEMS - number for number, item in enumerate(items)},
                    "lines": lines,
                    "quantity": {"1": 0.9, "2": 0.1},
                },
                "customers": {"pool": 400_000, "new": 0.2, "tiers": {"1": 0.8, "2": 0.2}},
                "regions": {"east": 0.5, "south": 0.3, "north": 0.2},
            }
        },
        "payment": {"paid": 0.92, "delay": {"mean": "40s", "cv": 1.5}, "timeout": "15m"},
        "warehouses": {
            "main": {"stages": {"pack": {"workers": 100, "work": {"uph": 90, "cv": 0.25}}}}
        },
    }
    return compile_scenario(loads(json.dumps(scenario)))


@pytest.mark.benchmark(group="draw a million orders")
@pytest.mark.parametrize(
    "lines", [{"3": 1}, {"1": 0.2, "3": 0.6, "5": 0.2}], ids=["three lines", "one to five lines"]
)
def test_a_million_orders(benchmark, lines: dict[str, float]) -> None:
    wanted = MILLION if benchmark.enabled else 2_000
    model = model_of(wanted, lines=lines)
    orders = benchmark.pedantic(
        draw_orders, (model, 0), rounds=7 if benchmark.enabled else 1, warmup_rounds=1
    )
    benchmark.extra_info["orders"] = len(orders)
    assert abs(len(orders) - wanted) < 6 * wanted**0.5
    check(orders, lines)


def check(orders: Orders, lines: dict[str, float]) -> None:
    """Lines, customers and payments are as the scenario says."""
    count = len(orders)
    per_order = np.diff(orders.line_offsets)
    assert set(per_order.tolist()) == {int(number) for number in lines}
    assert per_order.mean() == pytest.approx(3, abs=6 / count**0.5)
    assert (np.diff(orders.placed) >= 0).all()
    owner = np.repeat(np.arange(count), per_order)
    pairs = owner * ITEMS + orders.line_item
    assert len(np.unique(pairs)) == len(pairs), "the lines of an order are different items"
    assert orders.line_quantity.mean() == pytest.approx(1.1, abs=3 / count**0.5)
    known = orders.customer < 400_000
    assert known.mean() == pytest.approx(0.8, abs=3 / count**0.5)
    assert len(np.unique(orders.customer[~known])) == (~known).sum()
    assert np.isin(orders.tier, (1, 2)).all()
    paid = orders.paid < NEVER
    assert paid.mean() == pytest.approx(0.92, abs=3 / count**0.5)
    assert (orders.paid[paid] >= orders.placed[paid]).all()
