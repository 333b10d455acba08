"""Every metric of gifts once more, in plain loops over the rows of the table of gifts."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from burstsim.engine.trace import STATES, Trace
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

FIELDS = (
    "order",
    "rule",
    "option",
    "place",
    "house",
    "item",
    "proposed",
    "granted",
    "later",
    "decided",
)


class Row:
    """A row of the table of gifts."""

    order: int
    rule: int
    option: int
    place: int
    house: int
    item: int
    proposed: int
    granted: int
    later: int
    decided: int

    def __init__(self, trace: Trace, number: int) -> None:
        for name in FIELDS:
            setattr(self, name, int(getattr(trace.gifts, name)[number]))
        spec = trace.model.rules[self.rule].spec
        self.add = spec.source == "add"
        self.given = self.granted + self.later
        waits_for_goods = trace.parcel[self.order] < 0 and not trace.held[self.order]
        if spec.fulfil.when_out_of_stock == "cancel" and trace.dropped[self.order] < NEVER:
            waits_for_goods = False
        self.short = 0 if waits_for_goods else self.proposed - self.given
        # gifts that were to go after goods which are cancelled are back on the shelf
        cancelled = STATES[trace.state[self.order]] == "cancelled"
        self.lasting = self.add and not (spec.fulfil.ship == "after_main" and cancelled)


class NaiveGifts:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.items = trace.orders.items
        keys = zip(
            *(column.tolist() for column in (trace.parcel_order, trace.parcel_part)),
            trace.parcel_warehouse.tolist(),
            strict=True,
        )
        self.numbers = {key: row for row, key in enumerate(keys)}
        self.rows = [Row(trace, number) for number in range(len(trace.gifts.order))]
        self.back = {key: self.came_back(row) for key, row in self.numbers.items()}

    def came_back(self, parcel: int) -> int:
        """Sweep at which a parcel that was cancelled before its release came back."""
        trace, leader = self.trace, self.trace.parcel_order[parcel]
        if not trace.left[parcel] or trace.released[parcel] < NEVER:
            return NEVER
        own = [n for n, p in enumerate(trace.parcel) if p >= 0 and trace.parcel_order[p] == leader]
        tick = trace.model.sweeps.after(max(int(trace.orders.cancelled[n]) for n in own))
        return tick if tick < trace.model.end else NEVER

    def backs(self, row: Row) -> Iterator[tuple[int, int]]:
        """Sweeps at which gifts of a row came back, and how many."""
        ship = self.trace.model.rules[row.rule].spec.fulfil.ship
        part = {"with_main": 0, "split": 1, "after_main": 2}[ship]
        for which, count in ((part, row.granted), (3 + row.rule, row.later)):
            tick = self.back.get((row.order, which, row.house), NEVER)
            if row.lasting and count and tick < NEVER:
                yield tick, count

    def measure(self) -> Iterator[tuple[str, float]]:
        yield from self.counts(self.rows, "")
        yield "orders_held", sum(self.trace.held.tolist())
        yield from self.work()
        for number, rule in enumerate(self.trace.model.rules):
            mine = [row for row in self.rows if row.rule == number]
            yield from self.counts(mine, f".{rule.name}")
            out = [row.decided for row in mine if row.short]
            yield f"gift_out_at.{rule.name}", moment(min(out, default=NEVER))
            yield f"gift_used_up_at.{rule.name}", moment(self.used_up(number))
        yield from self.by_sku()

    def counts(self, rows: list[Row], suffix: str) -> Iterator[tuple[str, float]]:
        yield f"gifts_proposed{suffix}", sum(row.proposed for row in rows)
        yield f"gifts_granted{suffix}", sum(row.given for row in rows)
        yield f"gift_shortfall{suffix}", sum(row.short for row in rows)

    def leaves(self, item: int, count: int) -> Counter[int]:
        """SKU → pieces."""
        if item < 0:
            return Counter()
        span = range(self.items.leaf_offsets[item], self.items.leaf_offsets[item + 1])
        return Counter(
            {int(self.items.leaf_sku[n]): int(self.items.leaf_count[n]) * count for n in span}
        )

    def parcel_of(self, line: int) -> int:
        """Parcel of an order line, -1 where it was not sent: looked up among all parcels."""
        trace, house = self.trace, int(self.trace.source[line])
        if house < 0:
            return -1
        order = int(np.searchsorted(trace.orders.line_offsets, line, side="right")) - 1
        leader = int(trace.parcel_order[trace.parcel[order]])
        return self.numbers[leader, 0, house]

    def goods(self) -> dict[int, Counter[int]]:
        """Parcel → SKU → pieces of what was bought."""
        orders = self.trace.orders
        inside: dict[int, Counter[int]] = defaultdict(Counter)
        for order in range(len(orders)):
            filled = orders.fillings
            open_ = range(filled.offsets[order], filled.offsets[order + 1])
            for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
                item, parcel = int(orders.line_item[line]), self.parcel_of(line)
                if parcel >= 0:
                    inside[parcel] += self.leaves(item, int(orders.line_quantity[line]))
                if self.items.open_offsets[item] < self.items.open_offsets[item + 1]:
                    for n in open_:  # they travel with the first line that has open parts
                        if parcel >= 0:
                            inside[parcel][int(filled.sku[n])] += int(filled.pieces[n])
                    open_ = range(0)
        return inside

    def work(self) -> Iterator[tuple[str, float]]:
        """What parcels hold and take beyond what was bought, worked out from the orders."""
        trace, goods = self.trace, self.goods()
        kits: dict[tuple[int, int], int] = defaultdict(int)
        for line, item in enumerate(trace.orders.line_item.tolist()):
            if (parcel := self.parcel_of(line)) >= 0:
                count = int(trace.orders.line_quantity[line])
                for zone in range(len(trace.model.zones)):
                    kits[parcel, zone] += int(self.items.work[item, zone]) * count
        units = lines = 0
        ticks = 0.0
        for parcel in range(len(trace.parcel_order)):
            bought = goods[parcel] if trace.parcel_part[parcel] == 0 else Counter()
            units += int(trace.pieces[parcel]) - sum(bought.values())
            lines += int(trace.lines[parcel]) - len(bought)
        for number in range(len(trace.model.zones)):
            tours, loads = trace.everywhere(number).task, trace.loads_everywhere(number)
            together: dict[int, list[int]] = defaultdict(list)
            for parcel in range(len(trace.parcel_order)):
                together[parcel if tours is None else int(tours[parcel])].append(parcel)
            for first, parcels in together.items():
                if first >= 0 and loads[first]:
                    ticks += float(loads[first])
                    ticks -= self.bare_work(number, first, parcels, (goods, kits))
        yield "gift_units", units
        yield "gift_lines", lines
        yield "gift_work", ticks / HOUR

    def bare_work(
        self,
        number: int,
        first: int,
        parcels: list[int],
        contents: tuple[dict[int, Counter[int]], dict[tuple[int, int], int]],
    ) -> float:
        """Ticks of work in a zone on what was bought of the parcels of one task."""
        trace, (goods, kits) = self.trace, contents
        zone, picking = trace.model.zones[number], trace.model.picking
        places, longer = picking.zones[zone.at], picking.longer
        lines = pieces = extra = 0
        comes = False
        for parcel in parcels:
            bought = goods[parcel] if trace.parcel_part[parcel] == 0 else Counter()
            here = {s: n for s, n in bought.items() if places is None or places[s] == number}
            if not (kits[parcel, number] or (here and not zone.only_extra)):
                continue
            comes = True
            lines, pieces = lines + len(here), pieces + sum(here.values())
            extra += kits[parcel, number]
            if longer is not None and zone.at in picking.first:
                extra += sum(int(longer[sku]) * n for sku, n in here.items())
        if not comes:
            return 0.0
        work = zone.base + zone.per_line * lines + zone.per_unit * pieces + extra
        if zone.travel is not None:
            missed = (1 - 1 / zone.travel.aisles) ** lines
            work += zone.travel.per_aisle * zone.travel.aisles * (1 - missed)
        return work * float(trace.orders.noise[number][trace.parcel_order[first]])

    def used_up(self, number: int) -> int:
        """Count gifts sweep by sweep until one of the limits on the whole is reached."""
        rule = self.trace.model.rules[number]
        cap, gate = rule.spec.cap, rule.spec.gate
        several = rule.spec.one_of_several
        gifts = spent = 0
        orders: set[int] = set()
        for row in sorted(
            (row for row in self.rows if row.rule == number),
            key=lambda row: (row.decided, row.order, row.option),
        ):
            option = rule.options[row.option]
            each = option[row.place][1] if option else 1
            if not several and row.place > 0:
                continue  # all items of an option come together; the first stands for them
            gifts += row.proposed // each
            spent += row.proposed // each * rule.costs[row.option]
            orders.add(row.order)
            if (
                (cap.total is not None and gifts >= cap.total - cap.used)
                or (cap.budget is not None and spent > cap.budget - min(rule.costs))
                or (gate.first_n is not None and not gate.per and len(orders) >= gate.first_n)
            ):
                return row.decided
        return NEVER

    def by_sku(self) -> Iterator[tuple[str, float]]:
        trace = self.trace
        skus: set[int] = set()
        for rule in trace.model.rules:
            if rule.spec.source == "add":
                for option in rule.options:
                    for item, _ in option:
                        skus |= set(self.leaves(item, 1))
        if skus:
            for policy in trace.model.scenario.policies.values():
                for name in (policy.do.replace_gift or {}).values():
                    skus |= set(self.leaves(self.items.names.index(name), 1))
        for sku in skus:
            name, there = self.items.names[sku], int(trace.model.stock.on_hand[sku])
            mine = [row for row in self.rows if row.add]
            yield f"gift_pieces.{name}", sum(self.leaves(r.item, r.given)[sku] for r in mine)
            yield f"gift_missing.{name}", sum(self.leaves(r.item, r.short)[sku] for r in mine)
            events = [*self.takings(sku), *self.building(sku)]
            left = there - sum(pieces for _, pieces in events)
            yield f"gift_left.{name}", left if there >= 0 else math.nan

    def takings(self, sku: int) -> Iterator[tuple[int, int]]:
        """Ticks at which pieces of a SKU left the shelf for good."""
        trace = self.trace
        for parcel, bought in self.goods().items():
            if bought[sku]:
                yield int(trace.sent[parcel]), bought[sku]
                if (back := self.came_back(parcel)) < NEVER:
                    yield back, -bought[sku]
        own = {
            (int(order), int(part)): int(tick)
            for order, part, tick in zip(
                trace.parcel_order, trace.parcel_part, trace.sent, strict=True
            )
        }
        for row in self.rows:
            if not self.leaves(row.item, 1)[sku]:
                continue
            for tick, count in self.backs(row):
                yield tick, -self.leaves(row.item, count)[sku]
            if row.lasting and row.granted:
                tick = int(trace.sent[trace.parcel[row.order]])
                yield tick, self.leaves(row.item, row.granted)[sku]
            if row.lasting and row.later:
                tick = own.get((row.order, 3 + row.rule), trace.model.end)
                yield tick, self.leaves(row.item, row.later)[sku]

    def building(self, sku: int) -> Iterator[tuple[int, int]]:
        """Ticks at which builds took pieces of a SKU, or brought some, negative."""
        for step, missing in zip(self.trace.model.steps, self.trace.missing.tolist(), strict=True):
            if step.counter == sku and step.counted and missing:
                yield step.tick, missing
            elif step.counter == sku and step.build < 0 and not step.counted:
                yield step.tick, -step.amount
        for number, plan in enumerate(self.trace.model.plans):
            made, brought = int(self.trace.made[number]), 0
            for step in self.trace.model.steps:
                if step.build != number:
                    continue
                if step.needs and made and sku in plan.needs:
                    yield step.tick, plan.needs[sku] * made
                elif not step.needs and plan.kit == sku:
                    more = min(step.amount, made - brought)
                    brought += more
                    if more:
                        yield step.tick, -more

    def flow(self) -> list[tuple[float, str, str | None, int, int, int]]:
        """Minute, rule, SKU and the pieces decided in it."""
        sums: dict[tuple[int, int, int], list[int]] = {}
        for row in self.rows:
            here = sums.setdefault((row.decided // MINUTE, row.rule, row.item), [0, 0, 0])
            for place, pieces in enumerate((row.proposed, row.given, row.short)):
                here[place] += pieces
        return [
            (
                minute * MINUTE / SECOND,
                self.trace.model.rules[rule].name,
                self.items.names[item] if item >= 0 else None,
                *pieces,
            )
            for (minute, rule, item), pieces in sums.items()
        ]


def moment(tick: int) -> float:
    return tick / SECOND if tick < NEVER else math.nan
