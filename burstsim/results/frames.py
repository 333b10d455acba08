"""Tables of one replication: orders, parcels, timeline, flow.

Times are float64 seconds since ``start``; NaN means never. Money is in units, not cents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import sums_by
from burstsim.results.causes import causes_of
from burstsim.results.facts import Facts
from burstsim.results.minutes import before_turn, turns_after, zone_minutes
from burstsim.scenario.metrics import late_causes
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

#: Longest run of which every minute is told, in minutes: sixty days.
_MOST_MINUTES = 60 * 24 * 60

__all__ = ["flow_frame", "orders_frame", "parcels_frame", "timeline_frame"]


def _seconds(ticks: Ticks) -> Floats:
    return np.where(ticks == NEVER, np.nan, ticks / SECOND)


def _named(codes: Ticks, names: tuple[str, ...]) -> pd.Categorical:
    """Spell codes out; -1 is missing."""
    import pandas as pd

    # without names the type says that they are text, or Parquet forgets what the column is
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def _customers(orders: Orders) -> pd.Categorical:
    """Names of the customers; unknown ones are missing."""
    import pandas as pd

    different, places = np.unique(orders.customer, return_inverse=True)
    unknown = int((different < 0).sum())
    names = [orders.customers.name(int(code)) for code in different[unknown:]]
    codes = np.maximum(places - unknown, -1)
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))


def orders_frame(trace: Trace) -> pd.DataFrame:
    """One row per order.

    Columns: ``order stream channel customer region owner state placed paid shipped parcels
    lines units gifts value due late late_because returned``. ``late`` is true when the promise is
    known to be broken; an order without a promise is not late. ``late_because`` names where it
    lost most of its time.
    """
    import pandas as pd

    facts, orders = Facts(trace), trace.orders
    streams = trace.model.scenario.demand
    count = len(orders)
    return pd.DataFrame(
        {
            "order": np.arange(count),
            "stream": _named(orders.stream, tuple(streams)),
            "channel": _named(orders.channel, orders.channels),
            "customer": _customers(orders),
            "region": _named(orders.region, orders.regions),
            "owner": _named(orders.owner, orders.owners),
            "state": _named(trace.state, STATES),
            "placed": _seconds(orders.placed),
            "paid": _seconds(facts.paid),
            "shipped": _seconds(facts.shipped),
            "parcels": trace.per_order_count(),
            "lines": np.diff(orders.line_offsets),
            "units": orders.pieces,
            "gifts": _gifts(trace),
            "value": orders.value / 100,
            "due": _seconds(np.where(facts.paid < NEVER, facts.due, NEVER)),
            "late": facts.late,
            "late_because": _named(causes_of(facts), late_causes(trace.model.scenario)),
            "returned": facts.returned,
        }
    )


def _gifts(trace: Trace) -> Indices:
    """Pieces given to each order; of orders that leave together the first has them."""
    table = trace.gifts
    given = table.granted + table.later
    pieces: Indices = sums_by(table.order, given, len(trace.orders))
    return pieces


def parcels_frame(trace: Trace) -> pd.DataFrame:
    """One row per parcel: where it went and when it was at each stage.

    Columns: ``order parcel warehouse carrier released``, then ``<stage>_entered
    <stage>_started <stage>_done`` for each stage, then ``shipped``. Stages of one name in
    several warehouses share their columns; a partner's is called ``external``. ``parcel`` tells
    the parcels of an order in one warehouse apart: 0 its goods, 1 gifts beside them, 2 gifts
    after them, from 3 on gifts that came later.
    """
    import pandas as pd

    houses = tuple(trace.model.scenario.warehouses)
    columns: dict[str, object] = {
        "order": trace.parcel_order,
        "parcel": trace.parcel_part,
        "warehouse": _named(trace.parcel_warehouse, houses),
        "carrier": _carriers(trace),
        "released": _seconds(trace.released),
    }
    for name in dict.fromkeys(stage.name for stage in trace.model.stages):
        visits = [
            trace.stage_visits(number)
            for number, stage in enumerate(trace.model.stages)
            if stage.name == name
        ]
        for what in ("entered", "started", "done"):
            ticks = np.full(trace.rows.count, NEVER)
            for visit in visits:
                ticks[visit.rows] = getattr(visit, what)
            columns[f"{name}_{what}"] = _seconds(ticks)
    columns["shipped"] = _seconds(trace.shipped)
    return pd.DataFrame(columns)


def _carriers(trace: Trace) -> pd.Categorical:
    """Names of the carriers of parcels that are done."""
    names: dict[str, int] = {}
    codes = np.full(len(trace.carrier), -1)
    for house, carriers in enumerate(trace.model.carriers):
        own = [names.setdefault(carrier.name, len(names)) for carrier in carriers.each]
        mine = (trace.parcel_warehouse == house) & (trace.carrier >= 0)
        codes[mine] = np.array(own, np.int64)[trace.carrier[mine]] if own else -1
    return _named(codes, tuple(names))


def timeline_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and zone, from the clock's beginning to the last work done.

    Of a run of more than sixty days only the minutes in which something happened.

    Columns: ``time warehouse stage zone waiting busy workers work_left``: the state just
    before the turn of the minute; ``work_left`` in hours at productivity 1. ``workers`` are
    those of the crew who can work, nobody during an outage; people who finish a task after their
    shift are busy beyond it. A partner's people are not known: 0.
    """
    import pandas as pd

    numbers = _turns(trace)
    turns = numbers * MINUTE
    tables, facts = [], Facts(trace)
    for number, zone in enumerate(trace.model.zones):
        state = zone_minutes(facts.task_flow(number), numbers)
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

    facts, turns = Facts(trace), _turns(trace)
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


def _turns(trace: Trace) -> Indices:
    """List the turns of minutes to tell of, from the clock's beginning to the last event.

    Of a very long run only those before which something happened, and the last.
    """
    paid = trace.orders.paid
    last = max(*Facts(trace).closings, int(paid[paid < NEVER].max(initial=0)))
    begin, end = trace.model.begin // MINUTE, -(-last // MINUTE) + 1
    if end - begin <= _MOST_MINUTES:
        return np.arange(begin, end)
    happened = [trace.orders.placed, paid, trace.released]
    for visits in trace.visits:
        happened += [visits.entered, visits.started, visits.done]
    turns = turns_after(*(ticks[ticks < NEVER] for ticks in happened))
    return np.union1d(turns[turns < end], [begin, end - 1])
