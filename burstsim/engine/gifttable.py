"""The gifts of a replication as columns: what rules proposed and what the shelf gave."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["GiftTable"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GiftTable:
    """One row per parcel's first order, rule, option, place and warehouse; in this order.

    Parameters
    ----------
    order : (r,) int64
        Number of the first order of the parcel.
    rule : (r,) int64
        Position among the compiled rules.
    option : (r,) int64
        Tier of the rule, 0 without tiers.
    place : (r,) int64
        Position of the item among what the option gives.
    house : (r,) int64
        Warehouse that was asked for it, -1 if none was.
    item : (r,) int64
        What is given; -1 for units in the cart that the rule does not name.
    proposed, granted, later : (r,) int64
        Pieces that the rule gives after all its caps; those that went with the order or beside
        it; those that went after it because they came into stock later.
    decided : (r,) int64
        Sweep at which the rules were looked at.
    """

    order: Indices
    rule: Indices
    option: Indices
    place: Indices
    house: Indices
    item: Indices
    proposed: Indices
    granted: Indices
    later: Indices
    decided: Ticks
