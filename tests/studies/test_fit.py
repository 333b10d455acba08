"""From a log to a scenario whose orders look like the log's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import burstsim as bs
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.scenario.reader import loads
from burstsim.studies.logfacts import _frequencies
from burstsim.units import DAY, HOUR

DATA = Path(__file__).parents[2].parent / "shared" / "data"
HEADER = "order,sku,quantity,time,price,region,customer\n"


def log(path: Path, days: int = 3, per_hour: int = 40) -> Path:
    """Orders from 08:00 to 20:00, twice as many after noon; none on the second day."""
    rows = []
    draw = np.random.default_rng(5)
    for day in range(days):
        for hour in range(8, 20):
            if day == 1:
                continue
            for number in range(per_hour * (2 if hour >= 12 else 1)):
                order = len(rows)
                minute = number * 60 // (per_hour * 2)
                for sku in draw.choice(["A", "B", "C,1", '"D"'], 1 + order % 2, replace=False):
                    cell = '"' + sku.replace('"', '""') + '"'
                    units = 1 + order % 3
                    rows.append(
                        f"{day}-{hour}-{number},{cell},{units},2026-11-{11 + day} "
                        f"{hour:02}:{minute:02},{2.5 if sku == 'A' else 4},"
                        f"{'east' if number % 4 else 'north'},c{number % 50}\n"
                    )
    path.write_text(HEADER + "".join(rows))
    return path


def test_that_channels_become_one_stream_is_said(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = [f"{n},A,1,2026-11-11 0{n % 7}:30,{'app' if n % 3 else 'shop'}\n" for n in range(60)]
    path.write_text("order,sku,quantity,time,channel\n" + "".join(rows))
    assert "the orders of 2 channels become one stream" in bs.fit(path).notes
    path.write_text("order,sku,quantity,time,channel\n" + "".join(rows).replace("shop", "app"))
    assert not any("channel" in note for note in bs.fit(path).notes)


def test_the_facts_of_a_log(tmp_path: Path) -> None:
    fitted = bs.fit(log(tmp_path / "orders.csv"))
    facts, scenario = fitted.facts, fitted.scenario
    assert scenario.name == "orders, fitted"
    assert scenario.start.isoformat() == "2026-11-11T00:00:00"
    assert scenario.horizon == 2 * DAY + 20 * HOUR
    assert facts.counts[7:14] == (0, 40, 40, 40, 40, 80, 80)
    assert facts.orders == sum(facts.counts) == 2 * (4 * 40 + 8 * 80)
    (stream,) = scenario.demand.values()
    # nothing, 40, 80, nothing through the second day's night and day, 40, 80
    assert [str(row.at) for row in stream.rates] == [  # type: ignore[union-attr]
        *("0s", "8h", "12h", "20h", "2d8h", "2d12h"),
    ]
    assert {sku: item.price for sku, item in scenario.catalog.skus.items()} == {
        "A": 250,
        "B": 400,
        "C,1": 400,
        '"D"': 400,
    }
    assert sum(facts.weights.values()) == pytest.approx(1)
    assert facts.regions["east"] == pytest.approx(0.75, abs=0.05)
    assert facts.customers == 50
    assert "50 customers placed the 1,600 orders" in fitted.text
    assert fitted.notes == ()
    assert fitted.chi_square.degrees == 24
    assert 0.001 < fitted.chi_square.p_value < 0.999


def test_round_trip_fit_load_run(tmp_path: Path) -> None:
    fitted = bs.fit(log(tmp_path / "orders.csv"), replications=3)
    path = tmp_path / "fitted.yaml"
    path.write_text(fitted.text, encoding="utf-8")
    scenario = bs.load(path)
    assert scenario.digest() == fitted.scenario.digest()
    result = bs.run(scenario, replications=2, check=True)
    orders = draw_orders(compile_scenario(scenario), 0)
    facts = fitted.facts
    assert len(orders.placed) == pytest.approx(facts.orders, abs=5 * facts.orders**0.5)
    lines, units = len(orders.line_item), int(orders.line_quantity.sum())
    assert lines / len(orders.placed) == pytest.approx(facts.lines / facts.orders, rel=0.1)
    assert units / lines == pytest.approx(facts.units / facts.lines, rel=0.1)
    assert result.sentence
    assert bs.fit(tmp_path / "orders.csv", replications=3).text == fitted.text


def test_a_sale_of_hours_starts_on_the_hour(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "1,A,1,2026-11-11 20:10,,,\n2,A,2,2026-11-11 20:40,,,\n")
    fitted = bs.fit(path, rate_step="15m")
    assert fitted.scenario.start.isoformat() == "2026-11-11T20:00:00"
    assert fitted.facts.counts == (1, 0, 1)
    assert "- [15m, 0/h]" in fitted.text
    assert "- [30m, 4/h]" in fitted.text
    assert "1 item without a price in the log; it is written as 0" in fitted.notes


def test_days_without_a_clock_are_spread(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{n},A,1,2026-11-1{n % 3},,,\n" for n in range(30))
    path.write_text(HEADER + rows)
    fitted = bs.fit(path)
    assert fitted.facts.counts == (10, 10, 10)
    assert fitted.scenario.horizon == 3 * DAY
    assert fitted.chi_square.bin == DAY
    assert "orders per day in 20 replications" in fitted.chi_square.sentence


def test_only_the_items_most_often_ordered_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = "".join(
        f"{n},{sku},1,2026-11-11 08:00,,,\n"
        for n, sku in enumerate(["A"] * 4 + ["B"] * 3 + ["C", "C", "E", "D"])
    )
    path.write_text(
        HEADER + rows + "x,A,1,2026-11-11 08:00,,,\nx,B,1,2026-11-11 08:00,,,\n"
        "x,C,1,2026-11-11 08:00,,,\n",
        encoding="utf-8",
    )
    fitted = bs.fit(path, top=2)
    assert list(fitted.facts.weights) == ["A", "B"]
    assert fitted.notes[-3:] == (
        "the 2 items most often ordered make up 64.3% of the lines; the other 3 are left out",
        "2 items without a price in the log; it is written as 0",
        "1 order with more than 1 line (up to 3) written with 2",
    )


def test_a_long_tail_becomes_its_mean() -> None:
    numbers = np.concatenate((np.ones(995, np.int64), [10, 20, 30, 40, 50], np.arange(2, 70)))
    notes: list[str] = []
    found = _frequencies(numbers, 100_000, "line", "unit", notes)
    assert sum(found.values()) == len(numbers)
    assert sum(n * count for n, count in found.items()) == pytest.approx(numbers.sum(), rel=0.01)
    assert len(notes) == 1
    assert _frequencies(np.array([1, 7]), 100, "line", "unit", notes) == {1: 1, 7: 1}
    assert _frequencies(np.array([7, 9]), 3, "line", "unit", notes) == {3: 2}


def test_a_step_longer_than_an_hour_is_seen_by_the_test(tmp_path: Path) -> None:
    fitted = bs.fit(log(tmp_path / "orders.csv"), rate_step="1d")
    assert fitted.chi_square.p_value < 1e-6
    assert "try a shorter --rate-step" in fitted.chi_square.sentence


def test_names_that_would_break_yaml(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    names = ["yes", "E5", "<<", "~", "- a", "a: b", "#x", "口红", "😀", "'", "\\", "012"]
    cells = [f'{n},"{sku}",1,2026-11-11 08:00,1,"{sku}",\n' for n, sku in enumerate(names)]
    path.write_text(HEADER + "".join(cells), encoding="utf-8")
    fitted = bs.fit(path, replications=1)
    assert list(fitted.scenario.catalog.skus) == names
    assert loads(fitted.text).digest() == fitted.scenario.digest()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "orders.csv: is empty"),
        (HEADER, "orders.csv: has a header but no rows"),
        (HEADER + "1,A,1,soon,,,\n", "orders.csv:2: column 'time' must be a time such as"),
        (HEADER + "1,A,-1,2026-11-11,-1,,\n", "orders.csv: no order is left"),
        (HEADER + "1,A,1,1999-11-11,,,\n2,A,1,2026-11-11,,,\n", "more than ten years apart"),
        (HEADER + "1,A,1,1599-11-11,,,\n", "start: must be a date between the years 1900"),
        ("order,sku,time\n1,A,2026-11-11\n", "orders.csv:1: columns.quantity: no column"),
        (b"PK\x03\x04", "orders.csv: is a spreadsheet or an archive that cannot be read"),
        (b"PAR1", "orders.csv: is a Parquet file that cannot be read"),
    ],
)
def test_logs_that_are_none(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(bs.ScenarioError) as caught:
        bs.fit(path)
    (problem,) = caught.value.problems
    assert words in str(problem)


def test_arguments_that_make_no_sense(tmp_path: Path) -> None:
    path = log(tmp_path / "orders.csv")
    with pytest.raises(bs.ScenarioError) as caught:
        bs.fit(path, rate_step="1x", top=0, replications=0)
    assert [problem.path for problem in caught.value.problems] == [
        *("--rate-step", "--top", "replications"),
    ]
    with pytest.raises(bs.ScenarioError, match="choose a longer --rate-step"):
        bs.fit(path, rate_step="1s")


def test_the_retail_log() -> None:
    path = DATA / "online_retail_10k.csv"
    if not path.exists():
        pytest.skip("the sample data is not here")
    fitted = bs.fit(path, profile="uci-online-retail")
    facts = fitted.facts
    assert (facts.orders, facts.lines, facts.items) == (438, 9490, 1992)
    assert fitted.scenario.start.isoformat() == "2010-12-01T00:00:00"
    # reported, not asserted away: only that the test can tell something and is not absurd
    assert fitted.chi_square.degrees > 30
    assert fitted.chi_square.p_value > 1e-4
    assert bs.run(fitted.scenario, replications=2, check=True).sentence
