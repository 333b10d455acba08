"""Carriers, truck by truck."""

from __future__ import annotations

from functools import partial

from burstsim.engine.clock import PICKUP, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.parcels import Number
from burstsim.engine.orders import Orders

__all__ = ["Carriers"]


class Carriers:
    """Parcels that are done wait here for their trucks.

    Parameters
    ----------
    clock
        The run's clock; all planned pickups are put on it.
    model, orders
        The carriers, and what was drawn for each order.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders) -> None:
        self.clock, self.orders, self.houses = clock, orders, model.carriers
        self.carrier: dict[Number, int] = {}
        self.waiting: dict[tuple[int, int], list[tuple[int, Number, Signal]]] = {}
        self.pickups: list[tuple[int, int, int, int, int, int]] = []
        for house, carriers in enumerate(self.houses):
            for number, carrier in enumerate(carriers.each):
                self.waiting[house, number] = []
                for tick in carrier.times.tolist():
                    self.extra((house, number), tick, carrier.capacity)

    def extra(self, carrier: tuple[int, int], tick: int, capacity: int) -> None:
        """Have a truck of a carrier, (warehouse, position there), come at a tick."""
        self.clock.at(tick, PICKUP, partial(self.pick_up, carrier, capacity))

    def choose(self, number: Number) -> int:
        """Say which carrier takes a parcel, -1 where there is none."""
        carriers = self.houses[number[2]]
        if not carriers.each:
            return -1
        region = self.orders.regions[self.orders.region[number[0]]]
        if region in carriers.by_region:
            return carriers.by_region[region]
        for place, bound in zip(carriers.drawn.tolist(), carriers.bounds.tolist(), strict=True):
            if self.orders.carrier_draw[number[0]] < bound:
                return int(place)
        raise AssertionError("the last bound is 1")

    def hand_over(self, number: Number) -> Signal | None:
        """Have a parcel that is done now wait; what is returned happens when a truck takes it.

        Without carriers it is on its way at once: None.
        """
        chosen = self.carrier[number] = self.choose(number)
        if chosen < 0:
            return None
        leaves = self.clock.signal()
        self.waiting[number[2], chosen].append((self.clock.now, number, leaves))
        return leaves

    def pick_up(self, carrier: tuple[int, int], capacity: int) -> None:
        """Take what was done before now, first done first, as much as fits."""
        now, waiting = self.clock.now, self.waiting[carrier]
        ready = sorted((entry for entry in waiting if entry[0] < now), key=lambda entry: entry[:2])
        taken, behind = ready[:capacity], ready[capacity:]
        self.waiting[carrier] = behind + [entry for entry in waiting if entry[0] >= now]
        for _, _, leaves in taken:
            leaves.fire(PICKUP)
        self.pickups.append((now, *carrier, capacity, len(taken), len(behind)))
