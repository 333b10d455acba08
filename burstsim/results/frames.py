"""Tables of one replication by minutes: timeline and flow.

Times are float64 seconds since ``start``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.crews import Crew
from burstsim.engine.piece import Piece
from burstsim.kernels.arrays import Indices
from burstsim.kernels.work import work_ticks
from burstsim.results.facts import Facts
from burstsim.results.perminute import PerMinute
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Minutes"]

#: Longest run of which every minute is told, in minutes: sixty days.
_MOST_MINUTES = 60 * 24 * 60

_OF_ORDERS = ("placed", "paid", "released", "shipped", "closed")

_OF_TASKS = ("entered", "started", "done")


class Minutes:
    """What happened by minutes, to orders at every warehouse and to tasks in every zone.

    Parameters
    ----------
    model
        The compiled scenario.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self._orders = [{name: PerMinute() for name in _OF_ORDERS} for _ in model.chains]
        self._tasks = [{name: PerMinute() for name in _OF_TASKS} for _ in model.zones]
        self._come, self._begun = ([PerMinute() for _ in model.zones] for _ in range(2))
        self._happened = PerMinute()
        self._crews: tuple[Crew, ...] = ()
        self._last = 0

    def add(self, facts: Facts, piece: Piece) -> None:
        """Add what happened in a piece.

        Parameters
        ----------
        facts, piece
            What is known of its trace, and the piece.
        """
        self._crews = piece.trace.crews
        self._add_orders(facts, piece)
        for zone in range(len(self.model.zones)):
            self._add_tasks(piece, zone)
        paid = piece.trace.orders.paid
        self._last = max(self._last, int(paid.max(initial=0, where=paid < NEVER)))

    def _add_orders(self, facts: Facts, piece: Piece) -> None:
        trace = piece.trace
        columns = {
            "placed": trace.orders.placed,
            "paid": facts.paid,
            "released": trace.per_order(trace.released),
            "shipped": facts.shipped,
            "closed": facts.closes,
        }
        for name, ticks in columns.items():
            # where an order is told of, and whether a cancellation came in time, is known when it
            # is over
            now = np.flatnonzero(piece.over & (ticks < NEVER))
            house = facts.home[now]
            for number, counts in enumerate(self._orders):
                counts[name].add(ticks[now[house == number]])
        if self._is_long:
            for ticks in (trace.orders.placed, trace.orders.paid, trace.released):
                self._happened.add(ticks[piece.happens(ticks)])

    def _add_tasks(self, piece: Piece, zone: int) -> None:
        every = piece.trace.visits[zone]
        tasks, counts = every.tasks(), self._tasks[zone]
        works = {"entered": self._come[zone], "started": self._begun[zone]}
        for name in _OF_TASKS:
            ticks = getattr(tasks, name)
            now = piece.happens(ticks)
            counts[name].add(ticks[now])
            if name in works:
                works[name].add(ticks[now], work_ticks(piece.trace.loads[zone][now], 1.0))
            if self._is_long:
                ticks = getattr(every, name)
                self._happened.add(ticks[piece.happens(ticks)])
        # what is not done at the end keeps people there until then
        known = every.entered < NEVER if piece.last else every.done < NEVER
        done = int(every.done.max(initial=0, where=known))
        self._last = max(self._last, min(done, self.model.end))

    @property
    def _is_long(self) -> bool:
        return self.model.end - self.model.begin > _MOST_MINUTES * MINUTE

    def timeline(self) -> pd.DataFrame:
        """One row per minute and zone, from the clock's beginning to the last work done.

        Of a run of more than sixty days only the minutes in which something happened.

        Columns: ``time warehouse stage zone waiting busy workers work_left``: the state just
        before the turn of the minute; ``work_left`` in hours at productivity 1. ``workers`` are
        those of the crew who can work, nobody during an outage; people who finish a task after
        their shift are busy beyond it. A partner's people are not known: 0.
        """
        import pandas as pd

        numbers = self._turns()
        turns, tables = numbers * MINUTE, []
        for number, zone in enumerate(self.model.zones):
            entered, started, done = (
                self._tasks[number][name].before(numbers) for name in _OF_TASKS
            )
            work = self._come[number].before(numbers) - self._begun[number].before(numbers)
            crew = self._crews[number]
            place = np.maximum(crew.times.searchsorted(turns, side="left") - 1, 0)
            tables.append(
                pd.DataFrame(
                    {
                        "time": turns / SECOND,
                        "warehouse": zone.warehouse,
                        "stage": zone.stage,
                        "zone": zone.name,
                        "waiting": entered - started,
                        "busy": started - done,
                        "workers": 0 if zone.external else crew.workers[place],
                        "work_left": work / HOUR,
                    }
                )
            )
        table = pd.concat(tables, ignore_index=True)
        return table.astype(dict.fromkeys(("warehouse", "stage", "zone"), "category"))

    def flow(self) -> pd.DataFrame:
        """One row per minute and warehouse: orders placed, paid, released and shipped so far.

        Columns: ``time warehouse placed paid released shipped open``; counts are of what happened
        before the turn of the minute, ``open`` is paid less shipped or cancelled. An order is
        told of at one warehouse: where the first parcel of its goods leaves, in the order of the
        file, or the first of its route.
        """
        import pandas as pd

        turns, tables = self._turns(), []
        for house, counts in zip(self.model.network.names, self._orders, strict=True):
            columns = {name: counts[name].before(turns) for name in _OF_ORDERS}
            columns["open"] = columns["paid"] - columns.pop("closed")
            times = turns * (MINUTE / SECOND)
            tables.append(pd.DataFrame({"time": times, "warehouse": house, **columns}))
        table = pd.concat(tables, ignore_index=True)
        return table.astype({"warehouse": "category"})

    def _turns(self) -> Indices:
        """List the turns of minutes to tell of, from the clock's beginning to the last event.

        Of a very long run only those before which something happened, and the last.
        """
        begin, end = self.model.begin // MINUTE, -(-self._last // MINUTE) + 1
        if end - begin <= _MOST_MINUTES:
            return np.arange(begin, end)
        turns = self._happened.turns
        return np.union1d(turns[turns < end], [begin, end - 1])
