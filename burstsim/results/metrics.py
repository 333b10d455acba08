"""Metrics of one replication: a function each, over a trace.

Names, units and meanings stand in `burstsim.scenario.metrics`. A value may be flagged "at
least": it rests on orders that were unfinished at the end and counted only until then.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.peaks import most_inside
from burstsim.results.facts import BACKORDERED, Facts
from burstsim.results.giftmetrics import gift_metrics
from burstsim.results.minutes import turns_with
from burstsim.results.moneymetrics import money_metrics
from burstsim.results.promisemetrics import promise_metrics
from burstsim.results.stockmetrics import stock_metrics, waiting_since
from burstsim.results.trucks import truck_metrics
from burstsim.results.value import Value
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["Facts", "Value", "measure"]


def orders_placed(facts: Facts) -> Value:
    """Count placements."""
    return Value(len(facts.orders))


def orders_paid(facts: Facts) -> Value:
    """Count payments."""
    return Value(int((facts.paid < NEVER).sum()))


def orders_shipped(facts: Facts) -> Value:
    """Count orders shipped."""
    return Value(len(facts.shipped_sorted))


def unfinished(facts: Facts) -> Value:
    """Count paid orders that were still on their way at the end."""
    return _ended(facts, "unfinished")


def orders_backordered(facts: Facts) -> Value:
    """Count paid orders that still waited for stock at the end."""
    return _ended(facts, "backordered")


def orders_expired(facts: Facts) -> Value:
    """Count orders that were not paid in time."""
    return _ended(facts, "expired")


def orders_rejected(facts: Facts) -> Value:
    """Count orders that found no stock when they were placed."""
    return _ended(facts, "rejected")


def orders_cancelled(facts: Facts) -> Value:
    """Count orders that were cancelled before they were shipped."""
    return _ended(facts, "cancelled")


def orders_oversold(facts: Facts) -> Value:
    """Count orders that were sold although there was no stock."""
    return Value(int(facts.trace.oversold.sum()))


def orders_lost(facts: Facts) -> Value:
    """Count orders that a closed channel lost."""
    return Value(facts.orders.lost)


def orders_diverted(facts: Facts) -> Value:
    """Count orders that went to another channel because theirs was closed."""
    return Value(facts.orders.diverted)


def _ended(facts: Facts, state: str) -> Value:
    return Value(int((facts.trace.state == STATES.index(state)).sum()))


def units_shipped(facts: Facts) -> Value:
    """Count pieces of shipped parcels."""
    trace = facts.trace
    return Value(int(trace.pieces[trace.shipped < NEVER].sum()))


def parcels(facts: Facts) -> Value:
    """Count parcels released."""
    return Value(int((facts.trace.released < NEVER).sum()))


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
    released = facts.trace.per_order(facts.trace.released)
    # backordered and cancelled orders never come; whoever else is not released holds it up
    of_peak = released[(facts.paid <= peak) & (facts.trace.state < BACKORDERED)]
    peak = max(peak, int(of_peak.max(initial=0)))
    waits = [facts.waits(zone) for zone in facts.way_out]
    begin, end = (np.concatenate(ticks) for ticks in zip(*waits, strict=True))
    order = np.flatnonzero(end > peak)
    order = order[begin[order].argsort(kind="stable")]
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
    return Value(most_inside(shipped, shipped + HOUR)[0])


def worker_hours(facts: Facts) -> Value:
    """Hours staffed."""
    return Value(facts.worker_ticks / HOUR)


def order_to_ship(facts: Facts, rows: Indices | None = None) -> dict[str, Value]:
    """From payment to shipped, of all orders or of some."""
    wanted, shipped = facts.wanted, facts.shipped
    if rows is not None:
        wanted, shipped = wanted[rows], shipped[rows]
    return _distribution(wanted, shipped, facts.model.end)


def backorder_age(facts: Facts) -> dict[str, Value]:
    """From payment to the end, of orders that wait for stock there; known to the tick."""
    since, end = waiting_since(facts), facts.model.end
    return _distribution(since, np.where(since < NEVER, end, NEVER), end)


def time_in(facts: Facts, stage: str) -> dict[str, Value]:
    """From arriving at a stage to done there, over all warehouses."""
    visits = [
        facts.trace.stage_visits(number)
        for number, known in enumerate(facts.model.stages)
        if known.name == stage
    ]
    entered = np.concatenate([visit.entered for visit in visits])
    done = np.concatenate([visit.done for visit in visits])
    return _distribution(entered, done, facts.model.end)


def time_in_zone(facts: Facts, zone: int) -> dict[str, Value]:
    """From arriving at a zone to done there."""
    flow = facts.flow(zone)
    return _distribution(flow.came, flow.done, facts.model.end)


def wait(facts: Facts, zone: int) -> dict[str, Value]:
    """From arriving at a zone to work starting."""
    flow = facts.flow(zone)
    return _distribution(flow.came, flow.started, facts.model.end)


def work_left_peak(facts: Facts, zone: int) -> Value:
    """Most work waiting at the turn of a minute.

    Work is most right after some has come, so only the turns after arrivals are looked at.
    """
    flow = facts.task_flow(zone)
    return Value(float(flow.work_left(turns_with(flow) * MINUTE).max(initial=0)) / HOUR)


def queue(facts: Facts, zone: int) -> dict[str, Value]:
    """Most parcels that waited in a zone at one moment, when, and when nothing waited any more.

    What starts in the tick in which it comes has not waited. Where nothing ever waits there are
    no moments.
    """
    came, began = facts.flow(zone).came, facts.flow(zone).began
    most, peak = most_inside(came, began)
    if most == 0:
        nothing = Value(math.nan)
        return {"backlog_peak": Value(0), "backlog_peak_at": nothing, "backlog_clear_at": nothing}
    # nothing waits after a start when all who come later come after it
    first = int(began.searchsorted(peak, side="right"))
    later, following = began[first:], np.append(came, NEVER)[first + 1 : len(began) + 1]
    clear = later[following > later][:1].tolist()
    at = Value(clear[0] / SECOND) if clear else Value(facts.model.end / SECOND, at_least=True)
    return {
        "backlog_peak": Value(most),
        "backlog_peak_at": Value(peak / SECOND),
        "backlog_clear_at": at,
    }


def utilisation(facts: Facts, zone: int) -> Value:
    """Time worked by time staffed."""
    flow = facts.task_flow(zone)
    worked = np.minimum(flow.finished, facts.closings[zone]) - flow.began
    staffed = facts.staffed(zone)
    return Value(total_of(worked) / staffed if staffed else math.nan)


def total_of(spans: Ticks) -> int:
    """Sum of spans that are not negative, however large: in two halves, which cannot overflow.

    Examples
    --------
    >>> total_of(np.full(4, 2**61)) == 2**63
    True
    """
    if int(spans.max(initial=0)) * len(spans) < 1 << 63:
        return int(spans.sum())
    return (int((spans >> 32).sum()) << 32) + int((spans & 0xFFFFFFFF).sum())


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
    ranks = {percent: -(-count * percent // 100) - 1 for percent in (50, 90, 95, 99)}
    spans.partition([*ranks.values(), count - 1])
    values = {"mean": Value(total_of(spans) / count / SECOND, shortest_open < NEVER)}
    for percent in (50, 90, 95, 99):
        span = int(spans[ranks[percent]])
        values[f"p{percent}"] = Value(span / SECOND, shortest_open <= span)
    values["max"] = Value(int(spans[-1]) / SECOND, shortest_open < NEVER)
    return values


#: Metrics of the whole run, by name.
WHOLE: dict[str, Callable[[Facts], Value]] = {
    function.__name__: function
    for function in (
        orders_placed,
        orders_paid,
        orders_expired,
        orders_rejected,
        orders_cancelled,
        orders_shipped,
        orders_backordered,
        orders_oversold,
        orders_lost,
        orders_diverted,
        unfinished,
        units_shipped,
        parcels,
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
    facts = Facts.of(known)
    trace = facts.trace
    gifts = gift_metrics(trace)  # needs much memory for a while: before there is anything else
    zones, spreads = _by_zone(facts)  # the next most, zone by zone
    values = {name: function(facts) for name, function in WHOLE.items()}
    values |= stock_metrics(facts) | promise_metrics(facts) | money_metrics(facts)
    values |= truck_metrics(trace) | gifts | zones
    spreads |= {"order_to_ship": order_to_ship(facts), "backorder_age": backorder_age(facts)}
    for stage in dict.fromkeys(stage.name for stage in facts.model.stages):
        spreads[f"time_in.{stage}"] = time_in(facts, stage)
    for name, spread in spreads.items():
        values |= {f"{statistic}({name})": value for statistic, value in spread.items()}
    return values


def _by_zone(facts: Facts) -> tuple[dict[str, Value], dict[str, dict[str, Value]]]:
    """Compute the metrics of each zone, and its spreads, by name."""
    values: dict[str, Value] = {}
    spreads: dict[str, dict[str, Value]] = {}
    for number, zone in enumerate(facts.model.zones):
        spreads[f"wait.{zone.path}"] = wait(facts, number)
        values |= {f"{name}.{zone.path}": value for name, value in queue(facts, number).items()}
        if len(facts.model.stages[zone.at].zones) > 1:
            spreads[f"time_in.{zone.path}"] = time_in_zone(facts, number)
        if zone.external:
            continue  # a partner's people and their work are not ours
        for name, function in PER_ZONE.items():
            values[f"{name}.{zone.path}"] = function(facts, number)
    facts.leave_zones()
    return values, spreads
