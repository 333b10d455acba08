"""Stress tests of a floor whose limit is known by arithmetic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from burstsim.errors import ScenarioError
from burstsim.scenario.scenario import Scenario
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.stress import stress
from tests.scenarios import scenario_of, small


def floor(**changes: Any) -> Scenario:
    """Orders at once, one picker at ten seconds each: order n is shipped after 10 n seconds."""
    return scenario_of(
        small(
            **{
                "horizon": "2h",
                "drain": "10h",
                "demand": {
                    "s": {
                        "shape": "instant",
                        "at": "0s",
                        "orders": 100,
                        "basket": {"weights": {"A": 1}},
                    }
                },
                "oms": {"cycle": "0s"},
                "warehouses": {
                    "hub": {"stages": {"pick": {"workers": 1, "work": {"per_task": "10s"}}}}
                },
                "promises": {"all": {"within": "1h"}},
                "thresholds": {"on-time": "on_time >= 0.9"},
                **changes,
            }
        )
    )


def test_the_limit_is_where_arithmetic_says() -> None:
    """360 orders are done within the hour; of 400 that is 90 %."""
    found = stress(floor(), precision=0.004, most=4)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 4.01 < found.high + 0.01
    assert found.high / found.low <= 1.0045
    assert found.monotone
    assert found.confirmed[found.low].status == "PASS"
    assert found.confirmed[found.high].status == "FAIL"


def test_what_is_planned_is_what_the_scenario_says() -> None:
    """Fifty orders are planned and 400 hold; of 500 planned they do not."""
    found = stress(floor(demand_scale=0.5), precision=0.05, most=8)
    assert found.low is not None
    assert found.sentence.startswith(f"It holds up to demand_scale = {found.low:.4g} and breaks at")
    found = stress(floor(demand_scale=5.0), precision=0.05, most=8)
    assert found.high is not None
    assert found.high < 5
    assert found.sentence.startswith("The sale as planned is too much for the warehouse: ")


def test_what_broke_first_and_when() -> None:
    """Both break, but a long queue is there before the first promise is due."""
    asked = {"queue": "backlog_peak <= 390", "on-time": "on_time >= 0.9"}
    found = stress(floor(thresholds=asked), vary={"demand_scale": "1:8:7"}, most=4)
    assert (found.low, found.high) == (1, 8)
    assert found.broke_first is not None
    assert found.broke_first.threshold == "queue"
    assert found.broke_first.moment == 0
    only = stress(floor(), vary={"demand_scale": "1:8:7"}, most=4).broke_first
    assert only is not None
    assert (only.moment, only.warehouse, only.stage) == (3600, "hub", "pick")


def test_a_path_with_whole_numbers() -> None:
    """Any path may be varied; orders are a plain number, so a step is given."""
    found = stress(floor(), vary={"demand.s.orders": "100:1000:1"}, most=4)
    assert found.low is not None
    assert found.high == found.low + 1
    assert found.low == 400


def test_a_sale_that_is_too_much_as_planned() -> None:
    late = floor(promises={"all": {"within": "5m"}})
    found = stress(late, most=4)
    assert found.low is not None
    assert found.high is not None
    assert 0.3 < found.low < found.high < 0.36
    assert "too much" in found.sentence
    bound = stress(late, vary={"demand_scale": "1:20"}, most=4)
    assert (bound.low, bound.high) == (None, 1)
    assert "Already at the demand as planned" in bound.sentence


def test_a_warehouse_that_never_breaks() -> None:
    many = floor(
        warehouses={"hub": {"stages": {"pick": {"workers": 999, "work": {"per_task": "10s"}}}}}
    )
    found = stress(many, vary={"demand_scale": "1:3"}, most=4)
    assert (found.low, found.high, found.broke_first) == (3, None, None)
    assert "the end of the range" in found.sentence


def test_a_response_that_is_not_monotone_is_told() -> None:
    """Orders that come shortly before the break are late, earlier and later ones are not."""
    night = {"from": "20:00", "to": "08:00", "workers": 10, "breaks": [["20:34", "20:51"]]}
    house = {"stages": {"pick": {"work": {"per_task": "10s"}}}, "shifts": {"pick": {"n": night}}}
    odd = floor(warehouses={"hub": house}, promises={"all": {"within": "15m"}})
    found = stress(odd, vary={"demand.s.at": "0s:7000s"}, most=4)
    assert found.low is not None
    assert found.high is not None
    assert 1000 < found.low < found.high < 2100
    assert not found.monotone
    assert "it holds again at demand.s.at = 3000s" in found.sentence


def test_saved_and_said(tmp_path: Path) -> None:
    found = stress(floor(), most=4)
    found.save(tmp_path / "study")
    data = json.loads((tmp_path / "study" / "stress.json").read_text())
    assert data["limit"] == {"low": found.low, "high": found.high}
    assert data["broke_first"]["threshold"] == "on-time"
    assert len(data["curve"]) == len(found.frame) == len(found.trials)
    table = pd.read_parquet(tmp_path / "study" / "curve.parquet")
    assert table["level"].is_monotonic_increasing


def test_a_store_gives_the_same_answer_without_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ShardStore(tmp_path)
    first = stress(floor(), most=4, store=store)

    def refuse(task: object) -> None:
        raise AssertionError("was run again")

    monkeypatch.setattr("burstsim.studies.pool.work", refuse)
    assert stress(floor(), most=4, store=store).summary() == first.summary()


@pytest.mark.parametrize(
    ("changes", "vary", "words"),
    [
        ({"thresholds": {}}, None, "without it nothing can break"),
        ({}, {"demand_scale": "1,2,3"}, "one path with a range"),
        ({}, {"demand_scale": "1:2", "seed": "1:2"}, "one path with a range"),
        ({}, {"demand_scal": "1:2"}, "did you mean 'demand_scale'?"),
    ],
)
def test_what_cannot_be_asked(changes: dict[str, Any], vary: Any, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        stress(floor(**changes), vary=vary)
    assert words in str(caught.value)
