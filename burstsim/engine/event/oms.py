"""Order management, sweep by sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from burstsim.engine.clock import SWEEP, Clock
from burstsim.engine.compile import Model
from burstsim.engine.event.allocation import Allocation
from burstsim.engine.event.builds import Builds
from burstsim.engine.event.parcels import Parcel
from burstsim.engine.event.storefront import Storefront
from burstsim.engine.orders import Orders
from burstsim.units import NEVER

__all__ = ["Oms"]


class Oms:
    """Paid orders wait here until a sweep lets them go to the floor.

    A sweep is on the clock only when something may happen at it.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The rules and the orders.
    storefront
        Where stock of expired and cancelled orders goes back to.
    send
        What is done with a parcel that leaves for the floor.
    open_parcels
        Counts the parcels on the floor of each warehouse.
    """

    def __init__(
        self,
        clock: Clock,
        model: Model,
        orders: Orders,
        storefront: Storefront,
        send: Callable[[Parcel], None],
        open_parcels: Callable[[], list[int]],
    ) -> None:
        self.clock, self.model, self.orders, self.storefront = clock, model, orders, storefront
        self.paid, self.cancelled = orders.paid.tolist(), orders.cancelled.tolist()
        self.allocation = Allocation(
            model, orders, storefront, self.ask_for_sweep, (send, open_parcels)
        )
        self.builds = Builds(model, storefront, self.allocation)
        self.asked_for: set[int] = set()
        self.expired: list[int] = []
        self.ready: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.next_turn = model.begin
        self.out: set[int] = set()
        for step in model.steps:
            self.ask_for_sweep(step.tick)

    def ask_for_sweep(self, tick: int) -> None:
        """Have a sweep at the first sweep time at or after `tick`."""
        label = self.model.sweeps.after(max(tick, self.clock.now))
        if label not in self.asked_for and label < NEVER:
            self.asked_for.add(label)
            self.clock.at(label, SWEEP, self.sweep)

    def expire(self, order: int) -> None:
        """Note that an unpaid order has expired now."""
        self.expired.append(order)
        self.ask_for_sweep(self.clock.now)

    def submit(self, order: int) -> None:
        """Take in an order that is paid now."""
        self.ready[order] = NEVER
        self.ask_for_sweep(self.cancelled[order])

    def release_from(self, order: int, tick: int) -> None:
        """Let a submitted order be taken from `tick` on."""
        if order in self.ready:
            self.ready[order] = tick
            self.ask_for_sweep(tick)

    def sweep(self) -> None:
        """Do what a sweep does, in its order."""
        now = self.clock.now
        self.asked_for.discard(now)
        self.allocation.begin_sweep()
        self.drop_cancelled(now)
        self.allocation.drop_cancelled(now)
        self.builds.happen(now)
        self.allocation.after_goods(now)
        self.allocation.retry(now)
        self.take(now)
        for group in self.groups(now):
            self.allocation.allocate(group, now)

    def drop_cancelled(self, now: int) -> None:
        """Give back the stock of what has expired or been cancelled since the last sweep."""
        for order in self.expired:
            self.storefront.give_back(order)
        self.expired = []
        for order in [*self.ready, *self.taken]:
            if self.cancelled[order] <= now:
                self.ready.pop(order, None)
                self.taken.pop(order, None)
                self.storefront.give_back(order)
                self.out.add(order)

    def take(self, now: int) -> None:
        """Take what is ready, in order of payment, as much as the rate allows."""
        ready = self.in_order(order for order, tick in self.ready.items() if tick <= now)
        room = self.model.per_sweep
        if self.model.spacing:
            room = 1 if now >= self.next_turn else 0
        taken = ready if room is None else ready[:room]
        for order in taken:
            del self.ready[order]
            self.taken[order] = now
            if self.paid[order] + self.model.merge > now:
                self.ask_for_sweep(self.paid[order] + self.model.merge)
        if self.model.spacing and taken:
            self.next_turn = now + self.model.spacing
        if len(taken) < len(ready):
            self.ask_for_sweep(self.next_turn if self.model.spacing else now + 1)

    def groups(self, now: int) -> list[list[int]]:
        """Orders that leave together: of one customer, with one of them old enough."""
        waiting = self.in_order(self.taken)
        if not self.model.merge:
            self.taken = {}
            return [[order] for order in waiting]
        together: dict[tuple[int, int, int], list[int]] = {}
        for order in waiting:
            together.setdefault(self.buyer(order), []).append(order)
        groups = [
            group
            for group in together.values()
            if any(self.paid[order] + self.model.merge <= now for order in group)
        ]
        for group in groups:
            for order in group:
                del self.taken[order]
        return groups

    def buyer(self, order: int) -> tuple[int, int, int]:
        """Who may share a parcel: one customer in one region, for goods of one merchant.

        Unknown customers share with nobody.
        """
        customer, region = int(self.orders.customer[order]), int(self.orders.region[order])
        return customer if customer >= 0 else -1 - order, region, int(self.orders.owner[order])

    def in_order(self, orders: Iterable[int]) -> list[int]:
        """Orders by payment, then by number."""
        return sorted(orders, key=lambda order: (self.paid[order], order))
