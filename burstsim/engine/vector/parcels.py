"""From groups and gifts to parcels: what travels together, when, and with what work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.vector.contents import contents, different, opened, work_on_kits
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.kernels.segments import offsets_of, segment_elements, segment_sums, sums_by
from burstsim.units import NEVER

__all__ = ["Parcels", "pack_parcels"]

Flags = npt.NDArray[np.bool_]

#: Parts of what a group gets; as in `burstsim.engine.trace.Trace.parcel_part`.
_GOODS, _BESIDE, _AFTER, _LATER = range(4)
_PART = {"with_main": _GOODS, "split": _BESIDE, "after_main": _AFTER}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parcels:
    """Parcels in order of (number of their first order, part).

    Parameters
    ----------
    group, part : (p,) int64
        Whose parcel it is, and which of them.
    order : (p,) int64
        First order.
    pieces, lines : (p,) int64
        Units and different SKUs.
    released, gone : (p,) int64
        Tick of release, and the tick at which the last order of it is cancelled.
    loads : for each zone, (p,) float64
        Ticks of work at productivity 1, noise included.
    passes : for each zone, (p,) bool or None
        Who has nothing to do there; None where everybody comes.
    """

    group: Indices
    part: Indices
    order: Indices
    pieces: Indices
    lines: Indices
    released: Ticks
    gone: Ticks
    loads: tuple[Floats, ...]
    passes: tuple[Flags | None, ...]


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
    gifts = _gift_parcels(model, orders, groups, filled, after)
    sent = np.flatnonzero(filled.sent < NEVER)
    number = np.full(len(groups), -1)
    number[sent] = np.arange(len(sent))
    own = gifts.part > _GOODS  # in a parcel of their own
    keys, place = np.unique(gifts.key[own], return_inverse=True)
    size = len(sent) + len(keys)
    parcel = np.empty(len(gifts.key), np.int64)
    parcel[~own] = number[gifts.group[~own]]
    parcel[own] = len(sent) + place

    lengths = np.diff(groups.offsets)[sent]
    members = groups.members[segment_elements(groups.offsets, sent)]
    offsets = offsets_of(lengths)
    pieces = np.zeros(size, np.int64)
    pieces[: len(sent)] = segment_sums(orders.pieces[members], offsets)
    pieces += sums_by(parcel[gifts.row], gifts.pieces, size)
    extra = [np.zeros(size, np.int64) for _ in model.zones]
    for zone_number, of_zone in enumerate(extra):
        on_kits = work_on_kits(orders, offsets, members, zone_number)
        if on_kits is not None:
            of_zone[: len(sent)] = on_kits
    _add_gift_work(model.rules, gifts, parcel, extra)

    of = np.concatenate((sent, keys // gifts.parts))
    part = np.concatenate((np.zeros(len(sent), np.int64), keys % gifts.parts))
    released = np.empty(size, np.int64)
    released[: len(sent)] = filled.sent[sent]
    released[parcel[own]] = gifts.released[own]
    lines = _lines(orders, (offsets, members), (parcel[gifts.row], gifts.sku), size)
    first = groups.first[of]
    order = np.lexsort((part, first))
    loads, passes = [], []
    for zone, noise, ticks in zip(model.zones, orders.noise, extra, strict=True):
        work = np.full(size, zone.base)
        # the same sums in the same order as for a single parcel, to the last bit
        work = work + zone.per_line * lines if zone.per_line else work
        work = work + zone.per_unit * pieces if zone.per_unit else work
        work = work + ticks if ticks.any() else work
        work = work * noise[first]
        if zone.only_extra:
            work[ticks == 0] = 0
        loads.append(work[order])
        passes.append((ticks == 0)[order] if zone.only_extra else None)
    return Parcels(
        group=of[order],
        part=part[order],
        order=first[order],
        pieces=pieces[order],
        lines=lines[order],
        released=released[order],
        gone=groups.gone[of[order]],
        loads=tuple(loads),
        passes=tuple(passes),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gifts:
    """Gifts that go into some parcel, one entry per row of gifts.

    Parameters
    ----------
    group, rule, option, part : (e,) int64
    key : (e,) int64
        ``group * parts + part``: entries with the same key share a parcel.
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
    ship = np.array([_PART[rule.spec.fulfil.ship] for rule in rules], np.int64)[rows.rule]
    now = np.flatnonzero(added & (rows.granted > 0))
    later = np.flatnonzero(rows.later > 0)
    came = [
        filled.later_at[pair]
        for pair in zip(rows.group[later].tolist(), rows.rule[later].tolist(), strict=True)
    ]
    chosen = np.concatenate((now, later))
    group, count = rows.group[chosen], np.concatenate((rows.granted[now], rows.later[later]))
    part = np.concatenate((ship[now], _LATER + rows.rule[later]))
    released = np.concatenate((filled.sent[rows.group[now]], np.array(came, np.int64)))
    waits = ship[chosen] == _AFTER
    released[waits] = np.maximum(released[waits], after[group[waits]])
    goes = released < NEVER
    chosen, group, count, part = chosen[goes], group[goes], count[goes], part[goes]
    each = _pieces_of(rules, rows, chosen)
    source, sku, pieces = opened(orders.items, rows.item[chosen], count)
    parts = _LATER + len(rules)
    return _Gifts(
        group=group,
        rule=rows.rule[chosen],
        option=rows.option[chosen],
        part=part,
        key=group * parts + part,
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
    rules: tuple[Rule, ...], gifts: _Gifts, parcel: Indices, extra: list[Ticks]
) -> None:
    """Add the work on gifts to that of the parcels that they are in."""
    for number, rule in enumerate(rules):
        ticks = rule.spec.fulfil.work
        if not ticks:
            continue
        for option in range(len(rule.options)):
            mine = (gifts.rule == number) & (gifts.option == option)
            times = np.zeros(len(extra[rule.zone]), np.int64)
            add = np.add if rule.spec.one_of_several else np.maximum
            add.at(times, parcel[mine], gifts.times[mine])
            extra[rule.zone] += times * ticks


def _lines(
    orders: Orders,
    goods: tuple[Indices, Indices],
    gifts: tuple[Indices, Indices],
    size: int,
) -> Indices:
    """Different SKUs of each parcel; the first ones have goods.

    Parameters
    ----------
    orders
        The orders.
    goods
        Offsets and members of the groups whose goods are in the first parcels.
    gifts
        Parcel and SKU of gifts.
    size
        Number of parcels.
    """
    offsets, members = goods
    with_goods = len(offsets) - 1
    lines = np.zeros(size, np.int64)
    lines[:with_goods] = orders.pick_lines[members[offsets[:-1]]]
    mixed = np.diff(offsets) > 1
    mixed |= segment_sums(np.diff(orders.fillings.offsets)[members], offsets) > 0
    mixed[gifts[0][gifts[0] < with_goods]] = True
    some = np.flatnonzero(mixed)
    several = members[segment_elements(offsets, some)]
    owner, sku, _ = contents(orders, offsets_of(np.diff(offsets)[some]), several)
    owner = np.concatenate((some[owner], gifts[0]))
    counted = different(owner, np.concatenate((sku, gifts[1])), orders.items.n_skus, size)
    lines[some], lines[with_goods:] = counted[some], counted[with_goods:]
    return lines
