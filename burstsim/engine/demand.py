"""The streams of a replication: opened one by one, and drawn as far as somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from burstsim.engine.choices import Choices
from burstsim.engine.closures import close_channels, kept
from burstsim.engine.compile import Model
from burstsim.engine.control.roster import rosters_of
from burstsim.engine.drawn import DrawnStream
from burstsim.engine.opening import open_part
from burstsim.engine.owners import split_by_owner
from burstsim.engine.parts import Part, Source, Tables
from burstsim.engine.replayed import replay_stream
from burstsim.engine.substreams import SubStream, substreams
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.scenario.demand import Replay

__all__ = ["Came", "Demand", "Stream"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Came:
    """What one stream brings in a span of time.

    Parameters
    ----------
    part
        Its orders.
    source
        Its generators: what else belongs to the orders is still to be drawn, once.
    stream
        Position in the scenario's demand; -1 for orders that are open when the clock begins.
    owner, enters : (n,) int64
        As in `Orders`.
    lost, diverted
        By closed channels: orders that are not in the part, and others.
    """

    part: Part
    source: Source
    stream: int
    owner: Indices
    enters: Indices
    lost: int = 0
    diverted: int = 0


class Demand:
    """All that is common to the streams of a replication.

    Parameters
    ----------
    model
        The compiled scenario.
    replication
        Number of the replication, from 0.
    """

    def __init__(self, model: Model, replication: int) -> None:
        self.model, self.replication = model, replication
        self.tables, self.choices = Tables(), Choices(model.items)
        self.rosters = rosters_of(model.scenario, model.zones, replication)

    def opened(self) -> Iterator[Stream]:
        """Open the streams one after the other; each brings its names when it is opened.

        A log brings them when it is drawn, so it has to be drawn before the next is opened.
        """
        for position, sub in enumerate(substreams(self.model.scenario)):
            yield Stream(self, sub, position)

    def source(self, name: str) -> Source:
        """Make the generators of a name."""
        return Source(self.model.scenario.seed, self.replication, name)

    def open_orders(self) -> Came:
        """Give the orders that are open when the clock begins."""
        model = self.model
        part = open_part(model.opening, model.items, self.tables)
        return Came(
            part=part,
            source=self.source("open orders"),
            stream=-1,
            owner=model.owner_of[part.line_item[part.line_offsets[:-1]]],
            enters=model.opening.enters,
        )


class Stream:
    """A sub-stream of the demand of a replication.

    Parameters
    ----------
    demand
        The replication.
    sub
        What is drawn or replayed.
    position
        Its position among the sub-streams.
    """

    def __init__(self, demand: Demand, sub: SubStream, position: int) -> None:
        self._demand, self._sub, self._position = demand, sub, position
        self._source = demand.source(sub.name)
        self._drawn: DrawnStream | None = None
        if not isinstance(sub.spec, Replay):
            self._drawn = DrawnStream(demand.model, sub, self._source, demand.tables, position)

    @property
    def begin(self) -> int:
        """Tick before which nothing is placed."""
        return 0 if self._drawn is None else self._drawn.moments.begin

    def expected(self, ticks: Ticks) -> Floats:
        """Orders that have to be drawn before each tick, as expected; not of a log."""
        assert self._drawn is not None
        end = ticks if self._sub.span is None else np.minimum(ticks, self._sub.span[1])
        return self._drawn.moments.expected(end)

    def before(self, tick: int) -> Came:
        """Draw what is placed before a tick and was not drawn yet; a log is given all at once."""
        demand, sub, span = self._demand, self._sub, self._sub.span
        model, scenario = demand.model, demand.model.scenario
        if self._drawn is None:
            part = replay_stream(model, sub, self._source, demand.tables, self._position)
        else:
            part = self._drawn.before(tick if span is None else min(tick, span[1]))
        if span is not None:
            part = kept(part, (part.placed >= span[0]) & (part.placed < span[1]))
        part, lost, diverted = close_channels(scenario, self._source, part, demand.tables)
        if scenario.initial is not None:
            part = kept(part, part.placed >= model.begin)  # what came before is in its state
        part, owner = split_by_owner(part, model.owner_of)
        if demand.choices.wanted(part):
            part = demand.choices.made(part, self._source.bits("choice", part))
        return Came(
            part=part,
            source=self._source,
            stream=sub.number,
            owner=owner,
            enters=np.full(len(part.placed), -1),
            lost=lost,
            diverted=diverted,
        )
