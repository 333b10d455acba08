"""Which orders are late so far, order by order."""

from __future__ import annotations

from burstsim.engine.compile import Model
from burstsim.engine.event.allocation import Allocation
from burstsim.engine.event.floor import Floor
from burstsim.engine.event.parcels import Number
from burstsim.engine.orders import Orders

__all__ = ["late_share"]


def late_share(
    model: Model, orders: Orders, paid: list[int], allocation: Allocation, floor: Floor
) -> float:
    """Share of the orders due before now that were not met before now; 0 without any.

    Parameters
    ----------
    model, orders
        Who was promised what.
    paid
        Orders that are let in and paid.
    allocation, floor
        What has been sent and done.
    """
    now = floor.clock.now
    due = [
        order
        for order in paid
        if orders.due[order] < now < orders.cancelled[order] and order not in allocation.out
    ]
    if not due:
        return 0.0
    leader = {
        order: first for first in allocation.sent for order in allocation.groups[first].members
    }
    parcels: dict[int, list[Number]] = {}
    for number in floor.parcels:
        parcels.setdefault(number[0], []).append(number)
    late = 0
    for order in due:
        promise = model.promise_of(orders.channels[orders.channel[order]])
        packed = promise is not None and promise.met_at == "packed"
        mine = parcels.get(leader.get(order, -1), [])
        late += not mine or not all(_met(floor, number, packed=packed) for number in mine)
    return late / len(due)


def _met(floor: Floor, number: Number, *, packed: bool) -> bool:
    """Whether a parcel was shipped, or packed, before now."""
    now = floor.clock.now
    if not packed:
        return floor.shipped.get(number, now) < now
    stage = floor.model.stages[floor.model.packing(number[2])]
    here = [floor.stations[zone] for zone in stage.zones]
    came = [station for station in here if number in station.entered]
    if not came:
        return floor.done.get(number, now) < now
    return all(station.done.get(number, now) < now for station in came)
