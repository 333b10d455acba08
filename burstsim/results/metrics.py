"""Metrics of one replication: a function each, over a trace.

Names, units and meanings stand in `burstsim.scenario.metrics`. A value may be flagged "at
least": it rests on orders that were unfinished at the end and counted only until then.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Ticks
from burstsim.results.minutes import closing, zone_minutes
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["Facts", "Value", "measure"]


class Value(NamedTuple):
    """A number, and whether the truth may lie above it."""

    number: float
    at_least: bool = False


class Facts:
    """A trace with what several metrics need of it, computed once.

    Parameters
    ----------
    trace
        A finished replication.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.model = trace.model
        self.orders = trace.orders

    @cached_property
    def shipped(self) -> Ticks:
        """Tick at which each order was shipped, `NEVER` if it was not."""
        return self.per_order(self.trace.shipped)

    @cached_property
    def met(self) -> Ticks:
        """Tick that counts for each order's promise: packed or shipped."""
        stages = [zone.stage for zone in self.model.zones]
        pack = stages.index("pack") if "pack" in stages else len(stages) - 1
        promises = [self.model.promise_of(channel) for channel in self.orders.channels]
        packing = np.array([bool(p and p.met_at == "packed") for p in promises], bool)
        by_packing = packing[self.orders.channel]
        if not by_packing.any():
            return self.shipped
        packed = self.per_order(self.trace.visits[pack].done)
        return np.where(by_packing, packed, self.shipped)

    @cached_property
    def shipped_sorted(self) -> Ticks:
        """Ticks of the orders that were shipped, ascending."""
        return np.sort(self.shipped[self.shipped < NEVER])

    @cached_property
    def closing(self) -> int:
        """Tick of the last work done, or the end."""
        return closing(self.trace)

    @cached_property
    def peak(self) -> tuple[int, int]:
        """Most open orders, and the tick at which there were first so many."""
        paid = np.sort(self.orders.paid[self.orders.paid < NEVER])
        if len(paid) == 0:
            return 0, 0
        opened = np.arange(1, len(paid) + 1)
        open_orders = opened - self.shipped_sorted.searchsorted(paid, side="right")
        at = int(open_orders.argmax())
        return int(open_orders[at]), int(paid[at])

    @cached_property
    def staffed(self) -> list[int]:
        """Worker-ticks of each zone until closing, with the overtime of who finishes a task."""
        return [self._staffed(zone) for zone in range(len(self.model.zones))]

    def per_order(self, ticks: Ticks) -> Ticks:
        """Spread a parcel's ticks over the orders; an order without a parcel gets `NEVER`."""
        if len(ticks) == len(self.orders):
            return ticks
        spread = np.full(len(self.orders), NEVER)
        spread[self.trace.parcel_order] = ticks
        return spread

    def _staffed(self, zone: int) -> int:
        crew, visits = self.model.zones[zone].crew, self.trace.visits[zone]
        ends = np.minimum(np.append(crew.times[1:], NEVER), self.closing).tolist()
        total, most_busy = 0, 0
        for tick, end, workers in zip(
            crew.times.tolist(), ends, crew.workers.tolist(), strict=True
        ):
            total += workers * max(end - tick, 0)
            if workers < most_busy and tick < end:
                busy = visits.done[(visits.started < tick) & (visits.done > tick)]
                most_busy = max(workers, len(busy))
                leavers = np.sort(busy)[: most_busy - workers]
                total += int((np.minimum(leavers, end) - tick).sum())
            else:
                most_busy = workers
        return total


def orders_placed(facts: Facts) -> Value:
    """Count placements."""
    return Value(len(facts.orders))


def orders_paid(facts: Facts) -> Value:
    """Count payments."""
    return Value(int((facts.orders.paid < NEVER).sum()))


def orders_shipped(facts: Facts) -> Value:
    """Count orders shipped."""
    return Value(len(facts.shipped_sorted))


def unfinished(facts: Facts) -> Value:
    """Count paid orders that were not shipped."""
    return Value(int(((facts.orders.paid < NEVER) & (facts.shipped == NEVER)).sum()))


def units_shipped(facts: Facts) -> Value:
    """Count pieces of shipped orders."""
    return Value(int(facts.orders.pieces[facts.shipped < NEVER].sum()))


def parcels(facts: Facts) -> Value:
    """Count parcels released."""
    return Value(len(facts.trace.parcel_order))


def on_time(facts: Facts) -> Value:
    """Share of orders that met their promise, of those of which it can be known."""
    due, met = facts.orders.due, facts.met
    known = (due < NEVER) & ((met < NEVER) | (due < facts.model.end))
    count = int(known.sum())
    return Value(float((met[known] <= due[known]).sum()) / count if count else math.nan)


def backlog_peak(facts: Facts) -> Value:
    """Most orders paid and not shipped."""
    return Value(facts.peak[0])


def backlog_peak_at(facts: Facts) -> Value:
    """When the backlog first reached its peak."""
    return Value(facts.peak[1] / SECOND)


