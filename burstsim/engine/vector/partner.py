"""A partner's warehouse as arrays: everything is begun at once, or at a limited rate."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.station import Station
from burstsim.engine.visits import Rows
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.stations import serve

__all__ = ["Partner"]


class Partner(Station):
    """First come, first begun; nobody waits for a worker.

    Parameters
    ----------
    loads : (m,) float64
        Ticks of the lead time of each parcel of its warehouse.
    rows, house
        Which parcels those are.
    spacing
        Least ticks between two starts.
    begin
        First tick of the clock.
    """

    def __init__(self, loads: Floats, rows: Rows, house: int, *, spacing: int, begin: int) -> None:
        super().__init__(loads, rows, house)
        self.spacing = spacing
        self.next_start = np.full(1, begin)

    def change(self, tick: int, workers: int, productivity: float) -> None:
        """Do nothing: there are always enough workers."""

    def starts(self, ready: Ticks, work: Ticks, until: int) -> Ticks:
        """Give the starts that lie before `until`."""
        if not self.spacing:
            return ready[: int(ready.searchsorted(until))]
        start, self.next_start = serve(
            ready, np.full(len(ready), self.spacing), self.next_start, until
        )
        return start
