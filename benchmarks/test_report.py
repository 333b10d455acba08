"""The report on toy sizes, and the verdict of comparing."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import compare, report

pytestmark = pytest.mark.filterwarnings("ignore")  # what peers warn of is theirs


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved")
    assert report.main(["--toy", "--out", str(folder)]) == 0
    return folder / "benchmarks.json"


def changed(saved: Path, path: Path, **machine: object) -> Path:
    """The same run with every ratio halved, on a machine that may be another."""
    data = json.loads(saved.read_text())
    for figure in data["figures"]:
        if figure["unit"] == "times":
            figure["value"] /= 2
    data["machine"] |= machine
    path.write_text(json.dumps(data))
    return path


def test_all_files_hold_every_figure(saved: Path) -> None:
    figures = json.loads(saved.read_text())["figures"]
    assert {figure["group"] for figure in figures} == {"kernels", "engine", "scaling", "peers"}
    with saved.with_suffix(".csv").open() as file:
        assert [row["name"] for row in csv.DictReader(file)] == [row["name"] for row in figures]
    table = saved.with_suffix(".md").read_text()
    assert all(row["name"] in table for row in figures if row["group"] != "peers")
    assert table.index("| ratio |") < table.index("| what |")
    words = "".join(ElementTree.parse(saved.with_suffix(".svg")).getroot().itertext())
    assert "burstsim station" in words


def test_a_run_equals_itself(saved: Path) -> None:
    assert compare.main([str(saved), "--new", str(saved), "--fail-over", "0%"]) == 0


def test_half_as_fast_fails_and_twice_as_fast_does_not(saved: Path, tmp_path: Path) -> None:
    worse = changed(saved, tmp_path / "worse.json")
    assert compare.main([str(saved), "--new", str(worse), "--fail-over", "99%"]) == 99
    assert compare.main([str(saved), "--new", str(worse), "--fail-over", "101%"]) == 0
    assert compare.main([str(worse), "--new", str(saved), "--fail-over", "0.01"]) == 0


def test_other_machines_are_refused_unless_told(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = changed(saved, tmp_path / "other.json", cpu="abacus")
    assert compare.main([str(saved), "--new", str(other)]) == 2
    assert "abacus" in capsys.readouterr().err
    assert compare.main([str(saved), "--new", str(other), "--other-machine"]) == 99


def test_no_saved_run_is_an_error(tmp_path: Path) -> None:
    assert compare.main([str(tmp_path / "none.json")]) == 2
