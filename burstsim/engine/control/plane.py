"""All control of one run, put on its clock: people, policies, processes of users."""

from __future__ import annotations

from typing import Protocol

from burstsim.engine.carriers import ALL_THAT_FITS
from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.control.signals import Sale, Signals, zones_at
from burstsim.engine.control.skilled import skilled_crews
from burstsim.engine.control.staff import Extra, Face, Staff
from burstsim.engine.levers import UPSTREAM, Pull
from burstsim.engine.orders import Orders
from burstsim.scenario.policies import Lever

__all__ = ["Control", "Upstream"]


class Upstream(Sale, Protocol):
    """What an engine knows of its orders, and how it pulls levers that act on them."""

    def pull(self, pull: Pull) -> None:
        """Have a lever act from now on."""


class Control:
    """Who works where, and the levers.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The scenario, and who comes to work.
    floor
        Where they work.
    upstream
        What is before the floor.
    """

    def __init__(
        self, clock: Clock, model: Model, orders: Orders, floor: Face, upstream: Upstream
    ) -> None:
        self.clock, self.model, self.upstream = clock, model, upstream
        self.staff = Staff(clock, orders.rosters, floor)
        self.signals = Signals(clock, model, self.staff, upstream)
        #: Levers pulled so far that act before the floor.
        self.pulled: list[Pull] = []
        skilled_crews(clock, self.staff, model.scenario, model.zones, orders.replication)

    def do(self, lever: Lever) -> None:
        """Pull a lever now.

        Raises
        ------
        ValueError
            When it names a place that does not exist.
        NotImplementedError
            When the engines have no such lever.
        """
        setting, now = lever.setting, self.clock.now
        if lever.name in UPSTREAM:
            pull = Pull(tick=now, lever=lever)
            self.pulled.append(pull)
            self.upstream.pull(pull)
        elif lever.add_workers is not None:
            extra = Extra(setting.workers, setting.productivity, temps=True)
            self.staff.add(self.zone(setting.zone), extra, now + setting.for_)
        elif lever.move_workers is not None:
            until = None if setting.for_ is None else now + setting.for_
            source, target = self.zone(setting.from_), self.zone(setting.to)
            self.staff.move(source, target, setting.workers, until)
        elif lever.overtime is not None:
            zone = self.zone(setting.zone)
            tick = self.staff.next_end(zone)
            if tick is not None:
                until = setting.until.resolve(self.model.scenario.start, after=tick)
                self.staff.keep(zone, tick, until, setting.at_most)
        elif lever.extra_truck is not None:
            for carrier in self.carriers(setting.carrier):
                room = ALL_THAT_FITS if setting.capacity is None else setting.capacity
                self.staff.floor.carriers.extra(carrier, now + setting.after, room)
        else:
            raise NotImplementedError(f"the engines have no lever {lever.name}")

    def carriers(self, name: str) -> list[tuple[int, int]]:
        """Find a carrier of one warehouse, or of all that have one of that name.

        Raises
        ------
        ValueError
            When there is none.
        """
        houses = self.model.scenario.warehouses.items()
        found = [
            (house, place)
            for house, (warehouse, spec) in enumerate(houses)
            for place, carrier in enumerate(spec.carriers)
            if name in (carrier, f"{warehouse}.{carrier}")
        ]
        if not found:
            raise ValueError(f"names no carrier: {name}")
        return found

    def zone(self, place: str) -> int:
        """Find the one zone that is meant by a place.

        Raises
        ------
        ValueError
            When it is none, or several.
        """
        found = zones_at(self.model, place)
        if len(found) != 1:
            raise ValueError(f"must name one zone of ours: {place} has {len(found)}")
        return found[0]