def backlog_clear_at(facts: Facts) -> Value:
    """First moment from the peak on that no parcel's waiting covers.

    The orders of the peak itself wait for their sweep first: before they have reached the
    floor nothing is cleared, though no stage has a queue yet. From then on the spans of
    waiting are laid over each other in order of their beginnings; the first gap is where the
    latest end so far lies before the next beginning.
    """
    peak = facts.peak[1]
    of_peak = facts.per_order(facts.trace.released)[facts.orders.paid <= peak]
    peak = max(peak, int(of_peak.max(initial=0)))
    begins, ends = [], []
    for visits in facts.trace.visits:
        waits = np.flatnonzero((visits.started > visits.entered) & (visits.started > peak))
        begins.append(visits.entered[waits])
        ends.append(visits.started[waits])
    begin, end = np.concatenate(begins), np.concatenate(ends)
    order = begin.argsort(kind="stable")
    begin = begin[order]
    covered = np.maximum.accumulate(np.concatenate(([peak], end[order])))
    gaps = np.flatnonzero(begin > covered[:-1])
    clear = int(covered[gaps[0]] if len(gaps) else covered[-1])
    if clear == NEVER:
        return Value(facts.model.end / SECOND, at_least=True)
    return Value(clear / SECOND)


def throughput_peak(facts: Facts) -> Value:
    """Most orders shipped in a span of one hour that ends with a shipment."""
    shipped = facts.shipped_sorted
    before = shipped.searchsorted(shipped - HOUR, side="right")
    return Value(int((np.arange(1, len(shipped) + 1) - before).max(initial=0)))


def worker_hours(facts: Facts) -> Value:
    """Hours staffed."""
    return Value(sum(facts.staffed) / HOUR)


def order_to_ship(facts: Facts) -> dict[str, Value]:
    """From payment to shipped."""
    return _distribution(facts.orders.paid, facts.shipped, facts.model.end)


def time_in(facts: Facts, stage: str) -> dict[str, Value]:
    """From arriving at a stage to done there, over all warehouses."""
    visits = [
        visits
        for zone, visits in zip(facts.model.zones, facts.trace.visits, strict=True)
        if zone.stage == stage
    ]
    entered = np.concatenate([visit.entered for visit in visits])
    done = np.concatenate([visit.done for visit in visits])
    return _distribution(entered, done, facts.model.end)


def wait(facts: Facts, zone: int) -> dict[str, Value]:
    """From arriving at a zone to work starting."""
    visits = facts.trace.visits[zone]
    return _distribution(visits.entered, visits.started, facts.model.end)


def work_left_peak(facts: Facts, zone: int) -> Value:
    """Most work waiting at the turn of a minute."""
    minutes = facts.closing // MINUTE + 2 - facts.model.begin // MINUTE
    return Value(int(zone_minutes(facts.trace, zone, minutes).work_left.max()) / HOUR)


def utilisation(facts: Facts, zone: int) -> Value:
    """Time worked by time staffed."""
    visits = facts.trace.visits[zone]
    begun = visits.started < NEVER
    worked = np.minimum(visits.done[begun], facts.closing) - visits.started[begun]
    staffed = facts.staffed[zone]
    return Value(int(worked.sum()) / staffed if staffed else math.nan)


def _distribution(begin: Ticks, finish: Ticks, end: int) -> dict[str, Value]:
    """Statistics of the spans begin → finish, in seconds.

    What began and did not finish counts until `end`. Quantiles are ``inverted_cdf``: the
    smallest span that at least that share of all does not exceed.
    """
    began = begin < NEVER
    if not began.all():
        begin, finish = begin[began], finish[began]
    count = len(begin)
    if count == 0:
        nothing = Value(math.nan)
        return dict.fromkeys(("mean", "p50", "p90", "p95", "p99", "max"), nothing)
    open_ = finish == NEVER
    shortest_open = int((end - begin[open_]).min(initial=NEVER))
    spans = np.minimum(finish, end) - begin
    spans.sort()
    values = {"mean": Value(int(spans.sum()) / count / SECOND, shortest_open < NEVER)}
    for percent in (50, 90, 95, 99):
        span = int(spans[-(-count * percent // 100) - 1])
        values[f"p{percent}"] = Value(span / SECOND, shortest_open <= span)
    values["max"] = Value(int(spans[-1]) / SECOND, shortest_open < NEVER)
    return values


#: Metrics of the whole run, by name.
WHOLE: dict[str, Callable[[Facts], Value]] = {
    function.__name__: function
    for function in (
        orders_placed,
        orders_paid,
        orders_shipped,
        unfinished,
        units_shipped,
        parcels,
        on_time,
        backlog_peak,
        backlog_peak_at,
        backlog_clear_at,
        throughput_peak,
        worker_hours,
    )
}

#: Metrics of a zone, by the first part of their name.
PER_ZONE: dict[str, Callable[[Facts, int], Value]] = {
    "work_left_peak": work_left_peak,
    "utilisation": utilisation,
}


def measure(trace: Trace) -> dict[str, Value]:
    """Compute every metric of a replication.

    Parameters
    ----------
    trace
        A finished replication.

    Returns
    -------
    dict of str to Value
        By name, as in `burstsim.scenario.metrics.metric_names`.
    """
    facts = Facts(trace)
    values = {name: function(facts) for name, function in WHOLE.items()}
    spreads = {"order_to_ship": order_to_ship(facts)}
    for stage in dict.fromkeys(zone.stage for zone in facts.model.zones):
        spreads[f"time_in.{stage}"] = time_in(facts, stage)
    for number, zone in enumerate(facts.model.zones):
        spreads[f"wait.{zone.path}"] = wait(facts, number)
        for name, function in PER_ZONE.items():
            values[f"{name}.{zone.path}"] = function(facts, number)
    for name, spread in spreads.items():
        values |= {f"{statistic}({name})": value for statistic, value in spread.items()}
    return values
