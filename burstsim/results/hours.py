"""Hours that are paid: who is there until the last work is done, and who stays to finish a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.crews import Crew
from burstsim.results.flows import Flow
from burstsim.units import NEVER

__all__ = ["Hours", "Overtime", "closings_of", "hours_of", "staffed"]


class Hours(NamedTuple):
    """Worker-ticks that are paid.

    Parameters
    ----------
    all
        Of all people until closing, with overtime; of temporary ones also afterwards.
    temps
        Those of temporary people among them: they come for the sale only, and are paid till they
        go. Who was moved counts where they were called to.
    """

    all: int
    temps: int


class Overtime:
    """Ticks that people of a zone stay beyond their shift to finish a task.

    When fewer people are there than are busy, those who are done first are those who leave. Spans
    of time are added one after the other.

    Attributes
    ----------
    ticks
        Worker-ticks so far.
    """

    def __init__(self) -> None:
        self.ticks = 0
        self._most_busy = 0
        self._since, self._leavers = 0, 0

    def add(self, flow: Flow, crew: Crew, span: tuple[int, int]) -> None:
        """Look at a span of time.

        Parameters
        ----------
        flow
            Tasks, all those among them that are begun and not done at some tick of the span. What
            happens after it may be missing.
        crew
            Who is there, up to the end of the span or beyond.
        span
            Its first tick, and the one after its last.
        """
        begin, end = span
        started, done = flow.began, flow.finished
        longest = int((np.minimum(done, end) - started).max(initial=0))
        first, last = crew.times.searchsorted(span).tolist()
        changes = zip(
            crew.times[first:last].tolist(), crew.people[first:last].tolist(), strict=True
        )
        for tick, people in changes:
            self._leave(flow, (begin, tick), longest)
            self.ticks += self._leavers * (tick - self._since)
            self._since, self._leavers = tick, 0
            begin = tick + 1  # who is done in this tick is not busy any more
            if people < self._most_busy:
                # nobody who started before this can still be busy
                low, high = started.searchsorted((tick - longest, tick))
                self._most_busy = max(people, int((done[low:high] > tick).sum()))
                self._leavers = self._most_busy - people
            else:
                self._most_busy = people
        self._leave(flow, (begin, end), longest)

    def close(self, end: int) -> None:
        """End the replication: who is busy then stays so long."""
        self.ticks += self._leavers * (end - self._since)
        self._leavers = 0

    def _leave(self, flow: Flow, span: tuple[int, int], longest: int) -> None:
        """Let people leave who are done with what they began before their shift ended."""
        if self._leavers == 0:
            return
        begin, end = span
        low, high = flow.began.searchsorted((begin - longest, self._since))
        done = flow.finished[low:high]
        done = np.sort(done[(done >= begin) & (done < end)])[: self._leavers]
        self.ticks += int((done - self._since).sum())
        self._leavers -= len(done)


def staffed(crew: Crew, closing: int) -> int:
    """Worker-ticks of all people of a crew until a tick."""
    ends = np.minimum(np.append(crew.times[1:], NEVER), closing)
    return int((crew.people * np.maximum(ends - crew.times, 0)).sum())


def hours_of(model: Model, crews: Sequence[Crew], people: int, closings: Sequence[int]) -> Hours:
    """Add up what is paid.

    Parameters
    ----------
    model, crews
        The floor, and who was there.
    people
        Worker-ticks of all people until closing, with overtime.
    closings
        When that was in each zone.
    """
    temps = _temps_from(crews, [model.begin] * len(crews), model.end)
    return Hours(people + _temps_from(crews, closings, model.end), temps)


def _temps_from(crews: Sequence[Crew], begins: Sequence[int], end: int) -> int:
    """Worker-ticks of temporary people from a tick on, another one for each zone, to the end."""
    total = 0
    for crew, begin in zip(crews, begins, strict=True):
        ends = np.append(crew.times[1:], end)
        total += int((crew.temps * np.maximum(ends - np.maximum(crew.times, begin), 0)).sum())
    return total


def closings_of(model: Model, lasts: Sequence[int]) -> list[int]:
    """Tick up to which each zone's people count.

    That is the last work done on what goes out, the end if something is undone; where returns
    come, the last of them.

    Parameters
    ----------
    model
        The floor.
    lasts
        Tick of the last work done in each zone, `NEVER` if some is not, 0 if nothing came.
    """
    outside = [model.stages[zone.at].outside for zone in model.zones]
    way_out = [last for last, out in zip(lasts, outside, strict=True) if not out]
    closing = min(max(way_out, default=0), model.end)
    return [
        max(closing, min(last, model.end)) if out else closing
        for last, out in zip(lasts, outside, strict=True)
    ]
