"""Pictures: that Plotly takes them, and that they show the numbers that they are of."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.report.blocks import Figure
from burstsim.report.charts.bars import Bar
from burstsim.report.charts.costs import cost_chart
from burstsim.report.charts.flow import flow_chart
from burstsim.report.charts.gifts import gift_chart, gift_run_chart
from burstsim.report.charts.late import late_chart
from burstsim.report.charts.promise import promise_chart
from burstsim.report.charts.queues import queue_chart
from burstsim.report.charts.stock import stock_chart
from burstsim.report.charts.studies import (
    compare_chart,
    frontier_chart,
    stress_chart,
)
from burstsim.report.charts.style import thin
from burstsim.report.charts.sweeps import sweep_chart
from burstsim.report.charts.trucks import truck_chart
from burstsim.report.charts.utilisation import utilisation_chart
from burstsim.report.charts.waterfall import time_chart, time_parts
from burstsim.report.folder import RunFolder
from burstsim.report.page import render
from burstsim.report.runpage import run_page
from tests.report.html import Parsed

START = datetime(2026, 11, 10, 20)
NAN = math.nan


def unpainted(value: Any) -> Any:
    """Give every colour of the page one that Plotly's models know."""
    if isinstance(value, dict):
        return {key: unpainted(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [unpainted(entry) for entry in value]
    return "#123456" if isinstance(value, str) and value.startswith("@") else value


def study_figures() -> Iterator[Figure | None]:
    curve = pd.DataFrame(
        {"level": [1.0, 3, 2], "metric": "on_time", "estimate": [0.99, 0.7, 0.95]}
    ).assign(low=[0.98, 0.65, 0.93], high=[1.0, 0.75, NAN])
    yield stress_chart(curve, varied="demand_scale", threshold=0.9, limit=(2.0, 2.5))
    yield stress_chart(curve, varied="demand_scale", threshold=0.5)
    designs = pd.DataFrame(
        {
            "cost": [1.0, 2, 3],
            "estimate": [0.9, 0.97, 0.99],
            "low": [0.88, 0.95, 0.98],
            "high": [0.92, 0.99, 1.0],
            "verdict": ["FAIL", "INCONCLUSIVE", "PASS"],
        }
    )
    yield frontier_chart(designs, value="estimate", metric="on_time", unit="money")
    grid = pd.DataFrame({"a": [1, 2, 1, 2], "b": [1, 1, 2, 2], "estimate": [0.1, 0.2, 0.3, NAN]})
    yield sweep_chart(grid, x="a", y="b", metric="on_time")
    line = pd.DataFrame({"a": [2, 1], "estimate": [0.2, 0.1], "low": [0.1, 0], "high": [0.3, 0.2]})
    yield sweep_chart(line, x="a", y=None, metric="on_time")
    differences = pd.DataFrame(
        {"metric": ["cost", "on_time"], "estimate": [-50.0, 0.01], "low": [-60, NAN]}
    ).assign(high=[-40, NAN], base=[100, 0.5])
    yield compare_chart(differences, names=("base", "temps"))
    trucks = pd.DataFrame({"time": [0.0, 3600, 3600], "capacity": [9.0, 9, NAN]})
    yield truck_chart(trucks.assign(loaded=[5, 9, 1], left_behind=[0, 4, 0]), START)
    yield late_chart([Bar(name="stock", estimate=3.0, low=1, high=5)])
    parts = [Bar(name="wages", estimate=90.0, low=80, high=99)]
    yield cost_chart([*parts, Bar(name="parcels", estimate=10.0, low=NAN, high=NAN)])


def run_figures(run: RunFolder) -> list[Figure]:
    section = next(part for part in run_page(run).sections if part.title == "What happens")
    return [block for block in section.blocks if isinstance(block, Figure)]


def test_plotly_takes_every_figure(run_folder: RunFolder) -> None:
    """Its models refuse keys and values that it does not know."""
    graph_objects = pytest.importorskip("plotly.graph_objects")
    figures = [*run_figures(run_folder), *study_figures()]
    assert len(figures) == 19
    for figure in figures:
        assert figure is not None
        graph_objects.Figure(unpainted(list(figure.data)), unpainted(figure.layout))


def test_one_wide_interval_does_not_squeeze_the_others() -> None:
    table = pd.DataFrame(
        {
            "metric": ["cost_total", "on_time", "backlog_peak", "unfinished"],
            "estimate": [-2.0, 1.0, 40.0, 900.0],
            "low": [-3.0, 0.5, -1000.0, 800.0],
            "high": [-1.0, 2.0, 4.0, 1000.0],
            "base": [100.0] * 4,
        }
    )
    assert compare_chart(table[:2], names=("a", "b")).data[0]["x"] == [-2.0, 1.0]  # type: ignore[union-attr]
    assert len(compare_chart(table[:2], names=("a", "b")).data) == 1  # type: ignore[union-attr]
    more = pd.concat([table[:2], table[:2].assign(metric=["profit", "worker_hours"]), table[2:]])
    figure = compare_chart(more, names=("a", "b"))
    assert figure is not None
    marks, arrows = figure.data
    assert marks["x"] == [-2.0, 1.0, -2.0, 1.0, 3.0, 3.0]
    assert marks["customdata"] == [-2.0, 1.0, -2.0, 1.0, 40.0, 900.0]
    assert marks["marker"]["opacity"] == [1, 1, 1, 1, 0, 0]
    assert marks["error_x"]["arrayminus"][4] == 6.0  # from one edge to the other
    assert arrows["x"] == [3.0, 3.0, -3.0]
    assert arrows["marker"]["symbol"] == ["triangle-right", "triangle-right", "triangle-left"]
    assert "arrow" in figure.finding


def test_what_is_drawn_is_plain_data(run_folder: RunFolder) -> None:
    for figure in (*run_figures(run_folder), *study_figures()):
        assert figure is not None
        json.dumps([list(figure.data), figure.layout])


EMPTY: list[Callable[[], Figure | None]] = [
    lambda: flow_chart(_flow([0], [0]), START),
    lambda: queue_chart(_timeline(waiting=[0, 0]), START),
    lambda: utilisation_chart(_timeline(busy=[0, 0]), START),
    lambda: promise_chart(_orders([], [])),
    lambda: time_chart(_orders([1.0], [NAN]), _parcels([1.0], [NAN])),
    lambda: stock_chart(pd.DataFrame({"time": [], "sku": [], "left": []}), START),
    lambda: gift_chart([], []),
    lambda: gift_run_chart(_gifts([3], [3]), START),
    lambda: cost_chart([Bar(name="wages", estimate=0.0, low=NAN, high=NAN)]),
    lambda: truck_chart(pd.DataFrame({"time": [1.0]}), START),
    lambda: stress_chart(_curve(), varied="x", threshold=1),
    lambda: sweep_chart(_curve(), x="level", y=None, metric="m"),
]


@pytest.mark.parametrize("draw", EMPTY)
def test_without_data_there_is_no_picture(draw: Callable[[], Figure | None]) -> None:
    assert draw() is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.integers(2, 50))
def test_thinning_keeps_the_extremes_and_the_ends(values: list[float], most: int) -> None:
    line = np.array(values)
    kept = thin(line, most)
    assert (np.diff(kept) > 0).all()
    assert {0, len(line) - 1} <= set(kept.tolist())
    assert len(kept) <= max(most, 2) + 2
    assert line[kept].max() == line.max()
    assert line[kept].min() == line.min()


def test_the_peak_of_the_backlog_stays() -> None:
    paid = np.minimum(np.arange(5000) * 3, 9000)
    shipped = np.minimum(np.arange(5000) * 2, 9000)
    figure = flow_chart(_flow(paid, shipped), START)
    assert figure is not None
    assert "3,000 orders" in figure.finding
    assert "22:00 on 12 Nov" in figure.finding  # 3,000 minutes after 20:00
    backlog = figure.data[2]
    assert max(backlog["y"]) == 3000
    assert len(backlog["y"]) < 600
    assert backlog["x"][0] == "2026-11-10 20:00:00"


def test_queues_beyond_what_can_be_told_apart_are_named() -> None:
    tables = [_timeline(waiting=[n, 0], stage=f"s{n}") for n in range(1, 12)]
    figure = queue_chart(pd.concat(tables), START)
    assert figure is not None
    assert [trace["name"] for trace in figure.data] == [f"s{n}" for n in range(4, 12)]
    assert "Of 11 zones the 8" in figure.finding
    assert len({(t["line"]["color"], t["line"]["dash"]) for t in figure.data}) == 8


def test_utilisation_has_gaps_where_nobody_is() -> None:
    """Two of four busy, then nobody there, then more busy than on the crew: overtime is full."""
    table = _timeline(busy=[2, 0, 5], workers=[4, 0, 4], times=[0.0, 300, 600])
    figure = utilisation_chart(table, START)
    assert figure is not None
    assert figure.data[0]["z"] == [[50, None, 100]]
    assert figure.data[0]["x"][0] == "2026-11-10 20:02:30"


def test_of_many_crews_the_busiest_are_shown() -> None:
    tables = [_timeline(busy=[4 * (n > 4), 0], stage=f"s{n}") for n in range(33)]
    figure = utilisation_chart(pd.concat(tables), START)
    assert figure is not None
    assert len(figure.data[0]["y"]) == len(figure.data[0]["z"]) == 30
    assert {f"s{n}" for n in range(5, 33)} < set(figure.data[0]["y"])
    assert "The 30 busiest of 33" in figure.finding


def test_the_promise_is_marked_and_late_orders_are_apart() -> None:
    figure = promise_chart(_orders([0.0] * 3, [3600.0, 7200, 14400], due=10800))
    assert figure is not None
    (mark,) = figure.layout["shapes"]
    assert mark["x0"] == mark["x1"] == 3
    assert {trace["name"]: sum(trace["y"]) for trace in figure.data} == {"in time": 2, "late": 1}
    assert "1 order of 3 shipped late" in figure.finding
    assert "waited for a truck" not in figure.finding
    packed = promise_chart(_orders([0.0] * 2, [3600.0, 14400], due=10800).assign(late=False))
    assert packed is not None
    assert "was packed in time and waited for a truck" in packed.finding
    far = promise_chart(_orders([0.0] * 2, [60.0, 120], due=86400))
    assert far is not None
    assert far.layout["shapes"] == []
    assert "The promise, 24 h, lies far to the right" in far.finding


def test_promises_that_differ_are_a_band() -> None:
    due = [3600.0 * hours for hours in (2, 3, 4, 5)]
    figure = promise_chart(_orders([0.0] * 4, [7200.0] * 4, due=due))
    assert figure is not None
    (band,) = figure.layout["shapes"]
    assert (band["type"], band["x0"], band["x1"]) == ("rect", 2, 5)


def test_parts_of_the_time_add_up(run_folder: RunFolder) -> None:
    orders, parcels = run_folder.table("orders"), run_folder.table("parcels")
    assert orders is not None
    assert parcels is not None
    sent = parcels[parcels["shipped"].notna()]
    paid = orders.set_index("order")["paid"].loc[sent["order"]].to_numpy()
    parts = time_parts(orders, parcels)
    assert sum(part[2] for part in parts) == pytest.approx(float((sent["shipped"] - paid).mean()))
    assert ("pack", "work") in {part[:2] for part in parts}


def test_parts_of_the_time_are_what_they_say() -> None:
    """Released after 10 s, 20 s of waiting, 30 s of work, 5 s on the way out."""
    parts = time_parts(_orders([100.0], [165.0]), _parcels([100.0], [165.0]))
    assert parts == [
        ("until released", "hold", 10),
        ("pick", "wait", 20),
        ("pick", "work", 30),
        ("between stages", "way", 0),
        ("after the last stage", "way", 5),
    ]


def test_stock_is_drawn_as_a_share_of_the_most_there_was() -> None:
    table = pd.DataFrame({"time": [0.0, 60, 120], "sku": "A", "left": [5, 0, 10]})
    figure = stock_chart(table, START)
    assert figure is not None
    assert figure.data[0]["y"] == [50, 0, 100, 100]
    assert "A at 20:01" in figure.finding


def test_gifts_show_what_is_short() -> None:
    figure = gift_run_chart(_gifts([3, 5], [3, 1]), START)
    assert figure is not None
    assert "short at 20:01" in figure.finding
    assert [trace["y"] for trace in figure.data] == [[3, 4], [3, 8]]
    bars = [Bar(name="r", estimate=value, low=NAN, high=NAN) for value in (8.0, 4.0)]
    chart = gift_chart(bars[:1], bars[1:])
    assert chart is not None
    assert "4 of 8 pieces" in chart.finding


def test_trucks_show_what_did_not_fit() -> None:
    figure = list(study_figures())[6]
    assert figure is not None
    assert [trace["y"] for trace in figure.data] == [[5, 10], [0, 4], [9, None]]
    assert "3 pickups took 15 parcels; 1 of them left some behind" in figure.finding


def test_the_cheapest_that_holds_is_marked() -> None:
    table = pd.DataFrame({"cost": [3.0, 2, 1], "verdict": ["PASS", "PASS", "FAIL"]})
    figure = frontier_chart(table.assign(v=[0.99, 0.98, 0.9]), value="v", metric="on_time")
    assert figure is not None
    assert [(t["name"], t["x"]) for t in figure.data] == [
        ("PASS", [3, 2]),
        ("FAIL", [1]),
        ("cheapest that holds", [2]),
    ]


def test_where_it_breaks_is_said() -> None:
    first, second, *_ = study_figures()
    assert first is not None
    assert second is not None
    assert "between 2 and 2.5 times demand_scale" in first.finding
    assert first.data[-1]["x"] == [1, 2, 3]
    assert "holds at every level from 1 to 3" in second.finding


def test_differences_are_shares_of_the_first() -> None:
    figure = list(study_figures())[5]
    assert figure is not None
    assert figure.data[0]["x"] == [-50, 2]
    assert figure.data[0]["error_x"]["array"] == [10, 0]


def test_a_study_makes_a_page_of_its_own() -> None:
    from burstsim.report.blocks import Page, Section

    figures = [figure for figure in study_figures() if figure is not None]
    sections = [Section(title="Curve", blocks=figures)]
    page = Page(title="Stress", subtitle="", sentence="It breaks.", sections=sections)
    assert len(Parsed(render(page)).data) == len(figures)


def _flow(paid: Any, shipped: Any) -> pd.DataFrame:
    paid, shipped = np.asarray(paid), np.asarray(shipped)
    times = np.arange(len(paid)) * 60.0
    columns = {"placed": paid, "paid": paid, "released": paid, "shipped": shipped}
    return pd.DataFrame({"time": times, "warehouse": "h", **columns, "open": paid - shipped})


def _timeline(stage: str = "pick", **columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    times = columns.pop("times", [n * 60.0 for n in range(count)])
    zero: dict[str, Any] = {"waiting": 0, "busy": 0, "workers": 4, "work_left": 0.0}
    where = {"warehouse": "h", "stage": stage, "zone": stage}
    return pd.DataFrame({"time": times, **where, **zero, **columns})


def _orders(paid: list[float], shipped: list[float], due: Any = NAN) -> pd.DataFrame:
    table = pd.DataFrame({"order": range(len(paid)), "paid": paid, "shipped": shipped, "due": due})
    state = np.where(table["shipped"].isna(), "unfinished", "shipped")
    return table.assign(state=state, late=table["shipped"] > table["due"])


def _parcels(paid: list[float], shipped: list[float]) -> pd.DataFrame:
    begin = pd.Series(paid)
    steps = {"released": 10, "pick_entered": 10, "pick_started": 30, "pick_done": 60}
    columns = {name: begin + after for name, after in steps.items()}
    return pd.DataFrame({"order": range(len(paid)), **columns, "shipped": shipped})


def _gifts(proposed: list[int], granted: list[int]) -> pd.DataFrame:
    table = pd.DataFrame({"time": np.arange(len(proposed)) * 60.0, "rule": "r", "sku": "T"})
    table = table.assign(proposed=proposed, granted=granted)
    return table.assign(short=table["proposed"] - table["granted"])


def _curve() -> pd.DataFrame:
    return pd.DataFrame({"level": [1.0], "metric": "m", "estimate": [NAN]})
