"""A scenario written out is the same scenario, and no text or override breaks the reader."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burstsim.errors import ScenarioError
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from tests.scenario.good import GOOD, write_log


def test_a_dumped_scenario_is_the_same_scenario(folder: Path) -> None:
    scenario = loads(GOOD, folder=folder)
    for text in (
        json.dumps(scenario.model_dump(mode="json", by_alias=True)),
        json.dumps(scenario.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=1),
    ):
        again = loads(text, folder=folder)
        assert again.model_dump() == scenario.model_dump()
        assert again.digest() == scenario.digest()
        assert again.model_dump(mode="json", by_alias=True) == json.loads(text)


def test_the_digest_knows_what_changes_orders(folder: Path) -> None:
    digest = loads(GOOD, folder=folder).digest()
    same = {"name": "x", "replications": 5, "thresholds.time": "on_time >= 0.5"}
    other = {"seed": 8, "demand.shelf.rate": "120.250001/h", "catalog.skus.LIP-01.price": 1}
    for path, value in same.items():
        assert loads(GOOD, folder=folder, set={path: value}).digest() == digest
    for path, value in other.items():
        assert loads(GOOD, folder=folder, set={path: value}).digest() != digest
    write_log(folder, "number,sku,quantity,time\n1,LIP-01,3,2026-11-10 20:00\n")
    assert loads(GOOD, folder=folder).digest() != digest


SCALARS = ["0", "-1", "1.5", "1e9", ".nan", "''", "~", "true", "[]", "{}", "[[0s, 1/h]]", "20:00"]
SCALARS += ["5h", "-5h", "3/h", "LIP-01", "SET", "live", "drop", "x:1", "shape", "{a: 1}", "双"]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        lines = text.splitlines(keepends=True)
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(["drop", "double", "value", "key", "move", "characters"])):
            case "drop":
                lines[at] = ""
            case "double":
                lines[at] = line * 2
            case "value":
                lines[at] = line.partition(":")[0] + f": {draw(st.sampled_from(SCALARS))}\n"
            case "key":
                indent = line[: len(line) - len(line.lstrip())]
                key = draw(st.sampled_from(["orders", "skus", "shifts", "5", "file", "no"]))
                lines[at] = f"{indent}{key}:{line.partition(':')[2]}"
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "characters":
                start = draw(st.integers(0, len(line) - 1))
                end = draw(st.integers(start, len(line)))
                lines[at] = line[:start] + draw(st.sampled_from(SCALARS)) + line[end:]
        text = "".join(lines) or "\n"
    return text


def outcome(text: str, folder: Path, **overrides: object) -> Scenario | ScenarioError:
    try:
        return loads(text, file="f.yaml", folder=folder, set=overrides)
    except ScenarioError as error:
        return error


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text=mutations())
def test_a_mutated_text_is_a_scenario_or_refused(folder: Path, text: str) -> None:
    found = outcome(text, folder)
    if isinstance(found, Scenario):
        again = outcome(json.dumps(found.model_dump(mode="json", by_alias=True)), folder)
        assert isinstance(again, Scenario)
        assert again.digest() == found.digest()
        return
    assert found.problems
    assert len(set(found.problems)) == len(found.problems)
    assert all(problem.rule and problem.file for problem in found.problems)
    str(found).encode()


PATHS = ["seed", "demand.live", "demand.live.at", "demand.rush.rates", "catalog", "thresholds.time"]
PATHS += ["warehouses.main.shifts.pack.day.breaks", "catalog.kits.SET", "promises.live.where"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    path=st.sampled_from(PATHS),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
)
def test_any_override_is_taken_or_refused(folder: Path, path: str, value: object) -> None:
    found = outcome(GOOD, folder, **{path: value})
    assert isinstance(found, Scenario) or "--set" in str(found)
