"""What adds up over orders, parcels and gifts: counted of some of them, told of all."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.trace import STATES
from burstsim.results.facts import Facts
from burstsim.results.hours import Hours
from burstsim.results.moneymetrics import count_money, money_metrics
from burstsim.results.promisemetrics import (
    count_promises,
    on_time,
    orders_late,
    otif,
    promise_metrics,
)
from burstsim.results.stockmetrics import (
    fill_rate,
    lost_sales,
    oversold_value,
    parcels_per_order,
    split_rate,
)
from burstsim.results.sums import Sum
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["count", "counted_metrics", "utilisation"]


def orders_placed(facts: Facts) -> int:
    """Count placements."""
    return len(facts.orders)


def orders_paid(facts: Facts) -> int:
    """Count payments."""
    return int((facts.paid < NEVER).sum())


def orders_shipped(facts: Facts) -> int:
    """Count orders shipped."""
    return int((facts.shipped < NEVER).sum())


def orders_oversold(facts: Facts) -> int:
    """Count orders that were sold although there was no stock."""
    return int(facts.trace.oversold.sum())


def units_shipped(facts: Facts) -> int:
    """Count pieces of shipped parcels."""
    trace = facts.trace
    return int(trace.pieces[trace.shipped < NEVER].sum())


def parcels(facts: Facts) -> int:
    """Count parcels released."""
    return int((facts.trace.released < NEVER).sum())


#: Metrics that are numbers of orders or parcels, by name.
COUNTS: dict[str, Callable[[Facts], int]] = {
    function.__name__: function
    for function in (
        *(orders_placed, orders_paid, orders_shipped, orders_oversold),
        *(units_shipped, parcels),
    )
}

#: How orders end, by the metric that counts them; `orders_shipped` counts by the clock.
_ENDS = {
    state if state == "unfinished" else f"orders_{state}": number
    for number, state in enumerate(STATES)
    if state != "shipped"
}

#: Metrics that are sums over orders, by name.
SUMS: dict[str, Callable[[Facts], Sum]] = {
    "on_time": on_time,
    "otif": otif,
    "orders_late": orders_late,
    "fill_rate": fill_rate,
    "split_rate": split_rate,
    "parcels_per_order": parcels_per_order,
    "lost_sales": lost_sales,
    "oversold_value": oversold_value,
}


def count(facts: Facts, totals: Totals) -> None:
    """Add up what is known of orders that are over; gifts apart.

    Parameters
    ----------
    facts
        Some orders of a replication, none of which shares a parcel with one that is not there.
    totals
        What was counted of others before.
    """
    for name, compute in COUNTS.items():
        totals.add(name, compute(facts))
    ended = np.bincount(facts.trace.state, minlength=len(STATES)).tolist()
    for name, number in _ENDS.items():
        totals.add(name, ended[number])
    for name, metric in SUMS.items():
        totals.add_sum(name, facts.once(metric))
    count_promises(facts, totals)
    count_money(facts, totals)
    for zone, ticks in zip(facts.model.zones, facts.worked, strict=True):
        totals.add(_worked(zone.path), ticks)
    totals.last_of("lasts", np.array(facts.lasts, np.int64))


def counted_metrics(model: Model, totals: Totals, hours: Hours) -> dict[str, Value]:
    """Tell the metrics of what was counted, by name.

    Parameters
    ----------
    model
        The scenario.
    totals
        Of all orders of a replication.
    hours
        What is paid of people.
    """
    values = {name: totals.value(name) for name in (*COUNTS, *_ENDS, *SUMS)}
    return values | promise_metrics(model, totals) | money_metrics(model, totals, hours)


def utilisation(totals: Totals, path: str, staffed: int) -> Value:
    """Time worked in a zone by time staffed."""
    return Value(totals.count(_worked(path)) / staffed if staffed else math.nan)


def _worked(path: str) -> str:
    return f"worked.{path}"
