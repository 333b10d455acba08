"""How many orders are there at once is known about well enough before anything runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from burstsim.engine.compile import compile_scenario
from burstsim.engine.crowd import expected_crowd
from burstsim.engine.needs import needs_of
from burstsim.engine.run import simulate
from burstsim.engine.streamable import streamable
from burstsim.kernels.peaks import most_inside
from burstsim.units import NEVER
from tests.cutting import settled
from tests.scenarios import scenario_of, small

_FAST = {"workers": 9, "work": {"per_task": "3s"}}
_HUB = {"stages": {"pick": _FAST, "pack": _FAST}}
_TWO_REGIONS = {
    **{"shape": "steady", "rate": "20/m", "regions": {"east": 1, "west": 1}},
    "basket": {"weights": {"A": 1}},
}
_PRESALE = {
    **{"shape": "presale", "deposits": {"from": "0h", "to": "6h", "orders": 5000}},
    **{"balance_at": "7h", "half_life": "30m", "never_pay": 0.2, "basket": {"weights": {"A": 1}}},
}


def _trucks(**keys: Any) -> dict[str, Any]:
    return {"warehouses": {"hub": _HUB | {"carriers": {"sf": {"share": 1} | keys}}}}


def _partner(**keys: Any) -> dict[str, Any]:
    """Half of all orders go to a partner."""
    return {
        "demand": {"shop": _TWO_REGIONS},
        "oms": {"routing": {"west": ["partner"]}},
        "warehouses": {"hub": _HUB, "partner": {"external": keys}},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"warehouses": {"hub": {"stages": {"pick": _FAST | {"workers": 1, "work": {"uph": 900}}}}}},
        {"oms": {"hold": "2h"}},
        {"oms": {"cycle": "1h"}},
        {"payment": {"paid": 0.3, "delay": {"mean": "1m"}, "timeout": "3h"}},
        {"demand": {"early": _PRESALE}},
        {"warehouses": {"hub": {"stages": {"pick": _FAST | {"transfer": "2h"}, "pack": _FAST}}}},
        _trucks(pickups=["2026-11-11 05:00"]),
        _trucks(pickups=["21:00", "22:00", "23:00", "00:00", "02:00"], capacity=1000),
        _partner(lead_time={"mean": "3h"}),
        _partner(lead_time={"mean": "1m"}, capacity="300/h"),
        _partner(lead_time={"mean": "0s"}, capacity="300/h"),
        # each has as many people as it needs
        {
            "demand": {"shop": _TWO_REGIONS},
            "oms": {"routing": {"west": ["depot"], "east": ["hub"]}},
            "warehouses": {
                name: {"stages": {"pick": {"workers": 6, "work": {"per_task": "30s"}}}}
                for name in ("hub", "depot")
            },
        },
    ],
)
def test_most_orders_at_once(changes: dict[str, Any]) -> None:
    model = compile_scenario(scenario_of(small(**{"horizon": "9h", "drain": "3h"} | changes)))
    assert streamable(model) is None
    trace = simulate(model, 0)
    over = settled(trace)
    most, _ = most_inside(np.sort(trace.orders.placed), np.sort(over[over < NEVER]))
    assert 0.7 * most - 100 < expected_crowd(model) < 1.4 * most + 100


def test_only_a_partner() -> None:
    """Nobody of ours is there, and the memory is a number all the same."""
    data = small(
        horizon="10h",
        record="summary",
        demand={"shop": {"shape": "steady", "rate": "50000/h", "basket": {"weights": {"A": 1}}}},
        warehouses={"partner": {"external": {"lead_time": {"mean": "1h"}, "capacity": "30000/h"}}},
    )
    crowd = expected_crowd(compile_scenario(scenario_of(data)))
    assert crowd == pytest.approx(10 * 20_000 + 30_000, rel=0.05)
    assert needs_of(scenario_of(data)).memory > 300e6
