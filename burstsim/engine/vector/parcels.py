"""From groups and gifts to parcels: what travels together, when, and with what work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.shipments import AFTER_MAIN, LATER, MAIN, PART_OF
from burstsim.engine.vector.carriers import carriers_for
from burstsim.engine.vector.contents import opened
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows
from burstsim.engine.vector.goods import Goods
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.tasks import Contents, Task, loads_of, tasks_of
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.columns import joined, lean, taken
from burstsim.kernels.segments import order_of_rows, sums_by
from burstsim.units import NEVER

__all__ = ["Parcels", "pack_parcels"]

Flags = npt.NDArray[np.bool_]

_NOTHING = (np.empty(0, np.int64),) * 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parcels:
    """Parcels in order of (number of their first order, part, warehouse).

    Parameters
    ----------
    group, part, warehouse : (p,) int64
        Whose parcel it is, which of them, and from where.
    order : (p,) int64
        First order.
    pieces, lines : (p,) int64
        Units and different SKUs.
    sent, gone : (p,) int64
        Tick at which it is sent to its warehouse, and at which the last order of it is cancelled.
    loads : for each zone, (m,) float64
        Ticks of work at productivity 1, noise included, of the parcels of its warehouse; 0 where
        they go on tours, until those are made.
    passes : for each zone, (p,) bool or None
        Who has nothing to do there; None where everybody comes.
    tasks
        What they ask of each zone in which they go on tours.
    sources : (lines,) int64
        Warehouse that every order line came from, -1 if it was not sent.
    carrier : (p,) int64
        Position of the carrier among those of the warehouse, -1 where there is none.
    back_after : (p,) int64
        Ticks from shipping the goods to their coming back, `NEVER` for what does not.
    enters : (p,) int64
        Stage at which a parcel begins, -1 for the first.
    gifts : three times (m,) int64
        Parcel, SKU and pieces of the gifts in them, those in carts apart; where parcels may be
        cancelled, for nobody asks otherwise.
    """

    group: Indices
    part: Indices
    warehouse: Indices
    order: Indices
    pieces: Indices
    lines: Indices
    sent: Ticks
    gone: Ticks
    loads: tuple[Floats, ...]
    passes: tuple[Flags | None, ...]
    tasks: dict[int, Task]
    sources: Indices
    carrier: Indices
    back_after: Ticks
    enters: Indices
    gifts: tuple[Indices, Indices, Indices]


def pack_parcels(
    model: Model, orders: Orders, groups: Groups, filled: Filled, after: Ticks
) -> Parcels:
    """Put goods and gifts into parcels.

    Parameters
    ----------
    model, orders, groups
        Who leaves when.
    filled
        What they got.
    after : (g,) int64
        Sweep from which on gifts may go that go after the goods, `NEVER` if they may not.
    """
    goods = Goods(model, orders, groups, filled)
    gifts = _gift_parcels(model, orders, groups, filled, after)
    own = np.flatnonzero(gifts.part > MAIN)  # in a parcel of their own
    houses, parts = len(model.chains), gifts.parts
    # those with the same key share a parcel
    key = (gifts.group[own] * parts + gifts.part[own]) * houses + gifts.house[own]
    keys, place = np.unique(key, return_inverse=True)
    size = len(goods) + len(keys)
    parcel = goods.main[gifts.group]
    mixed = np.delete(parcel, own) if len(own) else parcel
    parcel[own] = len(goods) + place
    of = np.append(goods.group, keys // (houses * parts))
    part = joined(np.broadcast_to(np.int64(MAIN), len(goods)), keys // houses % parts)
    house = np.append(goods.house, keys % houses)
    released = np.empty(size, np.int64)
    released[: len(goods)] = filled.sent[goods.group]
    released[parcel[own]] = gifts.released[own]
    inside = parcel[gifts.row], gifts.sku
    order = _order_of(len(orders), groups.first[of], (part, house), size == goods.whole)
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size)
    contents = Contents(
        pieces=_pieces(goods, gifts, inside[0], size)[order],
        lines=goods.lines(mixed, inside, size)[order],
        extra=_extra(model, goods, gifts, (parcel, house), order),
        **_inside(model, goods, gifts, parcel, rank),
    )
    of, released = of[order], released[order]
    part, house = lean(taken(part, order)), lean(house[order])
    first, gone = groups.first[of], lean(taken(groups.gone, of))
    given, sources = _NOTHING, lean(goods.sources())
    if (gone < model.end).any():
        given = rank[inside[0]], gifts.sku, gifts.pieces
    del goods, gifts, inside, parcel, own, mixed, order, rank, key, place  # room for the work
    tasks = tasks_of(model, contents)
    return Parcels(
        group=of,
        part=part,
        warehouse=house,
        order=first,
        pieces=contents.pieces,
        lines=contents.lines,
        sent=released,
        gone=gone,
        loads=_loads(model, orders, tasks, first, house),
        passes=tuple(task.passes for task in tasks),
        tasks={
            number: task
            for number, (zone, task) in enumerate(zip(model.zones, tasks, strict=True))
            if zone.tour is not None
        },
        sources=sources,
        carrier=lean(carriers_for(model, orders, first, house)),
        back_after=_of_goods(part, first, orders.back_after, NEVER),
        enters=_of_goods(part, first, orders.enters, -1),
        gifts=given,
    )


def _order_of(
    count: int, first: Indices, others: tuple[Indices, Indices], only_one: bool
) -> Indices:
    """Positions that sort parcels by first order, part and warehouse, of `count` orders."""
    if not only_one:
        return order_of_rows(first, *others)
    # each order is the first of one parcel at most: there is nothing to sort
    place = np.full(count, -1)
    place[first] = np.arange(len(first))
    return place[np.flatnonzero(place >= 0)]


def _of_goods(part: Indices, first: Indices, column: Indices, otherwise: int) -> Indices:
    """Give parcels of goods what their order has, all others something else."""
    values = taken(column, first)
    return lean(np.where(part == MAIN, values, otherwise) if part.any() else values)


def _pieces(goods: Goods, gifts: _Gifts, parcel: Indices, size: int) -> Indices:
    """Units in each parcel."""
    pieces = sums_by(parcel, gifts.pieces, size) if len(parcel) else np.zeros(size, np.int64)
    pieces[: len(goods)] += goods.pieces()
    return pieces


def _extra(
    model: Model, goods: Goods, gifts: _Gifts, where: tuple[Indices, Indices], order: Indices
) -> tuple[Ticks, ...]:
    """Ticks of work on kits and gifts in each zone; one and the same array where there are none."""
    size = len(order)
    nothing = np.zeros(size, np.int64)
    extra = [nothing for _ in model.zones]
    for number in range(len(model.zones)):
        on_kits = goods.work(number)
        if on_kits is not None:
            extra[number] = np.append(on_kits, nothing[len(goods) :])
    _add_gift_work(model.rules, gifts, where, extra)
    return tuple(of_zone if of_zone is nothing else of_zone[order] for of_zone in extra)


def _inside(
    model: Model, goods: Goods, gifts: _Gifts, parcel: Indices, rank: Indices
) -> dict[str, Indices]:
    """Say what is in each parcel, where that matters to the floor."""
    names = "owner", "sku", "count"
    if not model.picking.needs_contents:
        return dict.fromkeys(names, np.empty(0, np.int64))
    given = parcel[gifts.row], gifts.sku, gifts.pieces
    columns = zip(goods.contents(np.arange(len(goods))), given, strict=True)
    owner, sku, count = (np.concatenate(pair) for pair in columns)
    return dict(zip(names, (rank[owner], sku, count), strict=True))


def _loads(
    model: Model, orders: Orders, tasks: tuple[Task, ...], first: Indices, house: Indices
) -> tuple[Floats, ...]:
    """Ticks of work in each zone of the parcels of its warehouse; none yet on tours."""
    here = [np.flatnonzero(house == number) for number in range(len(model.chains))]
    known: dict[tuple[int, int], Indices] = {}

    def at(number: int, column: Indices) -> Indices:
        """Give a column's values at a warehouse; its zones share most columns."""
        key = number, id(column)
        if key not in known:
            known[key] = column[here[number]]
        return known[key]

    loads = []
    for zone, noise, task in zip(model.zones, orders.noise, tasks, strict=True):
        mine = here[zone.house]
        if zone.tour is not None:
            work = np.zeros(len(mine))
        elif task.passes is not None:
            comes = ~task.passes[mine]
            some, work = mine[comes], np.zeros(len(mine))
            work[comes] = loads_of(zone, task.only(some), noise[first[some]])
        elif len(mine) == len(first):
            work = loads_of(zone, task, noise[first])
        else:
            pieces, lines, extra, orders_of = (
                at(zone.house, column) for column in (task.pieces, task.lines, task.extra, first)
            )
            asked = Task(pieces=pieces, lines=lines, extra=extra, passes=None)
            work = loads_of(zone, asked, noise[orders_of])
        loads.append(work)
    return tuple(loads)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gifts:
    """Gifts that go into some parcel, one entry per row of gifts.

    Parameters
    ----------
    group, rule, option, part, house : (e,) int64
    parts
        More than there are parts of any group.
    released : (e,) int64
    times : (e,) int64
        Gifts; one of which a part is missing counts as well.
    row, sku, pieces : (leaves,) int64
        Entry, and how many of which SKU.
    """

    group: Indices
    rule: Indices
    option: Indices
    part: Indices
    house: Indices
    parts: int
    released: Ticks
    times: Indices
    row: Indices
    sku: Indices
    pieces: Indices


