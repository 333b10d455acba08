"""Tables of one replication by minutes: timeline and flow.

Times are float64 seconds since ``start``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.facts import Facts
from burstsim.results.flows import Flow
from burstsim.results.minutes import before_turn, turns_after, zone_minutes
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

#: Longest run of which every minute is told, in minutes: sixty days.
_MOST_MINUTES = 60 * 24 * 60

__all__ = ["flow_frame", "timeline_frame"]


def timeline_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and zone, from the clock's beginning to the last work done.

    Of a run of more than sixty days only the minutes in which something happened.

    Columns: ``time warehouse stage zone waiting busy workers work_left``: the state just
    before the turn of the minute; ``work_left`` in hours at productivity 1. ``workers`` are
    those of the crew who can work, nobody during an outage; people who finish a task after their
    shift are busy beyond it. A partner's people are not known: 0.
    """
    import pandas as pd

    numbers = _turns(Facts(trace))
    turns, tables = numbers * MINUTE, []
    for number, zone in enumerate(trace.model.zones):
        # `Facts.task_flow` would count as well how long people waited and worked
        tasks = Flow.of_tasks(trace.visits[number], trace.loads[number])
        state = zone_minutes(tasks, numbers)
        crew = trace.crews[number]
        place = np.maximum(crew.times.searchsorted(turns, side="left") - 1, 0)
        tables.append(
            pd.DataFrame(
                {
                    "time": turns / SECOND,
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
    import pandas as pd

    facts = Facts(trace)
    turns = _turns(facts)
    columns = {
        "placed": trace.orders.placed,
        "paid": facts.paid,
        "released": trace.per_order(trace.released),
        "shipped": facts.shipped,
        "open": facts.closes,
    }
    tables = []
    for number, house in enumerate(trace.model.network.names):
        here = facts.home == number
        counts = {
            name: before_turn(ticks[here], turns).astype(np.int64)
            for name, ticks in columns.items()
        }
        counts["open"] = counts["paid"] - counts["open"]
        times = turns * (MINUTE / SECOND)
        tables.append(pd.DataFrame({"time": times, "warehouse": house, **counts}))
    table = pd.concat(tables, ignore_index=True)
    return table.astype({"warehouse": "category"})


def _turns(facts: Facts) -> Indices:
    """List the turns of minutes to tell of, from the clock's beginning to the last event.

    Of a very long run only those before which something happened, and the last.
    """
    trace, paid = facts.trace, facts.orders.paid
    last = max(*facts.closings, int(paid[paid < NEVER].max(initial=0)))
    begin, end = trace.model.begin // MINUTE, -(-last // MINUTE) + 1
    if end - begin <= _MOST_MINUTES:
        return np.arange(begin, end)
    happened = [trace.orders.placed, paid, trace.released]
    for visits in trace.visits:
        happened += [visits.entered, visits.started, visits.done]
    turns = turns_after(*(ticks[ticks < NEVER] for ticks in happened))
    return np.union1d(turns[turns < end], [begin, end - 1])
