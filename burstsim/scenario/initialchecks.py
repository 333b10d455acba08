"""Rules about a night that is already under way: its orders and stock must exist."""

from __future__ import annotations

from collections.abc import Iterator

from burstsim.scenario.faults import Fault
from burstsim.scenario.giftchecks import open_part
from burstsim.scenario.initial import OpenFile, StockFile
from burstsim.scenario.names import Names, item_paths
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario

__all__ = ["initial_faults"]


def initial_faults(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Yield what is wrong with the state at the beginning."""
    initial = scenario.initial
    if initial is None:
        return
    at = initial.at.resolve(scenario.start)
    if at >= scenario.horizon:
        yield Fault(("initial", "at"), "must lie before the horizon", str(initial.at))
    yield from _orders(scenario, names)
    houses, items = scenario.warehouses, {**scenario.catalog.skus, **scenario.catalog.kits}
    in_file = isinstance(initial.stock, StockFile)
    for house, found in initial.counted(next(iter(houses))).items():
        here: KeyPath = ("initial", "stock") if in_file else ("initial", "stock", house)
        if house not in houses:
            yield names.unknown(here, "warehouse", house, houses, (("warehouses", house),))
            continue
        for sku in found:
            kit = scenario.catalog.kits.get(sku)
            if sku not in scenario.catalog.skus and (kit is None or kit.kind != "prekit"):
                place = here if in_file else (*here, sku)
                yield names.unknown(place, "SKU", sku, items, item_paths(sku))


def _orders(scenario: Scenario, names: Names) -> Iterator[Fault]:
    initial, houses = scenario.initial, scenario.warehouses
    assert initial is not None
    items = {**scenario.catalog.skus, **scenario.catalog.kits}
    in_file = isinstance(initial.open_orders, OpenFile)
    stages = {stage: None for house in houses.values() for stage in house.stages}
    for number, line in enumerate(initial.lines):
        row: KeyPath = ("initial", "open_orders") if in_file else ("initial", "open_orders", number)

        who = f"{line.order}: "

        def place(key: str, row: KeyPath = row) -> KeyPath:
            return row if in_file else (*row, key)

        if line.sku not in items:
            yield names.unknown(place("sku"), "item", line.sku, items, item_paths(line.sku))
        elif (part := open_part(scenario, line.sku)) is not None:
            rule = "must be a SKU or a kit of fixed parts"
            hint = f"{part}; write the SKUs that are in it"
            yield Fault(place("sku"), rule, who + line.sku, hint)
        if line.stage is not None and line.stage not in stages:
            yield names.unknown(
                place("stage"), "stage", line.stage, stages, (("warehouses", "*", "stages", "*"),)
            )
            continue
        if line.warehouse is not None and line.warehouse not in houses:
            yield names.unknown(
                place("warehouse"), "warehouse", line.warehouse, houses, (("warehouses", "*"),)
            )
        elif line.warehouse and line.stage and line.stage not in houses[line.warehouse].stages:
            rule = f"must be a stage of {line.warehouse}"
            yield Fault(place("stage"), rule, who + line.stage)
