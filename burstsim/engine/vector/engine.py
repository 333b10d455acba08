"""Run a replication as whole batches between control actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.carriers import pickup_table
from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.control.plane import Control
from burstsim.engine.control.policies import Policies
from burstsim.engine.crews import Crew
from burstsim.engine.gifttable import GiftTable
from burstsim.engine.interventions import intervened
from burstsim.engine.levers import Pull, Pulled, pulls_of
from burstsim.engine.orders import Orders
from burstsim.engine.trace import STATES, Trace
from burstsim.engine.vector.backwards import Backwards, nothing_yet, read_back
from burstsim.engine.vector.builds import build_events
from burstsim.engine.vector.events import Event
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.giftrows import joined
from burstsim.engine.vector.gifts import Batch, decide, nothing_granted
from burstsim.engine.vector.groups import Groups, groups_of
from burstsim.engine.vector.levers import Sale, not_let_in, with_promises, without
from burstsim.engine.vector.oms import Departures, departures
from burstsim.engine.vector.onshelf import OnShelf
from burstsim.engine.vector.parcels import Parcels, pack_parcels
from burstsim.engine.vector.routes import routes_of
from burstsim.engine.vector.shelf import from_the_shelf
from burstsim.engine.vector.sofar import SoFar
from burstsim.engine.vector.stock import GivenBack
from burstsim.engine.vector.unreleased import back_on_sale
from burstsim.engine.visits import Visits
from burstsim.engine.world import Process, start
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.columns import lean, shared, taken
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.units import NEVER

__all__ = ["simulate"]

_NONE = np.empty(0, np.int64)

#: Columns of gifts that are the same in the trace.
_OF_ROWS = ("rule", "option", "place", "house", "item", "proposed", "granted", "later")


def simulate(model: Model, orders: Orders, processes: Sequence[Process] = ()) -> Trace:
    """Run all orders as arrays until the end.

    What happens on the shelf and on the floor has a say in what happens before: a gift that is
    out of stock lets another rule give, a cancelled order frees the caps of its rules, gifts
    wait for goods to be shipped. So guess that nothing of that kind happens, see what happens
    then, and again with what was seen, until it is what was guessed. Nothing acts back in time,
    so every pass settles at least all that lies before the first wrong guess.

    Parameters
    ----------
    model
        The compiled scenario.
    orders
        The orders of the replication.
    processes
        Users' own; see `burstsim.engine.world`.
    """
    pulled: tuple[Pulled, ...] = ()
    while True:
        changed, pulls = intervened(model, pulled), pulls_of(pulled)
        promised = with_promises(changed, orders, pulls)
        upstream, run = _with_levers(changed, promised, pulls, processes)
        if run.pulled == pulled:
            filled = replace(promised, fillings=upstream[0].fillings)
            return _trace(changed, filled, upstream, run)
        pulled = run.pulled


def _with_levers(
    model: Model, drawn: Orders, pulls: tuple[Pull, ...], processes: Sequence[Process]
) -> tuple[tuple[Departures, Groups], _Run]:
    """Run with levers that act before the floor; which are pulled in the end is in the run."""
    missing, found = dict[int, int](), np.ones(len(drawn), bool)
    returned = _nothing_back(len(drawn))
    while True:
        refused = not_let_in(model, drawn, pulls, found)
        leaving = departures(model, without(drawn, refused), missing, returned)
        found, leaving = leaving.accepted, replace(leaving, accepted=leaving.accepted & ~refused)
        orders = replace(drawn, fillings=leaving.fillings)
        groups = groups_of(model, orders, leaving)
        leaving = replace(leaving, leader=_NONE, in_turn=_NONE)  # the groups know
        let_in = leaving.accepted & (orders.enters < 0)
        builds = build_events(model, leaving.parts_for)
        run = _settled(model, orders, groups, builds, (let_in, processes))
        back = _returned(model, orders, groups, run)
        same = back.same(returned)
        same = same and np.array_equal(not_let_in(model, drawn, pulls, found), refused)
        if run.filled.counted == missing and same:
            return (leaving, groups), run
        missing, returned = run.filled.counted, back


def _returned(model: Model, orders: Orders, groups: Groups, run: _Run) -> GivenBack:
    """Say when orders that had been taken give their stock back, and who at a sweep's end.

    Those that are cancelled while they wait do at the first sweep that sees it, those that are
    cancelled for lack of stock when that is found out; of those that are cancelled before they
    are released the parcels of goods come back.
    """
    if not model.stock.limited:
        return _nothing_back(len(orders))
    filled, tick, last = run.filled, np.full(len(orders), NEVER), np.zeros(len(orders), bool)
    seen = model.sweeps.see(groups.gone, model.end)
    unsent = (filled.sent == NEVER) & (filled.dropped == NEVER) & seen
    when = filled.dropped.copy()
    when[unsent] = model.sweeps.after(groups.gone[unsent])
    lengths = np.diff(groups.offsets)
    tick[groups.members] = np.repeat(when, lengths)
    last[groups.members] = np.repeat(filled.dropped < NEVER, lengths)
    steps = back_on_sale(model, orders, groups, (run.parcels, run.floor))
    return GivenBack(tick, last, steps)


def _nothing_back(count: int) -> GivenBack:
    """Say of so many orders that none gives anything back."""
    return GivenBack(lean(np.full(count, NEVER)), lean(np.zeros(count, bool)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Run:
    """One pass from the rules to the end of the floor."""

    filled: Filled
    parcels: Parcels
    floor: Floor
    visits: tuple[Visits, ...]
    loads: tuple[Floats, ...]
    crews: tuple[Crew, ...]
    pulled: tuple[Pulled, ...]


def _settled(
    model: Model,
    orders: Orders,
    groups: Groups,
    builds: list[Event],
    seen_by: tuple[npt.NDArray[np.bool_], Sequence[Process]],
) -> _Run:
    """Run until what happens downstream is what was guessed upstream."""
    guess = nothing_yet(groups)
    while True:
        run = _run(model, orders, groups, (guess, builds), seen_by)
        seen = read_back(model, orders, groups, run.filled, (run.parcels, run.floor))
        if seen.same(guess):
            return run
        guess = seen


def _run(
    model: Model,
    orders: Orders,
    groups: Groups,
    known: tuple[Backwards, list[Event]],
    seen_by: tuple[npt.NDArray[np.bool_], Sequence[Process]],
) -> _Run:
    """Decide gifts, take everything from the shelf and work it off."""
    guess, builds = known
    # in a sweep builds come after what was cancelled and before what is put back
    events = [*guess.unreleased, *builds, *guess.returns]
    events.sort(key=lambda event: event.tick)
    filled = _filled(model, orders, groups, guess, events)
    parcels = pack_parcels(model, orders, groups, filled, guess.after)
    clock = Clock(model.begin)
    floor = Floor(clock, model, orders, parcels)
    let_in, processes = seen_by
    so_far = SoFar(model, groups, filled, floor, let_in)
    shelves = OnShelf(model, orders, (groups, filled, parcels.sources), events)
    sale = Sale(floor, orders.paid if let_in.all() else orders.paid[let_in], shelves, so_far)
    control = Control(clock, model, orders, floor, sale)
    Policies(control)
    start(control, processes)
    clock.run(model.end)
    visits, loads = floor.finish(model.end)
    filled.grants = nothing_granted()  # what came of it is in the rows
    return _Run(
        filled=filled,
        parcels=parcels,
        floor=floor,
        visits=visits,
        loads=loads,
        crews=control.staff.crews(),
        pulled=tuple(control.pulled),
    )


def _filled(
    model: Model, orders: Orders, groups: Groups, guess: Backwards, events: list[Event]
) -> Filled:
    """Decide gifts, and take everything from the shelf."""
    skip = groups.resumed
    inside = groups.offsets[skip:] - groups.offsets[skip] if skip else groups.offsets
    batch = Batch(orders=orders, groups=inside, members=groups.members[groups.offsets[skip] :])
    released = guess.released[0] - skip, guess.released[1] - skip
    routes = routes_of(model, orders, groups, guess.backlog)
    refused: dict[int, npt.NDArray[np.bool_]] = {}
    while True:
        flagged = {rule: flags[skip:] for rule, flags in refused.items()}
        grants = decide(model.rules, batch, flagged, released)
        if skip:
            grants = replace(grants, group=grants.group + skip)
        filled = from_the_shelf(model, orders, groups, routes, grants, events)
        if _same(filled.refused, refused):
            break
        refused = filled.refused
    _, filled.sent = shared([groups.leaves, filled.sent])
    filled.house, filled.dropped = lean(filled.house), lean(filled.dropped)
    return filled


def _same(some: dict[int, npt.NDArray[np.bool_]], others: dict[int, npt.NDArray[np.bool_]]) -> bool:
    return some.keys() == others.keys() and all(
        np.array_equal(flags, others[rule]) for rule, flags in some.items()
    )


def _trace(model: Model, orders: Orders, upstream: tuple[Departures, Groups], run: _Run) -> Trace:
    """Put together what the engine gives back."""
    leaving, groups = upstream
    filled, parcels, floor = run.filled, run.parcels, run.floor
    n, members = len(orders), groups.members
    group: Indices | slice = slice(None)  # each order is a group
    if len(groups) < len(members):
        group = np.repeat(np.arange(len(groups)), np.diff(groups.offsets))
    left = floor.left_at < NEVER
    goods = parcels.part == 0
    row = np.full(len(groups), -1)
    rows_of_goods = np.flatnonzero(goods)[::-1]  # so that the first parcel of a group remains
    row[parcels.group[rows_of_goods]] = rows_of_goods

    state: Indices = np.full(n, STATES.index("unfinished"))
    state[orders.paid == NEVER] = STATES.index("expired")
    state[~leaving.accepted] = STATES.index("rejected")
    # who is paid, let in and gone before leaving is out at the first sweep that sees it
    waiting = leaving.accepted & (orders.paid < NEVER) & (leaving.leaves == NEVER)
    state[waiting & model.sweeps.see(orders.cancelled, model.end)] = STATES.index("cancelled")
    ends = np.full(len(groups), STATES.index("shipped"))
    open_ = (floor.shipped == NEVER) & ~left
    ends[parcels.group[open_]] = STATES.index("unfinished")
    ends[parcels.group[goods & left]] = STATES.index("cancelled")
    ends[filled.sent == NEVER] = STATES.index("backordered")
    seen = model.sweeps.see(groups.gone, model.end)
    out = (filled.sent == NEVER) & seen | (filled.dropped < NEVER)
    ends[out] = STATES.index("cancelled")
    state[members] = ends[group]

    held, dropped, parcel = np.zeros(n, np.int64), np.full(n, NEVER), np.full(n, -1)
    took = np.full(n, NEVER)
    took[members] = groups.leaves[group]
    held[members] = filled.held[group]
    dropped[members] = filled.dropped[group]
    parcel[members] = row[group]
    order = _by_order(n, groups, filled.rows.group)
    decided_in = filled.rows.group[order]
    columns = {name: getattr(filled.rows, name) for name in _OF_ROWS}
    filled.rows = joined([])  # so that each column makes room for the next one
    _, parcel_order, parcel = shared([floor.rows.of_house[0], parcels.order, parcel])
    _, pieces = shared([orders.pieces, parcels.pieces])
    _, lines = shared([orders.pick_lines, parcels.lines])
    made = leaving.parts_for | filled.made
    plans = range(len(model.plans))
    return Trace(
        model=model,
        orders=orders,
        source=lean(parcels.sources),
        state=state,
        oversold=lean(leaving.oversold.astype(np.int64)),
        held=lean(held),
        dropped=lean(dropped),
        taken=took,
        parcel=parcel,
        parcel_order=parcel_order,
        parcel_part=parcels.part,
        parcel_warehouse=parcels.warehouse,
        pieces=pieces,
        lines=lines,
        sent=parcels.sent,
        released=floor.released,
        done=floor.done,
        shipped=floor.shipped,
        carrier=lean(np.where(floor.done < NEVER, parcels.carrier, -1)),
        left=lean(left.astype(np.int64)),
        rows=floor.rows,
        visits=run.visits,
        crews=run.crews,
        loads=run.loads,
        pickups=pickup_table(floor.carriers.pickups()),
        gifts=GiftTable(
            order=groups.first[decided_in],
            decided=groups.leaves[decided_in],
            **{name: lean(taken(columns.pop(name), order)) for name in _OF_ROWS},
        ),
        parts_for=np.array([leaving.parts_for.get(plan, 0) for plan in plans], np.int64),
        made=np.array([made.get(plan, 0) for plan in plans], np.int64),
        missing=np.array(
            [filled.counted.get(step, 0) for step in range(len(model.steps))], np.int64
        ),
    )


def _by_order(count: int, groups: Groups, group: Indices) -> Indices:
    """Positions that put rows of groups, in their order, into that of the groups' first orders."""
    if len(group) == 0:
        return group
    of_first = np.full(count, -1)
    of_first[groups.first] = np.arange(len(groups))
    turn = of_first[np.flatnonzero(of_first >= 0)]
    return segment_elements(offsets_of(np.bincount(group, minlength=len(groups))), turn)
