"""Every metric of money once more, in plain loops over orders, lines and parcels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from burstsim.scenario.metrics import COST_KINDS
from burstsim.units import HOUR, NEVER
from tests.results.naivegifts import NaiveGifts
from tests.results.naivepromises import NaivePromises

if TYPE_CHECKING:
    from tests.results.naive import Naive


class NaiveMoney:
    def __init__(self, naive: Naive, promises: NaivePromises) -> None:
        self.naive, self.promises, self.trace = naive, promises, naive.trace
        self.scenario = naive.trace.model.scenario
        self.items = naive.trace.orders.items
        self.gifts = NaiveGifts(naive.trace)

    def measure(self) -> Iterator[tuple[str, float]]:
        returned = [self.returned(order) for order in self.promises.orders]
        yield "orders_returned", sum(returned)
        yield "temp_hours", self.naive.temps() / HOUR
        costs = dict(self.costs())
        for kind in COST_KINDS:
            yield f"cost.{kind}", costs[kind] / 100
        total = sum(costs.values())
        yield "penalty_total", costs["penalties"] / 100
        yield "cost_total", total / 100
        shipped = sum(tick < NEVER for tick in self.naive.shipped)
        yield "cost_per_order", total / 100 / shipped if shipped else math.nan
        if all(sku.margin is None for sku in self.scenario.catalog.skus.values()):
            yield "lost_margin", math.nan
            yield "profit", math.nan
            return
        lost = earned = 0
        for order in self.promises.orders:
            state, lines = self.naive.state[order], self.lines(order)
            if state == "rejected" or self.trace.dropped[order] < NEVER:
                lost += sum(self.margin(line) for line in lines)
            elif state in ("shipped", "unfinished") and self.trace.parcel[order] >= 0:
                lost += sum(self.margin(line) for line in lines if self.trace.source[line] < 0)
            if state == "shipped" and not returned[order]:
                earned += sum(self.margin(line) for line in lines if self.trace.source[line] >= 0)
        yield "lost_margin", lost / 100
        yield "profit", (earned - total) / 100

    def lines(self, order: int) -> range:
        return range(*self.trace.orders.line_offsets[order : order + 2].tolist())

    def returned(self, order: int) -> bool:
        parcel = int(self.trace.parcel[order])
        if parcel < 0:
            return False
        leader = int(self.trace.parcel_order[parcel])
        goods = [
            int(self.trace.shipped[row])
            for row in range(len(self.trace.shipped))
            if self.trace.parcel_order[row] == leader and self.trace.parcel_part[row] == 0
        ]
        after = int(self.trace.orders.back_after[leader])
        return max(goods) < NEVER and after < NEVER and max(goods) + after < self.naive.end

    def costs(self) -> Iterator[tuple[str, int]]:
        trace, costs, orders = self.trace, self.scenario.costs, self.trace.orders
        temps = self.naive.temps()
        for kind, paid, price in (
            ("workers", self.naive.paid_ticks() - temps, costs.worker_hour),
            ("temps", temps, costs.worker_hour if costs.temp_hour is None else costs.temp_hour),
        ):
            yield kind, math.floor(Fraction(paid * price, HOUR) + Fraction(1, 2))
        first = further = fees = 0
        seen = set()
        houses = list(self.scenario.warehouses.items())
        for row, tick in enumerate(trace.shipped.tolist()):
            if tick == NEVER:
                continue
            order, (name, house) = (
                int(trace.parcel_order[row]),
                houses[trace.parcel_warehouse[row]],
            )
            region = orders.regions[orders.region[order]]
            price = costs.lanes.get(name, {}).get(region, costs.parcel)
            if order in seen:
                further += price if costs.extra_parcel is None else costs.extra_parcel
            else:
                first += price
            seen.add(order)
            fees += house.external.fee if house.external else 0
        yield from (("parcels", first), ("extra_parcels", further), ("partner_fees", fees))
        yield "gifts", sum(self.given_away())
        yield "penalties", sum(self.penalty(order) for order in self.promises.orders)

    def given_away(self) -> Iterator[int]:
        """Cents of the gifts that left the shelves for good."""
        prices, costs = self.items.price.tolist(), self.scenario.costs.gift
        for row in self.gifts.rows:
            if row.item < 0 or not row.lasting:
                continue
            leaves = self.gifts.leaves(row.item, 1)
            parts = sum(costs.get(self.items.names[s], prices[s]) * n for s, n in leaves.items())
            yield costs.get(self.items.names[row.item], parts) * (
                row.given - sum(count for _, count in self.gifts.backs(row))
            )

    def penalty(self, order: int) -> int:
        promise = self.trace.model.promise_of(self.naive.channels[order])
        if promise is None or promise.penalty is None or not self.promises.late(order):
            return 0
        if promise.penalty.preset is not None:
            rate, least, most = Fraction(1, 10), 500, 3000
        else:
            rate = Fraction(str(promise.penalty.rate))
            least, most = promise.penalty.min, promise.penalty.max or 10**12
        value = int(self.trace.orders.value[order])
        return min(max(math.floor(value * rate + Fraction(1, 2)), least), most)

    def margin(self, line: int) -> int:
        orders = self.trace.orders
        cost = self.cost_of(int(orders.line_item[line]))
        return int(orders.line_net[line]) - cost * int(orders.line_quantity[line])

    def cost_of(self, item: int) -> int:
        """Cents that one of an item costs, its parts added up."""
        items = self.items
        if item in items.built:
            return sum(self.cost_of(part) * n for part, n in items.built[item].items())
        if item < items.n_skus:
            sku = self.scenario.catalog.skus[items.names[item]]
            return sku.price - (sku.margin or 0)
        cents = sum(self.cost_of(sku) * n for sku, n in self.gifts.leaves(item, 1).items())
        for at in range(items.open_offsets[item], items.open_offsets[item + 1]):
            pool = items.pools[items.open_pool[at]]
            pairs = list(zip(pool.members, pool.weights or (1,), strict=False))
            mean = Fraction(
                sum(self.cost_of(sku) * weight for sku, weight in pairs),
                sum(weight for _, weight in pairs),
            )
            cents += math.floor(mean + Fraction(1, 2)) * int(items.open_count[at])
        return cents
