"""How many pieces are on the shelves at any moment of a pass."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import leaves_of, opened
from burstsim.engine.vector.events import Event
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import sort_pairs

__all__ = ["OnShelf"]

Moves = tuple[Ticks, Indices, Indices]


class OnShelf:
    """Everything that leaves the shelves or comes to them, put together when somebody asks.

    Parameters
    ----------
    model
        What is there at first.
    orders, groups, filled
        Who got what, and when.
    sources : (lines,) int64
        Warehouse that each order line came from, -1 if it was not sent.
    events
        What comes and goes besides, in order.
    """

    def __init__(
        self,
        model: Model,
        orders: Orders,
        taken: tuple[Groups, Filled, Indices],
        events: list[Event],
    ) -> None:
        self.model, self.orders, self.events = model, orders, events
        self.groups, self.filled, self.sources = taken
        self.known: dict[int, tuple[Ticks, Indices]] = {}

    def at(self, sku: int, tick: int) -> float:
        """Count the pieces of a SKU on all shelves before the sweep of a tick."""
        first = self.model.stock.shelves[:, sku]
        if (first < 0).any():
            return float("inf")
        if sku not in self.known:
            ticks, skus, pieces = self._moves
            mine = np.flatnonzero(skus == sku)
            when, mine = sort_pairs(ticks[mine], mine)
            self.known[sku] = when, np.append(0, np.cumsum(pieces[mine]))
        when, sums = self.known[sku]
        return float(first.sum() + sums[when.searchsorted(tick)])

    @cached_property
    def _moves(self) -> Moves:
        """Tick, SKU and pieces of everything that comes (below 0: leaves)."""
        parts = [self._goods(), *self._gifts(), self._besides()]
        ticks, skus, pieces = (np.concatenate(column) for column in zip(*parts, strict=True))
        return ticks, skus, pieces

    def _goods(self) -> Moves:
        orders, groups = self.orders, self.groups
        sent = np.full(len(orders), -1)
        sent[groups.members] = np.repeat(self.filled.sent, np.diff(groups.offsets))
        order = np.repeat(np.arange(len(orders)), np.diff(orders.line_offsets))
        # what is on the floor when the clock begins had left the shelf before
        lines = np.flatnonzero((self.sources >= 0) & (orders.enters[order] < 0))
        source, sku, pieces = leaves_of(orders, lines)
        return sent[order[lines]][source], sku, -pieces

    def _gifts(self) -> list[Moves]:
        rows, filled = self.filled.rows, self.filled
        mine = np.flatnonzero((rows.house >= 0) & (rows.item >= 0))
        group, rule = rows.group[mine], rows.rule[mine]
        source, sku, pieces = opened(self.orders.items, rows.item[mine], rows.granted[mine])
        found = [(filled.sent[group][source], sku, -pieces)]
        if filled.later_at:
            pairs = zip(group.tolist(), rule.tolist(), strict=True)
            later = np.array([filled.later_at.get(pair, 0) for pair in pairs], np.int64)
            source, sku, pieces = opened(self.orders.items, rows.item[mine], rows.later[mine])
            found.append((later[source], sku, -pieces))
        return found

    def _besides(self) -> Moves:
        """Goods that come, counts, builds, gifts that are put back."""
        filled, left = self.filled, dict(self.filled.made)
        moves: list[tuple[int, int, int]] = []
        for event in self.events:
            if event.counted >= 0:
                missing = filled.counted.get(event.counted, 0)
                moves.append((event.tick, event.sku, -missing))
            elif event.needs:
                kits = left.get(event.build, event.pieces)
                moves += [(event.tick, sku, -each * kits) for sku, each in event.needs.items()]
            else:
                pieces = min(event.pieces, left.get(event.build, event.pieces))
                if event.build in left:
                    left[event.build] -= pieces
                moves.append((event.tick, event.sku, pieces))
        table = np.array(moves, np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]
