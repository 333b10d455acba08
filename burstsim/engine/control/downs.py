"""When nobody can begin a task in a zone: breakdowns, planned stops, outages."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.control.absent import covers
from burstsim.engine.control.spans import days
from burstsim.engine.parts import Source
from burstsim.engine.zones import Zone
from burstsim.kernels.arrays import Ticks
from burstsim.scenario.disruptions import Outage
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.stages import Breakdown

__all__ = ["downs_of"]

Spans = tuple[Ticks, Ticks]

_DRAWN = 256


def downs_of(scenario: Scenario, zone: Zone, replication: int | None) -> Spans:
    """Ticks ``[from, to)`` at which a zone stands still, as two columns; they may overlap.

    Without a replication nothing breaks.
    """
    house = scenario.warehouses[zone.warehouse]
    places = (zone.stage, f"{zone.stage}.{zone.name}")
    found = [
        _breakdowns(scenario, breakdown, Source(scenario.seed, replication, zone.path))
        for place, breakdown in house.breakdowns.items()
        if place in places and replication is not None
    ]
    given = [*_stops(scenario, zone), *_outages(scenario, zone)]
    table = np.array(given, np.int64).reshape(-1, 2)
    found.append((table[:, 0], table[:, 1]))
    left, right = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return left, right


def _breakdowns(scenario: Scenario, breakdown: Breakdown, source: Source) -> Spans:
    """Draw when machines fail and when they are repaired, in calendar time.

    Times between a repair and the next failure, and times of repair, are exponential; they
    take turns in one sequence, so that what comes later changes nothing before.
    """
    draw = source.of("breakdown")
    means = np.array([breakdown.mtbf, breakdown.mttr], np.float64)
    at, edges = scenario.begin, []
    while at < scenario.end:
        spans = draw.standard_exponential((_DRAWN, 2)) * means
        ticks = at + np.cumsum(np.maximum(np.rint(spans), 1).astype(np.int64).reshape(-1))
        edges.append(ticks)
        at = int(ticks[-1])
    both = np.concatenate(edges).reshape(-1, 2)
    both = both[both[:, 0] < scenario.end]
    return both[:, 0], both[:, 1]


def _stops(scenario: Scenario, zone: Zone) -> Iterator[tuple[int, int]]:
    for stop in scenario.warehouses[zone.warehouse].stops.values():
        if stop.where in (zone.stage, f"{zone.stage}.{zone.name}"):
            span = (scenario.begin, scenario.end)
            for _, left, right in days((stop.from_, stop.to), scenario.start, span):
                yield left, right


def _outages(scenario: Scenario, zone: Zone) -> Iterator[tuple[int, int]]:
    for what in scenario.disruptions.values():
        if isinstance(what, Outage) and covers(what.where, zone.warehouse, zone.stage, zone.name):
            yield what.span(scenario.start)
