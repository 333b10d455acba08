"""A trace with what several metrics need of it, computed once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from burstsim.engine.trace import STATES, Trace
from burstsim.engine.vector.contents import line_pieces
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import lean, shared
from burstsim.kernels.peaks import most_inside
from burstsim.kernels.segments import segment_elements, segment_sums, sort_pairs, total_of
from burstsim.results.flows import Flow, flows_of
from burstsim.results.hours import Hours, Overtime, closings_of, hours_of, staffed
from burstsim.results.margins import line_margins
from burstsim.units import NEVER

__all__ = ["BACKORDERED", "CANCELLED", "EXPIRED", "REJECTED", "Facts", "Flags"]

Flags = npt.NDArray[np.bool_]

Known = TypeVar("Known")

BACKORDERED, EXPIRED, REJECTED, CANCELLED = (
    STATES.index(state) for state in ("backordered", "expired", "rejected", "cancelled")
)


class Facts:
    """A trace with what several metrics need of it, computed once.

    Parameters
    ----------
    trace
        A finished replication.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.model = trace.model
        self.orders = trace.orders
        self._known: dict[Callable[[Facts], object], object] = {}
        self._flows: dict[int, tuple[Flow, Flow]] = {}
        self._waits: dict[int, tuple[Ticks, Ticks]] = {}
        self._staffed: dict[int, int] = {}

    @classmethod
    def of(cls, known: Trace | Facts) -> Facts:
        """Take facts as they are, and a trace without any as yet."""
        return known if isinstance(known, Facts) else cls(known)

    def once(self, compute: Callable[[Facts], Known]) -> Known:
        """Compute something of the replication, or give what it was when it was computed before.

        Parameters
        ----------
        compute
            A function of the facts and of nothing else.
        """
        if compute not in self._known:
            self._known[compute] = compute(self)
        return cast("Known", self._known[compute])

    @cached_property
    def shipped(self) -> Ticks:
        """Tick at which the last parcel of each order was shipped, `NEVER` if one was not."""
        return shared([self.trace.shipped, self.trace.order_shipped()])[1]

    @cached_property
    def paid(self) -> Ticks:
        """Tick at which each order was paid, `NEVER` for those that expired or were rejected."""
        state = self.trace.state
        if not (state > BACKORDERED).any():
            return self.orders.paid
        paid = np.where((state == EXPIRED) | (state == REJECTED), NEVER, self.orders.paid)
        return shared([self.orders.paid, paid])[1]

    @cached_property
    def houses(self) -> Indices:
        """From how many warehouses the goods of each order went to the floor."""
        trace, lengths, houses = self.trace, self.lengths, len(self.model.chains)
        count: Indices = (lengths > self.unsent).astype(np.int64)
        if houses == 1:
            return lean(count)
        # few orders have lines from elsewhere than where the first parcel of their goods leaves
        elsewhere = np.repeat(self.home, lengths) != trace.source
        elsewhere &= trace.source >= 0
        order = self.order_of(np.flatnonzero(elsewhere))
        some = order[np.flatnonzero(np.diff(order, prepend=-1))]
        lines = segment_elements(self.orders.line_offsets, some)
        row = np.repeat(np.arange(len(some)), lengths[some])
        there = np.zeros((len(some), houses + 1), bool)
        there[row, trace.source[lines]] = True
        count[some] = there[:, :-1].sum(axis=1)
        return count

    @cached_property
    def lengths(self) -> Indices:
        """How many lines each order has."""
        return np.diff(self.orders.line_offsets)

    @cached_property
    def lacking(self) -> Indices:
        """Lines that were not sent."""
        return np.flatnonzero(self.trace.source < 0)

    @cached_property
    def unsent(self) -> Indices:
        """How many lines of each order were not sent."""
        return lean(np.bincount(self.order_of(self.lacking), minlength=len(self.orders)))

    def order_of(self, lines: Indices) -> Indices:
        """Say whose some lines are."""
        return self.orders.line_offsets.searchsorted(lines, side="right") - 1

    @cached_property
    def due(self) -> Ticks:
        """Tick of each order's promise; orders that share a parcel have that of its first one."""
        return self.orders.due[self.leader] if self.model.merge else self.orders.due

    @cached_property
    def wanted(self) -> Ticks:
        """Tick at which each order was paid that was not cancelled later, else `NEVER`."""
        if not (self.trace.state > BACKORDERED).any():
            return self.orders.paid
        wanted = np.where(self.trace.state > BACKORDERED, NEVER, self.orders.paid)
        return shared([self.orders.paid, wanted])[1]

    @cached_property
    def closed(self) -> Ticks:
        """Ticks, ascending, at which paid orders were open no more: shipped or cancelled."""
        return self.by_closing[0]

    @cached_property
    def by_paid(self) -> tuple[Ticks, Indices]:
        """Ticks, ascending, at which orders were paid, and those orders."""
        return _in_turn(self.paid)

    @cached_property
    def by_closing(self) -> tuple[Ticks, Indices]:
        """Ticks, ascending, at which paid orders ceased to be open, and those orders."""
        return _in_turn(self.closes)

    @cached_property
    def closes(self) -> Ticks:
        """Tick from which each paid order is open no more, `NEVER` if it stays open."""
        if not (self.trace.state == CANCELLED).any():
            return self.shipped
        left = np.minimum(self.orders.cancelled, self.trace.dropped)
        return np.where(self.trace.state == CANCELLED, left, self.shipped)

    @cached_property
    def sent_pieces(self) -> Indices:
        """Pieces of each order's goods that went to the floor, kits opened."""
        sent = np.where(self.trace.source >= 0, line_pieces(self.orders), 0)
        # most often all of it
        return shared([self.orders.pieces, segment_sums(sent, self.orders.line_offsets)])[1]

    @cached_property
    def leader(self) -> Indices:
        """First of the orders that each order leaves together with, itself if it is alone."""
        own, parcel = np.arange(len(self.orders)), self.trace.parcel
        if not self.model.merge or len(self.trace.parcel_order) == 0:
            return own
        return np.where(parcel < 0, own, self.trace.parcel_order[parcel])

    @cached_property
    def judged(self) -> Flags:
        """Orders of which it is known whether they met their promise."""
        known: Flags = (self.due < NEVER) & self.wanting
        return known & ((self.met < NEVER) | (self.due < self.model.end))

    @cached_property
    def late(self) -> Flags:
        """Orders whose promise is known to be broken."""
        broken: Flags = self.judged & (self.met > self.due)
        return broken

    @cached_property
    def returned(self) -> Flags:
        """Orders whose goods came back before the end, those of one parcel together."""
        trace, after = self.trace, self.orders.back_after[self.leader]
        if not (after < NEVER).any() or len(trace.parcel_order) == 0:
            return np.zeros(len(after), bool)
        goods = np.zeros(len(after), np.int64)
        main = trace.parcel_part == 0
        np.maximum.at(goods, trace.parcel_order[main], trace.shipped[main])
        gone = np.where(trace.parcel < 0, NEVER, goods[self.leader])
        sends = (gone < NEVER) & (after < NEVER)
        back = np.where(sends, gone, 0) + np.where(sends, after, 0)
        found: Flags = sends & (back < self.model.end)
        return found

    @cached_property
    def margins(self) -> Ticks:
        """Cents that are earned with each order line: (lines,) int64."""
        return line_margins(self.orders, self.model.scenario.catalog)

    @cached_property
    def hours(self) -> Hours:
        """What is paid of people."""
        people = sum(map(self.staffed, range(len(self.model.zones))))
        return hours_of(self.model, self.trace.crews, people, self.closings)

    @cached_property
    def by_packing(self) -> Flags:
        """Orders whose promise is met when they are packed."""
        found: Flags = self.model.met_packed(self.orders.channels)[self.orders.channel]
        return found

    @cached_property
    def met(self) -> Ticks:
        """Tick that counts for each order's promise: packed or shipped."""
        if not self.by_packing.any():
            return self.shipped
        packed = self.trace.per_order(self.trace.last(self.packed))
        _, packed = shared([self.packed, packed])
        return packed if self.by_packing.all() else np.where(self.by_packing, packed, self.shipped)

    @cached_property
    def decisive(self) -> Indices:
        """Parcel that decides when each order's promise is met, -1 for an order without one.

        It is the last of its parcels, of equal ones the first.
        """
        found = self._last_row(self.trace.shipped)
        if not self.by_packing.any():
            return found
        return np.where(self.by_packing, self._last_row(self.packed), found)

    def _last_row(self, ticks: Ticks) -> Indices:
        trace, last = self.trace, self.trace.last(ticks)
        if last is ticks and not trace.parcel_part.any():
            return trace.parcel  # each order is in one parcel
        found = np.full(len(self.orders), -1)
        counts = (trace.left == 0) | (trace.parcel_part == 0)
        rows = np.flatnonzero(counts & (ticks == last))
        leaders = trace.parcel_order[rows]
        first = np.flatnonzero(np.diff(leaders, prepend=-1))  # parcels stand by leader
        found[leaders[first]] = rows[first]
        return np.where(trace.parcel < 0, -1, found[self.leader])

    @cached_property
    def packed(self) -> Ticks:
        """Tick at which each parcel was done at the stage `pack`, else at the last one."""
        # what passes the stage is packed as far as it ever will be when it is done
        done, packing = self.trace.done.copy(), list[Ticks]()
        for house in range(len(self.model.chains)):
            visits = self.trace.stage_visits(self.model.packing(house))
            here = np.flatnonzero(visits.entered < NEVER)
            done[visits.rows[here]] = visits.done[here]
            packing.append(visits.done)
        return shared([*packing, done])[-1]

    @cached_property
    def shipped_sorted(self) -> Ticks:
        """Ticks of the orders that were shipped, ascending."""
        if self.closes is self.shipped:
            return self.closed
        return np.sort(self.shipped[self.shipped < NEVER])

    def flow(self, zone: int) -> Flow:
        """Parcels that came to a zone, in order.

        Only the zone that was asked for last is kept, for it takes the memory of four columns:
        ask everything of one zone before the next one.
        """
        return self._flows_of(zone)[0]

    def task_flow(self, zone: int) -> Flow:
        """Tasks that came to a zone, in order; they are the parcels where none tour."""
        return self._flows_of(zone)[1]

    def waits(self, zone: int) -> tuple[Ticks, Ticks]:
        """Spans in which parcels waited in a zone: see `Flow.waits`."""
        if zone not in self._waits:
            self._flows_of(zone)
        return self._waits[zone]

    def staffed(self, zone: int) -> int:
        """Worker-ticks of a zone until closing, with the overtime of who finishes a task.

        The people of partners are not ours: they count as none.
        """
        if zone not in self._staffed:
            self._flows_of(zone)
        return self._staffed[zone]

    def leave_zones(self) -> None:
        """Keep the zone no more that was asked for last: all is known of zones."""
        self._flows.clear()

    def _flows_of(self, zone: int) -> tuple[Flow, Flow]:
        """Sort what came to a zone, and keep the little that is asked for later."""
        if zone not in self._flows:
            self._flows.clear()
            flow, tasks = flows_of(self.trace.visits[zone], self.trace.loads[zone])
            self._flows[zone] = flow, tasks
            self._waits[zone] = flow.waits()
            self._staffed[zone] = 0 if self.model.zones[zone].external else self._hours(zone, tasks)
        return self._flows[zone]

    def _hours(self, zone: int, tasks: Flow) -> int:
        """Worker-ticks of a zone, with overtime."""
        crew, overtime = self.trace.crews[zone], Overtime()
        overtime.add(tasks, crew, (self.model.begin, self.model.end))
        overtime.close(self.model.end)
        return staffed(crew, self.closings[zone]) + overtime.ticks

    @cached_property
    def way_out(self) -> list[int]:
        """Zones that parcels pass on their way out."""
        zones, stages = self.model.zones, self.model.stages
        return [number for number, zone in enumerate(zones) if not stages[zone.at].outside]

    @cached_property
    def lasts(self) -> list[int]:
        """Tick of the last work done in each zone, `NEVER` if some is not, 0 if nothing came."""
        return [
            int(visits.done.max(initial=0, where=visits.entered < NEVER))
            for visits in self.trace.visits
        ]

    @cached_property
    def closing(self) -> int:
        """Tick of the last work done on what goes out; the end if something is undone."""
        return min(self.closings)

    @cached_property
    def closings(self) -> list[int]:
        """Tick up to which each zone's people count: see `closings_of`."""
        return closings_of(self.model, self.lasts)

    @cached_property
    def peak(self) -> tuple[int, int]:
        """Most open orders, and the tick at which there were first so many."""
        return most_inside(self.by_paid[0], self.closed)

    @cached_property
    def worked(self) -> list[int]:
        """Worker-ticks that each zone's people were at work, until the end at most."""
        found = []
        for visits in self.trace.visits:
            tasks = visits.tasks()
            begun = tasks.started < NEVER
            spans = np.minimum(tasks.done, self.model.end) - tasks.started
            found.append(total_of(spans if begun.all() else spans[begun]))
        return found

    @cached_property
    def route(self) -> Indices:
        """Warehouse that each order is asked of first: the first of its route as sales begin."""
        network, orders = self.model.network, self.orders
        if len(self.model.chains) == 1:
            return np.broadcast_to(np.int64(0), len(orders))
        first = network.first(orders.regions, orders.owners, self.model.begin)
        found: Indices = first[orders.region, orders.owner]
        return lean(found)

    @cached_property
    def home(self) -> Indices:
        """Warehouse that each order is told of at: where the first parcel of its goods leaves.

        That is the first in the file of those that its parcel's goods come from; of an order
        without a parcel the first of its route.
        """
        parcel = self.trace.parcel
        if len(self.trace.parcel_order) == 0 or len(self.model.chains) == 1:
            return self.route
        return lean(np.where(parcel < 0, self.route, self.trace.parcel_warehouse[parcel]))

    @cached_property
    def wanting(self) -> Flags:
        """Orders that were paid and that nobody cancelled."""
        return self.wanted < NEVER


def _in_turn(ticks: Ticks) -> tuple[Ticks, Indices]:
    """Ticks, ascending, at which something happened, and rows, ascending in each tick."""
    rows = np.flatnonzero(ticks < NEVER)
    return sort_pairs(ticks[rows], rows)
