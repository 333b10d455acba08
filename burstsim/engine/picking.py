"""Where the pieces of a parcel are picked, and what takes longer than others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from burstsim.engine.items import Items
from burstsim.engine.zones import Stage, Zone
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.scenario.scenario import Scenario

__all__ = ["Picking", "picking_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picking:
    """What of a SKU matters on the floor.

    Parameters
    ----------
    zones : for each stage, (skus,) int64 or None
        Zone of the stage that each SKU is picked in; None where the stage has one zone.
    longer : (skus,) int64 or None
        Ticks that a piece takes more than others, in the first stage of a warehouse; None where
        there is no such SKU.
    first
        Stages in which parcels are picked.
    """

    zones: tuple[Indices | None, ...]
    longer: Ticks | None
    first: frozenset[int]

    @property
    def needs_contents(self) -> bool:
        """Whether it matters what is in a parcel, and not only how much."""
        return self.longer is not None or any(zones is not None for zones in self.zones)


def picking_of(
    scenario: Scenario,
    items: Items,
    floor: tuple[tuple[Stage, ...], tuple[Zone, ...]],
    chains: tuple[tuple[int, ...], ...],
) -> Picking:
    """Find the zone of every SKU in every stage.

    Parameters
    ----------
    scenario, items
        The catalogue.
    floor
        Stages and zones.
    chains
        Stages of each warehouse.
    """
    stages, zones = floor
    skus = [scenario.catalog.skus.get(name) for name in items.names[: items.n_skus]]
    found: list[Indices | None] = []
    for stage in stages:
        if len(stage.zones) == 1:
            found.append(None)
            continue
        named = {zones[number].name: number for number in stage.zones}
        # what says nothing, or names a zone of another stage, is in the first
        places = [named.get((sku and sku.zone) or "", stage.zones[0]) for sku in skus]
        found.append(np.array(places, np.int64))
    longer = np.array([sku.extra_pick_time if sku else 0 for sku in skus], np.int64)
    return Picking(
        zones=tuple(found),
        longer=longer if longer.any() else None,
        first=frozenset(chain[0] for chain in chains if not stages[chain[0]].external),
    )
