"""Promises by cut-off: paid before eleven, out today; paid before eleven at night, tomorrow."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.units import DAY

__all__ = ["due_by_cut_off"]


def due_by_cut_off(paid: Ticks, midnight: int, before: Ticks, by: Ticks) -> Ticks:
    """Tick by which orders are due that were paid at these ticks.

    Of the cut-offs the first counts that lies after the time of day of the payment, exactly at
    one is past it; after all of them the first one of the next day counts.

    Parameters
    ----------
    paid : (n,) int64
        Ticks.
    midnight
        Tick at which some day begins.
    before : (k,) int64
        Cut-offs, at least one, in ticks from the beginning of a day.
    by : (k,) int64
        When who makes a cut-off is due, in ticks from the beginning of the day of the cut-off.

    Returns
    -------
    (n,) int64

    Examples
    --------
    Before 11:00 the same day 23:59, before 23:00 the next day 15:00:

    >>> hours = np.array([10, 11, 23, 47], np.int64)
    >>> clock = 3_600_000_000
    >>> due = due_by_cut_off(
    ...     hours * clock, 0, np.array([11, 23]) * clock, np.array([24, 39]) * clock
    ... )
    >>> (due // clock).tolist()
    [24, 39, 48, 72]
    """
    days, times = np.divmod(paid - midnight, DAY)
    # one that is not later than all before it is never the first that somebody makes
    reached = np.maximum.accumulate(before)
    which = reached.searchsorted(times, side="right")
    missed = which == len(before)
    day = days + missed
    due: Ticks = midnight + day * DAY + by[np.where(missed, 0, which)]
    return due
