"""The floor, parcel by parcel."""

from __future__ import annotations

from collections.abc import Generator

from burstsim.engine.clock import FINISH, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.parcels import Number, Parcel
from burstsim.engine.event.station import Station
from burstsim.engine.orders import Orders
from burstsim.units import NEVER

__all__ = ["Floor"]


class Floor:
    """Each warehouse's stations in a row.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The stations and the orders.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders) -> None:
        self.clock, self.orders = clock, orders
        self.stations = [Station(clock, zone) for zone in model.zones]
        self.chains = model.chains
        self.released: dict[Number, int] = {}
        self.parcels: dict[Number, Parcel] = {}
        self.shipped: dict[Number, int] = {}
        self.left: set[Number] = set()

    def work_off(self, parcel: Parcel) -> Generator[Signal, None, bool]:
        """Take a parcel through all stages that it has work in.

        A parcel of which every order is cancelled leaves at the next stage that it comes to.

        Returns
        -------
        bool
            Whether it was shipped.
        """
        number = parcel.number
        self.parcels[number], self.released[number] = parcel, self.clock.now
        pieces, lines = sum(parcel.contents.values()), len(parcel.contents)
        transfer = 0
        chain = self.chains[parcel.warehouse]
        for position in chain[chain.index(parcel.enters) if parcel.enters >= 0 else 0 :]:
            station, zone = self.stations[position], self.stations[position].zone
            if transfer:
                moved = self.clock.signal()
                moved.fire(FINISH, transfer)
                yield moved
                transfer = 0
            extra = parcel.extra.get(position, 0)
            if zone.only_extra and not extra:
                continue
            work = zone.base + zone.per_line * lines + zone.per_unit * pieces + extra
            station.loads[number] = work * float(self.orders.noise[position][number[0]])
            if parcel.gone <= self.clock.now:
                self.left.add(number)
                return False
            yield station.serve(number)
            transfer = zone.transfer if position != chain[-1] else 0
        self.shipped[number] = self.clock.now
        return True

    def open_parcels(self) -> list[int]:
        """Count the parcels that are on the floor of each warehouse."""
        counts = [0] * len(self.chains)
        for number in self.released:
            if number not in self.shipped and number not in self.left:
                counts[number[2]] += 1
        return counts

    def ticks(self, what: str, position: int, parcels: list[Number]) -> list[int]:
        """Ticks of `entered`, `started` or `done` of these parcels at a station."""
        happened: dict[Number, int] = getattr(self.stations[position], what)
        return [happened.get(number, NEVER) for number in parcels]
