"""The floor, parcel by parcel."""

from __future__ import annotations

from collections.abc import Generator

from burstsim.engine.clock import FINISH, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.carriers import Carriers
from burstsim.engine.event.parcels import Number, Parcel
from burstsim.engine.event.station import Station
from burstsim.engine.orders import Orders
from burstsim.engine.zones import Stage
from burstsim.units import NEVER

__all__ = ["Floor"]


class Floor:
    """Each warehouse's stages in a row.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The stages and the orders.
    """

    def __init__(self, clock: Clock, model: Model, orders: Orders) -> None:
        self.clock, self.model, self.orders = clock, model, orders
        self.stations = [Station(clock, zone) for zone in model.zones]
        self.carriers = Carriers(clock, model, orders)
        self.parcels: dict[Number, Parcel] = {}
        self.sent: dict[Number, int] = {}
        self.released: dict[Number, int] = {}
        self.done: dict[Number, int] = {}
        self.shipped: dict[Number, int] = {}
        self.left: set[Number] = set()

    def work_off(self, parcel: Parcel) -> Generator[Signal, None, bool]:
        """Take a parcel through all stages that it has work in, and onto its truck.

        A parcel of which every order is cancelled leaves at the next stage that it comes to.

        Returns
        -------
        bool
            Whether it was shipped.
        """
        number = parcel.number
        self.parcels[number] = parcel
        self.sent[number] = self.released[number] = self.clock.now
        chain = self.model.chains[parcel.warehouse]
        transfer = 0
        for place in chain[chain.index(parcel.enters) if parcel.enters >= 0 else 0 :]:
            stage = self.model.stages[place]
            if transfer:
                moved = self.clock.signal()
                moved.fire(FINISH, transfer)
                yield moved
                transfer = 0
            zones = self.visits(parcel, stage)
            if not zones:
                continue
            if parcel.gone <= self.clock.now:
                self.left.add(number)
                return False
            # on when the last of them is done, whichever that is
            yield from [self.stations[zone].serve(number) for zone in zones]
            transfer = stage.transfer if place != chain[-1] else 0
        self.done[number] = self.clock.now
        leaves = self.carriers.hand_over(number)
        if leaves is not None:
            yield leaves
        self.shipped[number] = self.clock.now
        return True

    def take_back(self, parcel: Parcel) -> Generator[Signal, None, None]:
        """Work off a parcel that has come back, where somebody does."""
        place = self.model.returns[parcel.warehouse]
        if place >= 0:
            zones = self.visits(parcel, self.model.stages[place])
            yield from [self.stations[zone].serve(parcel.number) for zone in zones]

    def visits(self, parcel: Parcel, stage: Stage) -> list[int]:
        """Say in which zones of a stage a parcel has work, and how much."""
        number, found = parcel.number, []
        pieces, lines = sum(parcel.contents.values()), len(parcel.contents)
        for position in stage.zones:
            station, zone = self.stations[position], self.stations[position].zone
            extra = parcel.extra.get(position, 0)
            if zone.only_extra and not extra:
                continue
            work = zone.base + zone.per_line * lines + zone.per_unit * pieces + extra
            station.loads[number] = work * float(self.orders.noise[position][number[0]])
            found.append(position)
        return found

    def change(self, zone: int, tick: int, workers: int, productivity: float) -> None:
        """From `tick`, which is now, on a zone has so many workers, this fast."""
        assert tick == self.clock.now
        self.stations[zone].change(workers, productivity)

    def waiting(self, zone: int) -> tuple[int, int]:
        """Count the tasks that wait in a zone, and the ticks of work on them at productivity 1."""
        return self.stations[zone].waiting_work()

    def open_parcels(self) -> list[int]:
        """Count the parcels that were sent to each warehouse and are not through yet."""
        counts = [0] * len(self.model.chains)
        for number in self.sent:
            if number not in self.done and number not in self.left:
                counts[number[2]] += 1
        return counts

    def ticks(self, what: str, position: int, parcels: list[Number]) -> list[int]:
        """Ticks of `entered`, `started` or `done` of these parcels in a zone."""
        happened: dict[Number, int] = getattr(self.stations[position], what)
        return [happened.get(number, NEVER) for number in parcels]
