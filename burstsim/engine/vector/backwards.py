"""What the shelf and the floor tell those who decided before them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.contents import opened
from burstsim.engine.vector.events import Event, coming_to
from burstsim.engine.vector.filled import Filled
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.groups import Groups
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.vector.unreleased import back_on_shelves
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.columns import lean
from burstsim.units import NEVER

__all__ = ["Backwards", "nothing_yet", "read_back"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backwards:
    """What happens downstream and matters upstream.

    Parameters
    ----------
    released : (k,) int64, (k,) int64
        Groups that are cancelled after their gifts were decided, and the first group that finds
        the caps of their rules freed.
    after : (g,) int64
        Sweep from which on gifts may go that go after the goods, `NEVER` if they may not.
    returns
        Gifts that come back to the shelf because their goods were cancelled.
    unreleased
        What comes back to the shelf because it was cancelled before it was released.
    backlog : (g, warehouses) int64, optional
        Parcels on the floors just before each group's sweep, where routes depend on them.
    """

    released: tuple[Indices, Indices]
    after: Ticks
    returns: tuple[Event, ...]
    unreleased: tuple[Event, ...] = ()
    backlog: Indices | None = None

    def same(self, other: Backwards) -> bool:
        """Whether both say the same."""
        pairs = [*zip(self.released, other.released, strict=True), (self.after, other.after)]
        equal = all(np.array_equal(mine, theirs) for mine, theirs in pairs)
        mine, theirs = self.backlog, other.backlog
        if mine is not None and (theirs is None or not np.array_equal(mine, theirs)):
            return False
        events = self.returns == other.returns and self.unreleased == other.unreleased
        return equal and events


def nothing_yet(groups: Groups) -> Backwards:
    """Guess that nothing is cancelled and nothing has been shipped."""
    none = np.empty(0, np.int64)
    return Backwards(released=(none, none), after=lean(np.full(len(groups), NEVER)), returns=())


def read_back(
    model: Model,
    orders: Orders,
    groups: Groups,
    filled: Filled,
    passage: tuple[Parcels, Floor],
) -> Backwards:
    """See what happened downstream.

    Parameters
    ----------
    model, orders, groups
        Who left when.
    filled
        What the shelf gave.
    passage
        The parcels, and the floor after the run.
    """
    parcels, floor = passage
    specs = [rule.spec for rule in model.rules]
    unreleased = back_on_shelves(model, orders, groups, passage)
    none = replace(nothing_yet(groups), unreleased=unreleased)
    released, after, returns = none.released, none.after, none.returns
    frees = any(
        spec.clawback.cancel == "release"
        and any(cap is not None for cap in (spec.cap.customer, spec.cap.total, spec.cap.budget))
        for spec in specs
    )
    backlog = _backlog(model, groups, passage) if model.network.by_backlog else None
    # units in the cart are goods: they neither follow nor come back
    follows = np.array(
        [spec.fulfil.ship == "after_main" and spec.source == "add" for spec in specs], bool
    )
    leaves = (floor.left_at < NEVER).any() or (filled.dropped < NEVER).any()
    frees = frees and bool(leaves or (groups.gone < model.end).any())
    if not frees and not follows.any():
        return replace(none, backlog=backlog)
    goods = np.flatnonzero(parcels.part == 0)
    through, out = np.full(len(groups), -1), np.zeros(len(groups), bool)
    # through when the last of its parcels is; cancelled if one of them has left the floor
    np.maximum.at(through, parcels.group[goods], np.minimum(floor.shipped, floor.left_at)[goods])
    out[parcels.group[goods[floor.left_at[goods] < NEVER]]] = True
    through[through < 0] = NEVER
    shipped, left = np.where(out, NEVER, through), np.where(out, through, NEVER)
    if frees:
        released = _released(model, groups, filled, left)
    if follows.any():
        done = np.minimum(shipped, left)
        sweep = done.copy()
        sweep[done < NEVER] = model.sweeps.after(done[done < NEVER] + 1)
        sweep[sweep >= model.end] = NEVER
        goes = (shipped < NEVER) & (groups.gone > sweep)
        after = np.where(goes, sweep, NEVER)
        rows = filled.rows
        back = (rows.house >= 0) & follows[rows.rule] & ((sweep < NEVER) & ~goes)[rows.group]
        returns = _returns(model, orders, filled, np.flatnonzero(back), sweep)
    return replace(none, released=released, after=after, returns=returns, backlog=backlog)


def _backlog(model: Model, groups: Groups, passage: tuple[Parcels, Floor]) -> Indices:
    """Count the parcels on each floor when a group's sweep looks: (g, warehouses) int64."""
    parcels, floor = passage
    gone = np.minimum(floor.done, floor.left_at)
    gone[gone == model.begin] -= 1  # nothing was left to do on it, which is known before all else
    counts = []
    for house in range(len(model.chains)):
        mine = parcels.warehouse == house
        # sent before the sweep, and not through before it
        # what is on the floor when the clock begins was there before the first sweep
        earlier = np.where(parcels.enters >= 0, parcels.sent - 1, parcels.sent)
        came = np.sort(earlier[mine]).searchsorted(groups.leaves)
        went = np.sort(gone[mine]).searchsorted(groups.leaves)
        counts.append(came - went)
    return np.stack(counts, axis=1)


def _released(model: Model, groups: Groups, filled: Filled, left: Ticks) -> tuple[Indices, Indices]:
    """Say which groups free the caps of their rules, and who finds them free."""
    waits = (filled.sent == NEVER) & (filled.dropped == NEVER)
    waits &= groups.gone < model.end
    # a sweep sees what left the floor before it, and lets go itself of what waits
    out = np.minimum(filled.dropped, left)
    out[waits] = model.sweeps.after(groups.gone[waits]) - 1
    group = np.flatnonzero(out < model.end)
    first = groups.leaves.searchsorted(out[group], side="right")
    order = np.lexsort((group, first))
    return group[order], first[order]


def _returns(
    model: Model, orders: Orders, filled: Filled, rows: Indices, sweep: Ticks
) -> tuple[Event, ...]:
    """Pieces that come back to the shelf, by sweep and SKU."""
    gifts = filled.rows
    count = gifts.granted[rows] + gifts.later[rows]
    source, sku, pieces = opened(orders.items, gifts.item[rows], count)
    tick, house = sweep[gifts.group[rows]][source], gifts.house[rows][source]
    some = (pieces > 0) & (model.stock.shelves[house, sku] >= 0)
    return coming_to(tick[some], house[some], sku[some], pieces[some])
