"""A station as arrays: everything that starts before a moment is served in a few calls."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.moves import Moves
from burstsim.engine.visits import Rows, Visits
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.columns import rest_of
from burstsim.kernels.crews import change_crew
from burstsim.kernels.segments import sort_pairs
from burstsim.kernels.stations import serve
from burstsim.kernels.work import work_ticks
from burstsim.units import NEVER

__all__ = ["Station"]

#: Tasks whose work is computed at once: few at first, because a crew change may be near, then
#: as many as the processor's cache holds.
_FIRST_CHUNK, _LARGEST_CHUNK = 2048, 65536

_NONE = np.empty(0, np.int64)


class Station:
    """First come, first served, by (arrival, parcel).

    Parameters
    ----------
    loads : (m,) float64
        Ticks of work at productivity 1 of each parcel of its warehouse.
    rows, house
        Which parcels those are.
    """

    def __init__(self, loads: Floats, rows: Rows, house: int) -> None:
        self.loads, self.rows, self.house = loads, rows, house
        self.announced: list[tuple[Ticks, Indices]] = []
        self.coming, self.coming_parcel = _NONE, _NONE
        self.ready, self.parcel = _NONE, _NONE
        self.free, self.leaving = _NONE, _NONE
        self.productivity = 1.0
        self.entered, self.begun, self.done = (np.full(len(loads), NEVER) for _ in range(3))
        self.new: list[tuple[Indices, Ticks]] = []

    def load_of(self, parcels: Indices) -> Floats:
        """Give the ticks of work of some parcels at productivity 1."""
        return self.loads[self.rows.within(parcels)]

    def set_load(self, parcels: Indices, loads: Floats) -> None:
        """Say how much work some parcels are."""
        self.loads[self.rows.within(parcels)] = loads

    def renumber(self, rows: Rows, loads: Floats, parcels: Moves, within: Moves) -> None:
        """Go on with other parcels; those that are forgotten have been through.

        Parameters
        ----------
        rows, loads
            Which parcels belong to which warehouse now, and the work on those of its own.
        parcels, within
            New numbers of all parcels, and of those of its warehouse among themselves.
        """
        self.rows, self.loads = rows, loads
        self.entered, self.begun, self.done = (
            within.of(ticks, NEVER) for ticks in (self.entered, self.begun, self.done)
        )
        self.coming_parcel = parcels.numbers(self.coming_parcel)
        self.parcel, self.new = parcels.numbers(self.parcel), []
        self.announced = [(ticks, parcels.numbers(those)) for ticks, those in self.announced]

    def expect(self, ticks: Ticks, parcels: Indices) -> None:
        """Announce parcels that arrive at these ticks, in any order."""
        if len(ticks):
            self.announced.append((ticks, parcels))

    def expected(self) -> tuple[Ticks, Indices]:
        """Give what has been announced and has not come yet, by (arrival, parcel)."""
        if self.announced:
            every = [*self.announced]
            if len(self.coming):
                every.append((self.coming, self.coming_parcel))
            columns = every[0]
            if len(every) > 1:
                ticks, parcels = zip(*every, strict=True)
                columns = np.concatenate(ticks), np.concatenate(parcels)
            self.coming, self.coming_parcel = sort_pairs(*columns)
            self.announced = []
        return self.coming, self.coming_parcel

    def arrivals(self, until: int) -> tuple[Ticks, Indices]:
        """Take what arrives before `until`, by (arrival, parcel)."""
        coming, parcels = self.expected()
        arrived = int(coming.searchsorted(until))
        # an empty rest would keep all that it was cut from
        self.coming, self.coming_parcel = rest_of(coming, arrived), rest_of(parcels, arrived)
        return coming[:arrived], parcels[:arrived]

    def change(self, tick: int, workers: int, productivity: float) -> None:
        """From `tick` on so many workers, this fast; what starts before has been served."""
        self.free, self.leaving = change_crew(self.free, self.leaving, tick, workers)
        self.productivity = productivity

    def advance(self, until: int) -> tuple[Ticks, Indices]:
        """Serve everything that starts before `until`.

        Everything that arrives before `until` must have been announced.

        Returns
        -------
        done : (m,) int64
            Ticks at which the tasks finish that were started now.
        parcels : (m,) int64
        """
        coming, parcels = self.arrivals(until)
        if len(self.ready) == 0:
            self.ready, self.parcel = coming, parcels
        elif len(coming):
            self.ready = np.concatenate((self.ready, coming))
            self.parcel = np.concatenate((self.parcel, parcels))
        self.new, finished = [], []
        at, chunk = 0, _FIRST_CHUNK
        while at < len(self.ready):
            ready, parcel = self.ready[at : at + chunk], self.parcel[at : at + chunk]
            place = self.rows.within(parcel)
            work = work_ticks(self.loads[place], self.productivity)
            start = self.starts(ready, work, until)
            count = len(start)
            done = start + work[:count]
            self.entered[place] = ready
            self.begun[place[:count]], self.done[place[:count]] = start, done
            self.new.append((parcel[:count], start))
            finished.append(done)
            at += count
            if count < len(ready):
                break
            chunk = min(chunk * 4, _LARGEST_CHUNK)
        self.ready, self.parcel = rest_of(self.ready, at), rest_of(self.parcel, at)
        if len(finished) < 2:
            return (finished[0], self.new[0][0]) if finished else (_NONE, _NONE)
        return np.concatenate(finished), np.concatenate([parcel for parcel, _ in self.new])

    def starts(self, ready: Ticks, work: Ticks, until: int) -> Ticks:
        """Give the starts, before `until`, of the next tasks; the crew is busy with them then."""
        start, self.free = serve(ready, work, self.free, until)
        return start

    def started(self) -> list[tuple[Indices, Ticks]]:
        """Give parcels and starts of what was served when it was last advanced."""
        return self.new

    def waiting(self) -> tuple[Indices, Ticks]:
        """Give the tasks that have come and not started, and when they came."""
        return self.parcel, self.ready

    def visits(self, end: int) -> Visits:
        """Give the times of its parcels; what would happen from `end` on never does."""
        waiting, came = self.waiting()
        self.entered[self.rows.within(waiting)] = came
        return Visits(
            rows=self.rows.of_house[self.house],
            entered=self.entered,
            started=self.begun,
            done=np.where(self.done < end, self.done, NEVER),
        )
