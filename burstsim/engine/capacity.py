"""The burst held against what each stage can do, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.control.roster import Roster
from burstsim.engine.draws import draw_orders
from burstsim.engine.effort import efforts
from burstsim.engine.forecasts import expected_in_all, expected_scale
from burstsim.engine.orders import Orders
from burstsim.kernels.arrays import Floats, Indices
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["capacity_sketch", "capacity_words", "one_play"]

#: Expected orders up to which a replication is drawn just to look at the capacity.
_MOST_DRAWN = 2_000_000

#: Rows and columns of the sketch.
_MOST_HOURS, _WIDTH = 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """What a stage can do, and how far it falls behind when all else keeps up.

    Parameters
    ----------
    seconds
        Mean work of an order; 0 where only some have any.
    people, hourly
        Its fullest crew, and the orders that this does in an hour.
    behind
        Most hours of work of the fullest crew that wait at once.
    at, caught_up
        Minutes since the clock's beginning; -1 if it is not caught up before the end.
    """

    path: str
    seconds: float
    people: int
    hourly: float
    behind: float
    at: int
    caught_up: int


def one_play(model: Model) -> Orders | None:
    """Draw the orders of one replication to look at; None where they are too many for that."""
    expected = expected_in_all(model.scenario, expected_scale(model.scenario))
    return None if expected > _MOST_DRAWN else draw_orders(model, 0)


def capacity_words(model: Model, orders: Orders) -> Iterator[str]:
    """Yield a sentence for each stage: what its fullest crew does against the busiest hour.

    Parameters
    ----------
    model
        The scenario, compiled.
    orders
        Of one replication.
    """
    hours = _by_hour(model, orders)
    if len(hours) == 0:
        return
    busiest = int(hours.max())
    moment = _moment(model, int(hours.argmax()) * 60)
    yield f"the busiest hour, from {moment:%Y-%m-%d %H:%M}, brings {busiest:,} orders in one play"
    for stage in _stages(model, orders):
        if not stage.seconds:
            yield f"{stage.path}: work on kits and gifts only"
            continue
        if not stage.hourly:
            yield f"{stage.path}: an order takes {stage.seconds:,.1f} s on average; nobody is there"
            continue
        sentence = (
            f"{stage.path}: an order takes {stage.seconds:,.1f} s on average, so its fullest crew "
            f"of {stage.people:,} does {stage.hourly:,.0f} orders an hour"
        )
        if busiest > stage.hourly:
            behind = (busiest - stage.hourly) / stage.hourly
            sentence += f": {behind:,.1f} h behind after the busiest hour alone"
            sentence += ", if all orders came here" if len(model.chains) > 1 else ""
        yield sentence


def capacity_sketch(model: Model, orders: Orders) -> Iterator[str]:
    """Yield lines of a drawing in letters: orders by the hour above what each stage can do.

    A stage is looked at alone, as if all that is paid came to it at once: what it shows is where
    work piles up first, not when it is done.

    Parameters
    ----------
    model
        The scenario, compiled.
    orders
        Of one replication.
    """
    hours = _by_hour(model, orders)
    if len(hours) == 0:
        return
    stages = [stage for stage in _stages(model, orders) if stage.seconds]
    first = max(int(hours.argmax()) - 1, 0)
    shown = hours[first : first + _MOST_HOURS]
    most = max([float(hours.max()), *(stage.hourly for stage in stages)])
    rows = [
        (
            f"{_moment(model, (first + row) * 60):%a %H:%M}",
            f"{int(count):,}",
            _bar(count, most, "#"),
        )
        for row, count in enumerate(shown)
    ]
    rows += [
        (
            stage.path,
            f"{stage.hourly:,.0f}/h",
            _bar(stage.hourly, most, "=") + _behind(model, stage),
        )
        for stage in stages
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    yield "orders paid by the hour (#) against what each stage can do alone (=):"
    for name, number, rest in rows:
        yield f"  {name:<{widths[0]}}  {number:>{widths[1]}}  {rest}".rstrip()
    if len(model.chains) > 1:
        yield "  each stage as if all orders came to its warehouse"


def _bar(count: float, most: float, sign: str) -> str:
    return sign * max(round(count / most * _WIDTH), 1 if count else 0)


def _behind(model: Model, stage: _Stage) -> str:
    """Say how far behind a stage gets; nothing where it keeps up within minutes."""
    if not stage.hourly:
        return "nobody is there"
    if stage.behind < 0.1:
        return "  keeps up"
    worst = f"  about {stage.behind:,.1f} h behind at {_said(model, stage.at)}"
    if stage.caught_up < 0:
        return f"{worst}, never caught up"
    return f"{worst}, caught up about {_said(model, stage.caught_up)}"


def _said(model: Model, minute: int) -> str:
    return f"{_moment(model, minute):%a %H:%M}"


def _moment(model: Model, minute: int) -> datetime:
    start: datetime = model.scenario.start
    return start + timedelta(microseconds=model.begin + minute * MINUTE)


def _by_hour(model: Model, orders: Orders) -> Indices:
    """Orders paid in each hour since the clock's beginning; empty when none is."""
    paid = orders.paid[(orders.paid >= model.begin) & (orders.paid < NEVER)]
    return np.bincount((paid - model.begin) // HOUR) if len(paid) else np.empty(0, np.int64)


def _stages(model: Model, orders: Orders) -> Iterator[_Stage]:
    """Look at every stage that is ours; what a partner can do is said with the warehouses."""
    zones = zip(model.zones, orders.rosters, efforts(model, orders), strict=True)
    for zone, roster, work in zones:
        # what comes back is no part of the burst
        if not zone.external and not model.stages[zone.at].outside:
            yield _stage(model, orders, (zone.path, roster), work)


def _stage(model: Model, orders: Orders, crew: tuple[str, Roster], work: Floats) -> _Stage:
    path, roster = crew
    seconds = float(work.mean()) / SECOND
    speed = roster.workers * roster.productivity
    full = int(speed.argmax())
    hourly = float(speed[full]) * 3600 / seconds if seconds else 0.0
    waiting = _waiting(model, orders.paid, work, roster)
    at = int(waiting.argmax())
    empty = np.flatnonzero(waiting[at:] <= 0)
    return _Stage(
        path=path,
        seconds=seconds,
        people=int(roster.workers[full]),
        hourly=hourly,
        behind=float(waiting[at]) / HOUR / float(speed[full]) if hourly else 0.0,
        at=at,
        caught_up=at + int(empty[0]) if len(empty) else -1,
    )


def _waiting(model: Model, paid: Indices, work: Floats, roster: Roster) -> Floats:
    """Ticks of work that wait at the end of each minute, of work that flows like water."""
    minutes = -(-(model.end - model.begin) // MINUTE)
    here = paid < model.end
    minute = np.maximum(paid[here] - model.begin, 0) // MINUTE  # open orders wait from the first
    comes = np.bincount(minute, work[here], minlength=minutes)[:minutes]
    turns = model.begin + np.arange(minutes) * MINUTE
    place = np.maximum(roster.times.searchsorted(turns, side="right") - 1, 0)
    goes = (roster.workers * roster.productivity)[place] * MINUTE
    level = np.cumsum(comes - goes)
    # the least level so far is where nobody had anything to do
    waiting: Floats = level - np.minimum(np.minimum.accumulate(level), 0)
    return waiting
