"""Replications: as many as asked for, reproducible, with their thresholds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from burstsim.errors import InvariantError, ScenarioError
from burstsim.results.store import save
from burstsim.results.summary import summary_of
from burstsim.results.wording import format_value
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small


def test_replications_are_counted_and_differ() -> None:
    scenario = scenario_of(small())
    seen: list[int] = []
    result = run(scenario, replications=3, progress=seen.append)
    assert seen == [1, 2, 3]
    assert len(set(result.digests)) == 3
    assert run(scenario).replications == 2  # as the scenario says
    assert run(scenario).digests == result.digests[:2]


def test_engines_give_the_same_result() -> None:
    scenario = scenario_of(small())
    vector, event = run(scenario), run(scenario, engine="event", check=True)
    assert vector.digests == event.digests
    assert vector.values.keys() == event.values.keys()
    for name, values in vector.values.items():
        for one, other in zip(values, event.values[name], strict=True):
            assert one.at_least == other.at_least, name
            # what is n/a is so in both
            assert np.array_equal(one.number, other.number, equal_nan=True), name


def test_no_replications_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        run(scenario_of(small()), replications=0)


def test_every_wrong_threshold_is_listed() -> None:
    wrong = {"a": "on_tim >= 1", "b": "on_time", "c": "p95(order_to_ship) <= 24"}
    with pytest.raises(ScenarioError) as caught:
        run(scenario_of(small()), thresholds={**wrong, "d": "on_time >= 1"})
    assert [problem.value for problem in caught.value.problems] == list(wrong.values())
    assert [problem.path for problem in caught.value.problems] == list(wrong)


@pytest.mark.parametrize("text", ["foo >= 1", "on_tim >= 1", "0.95 <= on_time", "on_time", ""])
def test_a_wrong_expression_is_one_error_everywhere(text: str) -> None:
    scenario = scenario_of(small())
    with pytest.raises(ScenarioError) as checked:
        run(scenario).check(text)
    with pytest.raises(ScenarioError) as given:
        run(scenario, thresholds={"mine": text})
    (alone,), (named,) = checked.value.problems, given.value.problems
    assert (alone.rule, alone.hint) == (named.rule, named.hint)
    assert (alone.path, named.path, named.value) == (text, "mine", text)
    for problem in (alone, named):
        assert "; " not in problem.rule
        assert "--" not in str(problem)
        assert not str(problem).endswith("; ")


def test_hints_of_wrong_expressions() -> None:
    scenario = scenario_of(small())
    for text, hint in {
        "foo >= 1": "such as on_time",
        "on_tim >= 1": "did you mean 'on_time'?",
        "0.95 <= on_time": "write the metric first: on_time >= 0.95",
        "order_to_ship <= 1h": "ask for p95(order_to_ship)",
    }.items():
        with pytest.raises(ScenarioError) as caught:
            run(scenario, thresholds={"a": text})
        assert hint in caught.value.problems[0].hint


def test_wrong_arguments_say_name_value_and_hint() -> None:
    scenario = scenario_of(small())
    with pytest.raises(ValueError, match=r"engine must be vector or event, got 'evnt' \(did you"):
        run(scenario, engine="evnt")  # type: ignore[arg-type]
    for count in (0, -3, 2.5, True):
        with pytest.raises(ValueError, match=f"replications must be .*, got {count}"):
            run(scenario, replications=count)  # type: ignore[arg-type]


def test_one_answer_everywhere(tmp_path: Path) -> None:
    """The frame, the summary in memory and on disk, and `check` hold the same numbers."""
    data = small(promises={"all": {"within": "10m"}}, thresholds={"good": "on_time >= 0.9"})
    result = run(scenario_of(data), replications=4)
    save(result, tmp_path / "run")
    summary = json.loads((tmp_path / "run" / "summary.json").read_text(encoding="utf-8"))
    assert summary == json.loads(json.dumps(summary_of(result)))
    frame = result.metrics.set_index("name")
    assert list(frame.index) == list(summary["metrics"]) == list(result.estimates)
    for name, found in summary["metrics"].items():
        # nobody waits for stock, and nobody says what anything earns
        if name.endswith("(backorder_age)") or name in ("lost_margin", "profit"):
            assert found["estimate"] is None
            assert found["n"] == 0
            continue
        for key in ("estimate", "low", "high", "n", "unit", "at_least"):
            assert frame.loc[name, key] == found[key], (name, key)
        assert len(found["values"]) == 4
        assert format_value(found["estimate"], found["unit"]) != "n/a"
    good, on_time = summary["thresholds"]["good"], summary["metrics"]["on_time"]
    assert all(good[key] == on_time[key] for key in ("estimate", "low", "high"))
    assert result.check("on_time >= 0.9") == good["status"] == summary["verdict"]


def test_jobs_change_nothing(tmp_path: Path) -> None:
    """Summary and tables are the same, and the first replication is run again for the tables."""
    data = small(promises={"all": {"within": "10m"}}, thresholds={"good": "on_time >= 0.9"})
    scenario = scenario_of(data)
    alone, many = run(scenario, replications=5), run(scenario, replications=5, jobs=2)
    assert many.trace is None
    save(alone, tmp_path / "alone")
    save(many, tmp_path / "many")
    for file in (tmp_path / "alone").iterdir():
        assert (tmp_path / "many" / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_run_that_stops_itself_does_so_with_any_jobs() -> None:
    scenario = scenario_of(small(thresholds={"soon": "mean(order_to_ship) <= 10h"}))
    alone = run(scenario, replications="auto", precision=0.2)
    many = run(scenario, replications="auto", precision=0.2, jobs=2)
    assert alone.stopping is not None
    assert alone.stopping == many.stopping
    assert alone.digests == many.digests
    assert alone.replications == alone.stopping.replications


def test_a_first_replication_that_comes_out_otherwise_is_noticed() -> None:
    result = run(scenario_of(small()), replications=2)
    moved = replace(result, trace=None, digests=("0" * 64, *result.digests[1:]))
    with pytest.raises(InvariantError, match="the machines or their packages differ"):
        _ = moved.first
