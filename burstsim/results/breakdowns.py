"""Metrics of orders for each channel, warehouse and merchant."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Indices
from burstsim.kernels.peaks import most_inside
from burstsim.kernels.segments import sums_by
from burstsim.results.costs import penalties
from burstsim.results.facts import Facts
from burstsim.results.giftfacts import given
from burstsim.results.moneymetrics import lost_margin
from burstsim.results.promisemetrics import on_time, orders_late, otif
from burstsim.results.spreads import order_to_ship, spread_of
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
from burstsim.scenario.metrics import STATISTICS
from burstsim.units import NEVER

__all__ = [
    *("BROKEN_DOWN", "SHOWN", "Key", "Kind", "apart", "break_down", "count_groups", "groups_of"),
    *("kinds_of", "nothing_of", "tell_groups"),
]

#: What it is broken down by, of whom, and the metric.
Key = tuple[str, str, str]


def _paid(facts: Facts) -> Sum:
    return Sum(part=facts.paid < NEVER)


def _shipped(facts: Facts) -> Sum:
    return Sum(part=facts.shipped < NEVER)


def _placed(facts: Facts) -> Sum:
    return Sum(part=np.ones(len(facts.orders), bool))


def _ended(state: str) -> Callable[[Facts], Sum]:
    """Count the orders that ended in a state."""
    number = STATES.index(state)
    return lambda facts: Sum(part=facts.trace.state == number)


def _oversold(facts: Facts) -> Sum:
    return Sum(part=facts.trace.oversold)


def _gifts(facts: Facts, *, granted: bool) -> Sum:
    table = facts.trace.gifts
    pieces = given(facts.trace) if granted else table.proposed
    return Sum(part=sums_by(table.order, pieces, len(facts.orders)))


def _returned(facts: Facts) -> Sum:
    return Sum(part=facts.returned)


def _penalties(facts: Facts) -> Sum:
    return Sum(part=facts.once(penalties), unit=100)


#: Metrics of sales that add up, and how.
_OF_SALES: dict[str, Callable[[Facts], Sum]] = {
    "orders_placed": _placed,
    "orders_paid": _paid,
    "orders_shipped": _shipped,
    "on_time": on_time,
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
}

#: The same of what became of promises.
_OF_PROMISES: dict[str, Callable[[Facts], Sum]] = {
    "otif": otif,
    "orders_late": orders_late,
    "orders_returned": _returned,
    "penalty_total": _penalties,
    "lost_margin": lost_margin,
}

_SUMS = _OF_SALES | _OF_PROMISES

_SPREAD = tuple(f"{statistic}(order_to_ship)" for statistic in STATISTICS)

#: Metrics that a narrow table has room for, in order.
SHOWN = (
    *("orders_placed", "orders_paid", "orders_shipped", "units_shipped"),
    *("on_time", "p95(order_to_ship)", "fill_rate", "lost_sales"),
)

#: Metrics of the breakdowns, in order.
BROKEN_DOWN = tuple(dict.fromkeys((*SHOWN, *_OF_SALES, "backlog_peak", *_OF_PROMISES, *_SPREAD)))

_RATIOS = ("on_time", "otif", "fill_rate", "split_rate", "parcels_per_order")


def nothing_of(metric: str) -> Value:
    """Value of a metric where there is nobody of that name."""
    return Value(math.nan if metric in _RATIOS or metric.endswith("(order_to_ship)") else 0)


def break_down(known: Trace | Facts) -> Mapping[Key, Value]:
    """Compute the metrics of every channel, warehouse and merchant of a replication.

    An order counts at the warehouse that the first parcel of its goods leaves from, else at the
    first of its route. Pieces count where their parcel leaves, and for the channel and merchant
    of the first order in it. What belongs to no merchant is under ``-``.
    """
    facts, totals = Facts.of(known), Totals()
    kinds = facts.once(kinds_of)
    count_groups(facts, kinds, totals)
    spreads = [_spreads(facts, kind) for kind in kinds]
    return tell_groups(kinds, totals, spreads, [_backlog_peaks(facts, kind) for kind in kinds])


def count_groups(facts: Facts, kinds: Sequence[Kind], totals: Totals) -> None:
    """Add up, group by group, what is known of orders that are over.

    Parameters
    ----------
    facts, kinds
        Some orders of a replication, and the ways of grouping them.
    totals
        What was counted of others before.
    """
    group, shape = groups_of(kinds)
    for name, compute in _SUMS.items():
        totals.add_groups(name, facts.once(compute), group, shape)
    sent = np.where(facts.trace.shipped < NEVER, facts.trace.pieces, 0)
    for kind in kinds:
        totals.add_all(_units(kind), sums_by(kind.of_parcel, sent, len(kind.names)))


def groups_of(kinds: Sequence[Kind]) -> tuple[Indices, tuple[int, ...]]:
    """Give each order's positions in all ways of grouping as one number, and how many each has.

    The last way's vary fastest.
    """
    first, *others = kinds
    group = first.of_order
    for kind in others:
        if len(kind.names) > 1:
            group = group * len(kind.names) + kind.of_order
    return group, tuple(len(kind.names) for kind in kinds)


def tell_groups(
    kinds: Sequence[Kind],
    totals: Totals,
    spreads: Sequence[Sequence[Mapping[str, Value]]],
    peaks: Sequence[Sequence[int]],
) -> dict[Key, Value]:
    """Tell the metrics of every group.

    Parameters
    ----------
    kinds, totals
        The ways of grouping, and what was counted of all orders.
    spreads, peaks
        For each way, for each group: statistics of `order_to_ship`, and most open orders.
    """
    sums, values = {name: totals.values_of_each(name) for name in _SUMS}, dict[Key, Value]()
    for way, kind in enumerate(kinds):
        units = totals.column(_units(kind)).tolist()
        for code, name in enumerate(kind.names):
            found = {metric: every[way][code] for metric, every in sums.items()}
            if name == _NOBODY and kind.by == "owner" and not found["orders_placed"].number:
                continue  # everything belongs to somebody
            found["units_shipped"] = Value(units[code])
            found["backlog_peak"] = Value(peaks[way][code])
            found |= {f"{stat}(order_to_ship)": v for stat, v in spreads[way][code].items()}
            values |= {(kind.by, name, metric): found[metric] for metric in BROKEN_DOWN}
    return values


#: Merchant of what belongs to nobody.
_NOBODY = "-"


def _units(kind: Kind) -> str:
    return f"units by {kind.by}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kind:
    """A way of grouping.

    Parameters
    ----------
    by, names
        What it is called, and the groups.
    of_order, of_parcel : (n,) and (parcels,) int64
        Group of each order and of each parcel.
    """

    by: str
    names: tuple[str, ...]
    of_order: Indices
    of_parcel: Indices

    def apart(self, rows: Indices) -> list[Indices]:
        """Take some orders apart by group; those of each stay in the order in which they are."""
        return apart(rows, self.of_order[rows], len(self.names))


#: Groups that are looked for one after the other more quickly than rows are sorted by group.
_FEW = 8


def apart(rows: Indices, code: Indices, groups: int) -> list[Indices]:
    """Take rows apart by the group of each; those of a group stay in the order they are in."""
    if groups <= _FEW:
        return [rows[np.flatnonzero(code == group)] for group in range(groups)]
    if groups <= 1 << 16:
        code = code.astype(np.uint16)  # sorted by counting
    order = np.argsort(code, kind="stable")
    ends = np.cumsum(np.bincount(code, minlength=groups))
    return np.split(rows[order], ends[:-1])


def _spreads(facts: Facts, kind: Kind) -> list[dict[str, Value]]:
    """Spread of `order_to_ship` in each group."""
    end = facts.model.end
    return [
        spread_of(order_to_ship(facts, rows), end)
        for rows in kind.apart(np.flatnonzero(facts.wanting))
    ]


def _backlog_peaks(facts: Facts, kind: Kind) -> list[int]:
    """Most of each group's orders that were open at once: paid, neither shipped nor cancelled."""
    opening, leaving = (
        apart(ticks, kind.of_order[rows], len(kind.names))
        for ticks, rows in (facts.by_paid, facts.by_closing)
    )
    return [most_inside(*pair)[0] for pair in zip(opening, leaving, strict=True)]


def kinds_of(facts: Facts) -> tuple[Kind, ...]:
    """Give the ways of grouping orders and parcels."""
    orders, trace = facts.orders, facts.trace
    first = trace.parcel_order
    by_channel = Kind(
        by="channel",
        names=orders.channels,
        of_order=orders.channel,
        of_parcel=orders.channel[first],
    )
    by_warehouse = Kind(
        by="warehouse",
        names=facts.model.network.names,
        of_order=facts.home,
        of_parcel=trace.parcel_warehouse,
    )
    if not orders.owners:
        return by_channel, by_warehouse
    owner, names = orders.owner, (*orders.owners, _NOBODY)
    if (owner < 0).any():
        owner = np.where(owner < 0, len(orders.owners), owner)
    by_owner = Kind(by="owner", names=names, of_order=owner, of_parcel=owner[first])
    return by_channel, by_warehouse, by_owner
