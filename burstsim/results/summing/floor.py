"""What waits in the zones, and who is there, from pieces."""

from __future__ import annotations

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.piece import Piece
from burstsim.engine.visits import Visits
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.kernels.columns import taken
from burstsim.kernels.spans import joined
from burstsim.results.flows import flows_of
from burstsim.results.hours import Overtime
from burstsim.results.queues import Queue, WorkLeft
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["Floor"]


class Floor:
    """The zones of a replication, piece by piece.

    Attributes
    ----------
    overtime
        Of each zone.
    """

    def __init__(self, model: Model) -> None:
        self.overtime = [Overtime() for _ in model.zones]
        self._model = model
        self._queues = [Queue() for _ in model.zones]
        self._work = [WorkLeft() for _ in model.zones]

    def add(self, piece: Piece, span: tuple[int, int]) -> tuple[Ticks, Ticks]:
        """Look at a span of time.

        Parameters
        ----------
        piece
            What happened.
        span
            Its first tick and the one after its last; without a beginning or an end where the
            replication begins or ends.

        Returns
        -------
        begin, end : (k,) int64
            Joined spans in which anybody waits on the way out.
        """
        trace, model = piece.trace, self._model
        waits = [(np.empty(0, np.int64), np.empty(0, np.int64))]
        whole = np.array(span)
        for number, zone in enumerate(model.zones):
            visits, loads, waited = _now(trace.visits[number], trace.loads[number], span)
            parcels, tasks = flows_of(visits, loads)
            came, began = (
                ticks[slice(*ticks.searchsorted(span))] for ticks in (parcels.came, parcels.began)
            )
            self._queues[number].add(came, began)
            if not model.stages[zone.at].outside:
                waits.append(parcels.waits(span) if not waited else (whole[:1], whole[1:]))
            if zone.external:
                continue
            self._work[number].add(tasks, span)
            clock = piece.begin, min(piece.until, model.end)
            self.overtime[number].add(tasks, trace.crews[number], clock)
            if piece.last:
                self.overtime[number].close(model.end)
        begin, end = (np.concatenate(ticks) for ticks in zip(*waits, strict=True))
        order = begin.argsort(kind="stable")
        return joined(begin[order], end[order])

    def values(self) -> dict[str, Value]:
        """Tell what waited in each zone, by name."""
        values: dict[str, Value] = {}
        for zone, queue, work in zip(self._model.zones, self._queues, self._work, strict=True):
            of_queue = queue.values(self._model.end)
            values |= {f"{name}.{zone.path}": value for name, value in of_queue.items()}
            if not zone.external:
                values[f"work_left_peak.{zone.path}"] = work.value()
        return values


def _now(visits: Visits, loads: Floats, span: tuple[int, int]) -> tuple[Visits, Floats, bool]:
    """Keep the visits to which something happens in a span, or that are worked on in it.

    Returns
    -------
    visits, loads
        Those, and their work.
    waited
        Whether there are others, who wait in the zone from before the span to after it.
    """
    begin, end = span
    if begin == -NEVER and end == NEVER:
        return visits, loads, False
    waits = (visits.entered < begin) & (visits.started >= end)
    rows = np.flatnonzero((visits.entered < end) & (visits.done >= begin) & ~waits)
    ticks = (visits.rows, visits.entered, visits.started, visits.done)
    there, entered, started, done = (taken(column, rows) for column in ticks)
    some = Visits(rows=there, entered=entered, started=started, done=done)
    return some, loads[rows], bool(waits.any())
