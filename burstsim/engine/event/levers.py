"""Levers that act before the floor, order by order; and what is seen there."""

from __future__ import annotations

from bisect import bisect_right, insort
from math import inf

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.event.lateness import late_share
from burstsim.engine.event.oms import Oms
from burstsim.engine.event.release import Release
from burstsim.engine.interventions import intervened
from burstsim.engine.levers import Pull, Pulled, promised_anew, throttle_numbers
from burstsim.engine.orders import Orders
from burstsim.engine.rules import Rule
from burstsim.engine.swaps import rules_at

__all__ = ["Levers"]


class Levers:
    """What has been pulled, and what it does to each order that is placed.

    Parameters
    ----------
    model, orders
        The scenario and the orders; their promises are changed in place.
    release, oms
        Where parcels wait that may not begin, and what knows of goods and routes.
    """

    def __init__(self, model: Model, orders: Orders, release: Release, oms: Oms) -> None:
        self.model, self.orders, self.release, self.oms = model, orders, release, oms
        self.shelf = oms.allocation.shelf
        self.pulled: list[Pulled] = []
        #: With all that has been done to it.
        self.changed = model
        self.payments: list[int] = []
        #: Who has paid and is let in; first of all who is on the floor when the clock begins.
        self.who_paid: list[int] = np.flatnonzero(orders.enters >= 0).tolist()
        self.stopped: set[str] = set()
        self.kept: dict[str, float] = {}
        self.limits: dict[str, int] = {}
        self.bought: dict[tuple[int, str], int] = {}
        self.numbers: list[float] = []

    def paid(self, after: int) -> int:
        """Count the orders let in that were paid later than `after`, until now."""
        return len(self.payments) - bisect_right(self.payments, after)

    def on_shelves(self, sku: int) -> float:
        """Count the pieces of a SKU on all shelves; infinitely many where there is no end."""
        return float(sum(left.get(sku, inf) for left in self.shelf.left))

    def rules(self) -> tuple[Rule, ...]:
        """Give the gift rules as levers have left them."""
        return self.oms.allocation.rules

    def gifts_used(self, rule: int) -> int:
        """Count what a rule has proposed before now, and what is not free again by now."""
        return self.oms.allocation.gifts_used(rule, self.release.clock.now)

    def late_share(self) -> float:
        """Give the share of the orders due before now that were not met; 0 without any."""
        known, floor = self.who_paid, self.release.floor
        return late_share(self.model, self.orders, known, self.oms.allocation, floor)

    def unreleased(self, house: int) -> int:
        """Count the parcels that were sent to a warehouse and may not begin there yet."""
        return len(self.release.waiting[house])

    def pull(self, pull: Pulled) -> None:
        """Have a lever act from now on."""
        self.pulled.append(pull)
        if not isinstance(pull, Pull) or pull.lever.open_warehouse is not None:
            self.changed = intervened(self.model, self.pulled)
            self.release.rules = self.changed.releases
            self.oms.follow(self.changed)
            return
        lever = pull.lever
        if lever.replace_gift is not None:
            self.changed = intervened(self.model, self.pulled)
            self.oms.allocation.rules = rules_at(self.changed, pull.tick)
        elif lever.stop_selling is not None:
            self.stopped.add(lever.stop_selling)
        elif lever.throttle is not None:
            self.kept[lever.throttle.channel] = lever.throttle.keep
            self.numbers = self.numbers or throttle_numbers(self.model, self.orders).tolist()
        elif lever.limit_per_customer is not None:
            self.limits[lever.limit_per_customer.item] = lever.limit_per_customer.units
        elif lever.set_promise is not None:
            orders = self.orders
            orders.due[:] = promised_anew(
                self.model, orders, orders.due, pull.tick, lever.set_promise
            )
        else:
            raise NotImplementedError(f"the engines have no lever {lever.name}")

    def note_payment(self, order: int) -> None:
        """Count an order that is paid now."""
        insort(self.payments, int(self.orders.paid[order]))
        self.who_paid.append(order)

    def lets_in(self, order: int) -> bool:
        """Whether an order that is placed now may be; it counts as bought from now on."""
        orders, units = self.orders, self.units(order)
        channel = orders.channels[orders.channel[order]]
        if not self.stopped.isdisjoint(units):
            return False
        if channel in self.kept and self.numbers[order] >= self.kept[channel]:
            return False
        customer = int(orders.customer[order])
        for item, limit in self.limits.items():
            before = self.bought.get((customer, item), 0) if customer >= 0 else 0
            if item in units and before + units[item] > limit:
                return False
        self.count(order, +1)
        return True

    def count(self, order: int, sign: int) -> None:
        """Count what an order buys, or take it back when it is rejected."""
        customer = int(self.orders.customer[order])
        if customer >= 0:
            for item, units in self.units(order).items():
                before = self.bought.get((customer, item), 0)
                self.bought[customer, item] = before + sign * units

    def units(self, order: int) -> dict[str, int]:
        """Item as bought → units of an order."""
        orders, found = self.orders, dict[str, int]()
        for line in range(orders.line_offsets[order], orders.line_offsets[order + 1]):
            item = orders.items.names[orders.items.parent[orders.line_item[line]]]
            found[item] = found.get(item, 0) + int(orders.line_quantity[line])
        return found
