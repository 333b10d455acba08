"""Trucks: what they took, and what they left behind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.carriers import ALL_THAT_FITS
from burstsim.engine.trace import Trace
from burstsim.results.spelling import spelt_out
from burstsim.results.value import Value
from burstsim.units import SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["truck_metrics", "trucks_frame"]


def truck_metrics(trace: Trace) -> dict[str, Value]:
    """Compute the metrics of every carrier, by name."""
    table, values = trace.pickups, {}
    for house, carriers in enumerate(trace.model.carriers):
        for number, carrier in enumerate(carriers.each):
            mine = (table.house == house) & (table.carrier == number)
            path = f"{trace.model.network.names[house]}.{carrier.name}"
            most = int(table.behind[mine].max(initial=0))
            limited = mine & (table.capacity < ALL_THAT_FITS)
            room = int(table.capacity[limited].sum())
            fill = int(table.loaded[limited].sum()) / room if room else math.nan
            values[f"left_behind.{path}"] = Value(most)
            values[f"truck_fill.{path}"] = Value(fill)
    return values


def trucks_frame(trace: Trace) -> pd.DataFrame:
    """One row per pickup, by time: what the truck took.

    Columns: ``time warehouse carrier capacity loaded left_behind``; `capacity` is NaN where
    everything fits, `left_behind` what was ready and did not fit.
    """
    import pandas as pd

    table = trace.pickups
    pairs = zip(table.house.tolist(), table.carrier.tolist(), strict=True)
    carriers = [trace.model.carriers[house].each[number].name for house, number in pairs]
    names = list(dict.fromkeys(carriers))
    room = np.where(table.capacity < ALL_THAT_FITS, table.capacity.astype(np.float64), np.nan)
    return pd.DataFrame(
        {
            "time": table.tick / SECOND,
            "warehouse": spelt_out(table.house, trace.model.network.names),
            "carrier": pd.Categorical(carriers, categories=pd.Index(names, dtype="str")),
            "capacity": room,
            "loaded": table.loaded,
            "left_behind": table.behind,
        }
    )
