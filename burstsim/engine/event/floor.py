"""The floor, parcel by parcel."""

from __future__ import annotations

from collections.abc import Generator

from burstsim.engine.clock import FINISH, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.station import Station
from burstsim.engine.orders import Orders
from burstsim.units import NEVER

__all__ = ["Floor"]


class Floor:
    """Stations in a row.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The stations and the orders.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders) -> None:
        self.clock, self.model, self.orders = clock, model, orders
        self.stations = [Station(clock, zone) for zone in model.zones]
        self.shipped: dict[int, int] = {}

    def work_off(self, group: list[int]) -> Generator[Signal, None, bool]:
        """Take the parcel of some orders through all stages.

        A parcel of which every order is cancelled leaves at the next stage that it comes to.

        Returns
        -------
        bool
            Whether it was shipped.
        """
        number = group[0]
        gone = max(int(self.orders.cancelled[order]) for order in group)
        pieces, lines = self.contents(group)
        for position, station in enumerate(self.stations):
            zone = station.zone
            if position and self.stations[position - 1].zone.transfer:
                moved = self.clock.signal()
                moved.fire(FINISH, self.stations[position - 1].zone.transfer)
                yield moved
            if gone <= self.clock.now:
                return False
            work = zone.base + zone.per_line * lines + zone.per_unit * pieces
            yield station.serve(number, work * float(self.orders.noise[position][number]))
        self.shipped[number] = self.clock.now
        return True

    def contents(self, group: list[int]) -> tuple[int, int]:
        """Pieces and different SKUs of a parcel, kits opened."""
        orders, items = self.orders, self.model.items
        if len(group) == 1:
            return int(orders.pieces[group[0]]), int(orders.pick_lines[group[0]])
        skus: set[int] = set()
        for order in group:
            for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
                item = int(orders.line_item[line])
                leaves = slice(items.leaf_offsets[item], items.leaf_offsets[item + 1])
                skus.update(items.leaf_sku[leaves].tolist())
        return sum(int(orders.pieces[order]) for order in group), len(skus)

    def ticks(self, what: str, position: int, parcels: list[int]) -> list[int]:
        """Ticks of `entered`, `started` or `done` of these parcels at a station."""
        happened: dict[int, int] = getattr(self.stations[position], what)
        return [happened.get(number, NEVER) for number in parcels]
