"""Rosters and work standards in spreadsheets are the same shifts and work, said elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed

SALE = """
burstsim: 1
start: "2026-11-10 20:00"
horizon: 4h
catalog: {skus: {A: {}}}
demand: {d: {channel: live, shape: steady, rate: 600/h, basket: {weights: {A: 1}}}}
warehouses:
  hub:
    stages: {pick: PICK, pack: PACK}
    shifts: SHIFTS
"""

SHIFTS = """{pick: {night: {from: "20:00", to: "08:00", workers: 12}},
      pack: {h20: {from: "20:00", to: "21:00", workers: 9}, h23: {from: "23:00", to: "00:00",
      workers: 4}}}"""


def sale(
    shifts: str, pick: str = "{work: {uph: 90}}", pack: str = "{work: {per_task: 20s}}"
) -> str:
    return SALE.replace("SHIFTS", shifts).replace("PICK", pick).replace("PACK", pack)


def from_files(folder: Path, shifts: str, rest: str = "", **stages: str) -> Scenario:
    return loads(sale(shifts, **stages) + rest, folder=folder)


def problems(folder: Path, shifts: str, rest: str = "", **stages: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        from_files(folder, shifts, rest, **stages)
    return list(caught.value.problems)


ROSTER = [
    ["仓库", "环节", "班次", "开始时间", "结束时间", "小时", "人数"],
    ["hub", "pick", "night", "20:00", "08:00", "", "12"],
    ["hub", "pack", "", "", "", "20", "9"],
    ["hub", "pack", "", "", "", "23:00", "4"],
    ["elsewhere", "pack", "", "", "", "23", "99"],
]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> None:
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_roster_is_the_same_shifts(encoding: str, tmp_path: Path) -> None:
    write(tmp_path / "roster.csv", ROSTER, encoding)
    assert from_files(tmp_path, "{file: roster.csv}") == loads(sale(SHIFTS))


def test_a_roster_in_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "all.xlsx") as book:
        book.add_worksheet("notes").write_string(0, 0, "nothing")
        tab: Any = book.add_worksheet("roster")
        for at, row in enumerate(ROSTER):
            tab.write_row(at, 0, row)
    assert from_files(tmp_path, "{file: all.xlsx, sheet: roster}") == loads(sale(SHIFTS))


def test_a_shift_may_be_called_by_its_span(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", [["stage", "shift", "workers"], ["pick", "20:00-08:00", "12"]])
    (shift,) = (
        from_files(tmp_path, "{file: r.csv}", pack="{workers: 1, work: {uph: 9}}")
        .warehouses["hub"]
        .shifts["pick"]
        .values()
    )
    assert (shift.from_.offset, shift.workers) == (
        loads(sale(SHIFTS)).warehouses["hub"].shifts["pick"]["night"].from_.offset,
        12,
    )


def test_what_stands_beside_the_file_is_laid_over_it(tmp_path: Path) -> None:
    write(tmp_path / "roster.csv", ROSTER)
    beside = "{file: roster.csv, pick: {night: {workers: 30, productivity: 0.9}}}"
    shift = from_files(tmp_path, beside).warehouses["hub"].shifts["pick"]["night"]
    assert (shift.workers, shift.productivity) == (30, 0.9)


def test_studies_vary_what_the_file_said(tmp_path: Path) -> None:
    write(tmp_path / "roster.csv", ROSTER)
    found = from_files(tmp_path, "{file: roster.csv}")
    more = changed(found, {"warehouses.hub.shifts.pick.night.workers": 40})
    assert more.warehouses["hub"].shifts["pick"]["night"].workers == 40
    assert loads(sale(SHIFTS.replace("12", "40"))) == more


def test_standards_are_the_work_of_stages(tmp_path: Path) -> None:
    write(
        tmp_path / "s.csv", [["工序", "人效", "标准工时"], ["pick", "90", ""], ["pack", "", "20"]]
    )
    found = from_files(
        tmp_path, SHIFTS, "    standards: {file: s.csv}\n", pick="{work: {cv: 0.3}}", pack="{}"
    )
    assert found == loads(sale(SHIFTS, pick="{work: {uph: 90, cv: 0.3}}"))


@pytest.mark.parametrize(
    ("rows", "rule", "line"),
    [
        ([["pick", "", "", "24", "3"]], "must say when", 2),
        ([["pick", "night", "", "", "3"]], "must say when", 2),
        ([["pick", "", "", "3", "3"], ["pick", "", "", "03:00", "4"]], "a second time", 3),
        ([["pick", "", "", "3", "many"]], "column 'workers'", 2),
    ],
)
def test_a_wrong_roster_is_told_with_its_line(
    rows: list[list[str]], rule: str, line: int, tmp_path: Path
) -> None:
    write(tmp_path / "r.csv", [["stage", "shift", "from", "hour", "workers"], *rows])
    (found,) = problems(tmp_path, "{file: r.csv}")
    assert rule in found.rule
    assert (found.line, found.path) == (line, "warehouses.hub.shifts.file")


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (["stage", *(f"{hour}:00" for hour in range(24))], ["workers"]),
        (["岗位", "周一", "周二"], ["workers"]),
        (["hour", "pick", "pack"], ["stage", "workers"]),
    ],
)
def test_a_roster_with_a_column_for_each_hour_is_told_how_it_should_be(
    header: list[str], missing: list[str], tmp_path: Path
) -> None:
    write(tmp_path / "r.csv", [header, ["pick", *("3" for _ in header[1:])]])
    found = problems(tmp_path, "{file: r.csv}")
    assert [problem.rule for problem in found] == [f"the file has no column {m!r}" for m in missing]
    for problem in found:
        assert problem.hint.startswith(f"the file has {header[0]!r}, {header[1]!r}")
        assert problem.hint.endswith(
            "; a roster has a row for each shift, or hour, of a stage, with columns among "
            "warehouse, stage, shift, from, to, hour, workers"
        )


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["pick", "90", "20"], "either uph or seconds"),
        (["wrap", "90", ""], "no stage of hub"),
    ],
)
def test_wrong_standards_are_told_with_their_line(
    row: list[str], rule: str, tmp_path: Path
) -> None:
    write(tmp_path / "s.csv", [["stage", "uph", "seconds"], row])
    (found,) = problems(tmp_path, SHIFTS, "    standards: {file: s.csv}\n", pick="{}", pack="{}")
    assert rule in found.rule
    assert found.line == 2


def test_a_roster_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "roster.csv", ROSTER)
    (tmp_path / "in").mkdir()
    (found,) = problems(tmp_path / "in", "{file: ../roster.csv}")
    assert "folder of the scenario" in found.rule


def test_a_roster_of_another_warehouse_only(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", [["warehouse", "stage", "hour", "workers"], ["b", "pick", "3", "1"]])
    (found,) = problems(tmp_path, "{file: r.csv}")
    assert found.rule == "has no row of the warehouse hub"
