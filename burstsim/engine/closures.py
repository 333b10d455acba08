"""Closed channels: which orders come another way, and which nobody can place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from burstsim.engine.parts import Part, Source, Tables
from burstsim.kernels.segments import offsets_of, segment_elements
from burstsim.scenario.disruptions import CloseChannel
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["close_channels"]


def close_channels(
    scenario: Scenario, source: Source, part: Part, tables: Tables
) -> tuple[Part, int, int]:
    """Divert or drop the orders of a stream that come while their channel is closed.

    Closures apply in the order of the file, so that an order diverted to a channel that is
    closed as well may be diverted again.

    Returns
    -------
    part
        Without the orders that are lost; the others keep their index.
    lost, diverted
        Orders.
    """
    here = np.ones(len(part.placed), bool)
    channel = part.channel.copy()
    diverted = np.zeros(len(channel), bool)
    for name, closure in scenario.disruptions.items():
        if not isinstance(closure, CloseChannel):
            continue
        begin = closure.at.resolve(scenario.start)
        end = NEVER if closure.for_ is None else begin + closure.for_
        (closed,) = tables.channels.of([closure.channel])
        hit = here & (channel == closed) & (part.placed >= begin) & (part.placed < end)
        if not hit.any():
            continue
        chance = source.of(f"divert {name}").random(int(part.index.max()) + 1)[part.index]
        taken = np.zeros(len(channel), bool)
        reached = 0.0
        for number, share in zip(
            tables.channels.of(closure.divert), closure.divert.values(), strict=True
        ):
            goes = hit & ~taken & (chance < reached + share)
            channel[goes] = number
            taken |= goes
            reached += share
        diverted |= taken
        here &= ~hit | taken
    if here.all():
        return replace(part, channel=channel), 0, int(diverted.sum())
    return (
        _kept(replace(part, channel=channel), here),
        int((~here).sum()),
        int(diverted[here].sum()),
    )


def _kept(part: Part, here: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Part:
    """Only some of the orders, with their lines."""
    kept = np.flatnonzero(here)
    elements = segment_elements(part.line_offsets, kept)
    columns = ("placed", "index", "channel", "region", "customer", "tier", "value")
    return replace(
        part,
        **{name: getattr(part, name)[kept] for name in columns},
        paid=None if part.paid is None else part.paid[kept],
        cancelled=None if part.cancelled is None else part.cancelled[kept],
        line_offsets=offsets_of(np.diff(part.line_offsets)[kept]),
        line_item=part.line_item[elements],
        line_quantity=part.line_quantity[elements],
    )
