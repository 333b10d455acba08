"""Tables of one replication by minutes: timeline and flow.

Times are float64 seconds since ``start``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.crews import Crew
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.facts import Facts
from burstsim.results.minutes import ZoneMinutes, before_turn, turns_after, zone_minutes
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

#: Longest run of which every minute is told, in minutes: sixty days.
_MOST_MINUTES = 60 * 24 * 60

__all__ = [
    *("flow_columns", "flow_frame", "flow_table", "timeline_frame", "timeline_table", "turns_of"),
]


def timeline_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and zone, from the clock's beginning to the last work done.

    Of a run of more than sixty days only the minutes in which something happened.

    Columns: ``time warehouse stage zone waiting busy workers work_left``: the state just
    before the turn of the minute; ``work_left`` in hours at productivity 1. ``workers`` are
    those of the crew who can work, nobody during an outage; people who finish a task after their
    shift are busy beyond it. A partner's people are not known: 0.
    """
    facts, turns = Facts(trace), _turns(trace)
    zones = range(len(trace.model.zones))
    states = (zone_minutes(facts.task_flow(number), turns) for number in zones)
    return timeline_table(trace.model, trace.crews, turns, states)


def timeline_table(
    model: Model, crews: Sequence[Crew], turns: Indices, states: Iterable[ZoneMinutes]
) -> pd.DataFrame:
    """Make the table of zones of the state of each of them at some turns of minutes."""
    import pandas as pd

    tables, ticks = [], turns * MINUTE
    for zone, crew, state in zip(model.zones, crews, states, strict=True):
        place = np.maximum(crew.times.searchsorted(ticks, side="left") - 1, 0)
        tables.append(
            pd.DataFrame(
                {
                    "time": ticks / SECOND,
                    "warehouse": zone.warehouse,
                    "stage": zone.stage,
                    "zone": zone.name,
                    "waiting": state.waiting,
                    "busy": state.busy,
                    "workers": 0 if zone.external else crew.workers[place],
                    "work_left": state.work_left / HOUR,
                }
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return table.astype(dict.fromkeys(("warehouse", "stage", "zone"), "category"))


def flow_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and warehouse: orders placed, paid, released and shipped so far.

    Columns: ``time warehouse placed paid released shipped open``; counts are of what happened
    before the turn of the minute, ``open`` is paid less shipped or cancelled. An order is told
    of at one warehouse: where the first parcel of its goods leaves, in the order of the file, or
    the first of its route.
    """
    facts, turns = Facts(trace), _turns(trace)
    columns, counts = flow_columns(facts), []
    for number in range(len(trace.model.chains)):
        here = facts.home == number
        counts.append(
            {
                name: before_turn(ticks[here], turns).astype(np.int64)
                for name, ticks in columns.items()
            }
        )
    return flow_table(trace.model, turns, counts)


def flow_columns(facts: Facts) -> dict[str, Ticks]:
    """Give the ticks at which each order comes to where the table of orders counts it."""
    return {
        "placed": facts.orders.placed,
        "paid": facts.paid,
        "released": facts.trace.per_order(facts.trace.released),
        "shipped": facts.shipped,
        "open": facts.closes,
    }


def flow_table(model: Model, turns: Indices, counts: Sequence[dict[str, Indices]]) -> pd.DataFrame:
    """Make the table of orders of what happened before some turns of minutes at each warehouse.

    Parameters
    ----------
    model, turns
        The warehouses, and numbers of minutes.
    counts
        Of each warehouse, by the names of `flow_columns`; ``open`` is who is open no more.
    """
    import pandas as pd

    tables, times = [], turns * (MINUTE / SECOND)
    for house, count in zip(model.network.names, counts, strict=True):
        count["open"] = count["paid"] - count["open"]
        tables.append(pd.DataFrame({"time": times, "warehouse": house, **count}))
    table = pd.concat(tables, ignore_index=True)
    return table.astype({"warehouse": "category"})


def _turns(trace: Trace) -> Indices:
    """List the turns of minutes to tell of."""
    paid, model = trace.orders.paid, trace.model
    last = max(*Facts(trace).closings, int(paid[paid < NEVER].max(initial=0)))
    happened = [trace.orders.placed, paid, trace.released]
    for visits in trace.visits:
        happened += [visits.entered, visits.started, visits.done]
    return turns_of(model, last, (turns_after(ticks[ticks < NEVER]) for ticks in happened))


def turns_of(model: Model, last: int, happened: Iterable[Indices]) -> Indices:
    """List the turns of minutes to tell of, from the clock's beginning to the last event.

    Parameters
    ----------
    model
        When the clock begins.
    last
        Tick of the last event.
    happened
        Turns before which something happened: of a very long run only they are told of.
    """
    begin, end = model.begin // MINUTE, -(-last // MINUTE) + 1
    if end - begin <= _MOST_MINUTES:
        return np.arange(begin, end)
    turns = np.unique(np.concatenate([*happened]))
    return np.union1d(turns[turns < end], [begin, end - 1])
