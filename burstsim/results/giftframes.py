"""What rules gave in one replication, by minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.results.giftfacts import given, short
from burstsim.results.spelling import spelt_out
from burstsim.units import MINUTE, SECOND

if TYPE_CHECKING:
    import pandas as pd

    from burstsim.kernels.arrays import Indices

__all__ = ["gift_flow_frame"]


def gift_flow_frame(trace: Trace) -> pd.DataFrame:
    """One row per minute, rule and item, of minutes in which rules gave something.

    Columns: ``time rule sku proposed granted short``: what was decided in the minute that
    begins at ``time``, in pieces; a gift that came later counts where it was decided.
    """
    import pandas as pd

    table = trace.gifts
    minute = table.decided // MINUTE
    keys = np.stack((minute, table.rule, table.item), axis=1)
    rows, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.reshape(-1)

    def added(pieces: Indices) -> Indices:
        sums = np.zeros(len(rows), np.int64)
        np.add.at(sums, place, pieces)
        return sums

    return pd.DataFrame(
        {
            "time": rows[:, 0] * (MINUTE / SECOND),
            "rule": spelt_out(rows[:, 1], [rule.name for rule in trace.model.rules]),
            "sku": spelt_out(rows[:, 2], trace.orders.items.names),
            "proposed": added(table.proposed),
            "granted": added(given(trace)),
            "short": added(short(trace)),
        }
    )
