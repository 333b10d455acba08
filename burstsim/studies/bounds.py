"""How many people are needed at least, by arithmetic: fluid bounds and square-root staffing.

The *fluid bound* of a station lets every order reach it at payment and lets its crew work as
one very fast worker, who is never idle while there is work: no crew of that size can keep more
promises. *Square-root staffing* (Halfin and Whitt, *Operations Research* 29, 1981) takes the
people busy on average, R, and adds a few times the square root of R: so many that nobody waits
long even in the busiest minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.control.roster import Roster, rosters_of
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed
from burstsim.studies.knobs import Knob
from burstsim.studies.lattice import Floor, Point
from burstsim.studies.loads import Load, Target
from burstsim.units import MINUTE

__all__ = ["Fluid", "fluid_share", "most_people"]

#: How many square roots of the busy are added.
_SAFETY = 3.0

#: Corners of one group of crews.
_MOST_CORNERS = 500


def fluid_share(load: Load, orders: Floats, reached: Floats, due: Floats) -> float:
    """Share of a station's orders that are done in time if its crew works as one fast worker.

    With A(t) the work that the crew could do until t, order i is done when A reaches
    max over j <= i of (A(paid of j) + work of j to i), and so in time if that is at most A(due).

    Parameters
    ----------
    load
        Work, in order of payment.
    orders : (n,) float64
        How many of them are asked about.
    reached, due : (n,) float64
        A at the payment, and at the moment until which it must be done.
    """
    before = np.concatenate(([0.0], np.cumsum(load.work)[:-1]))
    level = np.maximum.accumulate(reached - before) + before + load.least
    asked = float(orders.sum())
    # a tick of rounding must not call an order late
    return float(orders[level <= due + 1].sum()) / asked if asked else 1.0


def _capacity(roster: Roster, at: Ticks) -> Floats:
    """Work that a crew can do until some ticks, if everybody comes."""
    times, speed = roster.times, roster.workers * roster.productivity
    place = np.maximum(times.searchsorted(at, side="right") - 1, 0)
    before = np.concatenate(([0.0], np.cumsum(np.diff(times) * speed[:-1])))
    found: Floats = before[place] + np.maximum(at - times[place], 0) * speed[place]
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Question:
    """A target at a station in one replication: what each of some knobs does for it.

    Parameters
    ----------
    key
        The same for all replications.
    share
        That is asked for.
    load
        Of the station.
    orders : (n,) float64
        How many orders are asked about.
    reached, due : (1 + knobs, n) float64
        Work that can be done until payment and promise: with every knob at its first value,
        and by one more of each.
    """

    key: int
    share: float
    load: Load
    orders: Floats
    reached: Floats
    due: Floats

    def answer(self, more: Floats) -> float:
        """Share in time with so much more of each knob."""
        return fluid_share(self.load, self.orders, more @ self.reached, more @ self.due)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fluid:
    """The fluid bounds of crews.

    Parameters
    ----------
    scenario, knobs
        What is sized.
    loads
        From `draw_loads`.
    targets
        What is asked for; without any every crew is enough.
    """

    scenario: Scenario
    knobs: Sequence[Knob]
    loads: Sequence[Sequence[Load]]
    targets: Sequence[Target]

    def groups(self) -> list[Point]:
        """Knobs that work at the same stations, as numbers of knobs; stock belongs to none."""
        groups: list[tuple[set[int], list[int]]] = []
        for number, knob in enumerate(self.knobs):
            if not knob.zones:
                continue
            mine = [group for group in groups if group[0] & set(knob.zones)]
            zones = set(knob.zones).union(*(group[0] for group in mine))
            members = sorted([number, *(other for group in mine for other in group[1])])
            groups = [group for group in groups if group not in mine]
            groups.append((zones, members))
        return [tuple(members) for _, members in groups]

    def floor(self, group: Point) -> Floor:
        """Find the corners of a group: every crew that is enough lies above one of them."""
        questions = list(self._questions(group))
        values = [np.array(self.knobs[number].values, np.float64) for number in group]
        known: dict[Point, bool] = {}

        def enough(point: Point) -> bool:
            if point not in known:
                more = [v[p] - v[0] for v, p in zip(values, point, strict=True)]
                known[point] = _all_kept(questions, np.array([1.0, *more]))
            return known[point]

        tops = tuple(len(v) - 1 for v in values)
        corners = _corners(tops, enough) if enough(tops) else [tops]
        return Floor(axes=group, corners=np.array(corners, np.int64).reshape(-1, len(group)))

    def _questions(self, group: Point) -> Iterator[_Question]:
        """Ask each target of each station of a group in each replication."""
        firsts = np.array([self.knobs[n].values[0] for n in group], np.float64)
        ones = np.maximum(firsts, 1)  # a station where nobody ever works is no scenario
        spans = np.array([self.knobs[n].values[-1] for n in group], np.float64) - ones
        models = [self._model(group, ones, None), *(self._model(group, ones, n) for n in group)]
        rosters = [rosters_of(model.scenario, model.zones, None) for model in models]
        for zone in sorted({zone for number in group for zone in self.knobs[number].zones}):
            zones = [roster[zone] for roster in rosters]
            for key, target in enumerate(self._targets()):
                for load in (replication[zone] for replication in self.loads):
                    own = target.within is None
                    reached, due = (
                        _linear([_capacity(z, at) for z in zones], spans, ones - firsts)
                        for at in (load.paid, load.due if own else load.last + (target.within or 0))
                    )
                    yield _Question(
                        key=zone * len(self.targets) + key,
                        share=target.share,
                        load=load,
                        orders=load.promised if own else load.orders,
                        reached=reached,
                        due=due,
                    )

    def _targets(self) -> list[Target]:
        """Those that ask for more than another one does."""
        return [
            target
            for target in dict.fromkeys(self.targets)
            if not any(
                other != target and other.within == target.within and other.share >= target.share
                for other in self.targets
            )
        ]

    def _model(self, group: Point, ones: Floats, highest: int | None) -> Model:
        """Compile with the group's knobs at few people, and one at its last value."""
        values: dict[str, object] = {}
        for number, few in zip(group, ones.tolist(), strict=True):
            knob = self.knobs[number]
            values |= knob.setting(-1) if number == highest else dict.fromkeys(knob.paths, few)
        return compile_scenario(changed(self.scenario, values))


