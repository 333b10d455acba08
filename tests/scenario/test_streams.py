"""The keys of demand streams: what may stand in them, and what a mistake is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from burstsim.scenario.demand import Session, Table
from burstsim.scenario.reader import loads
from burstsim.units import HOUR
from tests.scenario.good import line_of, problems_of

STREAMS = """\
burstsim: 1
start: 2026-11-10 20:00
horizon: 28h
forecast: {p10: 0.7, p50: 1.0, p90: 1.9}
catalog:
  skus: {LIP: {price: 129.00}, CREAM: {price: 89.00}}
demand:
  climb:
    shape: ramp
    rates: [[0s, 0/h], [21:00, 600/min]]
    open: {from: 20:00, to: 23:00}
    dispersion: 0.4
    basket: {weights: {LIP: 1}}
  room:
    shape: session
    viewers: [[0s, 10000], [30m, 80000]]
    conversion: 0.4/h
    run_of_show:
      - {time: 20:15, item: LIP, expected_units: 3000, price: 99.00, stock: 2500}
      - {time: 1h, item: CREAM, expected_units: 500}
    forecast: {p10: 0.5, p90: 1.4}
    basket: {weights: {LIP: 1}, quantity: {1: 3, 2: 1}}
  sheet:
    shape: session
    viewers: [[0s, 500]]
    conversion: 1/h
    run_of_show: {file: show.csv}
    open: {from: 0s, to: 6h}
    basket: {weights: {LIP: 1}}
  early:
    shape: presale
    deposits: {from: -72h, to: 0s, orders: 30000}
    balance_at: 0s
    rise: 1m
    half_life: 20m
    never_pay: 0.12
    basket: {weights: {LIP: 1}}
  hours: {shape: table, file: rates.csv, basket: {weights: {LIP: 1}}}
  day: {shape: table, preset: double-11, orders: 9000, basket: {weights: {LIP: 1}}}
  flash: {shape: drop, at: 2h, orders: 60, half_life: 1m, basket: {weights: {LIP: 1}}}
warehouses:
  main: {stages: {pack: {workers: 10, work: {uph: 90}}}}
