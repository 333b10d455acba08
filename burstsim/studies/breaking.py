"""What broke first, where and when: the moment from which a threshold could not be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.facts import Facts, Flags
from burstsim.results.minutes import turns_with
from burstsim.scenario.thresholds import Threshold
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["Break", "first_break"]

_QUANTILE = re.compile(r"(p\d+|max)\((order_to_ship|wait\.(.+)|time_in\.(.+))\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A threshold that one replication breaks.

    Parameters
    ----------
    threshold
        Its name.
    moment
        Seconds since start from which it was broken for good, whatever came later; None where
        only the whole run tells.
    warehouse, stage
        Where the orders that broke it waited longest; empty where nobody waited.
    """

    threshold: str
    moment: float | None
    warehouse: str
    stage: str


#: How metrics begin that waiting for people can make worse.
_OF_WAITING = (
    *("on_time", "otif", "orders_late", "penalty_total", "unfinished", "throughput_peak"),
    *("backlog_", "work_left_peak.", "utilisation."),
    *("mean(", "p50(", "p90(", "p95(", "p99(", "max("),
)


def first_break(trace: Trace, thresholds: Mapping[str, Threshold]) -> Break | None:
    """Find which of these thresholds a replication was the first to break.

    Parameters
    ----------
    trace
        A finished replication.
    thresholds
        By name, those that do not hold; of ``nights`` the inner one is looked at.
    """
    facts = Facts(trace)
    found = []
    for name, threshold in thresholds.items():
        inner = threshold.nights or threshold
        tick, orders = _broken(facts, inner)
        house, stage = _where(facts, orders) if _waits(inner) else ("", "")
        moment = None if tick is None else tick / SECOND
        found.append(Break(threshold=name, moment=moment, warehouse=house, stage=stage))
    never = float("inf")
    return min(found, key=lambda b: never if b.moment is None else b.moment, default=None)


def _waits(threshold: Threshold) -> bool:
    """Whether waiting for people can break it: stock, gifts and money it does not explain."""
    return threshold.moment or threshold.metric.startswith(_OF_WAITING)


def _broken(facts: Facts, threshold: Threshold) -> tuple[int | None, Flags]:
    """Tick from which it is broken, and the orders that broke it (all where it is of none)."""
    everyone = facts.wanted < NEVER
    limit = threshold.limit
    if threshold.metric == "on_time":
        due, met, end = facts.due, facts.met, facts.model.end
        known = everyone & (due < NEVER) & ((met < NEVER) | (due < end))
        late = known & (met > due)
        return _nth(due[late], int((1 - limit) * known.sum() + 1e-9) + 1), late
    if match := _QUANTILE.fullmatch(threshold.metric):
        return _too_long(facts, match, round(limit * SECOND))
    if threshold.metric == "backlog_peak":
        paid = np.sort(facts.paid[facts.paid < NEVER])
        open_ = np.arange(1, len(paid) + 1) - facts.closed.searchsorted(paid, side="right")
        over = np.flatnonzero(open_ > limit)
        return (int(paid[over[0]]) if len(over) else None), everyone
    if threshold.metric.startswith("work_left_peak."):
        return _too_much_work(facts, threshold.metric.partition(".")[2], limit), everyone
    if threshold.moment:
        return round(limit * SECOND), everyone
    return None, everyone


def _too_long(facts: Facts, match: re.Match[str], limit: int) -> tuple[int | None, Flags]:
    """Find when so many spans had outlasted the limit that the quantile lies above it."""
    whole = facts.wanted < NEVER
    begins, ends = [facts.wanted], [facts.shipped]
    if match[2] != "order_to_ship":
        zones = [
            visits
            for zone, visits in zip(facts.model.zones, facts.trace.visits, strict=True)
            if match[3] == zone.path or match[4] == zone.stage
        ]
        begins = [visits.entered for visits in zones]
        ends = [visits.started if match[3] else visits.done for visits in zones]
    begin, finish = np.concatenate(begins), np.concatenate(ends)
    began = begin < NEVER
    begin, finish = begin[began], finish[began]
    long = finish - begin > limit
    percent = 100 if match[1] == "max" else int(match[1][1:])
    count = len(begin)
    tick = _nth(begin[long] + limit, count - -(-count * percent // 100) + 1)
    if match[2] == "order_to_ship":
        whole = whole & (facts.shipped - np.minimum(facts.wanted, facts.shipped) > limit)
    return tick, whole


def _too_much_work(facts: Facts, path: str, limit: float) -> int | None:
    number = [zone.path for zone in facts.model.zones].index(path)
    flow = facts.task_flow(number)
    turns = turns_with(flow.came)
    over = np.flatnonzero(flow.work_left(turns * MINUTE) > limit * HOUR)
    return int(turns[over[0]]) * MINUTE if len(over) else None


def _nth(ticks: Ticks, count: int) -> int | None:
    """Find the tick of the `count`-th, None if there are not so many."""
    return int(np.partition(ticks, count - 1)[count - 1]) if len(ticks) >= count else None


def _where(facts: Facts, orders: Flags) -> tuple[str, str]:
    """Find the station at which the parcels of some orders waited longest, all together."""
    trace, end = facts.trace, facts.model.end
    waiting = orders[trace.parcel_order]
    longest, place = 0.0, ("", "")
    for zone, visits in zip(facts.model.zones, trace.visits, strict=True):
        chosen: Indices = np.flatnonzero(waiting[visits.rows])
        entered = np.minimum(visits.entered[chosen], end)
        waited = float((np.minimum(visits.started[chosen], end) - entered).sum(dtype=np.float64))
        if waited > longest:
            longest, place = waited, (zone.warehouse, zone.stage)
    return place
