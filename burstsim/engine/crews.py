"""From shifts to c(t): how many workers a zone has at each moment, and how fast they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks
from burstsim.scenario.shifts import Shift
from burstsim.scenario.stages import Stage
from burstsim.units import DAY

__all__ = ["Crew", "crew_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Crew:
    """Workers over time, constant from each change to the next.

    Parameters
    ----------
    times : (k,) int64
        Ticks of the changes, increasing; the first is the clock's beginning.
    workers : (k,) int64
    productivity : (k,) float64
        Mean over the workers present; 1 where there are none.
    """

    times: Ticks
    workers: Ticks
    productivity: Floats


def crew_of(
    stage: Stage,
    shifts: dict[str, Shift],
    start: datetime,
    span: tuple[int, int],
    absences: Sequence[tuple[int, int, int]] = (),
) -> Crew:
    """Lay the daily shifts of a stage over the clock.

    Where no shift covers, ``stage.workers`` holds; during a break the shift covers, but its
    people are away. Shifts that overlap add up. A shift that begins at a dated moment
    happens once, every other one daily.

    Parameters
    ----------
    stage, shifts
        The stage and its shifts by name.
    start
        The scenario's start.
    span
        Ticks at which the clock begins and the run stops.
    absences
        (from, to, people) of those who do other work; those who stay are as fast as the mean.
    """
    begin, end = span
    spans = [span for shift in shifts.values() for span in _spans(shift, start, begin, end)]
    spans = [span for span in spans if span[1] > begin and span[0] < end]
    turns: dict[int, list[int]] = {begin: []}  # tick → spans that begin (or, as ~n, end) there
    for number, (left, right, _, _) in enumerate(spans):
        turns.setdefault(max(left, begin), []).append(number)
        if right < end:
            turns.setdefault(right, []).append(~number)
    for left, right, _ in absences:
        for turn in (max(left, begin), right):
            if begin <= turn < end:
                turns.setdefault(turn, [])
    here: set[int] = set()
    times, workers, productivity = sorted(turns), [], []
    for time in times:
        for number in turns[time]:
            if number >= 0:
                here.add(number)
        here -= {~number for number in turns[time] if number < 0}
        # in the order of the file, so that the sum does not depend on who came first
        present = [spans[number][2:] for number in sorted(here)] or [(stage.workers or 0, 1.0)]
        people = sum(count for count, _ in present)
        work = sum(count * speed for count, speed in present)
        away = sum(count for left, right, count in absences if left <= time < right)
        workers.append(max(people - away, 0))
        productivity.append(work / people if people > away else 1.0)
    keep = [
        position
        for position in range(len(times))
        if position == 0
        or workers[position] != workers[position - 1]
        or productivity[position] != productivity[position - 1]
    ]
    return Crew(
        np.array(times, np.int64)[keep],
        np.array(workers, np.int64)[keep],
        np.array(productivity, np.float64)[keep],
    )


def _spans(
    shift: Shift, start: datetime, begin: int, end: int
) -> Iterator[tuple[int, int, int, float]]:
    """Yield (from, to, workers, productivity) of every day, cut at the breaks."""
    first = shift.from_.resolve(start)
    last = shift.to.resolve(start, after=first)
    cuts = []
    for left, right in shift.breaks:
        away = left.resolve(start, after=first - 1)
        cuts.append((away, right.resolve(start, after=away)))
    pieces, at = [], first
    for away, back in sorted(cuts):
        pieces += [(at, away, shift.workers), (away, back, 0)]
        at = back
    pieces.append((at, last, shift.workers))
    once = shift.from_.dated is not None
    days = [0] if once else range((begin - last) // DAY, (end - first) // DAY + 1)
    for day in days:
        for left_tick, right_tick, workers in pieces:
            if left_tick < right_tick:
                yield left_tick + day * DAY, right_tick + day * DAY, workers, shift.productivity
