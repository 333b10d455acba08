"""Which warehouses serve whom, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.kernels.arrays import Indices
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["Network", "network_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Warehouses and the routes to them.

    Parameters
    ----------
    names
        Warehouses; their positions are their numbers.
    routing
        Region → numbers of its warehouses, the first one preferred.
    otherwise
        The same for regions that are not named.
    ships_for
        For each warehouse the merchants whose goods it ships, None for everybody's.
    split
        Whether the lines of an order may come from several warehouses.
    by_backlog
        Whether the one with the fewest parcels on its floor is asked first.
    opens
        For each warehouse the tick from which on it is in its place of the routes: -`NEVER` for
        those that always are, `NEVER` for those that nobody has opened.
    """

    names: tuple[str, ...]
    routing: dict[str, tuple[int, ...]]
    otherwise: tuple[int, ...]
    ships_for: tuple[frozenset[str] | None, ...]
    split: bool
    by_backlog: bool
    opens: tuple[int, ...]

    def route(self, region: str, owner: str | None, tick: int) -> tuple[int, ...]:
        """Warehouses that an order may come from, in order; a merchant's goods from its own.

        Parameters
        ----------
        region, owner
            Where it goes, and whose goods they are, None for nobody's.
        tick
            The sweep that takes it first.
        """
        houses = self.routing.get(region, self.otherwise)
        return tuple(
            house
            for house in houses
            if self.opens[house] <= tick
            and ((names := self.ships_for[house]) is None or owner in names)
        )

    def first(self, regions: Sequence[str], owners: Sequence[str], tick: int) -> Indices:
        """Warehouse that is asked first, 0 where none is.

        Parameters
        ----------
        regions, owners
            Where orders go, and whose goods they are.
        tick
            The sweep that takes them.

        Returns
        -------
        (regions, owners + 1) int64
            The last column is of nobody's goods, as an owner of -1 says.
        """
        first = [
            [next(iter(self.route(region, owner, tick)), 0) for owner in (*owners, None)]
            for region in regions
        ]
        return np.array(first, np.int64).reshape(-1, len(owners) + 1)


def network_of(scenario: Scenario) -> Network:
    """Compile the routes. A policy that goes by cost only sorts them anew.

    A warehouse that is closed at first stands at the end of routes that do not name it.
    """
    names = tuple(scenario.warehouses)
    numbers = {name: number for number, name in enumerate(names)}
    everything = tuple(range(len(names)))
    closed = [name for name, house in scenario.warehouses.items() if not house.open]
    routing = {
        region: tuple(dict.fromkeys(numbers[name] for name in (*houses, *closed)))
        for region, houses in scenario.oms.routing.items()
    }
    if scenario.oms.route_by == "cheapest":
        # regions that only a lane of the costs names have a price of their own as well
        lanes = {region: None for lane in scenario.costs.lanes.values() for region in lane}
        routing = {
            region: _cheapest(scenario, names, region, routing.get(region, everything))
            for region in {**dict.fromkeys(routing), **lanes}
        }
        everything = _cheapest(scenario, names, "", everything)
    ships_for = (house.owners for house in scenario.warehouses.values())
    return Network(
        names=names,
        routing=routing,
        otherwise=everything,
        ships_for=tuple(None if owners is None else frozenset(owners) for owners in ships_for),
        split=scenario.oms.split,
        by_backlog=scenario.oms.route_by == "least_backlog",
        opens=tuple(NEVER if name in closed else -NEVER for name in names),
    )


def _cheapest(
    scenario: Scenario, names: tuple[str, ...], region: str, houses: tuple[int, ...]
) -> tuple[int, ...]:
    """Sort warehouses by what a parcel costs from there; equal ones stay in their order."""

    def cost(house: int) -> int:
        external = scenario.warehouses[names[house]].external
        lane = scenario.costs.lanes.get(names[house], {})
        return lane.get(region, scenario.costs.parcel) + (external.fee if external else 0)

    return tuple(sorted(houses, key=cost))
