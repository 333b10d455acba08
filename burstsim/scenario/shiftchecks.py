"""Faults of shifts: which zone they are of, when they begin and end, and zones without people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from burstsim.errors import did_you_mean
from burstsim.scenario.crews import Crew
from burstsim.scenario.faults import Fault
from burstsim.scenario.floor import Warehouse
from burstsim.scenario.names import Names
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.shifts import Shift, Stop
from burstsim.scenario.zonenames import Station, several, stations, zone_named
from burstsim.units import DAY, Moment

__all__ = ["shift_faults", "shifts_of", "span_of", "staffed", "unclear"]


def shift_faults(
    scenario: Scenario, path: KeyPath, house: Warehouse, names: Names
) -> Iterator[Fault]:
    """Yield what is wrong with the shifts, crews and stops of a warehouse."""
    known = zone_named(house)
    homeless = [name for name in house.shifts if name not in known]
    for name in homeless:
        yield unclear(path, (*path, "shifts", name), name, house, names)
    for station in stations(house):
        # Shifts under a misspelt name are one fault, not two.
        if staffed(scenario, house, station) or _misspelt(station, homeless):
            continue
        if station.name in _called(scenario, path):
            continue  # a policy may send somebody; the warnings say so
        rule = "must have workers, here or in a shift: nobody ever works here"
        here: KeyPath = (*path, *station.place)
        on_shift: KeyPath = (*path, "shifts", station.name)
        on_shifts = tuple((*on_shift, shift, "workers") for shift in shifts_of(house, station))
        looked_at = (("start",), (*here, "workers"), (*on_shift, "*"), *on_shifts)
        yield Fault(here, rule, "", "", (*looked_at, (*path, "crews", "*", "skills")))
    for zone, shifts in house.shifts.items():
        for name, shift in shifts.items():
            yield from _shift(scenario, (*path, "shifts", zone, name), shift)
    yield from _twice(path, house, house.shifts)
    for name, crew in house.crews.items():
        yield from _crew(scenario, (*path, "crews", name), crew)
        for skill in crew.skills:
            if skill not in known:
                place = (*path, "crews", name, "skills", skill)
                yield unclear(path, place, skill, house, names)
    for name, stop in house.stops.items():
        if stop.where not in known:
            yield unclear(path, (*path, "stops", name, "where"), stop.where, house, names)
        yield from _stop(scenario, (*path, "stops", name), stop)


def unclear(path: KeyPath, place: KeyPath, name: str, house: Warehouse, names: Names) -> Fault:
    """Say of a name that it is that of no zone, or of a stage with several."""
    depends: tuple[KeyPath, ...] = ((*path, "stages", "*", "zones", "*"),)
    if zones := several(house, name):
        rule = "must say which zone of the stage is meant"
        return Fault(place, rule, name, f"there is {', '.join(zones[:5])}", depends)
    stage, _, _ = name.rpartition(".")
    what = "zone" if stage in house.stages else "stage"
    return names.unknown(place, what, name, zone_named(house), depends)


def shifts_of(house: Warehouse, station: Station) -> dict[str, Shift]:
    """Give the shifts of a zone, by whichever of its names they stand."""
    return next((house.shifts[name] for name in station.names if name in house.shifts), {})


def staffed(scenario: Scenario, house: Warehouse, station: Station) -> bool:
    """Whether anybody ever works in a zone, policies aside."""
    shifts = shifts_of(house, station).values()
    skilled = any(name in crew.skills for crew in house.crews.values() for name in station.names)
    return bool(station.workers) or skilled or any(_works(scenario, shift) for shift in shifts)


def span_of(scenario: Scenario, from_: Moment, to: Moment) -> tuple[int, int]:
    """Ticks of the first time that a daily span comes."""
    begin = from_.resolve(scenario.start)
    return begin, to.resolve(scenario.start, after=begin)


def _misspelt(station: Station, homeless: list[str]) -> bool:
    return station.stage in homeless or any(did_you_mean(n, homeless) for n in station.names)


def _called(scenario: Scenario, path: KeyPath) -> set[str]:
    """Zones of a warehouse to which some policy sends people."""
    found = set()
    for policy in scenario.policies.values():
        for zone in (
            policy.do.add_workers and policy.do.add_workers.zone,
            policy.do.move_workers and policy.do.move_workers.to,
        ):
            if zone and zone.startswith(f"{path[-1]}."):
                found.add(zone.removeprefix(f"{path[-1]}."))
    return found


def _works(scenario: Scenario, shift: Shift) -> bool:
    """Whether anybody is at work at some moment of a shift."""
    begin, end = span_of(scenario, shift.from_, shift.to)
    free, at = 0, begin
    for away, back in sorted(_breaks(scenario, shift, begin)):
        free, at = free + max(away - at, 0), max(at, back)
    once = shift.from_.dated is not None and (end <= scenario.begin or begin >= scenario.end)
    comes = shift.workers > 0 and shift.no_show < 1
    return comes and free + max(end - at, 0) > 0 and not once


def _breaks(scenario: Scenario, shift: Shift, begin: int) -> Iterator[tuple[int, int]]:
    for left, right in shift.breaks:
        away = left.resolve(scenario.start, after=begin - 1)
        yield away, right.resolve(scenario.start, after=away)


def _twice(path: KeyPath, house: Warehouse, named: Iterable[str]) -> Iterator[Fault]:
    """Find zones that stand under both of their names."""
    for station in stations(house):
        mine = [name for name in named if name in station.names]
        for name in mine[1:]:
            depends = ((*path, "stages", "*", "zones", "*"),)
            rule = f"must not be named twice: {mine[0]} is the same zone"
            yield Fault((*path, "shifts", name), rule, name, "", depends)


def _within_a_day(path: KeyPath, begin: int, end: int, to: Moment) -> Iterator[Fault]:
    if not 0 < end - begin <= DAY:
        depends: tuple[KeyPath, ...] = (("start",), path)
        yield Fault(path, "must end after it begins, and within a day", str(to), "", depends)


def _crew(scenario: Scenario, path: KeyPath, crew: Crew) -> Iterator[Fault]:
    begin, end = span_of(scenario, *crew.shift)
    yield from _within_a_day((*path, "shift"), begin, end, crew.shift[1])


def _stop(scenario: Scenario, path: KeyPath, stop: Stop) -> Iterator[Fault]:
    begin, end = span_of(scenario, stop.from_, stop.to)
    yield from _within_a_day((*path, "to"), begin, end, stop.to)


def _shift(scenario: Scenario, path: KeyPath, shift: Shift) -> Iterator[Fault]:
    begin, end = span_of(scenario, shift.from_, shift.to)
    depends: tuple[KeyPath, ...] = (("start",), (*path, "from"), (*path, "to"))
    if not 0 < end - begin <= DAY:
        rule = "must end after it begins, and within a day"
        yield Fault((*path, "to"), rule, str(shift.to), "", depends)
        return
    if shift.from_.dated is None:
        for number, (left, right) in enumerate(shift.breaks):
            if left.dated is not None or right.dated is not None:
                rule = "must be times of day, because its shift is daily"
                hint = "a shift that begins at a date happens once, and so do its breaks"
                yield Fault((*path, "breaks", number), rule, f"{left} to {right}", hint)
                return
    breaks = list(_breaks(scenario, shift, begin))
    for number, (away, back) in enumerate(breaks):
        if not begin <= away < back <= end:
            left, right = shift.breaks[number]
            shown, here = f"{left} to {right}", (*path, "breaks", number)
            rule = "must end after it begins" if left == right else "must lie within its shift"
            yield Fault(here, rule, shown, "", depends)
    in_order = sorted((*span, number) for number, span in enumerate(breaks))
    for (_, back, _), (away, _, number) in pairwise(in_order):
        if away < back:
            shown = " to ".join(str(moment) for moment in shift.breaks[number])
            here = (*path, "breaks", number)
            yield Fault(here, "must not overlap another break", shown, "", depends)
