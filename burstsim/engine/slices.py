"""A replication's orders some at a time: the same as all at once, in little memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.demand import Demand, Stream
from burstsim.engine.draws import put_together
from burstsim.engine.orders import Orders
from burstsim.engine.substreams import substreams
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.scenario.demand import Basket, Drawn, Replay
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["OrderSlice", "order_slices", "sliceable"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderSlice:
    """The orders of a replication that are placed in a span of time.

    Parameters
    ----------
    first
        Number in the whole replication of the first of them.
    until
        Tick: all that are placed before it have been given by now, all others come later. For
        the last slice the end of the run.
    orders
        Columns as of the whole replication, its names among them, numbered from 0 on; of lost
        and diverted orders those of this slice.
    """

    first: int
    until: int
    orders: Orders


def sliceable(scenario: Scenario) -> str | None:
    """Say why the orders of a scenario cannot be drawn some at a time; None if they can.

    Parameters
    ----------
    scenario
        What is to be run.
    """
    if scenario.initial is not None:
        return "initial: what is under way when the clock begins is known all at once"
    for sub in substreams(scenario):  # items of a show among them
        if isinstance(sub.spec, Replay):
            return f"demand.{sub.parent}: a log is played all at once"
        assert isinstance(sub.spec, Drawn)
        kit = _put_together_by_buyers(scenario, sub.spec.basket)
        if kit is not None:
            return (
                f"demand.{sub.parent}: what buyers put together of {kit} is numbered as it turns up"
            )
    return None


def _put_together_by_buyers(scenario: Scenario, basket: Basket) -> str | None:
    """Name a kit of kind `choose` that a basket sells, or that is in what it sells."""
    hero = None if basket.hero is None else basket.hero.item
    # an item comes once, even of kits in a circle
    waiting = [item for item, weight in basket.choices.items() if weight or item == hero]
    for item in waiting:
        kit = scenario.catalog.kits.get(item)
        if kit is None or kit.kind == "prekit":
            continue
        if kit.kind == "choose":
            return item
        waiting += [part for part in kit.needs if part not in waiting]
    return None


def order_slices(model: Model, replication: int, size: int) -> Iterator[OrderSlice]:
    """Draw the orders of a replication some at a time.

    Put one after the other their columns are those of `burstsim.engine.draws.draw_orders`. No
    number is drawn twice: every generator goes on where the slice before left it. Memory is
    needed for a slice, for a number of each member of a pool whose tiers are drawn, and for the
    minutes of streams with dispersion.

    Parameters
    ----------
    model
        The compiled scenario.
    replication
        Number of the replication, from 0.
    size
        About how many orders are drawn at a time, at least 1. What is placed in one tick is in
        one slice, however much that is; lost orders, and those of a surge before its span, are
        drawn but are not in it.

    Raises
    ------
    ValueError
        If `sliceable` says why not.
    """
    reason = sliceable(model.scenario)
    if reason is not None:
        raise ValueError(reason)
    return _slices(model, replication, size)


def _slices(model: Model, replication: int, size: int) -> Iterator[OrderSlice]:
    demand, first = Demand(model, replication), 0
    streams = list(demand.opened())
    for until in (*_edges(streams, size, model.scenario.horizon), NEVER):
        drawn = OrderSlice(
            first=first,
            until=min(until, model.end),
            orders=put_together(demand, [stream.before(until) for stream in streams]),
        )
        first += len(drawn.orders)
        yield drawn
        del drawn  # two at once would need twice the memory


def _edges(streams: list[Stream], size: int, horizon: int) -> list[int]:
    """Ticks before the horizon at which a slice ends, increasing; about `size` apart.

    The first tick before which a multiple of `size` is expected, found by halving.
    """
    low = min(stream.begin for stream in streams)

    def expected(ticks: Ticks) -> Floats:
        return sum((stream.expected(ticks) for stream in streams), np.zeros(len(ticks)))

    total = float(expected(np.array([horizon]))[0])
    wanted = np.arange(1, int(total / size) + 1) * float(size)
    before, after = np.full(len(wanted), low), np.full(len(wanted), max(low, horizon))
    while (after - before > 1).any():
        middle = (before + after) // 2
        enough = expected(middle) >= wanted
        before, after = np.where(enough, before, middle), np.where(enough, middle, after)
    found: list[int] = np.unique(after[after < horizon]).tolist()
    return found
