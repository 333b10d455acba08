"""Every metric of stock once more, in plain loops over orders and lines."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from burstsim.engine.trace import STATES, Trace
from burstsim.units import NEVER
from tests.results.naivegifts import NaiveGifts, moment


class NaiveStock:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.gifts = NaiveGifts(trace)
        self.states = [STATES[state] for state in trace.state.tolist()]
        offsets = trace.orders.line_offsets.tolist()
        self.lines = [range(*pair) for pair in pairwise(offsets)]

    def measure(self) -> Iterator[tuple[str, float]]:
        orders, value = range(len(self.states)), self.trace.orders.value
        yield "fill_rate", self.fill_rate(list(orders))
        yield "lost_sales", self.lost(list(orders))
        houses = [{int(self.trace.source[line]) for line in lines} - {-1} for lines in self.lines]
        sent = sum(bool(found) for found in houses)
        split = sum(len(found) > 1 for found in houses)
        yield "split_rate", split / sent if sent else math.nan
        yield "parcels_per_order", self.per_order(sent)
        yield "oversold_value", sum(int(value[n]) for n in orders if self.trace.oversold[n]) / 100
        yield from self.skus()

    def per_order(self, sent: int) -> float:
        return len(self.trace.parcel_order) / sent if sent else math.nan

    def ages(self) -> list[tuple[int, int]]:
        """Spans of orders that wait for stock at the end."""
        paid, end = self.trace.orders.paid.tolist(), self.trace.model.end
        return [(paid[n], end) for n, s in enumerate(self.states) if s == "backordered"]

    def pieces_of(self, order: int) -> tuple[int, int]:
        """Pieces of an order, and those of them that were sent."""
        asked = sent = 0
        filled = self.trace.orders.fillings
        open_ = sum(filled.pieces[filled.offsets[order] : filled.offsets[order + 1]].tolist())
        items = self.trace.orders.items
        for line in self.lines[order]:
            item = int(self.trace.orders.line_item[line])
            there = self.gifts.leaves(item, int(self.trace.orders.line_quantity[line]))
            pieces = sum(there.values())
            if items.open_offsets[item] < items.open_offsets[item + 1]:
                pieces, open_ = pieces + open_, 0
            asked += pieces
            sent += pieces if self.trace.source[line] >= 0 else 0
        return asked, sent

    def fill_rate(self, orders: list[int]) -> float:
        alive = ("shipped", "unfinished", "backordered")
        pairs = [self.pieces_of(n) for n in orders if self.states[n] in alive]
        asked = sum(pair[0] for pair in pairs)
        return sum(pair[1] for pair in pairs) / asked if asked else math.nan

    def lost(self, orders: list[int]) -> float:
        cents = 0
        for order in orders:
            if self.states[order] == "rejected" or self.trace.dropped[order] < NEVER:
                cents += int(self.trace.orders.value[order])
            elif self.states[order] in ("shipped", "unfinished") and self.trace.parcel[order] >= 0:
                cents += sum(
                    int(self.trace.orders.line_net[line])
                    for line in self.lines[order]
                    if self.trace.source[line] < 0
                )
        return cents / 100

    def skus(self) -> Iterator[tuple[str, float]]:
        stock, items = self.trace.model.stock, self.trace.orders.items
        houses = self.trace.model.scenario.warehouses.values()
        named: set[str] = set()
        for house in houses:
            named |= set(house.stock or ())
            for truck in house.inbound.values():
                named |= set(truck.stock)
            named |= {build.kit for build in house.builds.values()}
        gifts = {name for name, _ in self.gifts.by_sku() if name.startswith("gift_pieces.")}
        for sku, name in enumerate(items.names[: items.n_skus]):
            ends = stock.on_hand[sku] >= 0
            if not (ends and name in named) and f"gift_pieces.{name}" not in gifts:
                continue
            left, out = int(stock.on_hand[sku]), NEVER
            for tick, pieces in sorted([*self.gifts.takings(sku), *self.gifts.building(sku)]):
                left -= pieces
                out = tick if left == 0 and pieces > 0 else NEVER if left else out
            if ends and name in named:
                yield f"stock_left.{name}", left
            yield f"stockout_at.{name}", moment(out if ends else NEVER)

    def needed(self) -> dict[tuple[int, int], int]:
        """(warehouse, SKU) → pieces asked of the first warehouse of each order's route."""
        trace, orders, items = self.trace, self.trace.orders, self.trace.orders.items
        found: Counter[tuple[int, int]] = Counter()
        drawn: dict[tuple[int, int], int] = defaultdict(int)
        wants: dict[int, int] = {}
        for order, state in enumerate(self.states):
            refused = state == "rejected" and orders.paid[order] < trace.model.end
            refused = refused and orders.cancelled[order] >= trace.model.end
            alive = state in ("shipped", "unfinished", "backordered")
            if not (alive or refused or trace.dropped[order] < NEVER):
                continue
            code = int(orders.owner[order])
            owner = orders.owners[code] if code >= 0 else None
            region = orders.regions[orders.region[order]]
            route = trace.model.network.route(region, owner, trace.model.begin)
            house = wants[order] = (*route, 0)[0]
            for line in self.lines[order]:
                item, count = int(orders.line_item[line]), int(orders.line_quantity[line])
                for sku, pieces in self.gifts.leaves(item, count).items():
                    found[house, sku] += pieces
                for part in range(items.open_offsets[item], items.open_offsets[item + 1]):
                    pool, pieces = int(items.open_pool[part]), int(items.open_count[part]) * count
                    if items.pools[pool].weights is None:
                        found[house, items.pools[pool].members[0]] += pieces
                    else:
                        drawn[house, pool] += pieces
        for (house, pool), pieces in drawn.items():
            weights = items.pools[pool].weights
            assert weights is not None
            for sku, weight in zip(items.pools[pool].members, weights, strict=True):
                found[house, sku] += -(-pieces * weight // sum(weights))
        for row in self.gifts.rows:
            if row.add and row.item >= 0 and row.order in wants:
                for sku, pieces in self.gifts.leaves(row.item, row.proposed).items():
                    found[wants[row.order], sku] += pieces
        for plan, kits in zip(trace.model.plans, trace.parts_for.tolist(), strict=True):
            for sku, each in plan.needs.items():
                found[plan.house, sku] += each * kits
        return {key: pieces for key, pieces in found.items() if pieces}
