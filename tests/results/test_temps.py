"""Temporary people: their hours, and what they cost, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from burstsim.results.metrics import measure
from tests.engines import both
from tests.scenarios import small


def measured(span: str) -> dict[str, float]:
    """Ten orders at once, ten seconds each in both stages; two slow temps come to picking at 25 s.

    One order is packed every ten seconds from 10 s on, whoever picks: the last work ends at 110 s.
    """
    add = {"zone": "hub.pick", "workers": 2, "for": span, "productivity": 0.5}
    stage: dict[str, Any] = {"workers": 1, "work": {"per_task": "10s"}}
    policy = {"when": "backlog.hub.pick > 5", "every": "15s", "delay": "10s", "once": True}
    basket = {"weights": {"A": 1}}
    data = small(
        demand={"shop": {"shape": "instant", "at": "0s", "orders": 10, "basket": basket}},
        oms={"cycle": "0s"},
        warehouses={"hub": {"stages": {"pick": stage, "pack": {**stage}}}},
        policies={"temps": {**policy, "do": {"add_workers": add}}},
        costs={"worker_hour": 36, "temp_hour": 72},
    )
    return {name: value.number for name, value in measure(both(data)).items()}


def test_temps_are_paid_at_their_own_price() -> None:
    """Three pickers at two thirds of the pace take 15 s each; at 45 s two are busy until 55 s.

    So one temp stays ten seconds longer to finish: as overtime of the zone, at the usual price.
    """
    found = measured("20s")
    assert found["temp_hours"] == pytest.approx(2 * 20 / 3600)
    assert found["worker_hours"] == pytest.approx((110 + 110 + 2 * 20 + 10) / 3600)
    assert found["cost.temps"] == pytest.approx(0.80)
    assert found["cost.workers"] == pytest.approx(2.30)


def test_temps_are_paid_until_they_go() -> None:
    """Called for twenty minutes they cost twenty minutes, though work ends after two."""
    found = measured("20m")
    assert found["temp_hours"] == pytest.approx(2 * 1200 / 3600)
    assert found["worker_hours"] == pytest.approx((110 + 110 + 2 * 1200) / 3600)
    assert found["cost.temps"] == pytest.approx(48.00)
    assert found["cost.workers"] == pytest.approx(2.20)
