"""Run a replication a piece at a time, and forget the orders that are over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.carriers import pickup_table
from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.control.skilled import skilled_crews
from burstsim.engine.control.staff import Staff
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.orders import Orders
from burstsim.engine.piece import Piece
from burstsim.engine.slices import OrderSlice
from burstsim.engine.subsets import orders_of, orders_together
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.gifts import Batch, Memory, decide
from burstsim.engine.vector.groups import Groups, groups_of
from burstsim.engine.vector.oms import Departures, departures
from burstsim.engine.vector.parcels import Parcels, pack_parcels
from burstsim.engine.vector.parcelsets import parcels_together
from burstsim.engine.vector.routes import routes_of
from burstsim.engine.vector.shelf import from_the_shelf
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import joined, lean, taken
from burstsim.kernels.segments import segment_elements, sort_pairs
from burstsim.units import NEVER

__all__ = ["pieces_of"]

Flags = npt.NDArray[np.bool_]

_NONE = np.empty(0, np.int64)

#: As many orders come at a time as this part of those who are there: so what is copied when
#: somebody is forgotten stays a small multiple of what comes.
_AT_ONCE = 0.25


def pieces_of(model: Model, slices: Iterable[OrderSlice]) -> Iterator[Piece]:
    """Run a replication that `burstsim.engine.streamable.streamable` has nothing against.

    Parameters
    ----------
    model
        The compiled scenario.
    slices
        Its orders, as they are placed.

    Yields
    ------
    Piece
        Of each slice, or of several. Its columns are only good until the next one is asked for.
    """
    run: _Run | None = None
    waiting: list[OrderSlice] = []
    for part in slices:
        waiting.append(part)
        count = sum(len(some.orders) for some in waiting)
        until, last = part.until, part.until >= model.end
        few = run is not None and count < _AT_ONCE * len(run.orders)
        if not last and (few or until <= model.begin):
            continue
        if run is None:
            run = _Run(model, part.orders)
        del part  # so that its memory can be given back
        run.come(waiting)
        waiting.clear()
        yield run.go_on(until, last=last)


class _Run:
    """Those who are there: all orders that were placed and are not over.

    Parameters
    ----------
    model
        The compiled scenario.
    orders
        The first ones; they come later.

    Attributes
    ----------
    orders, number : (n,) int64
        Who is there, and their numbers in the whole replication.
    leaves : (n,) int64
        Sweep at which each leaves the order management, `NEVER` if it does not.
    sent, over : (n,) bool
        Who has left it, and for whom nothing will happen any more.
    source : (lines,) int64
        Warehouse that each line came from, -1 as long as it was not sent.
    """

    def __init__(self, model: Model, orders: Orders) -> None:
        self.model = model
        self.orders = replace(orders_of(orders, _NONE), lost=0, diverted=0)
        self.number = self.leaves = self.source = _NONE
        self.sent = self.over = np.empty(0, bool)
        self.now, self.memory = model.begin, Memory.of(model.rules)
        names = [field.name for field in fields(GiftTable)]
        self.gifts = GiftTable(**dict.fromkeys(names, _NONE))
        self.clock = Clock(model.begin)
        self.floor = Floor(self.clock, model, self.orders, self._parcels(self.orders)[1])
        self.staff = Staff(self.clock, orders.rosters, self.floor)
        skilled_crews(self.clock, self.staff, model.scenario, model.zones, orders.replication)

    def come(self, slices: list[OrderSlice]) -> None:
        """Have the next orders be placed; forget those that are over."""
        stay = np.flatnonzero(~self.over)
        place = np.full(len(self.over), -1)
        place[stay] = np.arange(len(stay))
        more = [departures(self.model, part.orders).leaves for part in slices]
        self.leaves = joined(self.leaves[stay], *more)
        lines = segment_elements(self.orders.line_offsets, stay)
        count = sum(len(part.orders.line_item) for part in slices)
        self.source = joined(taken(self.source, lines), lean(np.full(count, -1)))
        count = sum(len(part.orders) for part in slices)
        self.number = np.append(self.number[stay], slices[0].first + np.arange(count))
        self.sent = np.append(self.sent[stay], np.zeros(count, bool))
        kept, self.orders = orders_of(self.orders, stay), slices[0].orders
        self.orders = orders_together([kept, *(part.orders for part in slices)])
        del kept
        rows = np.flatnonzero(~self.over[self.gifts.order])
        gifts = {f.name: taken(getattr(self.gifts, f.name), rows) for f in fields(GiftTable)}
        self.gifts = GiftTable(**gifts | {"order": place[self.gifts.order[rows]]})
        self.place = place

    def go_on(self, until: int, *, last: bool) -> Piece:
        """Let everything happen that happens before a tick."""
        self._send(until)
        self.clock.run(until)
        self.floor.load_trucks(until)
        begin, self.now = self.now, until
        trace = self._trace()
        self.over = np.ones(len(self.orders), bool) if last else self._over()
        return Piece(
            begin=begin, until=until, number=self.number, trace=trace, over=self.over, last=last
        )

    def _send(self, until: int) -> None:
        """Decide about gifts, and put what leaves before a tick into parcels on the floor."""
        goes = np.flatnonzero((self.leaves < until) & ~self.sent)
        orders = orders_of(self.orders, goes)
        (groups, filled), parcels = self._parcels(orders, self.leaves[goes])
        self.sent[goes] = True
        source = self.source.copy()
        source[segment_elements(self.orders.line_offsets, goes)] = parcels.sources
        self.source = lean(source)
        self._note_gifts(groups, filled, goes)
        stays = np.flatnonzero(self.place[self.floor.parcels.order] >= 0)
        some = self.floor.parcels, stays, self.place
        both, moves = parcels_together(self.model, some, (parcels, goes))
        self.floor.go_on(self.orders, both, moves)

    def _parcels(
        self, orders: Orders, leaves: Ticks = _NONE
    ) -> tuple[tuple[Groups, Filled], Parcels]:
        """Put orders that leave at some sweeps into parcels."""
        model, everybody = self.model, np.ones(len(orders), bool)
        leaving = Departures(
            accepted=everybody,
            oversold=~everybody,
            leaves=leaves,
            leader=_NONE,
            in_turn=sort_pairs(orders.paid, np.arange(len(orders)))[1],
            fillings=orders.fillings,
            parts_for={},
        )
        groups = groups_of(model, orders, leaving)
        batch = Batch(orders=orders, groups=groups.offsets, members=groups.members)
        grants = decide(model.rules, batch, {}, (_NONE, _NONE), self.memory)
        routes = routes_of(model, orders, groups, None)
        filled = from_the_shelf(model, orders, groups, routes, grants, [])
        never = lean(np.full(len(groups), NEVER))
        return (groups, filled), pack_parcels(model, orders, groups, filled, never)

    def _note_gifts(self, groups: Groups, filled: Filled, goes: Indices) -> None:
        """Keep the gifts of those who were sent, in order of who they are for."""
        rows = filled.rows
        columns = {
            f.name: getattr(rows, f.name)
            for f in fields(GiftTable)
            if f.name not in ("order", "decided")
        }
        columns["order"] = goes[groups.first[rows.group]]
        columns["decided"] = groups.leaves[rows.group]
        names = [f.name for f in fields(GiftTable)]
        both = {name: joined(getattr(self.gifts, name), columns[name]) for name in names}
        turn = np.argsort(both["order"], kind="stable")
        self.gifts = GiftTable(**{name: taken(column, turn) for name, column in both.items()})

    def _trace(self) -> Trace:
        """Say what has happened to those who are there."""
        floor, orders, parcels = self.floor, self.orders, self.floor.parcels
        left = floor.left_at < NEVER
        goods = np.flatnonzero(parcels.part == 0)[::-1]
        parcel = np.full(len(orders), -1)
        parcel[parcels.order[goods]] = goods
        nothing, none = lean(np.zeros(len(orders), np.int64)), np.empty(0, np.int64)
        return Trace(
            model=self.model,
            orders=orders,
            source=self.source,
            state=self._states(),
            oversold=nothing,
            held=nothing,
            dropped=lean(np.full(len(orders), NEVER)),
            taken=np.where(self.sent, self.leaves, NEVER),
            parcel=parcel,
            parcel_order=parcels.order,
            parcel_part=parcels.part,
            parcel_warehouse=parcels.warehouse,
            pieces=parcels.pieces,
            lines=parcels.lines,
            sent=parcels.sent,
            released=floor.released,
            done=floor.done,
            shipped=floor.shipped,
            carrier=lean(np.where(floor.done < NEVER, parcels.carrier, -1)),
            left=lean(left.astype(np.int64)),
            rows=floor.rows,
            visits=tuple(floor.visits(zone, self.model.end) for zone in range(len(floor.stations))),
            crews=self.staff.crews(),
            loads=tuple(station.loads for station in floor.stations),
            pickups=pickup_table(floor.carriers.pickups()),
            gifts=self.gifts,
            parts_for=none,
            made=none,
            missing=none,
        )

    def _states(self) -> Indices:
        """Say how those ended who have, as it looks now."""
        orders, floor, parcels = self.orders, self.floor, self.floor.parcels
        state: Indices = np.full(len(orders), STATES.index("unfinished"))
        state[orders.paid == NEVER] = STATES.index("expired")
        state[self._gone()] = STATES.index("cancelled")
        state[self.sent] = STATES.index("shipped")
        left = floor.left_at < NEVER
        state[parcels.order[(floor.shipped == NEVER) & ~left]] = STATES.index("unfinished")
        state[parcels.order[(parcels.part == 0) & left]] = STATES.index("cancelled")
        return state

    def _gone(self) -> Flags:
        """Who is cancelled before leaving; they are out at the first sweep that sees it."""
        model, orders = self.model, self.orders
        waits: Flags = (orders.paid < NEVER) & (self.leaves == NEVER)
        return waits & model.sweeps.see(orders.cancelled, model.end)

    def _over(self) -> Flags:
        """Who has been through before now."""
        orders, floor, now = self.orders, self.floor, self.now
        over: Flags = (orders.paid == NEVER) & (orders.expires < now)
        over |= self._gone() & (np.maximum(orders.cancelled, orders.paid) < now)
        over |= self.sent
        through = np.minimum(floor.shipped, floor.left_at)
        over[floor.parcels.order[through >= now]] = False
        return over
