"""Metrics of gifts: what rules proposed and gave, when they ran out, and the work they made."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.giftlaws import gifts_by
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import sums_by
from burstsim.results.bare import without_gifts
from burstsim.results.giftfacts import by_sku, given, short, taken
from burstsim.results.stockmetrics import sku_metrics
from burstsim.results.value import Value
from burstsim.scenario.metrics import ending_skus, gift_skus
from burstsim.units import HOUR, NEVER, SECOND

__all__ = ["gift_metrics"]


def gift_metrics(trace: Trace) -> dict[str, Value]:
    """Compute every metric of gifts, by name."""
    table = trace.gifts
    lacking = short(trace)
    pieces = {
        "gifts_proposed": table.proposed,
        "gifts_granted": given(trace),
        "gift_shortfall": lacking,
    }
    values = {name: Value(int(count.sum())) for name, count in pieces.items()}
    values["orders_held"] = Value(int(trace.held.sum()))
    values |= _work(trace)
    rules = trace.model.rules
    sums = {name: sums_by(table.rule, count, len(rules)) for name, count in pieces.items()}
    rows = np.flatnonzero(lacking > 0)
    out = np.full(len(rules), NEVER)
    np.minimum.at(out, table.rule[rows], table.decided[rows])
    for number, rule in enumerate(rules):
        values |= {f"{name}.{rule.name}": Value(int(sums[name][number])) for name in pieces}
        values[f"gift_out_at.{rule.name}"] = _moment(int(out[number]))
        values[f"gift_used_up_at.{rule.name}"] = _moment(_used_up(trace, number))
    return values | _by_sku(trace, lacking)


def _by_sku(trace: Trace, lacking: Indices) -> dict[str, Value]:
    """Metrics of each SKU that rules add to orders, and of each that has an end."""
    scenario, stock = trace.model.scenario, trace.model.stock
    skus = gift_skus(scenario)
    ending = ending_skus(scenario)
    if not skus and not ending:
        return {}
    numbers = {name: number for number, name in enumerate(trace.orders.items.names)}
    add = np.array([rule.spec.source == "add" for rule in trace.model.rules], bool)
    rows = np.flatnonzero(add[trace.gifts.rule])
    gave = by_sku(trace, rows, given(trace)[rows])
    missing = by_sku(trace, rows, lacking[rows])
    nothing = (np.empty(0, np.int64),) * 3
    off = taken(trace) if ending or (stock.on_hand >= 0).any() else nothing
    left = stock.on_hand - sums_by(off[0], off[1], trace.orders.items.n_skus)
    values = {}
    for name in skus:
        number = numbers[name]
        there = int(stock.on_hand[number]) >= 0
        values[f"gift_pieces.{name}"] = Value(int(gave[number]))
        values[f"gift_missing.{name}"] = Value(int(missing[number]))
        values[f"gift_left.{name}"] = Value(int(left[number]) if there else math.nan)
    return values | sku_metrics(trace, off)


def _moment(tick: int) -> Value:
    return Value(tick / SECOND if tick < NEVER else math.nan)


def _work(trace: Trace) -> dict[str, Value]:
    """Pieces, picks and hours that gifts added to what the floor was given."""
    if len(trace.gifts.order) == 0:
        return {name: Value(0) for name in ("gift_units", "gift_lines", "gift_work")}
    bare = without_gifts(trace)
    added = [float((loads - own).sum()) for loads, own in zip(trace.loads, bare.loads, strict=True)]
    return {
        "gift_units": Value(int((trace.pieces - bare.pieces).sum())),
        "gift_lines": Value(int((trace.lines - bare.lines).sum())),
        "gift_work": Value(sum(added) / HOUR),
    }


def _used_up(trace: Trace, number: int) -> int:
    """Tick at which a rule had given all that its limits on the whole allow, `NEVER` if not."""
    rule = trace.model.rules[number]
    cap, gate = rule.spec.cap, rule.spec.gate
    if cap.total is None and cap.budget is None and (gate.first_n is None or gate.per):
        return NEVER
    rows, gifts = gifts_by(trace, number)
    rows = rows[(order := np.argsort(trace.gifts.decided[rows], kind="stable"))]
    gifts = gifts[order]
    cost = np.array(rule.costs, np.int64)[trace.gifts.option[rows]]
    new = np.zeros(len(rows), np.int64)
    new[np.unique(trace.gifts.order[rows], return_index=True)[1]] = 1
    ticks = [NEVER]
    for limit, amounts in (
        (None if cap.total is None else cap.total - cap.used, gifts),
        (None if cap.budget is None else cap.budget - min(rule.costs) + 1, gifts * cost),
        (None if gate.per else gate.first_n, new),
    ):
        if limit is not None:
            reached = np.flatnonzero(np.cumsum(amounts) >= limit)
            ticks += trace.gifts.decided[rows[reached[:1]]].tolist()
    return min(ticks)
