"""Gather the rows of an order log into orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from burstsim.scenario.logtable import LogTable, Mask, counted
from burstsim.scenario.logtimes import NO_TIME
from burstsim.scenario.orderlog import ONLY_DAYS, Flags, Ints, OrderLog
from burstsim.units import DAY

__all__ = ["Rows", "assemble"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """What the rows of a log say, each of shape (rows,).

    Parameters
    ----------
    time, paid, cancelled
        Microseconds since 1970, `NO_TIME` for none.
    quantity, amount
        Units, and cents for all of them, -1 for no price.
    tier
        NaN for none.
    new, coupon
        1, 0, or -1 unknown.
    money
        Name of a column -> cents, NaN for none.
    """

    time: Ints
    paid: Ints
    cancelled: Ints
    quantity: Ints
    amount: Ints
    tier: npt.NDArray[np.float64]
    new: Flags
    coupon: Flags
    money: Mapping[str, npt.NDArray[np.float64]]


def assemble(table: LogTable, keep: Mask, rows: Rows) -> OrderLog:
    """Gather the kept rows into orders."""
    import pandas as pd

    notes = table.notes
    time, quantity, amount = rows.time[keep], rows.quantity[keep], rows.amount[keep]
    order, names = pd.factorize(table.cells["order"][keep])
    sku, skus = pd.factorize(table.cells["sku"][keep])
    moment = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(moment, order, time)
    _note(notes, np.bincount(order[time > moment[order]]), "several times; the earliest counts")
    sequence = np.argsort(moment, kind="stable")
    rank = np.empty_like(sequence)
    rank[sequence] = np.arange(len(sequence))

    # One line per order and SKU, where it first stood within its order.
    pair = rank[order] * len(skus) + sku
    _, first, line_of_row = np.unique(pair, return_index=True, return_inverse=True)
    if repeated := len(pair) - len(first):
        notes.append(f"added together {counted(repeated, 'repeated line')} (same order and SKU)")
    lines = np.lexsort((first, rank[order[first]]))
    units, cents = np.zeros((2, len(first)), np.int64)
    np.add.at(units, line_of_row, quantity)
    np.add.at(cents, line_of_row, amount)
    unpriced = np.zeros(len(first), bool)
    unpriced[line_of_row[amount < 0]] = True
    cents[unpriced] = -1  # part of a sum is no sum
    if "price" in table.cells and unpriced.any():
        notes.append(f"{counted(int(unpriced.sum()), 'line')} without a price")
    per_order = np.bincount(rank[order[first]], minlength=len(names))

    gather = _Gather(table, keep, order, len(names))
    labels = {name: gather.labels(name) for name in ("customer", "region", "channel", "room")}
    index = {name: found[sequence] for name, (found, _) in labels.items()}
    begin = int(moment.min())
    paid = gather.later("paid_at", rows.paid, moment, ("paid", "payment"))
    cancelled = gather.later("cancelled_at", rows.cancelled, moment, ("cancelled", "cancellation"))
    tier = gather.value("tier", rows.tier)
    money = {
        name: gather.total(values) if name in table.profile.per_line else gather.value(name, values)
        for name, values in rows.money.items()
    }
    if not (moment % DAY).any():
        notes.append(ONLY_DAYS)
    log = OrderLog(
        time=moment[sequence] - begin,
        first=str(pd.Timestamp(begin, unit="us").isoformat()),
        line_offsets=np.concatenate(([0], np.cumsum(per_order))).astype(np.int64),
        line_sku=sku[first][lines].astype(np.int32),
        line_quantity=units[lines],
        line_amount=cents[lines],
        customer=index["customer"],
        region=index["region"].astype(np.int32),
        channel=index["channel"].astype(np.int32),
        room=index["room"].astype(np.int32),
        paid=np.where(paid == NO_TIME, -1, paid - begin)[sequence],
        cancelled=np.where(cancelled == NO_TIME, -1, cancelled - begin)[sequence],
        tier=tier[sequence],
        new=gather.flag(rows.new)[sequence],
        coupon=gather.flag(rows.coupon)[sequence],
        discount=money["discount"][sequence],
        shipping=money["shipping"][sequence],
        tax=money["tax"][sequence],
        skus=tuple(skus),
        customers=labels["customer"][1],
        regions=labels["region"][1],
        channels=labels["channel"][1],
        rooms=labels["room"][1],
        notes=tuple(notes),
    )
    for slot in fields(log):
        value = getattr(log, slot.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return log


@dataclass(frozen=True, slots=True)
class _Gather:
    """Finds what each order says, numbered as they first stand in the file.

    Of several rows of an order the first that says something counts.
    """

    table: LogTable
    keep: Mask
    order: Ints
    orders: int

    def first(self, filled: Mask) -> Ints:
        """Row of each order that counts, -1 where none is filled, shape (orders,)."""
        rows = np.flatnonzero(filled)
        found = np.full(self.orders, -1, np.int64)
        found[self.order[rows][::-1]] = rows[::-1]  # written backwards, so that the first stays
        return found

    def labels(self, name: str) -> tuple[Ints, tuple[str, ...]]:
        """Index of each order's label, -1 where it has none; and the labels."""
        import pandas as pd

        found = np.full(self.orders, -1, np.int64)
        if name not in self.table.cells:
            return found, ()
        cells = self.table.cells[name][self.keep]
        filled = (cells != "").to_numpy(bool)
        order = self.order[filled]
        codes, labels = pd.factorize(cells[filled])
        found[order[::-1]] = codes[::-1]
        if missing := int((found < 0).sum()):
            self.table.notes.append(f"{counted(missing, 'order')} without a {name}")
        others = order[codes != found[order]]
        words = f"several values of {name}; the first counts"
        _note(self.table.notes, np.bincount(others), words)
        return found, tuple(labels)

    def value(self, name: str, values: npt.NDArray[np.float64]) -> Ints:
        """Whole number of each order, 0 where it has none."""
        values = values[self.keep]
        filled = ~np.isnan(values)
        row = self.first(filled)
        found = np.where(row >= 0, values[row], 0).astype(np.int64) if filled.any() else row * 0
        others = self.order[filled][values[filled] != found[self.order[filled]]]
        words = f"several values of {name}; the first counts"
        _note(self.table.notes, np.bincount(others), words)
        return found

    def total(self, values: npt.NDArray[np.float64]) -> Ints:
        """Sum of each order's rows."""
        values = np.nan_to_num(values[self.keep])
        return np.bincount(self.order, values, self.orders).astype(np.int64)

    def flag(self, flags: Flags) -> Flags:
        """Flag of each order: the highest of its rows."""
        found = np.full(self.orders, -1, np.int8)
        np.maximum.at(found, self.order, flags[self.keep])
        return found

    def later(self, name: str, times: Ints, moment: Ints, words: tuple[str, str]) -> Ints:
        """When something happened to each order, not before it was placed; else `NO_TIME`."""
        if name not in self.table.cells:
            return np.full(self.orders, NO_TIME)
        times = times[self.keep]
        row = self.first(times != NO_TIME)
        found = np.where(row >= 0, times[row], NO_TIME)
        known = found != NO_TIME
        early = known & (found < moment)
        happened, what = words
        notes = self.table.notes
        if early.any():
            orders = counted(int(early.sum()), "order")
            notes.append(f"{orders} {happened} before placed; taken as {happened} when placed")
        if not known.all():
            some = f"{int(known.sum()):,} of {counted(self.orders, 'order')}"
            notes.append(f"time of {what} known for {some}")
        return np.where(early, moment, found)


def _note(notes: list[str], others_of_order: npt.NDArray[np.intp], words: str) -> None:
    """Say how many orders have rows that disagree, from the number of such rows of each."""
    if orders := int((others_of_order > 0).sum()):
        notes.append(f"{counted(orders, 'order')} with {words}")
