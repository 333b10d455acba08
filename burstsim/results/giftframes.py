"""What rules gave in one replication, by minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.piece import Piece
from burstsim.kernels.arrays import Indices
from burstsim.results.giftfacts import given, short
from burstsim.results.spelling import spelt_out
from burstsim.units import MINUTE, SECOND

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GiftFlow"]


class GiftFlow:
    """Gifts by minute, rule and item, of minutes in which rules gave something."""

    def __init__(self) -> None:
        self._keys, self._pieces = np.empty((0, 3), np.int64), np.empty((0, 3), np.int64)
        self._rules: tuple[str, ...] = ()
        self._items: tuple[str, ...] = ()

    def add(self, piece: Piece) -> None:
        """Add the gifts of those who are over."""
        trace, table = piece.trace, piece.trace.gifts
        self._rules = tuple(rule.name for rule in trace.model.rules)
        self._items = tuple(trace.orders.items.names)
        rows = np.flatnonzero(piece.over[table.order])
        keys = np.stack((table.decided // MINUTE, table.rule, table.item), axis=1)[rows]
        pieces = np.stack((table.proposed, given(trace), short(trace)), axis=1)[rows]
        self._keys, self._pieces = _sums(
            np.concatenate((self._keys, keys)), np.concatenate((self._pieces, pieces))
        )

    def frame(self) -> pd.DataFrame:
        """One row per minute, rule and item, of minutes in which rules gave something.

        Columns: ``time rule sku proposed granted short``: what was decided in the minute that
        begins at ``time``, in pieces; a gift that came later counts where it was decided.
        """
        import pandas as pd

        proposed, granted, lacking = self._pieces.T
        return pd.DataFrame(
            {
                "time": self._keys[:, 0] * (MINUTE / SECOND),
                "rule": spelt_out(self._keys[:, 1], self._rules),
                "sku": spelt_out(self._keys[:, 2], self._items),
                "proposed": proposed,
                "granted": granted,
                "short": lacking,
            }
        )


def _sums(keys: Indices, pieces: Indices) -> tuple[Indices, Indices]:
    """Add up the rows of the same keys, in order of these."""
    rows, place = np.unique(keys, axis=0, return_inverse=True)
    sums = np.zeros((len(rows), pieces.shape[1]), np.int64)
    np.add.at(sums, place.reshape(-1), pieces)
    return rows, sums
