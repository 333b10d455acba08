"""A sale that says everything the floor can say, to be broken in one place at a time."""

from __future__ import annotations

from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.overrides import override
from burstsim.scenario.scenario import Scenario
from tests.scenarios import scenario_of, small

#: Everything right: zones, tours, waves, crews, carriers, returns, disruptions and policies.
SALE = small(
    catalog={
        "skus": {
            "A": {"price": 10, "zone": "fast", "margin": 4, "extra_pick_time": "2s"},
            "B": {"price": 5, "zone": "slow"},
            "TOTE": {"price": 1},
            "POUCH": {},
        },
        "kits": {"SET": {"needs": {"A": 1, "B": 1}, "work": "9s", "zone": "wrap"}},
    },
    demand={
        "shop": {
            "channel": "live",
            "shape": "steady",
            "rate": "20/m",
            "regions": {"east": 1, "south": 1},
            "basket": {"weights": {"A": 1, "B": 1, "SET": 1}},
        }
    },
    gifts={"tote": {"trigger": {"items": ["A"]}, "reward": {"gift": {"TOTE": 1}}}},
    oms={"routing": {"east": ["hub", "spare"], "south": ["hub"]}},
    costs={"worker_hour": 28, "temp_hour": 35},
    warehouses={
        "hub": {
            "release": {"mode": "wave", "every": "10m", "order": "promise"},
            "stages": {
                "pick": {
                    "zones": {"fast": {"workers": 5}, "slow": {}},
                    "work": {"per_line": "12s"},
                    "tour": {"orders": 6, "setup": "30s"},
                    "travel": {"aisles": 20, "per_aisle": "5s"},
                },
                "wrap": {"zones": {"table": {"workers": 3}}, "only": "needs_work"},
                "pack": {"work": {"per_task": "10s"}, "discipline": "promise", "put_wall": 900},
                "returns": {"workers": 1, "work": {"per_task": "40s"}},
            },
            "shifts": {
                "pack": {
                    "night": {"from": "20:00", "to": "08:00", "workers": 4, "no_show": 0.1},
                    "day": {"from": "08:00", "to": "20:00", "workers": 3},
                },
                "pick.slow": {"all": {"from": "18:00", "to": "06:00", "workers": 2}},
            },
            "crews": {
                "flex": {
                    "people": 3,
                    "shift": ["20:00", "23:00"],
                    "skills": {"pick.fast": 1, "wrap": 0.8},
                    "every": "15m",
                }
            },
            "breakdowns": {"pack": {"mtbf": "20h", "mttr": "15m"}},
            "stops": {"clean": {"where": "pick.fast", "from": "22:00", "to": "22:15"}},
            "builds": {},
            "carriers": {
                "sf": {"share": 1, "pickups": ["21:00", "23:00"], "capacity": 500},
                "yto": {"regions": ["south"], "pickups": ["22:00"]},
            },
        },
        "spare": {
            "open": False,
            "external": {"lead_time": {"mean": "1h"}},
        },
    },
    promises={
        "live": {"where": {"channel": ["live"]}, "within": "3h", "penalty": {"rate": 0.1}},
        "rest": {"cut_offs": [{"paid_before": "23:00", "by": "+1d 12:00"}]},
    },
    returns={"share": 0.2, "after": {"mean": "2h"}},
    disruptions={
        "ill": {"what": "no_show", "where": "hub.pack", "at": "10m", "for": "1h", "share": 0.3},
        "dark": {"what": "outage", "where": "hub.pick.fast", "at": "20m", "for": "5m"},
        "freeze": {"what": "oms_freeze", "at": "5m", "for": "5m"},
        "stuck": {"what": "truck_no_show", "where": "hub.sf", "at": "1h", "for": "10m"},
        "rush": {"what": "surge", "stream": "shop", "scale": 3, "at": "10m", "for": "5m"},
    },
    policies={
        "temps": {
            "when": "work_left.hub.pack > 30m",
            "every": "15m",
            "delay": "30m",
            "once": True,
            "do": {"add_workers": {"zone": "hub.pack", "workers": 4, "for": "2h"}},
        },
        "move": {
            "when": "backlog.hub.pick.slow >= 40",
            "every": "15m",
            "do": {"move_workers": {"from": "hub.pick.fast", "to": "hub.wrap", "workers": 1}},
        },
        "stay": {
            "when": "late_share > 5%",
            "every": "15m",
            "do": {"overtime": {"zone": "hub.pack", "until": "09:00", "at_most": 2}},
        },
        "stop": {"when": "stock_left.A < 9", "every": "5m", "do": {"stop_selling": "SET"}},
        "slow": {
            "when": "orders_per_minute > 90",
            "every": "5m",
            "do": {"throttle": {"channel": "live", "keep": 0.5}},
        },
        "swap": {
            "when": "gifts_left.tote < 9",
            "every": "5m",
            "do": {"replace_gift": {"TOTE": "POUCH"}},
        },
        "later": {
            "when": "orders_paid > 500",
            "every": "5m",
            "do": {"set_promise": {"live": "9h"}},
        },
        "more": {"when": "backlog.hub > 500", "every": "5m", "do": {"open_warehouse": "spare"}},
        "truck": {
            "when": "backlog.hub > 400",
            "every": "5m",
            "do": {"extra_truck": {"carrier": "hub.sf", "after": "1h", "capacity": 200}},
        },
        "few": {
            "when": "stock_left.B < 50",
            "every": "5m",
            "do": {"limit_per_customer": {"item": "B", "units": 2}},
        },
    },
)


#: In place of a value: the key is taken out.
GONE = object()


def changed(changes: dict[str, Any]) -> Scenario:
    """Load the sale with values at paths replaced."""
    data = deepcopy(SALE)
    for path in [path for path, value in changes.items() if value is GONE]:
        *above, key = path.split(".")
        reduce(getitem, above, data).pop(key)
    kept = {path: value for path, value in changes.items() if value is not GONE}
    assert not override(data, kept).problems
    return scenario_of(data)


def refused(changes: dict[str, Any]) -> list[Problem]:
    """Give what is wrong with the sale when values are replaced."""
    with pytest.raises(ScenarioError) as caught:
        changed(changes)
    return list(caught.value.problems)
