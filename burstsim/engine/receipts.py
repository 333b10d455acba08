"""Goods that come, and counts that find fewer than there should be: what sweeps see of them."""

from __future__ import annotations

from burstsim.engine.items import Items
from burstsim.engine.sweeps import sweeps_of
from burstsim.kernels.counters import Step
from burstsim.scenario.disruptions import StockCount
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.trucks import trucks_of

__all__ = ["receipt_steps"]

#: When a step happens: its sweep, its own moment, what comes first of one moment, and where it
#: stands in the file.
Key = tuple[int, int, int, int, int]


def receipt_steps(scenario: Scenario, items: Items) -> list[tuple[Key, Step]]:
    """Say what trucks bring and counts take, at which sweep.

    Of one moment goods come first, then shelves are counted. Safety stock is not counted: it
    is never for sale.
    """
    numbers = {name: number for number, name in enumerate(items.names)}
    houses = {name: number for number, name in enumerate(scenario.warehouses)}
    steps: list[tuple[Key, Step]] = []
    sweeps = sweeps_of(scenario)

    def add(tick: int, kind: int, house: str, pieces: dict[str, int]) -> None:
        sweep = sweeps.after(max(tick, scenario.begin))
        for place, (sku, amount) in enumerate(pieces.items()):
            if sweep < scenario.end:
                step = Step(
                    tick=sweep,
                    build=-1,
                    house=houses[house],
                    counter=numbers[sku],
                    amount=amount,
                    counted=bool(kind),
                )
                steps.append(((sweep, tick, kind - 2, len(steps), place), step))

    for truck in trucks_of(scenario):
        if truck.comes < scenario.begin and scenario.initial is not None:
            continue  # it is in the stock that was counted
        add(truck.comes, 0, truck.warehouse, truck.stock)
    for count in scenario.disruptions.values():
        if isinstance(count, StockCount):
            safety = scenario.warehouses[count.where].safety_stock
            if count.at.resolve(scenario.start) < scenario.begin and scenario.initial is not None:
                continue
            there = {sku: max(n - safety.get(sku, 0), 0) for sku, n in count.stock.items()}
            add(count.at.resolve(scenario.start), 1, count.where, there)
    return steps
