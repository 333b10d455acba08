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
from burstsim.kernels.segments import sums_by
from burstsim.units import NEVER

__all__ = ["Parcels", "pack_parcels"]

Flags = npt.NDArray[np.bool_]


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
    loads : for each zone, (p,) float64
        Ticks of work at productivity 1, noise included; 0 where they go on tours, until those
        are made.
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
        Parcel, SKU and pieces of the gifts in them, those in carts apart.
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
    own = gifts.part > MAIN  # in a parcel of their own
    keys, place = np.unique(gifts.key[own], return_inverse=True)
    size = len(goods) + len(keys)
    parcel = np.empty(len(gifts.key), np.int64)
    parcel[~own] = goods.main[gifts.group[~own]]
    parcel[own] = len(goods) + place

    pieces = sums_by(parcel[gifts.row], gifts.pieces, size)
    pieces[: len(goods)] += goods.pieces()
    extra = [np.zeros(size, np.int64) for _ in model.zones]
    for zone_number, of_zone in enumerate(extra):
        on_kits = goods.work(zone_number)
        if on_kits is not None:
            of_zone[: len(goods)] = on_kits
    houses, parts = len(model.chains), gifts.parts
    of = np.append(goods.group, keys // (houses * parts))
    part = np.append(np.zeros(len(goods), np.int64), keys // houses % parts)
    house = np.append(goods.house, keys % houses)
    _add_gift_work(model.rules, gifts, (parcel, house), extra)
    released = np.empty(size, np.int64)
    released[: len(goods)] = filled.sent[goods.group]
    released[parcel[own]] = gifts.released[own]
    lines = goods.lines(parcel[~own], (parcel[gifts.row], gifts.sku), size)
    first = groups.first[of]
    # nearly in order already, and stable sorting is quick where it is
    order = np.argsort((first * parts + part) * houses + house, kind="stable")
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size)
    owner, sku, count = np.empty((3, 0), np.int64)
    if model.picking.needs_contents:
        inside = goods.contents(np.arange(len(goods)))
        given = parcel[gifts.row], gifts.sku, gifts.pieces
        columns = zip(inside, given, strict=True)
        owner, sku, count = (np.concatenate(pair) for pair in columns)
    contents = Contents(
        pieces=pieces, lines=lines, owner=owner, sku=sku, count=count, extra=tuple(extra)
    )
    tasks = tasks_of(model, contents)
    loads = []
    for zone, noise, task in zip(model.zones, orders.noise, tasks, strict=True):
        if zone.tour is not None:
            loads.append(np.zeros(size))
            continue
        work = loads_of(zone, task, noise[first])
        if task.passes is not None:
            work[task.passes] = 0
        if houses > 1:
            work[house != zone.house] = 0
        loads.append(work[order])
    return Parcels(
        group=of[order],
        part=part[order],
        warehouse=house[order],
        order=first[order],
        pieces=pieces[order],
        lines=lines[order],
        sent=released[order],
        gone=groups.gone[of[order]],
        loads=tuple(loads),
        passes=tuple(None if task.passes is None else task.passes[order] for task in tasks),
        tasks={
            number: task.sorted(order)
            for number, (zone, task) in enumerate(zip(model.zones, tasks, strict=True))
            if zone.tour is not None
        },
        sources=goods.sources(),
        carrier=carriers_for(model, orders, first[order], house[order]),
        back_after=np.where(part == 0, orders.back_after[first], NEVER)[order],
        enters=np.where(part == 0, orders.enters[first], -1)[order],
        gifts=(rank[parcel[gifts.row]], gifts.sku, gifts.pieces),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gifts:
    """Gifts that go into some parcel, one entry per row of gifts.

    Parameters
    ----------
    group, rule, option, part : (e,) int64
    key : (e,) int64
        ``(group * parts + part) * warehouses + warehouse``: entries with the same key share a
        parcel.
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
    key: Indices
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
    chosen = np.concatenate((now, later))
    group, count = rows.group[chosen], np.concatenate((rows.granted[now], rows.later[later]))
    part = np.concatenate((ship[now], LATER + rows.rule[later]))
    released = np.concatenate((filled.sent[rows.group[now]], np.array(came, np.int64)))
    waits = ship[chosen] == AFTER_MAIN
    released[waits] = np.maximum(released[waits], after[group[waits]])
    goes = released < NEVER
    chosen, group, count, part = chosen[goes], group[goes], count[goes], part[goes]
    each = _pieces_of(rules, rows, chosen)
    source, sku, pieces = opened(orders.items, rows.item[chosen], count)
    parts = LATER + len(rules)
    return _Gifts(
        group=group,
        rule=rows.rule[chosen],
        option=rows.option[chosen],
        part=part,
        key=(group * parts + part) * len(model.chains) + rows.house[chosen],
        parts=parts,
        released=released[goes],
        times=-(-count // each),
        row=source,
        sku=sku,
        pieces=pieces,
    )


def _pieces_of(rules: tuple[Rule, ...], rows: GiftRows, chosen: Indices) -> Indices:
    """Pieces of the item that are in one gift, for some rows."""
    options = max([1, *(len(rule.options) for rule in rules)])
    places = max([1, *(len(option) for rule in rules for option in rule.options)])
    table = np.ones((len(rules), options, places), np.int64)
    for number, rule in enumerate(rules):
        for option, gifts in enumerate(rule.options):
            for place, (_, each) in enumerate(gifts):
                table[number, option, place] = each
    of_row: Indices = table[rows.rule[chosen], rows.option[chosen], rows.place[chosen]]
    return of_row


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
                    extra[zone] += np.where(house == at, times, 0) * ticks
