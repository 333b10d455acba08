"""What groups of orders got from the shelves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from burstsim.engine.vector.giftrows import GiftRows
from burstsim.engine.vector.gifts import Grants
from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["Filled"]


@dataclass(slots=True, kw_only=True, eq=False)
class Filled:
    """What groups got.

    Parameters
    ----------
    grants
        What the rules give.
    rows
        What the shelves gave of it.
    house : (g,) int64
        Warehouse that most of a group's goods come from, -1 as long as it was not sent.
    split : dict of int to list of (warehouse, lines)
        Groups whose goods come from several warehouses, or of which lines are lost.
    sent : (g,) int64
        Sweep at which a group's goods and gifts were taken, `NEVER` if they were not.
    dropped : (g,) int64
        Sweep at which it was cancelled for lack of stock, else `NEVER`.
    held : (g,) bool
        Whether it waited for a gift at some time.
    later_at : dict of (group, rule) to int
        Sweep at which gifts came that had been out of stock.
    made : dict of int to int
        Build → kits for which there were parts on the shelf, where they may have run out.
    counted : dict of int to int
        Step of the model that is a count → pieces that were missing.
    refused : dict of int to (g,) bool
        By rule whose effect on others is decided when it gives: groups for which the shelf had
        nothing of it.
    """

    grants: Grants
    rows: GiftRows
    house: Indices
    sent: Ticks
    dropped: Ticks
    held: npt.NDArray[np.bool_]
    split: dict[int, list[tuple[int, list[int]]]] = field(default_factory=dict)
    later_at: dict[tuple[int, int], int] = field(default_factory=dict)
    made: dict[int, int] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)
    refused: dict[int, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def refuse(self, rule: int, group: int) -> None:
        """Note that the shelf had nothing of a rule's gifts for a group."""
        if rule not in self.refused:
            self.refused[rule] = np.zeros(len(self.sent), bool)
        self.refused[rule][group] = True