def _gift_parcels(
    model: Model, orders: Orders, groups: Groups, filled: Filled, after: Ticks
) -> _Gifts:
    """Say of all gifts that go to the floor in which part of their group, and when."""
    rows, rules = filled.rows, model.rules
    added = np.array([rule.spec.source == "add" for rule in rules], bool)[rows.rule]
    ship = np.array([PART_OF[rule.spec.fulfil.ship] for rule in rules], np.int64)[rows.rule]
    now = np.flatnonzero(added & (rows.granted > 0))
    later = np.flatnonzero(rows.later > 0)
    came = [
        filled.later_at[pair]
        for pair in zip(rows.group[later].tolist(), rows.rule[later].tolist(), strict=True)
    ]
    if len(now) == len(rows) and len(later) == 0:  # all of them, at once
        count, part, released = rows.granted, ship, filled.sent[rows.group]
    else:
        chosen = np.concatenate((now, later))
        count = np.concatenate((rows.granted[now], rows.later[later]))
        part = np.concatenate((ship[now], LATER + rows.rule[later]))
        released = np.concatenate((filled.sent[rows.group[now]], np.array(came, np.int64)))
        rows, ship = rows.only(chosen), ship[chosen]
    waits = np.flatnonzero(ship == AFTER_MAIN)
    released[waits] = np.maximum(released[waits], after[rows.group[waits]])
    goes = np.flatnonzero(released < NEVER)
    if len(goes) < len(rows):
        rows, count, part, released = rows.only(goes), count[goes], part[goes], released[goes]
    source, sku, pieces = opened(orders.items, rows.item, count)
    parts = LATER + len(rules)
    return _Gifts(
        group=rows.group,
        rule=rows.rule,
        option=rows.option,
        part=part,
        house=rows.house,
        parts=parts,
        released=released,
        times=_times(rules, rows, count),
        row=source,
        sku=sku,
        pieces=pieces,
    )


