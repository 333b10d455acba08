"""State of a zone at the turn of every minute, counted from its visits.

What happens exactly at the turn belongs to the minute that begins: the state is the one just
before. Counting by minute needs no sorting and is exact, because everything is a whole number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import MINUTE, NEVER

__all__ = ["ZoneMinutes", "before_turn", "closing", "zone_minutes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMinutes:
    """A zone at the turns of the minutes.

    Parameters
    ----------
    waiting, busy : (minutes,) int64
        Parcels.
    work_left : (minutes,) int64
        Ticks of work waiting, at productivity 1.
    """

    waiting: Indices
    busy: Indices
    work_left: Ticks


def before_turn(
    ticks: Ticks, minutes: int, weights: Floats | None = None, *, first: int = 0
) -> Floats:
    """How many of the ticks (or how much weight) lie before each turn of a minute.

    Parameters
    ----------
    ticks : (n,) int64
        At or after the first turn; `NEVER` is never before.
    minutes
        Number of turns: first, first + 1, … first + minutes − 1.
    weights : (n,) float64, optional
        Whole numbers.
    first
        Minute of the first turn since ``start``; negative where the clock begins before.

    Returns
    -------
    (minutes,) float64
        Whole numbers, exact below 2^53.
    """
    minute = np.minimum(ticks // MINUTE - first, minutes)
    each = np.bincount(minute, weights, minlength=minutes + 1)
    return np.concatenate(([0.0], np.cumsum(each[: minutes - 1])))


def zone_minutes(trace: Trace, zone: int, minutes: int) -> ZoneMinutes:
    """Count a zone's state at the first `minutes` turns since the clock's beginning.

    Parameters
    ----------
    trace
        A finished replication.
    zone
        Position of the zone in the model.
    minutes
        Number of turns.
    """
    visits = trace.visits[zone]
    work = work_ticks(trace.orders.loads[zone][trace.parcel_order], 1.0).astype(np.float64)
    first = trace.model.begin // MINUTE

    def count(ticks: Ticks, weights: Floats | None = None) -> Floats:
        return before_turn(ticks, minutes, weights, first=first)

    started = count(visits.started)
    return ZoneMinutes(
        waiting=(count(visits.entered) - started).astype(np.int64),
        busy=(started - count(visits.done)).astype(np.int64),
        work_left=(count(visits.entered, work) - count(visits.started, work)).astype(np.int64),
    )


def closing(trace: Trace) -> int:
    """Tick of the last work done; the end of the run when something was left undone."""
    last = 0
    for visits in trace.visits:
        done = int(visits.done.max(initial=0))
        entered = visits.entered < NEVER
        if done == NEVER and bool((visits.done[entered] == NEVER).any()):
            return trace.model.end
        last = max(last, int(visits.done[visits.done < NEVER].max(initial=0)))
    return last
