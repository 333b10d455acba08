"""The floor, parcel by parcel."""

from __future__ import annotations

from collections.abc import Generator

from burstsim.engine.clock import FINISH, Clock, Signal
from burstsim.engine.compile import Model
from burstsim.engine.event.carriers import Carriers
from burstsim.engine.event.parcels import Number, Parcel
from burstsim.engine.event.station import Station, Task
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
        self.carriers = Carriers(clock, model, orders)
        self.parcels: dict[Number, Parcel] = {}
        self.sent: dict[Number, int] = {}
        self.released: dict[Number, int] = {}
        self.done: dict[Number, int] = {}
        self.shipped: dict[Number, int] = {}
        self.left: set[Number] = set()
        self.tours: dict[tuple[int, Number], Task] = {}

    def release(self, parcels: list[Parcel]) -> None:
        """Let parcels begin together, in this order: it says who shares a tour."""
        for parcel in parcels:
            self.released[parcel.number] = self.clock.now
        if not parcels:
            return
        for position in self.model.stages[self.model.chains[parcels[0].warehouse][0]].zones:
            if self.model.zones[position].tour is not None:
                self.make_tours(position, parcels)

    def make_tours(self, position: int, parcels: list[Parcel]) -> None:
        """Fill tours of a zone one after the other: what does not fit begins the next one."""
        tour = self.model.zones[position].tour
        assert tour is not None
        stage = self.model.stages[self.model.zones[position].at]
        groups: list[list[Parcel]] = []
        units = 0
        for parcel in parcels:
            place = self.model.zones[position].at
            if parcel.enters not in (-1, place) or position not in self.zones(parcel, stage):
                continue
            pieces = sum(self.picked(parcel, position).values())
            full = not groups or (tour.orders is not None and len(groups[-1]) >= tour.orders)
            if full or (tour.units is not None and units + pieces > tour.units):
                groups.append([])
                units = 0
            groups[-1].append(parcel)
            units += pieces
        for group in groups:
            task = self.task(position, group)
            for parcel in group:
                self.tours[position, parcel.number] = task

    def work_off(self, parcel: Parcel) -> Generator[Signal, None, bool]:
        """Take a released parcel through all stages that it has work in, and onto its truck.

        A parcel of which every order is cancelled leaves at the next stage that it comes to.

        Returns
        -------
        bool
            Whether it was shipped.
        """
        number = parcel.number
        chain = self.model.chains[parcel.warehouse]
        transfer = 0
        for place in chain[chain.index(parcel.enters) if parcel.enters >= 0 else 0 :]:
            stage = self.model.stages[place]
            if transfer:
                moved = self.clock.signal()
                moved.fire(FINISH, transfer)
                yield moved
                transfer = 0
            tasks = {zone: self.task_of(zone, parcel) for zone in self.zones(parcel, stage)}
            if not tasks:
                continue
            for zone, task in tasks.items():
                self.stations[zone].loads[task.members[0]] = task.load
            if parcel.gone <= self.clock.now:
                self.left.add(number)
                return False
            # on when the last of them is done, whichever that is
            yield from [self.stations[zone].serve(task) for zone, task in tasks.items()]
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
            zones = self.zones(parcel, self.model.stages[place])
            tasks = {zone: self.task(zone, [parcel]) for zone in zones}
            for zone, task in tasks.items():
                self.stations[zone].loads[parcel.number] = task.load
            yield from [self.stations[zone].serve(task) for zone, task in tasks.items()]

    def task_of(self, position: int, parcel: Parcel) -> Task:
        """Give the work on a parcel in a zone: a task of its own, or that of its tour."""
        tour = self.tours.pop((position, parcel.number), None)
        return tour or self.task(position, [parcel])

    def zones(self, parcel: Parcel, stage: Stage) -> list[int]:
        """Say in which zones of a stage a parcel has work."""
        found = []
        for position in stage.zones:
            zone = self.model.zones[position]
            comes = len(stage.zones) == 1 or bool(self.picked(parcel, position))
            if (comes and not zone.only_extra) or parcel.extra.get(position):
                found.append(position)
        return found

    def load(self, position: int, number: Number) -> float:
        """Ticks of work on a parcel in a zone: `Trace.loads`."""
        zone, parcel = self.model.zones[position], self.parcels[number]
        stage = self.model.stages[zone.at]
        if zone.tour is not None or stage.outside:
            came = number in self.stations[position].entered
            return self.stations[position].loads.get(number, 0.0) if came else 0.0
        if number in self.stations[position].loads:
            return self.stations[position].loads[number]  # it has come there
        if zone.house != parcel.warehouse or position not in self.zones(parcel, stage):
            return 0.0
        return self.task(position, [parcel]).load

    def way(self, parcel: Parcel) -> list[int]:
        """Stages that a parcel will come to."""
        chain = self.model.chains[parcel.warehouse]
        ahead = chain[chain.index(parcel.enters) if parcel.enters >= 0 else 0 :]
        return [place for place in ahead if self.zones(parcel, self.model.stages[place])]

    def picked(self, parcel: Parcel, position: int) -> dict[int, int]:
        """Give the pieces of a parcel that a zone handles: of its own SKUs, or all."""
        zones = self.model.picking.zones[self.model.zones[position].at]
        if zones is None:
            return parcel.contents
        return {sku: n for sku, n in parcel.contents.items() if zones[sku] == position}

    def task(self, position: int, parcels: list[Parcel]) -> Task:
        """Make one task of the work on some parcels in a zone."""
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
        first = parcels[0].number
        return Task(
            members=[parcel.number for parcel in parcels],
            key=self.key(zone.discipline, parcels),
            load=work * float(self.orders.noise[position][first[0]]),
        )

    def key(self, discipline: str, parcels: list[Parcel]) -> int:
        """Say who is next, the smallest first: of a tour the best of its parcels counts."""
        if discipline == "fifo":
            return 0
        orders = [parcel.number[0] for parcel in parcels]
        if discipline == "promise":
            return min(int(self.orders.due[order]) for order in orders)
        if discipline == "class":
            return min(-int(self.orders.tier[order]) for order in orders)
        return sum(sum(parcel.contents.values()) for parcel in parcels)

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
