"""Tours: parcels that are one task in a zone."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.tasks import Task, loads_of
from burstsim.engine.visits import Rows, Visits
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.kernels.tours import next_fit
from burstsim.units import NEVER

__all__ = ["Tours"]


class Tours:
    """The tours of one zone; each is known by its first parcel.

    Parameters
    ----------
    zone, task
        The zone, and what parcels ask of it.
    noise : (parcels,) float64
        Factor on the work of a tour that begins with each parcel.

    Attributes
    ----------
    first : (parcels,) int64
        First parcel of each one's tour, -1 without one.
    """

    def __init__(self, zone: Zone, task: Task, noise: Floats) -> None:
        size = len(noise)
        self.zone, self.task, self.noise = zone, task, noise
        self.first = np.full(size, -1)
        self.begins, self.length = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.members, self.count = np.zeros(size, np.int64), 0

    def make(self, ticks: Ticks, parcels: Indices) -> tuple[Indices, Floats]:
        """Fill tours with parcels, in the order of their release.

        Parameters
        ----------
        ticks : (n,) int64
            Ticks of release, never falling.
        parcels : (n,) int64

        Returns
        -------
        offsets : (tours + 1,) int64
            Where each tour begins.
        loads : (tours,) float64
            Ticks of work at productivity 1.
        """
        tour = self.zone.tour
        assert tour is not None
        release = np.cumsum(np.diff(ticks, prepend=ticks[:1]) > 0, dtype=np.int64)
        offsets = next_fit(release, self.task.pieces[parcels], tour.orders, tour.units)
        first, lengths = parcels[offsets[:-1]], np.diff(offsets)
        self.first[parcels] = np.repeat(first, lengths)
        self.begins[first], self.length[first] = self.count + offsets[:-1], lengths
        self.members[self.count : self.count + len(parcels)] = parcels
        self.count += len(parcels)
        columns = (self.task.pieces, self.task.lines, self.task.extra)
        pieces, lines, extra = (segment_sums(column[parcels], offsets) for column in columns)
        together = Task(pieces=pieces, lines=lines, extra=extra, passes=None)
        return offsets, loads_of(self.zone, together, self.noise[first])

    def visits(self, seen: Visits, rows: Rows) -> Visits:
        """Spread the visits of tours over their parcels."""
        first = rows.narrow(self.zone.house, self.first)
        there = first >= 0
        place = rows.within(np.where(there, first, seen.rows))
        entered, started, done = (
            np.where(there, ticks[place], NEVER)
            for ticks in (seen.entered, seen.started, seen.done)
        )
        return Visits(rows=seen.rows, entered=entered, started=started, done=done, task=first)

    def opened(self, ticks: Ticks, first: Indices) -> tuple[Ticks, Indices]:
        """Spread what happens to tours over their parcels."""
        lengths = self.length[first]
        offsets = offsets_of(lengths)
        place = np.repeat(self.begins[first] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return np.repeat(ticks, lengths), self.members[place]