"""

RATES = "time,rate\n0s,600/h\n22:00,6000/h\n\n3h,900/h\n"
SHOW = "time,item,price,expected_units,stock\n20:15,LIP,99.00,3000,2500\n\n1h,CREAM,,500,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "show.csv").write_text(SHOW, encoding="utf-8")
    (tmp_path / "rates.csv").write_text(RATES, encoding="utf-8")
    return tmp_path


def test_the_streams_are_valid(folder: Path) -> None:
    scenario = loads(STREAMS, folder=folder)
    assert scenario.begin == -72 * HOUR
    room, sheet = scenario.demand["room"], scenario.demand["sheet"]
    assert isinstance(room, Session)
    assert isinstance(sheet, Session)
    assert sheet.show == room.show
    assert [entry.price for entry in sheet.show] == [9900, None]
    assert [entry.stock for entry in sheet.show] == [2500, None]


def test_every_shape_says_what_it_is() -> None:
    from typing import get_args

    from burstsim.scenario.demand import Stream

    for option in get_args(get_args(Stream)[0]):
        sentence = (option.__doc__ or "").split("\n")[0]
        assert sentence.endswith(".")
        assert len(sentence) > 20


def test_a_dumped_scenario_is_the_same(folder: Path) -> None:
    import json

    scenario = loads(STREAMS, folder=folder)
    plain = scenario.model_dump(mode="json", by_alias=True)
    again = loads(json.dumps(plain), folder=folder)
    assert again.model_dump() == scenario.model_dump()
    assert again.digest() == scenario.digest()


def test_the_digest_knows_the_show_and_not_where_it_stands(folder: Path) -> None:
    digest = loads(STREAMS, folder=folder).digest()
    listed = STREAMS.split("run_of_show:\n")[1].split("    forecast")[0]
    text = STREAMS.replace("run_of_show: {file: show.csv}\n", "run_of_show:\n" + listed)
    assert loads(text, folder=folder).digest() == digest
    (folder / "show.csv").write_text(SHOW.replace("500", "501"))
    assert loads(STREAMS, folder=folder).digest() != digest


RAMP = "[[0s, 0/h], [21:00, 600/min]]"
VIEWERS = "[[0s, 10000], [30m, 80000]]"
ENTRY = "{time: 1h, item: CREAM, expected_units: 500}"
SHOWN = "demand.room.run_of_show[1]"
DEPOSITS = "{from: -72h, to: 0s, orders: 30000}"

# name: (old, new, path, words of the rule, words of the hint); one problem, on the line of `old`
BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    "negative rate": (RAMP, "[[0s, -1/h]]", "demand.climb.rates[0]", "negative", ""),
    "no rates": (RAMP, "[]", "demand.climb.rates", "must not be empty", ""),
    "order of rates": (RAMP, "[[2h, 1/h], [1h, 1/h]]", "demand.climb.rates[1]", "above it", ""),
    "before start": (RAMP, "[[-1h, 1/h]]", "demand.climb.rates[0]", "not before start", ""),
    "window": ("to: 23:00", "to: -1h", "demand.climb.open.to", "after the moment it opens", ""),
    "empty window": (
        "from: 20:00, to: 23:00",
        "from: 1h, to: 1h",
        "demand.climb.open.to",
        "af",
        "",
    ),
    "late window": (
        "from: 20:00, to: 23:00",
        "from: 40h, to: 50h",
        "demand.climb.open",
        "some",
        "",
    ),
    "half a window": (", to: 23:00", "", "demand.climb.open.to", "is required", ""),
    "dispersion": ("0.4\n    basket", "-1\n    basket", "demand.climb.dispersion", "least 0", ""),
    "quantiles": ("p10: 0.7", "p10: 1.7", "forecast", "p10 <= p50 <= p90", ""),
    "no zero": ("p10: 0.7", "p10: 0", "forecast.p10", "greater than 0", ""),
    "no p90": (", p90: 1.4", "", "demand.room.forecast.p90", "is required", ""),
    "viewer row": (VIEWERS, "[[0s]]", "demand.room.viewers[0]", "a row of a moment", ""),
    "viewer rate": (VIEWERS, "[[0s, 5/h]]", "demand.room.viewers[0]", "a row of a moment", ""),
    "negative viewers": (VIEWERS, "[[0s, -5]]", "demand.room.viewers[0]", "between 0 and", ""),
    "viewers back": (VIEWERS, "[[1h, 5], [1h, 5]]", "demand.room.viewers[1]", "above it", ""),
    "conversion": ("0.4/h", "0.4", "demand.room.conversion", "a rate", "0.4/h?"),
    "no such item": (ENTRY, ENTRY.replace("CREAM", "CREM"), f"{SHOWN}.item", "no item", "'CREAM'"),
    "outside": (ENTRY, ENTRY.replace("1h", "29h"), f"{SHOWN}.time", "between start and", ""),
    "entry": (ENTRY, "5", SHOWN, "a section with keys", ""),
    "entry's key": (
        ENTRY,
        "{time: 1h, itm: 5, expected_units: 1}",
        f"{SHOWN}.itm",
        "not a key",
        "'item'",
    ),
    "units": (ENTRY, ENTRY.replace("500", "-5"), f"{SHOWN}.expected_units", "at least 0", ""),
    "no units": (
        ENTRY,
        "{time: 1h, item: CREAM}",
        f"{SHOWN}.expected_units",
        "is required",
        "",
    ),
    "no show": ("{file: show.csv}", "5", "demand.sheet.run_of_show", "a list", ""),
    "show's key": ("{file: show.csv}", "{fil: x}", "demand.sheet.run_of_show.fil", "key", "'file'"),
    "no file": ("show.csv", "none.csv", "demand.sheet.run_of_show.file", "no such file", ""),
    "shut at the drop": (
        "at: 2h, orders: 60",
        "at: 2h, open: {from: 3h, to: 4h}, orders: 60",
        "demand.flash.at",
        "within the stream's open",
        "",
    ),
    "deposits back": (
        DEPOSITS,
        "{from: 2h, to: 1h, orders: 1}",
        "demand.early.deposits.to",
        "a",
        "",
    ),
    "balance first": ("balance_at: 0s", "balance_at: -1s", "demand.early.balance_at", "betw", ""),
    "balance early": (
        "to: 0s, orders: 30000",
        "to: 1h, orders: 30000",
        "demand.early.balance_at",
        "before the last deposit",
        "",
    ),
    "never pay": ("0.12", "12%", "demand.early.never_pay", "a number", "0.12"),
    "late deposits": (
        DEPOSITS,
        "{from: 30h, to: 31h, orders: 1}",
        "demand.early.deposits.from",
        "before the horizon",
        "",
    ),
    "preset": ("double-11", "double-12", "demand.day.preset", "must be double-11", "'double-11'"),
    "preset alone": ("orders: 9000, ", "", "demand.day", "say orders with a preset", ""),
    "both": ("orders: 9000", "orders: 9, rates: [[0s, 1/h]]", "demand.day", "either rates or", ""),
    "neither": ("preset: double-11, orders: 9000, ", "", "demand.day", "either rates or", ""),
    "rates file": ("rates.csv", "none.csv", "demand.hours.file", "no such file", ""),
    "two ways": (
        "file: rates.csv",
        "file: rates.csv, rates: [[0s, 1/h]]",
        "demand.hours",
        "ei",
        "",
    ),
    "columns alone": (
        "preset: double-11",
        "columns: {rate: n}, preset: double-11",
        "demand.day",
        "a file",
        "",
    ),
    "preset too late": ("orders: 9000", "orders: 9, at: 30h", "demand.day.at", "between start", ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_fault_is_one_problem(name: str, folder: Path) -> None:
    old, new, path, rule, hint = BROKEN[name]
    assert old in STREAMS
    found = problems_of(STREAMS.replace(old, new, 1), folder)
    assert len(found) == 1, [str(problem) for problem in found]
    assert (found[0].file, found[0].path) == ("f.yaml", path)
    assert abs(found[0].line - line_of(old, STREAMS)) <= 3
    assert rule in found[0].rule
    assert hint in found[0].hint


# name: (text of the file, what is said of it: line, words)
SHEETS: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "empty": ("", [(0, "is empty")]),
    "header only": ("time,item,expected_units\n", [(0, "no rows")]),
    "column": (
        "time,itm,expected_units\n1h,LIP,5\n",
        [(1, "no column 'item' (did you mean ")],
    ),
    "cells": (
        "time,item,expected_units,price\nsoon,LIP,5,1\n1h,,x,1\n2h,LIP,-5,¥1\n",
        [
            (2, "column 'time' must be a moment"),
            (3, "column 'item' is empty"),
            (3, "column 'expected_units' must be a number"),
            (4, "column 'expected_units' must be at least 0"),
            (4, "column 'price' must be an amount of money"),
        ],
    ),
    "long row": ("time,item,expected_units\n1h,LIP,5,6\n", [(2, "4 cells, the header 3")]),
    "stock": ("time,item,expected_units,stock\n1h,LIP,5,2.5\n", [(2, "'stock' must be a whole")]),
    "spreadsheet": ("time,item,expected_units\n1h,1.2E+05,5\n", [(2, "a code that a spreadsheet")]),
}


@pytest.mark.parametrize("name", SHEETS)
def test_faults_of_a_show_name_file_row_and_column(name: str, folder: Path) -> None:
    text, expected = SHEETS[name]
    (folder / "show.csv").write_text(text, encoding="utf-8")
    found = problems_of(STREAMS, folder)
    assert len(found) == len(expected), [str(problem) for problem in found]
    for problem, (line, words) in zip(found, expected, strict=True):
        assert problem.path.startswith("demand.sheet.run_of_show")
        assert words in str(problem)
        if problem.file.endswith("show.csv"):
            assert problem.line == line


def test_names_and_moments_of_a_show_are_told_with_their_line(folder: Path) -> None:
    rows = "时间,商品,预计件数\n1h,LIPS,5\n7h,LIP,5\n40h,LIP,5\n"
    (folder / "show.csv").write_bytes(rows.encode("gb18030"))
    found = problems_of(STREAMS, folder)
    assert [str(problem).partition("run_of_show.file: ")[2] for problem in found] == [
        "column 'item' names no item of this scenario, got LIPS in show.csv (line 2) "
        "(did you mean 'LIP'?)",
        "column 'time' must lie within the stream's open, or nothing of it is placed when it "
        "begins, got 7h in show.csv (line 3)",
        "column 'time' must lie between start and horizon, got 1d16h in show.csv (line 4)",
    ]


# name: (text of the file, what is said of it: line, words)
RATE_SHEETS: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "empty": ("", [(0, "is empty")]),
    "header only": ("time,rate\n", [(0, "no rows")]),
    "column": ("time,rates\n0s,1/h\n", [(1, "no column 'rate' (did you mean ")]),
    "twice": ("time,rate,rate\n0s,1/h,2/h\n", [(1, "names 'rate' 2 times")]),
    "cells": (
        "time,rate\nsoon,1/h\n1h,\n2h,-5/h\n3h,600\n,",
        [
            (2, "column 'time' must be a moment"),
            (3, "column 'rate' is empty"),
            (4, "column 'rate' must not be a negative rate"),
            (5, "column 'rate' must be a rate: a number per unit of time"),
        ],
    ),
    "long row": ("time,rate\n1h,5/h,6\n", [(2, "3 cells, the header 2")]),
}


@pytest.mark.parametrize("name", RATE_SHEETS)
def test_faults_of_a_rate_table_name_file_row_and_column(name: str, folder: Path) -> None:
    text, expected = RATE_SHEETS[name]
    (folder / "rates.csv").write_text(text, encoding="utf-8")
    found = problems_of(STREAMS, folder)
    assert len(found) == len(expected), [str(problem) for problem in found]
    for problem, (line, words) in zip(found, expected, strict=True):
        assert problem.path.startswith("demand.hours")
        assert words in str(problem)
        if problem.file.endswith("rates.csv"):
            assert problem.line == line


def test_the_order_of_a_rate_table_is_told_with_its_line(folder: Path) -> None:
    rows = "时间,单量\n-1h,5/h\n1h,5/h\n\n1h,6/h\n"
    (folder / "rates.csv").write_bytes(rows.encode("gb18030"))
    found = problems_of(STREAMS, folder)
    rule = "column 'time' must come after the row above it, and not before start"
    assert [str(problem).partition("hours.file: ")[2] for problem in found] == [
        f"{rule}, got -1h in rates.csv (line 2)",
        f"{rule}, got 1h in rates.csv (line 5)",
    ]


def test_rates_in_a_file_are_the_same_scenario(folder: Path) -> None:
    filed = loads(STREAMS, folder=folder)
    inline = "rates: [[0s, 600/h], [22:00, 6000/h], [3h, 900/h]]"
    listed = loads(STREAMS.replace("file: rates.csv", inline), folder=folder)
    one, other = filed.demand["hours"], listed.demand["hours"]
    assert isinstance(one, Table)
    assert isinstance(other, Table)
    assert one.points == other.points
    assert filed.digest() == listed.digest()
    (folder / "named.csv").write_bytes("什么时候,速率\n0s,600/h\n22:00,6000/h\n3h,900/h\n".encode())
    named = "file: named.csv, columns: {time: 什么时候}"
    assert (
        loads(STREAMS.replace("file: rates.csv", named), folder=folder).digest() == filed.digest()
    )
    (folder / "rates.csv").write_text(RATES.replace("900", "901"))
    assert loads(STREAMS, folder=folder).digest() != listed.digest()


def test_columns_of_a_show_can_be_named(folder: Path) -> None:
    (folder / "show.csv").write_text("when,what,n\n1h,LIP,5\n", encoding="utf-8")
    named = "{file: show.csv, columns: {time: when, item: what, expected_units: n}}"
    scenario = loads(STREAMS.replace("{file: show.csv}", named), folder=folder)
    assert len(scenario.demand["sheet"].show) == 1  # type: ignore[union-attr]
    wrong = named.replace("item: what", "itm: what")
    found = problems_of(STREAMS.replace("{file: show.csv}", wrong), folder)
    assert "demand.sheet.run_of_show.columns.itm" in [problem.path for problem in found]
