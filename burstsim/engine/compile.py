"""From the scenario to arrays: everything that is the same in every replication."""

from __future__ import annotations

import math
from dataclasses import dataclass

from burstsim.engine.builds import Plan, absences, build_steps, plans_of
from burstsim.engine.crews import Crew, crew_of
from burstsim.engine.items import Items, items_of
from burstsim.engine.limits import refuse_too_many
from burstsim.engine.rules import Rule, rules_of
from burstsim.engine.stock import Stock, stock_of
from burstsim.kernels.counters import Step
from burstsim.scenario.floor import Work
from burstsim.scenario.promises import Promise
from burstsim.scenario.scenario import Scenario
from burstsim.units import HOUR

__all__ = ["Model", "Zone", "compile_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zone:
    """A station of the floor: one queue, a crew, the work of a task.

    Parameters
    ----------
    path
        ``warehouse.stage``, its name in metrics and random streams.
    base, per_line, per_unit
        Ticks of work of a task, of each different SKU and of each piece, allowance included.
    transfer
        Ticks from done here to arriving at the next stage.
    only_extra
        Whether parcels without kits to make or gifts to wrap pass it.
    """

    path: str
    warehouse: str
    stage: str
    base: float
    per_line: float
    per_unit: float
    dist: str
    variation: float
    transfer: int
    only_extra: bool
    crew: Crew


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A scenario as the engines see it.

    Parameters
    ----------
    begin, end
        Ticks at which the clock begins and the run stops; what would happen at `end` does not.
    cycle
        Ticks between sweeps; 0 means at once.
    hold, merge
        Ticks for which an order is held, and for which it waits for others of its customer.
    per_sweep
        Orders that a sweep takes at most, None without a limit.
    spacing
        With a limit and no cycle: ticks between two orders; else 0.
    reviewers, review_work
        People who look at orders, and ticks per order.
    when_short
        What happens to an order that was let in and finds no stock on the shelf.
    sells_more_than_there_is
        Whether stock is taken at payment, so that it can be sold twice.
    promises
        First that matches holds; see `promise_of`.
    zones
        In the order of the stages.
    rules
        Gift rules, in the order in which they are looked at.
    plans, steps
        Builds of prekits, and what they do at which sweep.
    """

    scenario: Scenario
    begin: int
    end: int
    cycle: int
    hold: int
    merge: int
    per_sweep: int | None
    spacing: int
    reviewers: int
    review_work: int
    when_short: str
    sells_more_than_there_is: bool
    items: Items
    stock: Stock
    promises: tuple[Promise, ...]
    zones: tuple[Zone, ...]
    rules: tuple[Rule, ...]
    plans: tuple[Plan, ...]
    steps: tuple[Step, ...]

    def promise_of(self, channel: str) -> Promise | None:
        """Find the promise that holds for a channel's orders, the first that matches."""
        for promise in self.promises:
            if promise.where.channel is None or channel in promise.where.channel:
                return promise
        return None


def compile_scenario(scenario: Scenario) -> Model:
    """Turn a validated scenario into arrays.

    Raises
    ------
    ScenarioError
        When it expects more orders than fit into memory.
    """
    refuse_too_many(scenario)
    oms, payment = scenario.oms, scenario.payment
    zones = _zones(scenario)
    extra_work = _extra_work(zones)
    items = items_of(scenario, extra_work)
    plans = plans_of(scenario, items)
    per_sweep, spacing = None, 0
    if oms.rate is not None and oms.cycle:
        per_sweep = max(1, math.floor(oms.rate.per_tick * oms.cycle))
    elif oms.rate is not None:
        spacing = max(1, round(1 / oms.rate.per_tick))
    review = oms.manual_review
    return Model(
        scenario=scenario,
        begin=scenario.begin,
        end=scenario.end,
        cycle=oms.cycle,
        hold=oms.hold,
        merge=oms.merge,
        per_sweep=per_sweep,
        spacing=spacing,
        reviewers=review.people if review else 0,
        review_work=max(1, review.work) if review else 0,
        when_short=oms.when_short,
        sells_more_than_there_is=payment is not None and payment.reserve == "paid",
        items=items,
        stock=stock_of(scenario, items),
        promises=tuple(scenario.promises.values()),
        zones=zones,
        rules=rules_of(scenario, items, extra_work),
        plans=plans,
        steps=build_steps(plans, oms.cycle, scenario.begin, scenario.end),
    )


def _extra_work(zones: tuple[Zone, ...]) -> dict[str, int]:
    """Stage → station for work on kits and gifts; ``""`` for what does not say where.

    That is the first stage with ``only: needs_work``, else ``pack``, else the last.
    """
    places = {zone.stage: number for number, zone in enumerate(zones)}
    only = [number for number, zone in enumerate(zones) if zone.only_extra]
    return {**places, "": only[0] if only else places.get("pack", len(zones) - 1)}


def _zones(scenario: Scenario) -> tuple[Zone, ...]:
    zones = []
    for name, warehouse in scenario.warehouses.items():
        for stage_name, stage in warehouse.stages.items():
            shifts = warehouse.shifts.get(stage_name, {})
            base, per_line, per_unit = _ticks_of(stage.work) if stage.work else (0.0, 0.0, 0.0)
            variation = stage.work.variation if stage.work else 0.0
            zones.append(
                Zone(
                    path=f"{name}.{stage_name}",
                    warehouse=name,
                    stage=stage_name,
                    base=base,
                    per_line=per_line,
                    per_unit=per_unit,
                    dist=stage.work.dist if stage.work and variation else "constant",
                    variation=variation,
                    transfer=stage.transfer,
                    only_extra=stage.only is not None,
                    crew=crew_of(
                        stage,
                        shifts,
                        scenario.start,
                        (scenario.begin, scenario.end),
                        absences(scenario, name, stage_name),
                    ),
                )
            )
    return tuple(zones)


def _ticks_of(work: Work) -> tuple[float, float, float]:
    """Ticks per task, line and unit, whichever way the work is said."""
    longer = 1.0 + work.allowance
    if work.uph is None:
        return work.per_task * longer, work.per_line * longer, work.per_unit * longer
    ticks = HOUR / work.uph * longer
    return (
        ticks if work.per == "order" else 0.0,
        ticks if work.per == "line" else 0.0,
        ticks if work.per == "unit" else 0.0,
    )
