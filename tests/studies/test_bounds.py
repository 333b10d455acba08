"""Fluid bounds by hand, and against what the simulation says."""

from __future__ import annotations

import numpy as np
import pytest

from burstsim.engine.compile import compile_scenario
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.thresholds import read_thresholds
from burstsim.scenario.variants import changed
from burstsim.studies.bounds import Fluid, fluid_share, most_people
from burstsim.studies.knobs import crew_paths, knobs_of, roster_hours
from burstsim.studies.loads import Load, Target, draw_loads, targets_of
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small

PICK = "warehouses.hub.stages.pick.workers"


def burst(within: str = "20m", share: float = 0.95) -> Scenario:
    return scenario_of(
        small(
            horizon="2h",
            demand={
                "s": {
                    "shape": "instant",
                    "at": "0s",
                    "orders": 300,
                    "basket": {"weights": {"A": 1}},
                }
            },
            promises={"all": {"within": within}},
            thresholds={"on-time": f"on_time >= {share}"},
        )
    )


def test_the_share_in_time_by_hand() -> None:
    """Four orders of 10 at once, all due at 25; a crew of one does two, one of two does all."""
    four = np.full(4, 0)
    load = Load(
        paid=four, last=four, due=four + 25, promised=np.ones(4), orders=np.ones(4),
        work=np.full(4, 10.0), least=np.full(4, 10.0),
    )  # fmt: skip
    assert fluid_share(load, load.orders, np.zeros(4), np.full(4, 25.0)) == 0.5
    assert fluid_share(load, load.orders, np.zeros(4), np.full(4, 50.0)) == 1.0


@pytest.mark.parametrize(("within", "share"), [("20m", 0.95), ("10m", 0.5), ("5m", 1.0)])
def test_no_crew_below_the_bound_holds(within: str, share: float) -> None:
    """300 orders of 12 s each: the bound is their work by the time, and no fewer people do."""
    scenario = burst(within, share)
    knobs = knobs_of(scenario, {PICK: range(1, 40)})
    targets = targets_of(list(read_thresholds(scenario, scenario.thresholds).values()))
    fluid = Fluid(
        scenario=scenario, knobs=knobs, loads=draw_loads(scenario, knobs, 2), targets=targets
    )
    assert fluid.groups() == [(0,)]
    position = int(fluid.floor((0,)).corners[0, 0])
    people = knobs[0].values[position]
    seconds = {"20m": 1200, "10m": 600, "5m": 300}[within]
    assert people == pytest.approx(300 * 12 * share / seconds, abs=1.1)
    plenty = {"warehouses.hub.stages.pack.workers": 99}
    fewer = changed(scenario, {PICK: int(people) - 1, **plenty})
    assert run(fewer, replications=2).estimates["on_time"].estimate < share


def test_crews_of_one_station_stand_in_for_each_other() -> None:
    shift = {"from": "20:00", "to": "21:00", "workers": 3}
    late = {"from": "21:00", "to": "22:00", "workers": 3}
    house = {
        "stages": {"pick": {"work": {"per_task": "12s"}}},
        "shifts": {"pick": {"early": shift, "late": late}},
    }
    scenario = scenario_of(
        {**burst("2h", 1.0).model_dump(mode="json", by_alias=True), "warehouses": {"hub": house}}
    )
    paths = crew_paths(scenario, by_shift=True)
    assert list(paths) == ["hub.pick.early", "hub.pick.late"]
    knobs = knobs_of(scenario, {path: range(4) for (path,) in paths.values()})
    fluid = Fluid(
        scenario=scenario,
        knobs=knobs,
        loads=draw_loads(scenario, knobs, 1),
        targets=[Target(share=1.0, within=None)],
    )
    assert fluid.groups() == [(0, 1)]
    # an hour of work: one person early or late, whoever it is
    assert sorted(fluid.floor((0, 1)).corners.tolist()) == [[0, 1], [1, 0]]


def test_crews_are_found_by_zone_and_by_shift() -> None:
    zones = {"fast": {"workers": 3}, "slow": {"workers": 2}}
    work = {"work": {"per_task": "12s"}}
    shift = {"from": "20:00", "to": "08:00", "workers": 5}
    house = {
        "stages": {"pick": {"zones": zones, **work}, "pack": work},
        "shifts": {"pack": {"night": shift}},
    }
    scenario = scenario_of(small(warehouses={"hub": house}))
    by_zone, by_shift = (crew_paths(scenario, by_shift=by) for by in (False, True))
    assert by_zone == {
        "hub.pick.fast": ("warehouses.hub.stages.pick.zones.fast.workers",),
        "hub.pick.slow": ("warehouses.hub.stages.pick.zones.slow.workers",),
        "hub.pack": ("warehouses.hub.shifts.pack.night.workers",),
    }
    assert list(by_shift) == ["hub.pick.fast", "hub.pick.slow", "hub.pack.night"]


def test_hours_on_the_roster() -> None:
    model = compile_scenario(burst())
    assert roster_hours(model).tolist() == [5 * 2, 4 * 2]


def test_with_the_most_people_nobody_waits_long() -> None:
    scenario = burst()
    knobs = knobs_of(scenario, {PICK: [1, 1000]})
    loads = draw_loads(scenario, knobs, 2)
    model = compile_scenario(changed(scenario, {PICK: 1000}))
    most = most_people(model, knobs[0], loads)
    found = run(changed(scenario, {PICK: most}), replications=2)
    assert found.estimates["p95(wait.hub.pick)"].estimate < 60


def test_targets_are_read_from_thresholds() -> None:
    asked = {
        "a": "on_time >= 0.9",
        "b": "p95(order_to_ship) <= 2h",
        "c": "max(order_to_ship) <= 3h",
        "d": "backlog_peak <= 7",
        "e": "nights(on_time >= 0.8) >= 0.9",
    }
    found = targets_of(list(read_thresholds(burst(), asked).values()))
    shares = [(target.share, target.within) for target in found]
    assert shares == [(0.9, None), (0.95, 7_200_000_000), (1.0, 10_800_000_000), (0.8, None)]
