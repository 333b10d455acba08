"""Metrics of promises: which were broken, because of what, and where time was lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.compile import Model
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import sums_by
from burstsim.results.causes import Ways, at_once, causes_of, of_houses, ways_of
from burstsim.results.facts import Facts, Flags
from burstsim.results.giftfacts import short
from burstsim.results.sums import Sum
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.scenario.metrics import BEFORE_THE_FLOOR, late_causes
from burstsim.units import HOUR, NEVER

__all__ = [
    *("count_promises", "in_full", "on_time", "orders_late", "otif", "promise_metrics"),
    "time_lost",
]


def count_promises(facts: Facts, totals: Totals) -> None:
    """Add up the late orders by cause, and the ticks that were lost by place."""
    names, causes = late_causes(facts.model.scenario), causes_of(facts)
    counts = np.bincount(causes[causes >= 0], minlength=len(names)).tolist()
    for name, count in zip(names, counts, strict=True):
        totals.add(f"late_because.{name}", count)
    for place, ticks in time_lost(facts, np.flatnonzero(facts.wanting)).items():
        totals.add(f"time_lost.{place}", ticks)


def promise_metrics(model: Model, totals: Totals) -> dict[str, Value]:
    """Tell the same as metrics, by name."""
    causes = [f"late_because.{name}" for name in late_causes(model.scenario)]
    lost = [f"time_lost.{place}" for place in _places(model)]
    values = {name: totals.value(name) for name in causes}
    return values | {name: Value(totals.count(name) / HOUR) for name in lost}


def _places(model: Model) -> dict[str, int]:
    """Give the places where orders lose time, with none lost."""
    names = (*BEFORE_THE_FLOOR, *(zone.path for zone in model.zones), "truck")
    return dict.fromkeys(names, 0)


def on_time(facts: Facts) -> Sum:
    """Share of the orders that met their promise, of those of which it can be known."""
    return Sum(part=facts.judged & (facts.met <= facts.due), whole=facts.judged)


def otif(facts: Facts) -> Sum:
    """Share of the same orders that met it with everything that they should hold."""
    met: Flags = facts.judged & (facts.met <= facts.due)
    return Sum(part=met & facts.once(in_full), whole=facts.judged)


def orders_late(facts: Facts) -> Sum:
    """Count the orders whose promise is known to be broken."""
    return Sum(part=facts.late)


def in_full(facts: Facts) -> Flags:
    """Orders of which every line was sent and no gift of what they travel with was missing."""
    trace, orders = facts.trace, facts.orders
    lacking = short(trace)
    rows = np.flatnonzero(lacking)
    missing = sums_by(trace.gifts.order[rows], lacking[rows], len(orders))
    full: Flags = (facts.unsent == 0) & (missing[facts.leader] == 0)
    return full


def time_lost(facts: Facts, order: Indices) -> dict[str, int]:
    """Ticks that paid orders lost, by place: see `time_lost.<place>` among the metrics.

    Each order counts with the parcel that decides when its promise is met, until then or until
    the end. Before the floor that is the span of that part of its way, in a zone the wait for a
    worker, and of trucks the time after the first one that came when it was ready.

    Parameters
    ----------
    facts
        A replication.
    order : (m,) int64
        All orders that were paid and that nobody cancelled.
    """
    lost, truck = _places(facts.model), _first_truck(facts)
    for some in at_once(order):
        for place, ticks in _lost_by(facts, ways_of(facts, some), truck):
            lost[place] += ticks
    return lost


def _lost_by(facts: Facts, ways: Ways, truck: Ticks) -> Iterator[tuple[str, int]]:
    """Ticks that some orders lost, by place; `truck` is the first that parcels could go with."""
    trace, model = facts.trace, facts.model
    for name, ticks in zip(BEFORE_THE_FLOOR, ways.parts, strict=True):
        yield name, int(ticks.sum())
    there = ways.parcel >= 0
    rows, stop = ways.parcel[there], ways.stop[there]
    places = [(trace.rows.within(rows[mine]), stop[mine]) for _, mine in of_houses(trace, rows)]
    for zone, visits in zip(model.zones, trace.visits, strict=True):
        if model.stages[zone.at].outside:
            continue  # nobody's promise waits for what comes back
        at, until = places[zone.house]
        entered, started = (
            np.minimum(ticks[at], until) for ticks in (visits.entered, visits.started)
        )
        yield zone.path, int((started - entered).sum())
    missed = np.minimum(truck[rows], stop) if len(rows) else stop
    yield "truck", int((stop - missed).sum())


def _first_truck(facts: Facts) -> Ticks:
    """First pickup that each parcel could have gone with; done where there is no such truck."""
    trace, first = facts.trace, facts.trace.done.copy()
    pickups = trace.pickups
    for house, mine in enumerate(trace.rows.of_house):
        carrier = trace.carrier[mine]
        for number in range(len(facts.model.carriers[house].each)):
            waits = mine[np.flatnonzero(carrier == number)]
            calls = (pickups.house == house) & (pickups.carrier == number)
            times = np.append(pickups.tick[calls], NEVER)
            done = trace.done[waits]
            following = times[np.minimum(times.searchsorted(done, side="right"), len(times) - 1)]
            first[waits] = np.where(following == NEVER, done, following)
    return first
