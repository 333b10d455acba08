"""What policies and processes can see of a run: every signal is read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Protocol

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.control.absent import covers
from burstsim.engine.control.staff import Staff
from burstsim.engine.rules import Rule
from burstsim.errors import did_you_mean
from burstsim.units import HOUR, MINUTE, NEVER

__all__ = ["Sale", "Signals", "zones_at"]


class Sale(Protocol):
    """What an engine knows of its orders at the present moment."""

    def paid(self, after: int) -> int:
        """Count the orders let in that were paid later than `after`, until now."""

    def on_shelves(self, sku: int) -> float:
        """Count the pieces of a SKU on all shelves; infinitely many where there is no end."""

    def rules(self) -> tuple[Rule, ...]:
        """Give the gift rules as levers have left them."""

    def gifts_used(self, rule: int) -> int:
        """Count what a rule, by its position, has proposed in sweeps before now.

        Of those that were cancelled what a sweep before now has made free again does not count.
        """

    def late_share(self) -> float:
        """Give the share of the orders due before now that were not met; 0 without any."""

    def unreleased(self, house: int) -> int:
        """Count the parcels that were sent to a warehouse and may not begin there yet."""


def zones_at(model: Model, place: str) -> list[int]:
    """Find the zones of a warehouse, of a stage, or the one that is named; partners have none.

    Raises
    ------
    ValueError
        When there is no such place.
    """
    found = [
        number
        for number, zone in enumerate(model.zones)
        if not zone.external and covers(place, zone.warehouse, zone.stage, zone.name)
    ]
    if not found and place not in model.network.names:
        known = [*model.network.names, *(zone.path for zone in model.zones)]
        hint = did_you_mean(place, known) or "there are " + ", ".join(known)
        raise ValueError(f"names no warehouse, stage or zone: {place}; {hint}")
    return found


class Signals:
    """Reads signals.

    Parameters
    ----------
    clock
        The run's clock.
    model
        The compiled scenario.
    staff
        Who works where, and on which floor.
    sale
        What is known of the orders.
    """

    def __init__(self, clock: Clock, model: Model, staff: Staff, sale: Sale) -> None:
        self.clock, self.model, self.staff, self.sale = clock, model, staff, sale

    def read(self, name: str, target: str) -> float:
        """Read a signal.

        Parameters
        ----------
        name, target
            A name in `burstsim.scenario.conditions.SIGNALS`, and what it is asked of.

        Raises
        ------
        ValueError
            When there is no such place.
        NotImplementedError
            When the engines cannot read this signal.
        """
        if name == "work_left":
            return max(map(self._hours, zones_at(self.model, target)), default=0.0)
        if name == "backlog":
            return float(sum(self._backlog(target)))
        if name == "orders_paid":
            return float(self.sale.paid(-NEVER))
        if name == "orders_per_minute":
            return float(self.sale.paid(self.clock.now - MINUTE))
        if name == "stock_left":
            return self._stock(target)
        if name == "gifts_left":
            return self._gifts(target)
        if name == "late_share":
            return self.sale.late_share()
        raise NotImplementedError(f"the engines cannot read {name}")

    def _gifts(self, name: str) -> float:
        """Gifts that the cap on the whole and the shelves leave to a rule, of any option."""
        rules = self.sale.rules()
        numbers = {rule.name: number for number, rule in enumerate(rules)}
        if name not in numbers:
            hint = did_you_mean(name, numbers)
            raise ValueError(f"names no gift rule: {name}" + (f"; {hint}" if hint else ""))
        rule, left = rules[numbers[name]], inf
        if rule.spec.cap.total is not None:
            left = max(rule.spec.cap.total - self.sale.gifts_used(numbers[name]), 0)
        if rule.in_cart:
            return float(left)
        for option in rule.options:
            together = [[gift] for gift in option] if rule.spec.one_of_several else [option]
            left = min(left, sum(self._gifts_of(gifts) for gifts in together if gifts))
        return float(left)

    def _gifts_of(self, gifts: Sequence[tuple[int, int]]) -> float:
        """How many gifts of some items the shelves hold, each of (item, pieces)."""
        items, needs = self.model.items, dict[int, int]()
        for item, pieces in gifts:
            span = slice(items.leaf_offsets[item], items.leaf_offsets[item + 1])
            leaves = items.leaf_sku[span].tolist(), items.leaf_count[span].tolist()
            for sku, count in zip(*leaves, strict=True):
                needs[sku] = needs.get(sku, 0) + count * pieces
        return min(max(self.sale.on_shelves(sku) // n, 0.0) for sku, n in needs.items())

    def _stock(self, name: str) -> float:
        """Pieces of a SKU that are there, of a kit as many as its fixed parts are there for."""
        items = self.model.items
        if name not in items.names:
            raise ValueError(f"names no item: {name}")
        item = items.names.index(name)
        span = slice(items.leaf_offsets[item], items.leaf_offsets[item + 1])
        leaves = zip(items.leaf_sku[span].tolist(), items.leaf_count[span].tolist(), strict=True)
        return min((self.sale.on_shelves(sku) // count for sku, count in leaves), default=inf)

    def _hours(self, zone: int) -> float:
        """Hours of work that waits in a zone for those who can work there now."""
        _, ticks = self.staff.floor.waiting(zone)
        workers = self.staff.workers(zone)
        if not workers:
            return inf if ticks else 0.0
        return ticks / workers / HOUR

    def _backlog(self, place: str) -> Iterator[int]:
        """Tasks that wait in every zone; in a warehouse also parcels that may not begin yet."""
        for zone in zones_at(self.model, place):
            tasks, _ = self.staff.floor.waiting(zone)
            yield tasks
        if place in self.model.network.names:
            yield self.sale.unreleased(self.model.network.names.index(place))
