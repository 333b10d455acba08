"""Release: parcels that were sent to a warehouse wait here until they may begin there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from burstsim.engine.clock import RESERVE, STOREFRONT, WAVE, Clock
from burstsim.engine.compile import Model
from burstsim.engine.event.floor import Floor
from burstsim.engine.event.parcels import Number, Parcel
from burstsim.engine.orders import Orders
from burstsim.engine.releases import Rule
from burstsim.units import NEVER

__all__ = ["Release"]


class Release:
    """The parcels of each warehouse that have not begun, and when who of them may.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The rules and the orders.
    floor
        Where parcels are let in.
    begin, leave
        What is done with a parcel that begins, and with one that is cancelled before it did.
    """

    def __init__(
        self,
        clock: Clock,
        model: Model,
        orders: Orders,
        floor: Floor,
        then: tuple[Callable[[Parcel], None], Callable[[Parcel], None]],
    ) -> None:
        self.clock, self.model, self.orders, self.floor = clock, model, orders, floor
        self.rules = model.releases  # releases may be held
        self.begin, self.leave = then
        houses = range(len(model.chains))
        self.waiting: list[list[Parcel]] = [[] for _ in houses]
        self.resumed: list[list[Parcel]] = [[] for _ in houses]
        self.inside: list[dict[Number, list[int]]] = [{} for _ in houses]
        self.asked_for: set[tuple[int, int]] = set()
        self.may_leave: set[Number] = set()

    def send(self, parcel: Parcel) -> None:
        """Take in a parcel that is sent to its warehouse now."""
        house = parcel.warehouse
        self.floor.parcels[parcel.number] = parcel
        self.floor.sent[parcel.number] = self.clock.now
        if parcel.enters >= 0:
            self.resumed[house].append(parcel)
            if len(self.resumed[house]) == 1:
                self.clock.at(self.clock.now, RESERVE, partial(self.resume, house))
            return
        self.waiting[house].append(parcel)
        self.ask_to_look(house, self.clock.now)

    def resume(self, house: int) -> None:
        """Go on with all that is on the floor when the clock begins."""
        parcels, self.resumed[house] = self.resumed[house], []
        self.let_in(parcels)

    def ask_to_look(self, house: int, tick: int) -> None:
        """Have somebody look at what waits, after the sweep of that tick."""
        if (house, tick) not in self.asked_for:
            self.asked_for.add((house, tick))
            self.clock.at(tick, WAVE, partial(self.look, house))

    def look(self, house: int) -> None:
        """Release what may begin now, up to the first that does not fit."""
        now, rule, waiting = self.clock.now, self.rules[house], self.waiting[house]
        self.asked_for.discard((house, now))
        if rule.opens(now, len(waiting)):
            parcels = self.fitting(house, rule, sorted(waiting, key=partial(self.turn, rule)))
            gone = {parcel.number for parcel in parcels}
            waiting = [parcel for parcel in waiting if parcel.number not in gone]
            self.waiting[house] = waiting
            self.let_in(parcels)
        for parcel in waiting:
            if parcel.gone < NEVER and parcel.number not in self.may_leave:
                self.may_leave.add(parcel.number)
                self.clock.at(parcel.gone, STOREFRONT, partial(self.drop, parcel))
        again = rule.next_look(now, len(waiting))
        if again is not None:
            self.ask_to_look(house, again)

    def turn(self, rule: Rule, parcel: Parcel) -> tuple[int, ...]:
        """Say who is released first."""
        order, part, _ = parcel.number
        paid = int(self.orders.paid[order])
        if rule.order == "promise":
            return int(self.orders.due[order]), paid, order, part
        if rule.order == "size":
            return sum(parcel.contents.values()), paid, order, part
        return paid, order, part

    def fitting(self, house: int, rule: Rule, parcels: list[Parcel]) -> list[Parcel]:
        """Give the first parcels that all limits leave room for."""
        if not rule.limited:
            return parcels
        self.inside[house] = {
            number: way
            for number, way in self.inside[house].items()
            if number not in self.floor.done and number not in self.floor.left
        }
        inside = len(self.inside[house])
        walls = {stage: self.on_wall(house, stage) for stage in rule.put_walls}
        staged = {stage: self.on_wall(house, stage, here=True) for stage in rule.stagings}
        found: list[Parcel] = []
        for parcel in parcels:
            way = self.floor.way(parcel)
            if (
                (rule.max_open is not None and inside >= rule.max_open)
                or any(stage in way and walls[stage] >= rule.put_walls[stage] for stage in walls)
                or any(stage in way and staged[stage] >= rule.stagings[stage] for stage in staged)
            ):
                break
            inside += 1
            for stage in walls:
                walls[stage] += stage in way
            for stage in staged:
                staged[stage] += stage in way[:1]
            found.append(parcel)
        return found

    def on_wall(self, house: int, stage: int, *, here: bool = False) -> int:
        """Count the parcels inside that have work at a stage and are not begun there.

        With `here` only those that have come to it.
        """
        stations = [self.floor.stations[zone] for zone in self.model.stages[stage].zones]
        count = 0
        for number, way in self.inside[house].items():
            if stage not in way or any(number in station.started for station in stations):
                continue
            came = stage == way[0] or any(number in station.entered for station in stations)
            count += came or not here
        return count

    def let_in(self, parcels: list[Parcel]) -> None:
        """Have parcels begin."""
        self.floor.release(parcels)
        for parcel in parcels:
            if self.model.releases[parcel.warehouse].limited:
                self.inside[parcel.warehouse][parcel.number] = self.floor.way(parcel)
            self.begin(parcel)

    def drop(self, parcel: Parcel) -> None:
        """Let a parcel out that is cancelled now, if it still waits."""
        if parcel in self.waiting[parcel.warehouse]:
            self.waiting[parcel.warehouse].remove(parcel)
            self.floor.left.add(parcel.number)
            self.leave(parcel)
