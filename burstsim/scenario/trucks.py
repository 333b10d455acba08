"""When goods come, delays included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from burstsim.scenario.disruptions import InboundDelay
from burstsim.scenario.scenario import Scenario

__all__ = ["Truck", "trucks_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truck:
    """Goods that come to a warehouse.

    Parameters
    ----------
    warehouse, name
        Where it stands in the file.
    planned, comes
        Ticks at which it should come, and does.
    stock
        SKU → pieces.
    delays
        Disruptions that hold it up.
    """

    warehouse: str
    name: str
    planned: int
    comes: int
    stock: dict[str, int]
    delays: tuple[str, ...]


def trucks_of(scenario: Scenario) -> Iterator[Truck]:
    """Yield all trucks in the order of the file. Several delays of one truck add up."""
    late = {n: d for n, d in scenario.disruptions.items() if isinstance(d, InboundDelay)}
    for house, warehouse in scenario.warehouses.items():
        for name, inbound in warehouse.inbound.items():
            planned = inbound.at.resolve(scenario.start)
            mine = []
            for disruption, delay in late.items():
                begin, until = delay.span(scenario.start)
                if delay.where in (house, f"{house}.{name}") and begin <= planned < until:
                    mine.append(disruption)
            yield Truck(
                warehouse=house,
                name=name,
                planned=planned,
                comes=planned + sum(late[disruption].by for disruption in mine),
                stock=inbound.stock,
                delays=tuple(mine),
            )
