"""How much work orders are for each zone, without running anything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.tasks import Contents, Task, loads_of, tasks_of
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Floats
from burstsim.kernels.segments import segment_sums

__all__ = ["efforts"]


def efforts(model: Model, orders: Orders) -> Iterator[Floats]:
    """Yield for each zone the ticks of work that each order would be there, alone in its parcel.

    Tours are taken to be full of orders like it. Gifts and noise are left out; 0 stands for an
    order that has nothing to do in the zone.

    Parameters
    ----------
    model, orders
        The floors, and who buys what.

    Yields
    ------
    (n,) float64
    """
    lines = np.arange(len(orders.line_item))
    order = np.repeat(np.arange(len(orders)), np.diff(orders.line_offsets))
    source, sku, count = leaves_of(orders, lines)
    kits = (
        orders.items.work[orders.line_item, number] * orders.line_quantity
        for number in range(len(model.zones))
    )
    contents = Contents(
        pieces=orders.pieces,
        lines=orders.pick_lines,
        owner=order[source],
        sku=sku,
        count=count,
        extra=tuple(segment_sums(work, orders.line_offsets) for work in kits),
    )
    for zone, task in zip(model.zones, tasks_of(model, contents), strict=True):
        work = _shared(zone, task)
        yield work if task.passes is None else np.where(task.passes, 0.0, work)


def _shared(zone: Zone, task: Task) -> Floats:
    """Give an order's share of a tour of orders like it."""
    size = np.ones(len(task.pieces), np.int64)
    if zone.tour is not None:
        size[:] = zone.tour.orders or np.iinfo(np.int64).max
        if zone.tour.units is not None:
            size = np.minimum(size, zone.tour.units // np.maximum(task.pieces, 1))
        size = np.maximum(size, 1)
    together = Task(
        pieces=task.pieces * size, lines=task.lines * size, extra=task.extra * size, passes=None
    )
    share: Floats = loads_of(zone, together, 1.0 / size)
    return share
