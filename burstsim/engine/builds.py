"""Builds of prekits: when parts are taken, when kits come, and who is away for it."""

from __future__ import annotations

from dataclasses import dataclass

from burstsim.engine.items import Items
from burstsim.engine.sweeps import Sweeps
from burstsim.kernels.counters import Step
from burstsim.scenario.floor import Build
from burstsim.scenario.scenario import Scenario

__all__ = ["Plan", "absences", "build_steps", "plans_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A build as it is planned.

    Parameters
    ----------
    name
        ``warehouse.build``.
    house
        The warehouse.
    kit
        The prekit, as a SKU.
    needs
        SKU → pieces of one kit.
    quantity
        Kits.
    at
        Tick at which people begin.
    lots
        (tick, kits) of each lot that comes to the shelf.
    """

    name: str
    house: int
    kit: int
    needs: dict[int, int]
    quantity: int
    at: int
    lots: tuple[tuple[int, int], ...]


def plans_of(scenario: Scenario, items: Items) -> tuple[Plan, ...]:
    """Plan all builds, in the order of the file."""
    numbers = {name: number for number, name in enumerate(items.names)}
    plans = []
    for house, (name, warehouse) in enumerate(scenario.warehouses.items()):
        for build_name, build in warehouse.builds.items():
            if build.at.resolve(scenario.start) < scenario.begin and scenario.initial is not None:
                continue  # what it made is in the stock that was counted
            at, lot = build.at.resolve(scenario.start), build.lot or build.quantity
            ends = [*range(lot, build.quantity, lot), build.quantity]
            sizes = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
            ticks = [at + _lasting(scenario, build, end) for end in ends]
            kit = numbers[build.kit]
            plans.append(
                Plan(
                    name=f"{name}.{build_name}",
                    house=house,
                    kit=kit,
                    needs=items.built[kit],
                    quantity=build.quantity,
                    at=at,
                    lots=tuple(zip(ticks, sizes, strict=True)),
                )
            )
    return tuple(plans)


def build_steps(
    plans: tuple[Plan, ...], sweeps: Sweeps, begin: int, end: int
) -> list[tuple[tuple[int, int, int, int, int], Step]]:
    """Say what builds do at which sweep, and what to sort that by.

    What one sweep sees happens by (its own moment, position of the build, lot); parts are taken
    before the first lot comes.

    Parameters
    ----------
    plans
        The builds.
    sweeps
        When sweeps are.
    begin, end
        Ticks at which the clock begins and the run stops.
    """
    steps = []
    for number, plan in enumerate(plans):
        moments = [(plan.at, plan.quantity, tuple(plan.needs.items()))]
        moments += [(tick, kits, ()) for tick, kits in plan.lots]
        for lot, (tick, kits, needs) in enumerate(moments):
            sweep = sweeps.after(max(tick, begin))
            if sweep < end:
                step = Step(
                    tick=sweep,
                    build=number,
                    house=plan.house,
                    counter=plan.kit,
                    amount=kits,
                    needs=needs,
                )
                steps.append(((sweep, tick, 0, number, lot), step))
    return steps


def absences(scenario: Scenario, warehouse: str, stage: str) -> list[tuple[int, int, int]]:
    """(from, to, people) of those who are taken from a stage's crew for builds.

    They are away for as long as all kits would take, however many there are parts for.
    """
    spans = []
    for build in scenario.warehouses[warehouse].builds.values():
        if build.stage == stage:
            at = build.at.resolve(scenario.start)
            spans.append((at, at + _lasting(scenario, build, build.quantity), build.people))
    return spans


def _lasting(scenario: Scenario, build: Build, kits: int) -> int:
    """Ticks that the people of a build need for so many kits."""
    return -(-kits * scenario.catalog.kits[build.kit].work // build.people)
