"""Crews with several skills: at every look they go where most work waits."""

from __future__ import annotations

from functools import partial
from heapq import heapify, heapreplace
from math import inf

from burstsim.engine.clock import CREW, Clock
from burstsim.engine.control.absent import Absent
from burstsim.engine.control.spans import days
from burstsim.engine.control.staff import Extra, Staff
from burstsim.engine.zones import Zone
from burstsim.scenario.crews import Crew
from burstsim.scenario.scenario import Scenario

__all__ = ["SkilledCrew", "assigned", "skilled_crews"]


def assigned(
    people: int, waiting: list[int], capacity: list[float], each: list[float]
) -> list[int]:
    """Send people where most waits for those who are there, one at a time.

    The next one goes where what waits, divided by the productivity of all who are there by
    then, is largest; the first of equals. Where nothing waits nobody is needed; if nothing
    waits anywhere, people are spread evenly, the first places getting one more.

    Parameters
    ----------
    people
        How many there are to send.
    waiting
        What waits in each place.
    capacity
        Productivity, added up, of who is there already.
    each
        Productivity there of one of those who are sent.

    Examples
    --------
    >>> assigned(4, [90, 30], [1.0, 1.0], [1.0, 1.0])
    [3, 1]
    >>> assigned(3, [0, 0], [5.0, 1.0], [1.0, 1.0])
    [2, 1]
    """
    sent = [0] * len(waiting)
    if not any(waiting):
        share, rest = divmod(people, len(waiting))
        return [share + (place < rest) for place in range(len(waiting))]
    there = list(capacity)

    def need(place: int) -> tuple[float, int]:
        hours = waiting[place] / there[place] if there[place] > 0 else inf
        return (-hours if waiting[place] else 0.0), place

    heap = [need(place) for place in range(len(waiting))]
    heapify(heap)
    for _ in range(people):
        place = heap[0][1]
        sent[place] += 1
        there[place] += each[place]
        heapreplace(heap, need(place))
    return sent


class SkilledCrew:
    """One crew of one warehouse.

    Parameters
    ----------
    clock
        The run's clock; its shifts are put on it.
    staff
        Among whom it works.
    spec
        As written.
    skills
        (zone, productivity there), in the order of the file.
    absent
        Who of them does not come.
    """

    def __init__(
        self,
        clock: Clock,
        staff: Staff,
        spec: Crew,
        skills: list[tuple[int, float]],
        absent: Absent,
    ) -> None:
        self.clock, self.staff, self.spec = clock, staff, spec
        self.skills, self.absent = skills, absent
        self.here: list[tuple[int, Extra]] = []

    def begin(self, day: int, begin: int, end: int) -> None:
        """Begin a shift, or go on with one that began before the clock; it ends at `end`."""
        self.clock.at(end, CREW, self.go_home)
        self.look(day, begin, end)

    def look(self, day: int, begin: int, end: int) -> None:
        """Send everybody where most waits, and look again later."""
        staff, now, every = self.staff, self.clock.now, self.spec.every
        gone = self._take_away()
        open_ = [skill for skill in self.skills if staff.able(skill[0])] or self.skills
        people = self.absent.there(self.spec.people, now, ("", day))
        counted = [staff.floor.waiting(zone) for zone, _ in open_]
        waiting = [work if self.spec.by == "work_left" else tasks for tasks, work in counted]
        capacity = [staff.capacity(zone) for zone, _ in open_]
        sent = assigned(people, waiting, capacity, [each for _, each in open_])
        for (zone, productivity), many in zip(open_, sent, strict=True):
            if many:
                self.here.append((zone, Extra(many, productivity)))
                staff.join(*self.here[-1])
        staff.tell([*gone, *(zone for zone, _ in self.here)])
        following = begin + ((now - begin) // every + 1) * every
        if following < end:
            self.clock.at(following, CREW, partial(self.look, day, begin, end))

    def go_home(self) -> None:
        """End a shift."""
        self.staff.tell(self._take_away())

    def _take_away(self) -> list[int]:
        zones = [zone for zone, _ in self.here]
        for zone, extra in self.here:
            self.staff.leave(zone, extra)
        self.here = []
        return zones


def skilled_crews(
    clock: Clock, staff: Staff, scenario: Scenario, zones: tuple[Zone, ...], replication: int
) -> None:
    """Put the shifts of all crews with skills on the clock, in the order of the file."""
    span = (scenario.begin, scenario.end)
    for house, warehouse in scenario.warehouses.items():
        for name, spec in warehouse.crews.items():
            skills = {
                number: productivity
                for place, productivity in spec.skills.items()
                for number, zone in enumerate(zones)
                if zone.warehouse == house and place in (zone.stage, f"{zone.stage}.{zone.name}")
            }
            absent = Absent(scenario, replication, f"{house}.{name}/crew", (house,))
            shift = (spec.shift[0], spec.shift[1])
            for day, begin, end in days(shift, scenario.start, span):
                crew = SkilledCrew(clock, staff, spec, list(skills.items()), absent)
                clock.at(max(begin, clock.now), CREW, partial(crew.begin, day, begin, end))
