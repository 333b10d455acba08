"""A million flash-sale orders of two lines over three warehouses, against the plain loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.orders import Orders
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.gifts import Grants
from burstsim.engine.vector.groups import groups_of
from burstsim.engine.vector.oms import departures
from burstsim.engine.vector.routes import routes_of
from burstsim.engine.vector.shelf import from_the_shelf
from tests.scenarios import scenario_of

_ROUTES = {"east": ["a", "b", "c"], "south": ["b", "a", "c"], "north": ["c", "a", "b"]}
_NONE = np.empty(0, np.int64)


def sale(orders: int) -> dict[str, Any]:
    """Two hundred SKUs, Zipf; of the hottest there is 70 % of what is asked, of others enough."""
    weights = {f"S{n}": 1 / (n + 1) for n in range(200)}
    asked = {sku: 2 * orders * weight / sum(weights.values()) for sku, weight in weights.items()}
    return {
        "burstsim": 1,
        "horizon": "2h",
        "catalog": {"skus": {sku: {"price": 10} for sku in weights}},
        "payment": {"reserve": "paid"},
        "demand": {
            "live": {
                "shape": "drop",
                "at": "0s",
                "orders": orders,
                "half_life": "12m",
                "basket": {"weights": weights, "lines": {"2": 1}},
                "regions": {"east": 5, "south": 3, "north": 2},
            }
        },
        "oms": {"routing": _ROUTES},
        "warehouses": {
            house: {
                "stock": {
                    sku: int(n * share * (0.7 if sku == "S0" else 1.03)) for sku, n in asked.items()
                },
                "stages": {"pick": {"workers": 1000, "work": {"per_task": "30s"}}},
            }
            for house, share in (("a", 0.5), ("b", 0.3), ("c", 0.2))
        },
    }


def plainly(orders: Orders, stock: np.ndarray[Any, Any]) -> list[object]:
    """One order after another: a warehouse, -1, or (warehouse, lines) of several."""
    left = stock.tolist()
    routes = [[list("abc").index(house) for house in _ROUTES[region]] for region in orders.regions]
    item, quantity = orders.line_item.tolist(), orders.line_quantity.tolist()
    bounds, region = orders.line_offsets.tolist(), orders.region.tolist()
    answers: list[object] = []
    for order in np.lexsort((np.arange(len(orders)), orders.paid)).tolist():
        lines, route = range(bounds[order], bounds[order + 1]), routes[region[order]]
        for house in route:
            if all(left[house][item[line]] >= quantity[line] for line in lines):
                for line in lines:
                    left[house][item[line]] -= quantity[line]
                answers.append(house)
                break
        else:
            rest, houses, chosen = list(lines), list(route), []
            while rest and houses:
                covered = {
                    house: [line for line in rest if left[house][item[line]] >= quantity[line]]
                    for house in houses
                }
                best = max(houses, key=lambda house: len(covered[house]))
                if not covered[best]:
                    break
                chosen.append((best, covered[best]))
                rest = [line for line in rest if line not in covered[best]]
                houses.remove(best)
            for house, some in () if rest else chosen:
                for line in some:
                    left[house][item[line]] -= quantity[line]
            answers.append(-1 if rest else chosen)
    return answers


@pytest.mark.parametrize("orders", [1_000_000])
def test_allocation(benchmark: BenchmarkFixture, orders: int) -> None:
    if benchmark.disabled:
        orders //= 50
    model = compile_scenario(scenario_of(sale(orders)))
    drawn = draw_orders(model, 0)
    groups = groups_of(model, drawn, departures(model, drawn))
    routes = routes_of(model, drawn, groups, None)
    grants = Grants(group=_NONE, rule=_NONE, option=_NONE, count=_NONE)

    def allocate() -> Filled:
        return from_the_shelf(model, drawn, groups, routes, grants, [])

    filled = benchmark.pedantic(allocate, rounds=7, warmup_rounds=1)
    found: list[object] = [
        filled.split.get(group, house) for group, house in enumerate(filled.house.tolist())
    ]
    assert found == plainly(drawn, model.stock.shelves)


def test_the_plain_loop(benchmark: BenchmarkFixture) -> None:
    """The same orders, 100,000 of them, for the ratio."""
    model = compile_scenario(scenario_of(sale(2_000 if benchmark.disabled else 100_000)))
    drawn = draw_orders(model, 0)
    benchmark.pedantic(plainly, (drawn, model.stock.shelves), rounds=3)
