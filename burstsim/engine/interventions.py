"""A model with what has been done to it while the sale goes on: openings, goods, holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from burstsim.engine.compile import Model
from burstsim.engine.levers import Delivery, Hold, Pulled, pulls_of
from burstsim.engine.releases import Rule
from burstsim.engine.swaps import swaps_of
from burstsim.kernels.arrays import Indices
from burstsim.kernels.counters import Step
from burstsim.units import NEVER

__all__ = ["intervened"]


def intervened(model: Model, pulled: Sequence[Pulled]) -> Model:
    """Give a model the routes, goods, holds and gifts that follow from what was done.

    What lies before the last thing done does not depend on it. One sweep sees what was brought
    or opened after all that the scenario says of it.

    Parameters
    ----------
    model
        As compiled.
    pulled
        What was done, in its order.
    """
    if not pulled:
        return model
    opens = list(model.network.opens)
    for pull in pulls_of(pulled):
        if pull.lever.open_warehouse is not None:
            house = model.network.names.index(pull.lever.open_warehouse)
            opens[house] = min(opens[house], pull.tick)
    network = replace(model.network, opens=tuple(opens))
    swaps = swaps_of(model, pulls_of(pulled))
    model = replace(model, network=network, swaps=swaps, releases=_releases(model, pulled))
    return replace(model, steps=_steps(model, pulled))


def _releases(model: Model, pulled: Sequence[Pulled]) -> tuple[Rule, ...]:
    """Give each warehouse the spans in which its release is held."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for hold in pulled:
        if not isinstance(hold, Hold):
            continue
        mine = spans.setdefault(hold.house, [])
        lasts = bool(mine) and mine[-1][1] == NEVER
        if hold.held and not lasts:
            mine.append((hold.tick, NEVER))
        elif lasts and not hold.held:
            mine[-1] = mine[-1][0], hold.tick
    return tuple(
        replace(rule, held=tuple(spans[house])) if house in spans else rule
        for house, rule in enumerate(model.releases)
    )


def _steps(model: Model, pulled: Sequence[Pulled]) -> tuple[Step, ...]:
    """Say what happens to stock, by sweep."""
    brought = [
        _coming(model.sweeps.after(one.tick), one.house, *what)
        for one in pulled
        if isinstance(one, Delivery)
        for what in one.pieces
    ]
    steps = sorted([*model.written, *brought], key=lambda step: step.tick)
    opens = model.network.opens
    for house, there in model.stock.closed.items():
        opens_at = model.sweeps.after(opens[house]) if opens[house] < NEVER else NEVER
        steps = _opened(steps, house, there, opens_at)
    return tuple(step for step in steps if step.tick < model.end)


def _opened(steps: list[Step], house: int, there: Indices, tick: int) -> list[Step]:
    """Have a warehouse come with all that is there by then, at a sweep.

    What it builds from earlier on is not built.
    """
    shelf, late, found = there.copy(), set[int](), list[Step]()
    for step in steps:
        if step.house != house:
            found.append(step)
        elif step.tick > tick:
            found += [step] if step.build not in late else []
        elif step.counted:
            shelf[step.counter] = min(shelf[step.counter], step.amount)
        elif step.build >= 0:
            late.add(step.build)
        elif shelf[step.counter] >= 0:
            shelf[step.counter] += step.amount
    found += [_coming(tick, house, sku, shelf[sku]) for sku in (shelf > 0).nonzero()[0].tolist()]
    return sorted(found, key=lambda step: step.tick)


def _coming(tick: int, house: int, sku: int, pieces: int) -> Step:
    return Step(tick=tick, build=-1, house=house, counter=sku, amount=int(pieces))
