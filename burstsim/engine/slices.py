"""Orders a slice at a time."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.engine.orders import Orders


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderSlice:
    """Some orders that follow each other."""

    first: int
    until: int
    orders: Orders
