"""From the scenario to arrays: everything that is the same in every replication."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from burstsim.engine.builds import Plan, absences, build_steps, plans_of
from burstsim.engine.crews import Crew, crew_of
from burstsim.engine.items import Items, items_of
from burstsim.engine.limits import refuse_too_many
from burstsim.engine.network import Network, network_of
from burstsim.engine.opening import Opening, held_by, opening_of
from burstsim.engine.owners import owners_of
from burstsim.engine.receipts import receipt_steps
from burstsim.engine.rules import Rule, rules_of
from burstsim.engine.stock import Stock, stock_of
from burstsim.kernels.arrays import Indices
from burstsim.kernels.counters import Step
from burstsim.scenario.floor import External
from burstsim.scenario.promises import Promise
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.work import Work
from burstsim.units import HOUR

__all__ = ["MANY", "Model", "Zone", "compile_scenario"]

#: Workers of a partner, who begins everything that comes.
MANY = 1 << 40


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
    external
        Whether it is a partner who works on any number at once.
    spacing
        Least ticks between the starts of two tasks.
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
    external: bool
    spacing: int
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
        Warehouse by warehouse, in the order of the stages.
    chains
        The zones of each warehouse.
    network
        Which warehouses serve whom.
    opening
        Orders that are open when the clock begins.
    owners
        Merchants.
    owner_of : (items,) int64
        Whose goods each item is, a position in `owners`; -1 nobody's.
    rules
        Gift rules, in the order in which they are looked at.
    plans
        Builds of prekits.
    steps
        What happens to stock at which sweep: goods come, shelves are counted, kits are built.
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
    chains: tuple[tuple[int, ...], ...]
    network: Network
    opening: Opening
    owners: tuple[str, ...]
    owner_of: Indices
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
    chains = _chains(scenario, zones)
    extra_work = _extra_work(zones, chains)
    items = items_of(scenario, extra_work, len(zones))
    owners, owner_of = owners_of(scenario, items)
    plans = plans_of(scenario, items)
    stations = {(zone.warehouse, zone.stage): number for number, zone in enumerate(zones)}
    opening = opening_of(scenario, items, stations)
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
        stock=stock_of(scenario, items, held_by(opening, items)),
        promises=tuple(scenario.promises.values()),
        zones=zones,
        chains=chains,
        network=network_of(scenario),
        opening=opening,
        owners=owners,
        owner_of=owner_of,
        rules=rules_of(scenario, items, extra_work),
        plans=plans,
        steps=_steps(scenario, items, plans),
    )


def _steps(scenario: Scenario, items: Items, plans: tuple[Plan, ...]) -> tuple[Step, ...]:
    """Put in order what happens to stock at sweeps besides the orders."""
    builds = build_steps(plans, scenario.oms.cycle, scenario.begin, scenario.end)
    steps = [*receipt_steps(scenario, items), *builds]
    return tuple(step for _, step in sorted(steps, key=lambda entry: entry[0]))


def _chains(scenario: Scenario, zones: tuple[Zone, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(number for number, zone in enumerate(zones) if zone.warehouse == house)
        for house in scenario.warehouses
    )


def _extra_work(
    zones: tuple[Zone, ...], chains: tuple[tuple[int, ...], ...]
) -> list[dict[str, int]]:
    """For each warehouse stage → station for work on kits and gifts.

    ``""`` is for what does not say where: the first stage with ``only: needs_work``, else
    ``pack``, else the last. Nobody works on anything for us at a partner's.
    """
    stages = []
    for chain in chains:
        places = {zones[number].stage: number for number in chain}
        only = [number for number in chain if zones[number].only_extra]
        default = only[0] if only else places.get("pack", chain[-1])
        ours = not zones[chain[0]].external
        stages.append({**places, "": default} if ours else {})
    return stages


def _zones(scenario: Scenario) -> tuple[Zone, ...]:
    zones = []
    for name, warehouse in scenario.warehouses.items():
        if warehouse.external is not None:
            zones.append(_partner(name, warehouse.external, scenario.begin))
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
                    external=False,
                    spacing=0,
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


def _partner(name: str, external: External, begin: int) -> Zone:
    """Make a partner's warehouse one station where everything is begun at once."""
    lead, rate = external.lead_time, external.capacity
    return Zone(
        path=f"{name}.external",
        warehouse=name,
        stage="external",
        base=float(lead.mean),
        per_line=0.0,
        per_unit=0.0,
        dist=lead.dist if lead.variation else "constant",
        variation=lead.variation,
        transfer=0,
        external=True,
        spacing=max(1, round(1 / rate.per_tick)) if rate is not None else 0,
        only_extra=False,
        crew=Crew(np.array([begin]), np.array([MANY]), np.array([1.0])),
    )


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
