"""Where the tasks of one parcel in several zones come together again."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.moves import Moves
from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["Join"]

_NOT_YET = np.iinfo(np.int64).min


class Join:
    """A stage of several zones: a parcel goes on when the last of its tasks is done.

    Parameters
    ----------
    size
        How many parcels there are.
    """

    def __init__(self, size: int) -> None:
        self.open = np.zeros(size, np.int64)
        self.latest = np.full(size, _NOT_YET)

    def renumber(self, parcels: Moves) -> None:
        """Go on with other parcels."""
        self.open, self.latest = parcels.of(self.open, 0), parcels.of(self.latest, _NOT_YET)

    def expect(self, parcels: Indices) -> None:
        """Announce one more task of each of these parcels."""
        self.open[parcels] += 1

    def put(self, done: Ticks, parcels: Indices) -> tuple[Ticks, Indices]:
        """Note that a task of each of these parcels will be done.

        Returns
        -------
        done : (m,) int64
            Ticks at which parcels are through.
        parcels : (m,) int64
            Those whose last task this was.
        """
        self.latest[parcels] = np.maximum(self.latest[parcels], done)
        self.open[parcels] -= 1
        through = parcels[self.open[parcels] == 0]
        return self.latest[through], through
