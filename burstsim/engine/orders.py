"""Orders as columns: what both engines are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.control.roster import Roster
from burstsim.engine.customers import Customers
from burstsim.engine.fillings import Fillings
from burstsim.engine.items import Items
from burstsim.kernels.arrays import Floats, Indices, Ticks

__all__ = ["Orders"]

Flags = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Orders:
    """All orders of a replication by number, with everything that is drawn for them.

    An order's number is its rank by (placed, position of its sub-stream, index in it).

    Parameters
    ----------
    placed : (n,) int64
        Ticks.
    paid : (n,) int64
        Tick of the payment; `NEVER` for a buyer who does not pay in time.
    reserved : (n,) int64
        Tick at which stock is taken: placed or paid; `NEVER` if none ever is.
    expires : (n,) int64
        Tick at which an unpaid order expires; `NEVER` for one that is paid.
    cancelled : (n,) int64
        Tick at which the buyer of a paid order cancels it; `NEVER` for most.
    due : (n,) int64
        Tick of the promise; `NEVER` without one.
    reviewed : (n,) bool
        Whether somebody looks at the order before it may leave.
    enters : (n,) int64
        Stage at which an order is when the clock begins, -1 for all others.
    stream : (n,) int64
        Position in the scenario's demand; -1 for orders that are open when the clock begins.
    substream, index : (n,) int64
        Position in `burstsim.engine.substreams.substreams`, and index within the sub-stream.
    channel, region, room : (n,) int64
        Positions in `channels`, `regions` and `rooms`; -1 for an unknown room.
    owner : (n,) int64
        Position in `owners` of the merchant whose goods the order is for, -1 without one.
    customer, tier : (n,) int64
        Code in `customers`, -1 unknown; member tier, 0 without one.
    new, coupon : (n,) bool
        Whether the customer never bought before, and whether the order holds a coupon.
    line_offsets : (n+1,) int64
    line_item, line_quantity : (lines,) int64
        Position of the item in the model's catalogue, and how many of it.
    line_list, line_net, line_taxed : (lines,) int64
        Cents for all units of the line: before discounts, after them, and with tax; never
        with shipping. One array where nothing makes a difference.
    pieces, pick_lines : (n,) int64
        Units and different SKUs of an order, kits opened; an open part counts as one SKU.
    value : (n,) int64
        Cents.
    noise : tuple of (n,) float64
        For each zone of the model, the factor on each order's work.
    lottery : dict of (n,) float64
        Gift rule with a lottery → a number in [0, 1) for each order.
    chance : dict of (n,) uint64
        Gift rule that chooses at random → 64 random bits for each order.
    surprise : (n,) uint64
        64 random bits for what chance puts into mystery kits.
    carrier_draw : (n,) float64
        A number in [0, 1) that says which carrier takes an order's parcels.
    back_after : (n,) int64
        Ticks from shipping its goods to their coming back; `NEVER` for those who keep them.
    fillings
        What open parts became when stock was taken; nothing before an engine has run.
    items
        The items of the replication: those of the catalogue, then what buyers put together.
    rosters
        For each zone of the model, who comes to work and what breaks.
    replication
        Number of the replication that all this was drawn for.
    lost, diverted
        Orders that a closed channel lost (they are not among the columns), and orders that
        went to another channel instead.
    """

    placed: Ticks
    paid: Ticks
    reserved: Ticks
    expires: Ticks
    cancelled: Ticks
    due: Ticks
    reviewed: Flags
    enters: Indices
    stream: Indices
    substream: Indices
    index: Indices
    channel: Indices
    region: Indices
    room: Indices
    owner: Indices
    customer: Indices
    tier: Indices
    new: Flags
    coupon: Flags
    line_offsets: Indices
    line_item: Indices
    line_quantity: Indices
    line_list: Ticks
    line_net: Ticks
    line_taxed: Ticks
    pieces: Indices
    pick_lines: Indices
    value: Ticks
    noise: tuple[Floats, ...]
    lottery: dict[str, Floats]
    chance: dict[str, Bits]
    surprise: Bits
    carrier_draw: Floats
    back_after: Ticks
    fillings: Fillings
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    rooms: tuple[str, ...]
    owners: tuple[str, ...]
    customers: Customers
    items: Items
    rosters: tuple[Roster, ...]
    replication: int = 0
    lost: int = 0
    diverted: int = 0

    def __len__(self) -> int:
        return len(self.placed)
