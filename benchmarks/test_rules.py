"""Gift rules: a million orders through ten rules of all kinds, and their share of a whole run."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.event.gifts import GiftDesk
from burstsim.engine.orders import Orders
from burstsim.engine.run import ENGINES
from burstsim.engine.vector.gifts import Batch, Grants, decide
from burstsim.engine.vector.groups import groups_of
from burstsim.engine.vector.oms import departures
from burstsim.scenario.reader import loads

NOBODY = (np.empty(0, np.int64), np.empty(0, np.int64))

#: Orders that are decided one by one as well.
SLICE = 20_000

TIERS = [{"min": 100 * n, "gift": gift} for n, gift in enumerate(("A", "B", "C"), start=1)]

#: Ten rules, of which each needs something that the others do not.
RULES: dict[str, Any] = {
    "first-hundred": {"gate": {"first_n": 100, "per": "minute"}, "reward": {"gift": "A"}},
    "every-third": {
        "trigger": {"items": ["S1", "S2", "S3"]},
        "count": {"mode": "every", "step": 3},
        "reward": {"gift": "B"},
        "stack": {"consume": True, "priority": 2},
    },
    "tiers": {
        "where": {"region": "south"},
        "trigger": {"measure": "amount", "base": "net_tax"},
        "count": {"mode": "tiers", "tiers": TIERS},
        "stack": {"group": "amounts"},
    },
    "cumulative": {
        "trigger": {"measure": "amount", "not": ["S4"]},
        "count": {"mode": "tiers", "pick": "cumulative", "tiers": TIERS},
        "cap": {"total": 100_000, "when_exhausted": "skip"},
        "stack": {"group": "amounts", "priority": -1},
    },
    "opened-kits": {
        "trigger": {"items": ["S5"], "level": "leaf", "min": 2},
        "reward": {"gift": "C"},
        "cap": {"customer": 1},
    },
    "all-they-bought": {
        "trigger": {"measure": "amount", "scope": "customer"},
        "count": {"mode": "every", "step": 150},
        "reward": {"gift": "A"},
    },
    "one-free": {
        "trigger": {"categories": ["soap"]},
        "count": {"mode": "period", "buy": 2, "free": 1},
        "stack": {"best_deal": True},
    },
    "or-a-gift": {
        "trigger": {"measure": "distinct", "min": 2},
        "reward": {"gift": "C"},
        "stack": {"best_deal": True},
        "cap": {"budget": 200_000, "when_exhausted": "close"},
    },
    "lottery": {
        "where": {"channel": "live", "coupon": True},
        "gate": {"lottery": {"p": 0.1}},
        "reward": {"gift": "B"},
        "stack": {"stop": "line", "decide": "granted", "priority": -2},
    },
    "second-order": {
        "where": {"time": ["0s", "30m"], "region": "east"},
        "gate": {"customer_nth": 2, "every_k": 2},
        "reward": {"gift": "A"},
        "stack": {"priority": -3},
    },
}


def model_of(orders: int, rules: dict[str, Any]) -> Model:
    """A sale of two-line orders and nobody who limits it."""
    skus: dict[str, Any] = {
        f"S{n}": {"price": 20 + 7 * n, "category": "soap" if n % 2 else "cream"} for n in range(8)
    }
    skus |= {"A": {"price": 2}, "B": {"price": 3}, "C": {"price": 5}}
    basket = {
        "weights": {**dict.fromkeys([f"S{n}" for n in range(8)], 1), "KIT": 2},
        "lines": {"2": 1},
        "quantity": {"1": 3, "2": 1},
    }
    stage = {"workers": 3000, "work": {"per_task": "60s", "per_line": "5s"}}
    data = {
        "burstsim": 1,
        "horizon": "2h",
        "catalog": {"skus": skus, "kits": {"KIT": {"needs": {"S5": 2, "S6": 1}}}},
        "demand": {
            "live": {
                **{"shape": "drop", "at": "0s", "orders": orders, "half_life": "12m"},
                **{"channel": "live", "room": "88", "coupon": 0.3, "basket": basket},
                "customers": {"pool": 400_000, "new": 0.2},
                "regions": {"east": 1, "south": 1},
            }
        },
        "gifts": rules,
        "warehouses": {"hub": {"stages": {"pick": stage, "pack": stage}}},
    }
    return compile_scenario(loads(json.dumps(data)))


def batch_of(model: Model, orders: Orders) -> Batch:
    groups = groups_of(model, orders, departures(model, orders))
    return Batch(orders=orders, groups=groups.offsets, members=groups.members)


def one_by_one(model: Model, batch: Batch, count: int) -> list[tuple[int, int, int, int]]:
    """Group, rule, option and gifts of the first groups, decided order by order."""
    desk = GiftDesk(model, batch.orders)
    rows = []
    for group in range(min(count, len(batch))):
        members = batch.members[batch.groups[group] : batch.groups[group + 1]].tolist()
        for rule, counts in sorted(desk.decide(members, lambda _rule, _counts: True)):
            rows += [(group, rule, option, n) for option, n in enumerate(counts) if n]
    return rows


def rows_of(grants: Grants, count: int) -> list[tuple[int, int, int, int]]:
    columns = (grants.group, grants.rule, grants.option, grants.count)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return sorted(row for row in rows if row[0] < count)


@pytest.mark.benchmark(group="ten gift rules, 1M orders of two lines")
def test_rules(benchmark) -> None:
    full = benchmark.enabled
    model = model_of(1_000_000 if full else 5_000, RULES)
    batch = batch_of(model, draw_orders(model, 0))
    grants = benchmark.pedantic(
        decide, (model.rules, batch, {}, NOBODY), rounds=5 if full else 1, warmup_rounds=1
    )
    benchmark.extra_info["orders"] = len(batch)
    benchmark.extra_info["gifts"] = int(grants.count.sum())
    assert set(grants.rule.tolist()) == set(range(len(RULES))), "every rule gives something"
    assert rows_of(grants, SLICE) == one_by_one(model, batch, SLICE)


@pytest.mark.benchmark(group="each of ten gift rules alone, 1M orders")
@pytest.mark.parametrize("name", RULES)
def test_rule(benchmark, name: str) -> None:
    full = benchmark.enabled
    model = model_of(1_000_000 if full else 2_000, {name: RULES[name]})
    batch = batch_of(model, draw_orders(model, 0))
    rounds = 3 if full else 1
    grants = benchmark.pedantic(decide, (model.rules, batch, {}, NOBODY), rounds=rounds)
    assert rows_of(grants, 2_000) == one_by_one(model, batch, 2_000)


@pytest.mark.benchmark(group="whole run with and without ten gift rules, 200k orders")
@pytest.mark.parametrize("rules", ["with", "without"])
def test_share_of_a_run(benchmark, rules: str) -> None:
    full = benchmark.enabled
    model = model_of(200_000 if full else 2_000, RULES if rules == "with" else {})
    orders = draw_orders(model, 0)
    rounds = 5 if full else 1
    trace = benchmark.pedantic(ENGINES["vector"], (model, orders), rounds=rounds, warmup_rounds=1)
    benchmark.extra_info["parcels"] = len(trace.parcel_order)
    assert (len(trace.gifts.order) > 0) == (rules == "with")