def _times(rules: tuple[Rule, ...], rows: GiftRows, count: Indices) -> Indices:
    """Gifts that so many pieces of each row are; one of which a part is missing is one as well."""
    if not any(rule.spec.fulfil.work for rule in rules):
        return count  # nobody asks
    options = max([1, *(len(rule.options) for rule in rules)])
    places = max([1, *(len(option) for rule in rules for option in rule.options)])
    table = np.ones((len(rules), options, places), np.int64)
    for number, rule in enumerate(rules):
        for option, gifts in enumerate(rule.options):
            for place, (_, each) in enumerate(gifts):
                table[number, option, place] = each
    times: Indices = -(-count // table[rows.rule, rows.option, rows.place])
    return times


def _add_gift_work(
    rules: tuple[Rule, ...], gifts: _Gifts, where: tuple[Indices, Indices], extra: list[Ticks]
) -> None:
    """Add the work on gifts to that of the parcels that they are in, at their warehouses."""
    parcel, house = where
    for number, rule in enumerate(rules):
        ticks = rule.spec.fulfil.work
        if not ticks:
            continue
        for option in range(len(rule.options)):
            mine = (gifts.rule == number) & (gifts.option == option)
            times = np.zeros(len(house), np.int64)
            add = np.add if rule.spec.one_of_several else np.maximum
            add.at(times, parcel[mine], gifts.times[mine])
            for at, zone in enumerate(rule.zones):
                if zone >= 0:
                    extra[zone] = extra[zone] + np.where(house == at, times, 0) * ticks
