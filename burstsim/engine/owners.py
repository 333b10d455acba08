"""Merchants: whose goods an item is, and carts with goods of several as several orders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.parts import AMOUNTS, COLUMNS, Part
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import offsets_of, segment_sums
from burstsim.scenario.scenario import Scenario

__all__ = ["owners_of", "split_by_owner"]


def owners_of(scenario: Scenario, items: Items) -> tuple[tuple[str, ...], Indices]:
    """Names of the merchants, and whose goods each item is: (items,) int64, -1 nobody's.

    A kit belongs to whom its parts belong to.
    """
    catalog, found = scenario.catalog, dict[str, str | None]()
    waiting = list(items.names)
    while waiting:
        name = waiting.pop()
        kit = catalog.kits.get(name)
        if kit is None:
            found[name] = catalog.skus[name].owner if name in catalog.skus else None
            continue
        inside = [*kit.needs, *(kit.of or {}), *(kit.pool or {})]
        missing = [part for part in inside if part not in found]
        if missing:
            waiting += [name, *missing]
            continue
        found[name] = next((found[part] for part in inside if found[part] is not None), None)
    names = tuple(dict.fromkeys(sku.owner for sku in catalog.skus.values() if sku.owner))
    owner = [-1 if found[name] is None else names.index(str(found[name])) for name in items.names]
    return names, np.array(owner, np.int64)


def split_by_owner(part: Part, owner: Indices) -> tuple[Part, Indices]:
    """Make an order of each merchant's goods in a cart.

    They are placed, paid and cancelled together, but each goes its own way.

    Parameters
    ----------
    part
        Orders of a stream.
    owner : (items,) int64
        Merchant of each item.

    Returns
    -------
    Part
        Its orders in their order, those of one cart by their first lines.
    (orders,) int64
        Merchant of each.
    """
    if len(owner) and (owner == owner[0]).all():
        return part, np.full(len(part.placed), owner[0])
    of_line = owner[part.line_item]
    lengths = np.diff(part.line_offsets)
    order = np.repeat(np.arange(len(lengths)), lengths)
    first = part.line_offsets[:-1]
    if (of_line == of_line[first][order]).all():
        return part, of_line[first]
    # lines of one cart by merchant, merchants by the first of their lines
    base = len(part.line_item) + 1
    _, begins, place = np.unique(
        order * (int(owner.max()) + 2) + of_line + 1, return_index=True, return_inverse=True
    )
    turn = np.argsort(begins[place] * base + np.arange(len(of_line)), kind="stable")
    cart, merchant = order[turn], of_line[turn]
    new = np.append(True, (cart[1:] != cart[:-1]) | (merchant[1:] != merchant[:-1]))
    starts = np.flatnonzero(new)
    rows = cart[starts]
    offsets = offsets_of(np.diff(np.append(starts, len(turn))))
    amounts = {id(column): column for column in (getattr(part, name) for name in AMOUNTS)}
    moved = {known: column[turn] for known, column in amounts.items()}
    columns = {name: getattr(part, name)[rows] for name in COLUMNS}
    # a log's orders are worth what is listed, all others what is paid
    sums = segment_sums(part.line_net, part.line_offsets)
    worth = part.line_net if np.array_equal(sums, part.value) else part.line_list
    columns["value"] = segment_sums(moved[id(worth)], offsets)
    split = replace(
        part,
        in_turn=False,
        **columns,
        paid=None if part.paid is None else part.paid[rows],
        cancelled=None if part.cancelled is None else part.cancelled[rows],
        line_offsets=offsets,
        line_item=part.line_item[turn],
        line_quantity=part.line_quantity[turn],
        **{name: moved[id(getattr(part, name))] for name in AMOUNTS},
    )
    return split, merchant[starts]
