"""State of a zone at the turns of minutes.

What happens exactly at the turn belongs to the minute that begins: the state is the one just
before. Everything counted is a whole number, and therefore exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.results.flows import Flow
from burstsim.units import MINUTE, NEVER

__all__ = ["ZoneMinutes", "before_turn", "turns_after", "turns_with", "zone_minutes"]


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


def turns_with(came: Ticks) -> Indices:
    """List the turns of minutes before which something came: (turns,) int64, ascending.

    Parameters
    ----------
    came : (n,) int64
        Ticks, ascending.
    """
    if len(came) == 0:
        return np.empty(0, np.int64)
    first, last = int(came[0]) // MINUTE, int(came[-1]) // MINUTE
    if last - first < len(came) // 8:  # look at each minute rather than at each arrival
        edges = np.arange(first, last + 2)
        return edges[1:][np.flatnonzero(np.diff(came.searchsorted(edges * MINUTE)))]
    turns = came // MINUTE + 1
    return turns[np.flatnonzero(np.diff(turns, prepend=-NEVER))]


def zone_minutes(flow: Flow, turns: Indices) -> ZoneMinutes:
    """Count a zone's state just before some turns of minutes.

    Parameters
    ----------
    flow
        The tasks of the zone.
    turns : (t,) int64
        Numbers of minutes, ascending.
    """
    ticks = turns * MINUTE
    entered, started = flow.came.searchsorted(ticks), flow.began.searchsorted(ticks)
    return ZoneMinutes(
        waiting=entered - started,
        busy=started - np.sort(flow.finished).searchsorted(ticks),
        work_left=flow.work_left(ticks),
    )
