"""Metrics of gifts: what rules proposed and gave, when they ran out, and the work they made."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.giftlaws import gifts_by
from burstsim.engine.trace import Trace
from burstsim.kernels.segments import order_by, sums_by, total_of
from burstsim.results.bare import without_gifts
from burstsim.results.giftfacts import by_sku, given, short, stepped, taken_by_orders
from burstsim.results.stockmetrics import count_taken, sku_metrics
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.scenario.metrics import ending_skus, gift_skus
from burstsim.units import HOUR, NEVER, SECOND

__all__ = ["UsedUp", "count_gifts", "count_steps", "gift_metrics", "used_up_of"]

_PIECES = ("gifts_proposed", "gifts_granted", "gift_shortfall")

#: Parts of a tick in which work is added up: whole numbers, so that no order of adding matters.
_FINE = 1024


def count_gifts(trace: Trace, totals: Totals) -> None:
    """Add up what happened to gifts, and the work they made."""
    table, rules = trace.gifts, trace.model.rules
    lacking = short(trace)
    for name, count in zip(_PIECES, (table.proposed, given(trace), lacking), strict=True):
        totals.add(name, int(count.sum()))
        totals.add_all(name, sums_by(table.rule, count, len(rules)))
    totals.add("orders_held", int(trace.held.sum()))
    _count_work(trace, totals)
    rows = np.flatnonzero(lacking > 0)
    out = np.full(len(rules), NEVER)
    np.minimum.at(out, table.rule[rows], table.decided[rows])
    totals.first_of("gifts out", out)
    if _has_shelves(trace.model):
        count_taken(trace.orders.items, taken_by_orders(trace), totals)
    totals.add_all("gift pieces", by_sku(trace, given(trace)))
    totals.add_all("gifts missing", by_sku(trace, lacking))


def count_steps(trace: Trace, totals: Totals) -> None:
    """Add what came to shelves or left them without an order, once for a whole replication."""
    nothing = (np.empty(0, np.int64),) * 3
    count_taken(
        trace.orders.items, stepped(trace) if _has_shelves(trace.model) else nothing, totals
    )


def _has_shelves(model: Model) -> bool:
    """Whether anything can be sold out that metrics tell of."""
    scenario = model.scenario
    told = ending_skus(scenario) or (gift_skus(scenario) and (model.stock.on_hand >= 0).any())
    return bool(told)


def gift_metrics(trace: Trace, totals: Totals, used_up: Sequence[int]) -> dict[str, Value]:
    """Tell every metric of gifts and of single SKUs, by name.

    Parameters
    ----------
    trace
        The model and its items, and what happened to stock besides orders.
    totals
        Of all orders.
    used_up
        For each rule the tick at which it had given all that it could, see `UsedUp`.
    """
    counted = (*_PIECES, "orders_held", "gift_units", "gift_lines")
    values = {name: totals.value(name) for name in counted}
    work = totals.count("gift_work")
    values["gift_work"] = Value(work / _FINE / HOUR if work else 0)
    out = totals.column("gifts out")
    for number, rule in enumerate(trace.model.rules):
        for name in _PIECES:
            values[f"{name}.{rule.name}"] = Value(int(totals.column(name)[number]))
        values[f"gift_out_at.{rule.name}"] = _moment(int(out[number]))
        values[f"gift_used_up_at.{rule.name}"] = _moment(used_up[number])
    return values | _by_sku(trace, totals)


def _by_sku(trace: Trace, totals: Totals) -> dict[str, Value]:
    """Metrics of each SKU that rules add to orders, and of each that has an end."""
    stock, items = trace.model.stock, trace.orders.items
    numbers = {name: number for number, name in enumerate(items.names)}
    gave, missing = totals.column("gift pieces"), totals.column("gifts missing")
    left, values = stock.on_hand - totals.column("taken"), {}
    for name in gift_skus(trace.model.scenario):
        number = numbers[name]
        there = int(stock.on_hand[number]) >= 0
        values[f"gift_pieces.{name}"] = Value(int(gave[number]))
        values[f"gift_missing.{name}"] = Value(int(missing[number]))
        values[f"gift_left.{name}"] = Value(int(left[number]) if there else math.nan)
    return values | sku_metrics(trace, totals)


def _moment(tick: int) -> Value:
    return Value(tick / SECOND if tick < NEVER else math.nan)


def _count_work(trace: Trace, totals: Totals) -> None:
    """Add up pieces, picks and work that gifts added to what the floor was given."""
    if len(trace.gifts.order) == 0:
        for name in ("gift_units", "gift_lines", "gift_work"):
            totals.add(name, 0)
        return
    bare = without_gifts(trace)
    totals.add("gift_units", int((trace.pieces - bare.pieces).sum()))
    totals.add("gift_lines", int((trace.lines - bare.lines).sum()))
    work = (
        total_of(np.rint((loads - own) * _FINE).astype(np.int64))
        for loads, own in zip(trace.loads, bare.loads, strict=True)
        if own is not loads  # else gifts add nothing
    )
    totals.add("gift_work", sum(work))


class UsedUp:
    """When a rule had given all that its limits on the whole allow.

    Parameters
    ----------
    model, number
        The rules, and the position of this one.

    Attributes
    ----------
    tick
        `NEVER` as long as it has not.
    """

    def __init__(self, model: Model, number: int) -> None:
        self.tick = NEVER
        self._number, self._rule = number, model.rules[number]
        cap, gate = self._rule.spec.cap, self._rule.spec.gate
        self._limits = (
            None if cap.total is None else cap.total - cap.used,
            None if cap.budget is None else cap.budget - min(self._rule.costs) + 1,
            None if gate.per else gate.first_n,
        )
        self._given = [0, 0, 0]

    def add(self, trace: Trace, span: tuple[int, int]) -> None:
        """Look at a span of time: its first tick, and the one after its last.

        Every gift that was decided in it must be in the trace.
        """
        if self.tick < NEVER or all(limit is None for limit in self._limits):
            return
        rows, gifts = gifts_by(trace, self._number)
        decided = trace.gifts.decided[rows]
        now = np.flatnonzero((decided >= span[0]) & (decided < span[1]))
        now = now[order_by(decided[now])]
        rows, gifts, decided = rows[now], gifts[now], decided[now]
        cost = np.array(self._rule.costs, np.int64)[trace.gifts.option[rows]]
        new = np.zeros(len(rows), np.int64)
        if self._limits[2] is not None:
            new[np.unique(trace.gifts.order[rows], return_index=True)[1]] = 1
        for which, amounts in enumerate((gifts, gifts * cost, new)):
            limit = self._limits[which]
            if limit is not None and len(rows):
                so_far = self._given[which] + np.cumsum(amounts)
                reached = decided[np.flatnonzero(so_far >= limit)[:1]]
                self.tick = min(self.tick, *reached.tolist()) if len(reached) else self.tick
                self._given[which] = int(so_far[-1])


def used_up_of(trace: Trace) -> list[int]:
    """Tick at which each rule had given all that it could, of a finished replication."""
    rules = [UsedUp(trace.model, number) for number in range(len(trace.model.rules))]
    for rule in rules:
        rule.add(trace, (-NEVER, NEVER))
    return [rule.tick for rule in rules]
