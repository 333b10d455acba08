"""Tables of one replication: orders, parcels, timeline, flow.

Times are float64 seconds since ``start``; NaN means never. Money is in units, not cents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.results.metrics import Facts
from burstsim.results.minutes import before_turn, zone_minutes
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flow_frame", "orders_frame", "parcels_frame", "timeline_frame"]


def _seconds(ticks: Ticks) -> Floats:
    return np.where(ticks == NEVER, np.nan, ticks / SECOND)


def _named(codes: Ticks, names: tuple[str, ...]) -> pd.Categorical:
    """Spell codes out; -1 is missing."""
    import pandas as pd

    # without names the type says that they are text, or Parquet forgets what the column is
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype="str"))


def orders_frame(trace: Trace) -> pd.DataFrame:
    """One row per order.

    Columns: ``order stream channel customer region owner state placed paid shipped parcels
    lines units gifts value due late``. ``late`` is true when the promise is known to be
    broken; an order without a promise is not late.
    """
    import pandas as pd

    facts, orders = Facts(trace), trace.orders
    streams = trace.model.scenario.demand
    count = len(orders)
    finished = facts.shipped < NEVER
    states = ("shipped", "unfinished")
    latest_known = np.minimum(facts.met, trace.model.end)
    return pd.DataFrame(
        {
            "order": np.arange(count),
            "stream": _named(orders.stream, tuple(streams)),
            "channel": _named(orders.channel, orders.channels),
            "customer": _named(orders.customer, orders.customers),
            "region": _named(orders.region, orders.regions),
            "owner": _named(np.full(count, -1), ()),
            "state": _named(np.where(finished, 0, 1), states),
            "placed": _seconds(orders.placed),
            "paid": _seconds(orders.paid),
            "shipped": _seconds(facts.shipped),
            "parcels": np.bincount(trace.parcel_order, minlength=count),
            "lines": np.diff(orders.line_offsets),
            "units": orders.pieces,
            "gifts": np.zeros(count, np.int64),
            "value": orders.value / 100,
            "due": _seconds(orders.due),
            "late": latest_known > orders.due,
        }
    )


def parcels_frame(trace: Trace) -> pd.DataFrame:
    """One row per parcel: where it went and when it was at each stage.

    Columns: ``order parcel warehouse carrier released``, then ``<stage>_entered
    <stage>_started <stage>_done`` for each stage, then ``shipped``.
    """
    import pandas as pd

    count = len(trace.parcel_order)
    houses = tuple(trace.model.scenario.warehouses)
    columns: dict[str, object] = {
        "order": trace.parcel_order,
        "parcel": np.zeros(count, np.int64),
        "warehouse": _named(np.zeros(count, np.int64), houses),
        "carrier": _named(np.full(count, -1), ()),
        "released": _seconds(trace.released),
    }
    for zone, visits in zip(trace.model.zones, trace.visits, strict=True):
        columns[f"{zone.stage}_entered"] = _seconds(visits.entered)
        columns[f"{zone.stage}_started"] = _seconds(visits.started)
        columns[f"{zone.stage}_done"] = _seconds(visits.done)
    columns["shipped"] = _seconds(trace.shipped)
    return pd.DataFrame(columns)


def timeline_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and zone, from the clock's beginning to the last work done.

    Columns: ``time warehouse stage zone waiting busy workers work_left``: the state just
    before the turn of the minute; ``work_left`` in hours at productivity 1. ``workers`` are
    those of the crew; people who finish a task after their shift are busy beyond it.
    """
    import pandas as pd

    turns = _turns(trace)
    minutes = len(turns)
    tables = []
    for number, zone in enumerate(trace.model.zones):
        state = zone_minutes(trace, number, minutes)
        crew = zone.crew
        place = np.maximum(crew.times.searchsorted(turns, side="left") - 1, 0)
        tables.append(
            pd.DataFrame(
                {
                    "time": turns / SECOND,
                    "warehouse": zone.warehouse,
                    "stage": zone.stage,
                    "zone": zone.stage,
                    "waiting": state.waiting,
                    "busy": state.busy,
                    "workers": crew.workers[place],
                    "work_left": state.work_left / HOUR,
                }
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return table.astype(dict.fromkeys(("warehouse", "stage", "zone"), "category"))


def flow_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute and warehouse: orders placed, paid, released and shipped so far.

    Columns: ``time warehouse placed paid released shipped open``; counts are of what happened
    before the turn of the minute, ``open`` is paid less shipped.
    """
    import pandas as pd

    turns = _turns(trace)
    first = int(turns[0]) // MINUTE
    counts = {
        name: before_turn(ticks, len(turns), first=first).astype(np.int64)
        for name, ticks in (
            ("placed", trace.orders.placed),
            ("paid", trace.orders.paid),
            ("released", trace.released),
            ("shipped", trace.shipped),
        )
    }
    (house,) = trace.model.scenario.warehouses
    table = pd.DataFrame(
        {
            "time": turns / SECOND,
            "warehouse": house,
            **counts,
            "open": counts["paid"] - counts["shipped"],
        }
    )
    return table.astype({"warehouse": "category"})


def _turns(trace: Trace) -> Ticks:
    """Lay turns from the clock's beginning to the first at or after all that happened."""
    paid = trace.orders.paid
    paid = paid[paid < NEVER]
    last = max(Facts(trace).closing, int(paid.max(initial=0)))
    turns: Ticks = np.arange(trace.model.begin // MINUTE, -(-last // MINUTE) + 1) * MINUTE
    return turns
