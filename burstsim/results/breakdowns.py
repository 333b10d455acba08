"""Metrics of orders for each channel, warehouse and merchant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.costs import penalties
from burstsim.results.facts import Facts, Flags
from burstsim.results.metrics import order_to_ship
from burstsim.results.moneymetrics import lost_margin
from burstsim.results.promisemetrics import on_time, orders_late, otif
from burstsim.results.stockmetrics import (
    fill_rate,
    lost_sales,
    oversold_value,
    parcels_per_order,
    split_rate,
)
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["BROKEN_DOWN", "SHOWN", "Key", "break_down", "nothing_of"]

#: What it is broken down by, of whom, and the metric.
Key = tuple[str, str, str]

OfOrders = Callable[[Facts, Flags], Value]


def _paid(facts: Facts, chosen: Flags) -> Value:
    return Value(int((facts.paid[chosen] < NEVER).sum()))


def _shipped(facts: Facts, chosen: Flags) -> Value:
    return Value(int((facts.shipped[chosen] < NEVER).sum()))


def _placed(_: Facts, chosen: Flags) -> Value:
    return Value(int(chosen.sum()))


def _ended(state: str) -> OfOrders:
    """Count some of the orders that ended in a state."""
    number = STATES.index(state)
    return lambda facts, chosen: Value(int((facts.trace.state[chosen] == number).sum()))


def _oversold(facts: Facts, chosen: Flags) -> Value:
    return Value(int(facts.trace.oversold[chosen].sum()))


def _gifts(facts: Facts, chosen: Flags, *, granted: bool) -> Value:
    table = facts.trace.gifts
    pieces = table.granted + table.later if granted else table.proposed
    return Value(int(pieces[chosen[table.order]].sum()))


def _backlog_peak(facts: Facts, chosen: Flags) -> Value:
    """Most of the orders that were open at once: paid, and neither shipped nor cancelled."""
    if chosen.all():
        return Value(facts.peak[0])
    closed = facts.closes[chosen]
    paid = np.sort(facts.paid[chosen & (facts.paid < NEVER)])
    gone = np.sort(closed).searchsorted(paid, side="right")
    return Value(int((np.arange(1, len(paid) + 1) - gone).max(initial=0)))


def _returned(facts: Facts, chosen: Flags) -> Value:
    return Value(int((facts.returned & chosen).sum()))


def _penalties(facts: Facts, chosen: Flags) -> Value:
    return Value(int(penalties(facts)[chosen].sum()) / 100)


def _spread(statistic: str) -> OfOrders:
    return lambda facts, chosen: order_to_ship(facts, chosen)[statistic]


#: Metric → how it is computed of some of the orders.
_OF_ORDERS: dict[str, OfOrders] = {
    "orders_placed": _placed,
    "orders_paid": _paid,
    "orders_shipped": _shipped,
    "on_time": on_time,
    "p95(order_to_ship)": _spread("p95"),
    "fill_rate": fill_rate,
    "lost_sales": lost_sales,
    **{f"orders_{state}": _ended(state) for state in ("expired", "rejected", "cancelled")},
    "orders_backordered": _ended("backordered"),
    "unfinished": _ended("unfinished"),
    "orders_oversold": _oversold,
    "oversold_value": oversold_value,
    "split_rate": split_rate,
    "parcels_per_order": parcels_per_order,
    "gifts_proposed": partial(_gifts, granted=False),
    "gifts_granted": partial(_gifts, granted=True),
    "backlog_peak": _backlog_peak,
    "otif": otif,
    "orders_late": orders_late,
    "orders_returned": _returned,
    "penalty_total": _penalties,
    "lost_margin": lost_margin,
    **{
        f"{statistic}(order_to_ship)": _spread(statistic)
        for statistic in ("mean", "p50", "p90", "p99", "max")
    },
}

#: Metrics that a narrow table has room for, in order.
SHOWN = (*list(_OF_ORDERS)[:3], "units_shipped", *list(_OF_ORDERS)[3:7])

#: Metrics of the breakdowns, in order.
BROKEN_DOWN = (*SHOWN, *list(_OF_ORDERS)[7:])

_RATIOS = ("on_time", "otif", "fill_rate", "split_rate", "parcels_per_order")


def nothing_of(metric: str) -> Value:
    """Value of a metric where there is nobody of that name."""
    return Value(math.nan if metric in _RATIOS or metric.endswith("(order_to_ship)") else 0)


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
            spread = order_to_ship(facts, chosen)
            for metric in BROKEN_DOWN:
                if metric.endswith("(order_to_ship)"):
                    values[by, name, metric] = spread[metric.partition("(")[0]]
                    continue
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
