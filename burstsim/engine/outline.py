"""A scenario said back in plain words, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.engine.compile import compile_scenario
from burstsim.engine.replayed import replay_notes
from burstsim.engine.shapes import expected_orders
from burstsim.scenario.demand import Drop, Instant, Replay, Steady, Stream
from burstsim.scenario.scenario import Scenario
from burstsim.units import HOUR, format_duration

__all__ = ["outline"]


def outline(scenario: Scenario) -> Iterator[str]:
    """Yield a sentence for each part of the scenario: streams, stages, the time it covers."""
    model = compile_scenario(scenario)
    yield (
        f"{scenario.name}: from {scenario.start:%Y-%m-%d %H:%M} orders for "
        f"{format_duration(scenario.horizon)}, then at most {format_duration(scenario.drain)} "
        "to finish"
    )
    total = 0.0
    for name, stream in scenario.demand.items():
        orders = expected_orders(stream, scenario.start, scenario.horizon, scenario.demand_scale)
        total += orders
        yield f"demand.{name}: {_shape(stream)}; {orders:,.0f} orders expected"
    yield from replay_notes(scenario)
    yield f"in all {total:,.0f} orders expected"
    for zone in model.zones:
        workers = zone.crew.workers
        low, high = int(workers.min()), int(workers.max())
        crew = f"{low:,} to {high:,} workers" if low < high else f"{high:,} workers"
        crew = "1 worker" if low == high == 1 else crew
        one_line = zone.base + zone.per_line + zone.per_unit
        yield (
            f"{zone.path}: {crew}; an order of one piece takes {one_line / 1e6:,.1f} s, so "
            f"{high * HOUR / one_line:,.0f} such orders an hour with all of them"
        )


def _shape(stream: Stream) -> str:
    """One sentence about a stream's arrivals."""
    if isinstance(stream, Steady):
        return f"steady at {stream.rate}"
    if isinstance(stream, Instant):
        return f"all at once at {stream.at}"
    if isinstance(stream, Drop):
        return (
            f"a drop at {stream.at} that rises for {format_duration(stream.rise)} and then "
            f"halves every {format_duration(stream.half_life)}"
        )
    if isinstance(stream, Replay):
        speed = f" at {stream.speed:g} times the speed" if stream.speed != 1 else ""
        return f"a replay of {stream.file}{speed}"
    return f"a table of {len(stream.rates)} rates"
