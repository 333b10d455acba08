"""Orders that are open when the clock begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.buyers import Payments
from burstsim.engine.items import Items
from burstsim.engine.parts import Part, Tables
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of, segment_sums, sums_by
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["Opening", "held_by", "open_part", "opening_of", "payments_of_open"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opening:
    """Open orders, by payment and then as they stand in the file.

    Parameters
    ----------
    paid : (k,) int64
        Ticks, none after the clock begins.
    enters : (k,) int64
        Stage at which each waits, -1 with the order management.
    channels, regions
        One for each.
    line_offsets : (k+1,) int64
    line_item, line_quantity : (lines,) int64
    """

    paid: Ticks
    enters: Indices
    channels: tuple[str, ...]
    regions: tuple[str, ...]
    line_offsets: Indices
    line_item: Indices
    line_quantity: Indices

    def __len__(self) -> int:
        return len(self.paid)


def opening_of(scenario: Scenario, items: Items, stages: dict[tuple[str, str], int]) -> Opening:
    """Gather the lines of the open orders.

    Parameters
    ----------
    scenario, items
        The orders and the catalogue.
    stages
        (warehouse, stage) → its number, in order.
    """
    numbers = {name: number for number, name in enumerate(items.names)}
    begin = scenario.begin
    found: dict[str, list[int]] = {}
    lines = scenario.initial.lines if scenario.initial is not None else []
    for row, line in enumerate(lines):
        found.setdefault(line.order, []).append(row)

    def paid(order: str) -> int:
        moment = lines[found[order][0]].paid_at
        return begin if moment is None else min(moment.resolve(scenario.start, after=-NEVER), begin)

    def stage(order: str) -> int:
        first = lines[found[order][0]]
        if first.stage is None:
            return -1
        houses = [first.warehouse] if first.warehouse else list(scenario.warehouses)
        return next(stages[h, first.stage] for h in houses if (h, first.stage) in stages)

    order = sorted(found, key=paid)
    firsts = [lines[found[name][0]] for name in order]
    carts: list[dict[int, int]] = []  # repeats of an item are added up
    for name in order:
        carts.append({})
        for row in found[name]:
            item = numbers[lines[row].sku]
            carts[-1][item] = carts[-1].get(item, 0) + lines[row].quantity
    return Opening(
        paid=np.array([paid(name) for name in order], np.int64),
        enters=np.array([stage(name) for name in order], np.int64),
        channels=tuple(line.channel for line in firsts),
        regions=tuple(line.region for line in firsts),
        line_offsets=offsets_of(np.array([len(cart) for cart in carts], np.int64)),
        line_item=np.array([item for cart in carts for item in cart], np.int64),
        line_quantity=np.array([n for cart in carts for n in cart.values()], np.int64),
    )


def held_by(opening: Opening, items: Items) -> Indices:
    """Pieces of each SKU that open orders hold which are still to leave the shelf: (skus,)."""
    waits = np.repeat(opening.enters < 0, np.diff(opening.line_offsets))
    sold = sums_by(opening.line_item[waits], opening.line_quantity[waits], len(items.names))
    counts = items.leaf_count * np.repeat(sold, np.diff(items.leaf_offsets))
    return sums_by(items.leaf_sku, counts, items.n_skus)


def open_part(opening: Opening, items: Items, tables: Tables) -> Part:
    """Make columns of the open orders; nobody knows their customers."""
    count = len(opening)
    listed = items.price[opening.line_item] * opening.line_quantity
    return Part(
        drawn=count,
        in_turn=True,
        placed=opening.paid,
        index=np.arange(count),
        channel=tables.channels.of(opening.channels),
        region=tables.regions.of(opening.regions),
        room=np.full(count, -1),
        customer=np.full(count, -1),
        tier=np.zeros(count, np.int64),
        new=np.zeros(count, bool),
        coupon=np.zeros(count, bool),
        line_offsets=opening.line_offsets,
        line_item=opening.line_item,
        line_quantity=opening.line_quantity,
        line_list=listed,
        line_net=listed,
        line_taxed=listed,
        value=segment_sums(listed, opening.line_offsets),
        paid=opening.paid,
    )


def payments_of_open(part: Part) -> Payments:
    """Say that they are paid, hold their stock already, and stay."""
    never = np.full(len(part.placed), NEVER)
    return Payments(
        paid=part.placed,
        reserved=never,
        expires=never,
        cancelled=never,
        reviewed=np.zeros(len(never), bool),
    )
