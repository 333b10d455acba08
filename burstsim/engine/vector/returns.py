"""Goods that come back, as arrays."""

from __future__ import annotations

import numpy as np

from burstsim.engine.vector.parcels import Parcels
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["Returns"]


class Returns:
    """Parcels whose buyers send them back; what was shipped together comes back together.

    Parameters
    ----------
    parcels
        What went to the floor, in order of who it is for.
    """

    def __init__(self, parcels: Parcels) -> None:
        self.rows = np.flatnonzero(parcels.back_after < NEVER)
        self.delay = parcels.back_after[self.rows]
        self.group = parcels.group[self.rows]

    def coming(self, shipped: Ticks) -> tuple[Ticks, Indices]:
        """Tell when what comes back does of which all has been shipped now, each parcel once.

        Parameters
        ----------
        shipped : (p,) int64
            Tick at which each parcel was shipped, `NEVER` as long as it is not.

        Returns
        -------
        ticks, parcels : (m,) int64
        """
        if len(self.rows) == 0:
            return self.rows, self.rows
        begins = np.flatnonzero(np.diff(self.group, prepend=-1))
        last = np.maximum.reduceat(shipped[self.rows], begins)
        last = np.repeat(last, np.diff(np.append(begins, len(self.rows))))
        gone = last < NEVER
        ticks, parcels = (last + np.where(gone, self.delay, 0))[gone], self.rows[gone]
        self.rows, self.delay, self.group = self.rows[~gone], self.delay[~gone], self.group[~gone]
        return ticks, parcels
