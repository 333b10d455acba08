"""The other commands, and the help texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.engine import vector
from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.trace import Trace
from burstsim.scenario.metrics import METRICS
from burstsim.scenario.reader import load
from burstsim.scenario.scenario import Scenario
from tests.cli.helpers import quick, write

DOUBLE_11 = Path(__file__).parents[2] / "configs" / "double11.yaml"


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_verify_agrees(tmp_path: Path) -> None:
    done = burstsim("verify", write(tmp_path / "sale.yaml", quick()))
    assert done.exit_code == 0
    assert "Both engines agree on 60 orders" in done.stdout


def test_verify_shows_the_first_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = vector.simulate

    def late(model: Model, orders: Orders, _: object = ()) -> Trace:
        trace = sound(model, orders)
        (visits,) = trace.visits
        started = visits.started.copy()
        started[4] += 1
        return replace(trace, visits=(replace(visits, started=started),))

    monkeypatch.setattr(vector, "simulate", late)
    done = burstsim("verify", write(tmp_path / "sale.yaml", quick()))
    assert done.exit_code == 1
    assert (
        "First difference: order 4: hub.pick.started is 40.000000 s in the event engine, "
        "40.000001 s in the vector engine." in done.stdout
    )
    assert "broken law: vector engine: hub.pick" in done.stdout


def test_verify_of_a_wrong_file(tmp_path: Path) -> None:
    done = burstsim("verify", write(tmp_path / "sale.yaml", quick(horizon="x")))
    assert done.exit_code == 2
    assert "horizon" in done.stderr


def test_check(tmp_path: Path) -> None:
    good = write(tmp_path / "good.yaml", quick())
    bad = write(tmp_path / "bad.yaml", quick(horizon="x", drain="y"))
    done = burstsim("check", good, bad)
    assert done.exit_code == 2
    assert f"{good}: a valid scenario" in done.stdout
    assert "hub.pick: an order takes" in done.stdout
    assert done.stderr.count("error: ") == 2
    assert burstsim("check", good).exit_code == 0


def test_a_wrong_change_is_said_once(tmp_path: Path) -> None:
    files = [write(tmp_path / name, quick()) for name in ("a.yaml", "b.yaml")]
    done = burstsim("check", *files, "--set", "oops")
    assert done.exit_code == 2
    assert done.stderr.count("must read PATH=VALUE") == 1


def test_metrics_lists_every_metric() -> None:
    done = burstsim("metrics")
    assert done.exit_code == 0
    for name, metric in METRICS.items():
        row = next(line for line in done.stdout.splitlines() if name in line)
        assert metric.unit in row
        assert metric.meaning in row  # not folded: this is no terminal
    assert "STAT is one of mean, p50" in done.stdout


def is_a(kind: str, data: Any) -> bool:
    types: dict[str, tuple[type, ...]] = {
        "object": (dict,),
        "array": (list,),
        "string": (str,),
        "null": (type(None),),
        "boolean": (bool,),
        "number": (int, float),
        "integer": (int,),
    }
    return isinstance(data, types[kind]) and (kind == "boolean" or not isinstance(data, bool))


def accepts(schema: dict[str, Any], root: dict[str, Any], data: Any) -> bool:
    """Whether data fits a JSON Schema, for the keywords that ours uses."""
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return accepts(target, root, data)
    if "anyOf" in schema and not any(accepts(s, root, data) for s in schema["anyOf"]):
        return False
    if "oneOf" in schema and sum(accepts(s, root, data) for s in schema["oneOf"]) != 1:
        return False
    kinds = schema.get("type", [])
    if kinds and not any(
        is_a(kind, data) for kind in ([kinds] if isinstance(kinds, str) else kinds)
    ):
        return False
    if "const" in schema and data != schema["const"]:
        return False
    if "enum" in schema and data not in schema["enum"]:
        return False
    if "pattern" in schema and isinstance(data, str) and not re.search(schema["pattern"], data):
        return False
    if isinstance(data, list) and "items" in schema:
        return all(accepts(schema["items"], root, item) for item in data)
    if isinstance(data, dict):
        known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        if not set(schema.get("required", ())) <= data.keys():
            return False
        for key, value in data.items():
            inner = known.get(key, rest)
            if inner is False or (isinstance(inner, dict) and not accepts(inner, root, value)):
                return False
    return True


def test_schema_accepts_a_scenario_and_refuses_another() -> None:
    done = burstsim("schema")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    references = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', done.stdout))
    assert references <= schema["$defs"].keys()
    data = load(DOUBLE_11).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert accepts(schema, schema, data)
    assert not accepts(schema, schema, {**data, "horizn": "1h"})
    assert not accepts(schema, schema, {key: data[key] for key in data if key != "demand"})
    data["demand"]["shelf"]["shape"] = "star"
    assert not accepts(schema, schema, data)


@pytest.mark.parametrize(
    ("kit", "right"),
    [
        ({"needs": {"A": 1, "B": {"quantity": 2, "else": ["C"]}}}, True),
        ({"needs": {"A": "one"}}, False),
        ({"needs": {"A": {"number": 1}}}, False),
        ({"kind": "choose", "of": ["A", "B"], "limits": {"A": 1, "B": [0, 2]}}, True),
        ({"kind": "choose", "of": {"A": 2}}, True),
        ({"kind": "choose", "of": "A"}, False),
        ({"kind": "mystery", "pool": ["A"]}, True),
        ({"kind": "mystery", "pool": {"A": "often"}}, False),
    ],
)
def test_schema_accepts_the_short_forms_of_kits(kit: dict[str, Any], right: bool) -> None:
    schema = json.loads(burstsim("schema").stdout)
    assert accepts(schema["$defs"]["Kit"], schema, kit) == right


def test_schema_accepts_tables_and_what_stands_beside_them() -> None:
    schema = json.loads(burstsim("schema").stdout)
    table = {"file": "t.csv", "columns": {"sku": "code"}, "sheet": "one"}
    for key, kind in (("skus", "Catalog"), ("kits", "Catalog"), ("stock", "Warehouse")):
        for said in ({}, table, {**table, "A": {"price": 1} if key != "stock" else 7}):
            assert accepts(schema["$defs"][kind], schema, {key: said})
        assert not accepts(schema["$defs"][kind], schema, {key: {"A": {"prise": 1}}})
    house = {"shifts": {**table, "pack": {"night": {"workers": 9}}}, "carriers": table}
    assert accepts(schema["$defs"]["Warehouse"], schema, house)
    assert not accepts(schema["$defs"]["Warehouse"], schema, {"carriers": {"sf": {"shar": 1}}})


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every map in a JSON Schema that is itself a schema, or a map of them."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from parts_of(part)


def test_schema_says_limits_as_editors_read_them() -> None:
    schema = json.loads(burstsim("schema").stdout)
    leftovers = {"ge", "le", "gt", "lt", "min_length", "max_length", "multiple_of"}
    assert not [part for part in parts_of(schema) if leftovers & part.keys()]
    models = schema["$defs"]

    def limits(model: str, key: str) -> dict[str, Any]:
        found = models[model]["properties"][key]
        options = [found, *found.get("anyOf", ())]
        return {
            word: limit
            for option in options
            for word, limit in option.items()
            if word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        }

    assert limits("Stage", "workers") == {"minimum": 0, "maximum": 1_000_000}
    assert limits("Cancellations", "share") == {"minimum": 0, "maximum": 1}
    assert limits("Work", "cv") == {"minimum": 0, "maximum": 20}
    assert limits("Shift", "productivity") == {"exclusiveMinimum": 0, "maximum": 100}


def test_schema_takes_durations_as_text_and_zero() -> None:
    schema = json.loads(burstsim("schema").stdout)
    hold = schema["$defs"]["Oms"]["properties"]["hold"]
    for good in ("90s", "1h30m", "2.5 d", "0", 0):
        assert accepts(hold, schema, good), good
    for bad in (90, "90", "-2h", "soon", True):
        assert not accepts(hold, schema, bad), bad
    assert schema["$defs"]["Oms"]["properties"]["cycle"]["default"] == "1m"


def test_version() -> None:
    done = burstsim("--version")
    assert done.exit_code == 0
    assert done.stdout == f"burstsim {version('burstsim')}\n"


COMMANDS = tuple(command.name or "" for command in app.registered_commands)


def test_help_lists_the_commands_in_whole_sentences() -> None:
    done = burstsim("--help")
    assert done.exit_code == 0
    for command in COMMANDS:
        row = next(line for line in done.stdout.splitlines() if line.startswith(f"  {command} "))
        assert row.endswith(".")
        assert not row.endswith("..."), row
    assert "99 a threshold failed" in " ".join(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_and_keeps_examples_apart(command: str) -> None:
    done = burstsim(command, "--help")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    examples = [line for line in lines if line.startswith("    burstsim ")]
    assert len(examples) >= (0 if command in ("metrics", "schema") else 1)
    assert all(line.count("burstsim ") == 1 for line in examples)
    assert "\b" not in done.stdout
    assert "noqa" not in done.stdout


def test_without_a_command_the_help_is_shown() -> None:
    assert "Usage" in burstsim().output


def test_schema_knows_what_gift_rules_may_leave_out() -> None:
    schema = Scenario.model_json_schema(by_alias=True)
    gifts = schema["properties"]["gifts"]
    short = {
        "where": {"channel": "live", "tier": 2, "time": ["20:00", "20:30"]},
        "trigger": {"items": "A", "not": ["B"]},
        "reward": {"gift": "TOTE"},
    }
    for rules in ({"file": "gifts.csv"}, {"x": short}, {"file": short}, {}):
        assert accepts(gifts, schema, rules), rules
    for rules in ({"file": 5}, {"x": {"gif": {}}}, {"x": {"reward": {"gift": 5}}}):
        assert not accepts(gifts, schema, rules), rules
