"""What is asked of each station: the work that comes to it, and when it must be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from burstsim.engine.compile import compile_scenario
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.results.facts import Facts
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import Threshold
from burstsim.scenario.variants import changed
from burstsim.studies.knobs import Knob
from burstsim.units import NEVER, SECOND

__all__ = ["Load", "Target", "draw_loads", "targets_of"]

#: Parts into which the orders of a station are put together.
_MOST_GROUPS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A share of orders that must be done by a time.

    Parameters
    ----------
    share
        From 0 to 1.
    within
        Ticks from payment; None: by the promise of each order.
    """

    share: float
    within: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Load:
    """Work that comes to a station in one replication, in order of payment.

    Of many orders some that follow each other are taken together, so that they look better than
    they are: all come with the first and may go with the last.

    Parameters
    ----------
    paid, last : (n,) int64
        Ticks of the first and the last payment.
    due : (n,) int64
        Tick of the last promise; `NEVER` without one.
    promised, orders : (n,) float64
        Orders with a promise, and all of them.
    work, least : (n,) float64
        Ticks at productivity 1: of all, and of the one with least.
    """

    paid: Ticks
    last: Ticks
    due: Ticks
    promised: Floats
    orders: Floats
    work: Floats
    least: Floats


def targets_of(thresholds: Sequence[Threshold]) -> tuple[Target, ...]:
    """Read from thresholds what share of orders must be done by when, as far as they say so."""
    found = []
    for outer in thresholds:
        threshold = outer.nights or outer
        name, least = threshold.metric, threshold.operator in (">=", ">")
        if name == "on_time" and least:
            found.append(Target(share=threshold.limit, within=None))
        elif name.endswith("(order_to_ship)") and not least:
            statistic = name.partition("(")[0]
            share = {"max": 1.0, "mean": 0.0}.get(statistic)
            share = int(statistic[1:]) / 100 if share is None else share
            found.append(Target(share=share, within=round(threshold.limit * SECOND)))
    return tuple(found)


def draw_loads(scenario: Scenario, knobs: Sequence[Knob], count: int) -> list[list[Load]]:
    """Draw the work of every station in some replications, with people enough for nobody to wait.

    Returns
    -------
    list of list of Load
        For each replication, for each station.
    """
    plenty: dict[str, object] = {}
    for knob in knobs:
        plenty |= knob.setting(-1)
    model = compile_scenario(changed(scenario, plenty))
    return [
        [_load(trace, zone) for zone in range(len(model.zones))]
        for trace in (simulate(model, replication) for replication in range(count))
    ]


def _load(trace: Trace, zone: int) -> Load:
    facts = Facts(trace)
    visits = trace.visits[zone]
    chosen = np.flatnonzero(visits.entered < NEVER)
    order = trace.parcel_order[visits.rows[chosen]]
    turn = np.argsort(facts.paid[order], kind="stable")
    paid, due = facts.paid[order][turn], facts.due[order][turn]
    work = trace.loads[zone][chosen][turn]
    count = len(paid)
    firsts = np.arange(0, count, -(-count // _MOST_GROUPS) or 1)
    if count == 0:
        nothing = np.empty(0)
        return Load(
            paid=paid, last=paid, due=due, promised=nothing, orders=nothing, work=work, least=work
        )
    known = due < NEVER
    latest = np.maximum.reduceat(np.where(known, due, -NEVER), firsts)
    return Load(
        paid=paid[firsts],
        last=np.maximum.reduceat(paid, firsts),
        due=np.where(latest == -NEVER, NEVER, latest),
        promised=np.add.reduceat(known, firsts, dtype=np.float64),
        orders=np.diff(np.append(firsts, count)).astype(np.float64),
        work=np.add.reduceat(work, firsts),
        least=np.minimum.reduceat(work, firsts),
    )
