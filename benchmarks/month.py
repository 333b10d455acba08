"""A month of evenings with a drop each: as many orders as wanted, and a backlog of hours."""

from __future__ import annotations

import json
from typing import Any

from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario

_DAYS = 30

#: Shares of a day's orders that the evening's drop brings, and that come all day.
_DROP, _ALL_DAY = 0.4, 0.6

#: People who are there, by those who are needed when work is spread evenly.
_SPARE = 1.25

_SECONDS = {"pick": 40, "pack": 30}


def month(orders: int) -> Scenario:
    """Make a month bring about so many orders, in proportion to all that works on them."""
    daily = orders / _DAYS
    basket = {"weights": {"A": 3, "B": 2, "KIT": 1}, "lines": {1: 0.8, 2: 0.2}}
    drop = {"shape": "drop", "rise": "1m", "half_life": "20m", "basket": basket}
    demand: dict[str, Any] = {
        f"evening-{day + 1}": {**drop, "at": f"{24 * day + 20}h", "orders": daily * _DROP}
        for day in range(_DAYS)
    }
    rate = f"{daily * _ALL_DAY / 24}/h"
    demand["all-day"] = {"shape": "steady", "rate": rate, "basket": basket}
    scenario = {
        "burstsim": 1,
        "name": f"A month of {orders:,} orders",
        "start": "2026-11-01 00:00",
        "horizon": f"{_DAYS}d",
        "drain": "1d",
        "record": "summary",
        "catalog": {
            "skus": {"A": {"price": 30}, "B": {"price": 50}},
            "kits": {"KIT": {"price": 75, "needs": {"A": 1, "B": 1}}},
        },
        "demand": demand,
        "warehouses": {
            "hub": {
                "stages": {
                    stage: {
                        "work": {"per_task": f"{seconds}s", "cv": 0.3},
                        "workers": max(round(daily / 86_400 * seconds * _SPARE), 1),
                    }
                    for stage, seconds in _SECONDS.items()
                },
                "carriers": {
                    "sf": {"share": 1, "pickups": [f"{hour:02}:00" for hour in range(0, 24, 2)]}
                },
            }
        },
        "promises": {"all": {"within": "24h"}},
    }
    return loads(json.dumps(scenario))
