"""Sweeps: every point of a grid, even coverage by a Latin hypercube, going on where one stopped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burstsim.errors import ScenarioError
from burstsim.scenario.variants import changed
from burstsim.studies.replicate import run
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.sweep import sweep
from tests.scenarios import scenario_of, small

PICK = "warehouses.hub.stages.pick.workers"
SCENARIO = scenario_of(
    small(promises={"all": {"within": "20m"}}, thresholds={"a": "on_time >= 0.9"})
)


def test_a_grid_is_what_single_runs_are() -> None:
    found = sweep(SCENARIO, {PICK: "3:5", "demand_scale": [1, 2]}, replications=3)
    assert len(found.frame) == 6
    assert found.points[1] == (3, 2)
    alone = run(changed(SCENARIO, {PICK: 3, "demand_scale": 2}), replications=3)
    row = found.frame.iloc[1]
    assert row["on_time"] == alone.estimates["on_time"].estimate
    assert row["on_time.low"] == alone.estimates["on_time"].low
    assert row["verdict"] == alone.verdict
    assert "of 6 points keep every threshold" in found.sentence


def test_points_that_are_as_good_are_counted() -> None:
    found = sweep(SCENARIO, {PICK: [1, 3, 12, 20, 30]}, replications=2)
    assert [checks["a"].estimate for checks in found.checks][1:] == [1.0] * 4
    assert f"is kept best at {PICK} = 3 and at 3 other points (100 %)." in found.sentence
    found = sweep(SCENARIO, {PICK: [1, 3]}, replications=2)
    assert f"1 of 2 points keeps every threshold; on_time >= 0.9 is kept best at {PICK} = 3 (" in (
        found.sentence
    )


def test_a_point_is_one() -> None:
    found = sweep(scenario_of(small()), {PICK: [3]}, replications=1)
    assert found.sentence == "1 point was run; there is no threshold to judge it by."


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("orders_placed >= 0", "The one point that was run keeps every threshold."),
        ("orders_placed < 0", "The one point that was run does not keep every threshold."),
        (
            "nights(orders_placed >= 0) >= 0.9",
            "It cannot be told whether the one point that was run",
        ),
    ],
)
def test_a_point_is_judged_alone(rule: str, said: str) -> None:
    found = sweep(scenario_of(small(thresholds={"a": rule})), {PICK: [3]}, replications=2)
    assert found.sentence.startswith(said)


def test_a_hypercube_meets_every_part_of_every_axis_once() -> None:
    found = sweep(SCENARIO, {PICK: "1:8", "demand_scale": "1:2"}, lhs=8, replications=1)
    assert sorted(found.frame[PICK]) == list(range(1, 9))
    parts = ((found.frame["demand_scale"] - 1) * 8).astype(int)
    assert sorted(parts) == list(range(8))
    again = sweep(SCENARIO, {PICK: "1:8", "demand_scale": "1:2"}, lhs=8, replications=1)
    assert again.points == found.points


def test_a_sweep_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from burstsim.studies import pool

    work, seen = pool.work, []

    def counting(task: Any) -> Any:
        seen.append(task.replication)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return work(task)

    monkeypatch.setattr(pool, "work", counting)
    with pytest.raises(KeyboardInterrupt):
        sweep(SCENARIO, {PICK: "3:5"}, replications=2, store=ShardStore(tmp_path))
    found = sweep(SCENARIO, {PICK: "3:5"}, replications=2, store=ShardStore(tmp_path))
    assert len(seen) == 4 + 3
    monkeypatch.setattr(pool, "work", work)
    fresh = sweep(SCENARIO, {PICK: "3:5"}, replications=2)
    assert found.summary() == fresh.summary()


def test_saved_and_said(tmp_path: Path) -> None:
    found = sweep(SCENARIO, {"oms.cycle": "30s,60s"}, replications=1, metrics=["unfinished"])
    found.save(tmp_path)
    data = json.loads((tmp_path / "sweep.json").read_text())
    assert [point["values"]["oms.cycle"] for point in data["points"]] == ["30s", "60s"]
    assert list(data["points"][0]["metrics"]) == ["on_time", "unfinished"]
    assert list(pd.read_parquet(tmp_path / "points.parquet")["oms.cycle"]) == ["30s", "60s"]


def test_points_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nobody ever works"):
        sweep(SCENARIO, {PICK: [0, 1, 2]})
    with pytest.raises(ScenarioError, match="at most 100,000 points"):
        sweep(SCENARIO, {PICK: "1:1000", "demand_scale": "1:2:0.001"})
    with pytest.raises(ScenarioError, match="names no metric"):
        sweep(SCENARIO, {PICK: [1, 2]}, metrics=["on_tim"])
    with pytest.raises(ValueError, match="lhs must be"):
        sweep(SCENARIO, {PICK: [1, 2]}, lhs=0)
