"""Metrics of gifts: what rules proposed and gave, when they ran out, and the work they made."""

from __future__ import annotations

import math

import numpy as np

from burstsim.engine.giftlaws import gifts_by
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.bare import without_gifts
from burstsim.results.value import Value
from burstsim.units import HOUR, NEVER, SECOND

__all__ = ["gift_metrics"]


def gift_metrics(trace: Trace) -> dict[str, Value]:
    """Compute every metric of gifts, by name."""
    table = trace.gifts
    given = table.granted + table.later
    values = _counts(table.proposed, given, "")
    values["orders_held"] = Value(int(trace.held.sum()))
    values |= _work(trace)
    for number, rule in enumerate(trace.model.rules):
        mine = np.flatnonzero(table.rule == number)
        values |= _counts(table.proposed[mine], given[mine], f".{rule.name}")
        short = mine[given[mine] < table.proposed[mine]]
        values[f"gift_out_at.{rule.name}"] = _moment(int(table.decided[short].min(initial=NEVER)))
        values[f"gift_used_up_at.{rule.name}"] = _moment(_used_up(trace, number))
    return values


def _counts(proposed: Indices, given: Indices, suffix: str) -> dict[str, Value]:
    return {
        f"gifts_proposed{suffix}": Value(int(proposed.sum())),
        f"gifts_granted{suffix}": Value(int(given.sum())),
        f"gift_shortfall{suffix}": Value(int((proposed - given).sum())),
    }


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
