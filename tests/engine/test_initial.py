"""A night that is already under way, in both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter
from typer.testing import CliRunner

from burstsim.cli import app
from burstsim.cli.underway import under_way as overrides
from burstsim.engine import vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import Trace
from burstsim.errors import ScenarioError
from burstsim.scenario.reader import load
from burstsim.units import NEVER, SECOND
from tests.engines import both
from tests.scenarios import scenario_of, small


def under_way(lines: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Work of 10 s at pick and 10 s at pack with one worker each; the clock begins at 10m."""
    data = small(initial={"at": "10m", "open_orders": lines, **changes}, oms={"cycle": "1m"})
    stages = data["warehouses"]["hub"]["stages"]
    for stage in stages.values():
        stage["workers"], stage["work"] = 1, {"per_task": "10s"}
    data["demand"]["shop"] = {
        "shape": "instant",
        "at": "5m",
        "orders": 3,
        "basket": {"weights": {"A": 1}},
    }
    return data


def times(trace: Trace, stage: int) -> list[list[float]]:
    """Seconds of entering, starting and finishing at a stage, after the clock's beginning."""
    visits = trace.visits[stage]
    return [
        [-1.0 if tick == NEVER else tick / SECOND - 600 for tick in row]
        for row in zip(visits.entered, visits.started, visits.done, strict=True)
    ]


def test_orders_go_on_where_they_wait() -> None:
    """Two wait at pack, one at pick, one with the order management; the demand before is gone."""
    lines = [
        {"order": "a", "sku": "A", "stage": "pack", "paid_at": "1m"},
        {"order": "b", "sku": "A", "stage": "pack", "paid_at": "2m"},
        {"order": "c", "sku": "A", "stage": "pick", "paid_at": "3m"},
        {"order": "d", "sku": "A", "paid_at": "4m"},
        {"order": "d", "sku": "A", "quantity": 2},
    ]
    trace = both(under_way(lines))
    assert len(trace.orders) == 4
    assert trace.orders.paid.tolist() == [n * 60 * SECOND for n in (1, 2, 3, 4)]
    assert times(trace, 0) == [[-1, -1, -1], [-1, -1, -1], [0, 0, 10], [0, 10, 20]]
    assert times(trace, 1) == [[0, 0, 10], [0, 10, 20], [10, 20, 30], [20, 30, 40]]
    assert trace.pieces.tolist() == [1, 1, 1, 3]


def test_open_orders_hold_stock_and_those_on_the_floor_have_left_the_shelf() -> None:
    """Five are counted; the open order holds two of them, so three new ones can be sold."""
    lines = [
        {"order": "floor", "sku": "A", "quantity": 4, "stage": "pack"},
        {"order": "office", "sku": "A", "quantity": 2},
    ]
    data = under_way(lines, stock={"hub": {"A": 5}})
    data["warehouses"]["hub"]["stock"] = {"A": 1000}
    data["demand"]["shop"] |= {"at": "15m", "orders": 5}
    trace = both(data)
    new = trace.orders.stream >= 0
    assert (trace.state[new] == 0).sum() == 3
    assert (trace.state[~new] == 0).all()


def test_trucks_that_have_come_are_in_the_count() -> None:
    data = under_way([], stock={"hub": {"A": 1}})
    data["warehouses"]["hub"] |= {
        "stock": {},
        "inbound": {
            "early": {"at": "9m", "stock": {"A": 50}},
            "late": {"at": "12m", "stock": {"A": 2}},
        },
    }
    data["demand"]["shop"] |= {"at": "15m", "orders": 9}
    assert (both(data).state == 0).sum() == 3


def test_from_a_spreadsheet(tmp_path: Path) -> None:
    """``run --from open.xlsx --at`` is the same as the section in the file."""
    lines = [
        {"order": "a", "sku": "A", "stage": "pack", "paid_at": "1m"},
        {"order": "b", "sku": "A", "quantity": 3},
    ]
    book = xlsxwriter.Workbook(tmp_path / "open.xlsx")
    for tab, rows in (
        (
            "orders",
            [["订单号", "商品编码", "数量", "环节", "付款时间"], ["a", "A", 1, "pack", "1m"]],
        ),
        ("stock", [["warehouse", "sku", "quantity"], ["hub", "A", 7]]),
    ):
        sheet = book.add_worksheet(tab)
        for number, row in enumerate([*rows, ["b", "A", 3, "", ""]] if tab == "orders" else rows):
            sheet.write_row(number, 0, row)
    book.close()
    data = under_way(lines, stock={"hub": {"A": 7}})
    data["warehouses"]["hub"]["stock"] = {"A": 0}
    expected = both(data)
    bare = {**data}
    del bare["initial"]
    (tmp_path / "sale.yaml").write_text(json.dumps(bare))
    scenario = load(tmp_path / "sale.yaml", set=overrides(tmp_path / "open.xlsx", "10m"))
    model = compile_scenario(scenario)
    found = vector.simulate(model, draw_orders(model, 0))
    assert found.digest() == expected.digest()
    arguments = ["run", str(tmp_path / "sale.yaml"), "--from", str(tmp_path / "open.xlsx")]
    done = CliRunner().invoke(
        app, [*arguments, "--at", "10m", "--out", str(tmp_path / "out"), "--reps", "1"]
    )
    assert done.exit_code == 0, done.output


def test_unknown_names_are_told_at_once() -> None:
    lines = [
        {"order": "a", "sku": "Z"},
        {"order": "b", "sku": "A", "stage": "sort"},
        {"order": "c", "sku": "A", "stage": "pick", "warehouse": "hup"},
    ]
    with pytest.raises(ScenarioError) as error:
        scenario_of(under_way(lines, stock={"hub": {"Q": 1}}))
    assert [problem.path for problem in error.value.problems] == [
        "initial.open_orders[0].sku",
        "initial.open_orders[1].stage",
        "initial.open_orders[2].warehouse",
        "initial.stock.hub.Q",
    ]


def test_the_clock_begins_with_the_state() -> None:
    """A shift that spans the moment is in force, and nothing is counted before it."""
    trace = both(under_way([{"order": "a", "sku": "A", "stage": "pick"}]))
    assert trace.model.begin == 600 * SECOND
    assert np.all(trace.released >= trace.model.begin)


def test_open_orders_say_what_is_in_them() -> None:
    """What a mystery box has become nobody can draw again."""
    data = under_way([{"order": "a", "sku": "BOX"}])
    box = {"kind": "mystery", "price": 1, "draw": 1, "pool": ["A"]}
    data["catalog"]["kits"] = {"BOX": box}
    with pytest.raises(ScenarioError, match="must be a SKU or a kit of fixed parts"):
        scenario_of(data)


def test_a_window_that_is_over_is_no_fault() -> None:
    """The rules of the evening stay as they are when the night is played on from its middle."""
    rule = {"where": {"time": ["0s", "5m"]}, "reward": {"gift": "A"}}
    assert scenario_of(under_way([]) | {"gifts": {"early": rule}}).rules["early"]


def test_a_partner_begins_something() -> None:
    data = small()
    partner = {"external": {"lead_time": {"mean": "1h"}, "capacity": "0/h"}}
    data["warehouses"]["partner"] = partner
    with pytest.raises(ScenarioError, match="must have a capacity above 0"):
        scenario_of(data)
