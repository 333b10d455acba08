"""Levers that act before the floor, on all orders at once; and what is seen there."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.levers import Pull, Pulled, promised_anew, throttle_numbers
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.swaps import swaps_of
from burstsim.engine.vector.floor import Floor
from burstsim.engine.vector.onshelf import OnShelf
from burstsim.engine.vector.sofar import SoFar
from burstsim.kernels.arrays import Ticks
from burstsim.kernels.segments import segment_sums
from burstsim.units import NEVER

__all__ = ["Sale", "not_let_in", "with_promises", "without"]

Flags = npt.NDArray[np.bool_]


class Sale:
    """What is known of the orders while the floor runs.

    Levers that are pulled then do nothing in this pass: the next one begins with them.

    Parameters
    ----------
    floor
        Where parcels wait that may not begin.
    payments : (m,) int64
        Ticks of the payments of all orders that are let in.
    shelves
        What is on the shelves when.
    so_far
        What has become of orders.
    """

    def __init__(self, floor: Floor, payments: Ticks, shelves: OnShelf, so_far: SoFar) -> None:
        self.floor, self.payments, self.shelves, self.so_far = floor, payments, shelves, so_far
        self.pulled: list[Pull] = []
        self._rules = shelves.model.rules

    @cached_property
    def _in_order(self) -> Ticks:
        """The payments, ascending; most runs do not ask."""
        return np.sort(self.payments)

    def paid(self, after: int) -> int:
        """Count the orders let in that were paid later than `after`, until now."""
        span = np.array([after, self.floor.clock.now])
        first, last = self._in_order.searchsorted(span, side="right").tolist()
        return max(int(last - first), 0)

    def on_shelves(self, sku: int) -> float:
        """Count the pieces of a SKU on all shelves; infinitely many where there is no end."""
        return self.shelves.at(sku, self.floor.clock.now)

    def rules(self) -> tuple[Rule, ...]:
        """Give the gift rules as levers have left them."""
        return self._rules

    def gifts_used(self, rule: int) -> int:
        """Count what a rule has proposed before now, and what is not free again by now."""
        return self.so_far.gifts_used(rule)

    def late_share(self) -> float:
        """Give the share of the orders due before now that were not met; 0 without any."""
        return self.so_far.late_share()

    def unreleased(self, house: int) -> int:
        """Count the parcels that were sent to a warehouse and may not begin there yet."""
        now, floor = self.floor.clock.now, self.floor
        waits = (floor.parcels.sent < now) & (floor.released >= now) & (floor.gone > now)
        waits &= (floor.parcels.warehouse == house) & (floor.parcels.enters < 0)
        return int(waits.sum())

    def pull(self, pull: Pulled) -> None:
        """Do nothing in this pass, but refuse what cannot be given."""
        if isinstance(pull, Pull) and pull.lever.replace_gift is not None:
            self.pulled.append(pull)
            swaps = swaps_of(self.shelves.model, self.pulled)
            self._rules = swaps[-1][1]


def with_promises(model: Model, orders: Orders, pulls: tuple[Pull, ...]) -> Orders:
    """Give the orders the promises that levers have changed."""
    due = orders.due
    for pull in pulls:
        if pull.lever.set_promise is not None:
            due = promised_anew(model, orders, due, pull.tick, pull.lever.set_promise)
    return orders if due is orders.due else replace(orders, due=due)


def without(orders: Orders, refused: Flags) -> Orders:
    """Have some orders never ask for anything."""
    if not refused.any():
        return orders
    return replace(
        orders,
        paid=np.where(refused, NEVER, orders.paid),
        reserved=np.where(refused, NEVER, orders.reserved),
        expires=np.where(refused, NEVER, orders.expires),
    )


def not_let_in(model: Model, orders: Orders, pulls: tuple[Pull, ...], found: Flags) -> Flags:
    """Say which orders levers keep out.

    Parameters
    ----------
    model, orders
        Who buys what.
    pulls
        Levers, in the order in which they were pulled.
    found : (n,) bool
        Who found stock, as far as is known.
    """
    refused = np.zeros(len(orders), bool)
    drawn = orders.stream >= 0
    kept: dict[str, list[tuple[int, float]]] = {}
    limits: dict[str, list[tuple[int, int]]] = {}
    for pull in pulls:
        lever = pull.lever
        if lever.stop_selling is not None:
            later = drawn & (orders.placed > pull.tick)
            refused |= later & (_units(orders, lever.stop_selling) > 0)
        elif lever.throttle is not None:
            kept.setdefault(lever.throttle.channel, []).append((pull.tick, lever.throttle.keep))
        elif lever.limit_per_customer is not None:
            setting = lever.limit_per_customer
            limits.setdefault(setting.item, []).append((pull.tick, setting.units))
    if kept:
        numbers = throttle_numbers(model, orders)
        for name, shares in kept.items():
            share = _latest(orders.placed, shares, 1.0)
            if name in orders.channels:
                mine = orders.channel == orders.channels.index(name)
                refused |= drawn & mine & (numbers >= share)
    if limits:
        refused = _beyond_limits(orders, limits, refused, found)
    return refused


def _latest(
    placed: Ticks, settings: list[tuple[int, float]], otherwise: float
) -> npt.NDArray[np.float64]:
    """Give each order the last setting before it was placed."""
    values = np.full(len(placed), otherwise)
    for tick, value in settings:
        values[placed > tick] = value
    return values


def _units(orders: Orders, item: str) -> npt.NDArray[np.int64]:
    """Units of an item as bought in each order: (n,) int64."""
    bought = orders.items.parent[orders.line_item]
    number = orders.items.names.index(item)
    return segment_sums(np.where(bought == number, orders.line_quantity, 0), orders.line_offsets)


def _beyond_limits(
    orders: Orders, limits: dict[str, list[tuple[int, int]]], refused: Flags, found: Flags
) -> Flags:
    """Keep out who would buy more of an item than a customer may: one order after another.

    Orders that were rejected for lack of stock count until that is known, not after. Only orders
    with one of the items are looked at.
    """
    refused = refused.copy()
    units = {item: _units(orders, item) for item in limits}
    allowed = {
        item: _latest(orders.placed, [(tick, float(n)) for tick, n in settings], np.inf)
        for item, settings in limits.items()
    }
    some = np.flatnonzero(np.logical_or.reduce([count > 0 for count in units.values()]))
    bought: dict[tuple[int, str], list[tuple[int, int]]] = {}  # units, and from when not any more
    for order in some[~refused[some]].tolist():
        customer, placed = int(orders.customer[order]), int(orders.placed[order])
        mine = {item: int(count[order]) for item, count in units.items() if count[order]}
        for item, count in mine.items():
            history = bought.get((customer, item), []) if customer >= 0 else []
            before = sum(many for many, until in history if until >= placed)
            if before + count > allowed[item][order]:
                refused[order] = True
        if not refused[order]:
            until = NEVER if found[order] else int(orders.reserved[order])
            for item, count in mine.items():
                bought.setdefault((customer, item), []).append((count, until))
    return refused
