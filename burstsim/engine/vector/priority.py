"""A station where not who came first is next, but whose key is smallest."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.station import Station
from burstsim.engine.visits import Rows
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.stations.priority import Waiting, number_of, serve_by_priority
from burstsim.kernels.work import work_ticks

__all__ = ["Priority"]

_NONE = np.empty(0, np.int64)


class Priority(Station):
    """Smallest key first, by (key, arrival, parcel).

    Parameters
    ----------
    loads : (m,) float64
        Ticks of work at productivity 1 of each task of its warehouse.
    rows, house
        Which parcels those are.
    keys : (parcels,) int64
        Of all parcels of the run.
    """

    def __init__(self, loads: Floats, rows: Rows, house: int, keys: Indices) -> None:
        super().__init__(loads, rows, house)
        self.keys = keys
        self.queue: list[Waiting] = []
        self.work = np.zeros(rows.count, np.int64)

    def change(self, tick: int, workers: int, productivity: float) -> None:
        """From `tick` on so many workers, this fast; what starts before has been served."""
        super().change(tick, workers, productivity)
        waiting, _ = self.waiting()
        self.work[waiting] = work_ticks(self.load_of(waiting), productivity)

    def advance(self, until: int) -> tuple[Ticks, Indices]:
        """Serve everything that starts before `until`."""
        ready, parcel = self.arrivals(until)
        self.entered[self.rows.within(parcel)] = ready
        self.work[parcel] = work_ticks(self.load_of(parcel), self.productivity)
        self.new = []
        if not len(ready) and not self.queue:
            return _NONE, _NONE
        start, task, self.free = serve_by_priority(
            (ready, self.keys[parcel], parcel), self.work, self.free, self.queue, until
        )
        done, place = start + self.work[task], self.rows.within(task)
        self.begun[place], self.done[place] = start, done
        self.new = [(task, start)]
        return done, task

    def waiting(self) -> tuple[Indices, Ticks]:
        """Give the tasks that have come and not started, and when they came."""
        parcels = np.array([number_of(task) for task in self.queue], np.int64)
        return parcels, self.entered[self.rows.within(parcels)]
