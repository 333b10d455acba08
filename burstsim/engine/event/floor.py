"""The floor, parcel by parcel."""

from __future__ import annotations

from collections.abc import Generator

from burstsim.engine.clock import FINISH, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.parcels import Number, Parcel
from burstsim.engine.event.station import Station
from burstsim.engine.orders import Orders
from burstsim.engine.zones import Stage, work_of
from burstsim.kernels.tours import aisles_entered
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
        self.parcels: dict[Number, Parcel] = {}
        self.sent: dict[Number, int] = {}
        self.released: dict[Number, int] = {}
        self.done: dict[Number, int] = {}
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
        self.done[number] = self.shipped[number] = self.clock.now
        return True

    def visits(self, parcel: Parcel, stage: Stage) -> list[int]:
        """Say in which zones of a stage a parcel has work, and how much."""
        number, found = parcel.number, []
        for position in stage.zones:
            zone = self.model.zones[position]
            picked = self.picked(parcel, position)
            extra = parcel.extra.get(position, 0)
            if not extra and (zone.only_extra or not picked):
                continue
            load = self.work(position, [parcel])
            self.stations[position].loads[number] = load
            found.append(position)
        return found

    def picked(self, parcel: Parcel, position: int) -> dict[int, int]:
        """Give the pieces of a parcel that a zone handles: of its own SKUs, or all."""
        zones = self.model.picking.zones[self.model.zones[position].at]
        if zones is None:
            return parcel.contents
        return {sku: n for sku, n in parcel.contents.items() if zones[sku] == position}

    def work(self, position: int, parcels: list[Parcel]) -> float:
        """Ticks of work, at productivity 1, on parcels that are one task in a zone."""
        zone, picking = self.model.zones[position], self.model.picking
        lines = pieces = extra = 0
        for parcel in parcels:
            picked = self.picked(parcel, position)
            lines, pieces = lines + len(picked), pieces + sum(picked.values())
            extra += parcel.extra.get(position, 0)
            if picking.longer is not None and zone.at in picking.first:
                extra += sum(int(picking.longer[sku]) * n for sku, n in picked.items())
        aisles = aisles_entered(zone.travel.aisles, lines) if zone.travel else 0.0
        work: float = work_of(zone, (lines, pieces, extra), aisles)
        return work * float(self.orders.noise[position][parcels[0].number[0]])

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
