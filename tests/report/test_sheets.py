"""Spreadsheets and JUnit: the same numbers, and text that stays text."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from burstsim.report.folder import RunFolder
from burstsim.report.junit import junit_bytes
from burstsim.report.sheets import Sheet, sheets_of
from burstsim.report.workbook import csv_bytes, workbook_bytes
from tests.report.conftest import FORMULA, IMAGE

NAMES = ["inputs", "summary", "thresholds", "hourly", "definitions"]


@pytest.fixture(scope="module")
def sheets(run_folder: RunFolder) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in sheets_of(run_folder)}


def test_there_are_the_sheets(sheets: dict[str, Sheet]) -> None:
    assert list(sheets) == NAMES
    for sheet in sheets.values():
        assert {len(row) for row in sheet.rows} == {len(sheet.headers)}


def test_summary_and_thresholds_are_those_of_the_run(
    sheets: dict[str, Sheet], run_folder: RunFolder
) -> None:
    assert {row[0]: row[1] for row in sheets["summary"].rows} == {
        name: found["estimate"] for name, found in run_folder.metrics.items()
    }
    assert {row[0]: row[2] for row in sheets["thresholds"].rows} == {
        name: found["status"] for name, found in run_folder.summary["thresholds"].items()
    }
    assert {row[0] for row in sheets["definitions"].rows} == run_folder.metrics.keys()


def test_hours_add_up(sheets: dict[str, Sheet], run_folder: RunFolder) -> None:
    hourly = sheets["hourly"]
    orders = run_folder.table("orders")
    assert orders is not None
    columns = dict(zip(hourly.headers, zip(*hourly.rows, strict=True), strict=True))
    assert columns["hour from"][0] == "2026-11-10 20:00"
    assert sum(columns["placed"]) == len(orders)
    assert sum(columns["shipped"]) == orders["shipped"].notna().sum()
    paid, shipped, left = (columns[name] for name in ("paid", "shipped", "open at the end"))
    assert sum(paid) - sum(shipped) == left[-1]
    assert max(columns["pack: mean workers"]) == 3


def test_inputs_name_every_value_by_its_path(sheets: dict[str, Sheet]) -> None:
    inputs = dict(sheets["inputs"].rows)
    assert inputs["oms.when_short"] == "backorder"
    assert inputs[f"catalog.skus.{IMAGE}.price"] == "10.00"


def test_a_workbook_holds_text_and_numbers_and_no_formulas(sheets: dict[str, Sheet]) -> None:
    content = workbook_bytes(list(sheets.values()))
    assert content == workbook_bytes(list(sheets.values()))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        pages = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(pages) == len(NAMES)
        for name in pages:
            assert b"<f>" not in parts.read(name)
            assert b"hyperlink" not in parts.read(name)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == NAMES
    read = {row[0]: row[1] for row in book.get_sheet_by_name("summary").to_python()[1:]}
    expected = {row[0]: row[1] for row in sheets["summary"].rows}
    assert read["orders_placed"] == expected["orders_placed"]
    keys = [row[0] for row in book.get_sheet_by_name("inputs").to_python()]
    assert f"catalog.skus.{FORMULA}.price" in keys


@given(st.lists(st.text(max_size=20) | st.integers(-99, 99), min_size=1, max_size=4))
def test_no_cell_of_a_csv_begins_a_formula(cells: list[str | int]) -> None:
    sheet = Sheet(name="s", headers=["h"] * len(cells), rows=[cells])
    text = csv_bytes(sheet).decode("utf-8-sig")
    _, row = csv.reader(io.StringIO(text, newline=""))
    for cell, read in zip(cells, row, strict=True):
        if isinstance(cell, int):
            assert read == str(cell)
        else:
            assert read.removeprefix("'") == cell.removeprefix("'")
            assert not read.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_junit_has_a_case_for_each_threshold(run_folder: RunFolder) -> None:
    suite = ElementTree.fromstring(junit_bytes(run_folder))
    statuses = {name: t["status"] for name, t in run_folder.summary["thresholds"].items()}
    cases = {case.get("name"): case.find("failure") for case in suite}
    assert cases.keys() == statuses.keys()
    for name, failure in cases.items():
        assert name is not None
        assert (failure is None) == (statuses[name] == "PASS")
    assert suite.get("failures") == str(sum(status != "PASS" for status in statuses.values()))


def test_what_cannot_be_told_is_not_green(run_folder: RunFolder) -> None:
    summary = json.loads(json.dumps(run_folder.summary))
    open_ = {"expr": "on_time >= 0.5", "status": "INCONCLUSIVE", "estimate": None}
    summary["thresholds"] = {"bell\ud800": {**open_, "low": None, "high": None}}
    suite = ElementTree.fromstring(
        junit_bytes(RunFolder(run_folder.path, summary, run_folder.manifest))
    )
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "INCONCLUSIVE"
    assert "found n/a" in str(failure.get("message"))
