"""Metrics of one replication: a function each, over a trace.

Names, units and meanings stand in `burstsim.scenario.metrics`. A value may be flagged "at
least": it rests on orders that were unfinished at the end and counted only until then.
"""

from __future__ import annotations

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.peaks import most_inside
from burstsim.kernels.spans import first_outside, joined
from burstsim.results.counting import count, counted_metrics, utilisation
from burstsim.results.facts import BACKORDERED, Facts
from burstsim.results.giftmetrics import count_gifts, count_steps, gift_metrics, used_up_of
from burstsim.results.queues import Queue, WorkLeft
from burstsim.results.spreads import spread_of, spreads_of
from burstsim.results.totals import Totals
from burstsim.results.trucks import truck_metrics
from burstsim.results.value import Value
from burstsim.units import HOUR, NEVER, SECOND

__all__ = ["Facts", "Value", "backlog_metrics", "measure", "of_elsewhere"]


def backlog_clear(facts: Facts) -> int:
    """First moment from the peak on that no parcel's waiting covers, `NEVER` if there is none.

    The orders of the peak itself wait for their sweep first: before they have reached the
    floor nothing is cleared, though no stage has a queue yet.
    """
    peak = facts.peak[1]
    released = facts.trace.per_order(facts.trace.released)
    # backordered and cancelled orders never come; whoever else is not released holds it up
    of_peak = released[(facts.paid <= peak) & (facts.trace.state < BACKORDERED)]
    peak = max(peak, int(of_peak.max(initial=0)))
    waits = [facts.waits(zone) for zone in facts.way_out]
    begin, end = (np.concatenate(ticks) for ticks in zip(*waits, strict=True))
    order = np.flatnonzero(end > peak)
    order = order[begin[order].argsort(kind="stable")]
    return first_outside(*joined(begin[order], end[order]), peak)


def throughput_peak(facts: Facts) -> int:
    """Most orders shipped in a span of one hour that ends with a shipment."""
    shipped = facts.shipped_sorted
    return most_inside(shipped, shipped + HOUR)[0]


def backlog_metrics(peak: tuple[int, int], clear: int, end: int) -> dict[str, Value]:
    """Tell the metrics of the backlog: its peak, when that was, and when it was cleared."""
    at = Value(clear / SECOND) if clear < NEVER else Value(end / SECOND, at_least=True)
    return {
        "backlog_peak": Value(peak[0]),
        "backlog_peak_at": Value(peak[1] / SECOND),
        "backlog_clear_at": at,
    }


def of_elsewhere(trace: Trace) -> dict[str, Value]:
    """Tell the metrics of what is of no order: who never came, and trucks."""
    lost, diverted = trace.orders.lost, trace.orders.diverted
    gone = {"orders_lost": Value(lost), "orders_diverted": Value(diverted)}
    return gone | truck_metrics(trace)


def measure(known: Trace | Facts) -> dict[str, Value]:
    """Compute every metric of a replication.

    Parameters
    ----------
    known
        A finished replication, perhaps with what has been computed of it.

    Returns
    -------
    dict of str to Value
        By name, as in `burstsim.scenario.metrics.metric_names`.
    """
    facts, totals = Facts.of(known), Totals()
    trace, model = facts.trace, facts.model
    count_gifts(trace, totals)  # needs much memory for a while: before there is anything else
    values = _of_zones(facts)  # the next most, zone by zone
    for name, columns in spreads_of(facts):
        spread = spread_of(columns, model.end)
        values |= {f"{statistic}({name})": value for statistic, value in spread.items()}
    count(facts, totals)
    count_steps(trace, totals)
    values |= backlog_metrics(facts.peak, backlog_clear(facts), model.end)
    values["throughput_peak"] = Value(throughput_peak(facts))
    values |= counted_metrics(model, totals, facts.hours)
    for number, zone in enumerate(model.zones):
        if not zone.external:  # a partner's people are not ours
            value = utilisation(totals, zone.path, facts.staffed(number))
            values[f"utilisation.{zone.path}"] = value
    return values | gift_metrics(trace, totals, used_up_of(trace)) | of_elsewhere(trace)


def _of_zones(facts: Facts) -> dict[str, Value]:
    """Compute what waits in each zone, by name."""
    values: dict[str, Value] = {}
    for number, zone in enumerate(facts.model.zones):
        queue, flow = Queue(), facts.flow(number)
        queue.add(flow.came, flow.began)
        of_queue = queue.values(facts.model.end)
        values |= {f"{name}.{zone.path}": value for name, value in of_queue.items()}
        if zone.external:
            continue  # how much work waits at a partner's is not known
        work = WorkLeft()
        work.add(facts.task_flow(number), (-NEVER, NEVER))
        values[f"work_left_peak.{zone.path}"] = work.value()
    facts.leave_zones()
    return values
