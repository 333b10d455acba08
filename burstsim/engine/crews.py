"""Who really worked in a zone: its crew at each moment of a finished replication."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.kernels.arrays import Floats, Indices, Ticks

__all__ = ["Crew"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Crew:
    """A zone's crew over time, constant from each change to the next.

    Parameters
    ----------
    times : (k,) int64
        Ticks of the changes, increasing; the first is the clock's beginning.
    workers : (k,) int64
        How many can work.
    productivity : (k,) float64
        Mean over the people present; 1 where nobody can work.
    people : (k,) int64
        How many are there and paid; during an outage nobody can work and all are paid.
    temps : (k,) int64
        How many of them were called from outside.
    """

    times: Ticks
    workers: Indices
    productivity: Floats
    people: Indices
    temps: Indices

    def at(self, ticks: Ticks) -> Indices:
        """Which epoch each tick lies in, a change belonging to what begins with it: (n,) int64."""
        return self.times.searchsorted(ticks, side="right") - 1