def _linear(found: Sequence[Floats], spans: Floats, ahead: Floats) -> Floats:
    """From work at few people and at many of each kind to that at none, and by one more."""
    base, *tops = found
    more = [
        (top - base) / span if span > 0 else np.zeros_like(base)
        for top, span in zip(tops, spans.tolist(), strict=True)
    ]
    start = base - sum(
        (each * step for each, step in zip(more, ahead.tolist(), strict=True)), np.zeros_like(base)
    )
    return np.array([start, *more])


def _all_kept(questions: Sequence[_Question], more: Floats) -> bool:
    """Whether the average over replications keeps every target."""
    shares: dict[int, list[float]] = {}
    asked = {question.key: question.share for question in questions}
    for question in questions:
        shares.setdefault(question.key, []).append(question.answer(more))
    return all(np.mean(found) >= asked[key] for key, found in shares.items())


def _corners(
    tops: Point, enough: Callable[[Point], bool], first: Point = (), high: int | None = None
) -> list[Point]:
    """List the least points that are enough and begin with `first`.

    Parameters
    ----------
    tops
        The last position of every axis.
    enough
        Whether a point is; more never hurts.
    first
        Positions of the first axes.
    high
        Position of the next axis that is known to be enough.
    """
    axis, rest = len(first), tops[len(first) + 1 :]
    low, high, stride = 0, tops[axis] if high is None else high, 1
    while low < high:
        middle = max(high - stride, (low + high) // 2)
        if enough((*first, middle, *rest)):
            high, stride = middle, stride * 2
        else:
            low, stride = middle + 1, tops[axis]
    if not rest:
        return [(*first, high)]
    found: list[Point] = []
    after: int | None = None
    for position in range(high, tops[axis] + 1):
        # more of this spares some of the others, until it spares no more
        more = _corners(tops, enough, (*first, position), after)
        after = min(point[axis + 1] for point in more) if len(rest) == 1 else None
        found += [point for point in more if not any(_below(c, point) for c in found)]
        if any(not any(point[axis + 1 :]) for point in more):
            break
        if len(found) >= _MOST_CORNERS:
            found.append((*first, position + 1, *(0 for _ in rest)))
            break
    return found


def _below(lower: Point, upper: Point) -> bool:
    return all(low <= up for low, up in zip(lower, upper, strict=True))


def most_people(model: Model, knob: Knob, loads: Sequence[Sequence[Load]]) -> int:
    """People with whom nobody waits long even in the busiest minute, by the square-root rule.

    Parameters
    ----------
    model
        With the knob at more than enough; it tells how fast people are.
    knob
        The crew.
    loads
        From `draw_loads`.
    """
    found = 1
    rosters = rosters_of(model.scenario, model.zones, None)
    for zone in knob.zones:
        slowest = float(np.min(rosters[zone].productivity))
        for load in (replication[zone] for replication in loads):
            if len(load.paid):
                minute = (load.paid - load.paid[0]) // MINUTE
                busy = np.bincount(minute, load.work).max() / MINUTE / slowest
                # somebody must be there for the longest task, however few there are
                found = max(found, math.ceil(busy + _SAFETY * math.sqrt(busy)) + 1)
    return found
