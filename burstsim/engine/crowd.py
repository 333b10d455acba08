"""How many orders are there at once, before anything runs: work that flows like water."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from burstsim.engine.capacity import waiting_work
from burstsim.engine.compile import Model
from burstsim.engine.control.roster import Roster
from burstsim.engine.draws import draw_orders
from burstsim.engine.effort import efforts
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.engine.vector.oms import departures
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.units import MINUTE, NEVER

__all__ = ["expected_crowd"]

#: Orders that are drawn to look at.
_SAMPLE = 20_000


def expected_crowd(model: Model) -> float:
    """Estimate the most orders that have been placed and are not over, minute by minute.

    They are paid, held and swept as they will be. In the first warehouse of their route they wait
    for the zone that lets fewest pass, move on, and then wait for the carrier that comes most
    rarely. Nothing is drawn but a small sample of the orders.

    Parameters
    ----------
    model
        The compiled scenario, of which `burstsim.engine.streamable.streamable` says that no order
        has a say in what becomes of others but by queues.
    """
    scenario = model.scenario
    expected = expected_in_all(scenario, expected_scale(scenario))
    share = min(1.0, _SAMPLE / max(expected, 1.0))
    fewer = scenario.model_copy(update={"demand_scale": scenario.demand_scale * share})
    orders = draw_orders(replace(model, scenario=fewer), 0)
    leaves = departures(model, orders).leaves
    out = np.where(leaves < NEVER, NEVER, np.minimum(orders.cancelled, orders.expires))
    there = _so_far(model, orders.placed) - _so_far(model, out)
    first = model.network.first(orders.regions, orders.owners, model.begin)
    home, works = first[orders.region, orders.owner], list(efforts(model, orders))
    for house in range(len(model.chains)):
        mine = np.flatnonzero(home == house)
        if len(mine):
            its = [work[mine] for work in works]
            done = _done(model, house, leaves[mine], (orders.rosters, its), share)
            there -= _shipped(model, house, done, share)
    return min(float(there.max(initial=0)) / share, expected)


def _done(
    model: Model,
    house: int,
    leaves: Ticks,
    zones: tuple[tuple[Roster, ...], list[Floats]],
    share: float,
) -> Floats:
    """Count those of a warehouse's orders that are through its zones by the end of each minute.

    Parameters
    ----------
    model, house
        Which warehouse.
    leaves : (n,) int64
        Ticks at which its orders leave the order management.
    zones
        Of all zones, who is there, and the ticks of work on each order: (n,) float64.
    share
        One of so many orders was drawn.
    """
    came, later = _so_far(model, leaves), 0.0
    behind = np.zeros(len(came))
    for zone, roster, work in zip(model.zones, *zones, strict=True):
        if zone.house != house or model.stages[zone.at].outside:
            continue
        if zone.external:
            # as if one did an order after the other
            later += zone.base
            one, work = np.ones(1, np.int64), np.full(len(work), float(zone.spacing))
            at = np.array([model.begin])
            roster = Roster(times=at, people=one, productivity=np.ones(1), able=one > 0)
        mean = float(work.mean())
        if mean:
            waiting = waiting_work(model, leaves, work / share, roster)
            behind = np.maximum(behind, waiting * share / mean)
    later += sum(model.stages[stage].transfer for stage in model.chains[house][:-1])
    return _before(np.maximum.accumulate(came - behind), int(later) // MINUTE)


def _shipped(model: Model, house: int, done: Floats, share: float) -> Floats:
    """Count the orders that are picked up by the end of each minute, of those that are done.

    Who is not there yet when the rarest of the carriers comes waits for the next time; and all
    trucks together take no more than there is room for.
    """
    shipped, each = done, model.carriers[house].each
    for carrier in each:
        room = np.full(len(carrier.times), np.inf)
        shipped = np.minimum(shipped, _loaded(model, done, carrier.times, room))
    if each:
        times = np.concatenate([carrier.times for carrier in each])
        room = np.repeat(
            [carrier.capacity * share for carrier in each], [len(c.times) for c in each]
        )
        turn = times.argsort(kind="stable")
        shipped = np.minimum(shipped, _loaded(model, done, times[turn], room[turn]))
    return shipped


def _loaded(model: Model, done: Floats, times: Ticks, room: Floats) -> Floats:
    """Count what trucks with so much room have taken by the end of each minute."""
    minute = np.clip((times - model.begin) // MINUTE, 0, len(done))
    ready = _before(done, 1)[np.minimum(minute, len(done) - 1)]
    taken = np.cumsum(np.minimum(room, done[-1] + 1))
    loaded = taken + np.minimum.accumulate(np.minimum(ready - taken, 0))
    return np.append(0.0, loaded)[minute.searchsorted(np.arange(len(done)), side="right")]


def _before(counts: Floats, minutes: int) -> Floats:
    """Give counts as they were so many minutes earlier."""
    minutes = min(minutes, len(counts))
    return np.concatenate((np.zeros(minutes), counts[: len(counts) - minutes]))


def _so_far(model: Model, ticks: Ticks) -> Floats:
    """Count what has happened by the end of each minute of a run."""
    minutes = -(-(model.end - model.begin) // MINUTE)
    minute = np.maximum(ticks[ticks < model.end] - model.begin, 0) // MINUTE
    found: Floats = np.cumsum(np.bincount(minute, minlength=minutes)).astype(np.float64)
    return found
