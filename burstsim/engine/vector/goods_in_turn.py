"""Groups that compete for goods only, nothing ever coming back: the quick way through `turns`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.swaps import each_rule, phases_of
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.giftrows import GiftRows, in_turn, joined
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.routes import Routes
from burstsim.kernels.allocation import Asked, Wishes, allocate_in_turn
from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.units import NEVER

__all__ = ["take_goods"]

Flags = npt.NDArray[np.bool_]

#: Pieces on a shelf that need not be counted.
_PLENTY = 1 << 60


def take_goods(
    model: Model,
    orders: Orders,
    where: tuple[Groups, Routes],
    asked: Asked,
    found: tuple[Flags, Flags],
    filled: Filled,
) -> None:
    """Let groups take their goods one after another, and note what they got.

    Parameters
    ----------
    model, orders
        The rules and the orders.
    where
        Who leaves when, and from where.
    asked
        What is asked of shelves.
    found : ((groups,) bool, (shelves,) bool)
        Groups that are looked at one by one, and shelves that are counted.
    filled
        Is brought up to date.
    """
    (groups, routes), (touched, counted) = where, found
    chosen = np.flatnonzero(touched)
    wishes = _wishes(orders, groups, routes, chosen, counted.reshape(model.stock.shelves.shape))
    houses, n_skus = model.stock.shelves.shape
    needs_of, skus, _ = wishes.needs
    at = np.repeat(2 * chosen + 1, np.diff(needs_of))
    everywhere = (np.arange(houses)[:, None] * n_skus + skus).reshape(-1)
    taken = asked.taken_before(touched, np.tile(at, houses), everywhere)
    surely = taken.reshape(houses, -1).T
    left = np.where(counted, model.stock.shelves.reshape(-1), _PLENTY).reshape(houses, n_skus)
    network = model.network
    answers = allocate_in_turn(
        replace(wishes, surely=surely),
        left,
        split=network.split,
        part=model.when_short == "ship_partial",
    )
    house, sent = filled.house.copy(), filled.sent
    for group, answer in zip(chosen.tolist(), answers, strict=True):
        if isinstance(answer, list):
            filled.split[group] = answer
            house[group] = answer[0][0]
        else:
            house[group] = answer
    short = chosen[house[chosen] < 0]
    if model.when_short != "backorder":
        filled.dropped[short] = sent[short]
    sent[short] = NEVER
    filled.house = house
    filled.rows = _moved(model, orders, groups, filled, touched)


def _wishes(
    orders: Orders, groups: Groups, routes: Routes, chosen: Indices, counted: Flags
) -> Wishes:
    """Gather what some groups ask for of what is counted anywhere."""
    members = groups.members[segment_elements(groups.offsets, chosen)]
    lines_of = np.diff(orders.line_offsets)[members]
    owner = np.repeat(np.arange(len(chosen)), np.diff(groups.offsets)[chosen])
    owner = np.repeat(owner, lines_of)
    lines = segment_elements(orders.line_offsets, members)
    source, sku, pieces = leaves_of(orders, lines)
    keep = np.logical_or.reduce(counted, axis=0)[sku]
    order = np.argsort(source[keep], kind="stable")
    source, sku, pieces = source[keep][order], sku[keep][order], pieces[keep][order]
    keys, place = np.unique(owner[source] * counted.shape[1] + sku, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, place, pieces)
    needs = np.bincount(keys // counted.shape[1], minlength=len(chosen))
    return Wishes(
        routes=[routes.ways[way] for way in routes.way[chosen].tolist()],
        needs=(offsets_of(needs), keys % counted.shape[1], sums),
        lines=(offsets_of(np.bincount(owner, minlength=len(chosen))), lines),
        parts=(offsets_of(np.bincount(source, minlength=len(lines))), sku, pieces),
        alone=np.bincount(place, minlength=len(keys)) == 1,
        surely=np.empty((0, 0), np.int64),
    )


def _moved(
    model: Model, orders: Orders, groups: Groups, filled: Filled, touched: Flags
) -> GiftRows:
    """Let gifts come from where the goods do; of groups without goods they are only promised."""
    rows = filled.rows
    mine = touched[rows.group] & (rows.house >= 0)
    if not mine.any():
        return rows
    house = np.where(mine, filled.house[rows.group], rows.house)
    lost = mine & (house < 0)
    rows = replace(rows, house=house, granted=np.where(lost, 0, rows.granted))
    without = np.zeros(len(groups), bool)
    without[rows.group[lost]] = True
    phases = phases_of(model, groups.leaves)
    for phase, number, rule in each_rule(model):
        if not rule.spec.one_of_several or rule.in_cart:
            continue
        # of several gifts the first one is promised, whichever would have been drawn
        for option in range(len(rule.options)):
            place = in_turn(orders, rule, option)[0]
            wrong = (without & (phases == phase))[rows.group]
            wrong &= (rows.rule == number) & (rows.option == option)
            if wrong.any():
                rows = _as_first(rows, np.flatnonzero(wrong), rule.options[option], place)
    return joined([rows])


def _as_first(
    rows: GiftRows, wrong: Indices, gifts: tuple[tuple[int, int], ...], place: int
) -> GiftRows:
    """Write rows of any of several gifts as one row of the first of them."""
    each = np.array([n for _, n in gifts])
    times = rows.proposed[wrong] // each[rows.place[wrong]]
    groups, first, of = np.unique(rows.group[wrong], return_index=True, return_inverse=True)
    sums = np.zeros(len(groups), np.int64)
    np.add.at(sums, of, times)
    kept = rows.only(np.setdiff1d(np.arange(len(rows)), wrong))
    new = rows.only(wrong[first])
    new = replace(
        new,
        place=np.full(len(groups), place),
        item=np.full(len(groups), gifts[place][0]),
        proposed=sums * each[place],
    )
    return joined([kept, new])
