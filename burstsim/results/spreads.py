"""Spreads: statistics of the spans of time between two things, exactly or from bins."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.bins import bins_of, edge_of
from burstsim.kernels.counts import Counts
from burstsim.kernels.segments import sums_by, total_of
from burstsim.results.facts import Facts
from burstsim.results.stockmetrics import waiting_since
from burstsim.results.value import Value
from burstsim.scenario.metrics import STATISTICS
from burstsim.units import NEVER, SECOND

__all__ = ["Spreads", "order_to_ship", "spread_of", "spreads_of"]

#: So many numbers below 2^32 add up to less than 2^53.
_AT_ONCE = 1 << 20

Columns = tuple[Ticks, Ticks]


def order_to_ship(facts: Facts, rows: Indices | None = None) -> Columns:
    """From payment to shipped, of all orders or of some."""
    wanted, shipped = facts.wanted, facts.shipped
    return (wanted, shipped) if rows is None else (wanted[rows], shipped[rows])


def backorder_age(facts: Facts) -> Columns:
    """From payment to the end, of orders that wait for stock there; known to the tick."""
    since = waiting_since(facts)
    return since, np.where(since < NEVER, facts.model.end, NEVER)


def time_in(facts: Facts, stage: str) -> Columns:
    """From arriving at a stage to done there, over all warehouses."""
    visits = [
        facts.trace.stage_visits(number)
        for number, known in enumerate(facts.model.stages)
        if known.name == stage
    ]
    if len(visits) == 1:
        return visits[0].entered, visits[0].done
    entered = np.concatenate([visit.entered for visit in visits])
    done = np.concatenate([visit.done for visit in visits])
    return entered, done


def spreads_of(facts: Facts) -> Iterator[tuple[str, Columns]]:
    """Give all that is told of as a spread: its name, and when each span begins and ends."""
    model = facts.model
    yield "order_to_ship", order_to_ship(facts)
    yield "backorder_age", backorder_age(facts)
    for stage in dict.fromkeys(stage.name for stage in model.stages):
        yield f"time_in.{stage}", time_in(facts, stage)
    for zone, visits in zip(model.zones, facts.trace.visits, strict=True):
        yield f"wait.{zone.path}", (visits.entered, visits.started)
        if len(model.stages[zone.at].zones) > 1:
            yield f"time_in.{zone.path}", (visits.entered, visits.done)


def spread_of(columns: Columns, end: int) -> dict[str, Value]:
    """Statistics of spans, in seconds.

    What began and did not finish counts until `end`. Quantiles are ``inverted_cdf``: the
    smallest span that at least that share of all does not exceed.
    """
    spans, shortest_open = _spans(columns, end)
    count = len(spans)
    if count == 0:
        return _nothing()
    spans.partition([*(_rank(count, percent) for percent in _PERCENTS), count - 1])
    found = _Found(count, total_of(spans), int(spans[-1]), shortest_open)
    return _statistics(found, lambda rank: int(spans[rank]))


class Spreads:
    """Spans of several groups that are added a few at a time: only how many are in a bin is kept.

    Mean and largest are exact. A quantile is the last number of its bin, at most the largest of
    all: it is never below the true one, and above it by less than 0.1 % (`bins_of`). As in
    `spread_of`, it is flagged "at least" if a span that is still open is not longer than it.

    Parameters
    ----------
    groups
        How many there are.

    Attributes
    ----------
    groups
        The same.
    """

    def __init__(self, groups: int) -> None:
        self.groups = groups
        self._bins = Counts()
        self._totals = [0] * groups
        self._most = np.zeros(groups, np.int64)
        self._open = np.full(groups, NEVER)

    def add(self, columns: Columns, end: int, group: Indices | None = None) -> None:
        """Add spans by their beginnings and ends, and by the group of each of them."""
        begin, finish = columns
        if group is not None:
            began = np.flatnonzero(begin < NEVER)
            begin, finish, group = begin[began], finish[began], group[began]
            unfinished = np.flatnonzero(finish == NEVER)
            np.minimum.at(self._open, group[unfinished], end - begin[unfinished])
        spans, shortest_open = _spans((begin, finish), end)
        if len(spans) == 0:
            return
        bins = bins_of(spans)
        if group is None or self.groups == 1:
            self._open[0] = min(int(self._open[0]), shortest_open)
            self._totals[0] += total_of(spans)
            self._most[0] = max(int(self._most[0]), int(spans.max()))
            self._bins.add(bins)
            return
        np.maximum.at(self._most, group, spans)
        for first in range(0, len(spans), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            for shift, half in ((32, spans[some] >> 32), (0, spans[some] & 0xFFFFFFFF)):
                sums = sums_by(group[some], half, self.groups).tolist()
                for number, part in enumerate(sums):
                    self._totals[number] += part << shift
        self._bins.add(bins * self.groups + group)

    def merged(self, into: Indices, groups: int) -> Spreads:
        """Put groups together: into which of fewer ones each goes."""
        found = Spreads(groups)
        for group, total in zip(into.tolist(), self._totals, strict=True):
            found._totals[group] += total
        np.maximum.at(found._most, into, self._most)
        np.minimum.at(found._open, into, self._open)
        bins, group = np.divmod(self._bins.keys, self.groups)
        found._bins.add(bins * groups + into[group], self._bins.counts)
        return found

    def values(self) -> list[dict[str, Value]]:
        """Tell the statistics of each group, in seconds."""
        found = []
        for group in range(self.groups):
            mine = np.flatnonzero(self._bins.keys % self.groups == group)
            up_to = np.cumsum(self._bins.counts[mine])
            if len(mine) == 0:
                found.append(_nothing())
                continue
            numbers, most = self._bins.keys[mine] // self.groups, int(self._most[group])
            shortest = int(self._open[group])
            spans = _Found(int(up_to[-1]), self._totals[group], most, shortest)

            def quantile(
                rank: int, up_to: Indices = up_to, numbers: Indices = numbers, most: int = most
            ) -> int:
                return min(edge_of(int(numbers[up_to.searchsorted(rank, side="right")])), most)

            found.append(_statistics(spans, quantile))
        return found


class _Found(NamedTuple):
    spans: int
    total: int
    most: int
    shortest_open: int


_PERCENTS = tuple(int(name[1:]) for name in STATISTICS if name.startswith("p"))


def _nothing() -> dict[str, Value]:
    return dict.fromkeys(STATISTICS, Value(math.nan))


def _rank(count: int, percent: int) -> int:
    return -(-count * percent // 100) - 1


def _spans(columns: Columns, end: int) -> tuple[Ticks, int]:
    """Spans of what began, until `end` if it did not finish, and the shortest of those."""
    begin, finish = columns
    began = begin < NEVER
    if not began.all():
        begin, finish = begin[began], finish[began]
    open_ = finish == NEVER
    shortest_open = int((end - begin[open_]).min(initial=NEVER))
    spans: Ticks = np.minimum(finish, end) - begin
    return spans, shortest_open


def _statistics(found: _Found, quantile: Callable[[int], int]) -> dict[str, Value]:
    """Tell statistics in seconds, the quantiles by the number of spans before them."""
    any_open = found.shortest_open < NEVER
    values = {"mean": Value(found.total / found.spans / SECOND, any_open)}
    for percent in _PERCENTS:
        span = quantile(_rank(found.spans, percent))
        values[f"p{percent}"] = Value(span / SECOND, found.shortest_open <= span)
    values["max"] = Value(found.most / SECOND, any_open)
    return values
