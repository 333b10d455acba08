"""`configs/double11.yaml` with as many orders as wanted: people and trucks grow with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario

CONFIG = Path(__file__).parents[1] / "configs" / "double11.yaml"


def scaled(orders: int) -> Scenario:
    """Make the sale bring about so many orders, in proportion to all that works on them."""
    plain = load(CONFIG)
    factor = orders / expected_in_all(plain, expected_scale(plain))
    changes: dict[str, Any] = {"demand_scale": plain.demand_scale * factor}

    def grow(path: str, count: int | None) -> None:
        if count:
            changes[path] = max(round(count * factor), 1)

    for name, house in plain.warehouses.items():
        at = f"warehouses.{name}"
        assert not house.stock, "what is on the shelves has to grow as well"
        for stage, its in house.stages.items():
            grow(f"{at}.stages.{stage}.workers", its.workers)
        for zone, shifts in house.shifts.items():
            for shift, its_people in shifts.items():
                grow(f"{at}.shifts.{zone}.{shift}.workers", its_people.workers)
        for carrier, trucks in house.carriers.items():
            grow(f"{at}.carriers.{carrier}.capacity", trucks.capacity)
    return load(CONFIG, set=changes)
