"""A station: one queue, c(t) exchangeable workers."""

from __future__ import annotations

from functools import partial
from heapq import heappop, heappush

from burstsim.engine.clock import DISPATCH, FINISH, Clock, Signal
from burstsim.engine.event.parcels import Number
from burstsim.engine.zones import Zone
from burstsim.kernels.work import work_ticks

__all__ = ["Station"]


class Station:
    """First come, first served, by (arrival, order number, parcel).

    Parameters
    ----------
    clock
        The run's clock.
    zone
        What the station is.
    """

    def __init__(self, clock: Clock, zone: Zone) -> None:
        self.clock = clock
        self.zone = zone
        self.loads: dict[Number, float] = {}
        self.entered: dict[Number, int] = {}
        self.started: dict[Number, int] = {}
        self.done: dict[Number, int] = {}
        self.waiting: list[tuple[int, Number]] = []
        self.leaving: dict[Number, Signal] = {}
        self.busy, self.next_start = 0, clock.now
        self.will_dispatch = False
        self.workers, self.productivity = 0, 1.0

    def change(self, workers: int, productivity: float) -> None:
        """From now on so many workers, this fast; nobody drops a parcel."""
        self.workers, self.productivity = workers, productivity
        self.ask_to_dispatch()

    def serve(self, number: Number) -> Signal:
        """Queue a parcel whose load is known; what is returned happens when its work is done.

        Parameters
        ----------
        number
            Number of its (first) order, and which of its parcels it is.
        """
        self.entered[number] = self.clock.now
        heappush(self.waiting, (self.clock.now, number))
        self.leaving[number] = self.clock.signal()
        self.ask_to_dispatch()
        return self.leaving[number]

    def waiting_work(self) -> tuple[int, int]:
        """Count the tasks that wait, and the ticks of work on them at productivity 1."""
        work = (work_ticks(self.loads[number], 1.0) for _, number in self.waiting)
        return len(self.waiting), sum(work)

    def ask_to_dispatch(self) -> None:
        """Look for free workers once everything else of this tick has happened."""
        if not self.will_dispatch:
            self.will_dispatch = True
            self.clock.at(self.clock.now, DISPATCH, self.dispatch)

    def dispatch(self) -> None:
        """Start what free workers can start."""
        self.will_dispatch = False
        while self.waiting and self.busy < self.workers:
            if self.clock.now < self.next_start:
                self.clock.at(self.next_start, DISPATCH, self.dispatch)
                return
            self.next_start = self.clock.now + self.zone.spacing
            _, number = heappop(self.waiting)
            self.busy += 1
            self.started[number] = self.clock.now
            leaving = self.leaving.pop(number)
            leaving.before(partial(self.finish, number))
            leaving.fire(FINISH, work_ticks(self.loads[number], self.productivity))

    def finish(self, number: Number) -> None:
        """Free the worker again."""
        self.done[number] = self.clock.now
        self.busy -= 1
        self.ask_to_dispatch()
