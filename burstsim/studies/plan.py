"""The plan that a shift leader reads: hour by hour and station, what comes and who is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from burstsim.engine.compile import compile_scenario
from burstsim.engine.control.roster import rosters_of
from burstsim.engine.run import simulate
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Floats, Indices
from burstsim.kernels.work import work_ticks
from burstsim.results.facts import Facts
from burstsim.scenario.scenario import Scenario
from burstsim.units import HOUR, NEVER

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["plan_of"]


def plan_of(scenario: Scenario, replications: Sequence[int]) -> pd.DataFrame:
    """Lay out each hour at each station, averaged over some replications.

    One row per hour and station. Columns: ``hour`` (when it begins), ``warehouse``, ``station``,
    ``orders_in`` (parcels that arrive), ``work_hours`` (hours of work they bring, at
    productivity 1), ``needed`` (people who would do that work within the hour, at the
    productivity of those on the roster), ``rostered`` (people on the roster, averaged over the
    hour), ``gap`` (rostered less needed: below 0 the backlog grows), ``backlog_orders`` and
    ``backlog_hours`` (waiting at the end of the hour, in parcels and hours of work).

    Parameters
    ----------
    scenario
        With the crews to be shown.
    replications
        Their numbers.
    """
    import pandas as pd

    model = compile_scenario(scenario)
    traces = [simulate(model, number) for number in replications]
    last = max(Facts(trace).closing for trace in traces)
    first = model.begin // HOUR
    turns = np.arange(first, max(-(-last // HOUR), first + 1) + 1) * HOUR
    parts = []
    rosters = rosters_of(scenario, model.zones, None)
    for number, zone in enumerate(model.zones):
        if zone.external:
            continue
        crew = rosters[number]
        people, speed = _rostered(crew.times, crew.workers, crew.productivity, turns)
        found = np.mean([_hourly(trace, number, turns) for trace in traces], axis=0)
        arrived, work, waiting, left = found
        needed = np.ceil(np.round(work / speed, 6))
        begins = [scenario.start + timedelta(microseconds=int(turn)) for turn in turns[:-1]]
        parts.append(
            pd.DataFrame(
                {
                    "hour": begins,
                    "warehouse": zone.warehouse,
                    "station": zone.path.partition(".")[2],
                    "orders_in": np.round(arrived, 1),
                    "work_hours": np.round(work, 1),
                    "needed": needed.astype(np.int64),
                    "rostered": np.round(people, 1),
                    "gap": np.round(people - needed, 1),
                    "backlog_orders": np.round(waiting, 1),
                    # sums of the same hours in another order may differ in the last bit
                    "backlog_hours": np.round(np.maximum(left, 0.0), 1),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("hour", kind="stable", ignore_index=True)


def _hourly(trace: Trace, zone: int, turns: Indices) -> Floats:
    """Rows: parcels that arrive, hours of work in them, parcels and hours of work waiting."""
    visits = trace.visits[zone]
    came = visits.entered < NEVER
    entered, started = visits.entered[came], visits.started[came]
    work = work_ticks(trace.loads[zone][came], 1.0) / HOUR

    def until(ticks: Indices, weights: Floats | None) -> Floats:
        place = turns.searchsorted(ticks, side="right")
        each = np.bincount(place, weights, minlength=len(turns) + 1).astype(np.float64)
        return np.cumsum(each)[: len(turns)]

    arrived, worked = until(entered, None), until(entered, work)
    waiting, left = arrived - until(started, None), worked - until(started, work)
    return np.array([np.diff(arrived), np.diff(worked), waiting[1:], left[1:]])


def _rostered(
    times: Indices, workers: Indices, productivity: Floats, turns: Indices
) -> tuple[Floats, Floats]:
    """People on the roster in each hour on average, and how fast they are (1 where none is)."""

    def total(rate: Floats) -> Floats:
        done = np.concatenate(([0.0], np.cumsum(np.diff(times) * rate[:-1])))
        place = np.maximum(times.searchsorted(turns, side="right") - 1, 0)
        found: Floats = np.diff(done[place] + np.maximum(turns - times[place], 0) * rate[place])
        return found / HOUR

    people = total(workers.astype(np.float64))
    able = total(workers * productivity)
    return people, np.divide(able, people, out=np.ones(len(people)), where=people > 0)
