"""``burstsim init``: templates that run, and that an editor can help with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.cli.init import Template
from burstsim.scenario.document import read_document
from burstsim.scenario.reader import load
from tests.cli.test_commands import accepts

HEAD = "# yaml-language-server: $schema=./burstsim.schema.json"


def burstsim(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(params=list(Template), scope="module")
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "new" / "sale"
    done = burstsim("init", folder, "--template", request.param.value)
    assert done.exit_code == 0, done.output
    assert f"burstsim run {folder / 'sale.yaml'}" in done.stdout
    return folder


def test_it_is_valid_without_a_warning(begun: Path) -> None:
    done = burstsim("check", "--strict", begun / "sale.yaml")
    assert done.exit_code == 0, done.output
    assert "orders paid by the hour (#)" in done.stdout


def test_it_runs_and_has_a_verdict(begun: Path) -> None:
    out = begun.parent / "run"
    done = burstsim("run", begun / "sale.yaml", "--reps", 2, "--check", "--out", out, "--json")
    assert done.exit_code in (0, 3, 99), done.output
    assert json.loads(done.stdout)["metrics"]["orders_shipped"]["estimate"] > 1000
    assert (out / "report.html").is_file()


def test_the_schema_beside_it_accepts_it(begun: Path) -> None:
    text = (begun / "sale.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == HEAD
    schema = json.loads((begun / "burstsim.schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(burstsim("schema").stdout)
    data = load(begun / "sale.yaml").model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert accepts(schema, schema, data)


def test_it_says_how_to_change_it(begun: Path) -> None:
    """Every section is introduced by a note, or has one beside its first lines."""
    text = (begun / "sale.yaml").read_text(encoding="utf-8")
    assert "HOW TO CHANGE THIS FILE" in text
    document, _ = read_document(text, "sale.yaml")
    lines = text.splitlines()
    notes = sum("#" in line for line in lines)
    assert notes > len(lines) / 4
    assert {"thresholds", "promises"} <= document.data.keys()
    assert max(map(len, lines)) <= 110


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sale.yaml").write_text("mine", encoding="utf-8")
    done = burstsim("init", tmp_path)
    assert done.exit_code == 2
    assert done.stderr == f"error: {tmp_path / 'sale.yaml'} is there already; give another folder\n"
    assert [file.name for file in tmp_path.iterdir()] == ["sale.yaml"]
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert burstsim("init", file).exit_code == 2


def test_a_template_that_is_not_there(tmp_path: Path) -> None:
    done = burstsim("init", tmp_path / "x", "--template", "easter")
    assert done.exit_code == 2
    assert "two-warehouses" in done.stderr
    assert not (tmp_path / "x").exists()
