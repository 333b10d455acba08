"""Comparisons: paired differences by hand, rules that forbid changes, policies that are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from burstsim.errors import OutputError, ScenarioError
from burstsim.results.store import save
from burstsim.scenario.variants import changed
from burstsim.studies.compare import compare
from burstsim.studies.compared import Compare
from burstsim.studies.regress import judge_rule, read_rules, unpaired
from burstsim.studies.replicate import run
from burstsim.studies.runs import Side
from tests.scenarios import scenario_of, small

UNITS = {"p95(order_to_ship)": "seconds", "on_time": "share", "unfinished": "orders"}
SCENARIO = scenario_of(small(promises={"all": {"within": "20m"}}))
FASTER = changed(SCENARIO, {"warehouses.hub.stages.pick.workers": 6})


def test_differences_are_those_of_single_runs() -> None:
    found = compare(SCENARIO, FASTER, replications=5, names=["now", "six"])
    one, two = run(SCENARIO, replications=5), run(FASTER, replications=5)
    metric = "mean(order_to_ship)"
    each = [
        b.number - a.number for a, b in zip(one.values[metric], two.values[metric], strict=True)
    ]
    got = found.differences["six"][metric]
    wide = stats.t.interval(0.95, 4, np.mean(each), stats.sem(each))
    assert got.estimate == pytest.approx(np.mean(each))
    assert (got.low, got.high) == pytest.approx(wide)
    assert compare(one, two, names=["now", "six"]).summary() == found.summary()


def test_common_random_numbers_narrow_the_interval() -> None:
    metric = "mean(order_to_ship)"
    shared = compare(SCENARIO, FASTER, replications=8, names=["a", "b"])
    other = run(changed(FASTER, {"seed": 99}), replications=8)
    apart = compare(run(SCENARIO, replications=8), other, names=["a", "b"])
    tight, wide = (c.differences["b"][metric] for c in (shared, apart))
    assert tight.high - tight.low < (wide.high - wide.low) / 2
    row = apart.frame.set_index("metric").loc[metric]
    assert not row["paired"]


def test_two_scenarios_are_run_with_one_seed() -> None:
    again = changed(SCENARIO, {"seed": 99})
    found = compare(SCENARIO, again, replications=3, names=["a", "b"])
    assert all(e.estimate == 0 for e in found.differences["b"].values() if e.n)
    assert "no difference that chance does not explain" in found.sentence


def test_a_difference_too_small_to_be_seen_is_not_said_as_one() -> None:
    units = {"backlog_peak": "orders", "worker_hours": "hours"}
    hours, orders = np.array([0.2, 0.21, 0.19]), np.array([5.0, 6.0, 7.0])
    one, two = (
        Side(name=name, seed=1, values=dict(zip(units, values, strict=True)), units=units)
        for name, values in (("a", (orders, hours)), ("b", (orders + 3, hours + 0.01)))
    )
    sentence = Compare(sides=(one, two), units=units, rules=()).sentence
    assert "9 instead of 6" in sentence
    assert "about 0.2 h as before" in sentence
    assert "0.2 h instead" not in sentence


def test_welch_is_that_of_scipy() -> None:
    rng = np.random.default_rng(5)
    one, two = rng.normal(0, 1, 12), rng.normal(1, 3, 20)
    got, expected = unpaired(one, two), stats.ttest_ind(two, one, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize(
    ("expr", "second", "status"),
    [
        ("p95(order_to_ship) > +5%", 1.10, "FAIL"),
        ("p95(order_to_ship) > +5%", 1.04, "PASS"),
        ("p95(order_to_ship) > 5%", 0.90, "PASS"),
        ("p95(order_to_ship) < -5%", 0.90, "FAIL"),
        ("p95(order_to_ship) > +5s", 1.10, "FAIL"),
        ("p95(order_to_ship) > +15s", 1.10, "PASS"),
        ("p95(order_to_ship) >= 10%", 1.10, "FAIL"),
    ],
)
def test_rules(expr: str, second: float, status: str) -> None:
    (rule,) = read_rules([expr], UNITS)
    first = np.array([99.0, 100.0, 101.0])
    # the second side is a multiple of the first: no chance in the ratio
    judged = judge_rule(rule, first, second * first, share=True)
    if expr.endswith("s"):
        judged = judge_rule(rule, first, first + (second - 1) * 100, share=True)
    assert judged.status == status


def test_a_rule_that_cannot_be_told() -> None:
    (rule,) = read_rules(["unfinished > +3"], UNITS)
    first = np.zeros(4)
    assert judge_rule(rule, first, np.array([0.0, 6, 0, 7]), share=True).status == "INCONCLUSIVE"
    assert judge_rule(rule, first[:1], first[:1] + 9, share=True).status == "INCONCLUSIVE"


def test_a_rule_is_seldom_wrong() -> None:
    """A change that is not there is called certain in at most 2.5 % of 1,000 comparisons."""
    (rule,) = read_rules(["unfinished > 0"], UNITS)
    rng = np.random.default_rng(11)
    found = [
        judge_rule(rule, rng.normal(9, 2, 10), rng.normal(9, 2, 10), share=True).status
        for _ in range(1000)
    ]
    assert found.count("FAIL") <= stats.binom.ppf(0.999, 1000, 0.025)


@pytest.mark.parametrize(
    ("expr", "words"),
    [
        ("on_tim > 1%", "did you mean 'on_time'?"),
        ("on_time", "must read METRIC > CHANGE"),
        ("on_time > +x%", "end with a change"),
        ("p95(order_to_ship) > +5", "did you mean 5s"),
        ("on_time => 1%", "write >= instead"),
    ],
)
def test_rules_that_cannot_be_read(expr: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_rules([expr], UNITS)
    assert words in str(caught.value)
    assert caught.value.problems[0].file == "--fail-on"


def test_runs_in_folders(tmp_path: Path) -> None:
    for name, scenario in (("base", SCENARIO), ("head", FASTER)):
        save(run(scenario, replications=4), tmp_path / name)
    found = compare(tmp_path / "base", tmp_path / "head", names=["base", "head"])
    straight = compare(SCENARIO, FASTER, replications=4, names=["base", "head"])
    assert found.summary() == straight.summary()
    with pytest.raises(OutputError, match="cannot read"):
        compare(tmp_path, tmp_path / "head")


def test_policies_are_kept_by_name() -> None:
    temps = {
        "when": "work_left.hub.pick > 1h",
        "every": "15m",
        "do": {"add_workers": {"zone": "hub.pick", "workers": 4, "for": "8h"}},
    }
    data = small(policies={"temps": temps, "more": temps})
    found = compare(scenario_of(data), policies=["none", "more+temps"], replications=1)
    assert found.names == ("none", "more+temps")
    with pytest.raises(ScenarioError, match="did you mean 'temps'"):
        compare(scenario_of(data), policies=["none", "temp"])


def test_saved_and_said(tmp_path: Path) -> None:
    rules = ["mean(order_to_ship) < -1%"]
    found = compare(SCENARIO, FASTER, replications=6, names=["now", "six"], fail_on=rules)
    found.save(tmp_path)
    data: dict[str, Any] = json.loads((tmp_path / "compare.json").read_text())
    assert set(data["differences"]["on_time"]) >= {"estimate", "low", "high"}
    assert data["verdict"] == found.verdict == "FAIL"
    assert data["sides"]["six"]["fail_on"][0]["status"] == "FAIL"
    assert "FAIL" in found.sentence


@pytest.mark.parametrize(("second", "policies"), [(None, None), (SCENARIO, ["none"])])
def test_what_cannot_be_compared(second: Any, policies: Any) -> None:
    with pytest.raises(ValueError, match=r"second side|one scenario"):
        compare(SCENARIO, second, policies=policies)
