"""State of a zone at the turn of every minute, counted from its visits.

What happens exactly at the turn belongs to the minute that begins: the state is the one just
before. Counting by minute needs no sorting and is exact, because everything is a whole number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.engine.trace import Trace, Visits
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.work import work_ticks
from burstsim.units import MINUTE, NEVER

__all__ = ["ZoneMinutes", "before_turn", "closing", "zone_minutes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ZoneMinutes:
    """A zone at some turns of minutes.

    Parameters
    ----------
    waiting, busy : (turns,) int64
        Tasks: parcels, or tours.
    work_left : (turns,) float64
        Ticks of work waiting, at productivity 1; whole, and exact below 2^53.
    """

    waiting: Indices
    busy: Indices
    work_left: Floats


def turns_after(*happened: Ticks) -> Indices:
    """List the turns of minutes before which something happened, at most as many as events.

    Parameters
    ----------
    happened
        Ticks.

    Returns
    -------
    (turns,) int64
        Numbers of the turns, ascending: turn m is at m minutes.
    """
    turns = np.concatenate(happened) // MINUTE + 1
    if len(turns) == 0:
        return turns
    first, last = int(turns.min()), int(turns.max())
    if last - first > 4 * len(turns) + 1000:
        return np.unique(turns)
    return first + np.flatnonzero(np.bincount(turns - first))


def before_turn(ticks: Ticks, turns: Indices, weights: Floats | None = None) -> Floats:
    """How many of the ticks (or how much weight) lie before each turn of a minute.

    Parameters
    ----------
    ticks : (n,) int64
        `NEVER` is never before.
    turns : (t,) int64
        Numbers of minutes, ascending.
    weights : (n,) float64, optional
        Whole numbers.

    Returns
    -------
    (t,) float64
        Whole numbers, exact below 2^53.
    """
    count = len(turns)
    if count == 0:
        return np.empty(0)
    first, last = int(turns[0]), int(turns[-1])
    minute = np.clip(ticks // MINUTE, first - 1, last) + 1
    span = last - first
    if span < 4 * (len(ticks) + count) + 1000:
        each = np.bincount(minute - first, weights, minlength=span + 1)
        return np.cumsum(each[: span + 1])[turns - first].astype(np.float64)
    place = turns.searchsorted(minute)  # few events in a long time: never touch every minute
    return np.cumsum(np.bincount(place, weights, minlength=count)[:count]).astype(np.float64)


def zone_minutes(trace: Trace, zone: int, turns: Indices) -> ZoneMinutes:
    """Count a zone's state just before some turns of minutes.

    Parameters
    ----------
    trace
        A finished replication.
    zone
        Position of the zone in the model.
    turns : (t,) int64
        Numbers of minutes, ascending.
    """
    visits = trace.visits[zone].tasks()
    work = work_ticks(trace.loads[zone], 1.0).astype(np.float64)
    entered, started = before_turn(visits.entered, turns), before_turn(visits.started, turns)
    left = before_turn(visits.entered, turns, work) - before_turn(visits.started, turns, work)
    return ZoneMinutes(
        waiting=(entered - started).astype(np.int64),
        busy=(started - before_turn(visits.done, turns)).astype(np.int64),
        work_left=left,
    )


def closing(every: Sequence[Visits], end: int) -> int:
    """Tick of the last work done in some zones; the end of the run when something is undone."""
    last = 0
    for visits in every:
        done = int(visits.done.max(initial=0))
        entered = visits.entered < NEVER
        if done == NEVER and bool((visits.done[entered] == NEVER).any()):
            return end
        last = max(last, int(visits.done[visits.done < NEVER].max(initial=0)))
    return last
