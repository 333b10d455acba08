"""A few metrics for each channel, warehouse and merchant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.facts import Facts, Flags
from burstsim.results.metrics import on_time, order_to_ship
from burstsim.results.stockmetrics import fill_rate, lost_sales
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["BROKEN_DOWN", "Key", "break_down", "nothing_of"]

#: What it is broken down by, of whom, and the metric.
Key = tuple[str, str, str]


def _paid(facts: Facts, chosen: Flags) -> Value:
    return Value(int((facts.paid[chosen] < NEVER).sum()))


def _shipped(facts: Facts, chosen: Flags) -> Value:
    return Value(int((facts.shipped[chosen] < NEVER).sum()))


def _placed(_: Facts, chosen: Flags) -> Value:
    return Value(int(chosen.sum()))


def _p95(facts: Facts, chosen: Flags) -> Value:
    return order_to_ship(facts, chosen)["p95"]


#: Metric → how it is computed of some of the orders; what is 0 where there are none of them.
_OF_ORDERS: dict[str, Callable[[Facts, Flags], Value]] = {
    "orders_placed": _placed,
    "orders_paid": _paid,
    "orders_shipped": _shipped,
    "on_time": on_time,
    "p95(order_to_ship)": _p95,
    "fill_rate": fill_rate,
    "lost_sales": lost_sales,
}

#: Metrics of the breakdowns, in order.
BROKEN_DOWN = (*list(_OF_ORDERS)[:3], "units_shipped", *list(_OF_ORDERS)[3:])


def nothing_of(metric: str) -> Value:
    """Value of a metric where there is nobody of that name."""
    undefined = metric in ("on_time", "p95(order_to_ship)", "fill_rate")
    return Value(math.nan if undefined else 0)


def break_down(trace: Trace) -> Mapping[Key, Value]:
    """Compute the metrics of every channel, warehouse and merchant of a replication.

    An order counts at the warehouse that the first parcel of its goods leaves from, else at the
    first of its route. Pieces count where their parcel leaves, and for the channel and merchant
    of the first order in it. What belongs to no merchant is under ``-``.
    """
    facts, values = Facts(trace), dict[Key, Value]()
    sent = np.where(trace.shipped < NEVER, trace.pieces, 0)
    for by, names, of_order, of_parcel in _kinds(facts):
        for code, name in enumerate(names):
            chosen = of_order == code
            units = Value(int(sent[of_parcel == code].sum()))
            for metric in BROKEN_DOWN:
                compute = _OF_ORDERS.get(metric)
                values[by, name, metric] = units if compute is None else compute(facts, chosen)
    return values


def _kinds(facts: Facts) -> Iterator[tuple[str, tuple[str, ...], Indices, Indices]]:
    """Give each kind with its names, and which of them every order and every parcel has."""
    orders, trace = facts.orders, facts.trace
    first = trace.parcel_order
    yield "channel", orders.channels, orders.channel, orders.channel[first]
    yield "warehouse", facts.model.network.names, facts.home, trace.parcel_warehouse
    if not orders.owners:
        return
    owner, names = orders.owner, orders.owners
    if (owner < 0).any():
        owner, names = np.where(owner < 0, len(names), owner), (*names, "-")
    yield "owner", names, owner, owner[first]
