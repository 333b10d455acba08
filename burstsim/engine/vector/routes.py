"""From which warehouses groups of orders may come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.vector.groups import Groups
from burstsim.kernels.arrays import Indices
from burstsim.units import NEVER

__all__ = ["Routes", "routes_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Routes:
    """Warehouses in order, for each group.

    Parameters
    ----------
    ways
        The different routes.
    way : (g,) int64
        Which of them each group has.
    """

    ways: tuple[tuple[int, ...], ...]
    way: Indices

    @property
    def first(self) -> Indices:
        """Warehouse that each group is asked of first, -1 where there is none."""
        return np.array([way[0] if way else -1 for way in self.ways], np.int64)[self.way]

    def others(self, chosen: Indices) -> tuple[Indices, Indices]:
        """Pairs of some groups and the warehouses after the first that they may come from."""
        groups, houses = [], []
        for number, way in enumerate(self.ways):
            mine = chosen[self.way[chosen] == number]
            for house in way[1:]:
                groups.append(mine)
                houses.append(np.full(len(mine), house))
        if not groups:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        return np.concatenate(groups), np.concatenate(houses)


def routes_of(
    model: Model, orders: Orders, groups: Groups, backlog: npt.NDArray[np.int64] | None
) -> Routes:
    """Find the route of every group.

    Parameters
    ----------
    model, orders, groups
        Who leaves when.
    backlog : (g, warehouses) int64, optional
        Parcels on the floors when each group's sweep looks, where routes depend on them.
    """
    routes = _routes(model, orders, groups, backlog)
    if not groups.resumed:
        return routes
    # what is on a floor stays there
    houses = np.array([stage.house for stage in model.stages], np.int64)
    way = routes.way.copy()
    here = slice(0, groups.resumed)
    way[here] = len(routes.ways) + houses[orders.enters[groups.first[here]]]
    return Routes(ways=(*routes.ways, *((house,) for house in range(len(model.chains)))), way=way)


def _routes(
    model: Model, orders: Orders, groups: Groups, backlog: npt.NDArray[np.int64] | None
) -> Routes:
    network, count = model.network, len(orders.owners) + 1
    # routes are the same between two openings
    turns = sorted(set(network.opens))
    key = orders.region[groups.first] * count + orders.owner[groups.first] + 1
    key = key * (len(turns) + 1)
    key += 1 if turns == [-NEVER] else np.searchsorted(turns, groups.leaves, side="right")
    if int(key.max(initial=0)) < len(key):
        # few different ones, so that counting is quicker than sorting
        keys = np.flatnonzero(np.bincount(key))
        place = np.empty(int(keys.max(initial=0)) + 1, np.int64)
        place[keys] = np.arange(len(keys))
        way = place[key]
    else:
        keys, way = np.unique(key, return_inverse=True)
    names, since = [None, *orders.owners], [-NEVER - 1, *turns]
    ways = []
    for key_of_way in keys.tolist():
        who, turn = divmod(key_of_way, len(since))
        region, owner = divmod(who, count)
        ways.append(network.route(orders.regions[region], names[owner], since[turn]))
    if backlog is None or not network.by_backlog:
        return Routes(ways=tuple(ways), way=way)
    # the same sort as for one order: fewest parcels first, equal ones as in the route
    dense = (backlog[:, :, None] > backlog[:, None, :]).sum(axis=2)
    both, place = np.unique(np.column_stack((way, dense)), axis=0, return_inverse=True)
    sorted_ways = [
        tuple(sorted(ways[row[0]], key=lambda house: row[1 + house])) for row in both.tolist()
    ]
    return Routes(ways=tuple(sorted_ways), way=place.reshape(-1))
