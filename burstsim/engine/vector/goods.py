"""Parcels of goods: which lines of which groups leave which warehouse together."""

from __future__ import annotations

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import leaves_of
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.kinds import add_bits, bits_of, bits_within, count_bits, different
from burstsim.kernels.segments import offsets_of, segment_elements, segment_sums, sums_by
from burstsim.units import NEVER

__all__ = ["Goods"]


class Goods:
    """Goods of the groups that were sent, a parcel for each warehouse that they come from.

    Parameters
    ----------
    model, orders, groups
        Who leaves when.
    filled
        What they got.

    Attributes
    ----------
    group, house : (k,) int64
        Whose goods, and from which warehouse.
    main : (g,) int64
        Parcel that most of a group's goods are in, -1 without one.
    """

    def __init__(self, model: Model, orders: Orders, groups: Groups, filled: Filled) -> None:
        self.model, self.orders, self.groups = model, orders, groups
        sent = np.flatnonzero(filled.sent < NEVER)
        split = [group for group in filled.split if filled.sent[group] < NEVER]
        whole = sent[~np.isin(sent, split)] if split else sent
        parts = [(g, house, lines) for g in split for house, lines in filled.split[g]]
        self.whole = len(whole)
        self.group = np.append(whole, np.array([g for g, _, _ in parts], np.int64))
        self.house = np.append(filled.house[whole], np.array([h for _, h, _ in parts], np.int64))
        self.main = np.full(len(groups), -1)
        # of several parcels the first one is the main one
        self.main[self.group[::-1]] = np.arange(len(self.group))[::-1]
        self.members, self.of_member = groups.members, groups.offsets
        if len(whole) < len(groups):
            self.members = groups.members[segment_elements(groups.offsets, whole)]
            self.of_member = offsets_of(np.diff(groups.offsets)[whole])
        self.part_lines = np.array([line for _, _, some in parts for line in some], np.int64)
        self.of_part = offsets_of(np.array([len(some) for _, _, some in parts], np.int64))

    def __len__(self) -> int:
        return len(self.group)

    def pieces(self) -> Indices:
        """Units in each parcel."""
        in_whole = segment_sums(self.orders.pieces[self.members], self.of_member)
        source, _, count = leaves_of(self.orders, self.part_lines)
        units = sums_by(source, count, len(self.part_lines))
        return np.append(in_whole, segment_sums(units, self.of_part))

    def work(self, zone: int) -> Ticks | None:
        """Ticks of work on kits at a station; None where there is none."""
        orders, items = self.orders, self.orders.items
        if not items.work[:, zone].any():
            return None
        per_line = items.work[orders.line_item, zone] * orders.line_quantity
        per_order = segment_sums(per_line, orders.line_offsets)
        work = np.append(
            segment_sums(per_order[self.members], self.of_member),
            segment_sums(per_line[self.part_lines], self.of_part),
        )
        return np.where(self.house == self.model.zones[zone].house, work, 0)

    def lines(self, mixed: Indices, gifts: tuple[Indices, Indices], size: int) -> Indices:
        """Different SKUs of each parcel, the goods' parcels and those after them.

        Parameters
        ----------
        mixed : (m,) int64
            Parcels of goods with gifts in them.
        gifts
            Parcel and SKU of gifts.
        size
            Number of all parcels.
        """
        orders, items = self.orders, self.orders.items
        plain = len(mixed) == len(orders.fillings.sku) == 0
        if plain and size == self.whole == len(self.members):
            return orders.pick_lines[self.members]
        bits = bits_of((items.leaf_offsets, items.leaf_sku), items.n_skus)
        if bits is None:
            owner, sku, _ = self.contents(np.arange(len(self)))
            owner, sku = np.append(owner, gifts[0]), np.append(sku, gifts[1])
            return different(owner, sku, items.n_skus, size)
        of_order = bits_within(bits, orders.line_item, orders.line_offsets)
        add_bits(of_order, orders.fillings.order, orders.fillings.sku)
        held = np.zeros((len(bits), size), np.uint64)
        held[:, : self.whole] = bits_within(of_order, self.members, self.of_member)
        line, sku, _ = leaves_of(orders, self.part_lines)
        parcel = np.repeat(np.arange(self.whole, len(self)), np.diff(self.of_part))
        add_bits(held, parcel[line], sku)
        add_bits(held, *gifts)
        return count_bits(held)

    def contents(self, some: Indices) -> tuple[Indices, Indices, Indices]:
        """Parcel, SKU and pieces of all that is in some of the parcels."""
        orders = self.orders
        whole, parts = some[some < self.whole], some[some >= self.whole]
        members = self.members[segment_elements(self.of_member, whole)]
        owner = np.repeat(whole, np.diff(self.of_member)[whole])
        owner = np.repeat(owner, np.diff(orders.line_offsets)[members])
        lines = segment_elements(orders.line_offsets, members)
        of_parts = parts - self.whole
        owner = np.append(owner, np.repeat(parts, np.diff(self.of_part)[of_parts]))
        lines = np.append(lines, self.part_lines[segment_elements(self.of_part, of_parts)])
        source, sku, pieces = leaves_of(orders, lines)
        return owner[source], sku, pieces

    def sources(self) -> Indices:
        """Warehouse that every order line came from, -1 if it was not sent: (lines,) int64."""
        orders = self.orders
        of_order = np.full(len(orders), -1)
        of_order[self.members] = np.repeat(self.house[: self.whole], np.diff(self.of_member))
        source = np.repeat(of_order, np.diff(orders.line_offsets))
        source[self.part_lines] = np.repeat(self.house[self.whole :], np.diff(self.of_part))
        return source
