"""How many orders are there at once, before anything runs: work that flows like water."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from burstsim.engine.capacity import waiting_work
from burstsim.engine.compile import Model
from burstsim.engine.draws import draw_orders
from burstsim.engine.effort import efforts
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.units import DAY

__all__ = ["expected_crowd"]

#: Orders that are drawn to look at.
_SAMPLE = 20_000


def expected_crowd(model: Model) -> float:
    """Estimate the most orders that have been placed and not been shipped yet.

    They wait for the zone that lets fewest pass, as if all came to it at once, and then for a
    truck. Nothing is drawn but a small sample of the orders.

    Parameters
    ----------
    model
        The compiled scenario.
    """
    scenario = model.scenario
    expected = expected_in_all(scenario, expected_scale(scenario))
    share = min(1.0, _SAMPLE / max(expected, 1.0))
    fewer = scenario.model_copy(update={"demand_scale": scenario.demand_scale * share})
    orders = draw_orders(replace(model, scenario=fewer), 0)
    waiting, rate = 0.0, float("inf")
    for zone, roster, work in zip(model.zones, orders.rosters, efforts(model, orders), strict=True):
        mean = float(work.mean()) if len(work) else 0.0
        if zone.external or model.stages[zone.at].outside or not mean:
            continue
        most = float(waiting_work(model, orders.paid, work / share, roster).max(initial=0))
        waiting = max(waiting, most / mean)
        rate = min(rate, float((roster.workers * roster.productivity).max()) / mean)
    waiting += min(rate * _longest_gap(model), expected)
    return min(waiting, expected)


def _longest_gap(model: Model) -> int:
    """Most ticks between two pickups of a carrier, at most a day."""
    gaps = [
        int(np.diff(carrier.times, append=model.end).max(initial=0))
        for carriers in model.carriers
        for carrier in carriers.each
    ]
    return min(max(gaps, default=0), DAY)
