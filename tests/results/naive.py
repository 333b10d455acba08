"""Every metric once more, in plain loops over orders and ticks, from the definitions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

from burstsim.engine.trace import STATES, Trace
from burstsim.units import HOUR, MINUTE, NEVER, SECOND
from tests.results.naivegifts import NaiveGifts
from tests.results.naivemoney import NaiveMoney
from tests.results.naivepromises import NaivePromises
from tests.results.naivestock import NaiveStock

Flagged = tuple[float, bool]


class Naive:
    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.end = trace.model.end
        self.zones = trace.model.zones
        orders = trace.orders
        self.state = [STATES[state] for state in trace.state.tolist()]
        out = ("expired", "rejected")
        self.paid = [
            NEVER if state in out else paid
            for state, paid in zip(self.state, orders.paid.tolist(), strict=True)
        ]
        self.wanted = [
            NEVER if state == "cancelled" else paid
            for state, paid in zip(self.state, self.paid, strict=True)
        ]
        self.closed = [
            min(cancelled, dropped) if state == "cancelled" else NEVER
            for state, cancelled, dropped in zip(
                self.state, orders.cancelled.tolist(), trace.dropped.tolist(), strict=True
            )
        ]
        own = orders.due.tolist()
        firsts = [trace.parcel_order[row] if row >= 0 else n for n, row in enumerate(trace.parcel)]
        self.due = [own[first] for first in firsts]
        self.channels = [orders.channels[code] for code in orders.channel.tolist()]
        self.released = [NEVER] * len(orders)
        self.shipped = [NEVER] * len(orders)
        #: parcels of each parcel's orders that count: not gifts that left the floor cancelled
        self.together: dict[int, list[int]] = {}
        leaders = trace.parcel_order.tolist()
        for row, leader in enumerate(leaders):
            if not (trace.parcel_part[row] > 0 and trace.left[row] == 1):
                self.together.setdefault(leader, []).append(row)
        for order, row in enumerate(trace.parcel.tolist()):
            if row >= 0:
                self.released[order] = int(trace.released[row])
                rows = self.together[leaders[row]]
                self.shipped[order] = max(int(trace.shipped[n]) for n in rows)
        self.closed = [min(pair) for pair in zip(self.closed, self.shipped, strict=True)]
        self.visits, self.tasks = (
            [
                list(
                    zip(
                        *(ticks.tolist() for ticks in (visit.entered, visit.started, visit.done)),
                        strict=True,
                    )
                )
                for visit in visits
            ]
            for every in [[trace.everywhere(zone) for zone in range(len(trace.visits))]]
            for visits in (every, [visit.tasks() for visit in every])
        )
        self.works = [
            [max(1, round(float(load))) for load in loads]
            for loads in map(trace.loads_everywhere, range(len(trace.loads)))
        ]

    def measure(self) -> dict[str, Flagged]:
        shipped = [tick for tick in self.shipped if tick < NEVER]
        peak, peak_at = self.peak()
        found: dict[str, Flagged] = {
            "orders_placed": (len(self.paid), False),
            "orders_paid": (sum(paid < NEVER for paid in self.paid), False),
            "orders_shipped": (len(shipped), False),
            **{
                f"orders_{state}": (self.state.count(state), False)
                for state in ("expired", "rejected", "cancelled", "backordered")
            },
            "orders_oversold": (sum(self.trace.oversold.tolist()), False),
            "orders_lost": (self.trace.orders.lost, False),
            "orders_diverted": (self.trace.orders.diverted, False),
            "unfinished": (self.state.count("unfinished"), False),
            "units_shipped": (
                sum(
                    pieces
                    for pieces, tick in zip(
                        self.trace.pieces.tolist(), self.trace.shipped.tolist(), strict=True
                    )
                    if tick < NEVER
                ),
                False,
            ),
            "parcels": (sum(tick < NEVER for tick in self.trace.released.tolist()), False),
            "on_time": (self.on_time(), False),
            "backlog_peak": (peak, False),
            "backlog_peak_at": (peak_at / SECOND, False),
            "backlog_clear_at": self.clear(peak_at),
            "throughput_peak": (
                max((sum(t - HOUR < s <= t for s in shipped) for t in shipped), default=0),
                False,
            ),
            "worker_hours": (self.paid_ticks() / HOUR, False),
        }
        found |= {name: (number, False) for name, number in NaiveGifts(self.trace).measure()}
        stock = NaiveStock(self.trace)
        found |= {name: (number, False) for name, number in stock.measure()}
        found |= self.spread("backorder_age", stock.ages())
        found |= self.spread("order_to_ship", list(zip(self.wanted, self.shipped, strict=True)))
        stages: dict[str, list[tuple[int, int]]] = {}
        for number, zone in enumerate(self.zones):
            waits = [(entered, started) for entered, started, _ in self.visits[number]]
            found |= self.spread(f"wait.{zone.path}", waits)
            if zone.external:
                continue
            left = (self.at_turn(number, turn)[2] for turn in self.turns(number))
            found[f"work_left_peak.{zone.path}"] = (max(left) / HOUR, False)
            found[f"utilisation.{zone.path}"] = (self.utilisation(number), False)
        for number, stage in enumerate(self.trace.model.stages):
            spans = [self.at_stage(number, row) for row in range(len(self.trace.parcel_order))]
            stages.setdefault(stage.name, []).extend(spans)
            for zone in stage.zones if len(stage.zones) > 1 else ():
                there = [(entered, done) for entered, _, done in self.visits[zone]]
                found |= self.spread(f"time_in.{self.zones[zone].path}", there)
        for name, spans in stages.items():
            found |= self.spread(f"time_in.{name}", spans)
        promises = NaivePromises(self)
        found |= {name: (number, False) for name, number in promises.measure()}
        found |= dict(promises.queues())
        money = NaiveMoney(self, promises)
        return found | {name: (number, False) for name, number in money.measure()}

    def outside(self, zone: int) -> bool:
        return self.trace.model.stages[self.zones[zone].at].outside

    def closing(self, zone: int) -> int:
        """Tick of the last work on what goes out, and, where returns come, on them."""
        last = 0
        for number, visits in enumerate(self.visits):
            if self.outside(number) and number != zone:
                continue
            for entered, _, done in visits:
                if entered < NEVER and done == NEVER:
                    return self.end
                if done < NEVER:
                    last = max(last, done)
        return last

    def turns(self, zone: int) -> range:
        begin = self.trace.model.begin // MINUTE * MINUTE
        return range(begin, self.closing(zone) + 2 * MINUTE, MINUTE)

    def at_turn(self, zone: int, turn: int) -> tuple[int, int, int]:
        """Waiting, busy and work waiting just before a turn."""
        waiting = busy = left = 0
        for (entered, started, done), work in zip(self.tasks[zone], self.works[zone], strict=True):
            if entered < turn <= started:
                waiting += 1
                left += work
            busy += started < turn <= done
        return waiting, busy, left

    def crew_at(self, zone: int, tick: int, which: str = "people") -> int:
        """Who is paid at a tick, or who of them can work then: `workers`."""
        crew = self.trace.crews[zone]
        counts = getattr(crew, which).tolist()
        before = [n for t, n in zip(crew.times.tolist(), counts, strict=True) if t <= tick]
        return before[-1]

    def staffed(self, zone: int) -> int:
        """The larger of crew and busy people, added up over time."""
        closing = self.closing(zone)
        begin = self.trace.model.begin
        moments = {begin, closing, *self.trace.crews[zone].times.tolist()}
        for _, started, done in self.tasks[zone]:
            moments |= {started, done}
        steps = sorted(moment for moment in moments if begin <= moment <= closing)
        total = 0
        for left, right in pairwise(steps):
            busy = sum(started <= left < done for _, started, done in self.tasks[zone])
            total += max(busy, self.crew_at(zone, left)) * (right - left)
        return total

    def temps(self, after: bool = False) -> int:
        """Worker-ticks of temps to the end, or only those after the closing of their zone."""
        total = 0
        for zone, crew in enumerate(self.trace.crews):
            ends = [*crew.times.tolist()[1:], self.end]
            for begin, end, temps in zip(
                crew.times.tolist(), ends, crew.temps.tolist(), strict=True
            ):
                begin = max(begin, self.closing(zone)) if after else begin
                total += temps * max(0, end - begin)
        return total

    def paid_ticks(self) -> int:
        """Worker-ticks of our own people until closing, and of temps afterwards as well."""
        ours = [number for number, zone in enumerate(self.zones) if not zone.external]
        return sum(map(self.staffed, ours)) + self.temps(after=True)

    def utilisation(self, zone: int) -> float:
        closing = self.closing(zone)
        worked = 0
        for _, started, done in self.tasks[zone]:
            if started < NEVER:
                worked += min(done, closing) - started
        staffed = self.staffed(zone)
        return worked / staffed if staffed else math.nan

    def peak(self) -> tuple[int, int]:
        best, at = 0, 0
        for tick in sorted(set(self.paid) - {NEVER}):
            here = sum(
                paid <= tick < closed for paid, closed in zip(self.paid, self.closed, strict=True)
            )
            if here > best:
                best, at = here, tick
        return best, at

    def clear(self, peak: int) -> Flagged:
        def waits(tick: int) -> bool:
            unreleased = any(
                paid <= peak and released > tick and state in ("shipped", "unfinished")
                for paid, released, state in zip(self.paid, self.released, self.state, strict=True)
            )
            return unreleased or any(
                entered <= tick < started for visits in row for entered, started, _ in visits
            )

        row = [visits for zone, visits in enumerate(self.visits) if not self.outside(zone)]
        ticks = {peak, *self.released, *(s for visits in row for _, s, _ in visits)}
        for tick in sorted(tick for tick in ticks if peak <= tick < NEVER):
            if not waits(tick):
                return tick / SECOND, False
        return self.end / SECOND, True

    def packed(self, parcel: int) -> int:
        """Tick at which a parcel is done at its own warehouse's last stage, or at `pack`."""
        stages = self.trace.model.stages
        mine = self.trace.model.chains[self.trace.parcel_warehouse[parcel]]
        pack = next((number for number in mine if stages[number].name == "pack"), mine[-1])
        entered, done = self.at_stage(pack, parcel)
        return done if entered < NEVER else int(self.trace.done[parcel])

    def at_stage(self, stage: int, parcel: int) -> tuple[int, int]:
        """When a parcel came to a stage, and was done in the last of its zones there."""
        visits = [self.visits[zone][parcel] for zone in self.trace.model.stages[stage].zones]
        there = [(entered, done) for entered, _, done in visits if entered < NEVER]
        if not there:
            return NEVER, NEVER
        return min(entered for entered, _ in there), max(done for _, done in there)

    def home(self, order: int) -> int:
        """Warehouse of an order's first parcel of goods, else the first that is asked."""
        parcel = self.trace.parcel[order]
        return int(self.trace.parcel_warehouse[parcel]) if parcel >= 0 else self.route(order)

    def route(self, order: int) -> int:
        orders, code = self.trace.orders, int(self.trace.orders.owner[order])
        owner = orders.owners[code] if code >= 0 else None
        region = orders.regions[orders.region[order]]
        return (*self.trace.model.network.route(region, owner, self.trace.model.begin), 0)[0]

    def on_time(self) -> float:
        packed = [NEVER] * len(self.paid)
        for order, row in enumerate(self.trace.parcel.tolist()):
            if row >= 0:
                packed[order] = max(
                    self.packed(n) for n in self.together[int(self.trace.parcel_order[row])]
                )
        kept = counted = 0
        for order, due in enumerate(self.due):
            promise = self.trace.model.promise_of(self.channels[order])
            if promise is None or self.wanted[order] == NEVER:
                continue
            met = packed[order] if promise.met_at == "packed" else self.shipped[order]
            if met == NEVER and due >= self.end:
                continue
            counted += 1
            kept += met <= due
        return kept / counted if counted else math.nan

    def spread(self, name: str, spans: list[tuple[int, int]]) -> dict[str, Flagged]:
        begun = [(begin, finish) for begin, finish in spans if begin < NEVER]
        counts = sorted(min(finish, self.end) - begin for begin, finish in begun)
        open_ = [self.end - begin for begin, finish in begun if finish == NEVER]
        if not counts:
            statistics = ("mean", "p50", "p90", "p95", "p99", "max")
            return {f"{statistic}({name})": (math.nan, False) for statistic in statistics}

        def quantile(percent: int) -> Flagged:
            reached: Callable[[int], int] = lambda span: sum(other <= span for other in counts)  # noqa: E731
            span = next(s for s in counts if reached(s) * 100 >= percent * len(counts))
            return span / SECOND, any(other <= span for other in open_)

        return {
            f"mean({name})": (sum(counts) / len(counts) / SECOND, bool(open_)),
            **{f"p{percent}({name})": quantile(percent) for percent in (50, 90, 95, 99)},
            f"max({name})": (counts[-1] / SECOND, bool(open_)),
        }

    def timeline(self) -> Iterator[tuple[float, str, int, int, int, float]]:
        for number, zone in enumerate(self.zones):
            for turn in self.minutes():
                waiting, busy, left = self.at_turn(number, turn)
                workers = self.crew_at(number, max(turn - 1, self.trace.model.begin), "workers")
                workers = 0 if zone.external else workers
                yield turn / SECOND, zone.name, waiting, busy, workers, left / HOUR

    def flow(self) -> Iterator[tuple[float, str, int, int, int, int, int]]:
        orders = self.trace.orders
        homes = [self.home(order) for order in range(len(orders))]
        columns = (orders.placed.tolist(), self.paid, self.released, self.shipped, self.closed)
        for number, name in enumerate(self.trace.model.network.names):
            mine = [order for order, home in enumerate(homes) if home == number]
            for turn in self.minutes():
                *counts, gone = (sum(ticks[n] < turn for n in mine) for ticks in columns)
                yield turn / SECOND, name, *counts, counts[1] - gone

    def gift_flow(self) -> list[tuple[float, str, str | None, int, int, int]]:
        return NaiveGifts(self.trace).flow()

    def minutes(self) -> range:
        # every payment that was drawn, also of orders that were rejected before it
        paid = [tick for tick in self.trace.orders.paid.tolist() if tick < NEVER]
        last = max([*map(self.closing, range(len(self.zones))), *paid])
        first = self.trace.model.begin // MINUTE * MINUTE
        return range(first, last + MINUTE if last % MINUTE else last + 1, MINUTE)
