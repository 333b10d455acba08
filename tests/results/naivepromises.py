"""Every metric of promises and trucks once more, in plain loops over orders and parcels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from burstsim.engine.carriers import ALL_THAT_FITS
from burstsim.scenario.metrics import late_causes
from burstsim.units import HOUR, NEVER, SECOND
from tests.results.naivegifts import NaiveGifts

if TYPE_CHECKING:
    from tests.results.naive import Naive

#: Part of a way: its name, and when it begins and ends.
Part = tuple[str, int, int]


class NaivePromises:
    def __init__(self, naive: Naive) -> None:
        self.naive, self.trace = naive, naive.trace
        self.model, self.end = naive.trace.model, naive.end
        self.orders = range(len(naive.paid))
        self.missing: Counter[int] = Counter()
        for row in NaiveGifts(self.trace).rows:
            self.missing[row.order] += row.short
        self.rows = [self.decisive(order) for order in self.orders]
        self.met = [
            self.done_at(order, row) if row >= 0 else NEVER
            for order, row in zip(self.orders, self.rows, strict=True)
        ]

    def by_packing(self, order: int) -> bool:
        promise = self.model.promise_of(self.naive.channels[order])
        return promise is not None and promise.met_at == "packed"

    def done_at(self, order: int, row: int) -> int:
        """Tick that counts of one parcel for the promise of one of its orders."""
        return self.naive.packed(row) if self.by_packing(order) else int(self.trace.shipped[row])

    def decisive(self, order: int) -> int:
        """The last of an order's parcels, of equal ones the first; -1 without any."""
        if self.trace.parcel[order] < 0:
            return -1
        rows = self.naive.together[int(self.trace.parcel_order[self.trace.parcel[order]])]
        last = max(self.done_at(order, row) for row in rows)
        return next(row for row in rows if self.done_at(order, row) == last)

    def judged(self, order: int) -> bool:
        """Whether it is known if an order kept its promise."""
        due = self.naive.due[order]
        if due == NEVER or self.naive.wanted[order] == NEVER:
            return False
        return self.met[order] < NEVER or due < self.end

    def late(self, order: int) -> bool:
        return self.judged(order) and self.met[order] > self.naive.due[order]

    def in_full(self, order: int) -> bool:
        lines = range(*self.trace.orders.line_offsets[order : order + 2].tolist())
        parcel = int(self.trace.parcel[order])
        leader = int(self.trace.parcel_order[parcel]) if parcel >= 0 else order
        return all(self.trace.source[n] >= 0 for n in lines) and not self.missing[leader]

    def way(self, order: int) -> list[Part]:
        """Cut the way of an order into parts that follow each other."""
        trace, row, stop = self.trace, self.rows[order], min(self.met[order], self.end)
        taken = min(int(trace.taken[order]), stop)
        parts = [("hold", self.naive.paid[order], taken)]
        why = "gift" if trace.held[order] else "stock"
        if row < 0:
            return [*parts, (why, taken, stop)]
        found = min(int(trace.sent[trace.parcel[order]]), stop)
        sent = min(int(trace.sent[row]), stop)
        released = min(int(trace.released[row]), stop)
        parts += [(why, taken, found), ("gift", found, sent), ("release", sent, released)]
        places = []
        for stage in self.model.chains[trace.parcel_warehouse[row]]:
            entered, _ = self.naive.at_stage(stage, row)
            if entered < stop:
                places.append((self.model.stages[stage].name, entered))
        done = min(int(trace.done[row]), stop)
        ends = [entered for _, entered in places[1:]] + [done]
        for (name, entered), following in zip(places, ends, strict=False):
            parts.append((name, entered, following))
        return [*parts, ("truck", done, stop)]

    def cause(self, order: int) -> str:
        spans: Counter[str] = Counter()
        way = self.way(order)
        assert sum(b - a for _, a, b in way) == way[-1][2] - self.naive.paid[order]
        for name, begin, end in way:
            spans[name] += end - begin
        names = late_causes(self.model.scenario)
        return max(names, key=lambda name: (spans[name], -names.index(name)))

    def measure(self) -> Iterator[tuple[str, float]]:
        judged = [order for order in self.orders if self.judged(order)]
        kept = [order for order in judged if not self.late(order)]
        full = [order for order in kept if self.in_full(order)]
        yield "otif", len(full) / len(judged) if judged else math.nan
        late = [order for order in judged if self.late(order)]
        yield "orders_late", len(late)
        causes = Counter(self.cause(order) for order in late)
        for name in late_causes(self.model.scenario):
            yield f"late_because.{name}", causes[name]
        yield from self.lost()
        yield from self.trucks()

    def lost(self) -> Iterator[tuple[str, float]]:
        spans: Counter[str] = Counter()
        for order in self.orders:
            if self.naive.wanted[order] == NEVER:
                continue
            before = [part for part in self.way(order) if "." not in part[0]]
            for name, begin, end in before[:4]:
                if name in ("hold", "stock", "gift", "release"):
                    spans[f"before {name}"] += end - begin
            row, stop = self.rows[order], min(self.met[order], self.end)
            if row < 0:
                continue
            for number, zone in enumerate(self.naive.zones):
                entered, started, _ = self.naive.visits[number][row]
                if not self.model.stages[zone.at].outside and entered < stop:
                    spans[zone.path] += min(started, stop) - entered
            spans["truck"] += stop - min(self.first_truck(row), stop)
        for name in ("hold", "stock", "gift", "release"):
            yield f"time_lost.{name}", spans[f"before {name}"] / HOUR
        for zone in self.naive.zones:
            yield f"time_lost.{zone.path}", spans[zone.path] / HOUR
        yield "time_lost.truck", spans["truck"] / HOUR

    def first_truck(self, row: int) -> int:
        trace, done = self.trace, int(self.trace.done[row])
        table, house, carrier = trace.pickups, trace.parcel_warehouse[row], trace.carrier[row]
        whose = zip(*(c.tolist() for c in (table.tick, table.house, table.carrier)), strict=True)
        return min(
            (t for t, h, c in whose if (h, c) == (house, carrier) and t > done), default=done
        )

    def trucks(self) -> Iterator[tuple[str, float]]:
        table = self.trace.pickups
        names = ("house", "carrier", "capacity", "loaded", "behind")
        rows = list(zip(*(getattr(table, name).tolist() for name in names), strict=True))
        for house, carriers in enumerate(self.model.carriers):
            for number, carrier in enumerate(carriers.each):
                mine = [row[2:] for row in rows if row[:2] == (house, number)]
                path = f"{self.model.network.names[house]}.{carrier.name}"
                yield f"left_behind.{path}", max((behind for *_, behind in mine), default=0)
                limited = [row for row in mine if row[0] < ALL_THAT_FITS]
                room = sum(row[0] for row in limited)
                fill = sum(row[1] for row in limited) / room if room else math.nan
                yield f"truck_fill.{path}", fill

    def queues(self) -> Iterator[tuple[str, tuple[float, bool]]]:
        """Peak, its moment and its end of what waits in every zone."""
        for number, zone in enumerate(self.naive.zones):
            spans = [(a, b) for a, b, _ in self.naive.visits[number] if a < NEVER]
            counts = {t: sum(a <= t < b for a, b in spans) for t, _ in spans}
            most = max(counts.values(), default=0)
            yield f"backlog_peak.{zone.path}", (most, False)
            if not most:
                yield f"backlog_peak_at.{zone.path}", (math.nan, False)
                yield f"backlog_clear_at.{zone.path}", (math.nan, False)
                continue
            peak = min(t for t, count in counts.items() if count == most)
            yield f"backlog_peak_at.{zone.path}", (peak / SECOND, False)
            later = sorted(b for _, b in spans if peak < b < NEVER)
            clear = [t for t in later if not any(a <= t < b for a, b in spans)]
            at = clear[0] if clear else self.end
            yield f"backlog_clear_at.{zone.path}", (at / SECOND, not clear)
