"""The grammar of --vary: what is read, what is refused and in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.errors import ScenarioError
from burstsim.scenario.reader import load, loads
from burstsim.scenario.variants import changed
from burstsim.studies.vary import axes_of, parse_vary
from tests.scenarios import scenario_of, small

CREW = "warehouses.hub.stages.pick.workers"
CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize(
    ("text", "grid"),
    [
        (f"{CREW}=3:6", (3, 4, 5, 6)),
        (f"{CREW}=3:8:2", (3, 5, 7)),
        (f"{CREW}=9,2", ("9", "2")),
        ("demand_scale=1:2:0.25", (1, 1.25, 1.5, 1.75, 2)),
        ("demand_scale=.1:.3:.1", (0.1, 0.2, 0.3)),
        ("oms.cycle=30s:100s:30s", ("30s", "60s", "90s")),
        ("demand.shop.rate=5/m:6/m:1/m", ("5/m", "6/m")),
        ("demand.shop.basket.weights={A: 1},{A: 2}", ("{A: 1}", "{A: 2}")),
        ('start="2026-11-10 20:00"', ('"2026-11-10 20:00"',)),
    ],
)
def test_grids(text: str, grid: tuple[object, ...]) -> None:
    (axis,) = axes_of(scenario_of(small()), parse_vary([text]))
    assert axis.grid == grid


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("demand_scale", "must read PATH=LO:HI"),
        ("=1:2", "must read PATH=LO:HI"),
        ("demand_scale=", "must read PATH=LO:HI"),
        ("demnd_scale=1:2", "did you mean 'demand_scale'?"),
        ("warehouses.hub.stages.pck.workers=1:2", "did you mean 'pick'?"),
        ("demand_scale=a:b", "must have numbers as its ends"),
        ("demand_scale=1:2:3:4", "must have numbers as its ends"),
        ("demand_scale=2:1", "did you mean 1:2?"),
        ("demand_scale=1:2:0", "a step above 0"),
        ("demand_scale=1:2:0.000001", "at most 100,000 values"),
        ("demand_scale=1:2", "needs a step"),
        ("demand_scale=1,,2", "between its commas"),
        ("demand_scale=-1:2", "must be at least 0"),
        ("oms.cycle=30s:2m", "one unit for all"),
        (f"{CREW}=1:9:0.5", "a whole step"),
        (f"{CREW}=1,2.5", "must be a whole number"),
    ],
)
def test_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _ = axes_of(scenario_of(small()), parse_vary([text]))[0].grid
    (problem,) = caught.value.problems
    assert problem.file == "--vary"
    assert words in str(problem)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        axes_of(scenario_of(small()), {"demnd_scale": "1:2", CREW: [1, -1], "oms.cycle": "x:y"})
    assert [p.path for p in caught.value.problems] == ["demnd_scale", CREW, "oms.cycle"]


def test_a_path_is_varied_once() -> None:
    with pytest.raises(ScenarioError, match="varied twice"):
        parse_vary(["demand_scale=1:2", "demand_scale=3:4"])


@given(share=st.floats(0, 1, exclude_max=True))
def test_values_of_a_range_lie_in_it_and_are_of_its_kind(share: float) -> None:
    crew, scale = axes_of(scenario_of(small()), {CREW: "3:9", "demand_scale": "0.5:2"})
    assert crew.within(share) in range(3, 10)
    assert isinstance(crew.within(share), int)
    value = scale.within(share)
    assert isinstance(value, int | float)
    assert 0.5 <= value <= 2


@pytest.mark.parametrize("file", sorted(CONFIGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_changed_scenario_is_the_one_loaded_so(file: Path) -> None:
    values = {"demand_scale": 1.5, "seed": 3}
    assert changed(load(file), values).digest() == load(file, set=values).digest()


def test_another_file_cannot_be_varied(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("order,sku,quantity,time\n1,A,2,2026-11-10 20:00\n")
    text = """
burstsim: 1
start: "2026-11-10 20:00"
horizon: 1h
catalog: {skus: {A: {}}}
demand: {log: {shape: replay, file: log.csv}}
warehouses: {hub: {stages: {pick: {workers: 5, work: {per_task: 12s}}}}}
"""
    scenario = loads(text, folder=tmp_path)
    assert changed(scenario, {"demand.log.scale": 3}).digest() != scenario.digest()
    with pytest.raises(ScenarioError, match="another file would have to be read"):
        changed(scenario, {"demand.log.file": "other.csv"})
