"""What waits in a zone, a span of time after the other: how much at most, when, until when."""

from __future__ import annotations

import math

import numpy as np

from burstsim.kernels.arrays import Ticks
from burstsim.kernels.peaks import most_inside
from burstsim.results.flows import Flow
from burstsim.results.minutes import turns_with
from burstsim.results.value import Value
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["Queue", "WorkLeft"]


class Queue:
    """Parcels that wait in a zone.

    What starts in the tick in which it comes has not waited.
    """

    def __init__(self) -> None:
        self._came = self._began = 0
        self._most, self._peak, self._clear = 0, 0, NEVER

    def add(self, came: Ticks, began: Ticks) -> None:
        """Look at a span of time.

        Parameters
        ----------
        came, began : (n,) and (m,) int64
            Ticks within it at which parcels came and work on them began, ascending.
        """
        most, peak = most_inside(came, began, self._came - self._began)
        if most > self._most:
            self._most, self._peak, self._clear = most, peak, NEVER
        if self._clear == NEVER and self._most > 0:
            # nothing waits after a start when all who come later come after it
            first = int(began.searchsorted(self._peak, side="right"))
            later = np.arange(first, len(began)) + self._began - self._came + 1
            following = np.append(came, NEVER)[np.clip(later, 0, len(came))]
            clear = np.flatnonzero((later >= 0) & (following > began[first:]))[:1]
            self._clear = int(began[first + clear[0]]) if len(clear) else NEVER
        self._came += len(came)
        self._began += len(began)

    def values(self, end: int) -> dict[str, Value]:
        """Most that waited at one moment, when, and when nothing waited any more.

        Where nothing ever waits there are no moments.
        """
        if self._most == 0:
            nothing = Value(math.nan)
            return {
                "backlog_peak": Value(0),
                "backlog_peak_at": nothing,
                "backlog_clear_at": nothing,
            }
        clear = self._clear
        return {
            "backlog_peak": Value(self._most),
            "backlog_peak_at": Value(self._peak / SECOND),
            "backlog_clear_at": Value(clear / SECOND)
            if clear < NEVER
            else Value(end / SECOND, at_least=True),
        }


class WorkLeft:
    """Most work that waits in a zone at the turn of a minute.

    Work is most right after some has come, so only the turns after arrivals are looked at. All
    numbers are whole, and exact below 2^53.
    """

    def __init__(self) -> None:
        self._left = self._most = 0.0
        self._turns = np.empty(0, np.int64)

    def add(self, flow: Flow, span: tuple[int, int]) -> None:
        """Look at a span of time.

        Parameters
        ----------
        flow
            Tasks, all those among them that come or are begun within the span.
        span
            Its first tick, and the one after its last.
        """
        came = flow.came[slice(*flow.came.searchsorted(span))]
        turns = np.append(self._turns, turns_with(came) * MINUTE)
        known = int(turns.searchsorted(span[1], side="right"))
        # at a turn that is not over yet there may be more work than is known of
        self._turns = turns[known:][-1:]
        left = flow.work_left(np.append(turns[:known], span))
        left += self._left - left[-2]
        self._most = max(self._most, float(left[:-2].max(initial=0)))
        self._left = float(left[-1])

    def value(self) -> Value:
        """Hours at productivity 1."""
        return Value(self._most / HOUR)
