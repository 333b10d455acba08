"""Who picks parcels up, when, and how many: carriers as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.scenario.scenario import Scenario
from burstsim.units import DAY, NEVER, Moment

__all__ = ["ALL_THAT_FITS", "Carrier", "Carriers", "PickupTable", "carriers_of", "pickup_table"]

#: Capacity of a truck that takes everything.
ALL_THAT_FITS = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Carrier:
    """A carrier of a warehouse.

    Parameters
    ----------
    name
        As in the file.
    times : (k,) int64
        Ticks of its pickups, ascending, those that a disruption takes away left out.
    capacity
        Parcels that each truck takes.
    """

    name: str
    times: Ticks
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Carriers:
    """The carriers of one warehouse, and which of them takes whose parcels.

    Parameters
    ----------
    each
        In the order of the file.
    by_region
        Region → position of the first carrier that names it.
    drawn : (d,) int64
        Positions of those who have a share; the first carrier where nobody has.
    bounds : (d,) float64
        Where the share of each of them ends, of an order's number in [0, 1).
    """

    each: tuple[Carrier, ...]
    by_region: dict[str, int] = field(default_factory=dict)
    drawn: Indices
    bounds: Floats

    def __len__(self) -> int:
        return len(self.each)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PickupTable:
    """Every pickup of a replication, by (tick, warehouse, carrier).

    Parameters
    ----------
    tick, house, carrier : (k,) int64
        When, at which warehouse, and the carrier's position there.
    capacity, loaded, behind : (k,) int64
        Parcels that fit, that were taken, and that were ready but had to stay.
    """

    tick: Ticks
    house: Indices
    carrier: Indices
    capacity: Indices
    loaded: Indices
    behind: Indices


def pickup_table(rows: list[tuple[int, int, int, int, int, int]]) -> PickupTable:
    """Put pickups into a table: (tick, house, carrier, capacity, loaded, behind) of each."""
    rows = sorted(rows, key=lambda row: row[:3])  # stable: trucks of one tick stay in turn
    columns = np.array(rows, np.int64).reshape(-1, 6).T
    names = ("tick", "house", "carrier", "capacity", "loaded", "behind")
    return PickupTable(**dict(zip(names, columns, strict=True)))


def carriers_of(scenario: Scenario) -> tuple[Carriers, ...]:
    """Compile the carriers of every warehouse; those of a partner are its own affair."""
    found = []
    for house, warehouse in scenario.warehouses.items():
        specs = warehouse.carriers
        each = []
        for name, spec in specs.items():
            stays_away = _stays_away(scenario, (house, f"{house}.{name}"))
            ticks = [tick for at in spec.pickups for tick in _daily(at, scenario)]
            kept = [tick for tick in sorted(ticks) if not any(a <= tick < b for a, b in stays_away)]
            room = ALL_THAT_FITS if spec.capacity is None else spec.capacity
            each.append(Carrier(name=name, times=np.array(kept, np.int64), capacity=room))
        by_region: dict[str, int] = {}
        for number, spec in enumerate(specs.values()):
            for region in spec.regions or ():
                by_region.setdefault(region, number)
        shares = [(n, spec.share) for n, spec in enumerate(specs.values()) if spec.share]
        drawn = np.array([n for n, _ in shares] or [0], np.int64)
        reached = np.cumsum([share for _, share in shares] or [1.0])
        bounds = reached / reached[-1]
        found.append(Carriers(each=tuple(each), by_region=by_region, drawn=drawn, bounds=bounds))
    return tuple(found)


def _daily(at: Moment, scenario: Scenario) -> Iterator[int]:
    """Yield the ticks of a moment on every day of the clock; a dated one happens once."""
    first, begin, end = at.resolve(scenario.start), scenario.begin, scenario.end
    if at.dated is not None:
        ticks = iter([first])
    else:
        ticks = iter(range(first + -((first - begin) // DAY) * DAY, end, DAY))
    yield from (tick for tick in ticks if begin <= tick < end)


def _stays_away(scenario: Scenario, names: tuple[str, str]) -> list[tuple[int, int]]:
    """Spans in which no truck of a carrier comes."""
    spans = []
    for disruption in scenario.disruptions.values():
        if disruption.what == "truck_no_show" and disruption.where in names:
            begin = disruption.at.resolve(scenario.start)
            spans.append((begin, NEVER if disruption.for_ is None else begin + disruption.for_))
    return spans
