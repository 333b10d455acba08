"""The floor as a row of stations that are advanced when somebody looks."""

from __future__ import annotations

import numpy as np

from burstsim.engine.clock import CREW, Clock
from burstsim.engine.compile import Model
from burstsim.engine.trace import Visits
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.vector.partner import Partner
from burstsim.engine.vector.station import Station
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["Floor"]


class Floor:
    """Each warehouse's stations in a row; work flows downwards only.

    A station is brought up to date by its own crew changes and at the end, never by the mere
    passing of time: bringing it up to date first does so for the stations before it.

    Parameters
    ----------
    clock
        The run's clock; crew changes are put on it.
    model
        The compiled scenario.
    parcels
        What comes, and when.
    """

    def __init__(self, clock: Clock, model: Model, parcels: Parcels) -> None:
        self.end = model.end
        self.gone = parcels.gone
        self.any_gone = bool((parcels.gone < model.end).any())
        self.left_at = np.full(len(parcels.gone), NEVER)
        self.shipped = np.full(len(parcels.gone), NEVER)
        self.transfers = [zone.transfer for zone in model.zones]
        self.chains = model.chains
        self.next: dict[int, int | None] = {}
        self.before: dict[int, tuple[int, ...]] = {}
        for chain in model.chains:
            self.next |= dict(zip(chain, (*chain[1:], None), strict=True))
            self.before |= {zone: chain[: place + 1] for place, zone in enumerate(chain)}
        self.passes = parcels.passes
        self.stations = [
            Partner(load, zone.spacing, model.begin) if zone.external else Station(load)
            for zone, load in zip(model.zones, parcels.loads, strict=True)
        ]
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
        for house, chain in enumerate(model.chains):
            here = parcels.warehouse == house
            mine = np.flatnonzero(here & (parcels.enters < 0))
            self._arrive(chain[0], parcels.released[mine], mine)
            for number in chain if (parcels.enters >= 0).any() else ():
                mine = np.flatnonzero(here & (parcels.enters == number))
                self._arrive(number, parcels.released[mine], mine)

    def advance(self, last: int, until: int) -> None:
        """Serve what starts before `until`, at station `last` and those before it."""
        for number in self.before[last]:
            done, parcels = self.stations[number].advance(until)
            following = self.next[number]
            moved = done if following is None else done + self.transfers[number]
            self._arrive(following, moved, parcels)

    def _arrive(self, number: int | None, ticks: Ticks, parcels: Indices) -> None:
        """Have parcels come to a station; those without work there come to the next one."""
        if number is None:
            self.shipped[parcels] = np.where(ticks < self.end, ticks, NEVER)
            return
        passes = self.passes[number]
        if passes is not None and len(parcels):
            on = passes[parcels]
            if on.any():
                self._arrive(self.next[number], ticks[on], parcels[on])
                ticks, parcels = ticks[~on], parcels[~on]
        if self.any_gone:
            # who would arrive after the end never comes to the stage
            leaves = self.gone[parcels] <= ticks
            out = leaves & (ticks < self.end)
            self.left_at[parcels[out]] = ticks[out]
            ticks, parcels = ticks[~leaves], parcels[~leaves]
        self.stations[number].expect(ticks, parcels)

    def finish(self, end: int) -> tuple[Visits, ...]:
        """Bring every station to the end and give its visits."""
        for chain in self.chains:
            self.advance(chain[-1], end)
        return tuple(station.visits(end) for station in self.stations)
