"""Carriers as arrays: all trucks up to a moment are loaded in a few calls."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.moves import Moves
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import rest_of
from burstsim.kernels.pickups import load_trucks
from burstsim.kernels.segments import sort_pairs
from burstsim.units import NEVER

__all__ = ["Carriers", "carriers_for"]

_NONE = np.empty(0, np.int64)


def carriers_for(model: Model, orders: Orders, order: Indices, house: Indices) -> Indices:
    """Say which carrier takes each parcel: its position in its warehouse, -1 for none.

    Parameters
    ----------
    model, orders
        The carriers, and what was drawn for each order.
    order, house : (p,) int64
        First order of each parcel, and the warehouse that it leaves from.
    """
    found = np.full(len(order), -1)
    for number, carriers in enumerate(model.carriers):
        if not carriers.each:
            continue
        mine = np.flatnonzero(house == number)
        first = order[mine]
        place = carriers.bounds.searchsorted(orders.carrier_draw[first], side="right")
        named = np.array([carriers.by_region.get(region, -1) for region in orders.regions])
        by_region = named[orders.region[first]] if len(named) else np.full(len(first), -1)
        found[mine] = np.where(by_region < 0, carriers.drawn[place], by_region)
    return found


class Carriers:
    """Parcels that are done wait here for their trucks.

    Parameters
    ----------
    model
        The carriers.
    house, carrier : (p,) int64
        Warehouse and carrier of each parcel.
    """

    def __init__(self, model: Model, house: Indices, carrier: Indices) -> None:
        self.shipped = np.full(len(house), NEVER)
        self.queues: list[_Queue] = []
        self.numbers: dict[tuple[int, int], int] = {}
        for number, carriers in enumerate(model.carriers):
            for place, each in enumerate(carriers.each):
                self.numbers[number, place] = len(self.queues)
                self.queues.append(_Queue((number, place), each.times, each.capacity))
        self.key = self._keys(house, carrier)

    def _keys(self, house: Indices, carrier: Indices) -> npt.NDArray[np.int32]:
        """Position of each parcel's queue, -1 for who needs none."""
        keys = np.full(len(house), -1, np.int32)
        for (number, place), queue in self.numbers.items():
            keys[(house == number) & (carrier == place)] = queue
        return keys

    def renumber(self, parcels: Moves, house: Indices, carrier: Indices) -> None:
        """Go on with other parcels, of these warehouses and carriers."""
        self.shipped, self.key = parcels.of(self.shipped, NEVER), self._keys(house, carrier)
        for queue in self.queues:
            queue.renumber(parcels)

    def extra(self, carrier: tuple[int, int], tick: int, capacity: int) -> None:
        """Have a truck of a carrier, (warehouse, position there), come at a tick."""
        self.queues[self.numbers[carrier]].extra(tick, capacity)

    def hand_over(self, ticks: Ticks, parcels: Indices) -> None:
        """Have parcels wait that are done at these ticks; without carriers they are gone."""
        if not self.queues:
            self.shipped[parcels] = ticks
            return
        key = self.key[parcels]
        at_once = key < 0
        self.shipped[parcels[at_once]] = ticks[at_once]
        for number, queue in enumerate(self.queues):
            mine = np.flatnonzero(key == number)
            if len(mine):
                queue.expect(ticks[mine], parcels[mine])

    def advance(self, until: int) -> None:
        """Load the trucks that come before `until`; all that is done before is known."""
        for queue in self.queues:
            queue.advance(until, self.shipped)

    def pickups(self) -> list[tuple[int, int, int, int, int, int]]:
        """List the trucks that came: (tick, house, carrier, capacity, loaded, behind)."""
        return [row for queue in self.queues for row in queue.came]


class _Queue:
    """What waits for one carrier."""

    def __init__(self, carrier: tuple[int, int], times: Ticks, capacity: int) -> None:
        self.carrier = carrier
        self.times, self.capacity = times, np.full(len(times), capacity)
        self.ready, self.parcel = _NONE, _NONE
        self.announced: list[tuple[Ticks, Indices]] = []
        self.came: list[tuple[int, int, int, int, int, int]] = []

    def extra(self, tick: int, capacity: int) -> None:
        place = int(self.times.searchsorted(tick, side="right"))
        self.times = np.insert(self.times, place, tick)
        self.capacity = np.insert(self.capacity, place, capacity)

    def renumber(self, parcels: Moves) -> None:
        self.parcel = parcels.numbers(self.parcel)
        self.announced = [(ticks, parcels.numbers(those)) for ticks, those in self.announced]

    def expect(self, ticks: Ticks, parcels: Indices) -> None:
        self.announced.append((ticks, parcels))

    def _take_in(self) -> None:
        """Put what has come since the last truck to the rest, in order."""
        every = [(self.ready, self.parcel), *self.announced]
        ready, parcel = (np.concatenate(column) for column in zip(*every, strict=True))
        self.ready, self.parcel = sort_pairs(ready, parcel)
        self.announced = []

    def advance(self, until: int, shipped: Ticks) -> None:
        count = int(self.times.searchsorted(until))
        if not count:
            return
        self._take_in()
        times, capacity = self.times[:count], self.capacity[:count]
        self.times, self.capacity = self.times[count:], self.capacity[count:]
        left, loaded, behind = load_trucks(self.ready, times, capacity)
        gone = int(loaded.sum())
        shipped[self.parcel[:gone]] = left[:gone]
        self.ready, self.parcel = rest_of(self.ready, gone), rest_of(self.parcel, gone)
        self.came += [
            (tick, *self.carrier, *rest)
            for tick, *rest in zip(
                *(column.tolist() for column in (times, capacity, loaded, behind)), strict=True
            )
        ]
