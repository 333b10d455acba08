"""Metrics of stock: how much of what was paid could be sent, what was lost, what is left."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import sums_by
from burstsim.results.facts import BACKORDERED, REJECTED, Facts
from burstsim.results.giftfacts import Taken
from burstsim.results.sums import Sum
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.scenario.metrics import ending_skus, gift_skus
from burstsim.units import NEVER, SECOND

__all__ = [
    *("fill_rate", "lost_cents", "lost_sales", "oversold_value", "parcels_per_order", "split_rate"),
    *("count_taken", "sku_metrics", "waiting_since"),
]


def split_rate(facts: Facts) -> Sum:
    """Share of the orders that were sent whose goods came from several warehouses."""
    return Sum(part=facts.houses > 1, whole=facts.houses > 0)


def parcels_per_order(facts: Facts) -> Sum:
    """Parcels by the orders that were sent; a parcel counts for the first order in it."""
    parcels = np.bincount(facts.trace.parcel_order, minlength=len(facts.orders))
    return Sum(part=parcels, whole=facts.houses > 0)


def oversold_value(facts: Facts) -> Sum:
    """Money of the orders that were sold more than there was."""
    return Sum(part=facts.orders.value * facts.trace.oversold, unit=100)


def fill_rate(facts: Facts) -> Sum:
    """Pieces that went to the floor by those that were paid and not cancelled; gifts are not."""
    sent, asked = facts.sent_pieces, facts.orders.pieces
    if not facts.wanting.all():
        sent, asked = (np.where(facts.wanting, pieces, 0) for pieces in (sent, asked))
    return Sum(part=sent, whole=asked)


def lost_sales(facts: Facts) -> Sum:
    """Money of orders, and of lines of orders, that were lost because there was no stock."""
    return Sum(part=lost_cents(facts, facts.orders.value, facts.orders.line_net), unit=100)


def lost_cents(facts: Facts, whole: Ticks, of_line: Ticks) -> Ticks:
    """Cents of what each order lost for lack of stock: all of it, or lines of it.

    Parameters
    ----------
    facts
        A replication.
    whole : (n,) int64
        Cents of each order.
    of_line : (lines,) int64
        Cents of each line.

    Returns
    -------
    (n,) int64
    """
    trace = facts.trace
    refused = (trace.state == REJECTED) | (trace.dropped < NEVER)
    partly = facts.wanting & (trace.parcel >= 0)
    unsent = sums_by(facts.order_of(facts.lacking), of_line[facts.lacking], len(facts.orders))
    return np.where(refused, whole, np.where(partly, unsent, 0))


def waiting_since(facts: Facts) -> Indices:
    """Tick of the payment of orders that wait for stock at the end, `NEVER` for all others."""
    return np.where(facts.trace.state == BACKORDERED, facts.orders.paid, NEVER)


def count_taken(items: Items, taken: Taken, totals: Totals) -> None:
    """Add up what left the shelves for good, SKU by SKU, and keep when it last did."""
    sku, pieces, ticks = taken
    last = np.zeros(items.n_skus, np.int64)
    off = pieces > 0
    np.maximum.at(last, sku[off], ticks[off] + 1)
    totals.add_all("taken", sums_by(sku, pieces, items.n_skus))
    totals.last_of("last taken", last)


def sku_metrics(trace: Trace, totals: Totals) -> dict[str, Value]:
    """Say what is left of each SKU that has an end, and when it was sold out, by name."""
    scenario = trace.model.scenario
    ending = ending_skus(scenario)
    numbers = {name: number for number, name in enumerate(trace.orders.items.names)}
    left = trace.model.stock.on_hand - totals.column("taken")
    last, values = totals.column("last taken"), {}
    for name in dict.fromkeys((*ending, *gift_skus(scenario))):
        number = numbers[name]
        there = int(trace.model.stock.on_hand[number]) >= 0
        out = there and left[number] == 0 and last[number]
        if name in ending:
            values[f"stock_left.{name}"] = Value(int(left[number]))
        moment = (int(last[number]) - 1) / SECOND if out else math.nan
        values[f"stockout_at.{name}"] = Value(moment)
    return values
