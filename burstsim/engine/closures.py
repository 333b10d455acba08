"""Closed channels: which orders come another way, and which nobody can place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.parts import AMOUNTS, COLUMNS, Part, Source, Tables
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.scenario.disruptions import CloseChannel
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["close_channels", "kept", "name_channels"]

Flags = npt.NDArray[np.bool_]


def name_channels(scenario: Scenario, channel: str, tables: Tables) -> None:
    """Give numbers to the channels of closures, with those where a channel's orders may go."""
    for closure in _closures(scenario).values():
        tables.channels.of([closure.channel])
        if closure.channel == channel:
            tables.channels.of(closure.divert)


def close_channels(
    scenario: Scenario, source: Source, part: Part, tables: Tables
) -> tuple[Part, int, int]:
    """Divert or drop the orders of a stream that come while their channel is closed.

    An order is diverted once: if the channel by which it would come is closed as well, nobody
    can place it.

    Returns
    -------
    part
        Without the orders that are lost; the others keep their index.
    lost, diverted
        Orders.
    """
    closures = _closures(scenario)
    channel = part.channel.copy()
    shut = np.zeros(len(channel), bool)
    for name, closure in closures.items():
        hit = _closed(scenario, closure, part.channel, part.placed, tables) & ~shut
        shut |= hit
        if not hit.any():
            continue
        chance = source.uniforms(f"divert {name}", part)
        reached = 0.0
        others = tables.channels.of(closure.divert)
        for number, share in zip(others, closure.divert.values(), strict=True):
            channel[hit & (chance >= reached) & (chance < reached + share)] = number
            reached += share
    moved = channel != part.channel
    here = ~shut | moved
    for closure in closures.values():
        here &= ~(moved & _closed(scenario, closure, channel, part.placed, tables))
    if here.all():
        return replace(part, channel=channel), 0, int(moved.sum())
    left = kept(replace(part, channel=channel), here)
    return left, int((~here).sum()), int((moved & here).sum())


def _closures(scenario: Scenario) -> dict[str, CloseChannel]:
    return {
        name: closure
        for name, closure in scenario.disruptions.items()
        if isinstance(closure, CloseChannel)
    }


def _closed(
    scenario: Scenario, closure: CloseChannel, channel: Indices, placed: Ticks, tables: Tables
) -> Flags:
    """Which orders come by a channel while it is closed."""
    begin = closure.at.resolve(scenario.start)
    end = NEVER if closure.for_ is None else begin + closure.for_
    (closed,) = tables.channels.of([closure.channel])
    hit: Flags = (channel == closed) & (placed >= begin) & (placed < end)
    return hit


def kept(part: Part, here: Flags) -> Part:
    """Only some of the orders, with their lines."""
    chosen = np.flatnonzero(here)
    elements = segment_elements(part.line_offsets, chosen)
    amounts = {id(column): column for column in (getattr(part, name) for name in AMOUNTS)}
    cut = {known: column[elements] for known, column in amounts.items()}
    return replace(
        part,
        in_turn=False,
        **{name: getattr(part, name)[chosen] for name in COLUMNS},
        paid=None if part.paid is None else part.paid[chosen],
        cancelled=None if part.cancelled is None else part.cancelled[chosen],
        line_offsets=offsets_of(np.diff(part.line_offsets)[chosen]),
        line_item=part.line_item[elements],
        line_quantity=part.line_quantity[elements],
        **{name: cut[id(getattr(part, name))] for name in AMOUNTS},
    )
