"""A station: one queue, c(t) exchangeable workers."""

from __future__ import annotations

from functools import partial
from heapq import heappop, heappush

from burstsim.engine.clock import CREW, DISPATCH, FINISH, Clock, Signal
from burstsim.engine.compile import Zone
from burstsim.kernels.arrays import Floats
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Station"]


class Station:
    """First come, first served, by (arrival, order number).

    Parameters
    ----------
    clock
        The run's clock.
    zone
        What the station is; its crew changes are put on the clock.
    loads : (n,) float64
        Ticks of work of each order at productivity 1.
    """

    def __init__(self, clock: Clock, zone: Zone, loads: Floats) -> None:
        self.clock = clock
        self.loads = loads
        self.work: dict[float, list[int]] = {}
        self.entered = [NEVER] * len(loads)
        self.started = [NEVER] * len(loads)
        self.done = [NEVER] * len(loads)
        self.waiting: list[tuple[int, int]] = []
        self.leaving: dict[int, Signal] = {}
        self.busy = 0
        self.will_dispatch = False
        crew = zone.crew
        changes = zip(
            *(crew.times.tolist(), crew.workers.tolist(), crew.productivity.tolist()), strict=True
        )
        for tick, workers, productivity in changes:
            clock.at(tick, CREW, partial(self.change, workers, productivity))

    def change(self, workers: int, productivity: float) -> None:
        """From now on so many workers, this fast; nobody drops a parcel."""
        self.workers, self.productivity = workers, productivity
        self.ask_to_dispatch()

    def serve(self, order: int) -> Signal:
        """Queue an order; what is returned happens when its work is done."""
        self.entered[order] = self.clock.now
        heappush(self.waiting, (self.clock.now, order))
        self.leaving[order] = self.clock.signal()
        self.ask_to_dispatch()
        return self.leaving[order]

    def ask_to_dispatch(self) -> None:
        """Look for free workers once everything else of this tick has happened."""
        if not self.will_dispatch:
            self.will_dispatch = True
            self.clock.at(self.clock.now, DISPATCH, self.dispatch)

    def dispatch(self) -> None:
        """Start what free workers can start."""
        self.will_dispatch = False
        while self.waiting and self.busy < self.workers:
            _, order = heappop(self.waiting)
            self.busy += 1
            self.started[order] = self.clock.now
            leaving = self.leaving.pop(order)
            leaving.before(partial(self.finish, order))
            leaving.fire(FINISH, self.ticks(order))

    def finish(self, order: int) -> None:
        """Free the worker again."""
        self.done[order] = self.clock.now
        self.busy -= 1
        self.ask_to_dispatch()

    def ticks(self, order: int) -> int:
        """How long an order lasts if it starts now."""
        if self.productivity not in self.work:
            self.work[self.productivity] = work_ticks(self.loads, self.productivity).tolist()
        return self.work[self.productivity][order]
