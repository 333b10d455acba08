"""From the scenario to arrays: everything that is the same in every replication."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.engine import releases
from burstsim.engine.builds import Plan, build_steps, plans_of
from burstsim.engine.carriers import Carriers, carriers_of
from burstsim.engine.items import Items, items_of
from burstsim.engine.limits import refuse_too_many
from burstsim.engine.network import Network, network_of
from burstsim.engine.opening import Opening, held_by, opening_of
from burstsim.engine.owners import owners_of
from burstsim.engine.picking import Picking, picking_of
from burstsim.engine.receipts import receipt_steps
from burstsim.engine.releases import releases_of
from burstsim.engine.rules import Rule, rules_of
from burstsim.engine.stock import Stock, stock_of
from burstsim.engine.sweeps import Sweeps, sweeps_of
from burstsim.engine.zones import Stage, Zone, floor_of
from burstsim.kernels.arrays import Indices
from burstsim.kernels.counters import Step
from burstsim.scenario.promises import Promise
from burstsim.scenario.scenario import Scenario

__all__ = ["Model", "compile_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A scenario as the engines see it.

    Parameters
    ----------
    begin, end
        Ticks at which the clock begins and the run stops; what would happen at `end` does not.
    cycle
        Ticks between sweeps; 0 means at once.
    sweeps
        When they are, freezes of the order management left out.
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
    stages, zones
        Warehouse by warehouse, in the order of the file.
    chains
        The stages of each warehouse, in the order in which parcels pass them.
    returns
        The stage of each warehouse where what comes back is worked off, -1 where nobody does.
    carriers
        Who picks parcels up at each warehouse.
    picking
        Which zones pieces are picked in.
    releases
        How each warehouse releases what is sent to it.
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
        What has been done so far to the scenario from outside is among it.
    written
        The same as the scenario says it, of warehouses that are closed as well.
    swaps
        The rules again from each tick at which something else is to be given; see
        `burstsim.engine.swaps`.
    """

    scenario: Scenario
    begin: int
    end: int
    cycle: int
    sweeps: Sweeps
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
    stages: tuple[Stage, ...]
    zones: tuple[Zone, ...]
    chains: tuple[tuple[int, ...], ...]
    returns: tuple[int, ...]
    carriers: tuple[Carriers, ...]
    picking: Picking
    releases: tuple[releases.Rule, ...]
    network: Network
    opening: Opening
    owners: tuple[str, ...]
    owner_of: Indices
    rules: tuple[Rule, ...]
    plans: tuple[Plan, ...]
    steps: tuple[Step, ...]
    written: tuple[Step, ...]
    swaps: tuple[tuple[int, tuple[Rule, ...]], ...] = ()

    def packing(self, house: int) -> int:
        """Give the stage at which what a warehouse sends is packed: `pack`, else the last one."""
        names = {self.stages[number].name: number for number in self.chains[house]}
        return names.get("pack", self.chains[house][-1])

    def promise_of(self, channel: str) -> Promise | None:
        """Find the promise that holds for a channel's orders, the first that matches."""
        for promise in self.promises:
            if promise.where.channel is None or channel in promise.where.channel:
                return promise
        return None

    def met_packed(self, channels: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Say for which of some channels a promise is met when an order is packed: (c,) bool."""
        promises = map(self.promise_of, channels)
        return np.array([bool(p and p.met_at == "packed") for p in promises], bool)


def compile_scenario(scenario: Scenario) -> Model:
    """Turn a validated scenario into arrays.

    Raises
    ------
    ScenarioError
        When it expects more orders than fit into memory.
    """
    refuse_too_many(scenario)
    oms, payment = scenario.oms, scenario.payment
    stages, zones = floor_of(scenario)
    chains = _chains(stages, len(scenario.warehouses))
    extra_work = _extra_work(stages, zones, chains)
    items = items_of(scenario, extra_work, len(zones))
    picking = picking_of(scenario, items, (stages, zones), chains)
    owners, owner_of = owners_of(scenario, items)
    plans = plans_of(scenario, items)
    places = {(zone.warehouse, zone.stage): zone.at for zone in zones}
    opening = opening_of(scenario, items, places)
    per_sweep, spacing = None, 0
    if oms.rate is not None and oms.cycle:
        per_sweep = max(1, math.floor(oms.rate.per_tick * oms.cycle))
    elif oms.rate is not None:
        spacing = max(1, round(1 / oms.rate.per_tick))
    review = oms.manual_review
    steps = _steps(scenario, items, plans)
    stock = stock_of(scenario, items, held_by(opening, items))
    return Model(
        scenario=scenario,
        begin=scenario.begin,
        end=scenario.end,
        cycle=oms.cycle,
        sweeps=sweeps_of(scenario),
        hold=oms.hold,
        merge=oms.merge,
        per_sweep=per_sweep,
        spacing=spacing,
        reviewers=review.people if review else 0,
        review_work=max(1, review.work) if review else 0,
        when_short=oms.when_short,
        sells_more_than_there_is=payment is not None and payment.reserve == "paid",
        items=items,
        stock=stock,
        promises=tuple(scenario.promises.values()),
        stages=stages,
        zones=zones,
        chains=chains,
        returns=_returns(stages, len(scenario.warehouses)),
        carriers=carriers_of(scenario),
        picking=picking,
        releases=releases_of(scenario, stages, chains),
        network=network_of(scenario),
        opening=opening,
        owners=owners,
        owner_of=owner_of,
        rules=rules_of(scenario, items, extra_work),
        plans=plans,
        steps=tuple(step for step in steps if step.house not in stock.closed),
        written=steps,
    )


def _steps(scenario: Scenario, items: Items, plans: tuple[Plan, ...]) -> tuple[Step, ...]:
    """Put in order what happens to stock at sweeps besides the orders."""
    builds = build_steps(plans, sweeps_of(scenario), scenario.begin, scenario.end)
    steps = [*receipt_steps(scenario, items), *builds]
    return tuple(step for _, step in sorted(steps, key=lambda entry: entry[0]))


def _chains(stages: tuple[Stage, ...], houses: int) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(n for n, stage in enumerate(stages) if stage.house == house and not stage.outside)
        for house in range(houses)
    )


def _returns(stages: tuple[Stage, ...], houses: int) -> tuple[int, ...]:
    of_house = {stage.house: number for number, stage in enumerate(stages) if stage.outside}
    return tuple(of_house.get(house, -1) for house in range(houses))


def _extra_work(
    stages: tuple[Stage, ...], zones: tuple[Zone, ...], chains: tuple[tuple[int, ...], ...]
) -> list[dict[str, int]]:
    """For each warehouse stage, or stage.zone → zone for work on kits and gifts.

    ``""`` is for what does not say where: the first stage with ``only: needs_work``, else
    ``pack``, else the last; of a stage with several zones it is the first. Nobody works on
    anything for us at a partner's.
    """
    found = []
    for chain in chains:
        places = {stages[number].name: stages[number].zones[0] for number in chain}
        only = [zone for zone in places.values() if zones[zone].only_extra]
        last = stages[chain[-1]].zones[0]
        default = only[0] if only else places.get("pack", last)
        inside = {
            f"{zone.stage}.{zone.name}": number
            for number, zone in enumerate(zones)
            if zone.at in chain and len(stages[zone.at].zones) > 1
        }
        ours = not stages[chain[0]].external
        found.append({**places, **inside, "": default} if ours else {})
    return found
