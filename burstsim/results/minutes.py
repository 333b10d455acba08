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
    """A zone at the turns of the minutes 0, 1, 2 and so on.

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


def before_turn(ticks: Ticks, minutes: int, weights: Floats | None = None) -> Floats:
    """How many of the ticks (or how much weight) lie before each turn of a minute.

    Parameters
    ----------
    ticks : (n,) int64
        What lies before ``start`` lies before the first turn; `NEVER` is never before.
    minutes
        Number of turns: 0, 1, … minutes − 1.
    weights : (n,) float64, optional
        Whole numbers.

    Returns
    -------
    (minutes,) float64
        Whole numbers, exact below 2^53.
    """
    turn = np.clip(ticks // MINUTE, -1, minutes) + 1
    each = np.bincount(turn, weights, minlength=minutes)
    return np.cumsum(each[:minutes]).astype(np.float64)


def zone_minutes(trace: Trace, zone: int, minutes: int) -> ZoneMinutes:
    """Count a zone's state at the first `minutes` turns.

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
    work = work_ticks(trace.loads[zone], 1.0).astype(np.float64)
    entered = before_turn(visits.entered, minutes)
    started = before_turn(visits.started, minutes)
    left = before_turn(visits.entered, minutes, work) - before_turn(visits.started, minutes, work)
    return ZoneMinutes(
        waiting=(entered - started).astype(np.int64),
        busy=(started - before_turn(visits.done, minutes)).astype(np.int64),
        work_left=left.astype(np.int64),
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
