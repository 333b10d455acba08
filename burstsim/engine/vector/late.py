"""Which orders are late so far, on all orders at once; who is through is not looked at again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import (
    offsets_of,
    order_by,
    segment_elements,
    segment_sums,
    sort_pairs,
)
from burstsim.units import NEVER

__all__ = ["Late"]

Flags = npt.NDArray[np.bool_]


class Late:
    """The orders that are due and not met, as a pass goes on.

    When orders begin to count, and when those cease to that are cancelled, is known beforehand.
    An order of which all parcels are through and no other one will be sent is met for good.

    Parameters
    ----------
    floor
        Where parcels are.
    groups
        Who leaves together.
    dropped : (g,) int64
        Ticks at which groups were cancelled for lack of stock.
    let_in : (n,) bool
        Which orders are let in.
    """

    def __init__(self, floor: Floor, groups: Groups, dropped: Ticks, let_in: Flags) -> None:
        orders, parcels, count = floor.orders, floor.parcels, len(groups)
        self.floor = floor
        # who is in no group is in a last one, of which there are no parcels
        self._group = np.full(len(orders), count)
        self._group[groups.members] = np.repeat(np.arange(count), np.diff(groups.offsets))
        begins = np.maximum(orders.paid, orders.due + 1)
        self._ends = np.minimum(orders.cancelled, np.append(dropped, NEVER)[self._group] + 1)
        counts = ((orders.enters >= 0) | let_in) & (begins < self._ends)
        rows = np.flatnonzero(counts)
        self._begins, self._turn = sort_pairs(begins[rows], rows)
        self._ceased = np.sort(self._ends[rows])
        self._rows = order_by(parcels.group)
        self._offsets = offsets_of(np.bincount(parcels.group, minlength=count + 1))
        self._last = np.full(count + 1, -NEVER)
        sent = np.flatnonzero((parcels.sent < NEVER) & (parcels.enters < 0))
        np.maximum.at(self._last, parcels.group[sent], parcels.sent[sent])
        self._packing: Flags = floor.model.met_packed(orders.channels)[orders.channel]
        self._begun, self._open = 0, rows[:0]

    def share(self) -> float:
        """Share of the orders due before now that were not met before now; 0 without any.

        Time must not run backwards between calls.
        """
        now = self.floor.clock.now
        begun = int(self._begins.searchsorted(now, side="right"))
        judged = begun - int(self._ceased.searchsorted(now, side="right"))
        waits = np.append(self._open, self._turn[self._begun : begun])
        self._begun, self._open = begun, waits[self._ends[waits] > now]
        if judged == 0:
            return 0.0
        met = self._met(self._open, now)
        for_good = met & (self._last[self._group[self._open]] < now)
        late = len(met) - int(met.sum())
        self._open = self._open[~for_good]
        return late / judged

    def _met(self, orders: Indices, now: int) -> Flags:
        """Whether all parcels that were sent for each order were through before now."""
        floor, parcels, group = self.floor, self.floor.parcels, self._group[orders]
        floor.load_trucks(now)
        rows = self._rows[segment_elements(self._offsets, group)]
        lengths = self._offsets[group + 1] - self._offsets[group]
        through = floor.shipped[rows]
        packing = np.repeat(self._packing[orders], lengths)
        if packing.any():
            through[packing] = self._packed(rows[packing], now)
        here = (parcels.sent[rows] < now) | (parcels.enters[rows] >= 0)
        offsets = offsets_of(lengths)
        sent, left = (
            segment_sums(flags.astype(np.int64), offsets)
            for flags in (here, here & (through >= now))
        )
        met: Flags = (sent > 0) & (left == 0)
        return met

    def _packed(self, rows: Indices, now: int) -> Ticks:
        """Ticks at which some parcels were packed: who passes that stage when it is done."""
        floor = self.floor
        packed = floor.done[rows]
        for house in range(len(floor.model.chains)):
            mine = np.flatnonzero(floor.parcels.warehouse[rows] == house)
            place = floor.rows.within(rows[mine])
            zones = floor.model.stages[floor.model.packing(house)].zones
            last = np.full(len(mine), -NEVER)
            for visits in (floor.visits(zone, now) for zone in zones):
                came = visits.entered[place] < NEVER
                np.maximum(last, visits.done[place], out=last, where=came)
            packed[mine] = np.where(last > -NEVER, last, packed[mine])
        return packed
