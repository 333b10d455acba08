"""Rosters: who is in a zone at each moment as far as it is known before anything happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.builds import absences
from burstsim.engine.control.absent import Absent
from burstsim.engine.control.downs import downs_of
from burstsim.engine.control.spans import Turn, turns_of
from burstsim.engine.zones import MANY, Zone
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.scenario.scenario import Scenario

__all__ = ["Roster", "rosters_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roster:
    """People of a zone over time, constant from each change to the next.

    Parameters
    ----------
    times : (k,) int64
        Ticks of the changes, increasing; the first is the clock's beginning.
    people : (k,) int64
        How many are there and paid, no-shows and those who build left out.
    productivity : (k,) float64
        Mean over them; 1 where there is nobody.
    able : (k,) bool
        Whether they can begin a task: not while machines or power are down.
    ends
        (tick, people, productivity) of every shift that ends: who could stay longer.
    """

    times: Ticks
    people: Indices
    productivity: Floats
    able: npt.NDArray[np.bool_]
    ends: tuple[tuple[int, int, float], ...] = ()

    @property
    def workers(self) -> Indices:
        """How many can work: (k,) int64."""
        return np.where(self.able, self.people, 0)


def rosters_of(
    scenario: Scenario, zones: tuple[Zone, ...], replication: int | None
) -> tuple[Roster, ...]:
    """Draw who comes and what breaks, for each zone.

    What is drawn belongs to the zone: changing a crew or a share changes nobody else's draws.

    Parameters
    ----------
    scenario
        Shifts, builds, disruptions.
    zones
        From `burstsim.engine.zones.floor_of`.
    replication
        Number of the replication, from 0; None: as planned, everybody comes and nothing breaks.
    """
    return tuple(
        _partner(scenario.begin) if zone.external else _roster(scenario, zone, replication)
        for zone in zones
    )


def _partner(begin: int) -> Roster:
    return Roster(
        times=np.array([begin]),
        people=np.array([MANY]),
        productivity=np.array([1.0]),
        able=np.array([True]),
    )


def _roster(scenario: Scenario, zone: Zone, replication: int | None) -> Roster:
    house = scenario.warehouses[zone.warehouse]
    places = (zone.stage, f"{zone.stage}.{zone.name}")
    # what is said of a stage is said of its zone only where it has one
    own = places if len(house.stages[zone.stage].zones) < 2 else places[1:]
    shifts = {name: shift for place in own for name, shift in house.shifts.get(place, {}).items()}
    span = (scenario.begin, scenario.end)
    where = (zone.warehouse, *(f"{zone.warehouse}.{place}" for place in places))
    absent = Absent(scenario, replication, zone.path, where)
    turns = list(turns_of(shifts, scenario.start, span))
    away = [time for place in own for time in absences(scenario, zone.warehouse, place)]
    times, people, productivity = _present(turns, zone.workers, absent, away, span)
    left, right = downs_of(scenario, zone, replication)
    edges = np.concatenate((left, right))
    every = np.union1d(times, edges[(edges > span[0]) & (edges < span[1])])
    down = np.sort(left).searchsorted(every, side="right")
    up = np.sort(right).searchsorted(every, side="right")
    epoch = times.searchsorted(every, side="right") - 1
    columns = (people[epoch], productivity[epoch], down == up)
    changed = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    keep = np.append(True, changed)
    return Roster(
        times=every[keep],
        people=columns[0][keep],
        productivity=columns[1][keep],
        able=columns[2][keep],
        ends=tuple(sorted(_ends(turns, absent, span))),
    )


def _present(
    turns: list[Turn],
    workers: int,
    absent: Absent,
    away: list[tuple[int, int, int]],
    span: tuple[int, int],
) -> tuple[Ticks, Indices, Floats]:
    """Give times at which who is there may change, people and their mean productivity.

    Where no shift covers, `workers` hold; during a break the shift covers, but its people are
    away. Shifts that overlap add up. Those who stay when others build are as fast as the mean.
    """
    begin, end = span
    pieces = [
        (left, right, turn if there else None)
        for turn in turns
        for left, right, there in turn.pieces
        if right > begin and left < end
    ]
    moments: dict[int, list[int]] = {begin: []}  # tick → pieces that begin (as ~n: end) there
    for number, (left, right, _) in enumerate(pieces):
        moments.setdefault(max(left, begin), []).append(number)
        moments.setdefault(right, []).append(~number)
    others = [*absent.edges, *(edge for left, right, _ in away for edge in (left, right))]
    moments |= {edge: [] for edge in others if edge > begin and edge not in moments}
    here: set[int] = set()
    times = sorted(moment for moment in moments if moment < end)
    people, productivity = [], []
    for time in times:
        here |= {number for number in moments[time] if number >= 0}
        here -= {~number for number in moments[time] if number < 0}
        # in the order of the file, so that the sum does not depend on who came first
        present = [_share_of(pieces[number][2], absent, time) for number in sorted(here)]
        present = present or [(absent.outside_shifts(workers, time), 1.0)]
        count = sum(many for many, _ in present)
        work = sum(many * speed for many, speed in present)
        gone = sum(many for left, right, many in away if left <= time < right)
        people.append(max(count - gone, 0))
        productivity.append(work / count if count > gone else 1.0)
    return np.array(times), np.array(people, np.int64), np.array(productivity, np.float64)


def _share_of(turn: Turn | None, absent: Absent, time: int) -> tuple[int, float]:
    """Who is there of a shift, and how fast they are."""
    if turn is None:
        return 0, 1.0
    shift = turn.shift
    there = absent.there(shift.workers, time, (turn.name, turn.day), shift.no_show)
    return there, shift.productivity


def _ends(turns: list[Turn], absent: Absent, span: tuple[int, int]) -> list[tuple[int, int, float]]:
    return [
        (turn.end, *_share_of(turn, absent, turn.end - 1)) for turn in turns if turn.end > span[0]
    ]
