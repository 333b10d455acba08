"""The tables of a replication by minutes, from pieces: see `burstsim.results.frames`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.counts import Counts
from burstsim.kernels.work import work_ticks
from burstsim.results.facts import Facts
from burstsim.results.frames import flow_columns, flow_table, timeline_table, turns_of
from burstsim.results.minutes import ZoneMinutes
from burstsim.units import MINUTE, NEVER

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Minutes"]


class Minutes:
    """What happened in each minute to orders that are over, and in each zone.

    Parameters
    ----------
    model
        What is run.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._happened: dict[tuple[str, int], Counts] = {}
        self._last_paid = 0

    def add(self, facts: Facts) -> None:
        """Add what happened to some orders, none of which shares anything with others."""
        trace = facts.trace
        for number, (visits, loads) in enumerate(zip(trace.visits, trace.loads, strict=True)):
            tasks = visits.tasks()
            work = work_ticks(loads, 1.0)
            self._add(("came", number), tasks.entered)
            self._add(("began", number), tasks.started)
            self._add(("done", number), np.where(tasks.started < NEVER, tasks.done, NEVER))
            self._add(("work came", number), tasks.entered, work)
            self._add(("work began", number), tasks.started, work)
            if visits.task is not None:  # parcels that are on a tour of another
                self._add(("parcels", number), visits.entered)
        for house in range(len(self._model.chains)):
            here = facts.home == house
            for name, ticks in flow_columns(facts).items():
                self._add((name, house), ticks[here])
        paid = facts.orders.paid
        self._last_paid = max(self._last_paid, int(paid.max(initial=0, where=paid < NEVER)))
        self._add(("paid at all", 0), paid)
        self._add(("released at all", 0), trace.released)

    def tables(self, trace: Trace, closings: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give the table of zones and that of orders, once every order is over.

        Parameters
        ----------
        trace
            The last piece: crews.
        closings
            Tick of the last work done in each zone.
        """
        model = self._model
        happened = [its.keys + 1 for (name, _), its in self._happened.items() if name in _TELLING]
        turns = turns_of(model, max(*closings, self._last_paid), happened)
        states = []
        for number in range(len(model.zones)):
            came, began, done, work, begun = (
                self._before((name, number), turns)
                for name in ("came", "began", "done", "work came", "work began")
            )
            left = (work - begun).astype(np.float64)
            states.append(ZoneMinutes(waiting=came - began, busy=began - done, work_left=left))
        counts = [
            {name: self._before((name, house), turns) for name in _FLOW}
            for house in range(len(model.chains))
        ]
        return timeline_table(model, trace.crews, turns, states), flow_table(model, turns, counts)

    def _add(self, where: tuple[str, int], ticks: Ticks, weights: Indices | None = None) -> None:
        """Add what happened, once each or so much; `NEVER` is left out."""
        some = np.flatnonzero(ticks < NEVER)
        more = None if weights is None else weights[some]
        self._happened.setdefault(where, Counts()).add(ticks[some] // MINUTE, more)

    def _before(self, where: tuple[str, int], turns: Indices) -> Indices:
        """How much happened before some turns of minutes."""
        found = self._happened.get(where, Counts())
        return np.append(0, np.cumsum(found.counts))[found.keys.searchsorted(turns)]


_FLOW = ("placed", "paid", "released", "shipped", "open")

#: What makes a minute of a very long run worth telling of.
_TELLING = ("placed", "paid at all", "released at all", "parcels", "came", "began", "done")
