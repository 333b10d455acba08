"""The floor as a row of stations that are advanced when somebody looks."""

from __future__ import annotations

import numpy as np

from burstsim.engine.clock import CREW, Clock
from burstsim.engine.compile import Model
from burstsim.engine.trace import Visits
from burstsim.engine.vector.station import Station
from burstsim.kernels.arrays import Floats, Ticks

__all__ = ["Floor"]


class Floor:
    """Stations in a row; work flows downwards only.

    A station is brought up to date by its own crew changes and at the end, never by the mere
    passing of time: bringing it up to date first does so for the stations before it.

    Parameters
    ----------
    clock
        The run's clock; crew changes are put on it.
    model
        The compiled scenario.
    loads : for each zone, (parcels,) float64
        Ticks of work at productivity 1.
    gone : (parcels,) int64
        Tick from which on a parcel is cancelled: it leaves at the next stage that it comes to.
    """

    def __init__(self, clock: Clock, model: Model, loads: tuple[Floats, ...], gone: Ticks) -> None:
        self.gone = gone
        self.any_gone = bool((gone < model.end).any())
        self.left = np.zeros(len(gone), bool)
        self.end = model.end
        self.transfers = [zone.transfer for zone in model.zones]
        self.stations = [Station(load) for load in loads]
        for number, zone in enumerate(model.zones):
            crew = zone.crew
            for tick, workers, productivity in zip(
                *(crew.times.tolist(), crew.workers.tolist(), crew.productivity.tolist()),
                strict=True,
            ):

                def change(
                    at: int = number, tick: int = tick, w: int = workers, p: float = productivity
                ) -> None:
                    self.advance(at, tick)
                    self.stations[at].change(tick, w, p)

                clock.at(tick, CREW, change)

    def release(self, released: Ticks) -> None:
        """Send parcels 0, 1, 2 … to the first station at these ticks."""
        self.stations[0].expect(released, np.arange(len(released)))

    def advance(self, last: int, until: int) -> None:
        """Serve what starts before `until`, at the stations up to number `last`."""
        for number in range(last + 1):
            done, parcels = self.stations[number].advance(until)
            if number + 1 < len(self.stations):
                arrive = done + self.transfers[number]
                if self.any_gone:
                    leaves = self.gone[parcels] <= arrive
                    # who would arrive after the end never comes to the stage
                    self.left[parcels[leaves & (arrive < self.end)]] = True
                    arrive, parcels = arrive[~leaves], parcels[~leaves]
                self.stations[number + 1].expect(arrive, parcels)

    def finish(self, end: int) -> tuple[Visits, ...]:
        """Bring every station to the end and give its visits."""
        self.advance(len(self.stations) - 1, end)
        return tuple(station.visits(end) for station in self.stations)
