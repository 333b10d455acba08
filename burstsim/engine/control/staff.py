"""The people on the floor as time goes on: rosters, and everybody who comes besides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np

from burstsim.engine.clock import CREW, Clock
from burstsim.engine.control.roster import Roster
from burstsim.engine.crews import Crew

__all__ = ["Extra", "Face", "Staff"]


class Trucks(Protocol):
    """Where trucks come."""

    def extra(self, carrier: tuple[int, int], tick: int, capacity: int) -> None:
        """Have a truck of a carrier, (warehouse, position there), come at a tick."""


class Face(Protocol):
    """A floor as those see it who run it."""

    @property
    def carriers(self) -> Trucks:
        """Where parcels wait for their trucks."""

    def change(self, zone: int, tick: int, workers: int, productivity: float) -> None:
        """From `tick`, which is now, on a zone has so many workers, this fast."""

    def waiting(self, zone: int) -> tuple[int, int]:
        """Count the tasks that wait in a zone, and the ticks of work on them at productivity 1."""


@dataclass(slots=True, eq=False)
class Extra:
    """People in a zone besides its roster.

    Parameters
    ----------
    people, productivity
        How many, and how fast.
    temps
        Whether they were called from outside.
    """

    people: int
    productivity: float
    temps: bool = False


@dataclass(slots=True, eq=False)
class _Move:
    source: int
    target: int
    people: int


class Staff:
    """Who is where, and tells the floor whenever that changes.

    Parameters
    ----------
    clock
        The run's clock; the rosters' changes are put on it.
    rosters
        Of each zone.
    floor
        Where the people are.
    """

    def __init__(self, clock: Clock, rosters: tuple[Roster, ...], floor: Face) -> None:
        self.clock, self.rosters, self.floor = clock, rosters, floor
        self.place = [-1] * len(rosters)
        self.extras: list[list[Extra]] = [[] for _ in rosters]
        self.moves: list[_Move] = []
        self.kept: set[tuple[int, int]] = set()
        #: Of each zone (tick, workers, productivity, people, temps) whenever they changed.
        self.log: list[list[tuple[int, int, float, int, int]]] = [[] for _ in rosters]
        for zone, roster in enumerate(rosters):
            for tick in roster.times.tolist():
                clock.at(tick, CREW, partial(self._turn, zone))

    def workers(self, zone: int) -> int:
        """Count who can work in a zone now."""
        return self.log[zone][-1][1]

    def able(self, zone: int) -> bool:
        """Whether a task can be begun in a zone now."""
        return bool(self.rosters[zone].able[self.place[zone]])

    def capacity(self, zone: int) -> float:
        """Add up the productivity of who is in a zone now."""
        people, productivity, _ = self._present(zone)
        return people * productivity

    def join(self, zone: int, extra: Extra) -> None:
        """Have people come to a zone; the floor hears of it by `tell`."""
        self.extras[zone].append(extra)

    def leave(self, zone: int, extra: Extra) -> None:
        """Have people who had joined a zone go; the floor hears of it by `tell`."""
        self.extras[zone].remove(extra)

    def add(self, zone: int, extra: Extra, until: int) -> None:
        """Have people come to a zone, and go at a tick."""
        self.join(zone, extra)
        self.tell([zone])
        self.clock.at(until, CREW, partial(self._go, zone, extra))

    def move(self, source: int, target: int, people: int, until: int | None) -> None:
        """Have people of one zone work in another, as many as are there at any moment.

        They are as fast as the mean of those among whom they were. Who was moved is moved no
        further.
        """
        if source == target:
            return
        move = _Move(source, target, people)
        self.moves.append(move)
        self.tell([source, target])
        if until is not None:
            self.clock.at(until, CREW, partial(self._come_back, move))

    def next_end(self, zone: int) -> int | None:
        """Tick at which the next shift of a zone ends, None if none does."""
        now = self.clock.now
        return next((end[0] for end in self.rosters[zone].ends if end[0] > now), None)

    def keep(self, zone: int, tick: int, until: int, at_most: int) -> None:
        """Have people of the shift that ends at a tick stay until another, at most so many.

        That is decided once for each end of a shift; asked again, it changes nothing.
        """
        if until <= tick or (zone, tick) in self.kept:
            return
        self.kept.add((zone, tick))
        for end, people, productivity in self.rosters[zone].ends:
            stay = min(at_most, people)
            if end == tick and stay:
                at_most -= stay
                extra = Extra(stay, productivity)
                self.clock.at(tick, CREW, partial(self.add, zone, extra, until))

    def tell(self, zones: Iterable[int]) -> None:
        """Tell the floor who is there now, where that has changed."""
        touched = dict.fromkeys(zones)
        touched |= {move.target: None for move in self.moves if move.source in touched}
        for zone in touched:
            people, productivity, temps = self._present(zone)
            able = self.able(zone) and people > 0
            now, log = self.clock.now, self.log[zone]
            state = people if able else 0, productivity if able else 1.0, people, temps
            if log and log[-1][1:] == state:
                continue
            if not log or log[-1][1:3] != state[:2]:
                self.floor.change(zone, now, state[0], state[1])
            if log and log[-1][0] == now:
                log.pop()
            if not log or log[-1][1:] != state:
                log.append((now, *state))

    def crews(self) -> tuple[Crew, ...]:
        """Who was where, zone by zone."""
        found = []
        for log in self.log:
            times, workers, productivity, people, temps = zip(*log, strict=True)
            found.append(
                Crew(
                    times=np.array(times, np.int64),
                    workers=np.array(workers, np.int64),
                    productivity=np.array(productivity, np.float64),
                    people=np.array(people, np.int64),
                    temps=np.array(temps, np.int64),
                )
            )
        return tuple(found)

    def _turn(self, zone: int) -> None:
        self.place[zone] += 1
        self.tell([zone])

    def _go(self, zone: int, extra: Extra) -> None:
        self.leave(zone, extra)
        self.tell([zone])

    def _come_back(self, move: _Move) -> None:
        self.moves.remove(move)
        self.tell([move.source, move.target])

    def _own(self, zone: int) -> tuple[int, float]:
        """People of a zone, moved or not, and their mean productivity."""
        roster, place = self.rosters[zone], self.place[zone]
        people, productivity = int(roster.people[place]), float(roster.productivity[place])
        extras = self.extras[zone]
        if not extras:
            return people, productivity
        work = people * productivity + sum(extra.people * extra.productivity for extra in extras)
        people += sum(extra.people for extra in extras)
        return people, work / people if people else 1.0

    def _moved(self, source: int) -> list[tuple[int, int]]:
        """Of those who are moved from a zone: (to which zone, how many), move by move."""
        left, _ = self._own(source)
        moved = []
        for move in self.moves:
            if move.source == source:
                people = min(move.people, left)
                left -= people
                moved.append((move.target, people))
        return moved

    def _present(self, zone: int) -> tuple[int, float, int]:
        """People in a zone, their mean productivity, and how many of its own are temps."""
        people, productivity = self._own(zone)
        temps = sum(extra.people for extra in self.extras[zone] if extra.temps)
        if not self.moves:
            return people, productivity, temps
        people -= sum(many for _, many in self._moved(zone))
        guests = [
            (many, self._own(source)[1])
            for source in dict.fromkeys(move.source for move in self.moves)
            for target, many in self._moved(source)
            if target == zone and many
        ]
        if not guests:
            return people, productivity, temps
        work = people * productivity + sum(many * speed for many, speed in guests)
        people += sum(many for many, _ in guests)
        return people, work / people, temps
