"""What comes back of parcels that are cancelled before they are released."""

from __future__ import annotations

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.events import Event, coming_to
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.vector.stock import allotted
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.counters import Step
from burstsim.kernels.segments import segment_elements
from burstsim.units import NEVER

__all__ = ["back_on_sale", "back_on_shelves"]


def back_on_shelves(
    model: Model, orders: Orders, groups: Groups, passage: tuple[Parcels, Floor]
) -> tuple[Event, ...]:
    """Give goods and gifts that come back to their shelves.

    Parameters
    ----------
    model, orders, groups
        Who left when.
    passage
        The parcels, and the floor after the run.
    """
    parcels, shelves = passage[0], model.stock.shelves
    row, back = _out(model, passage[1])
    if len(row) == 0 or not (shelves >= 0).any():
        return ()
    owner, _, lines = _lines(orders, groups, parcels, row)
    source, *goods = leaves_of(orders, lines)
    inside, *gifts = parcels.gifts
    place = np.minimum(row.searchsorted(inside), len(row) - 1)
    mine = row[place] == inside
    columns = zip(
        (owner[source], *goods), (place[mine], *(column[mine] for column in gifts)), strict=True
    )
    of, sku, pieces = (np.concatenate(pair) for pair in columns)
    house = parcels.warehouse[row][of]
    some = (pieces > 0) & (shelves[house, sku] >= 0)
    return coming_to(back[of][some], house[some], sku[some], pieces[some])


def back_on_sale(
    model: Model, orders: Orders, groups: Groups, passage: tuple[Parcels, Floor]
) -> tuple[Step, ...]:
    """Give goods that come back on sale, and units of allotments and shows, in order.

    Parameters
    ----------
    model, orders, groups
        Who left when.
    passage
        The parcels, and the floor after the run.
    """
    parcels = passage[0]
    row, back = _out(model, passage[1])
    if len(row) == 0:
        return ()
    owner, order, lines = _lines(orders, groups, parcels, row)
    source, sku, pieces = leaves_of(orders, lines)
    ends = model.stock.on_hand[sku] >= 0
    place, counter = allotted(model, orders, (lines, order))
    tick = back[owner]
    ticks = np.append(tick[source[ends]], tick[place])
    counters = np.append(sku[ends], counter)
    amounts = np.append(pieces[ends], orders.line_quantity[lines[place]])
    total: dict[tuple[int, int], int] = {}
    for when, which, many in zip(ticks.tolist(), counters.tolist(), amounts.tolist(), strict=True):
        total[when, which] = total.get((when, which), 0) + many
    return tuple(
        Step(tick=when, build=-1, house=-1, counter=which, amount=many)
        for (when, which), many in sorted(total.items())
        if many
    )


def _out(model: Model, floor: Floor) -> tuple[Indices, Ticks]:
    """Rows of parcels that were cancelled before their release, and the sweeps that see it."""
    row = np.flatnonzero((floor.released == NEVER) & (floor.left_at < NEVER))
    back = model.sweeps.after(floor.left_at[row])
    seen = back < model.end
    return row[seen], back[seen]


def _lines(
    orders: Orders, groups: Groups, parcels: Parcels, row: Indices
) -> tuple[Indices, Indices, Indices]:
    """Position in `row`, order and number of the lines that are in those of the parcels."""
    goods = np.flatnonzero(parcels.part[row] == 0)
    group = parcels.group[row[goods]]
    members = groups.members[segment_elements(groups.offsets, group)]
    owner = np.repeat(goods, np.diff(groups.offsets)[group])
    count = np.diff(orders.line_offsets)[members]
    owner, order = np.repeat(owner, count), np.repeat(members, count)
    lines = segment_elements(orders.line_offsets, members)
    mine = parcels.sources[lines] == parcels.warehouse[row][owner]
    return owner[mine], order[mine], lines[mine]
