"""The summary of a replication, from pieces of it."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.piece import Piece
from burstsim.engine.subsets import trace_of
from burstsim.engine.trace import Trace
from burstsim.results.breakdowns import Key, count_groups, groups_of, kinds_of, tell_groups
from burstsim.results.counting import count, counted_metrics, utilisation
from burstsim.results.facts import Facts
from burstsim.results.giftmetrics import UsedUp, count_gifts, count_steps, gift_metrics
from burstsim.results.hours import Hours, closings_of, hours_of, staffed
from burstsim.results.metrics import backlog_metrics, of_elsewhere
from burstsim.results.needed import Asked, count_asked, tell_asked
from burstsim.results.spreads import Spreads, order_to_ship, spreads_of
from burstsim.results.summing.backlog import Backlog, Throughput
from burstsim.results.summing.clearing import Clearing
from burstsim.results.summing.digest import RowDigest
from burstsim.results.summing.events import Events
from burstsim.results.summing.floor import Floor
from burstsim.results.totals import Totals
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["Summary"]


#: The spread that is told of groups as well.
_GROUPED = "order_to_ship"


class Summary:
    """Metrics, breakdowns, what was asked of shelves and a digest, of one piece after the other.

    Orders are counted once they are over, and what is of the clock (queues, people, open orders)
    is looked at span by span. Between two pieces only numbers are kept, no orders but those of
    which it is not known yet where or when they count. However a replication is cut, everything
    comes out the same; and it is what is told of a whole trace, with one exception: quantiles of
    spreads come from bins, see `burstsim.results.spreads.Spreads`.

    Parameters
    ----------
    model
        What is run.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._totals = Totals()
        self._spreads: dict[str, Spreads] = {}
        self._used_up = [UsedUp(model, number) for number in range(len(model.rules))]
        self._floor = Floor(model)
        self._throughput, self._clearing = Throughput(), Clearing()
        self._digest = RowDigest()
        self._events: Events | None = None
        self._last: Trace | None = None

    def add(self, piece: Piece) -> None:
        """Add what happened in a span of time.

        Parameters
        ----------
        piece
            The next one. The last one's trace says what is of no order: pickups, crews, how many
            orders were lost.
        """
        first = self._events is None
        everybody = Facts(piece.trace)
        over = everybody if piece.over.all() else Facts(_over(piece))
        self._count(over)
        self._digest.add(over.trace, piece.number[piece.over])
        span = -NEVER if first else piece.begin, NEVER if piece.last else piece.until
        self._look(piece, everybody, span)
        if piece.last:
            count_steps(piece.trace, self._totals)
            self._last, self._kinds = piece.trace, everybody.once(kinds_of)

    def _count(self, facts: Facts) -> None:
        """Count orders that are over."""
        end, kinds = facts.model.end, facts.once(kinds_of)
        count_gifts(facts.trace, self._totals)
        count(facts, self._totals)
        count_groups(facts, kinds, self._totals)
        count_asked(facts, self._totals)
        for name, columns in spreads_of(facts):
            if name != _GROUPED:
                self._spreads.setdefault(name, Spreads(1)).add(columns, end)
        group, shape = groups_of(kinds)
        grouped = self._spreads.setdefault(_GROUPED, Spreads(math.prod(shape)))
        grouped.add(order_to_ship(facts), end, group)

    def _look(self, piece: Piece, facts: Facts, span: tuple[int, int]) -> None:
        """Look at what happened on the clock, to orders that are over and to others."""
        kinds = facts.once(kinds_of)
        if self._events is None:
            self._events = Events(len(kinds))
            self._backlog = Backlog([len(kind.names) for kind in kinds])
        known = self._events.add(piece, facts, kinds)
        self._throughput.add(known)
        crowd = self._backlog.everybody
        new_peak = crowd.peak if self._backlog.add(known) else None
        self._clearing.add(known, new_peak, self._floor.add(piece, span), span)
        for rule in self._used_up:
            rule.add(piece.trace, span)

    @property
    def _end(self) -> Trace:
        if self._last is None:
            raise ValueError("the last piece is not there yet")
        return self._last

    @cached_property
    def _closings(self) -> list[int]:
        """Tick up to which each zone's people count."""
        return closings_of(self._model, self._totals.column("lasts").tolist())

    @cached_property
    def _staffed(self) -> tuple[list[int], Hours]:
        """Worker-ticks of each zone's people until closing, with overtime, and what is paid."""
        model, crews, closings = self._model, self._end.crews, self._closings
        people = [
            0 if zone.external else staffed(crew, closing) + overtime.ticks
            for zone, crew, closing, overtime in zip(
                model.zones, crews, closings, self._floor.overtime, strict=True
            )
        ]
        return people, hours_of(model, crews, sum(people), closings)

    def values(self) -> dict[str, Value]:
        """Every metric of the replication, by name, as `burstsim.results.metrics.measure`."""
        trace, model, totals = self._end, self._model, self._totals
        people, hours = self._staffed
        values = self._floor.values()
        for name, spreads in self._spreads.items():
            groups = np.zeros(spreads.groups, np.int64)
            (spread,) = spreads.merged(groups, 1).values()
            values |= {f"{statistic}({name})": value for statistic, value in spread.items()}
        everybody = self._backlog.everybody
        peak = everybody.most, everybody.peak
        values |= backlog_metrics(peak, self._clearing.tick(), model.end)
        values["throughput_peak"] = Value(self._throughput.most)
        values |= counted_metrics(model, totals, hours)
        for zone, ticks in zip(model.zones, people, strict=True):
            if not zone.external:
                values[f"utilisation.{zone.path}"] = utilisation(totals, zone.path, ticks)
        used_up = [rule.tick for rule in self._used_up]
        return values | gift_metrics(trace, totals, used_up) | of_elsewhere(trace)

    def parts(self) -> dict[Key, Value]:
        """Give the metrics of each channel, warehouse and merchant, as `breakdowns.break_down`."""
        assert self._end
        _, shape = groups_of(self._kinds)
        spreads, grouped = [], self._spreads[_GROUPED]
        for way, into in enumerate(np.indices(shape)):
            spreads.append(grouped.merged(into.ravel(), shape[way]).values())
        return tell_groups(self._kinds, self._totals, spreads, self._backlog.peaks())

    def asked(self) -> Asked:
        """Give what was asked of shelves, as `burstsim.results.needed.asked_of`."""
        return tell_asked(self._end, self._totals)

    def digest(self) -> str:
        """SHA-256 (hex) over all that happened to orders, and over pickups, kits and counts."""
        return self._digest.hex(self._end)


def _over(piece: Piece) -> Trace:
    """Only what happened to the orders that are over."""
    return trace_of(piece.trace, np.flatnonzero(piece.over))
