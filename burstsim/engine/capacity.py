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
from burstsim.kernels.arrays import Floats, Indices, Ticks
from burstsim.languages import Words, columns_of, phrase, words_of
from burstsim.units import HOUR, MINUTE, NEVER, SECOND

__all__ = ["capacity_sketch", "capacity_words", "one_play", "waiting_work"]

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
    busiest, words = int(hours.max()), words_of(model.scenario.language)
    yield words.say(
        "the busiest hour, from {moment:%Y-%m-%d %H:%M}, brings {n} orders in one play",
        moment=_moment(model, int(hours.argmax()) * 60),
        n=f"{busiest:,}",
    )
    alone = phrase("{stage}: {hours} h behind after the busiest hour alone")
    if len(model.chains) > 1:
        alone = phrase(
            "{stage}: {hours} h behind after the busiest hour alone, if all orders came here"
        )
    for stage in _stages(model, orders):
        can = f"{stage.path}: {_can(stage, words)}"
        if helpers := list(_helpers(model, stage.path, words)):
            can = words.say(
                "{stage}, not counting {crews}, who may be sent here",
                stage=can,
                crews=words.listed(helpers),
            )
        if stage.hourly and busiest > stage.hourly:
            behind = (busiest - stage.hourly) / stage.hourly
            can = words.say(alone, stage=can, hours=f"{behind:,.1f}")
        yield can


def _helpers(model: Model, path: str, words: Words) -> Iterator[str]:
    """Name the crews with several skills who know the work of a zone."""
    for house, warehouse in model.scenario.warehouses.items():
        for name, crew in warehouse.crews.items():
            if any(f"{path}.".startswith(f"{house}.{skill}.") for skill in crew.skills):
                yield words.count(
                    crew.people,
                    "the {n} person of crew {crew}",
                    "the {n} people of crew {crew}",
                    n=f"{crew.people:,}",
                    crew=name,
                )


def _can(stage: _Stage, words: Words) -> str:
    """Say what a stage can do."""
    if not stage.seconds:
        return words.say("work on kits and gifts only")
    seconds = f"{stage.seconds:,.1f}"
    if not stage.hourly:
        return words.say("an order takes {seconds} s on average; nobody is there", seconds=seconds)
    return words.say(
        "an order takes {seconds} s on average, so its fullest crew of {people} does {n} orders "
        "an hour",
        seconds=seconds,
        people=f"{stage.people:,}",
        n=f"{stage.hourly:,.0f}",
    )


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
    words = words_of(model.scenario.language)
    stages = [stage for stage in _stages(model, orders) if stage.seconds]
    first = max(int(hours.argmax()) - 1, 0)
    before, shown, after = np.split(hours, (first, first + _MOST_HOURS))
    most = max([float(hours.max()), *(stage.hourly for stage in stages)])
    rows = [
        (
            _said(model, (first + row) * 60),
            f"{int(count):,}",
            _bar(count, most, "#"),
        )
        for row, count in enumerate(shown)
    ]
    rows = [*_left_out(before, words), *rows, *_left_out(after, words)]
    rows += [
        (
            stage.path,
            words.say("{orders}/h", orders=f"{stage.hourly:,.0f}"),
            _bar(stage.hourly, most, "=") + _behind(model, stage),
        )
        for stage in stages
    ]
    widths = [max(columns_of(row[column]) for row in rows) for column in (0, 1)]
    yield words.say("orders paid by the hour (#) against what each stage can do alone (=):")
    for name, number, rest in rows:
        left = name + " " * (widths[0] - columns_of(name))
        right = " " * (widths[1] - columns_of(number)) + number
        yield f"  {left}  {right}  {rest}".rstrip()
    if len(model.chains) > 1:
        yield "  " + words.say("each stage as if all orders came to its warehouse")


def _left_out(hours: Indices, words: Words) -> Iterator[tuple[str, str, str]]:
    """Yield a row for hours that have no rows of their own, with their orders, if they have any."""
    count = len(hours)
    if orders := int(hours.sum()):
        said = words.count(count, "… {n} hour", "… {n} hours", n=f"{count:,}")
        yield said, f"{orders:,}", ""


def _bar(count: float, most: float, sign: str) -> str:
    return sign * max(round(count / most * _WIDTH), 1 if count else 0)


def _behind(model: Model, stage: _Stage) -> str:
    """Say how far behind a stage gets; nothing where it keeps up within minutes."""
    words = words_of(model.scenario.language)
    if not stage.hourly:
        return words.say("nobody is there")
    if stage.behind < 0.1:
        return "  " + words.say("keeps up")
    worst = words.say(
        "about {hours} h behind at {time}",
        hours=f"{stage.behind:,.1f}",
        time=_said(model, stage.at),
    )
    if stage.caught_up < 0:
        return "  " + words.say("{behind}, never caught up", behind=worst)
    over = _said(model, stage.caught_up)
    return "  " + words.say("{behind}, caught up about {time}", behind=worst, time=over)


def _said(model: Model, minute: int) -> str:
    words = words_of(model.scenario.language)
    return words.say("{moment:%a %H:%M}", moment=_moment(model, minute))


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
    waiting = waiting_work(model, orders.paid, work, roster)
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


def waiting_work(model: Model, paid: Ticks, work: Floats, roster: Roster) -> Floats:
    """Ticks of work that wait at the end of each minute, of work that flows like water.

    Parameters
    ----------
    model
        When the clock begins and stops.
    paid : (n,) int64
        Ticks at which orders come.
    work : (n,) float64
        Ticks of work on each, at productivity 1.
    roster
        Who is there.

    Returns
    -------
    (minutes,) float64
    """
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
