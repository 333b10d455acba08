"""How the stock of SKUs ran down in one replication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices
from burstsim.results.giftfacts import taken
from burstsim.results.perminute import PerMinute
from burstsim.results.spelling import spelt_out
from burstsim.units import MINUTE, SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stock_frame"]

#: A picture has room for fewer; of more SKUs the first that ran out are told of.
_MOST_SKUS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _RunDown:
    """A SKU that ran out: pieces left before some turns of minutes, and the first without any."""

    sku: int
    turns: Indices
    left: Indices
    out: int


def stock_frame(trace: Trace) -> pd.DataFrame:
    """Pieces left of every SKU that ran out, at the turns of minutes in which that changed.

    Columns: ``time sku left``: pieces on all shelves just before ``time``, safety stock apart;
    the first row of a SKU has what was there at the beginning. SKUs are in the order in which
    they ran out.
    """
    import pandas as pd

    found = sorted(_run_downs(trace), key=lambda each: (each.out, each.sku))[:_MOST_SKUS]
    nothing = [np.empty(0, np.int64)]
    skus = [np.full(len(each.turns), each.sku) for each in found] or nothing
    turns = np.concatenate([each.turns for each in found] or nothing)
    return pd.DataFrame(
        {
            "time": turns * (MINUTE / SECOND),
            "sku": spelt_out(np.concatenate(skus), trace.orders.items.names),
            "left": np.concatenate([each.left for each in found] or nothing),
        }
    )


def _run_downs(trace: Trace) -> Iterator[_RunDown]:
    """Follow every limited SKU; yield those of which at some time nothing is left."""
    on_hand = trace.model.stock.on_hand
    if not (on_hand >= 0).any():
        return
    sku, pieces, ticks = taken(trace)
    begin = trace.model.begin // MINUTE
    for number in np.unique(sku[on_hand[sku] >= 0]).tolist():
        own = sku == number
        gone = PerMinute()
        gone.add(ticks[own], pieces[own])
        if len(gone.turns) == 0:  # what came left again at once
            continue
        turns = np.union1d(gone.turns, [begin])
        left = on_hand[number] - gone.before(turns)
        empty = np.flatnonzero(left <= 0)
        if len(empty):
            yield _RunDown(sku=number, turns=turns, left=left, out=int(turns[empty[0]]))
