"""Curves, windows, dispersion and forecasts, against what can be worked out by hand."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_orders, expected_units, peak_rate, scale_of
from burstsim.engine.orders import Orders
from burstsim.engine.outline import outline
from burstsim.engine.replayed import replay_notes
from burstsim.engine.shapes import curve_of, dispersed
from burstsim.engine.substreams import substreams
from burstsim.kernels.arrivals import ramp_area, ramp_times
from burstsim.scenario.demand import Curved
from burstsim.scenario.forecasts import Forecast
from burstsim.scenario.reader import loads
from burstsim.streams import generator
from burstsim.studies.replicate import run as run_scenario
from burstsim.units import DAY, HOUR, MINUTE, NEVER, SECOND
from tests.engine.test_draws import stream_of
from tests.engine.test_engines_agree import assert_agree
from tests.scenarios import scenario_of, small

SHAPES: dict[str, dict[str, Any]] = {
    "steady": {"shape": "steady", "rate": "30/m"},
    "ramp": {"shape": "ramp", "rates": [["2m", "0/m"], ["12m", "60/m"], ["22m", "6/m"]]},
    "flat ramp": {"shape": "ramp", "rates": [["0s", "30/m"], ["10m", "30/m"], ["20m", "0/m"]]},
    "drop": {"shape": "drop", "at": "5m", "orders": 900, "rise": "2m", "half_life": "6m"},
    "table": {"shape": "table", "rates": [["0s", "10/m"], ["10m", "0/m"], ["20m", "70/m"]]},
    "presale": {
        "shape": "presale",
        "deposits": {"from": "-20m", "to": "10m", "orders": 900},
        "balance_at": "10m",
        "rise": "1m",
        "half_life": "2m",
        "never_pay": 0.25,
    },
    "session": {
        "shape": "session",
        "viewers": [["0s", 600], ["30m", 1800]],
        "conversion": "1.5/h",
        "run_of_show": [
            {"time": "4m", "item": "A", "expected_units": 300, "price": 7, "stock": 200},
            {"time": "20:12", "item": "A", "expected_units": 150},
        ],
        "rise": "1m",
        "half_life": "2m",
    },
}

#: What may be laid over every shape.
LAYERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "window": {"open": {"from": "3m", "to": "21m"}},
    "dispersed": {"dispersion": 0.5},
    "both": {"open": {"from": "20:03", "to": "20:21"}, "dispersion": 0.5},
}

EDGES = np.array([-20, 0, 5, 9, 16, 23, 30]) * MINUTE


def rate(name: str, minute: float) -> float:
    """Orders per minute, by the words of the shape."""
    pulse = lambda t, n, rise, half: (  # noqa: E731
        0.0
        if t < 0
        else n
        / (rise / 2 + half / math.log(2))
        * (t / rise if t < rise else 2 ** ((rise - t) / half))
    )
    if name == "presale":
        return 30.0 if -20 <= minute < 10 else 0.0
    if minute < 0:
        return 0.0
    match name:
        case "steady":
            return 30.0
        case "ramp":
            return float(np.interp(minute, [2, 12, 22], [0, 60, 6])) if minute >= 2 else 0.0
        case "flat ramp":
            return float(np.interp(minute, [0, 10, 20], [30, 30, 0]))
        case "drop":
            return pulse(minute - 5, 900, 2, 6)
        case "table":
            return 10.0 if minute < 10 else 0.0 if minute < 20 else 70.0
    audience = float(np.interp(minute, [0, 30], [600, 1800])) * 1.5 / 60
    return audience + pulse(minute - 4, 300, 1, 2) + pulse(minute - 12, 150, 1, 2)


def by_hand(name: str, layer: str, begin: float, end: float) -> np.ndarray[Any, Any]:
    """Expected orders of each minute in a span, by adding up the rate."""
    open_from, open_to = (3, 21) if layer in ("window", "both") else (-1e9, 1e9)
    found = []
    for first in range(int(begin), int(end)):
        steps = first + (np.arange(600) + 0.5) / 600
        found.append(sum(rate(name, float(t)) for t in steps if open_from <= t < open_to) / 600)
    return np.array(found)


def draws(data: dict[str, Any], replications: int) -> list[Orders]:
    model = compile_scenario(scenario_of(data))
    return [draw_orders(model, replication) for replication in range(replications)]


CASES = [(name, layer) for name in SHAPES for layer in LAYERS]


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_counts_have_the_mean_and_variance_of_the_rate(name: str, layer: str) -> None:
    """Variance = mean, and with dispersion cv² times each minute's squared mean on top."""
    runs = draws(small(demand=stream_of(SHAPES[name], **LAYERS[layer])), 250)
    counts = np.array([np.histogram(run.placed, EDGES)[0] for run in runs])
    cv = LAYERS[layer].get("dispersion", 0.0)
    for column, (begin, end) in zip(counts.T, itertools.pairwise(EDGES), strict=True):
        minutes = by_hand(name, layer, begin // MINUTE, end // MINUTE)
        mean, variance = minutes.sum(), minutes.sum() + cv**2 * (minutes**2).sum()
        if mean == 0:
            assert not column.any()
            continue
        assert column.mean() == pytest.approx(mean, abs=4.5 * math.sqrt(variance / 250) + 1e-3)
        # five standard errors of a variance; few orders or a gamma factor make heavier tails
        excess = 1 / variance + (6 * cv**2 if cv else 0)
        assert column.var(ddof=1) == pytest.approx(variance, rel=5 * math.sqrt((2 + excess) / 250))


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_even_arrivals_follow_the_rate(name: str, layer: str) -> None:
    if "dispersion" in LAYERS[layer]:
        return
    scenario = scenario_of(small(demand=stream_of(SHAPES[name], **LAYERS[layer], arrivals="even")))
    run = draw_orders(compile_scenario(scenario), 0)
    parts = len(substreams(scenario))
    for minute in range(-20, 31):
        expected = by_hand(name, layer, -20, minute).sum()
        assert abs((run.placed < minute * MINUTE).sum() - expected) <= 0.5 * parts + 0.1


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_the_forecast_of_orders_is_the_sum_of_the_rate(name: str, layer: str) -> None:
    scenario = scenario_of(small(demand=stream_of(SHAPES[name], **LAYERS[layer])))
    span = (scenario.demand["s"], scenario.start, scenario.horizon)
    minutes = by_hand(name, layer, -20, 30)
    assert expected_orders(*span, 1.5) == pytest.approx(1.5 * minutes.sum(), rel=1e-3)
    at, most = peak_rate(*span, 1.5)
    assert most == pytest.approx(1.5 * minutes.max(), rel=1e-3)
    assert minutes[at // MINUTE + 20] == pytest.approx(minutes.max(), rel=1e-3)


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_area_and_times_are_inverse(name: str, layer: str) -> None:
    """Λ⁻¹ rounds down to a tick: Λ there is at most x, and one tick on at least x."""
    scenario = scenario_of(small(demand=stream_of(SHAPES[name], **LAYERS[layer])))
    for part in substreams(scenario):
        assert isinstance(part.spec, Curved)
        curve = curve_of(part.spec, scenario.start, scenario.horizon)
        curve = dispersed(curve, part.spec.dispersion, lambda p: generator(1, 0, p, "s"))
        sums = np.linspace(0, curve.area, 2003)[1:-1]
        ticks = curve.times(sums)
        assert (np.diff(ticks) >= 0).all()
        assert ticks.min() >= curve.begin
        assert ticks.max() < curve.end
        slack = 1e-9 * curve.area
        assert (curve.reached(ticks) <= sums + slack).all()
        assert (curve.reached(ticks + 1) >= sums - slack).all()


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.floats(0, 1)), min_size=1, max_size=5),
    st.lists(st.floats(0, 0.999), min_size=1, max_size=20),
)
def test_ramps_are_inverted_exactly(spans: list[tuple[int, float]], shares: list[float]) -> None:
    """Also for slopes that are all but zero, rates that touch zero, and spans of one tick."""
    edges = np.cumsum([span for span, _ in spans]).astype(np.int64)
    rates = np.array([height for _, height in spans])
    end = np.array([edges[-1] + 10**8])
    area = float(ramp_area(end, edges, rates)[0])
    sums = np.sort(np.array(shares)) * area
    if area == 0 or area < 1e-300:
        return
    ticks = ramp_times(sums, edges, rates)
    slack = 1e-9 * area
    assert (np.diff(ticks) >= 0).all()
    assert (ramp_area(ticks, edges, rates) <= sums + slack).all()
    assert (ramp_area(ticks + 1, edges, rates) >= sums - slack).all()


def rows(orders: Orders, scale: float) -> dict[tuple[int, int], tuple[Any, ...]]:
    """(sub-stream, index) → everything about the order that must not move."""
    found = {}
    for n in range(len(orders)):
        lines = slice(orders.line_offsets[n], orders.line_offsets[n + 1])
        found[int(orders.substream[n]), int(orders.index[n])] = (
            orders.line_item[lines].tolist(),
            orders.line_quantity[lines].tolist(),
            int(orders.region[n]),
            int(orders.value[n]),
            [float(noise[n]) for noise in orders.noise],
            int(orders.paid[n]) if orders.paid[n] != orders.placed[n] else None,
        )
    return found


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_more_demand_moves_orders_and_changes_nothing_else(name: str, layer: str) -> None:
    shape = {**SHAPES[name], **LAYERS[layer], "forecast": {"p10": 0.5, "p90": 2}}
    stream = stream_of(shape, regions={"east": 1, "west": 2})
    stream["s"]["basket"] = {"weights": {"A": 2, "B": 1}, "lines": {"1": 1, "2": 1}}
    skus = {"skus": {"A": {"price": 1}, "B": {"price": 3}}}
    data = small(demand=stream, catalog=skus, forecast={"p10": 0.8, "p90": 1.1})
    (low,), (high,) = draws(data, 1), draws({**data, "demand_scale": 2}, 1)
    before, after = rows(low, 1), rows(high, 2)
    assert len(after) > 1.5 * len(before) > 45
    assert before == {key: after[key] for key in before}


def test_a_minutes_factor_knows_neither_scale_nor_horizon_nor_window() -> None:
    """With even arrivals counts show the factors: the same ones, whatever surrounds them."""
    shape = {"shape": "steady", "rate": "6000/m", "dispersion": 0.6, "arrivals": "even"}

    def factors(**changes: Any) -> np.ndarray[Any, Any]:
        more = changes.pop("stream", {})
        (run,) = draws(small(demand=stream_of(shape, **more), **changes), 1)
        counts = np.histogram(run.placed, np.arange(8, 14) * MINUTE)[0]
        return np.asarray(counts / 6000 / changes.get("demand_scale", 1))

    plain = factors()
    assert plain.std() > 0.05
    presale = stream_of(SHAPES["presale"])["s"]
    for changes in (
        {"demand_scale": 2},
        {"horizon": "14m"},
        {"stream": {"open": {"from": "7m", "to": "15m"}}},
    ):
        assert factors(**changes) == pytest.approx(plain, abs=3e-4)
    data = small(demand={**stream_of(shape), "early": presale})  # the clock begins earlier
    (run,) = draws(data, 1)
    counts = np.histogram(run.placed[run.stream == 0], np.arange(8, 14) * MINUTE)[0]
    assert counts / 6000 == pytest.approx(plain, abs=3e-4)


@pytest.mark.parametrize("where", ["scenario", "stream"])
def test_forecast_quantiles(where: str) -> None:
    forecast = {"p10": 0.6, "p50": 1.1, "p90": 2.5}
    whole, of_stream = ({"forecast": forecast}, {}) if where == "scenario" else ({}, forecast)
    more = {"forecast": of_stream} if of_stream else {}
    scenario = scenario_of(small(demand=stream_of(SHAPES["steady"], **more), **whole))
    factors = np.array([scale_of(scenario, replication, "s") for replication in range(4000)])
    for share, limit in ((0.1, 0.6), (0.5, 1.1), (0.9, 2.5)):
        below = int((factors < limit).sum())
        assert stats.binom.cdf(below, 4000, share) == pytest.approx(0.5, abs=0.4999)
    mean = Forecast(**forecast).mean
    assert factors.mean() == pytest.approx(mean, abs=4 * factors.std() / math.sqrt(4000))


def test_a_forecast_is_one_draw_for_all_streams_and_rounds_an_instant() -> None:
    instant = {"shape": "instant", "at": "1m", "orders": 1000}
    data = small(
        demand={"a": stream_of(instant)["s"], "b": stream_of(instant)["s"]},
        forecast={"p10": 0.5, "p90": 2},
    )
    for number, run in enumerate(draws(data, 3)):
        count = math.floor(1000 * scale_of(scenario_of(data), number, "a") + 0.5)
        assert np.bincount(run.stream).tolist() == [count, count]


def test_a_session_is_its_viewers_and_a_drop_per_item() -> None:
    stream = stream_of({**SHAPES["session"], "dispersion": 0.3})["s"]
    stream["basket"] = {"weights": {"B": 1}, "quantity": {"1": 1, "2": 1}}
    skus = {"skus": {"A": {"price": 10}, "B": {"price": 5}}}
    data = small(catalog=skus, demand={"first": stream_of(SHAPES["steady"])["s"], "live": stream})
    scenario = scenario_of(data)
    parts = substreams(scenario)
    assert [(p.name, p.parent, p.number, p.price, p.stock) for p in parts] == [
        ("first", "first", 0, None, None),
        ("live", "live", 1, None, None),
        ("live/1", "live", 1, 700, 200),
        ("live/2", "live", 1, None, None),
    ]
    (run,) = draws(data, 1)
    assert set(run.stream[run.substream > 0].tolist()) == {1}
    names = compile_scenario(scenario).items.names
    for n in range(len(run)):
        (line,) = range(run.line_offsets[n], run.line_offsets[n + 1])
        part = int(run.substream[n])
        assert names[run.line_item[line]] == ("A", "B", "A", "A")[part]
        price = (1000, 500, 700, 1000)[part]
        assert run.value[n] == price * run.line_quantity[line]
    keys = list(zip(run.placed.tolist(), run.substream.tolist(), run.index.tolist(), strict=True))
    assert keys == sorted(keys)
    # 300 units of one and a half each
    units = expected_units(
        scenario.demand["live"], compile_scenario(scenario).items, scenario.start, 10 * DAY
    )
    assert units["A"] == pytest.approx(450, rel=1e-6)


def test_balances_of_a_presale() -> None:
    shape = {**SHAPES["presale"], "deposits": {"from": "-20m", "to": "10m", "orders": 40_000}}
    (run,) = draws(small(demand=stream_of(shape), promises={"p": {"within": "1h"}}), 1)
    assert stats.kstest(run.placed / MINUTE, "uniform", args=(-20, 30)).pvalue > 1e-4
    pays = run.paid < NEVER
    assert stats.binom.cdf((~pays).sum(), len(run), 0.25) == pytest.approx(0.5, abs=0.4999)
    after = (run.paid[pays] - 10 * MINUTE) / MINUTE
    assert after.min() >= 0
    tail = 2 / math.log(2)

    def share(t: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        late = 0.5 + tail * (1 - 2.0 ** (-(t - 1) / 2))
        return np.where(t < 1, t**2 / 2, late) / (0.5 + tail)

    assert stats.kstest(after, share).pvalue > 1e-4
    assert (run.due[pays] == run.paid[pays] + HOUR).all()
    assert (run.due[~pays] == NEVER).all()


def test_the_clock_begins_with_the_first_deposit() -> None:
    data = small(demand=stream_of(SHAPES["presale"]))
    shifts = {"pick": {"night": {"from": "08:00", "to": "19:50", "workers": 3}}}
    data["warehouses"]["hub"]["shifts"] = shifts
    model = compile_scenario(scenario_of(data))
    assert model.begin == -20 * MINUTE
    crew = draw_orders(model, 0).rosters[0]
    assert crew.times[:2].tolist() == [-20 * MINUTE, -10 * MINUTE]
    assert crew.workers[:2].tolist() == [3, 5]
    assert compile_scenario(scenario_of(small())).begin == 0


@pytest.mark.parametrize(("name", "layer"), CASES)
def test_engines_agree_on_every_shape(name: str, layer: str) -> None:
    assert_agree(small(demand=stream_of(SHAPES[name], **LAYERS[layer])))


def test_tables_of_a_presale_begin_with_the_clock() -> None:
    result = run_scenario(scenario_of(small(demand=stream_of(SHAPES["presale"]))))
    for table in (result.timeline, result.flow):
        assert table["time"].min() == -1200
    flow = result.flow
    assert flow["placed"].iloc[-1] == len(result.orders)
    assert flow["paid"].iloc[-1] == result.orders["paid"].notna().sum() < len(result.orders)
    assert (flow["open"] >= 0).all()
    assert result.orders["placed"].min() < 0


#: Published: (year, seconds, seconds, share of the day between them).
PUBLISHED = [
    (2019, 0, 96, 0.037),
    (2019, 0, 3839, 0.373),
    (2019, 3839, 5167, 0.077),
    (2019, 5167, 51687, 0.295),
    (2019, 51687, 59460, 0.050),
    (2019, 59460, 86400, 0.205),
    (2018, 0, 21, 0.005),
    (2018, 21, 125, 0.042),
    (2018, 125, 260, 0.042),
    (2018, 260, 6457, 0.379),
    (2018, 6457, 29332, 0.097),
    (2018, 29332, 86400, 0.435),
]


def test_double_11_has_the_published_curve() -> None:
    """Every published share to within 0.1 % of the day, the precision of the figures."""
    shape = {"shape": "table", "preset": "double-11", "orders": 1_000_000}
    scenario = scenario_of(small(demand=stream_of(shape), horizon="40h"))
    stream = scenario.demand["s"]
    curve = curve_of(stream, scenario.start, scenario.horizon)  # type: ignore[arg-type]
    midnight = 4 * HOUR
    assert curve.area == pytest.approx(1_000_000)

    def share(begin: float, end: float) -> float:
        ticks = midnight + (np.array([begin, end]) * SECOND).astype(np.int64)
        return float(np.diff(curve.reached(ticks))[0]) / 1e6

    for _, begin, end, expected in PUBLISHED:
        assert share(begin, end) == pytest.approx(expected, abs=0.001)
    mean = 1 / 86400
    assert share(0, 120) / 120 / mean == pytest.approx(34, abs=2)
    assert 0.37 <= share(0, 64 * 60) <= share(0, 108 * 60) <= 0.47
    for begin, end in ((6457, 29332), (29332, 51687), (51687, 59460)):
        assert 0.35 <= share(begin, end) / (end - begin) / mean <= 0.7
    assert share(59460, 86400) / 26940 / mean == pytest.approx(0.66, abs=0.01)
    assert curve.reached(np.array([midnight]))[0] == 0
    assert curve.reached(np.array([midnight + DAY]))[0] == pytest.approx(1e6)


def test_units_expected_are_those_drawn() -> None:
    basket = {
        "weights": {"A": 3, "B": 1, "C": 2, "AB": 1},
        "lines": {"1": 1, "2": 2, "3": 1, "4": 1},
        "quantity": {"1": 3, "4": 1},
    }
    data = small(
        catalog={
            "skus": {"A": {}, "B": {}, "C": {}},
            "kits": {"AB": {"needs": {"A": 2, "B": 1}}},
        },
        demand={"s": {"shape": "instant", "at": "0s", "orders": 200_000, "basket": basket}},
    )
    scenario = scenario_of(data)
    model = compile_scenario(scenario)
    (run,) = draws(data, 1)
    items = model.items
    bought = np.bincount(run.line_item, run.line_quantity, minlength=4)
    expected = expected_units(scenario.demand["s"], items, scenario.start, scenario.horizon)
    found = [bought[0] + 2 * bought[3], bought[1] + bought[3], bought[2]]
    assert list(expected.values()) == pytest.approx(found, rel=0.02)


def test_check_says_what_to_expect(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("order,sku,quantity,time\n1,A,2,2026-01-01 10:00\n")
    demand = {name: stream_of(shape, **LAYERS["both"])["s"] for name, shape in SHAPES.items()}
    demand["steady"]["forecast"] = {"p10": 0.5, "p90": 2}
    demand["log"] = {"shape": "replay", "file": "log.csv", "at": "3m"}
    data = json.dumps(small(demand=demand, forecast={"p10": 0.9, "p90": 1.2}))
    said = list(outline(loads(data, folder=tmp_path)))
    text = "\n".join(said)
    for words in (
        "demand.session: a live session with up to 1,800 viewers, who order at 1.5/h each",
        "open from 20:03:00 to 20:21:00, each minute's rate varying by 50%",
        "of them in the busiest minute, 2026-11-10 20:",
        "demand.presale: deposits from -20m to 10m",
        "demand.steady: uncertain: one night in ten below 0.5 times",
        "demand.log: units expected: A 2",
        "all demand is uncertain: one night in ten below 0.9",
    ):
        assert words in text, text


def test_the_peak_of_a_log_of_days_is_that_of_its_days_spread_out(tmp_path: Path) -> None:
    """1,440 orders on one day and 2,880 on the next: at most two a minute, from midnight on."""
    rows = [f"{n},X,1,2026-03-0{1 + (n >= 1440)}\n" for n in range(4320)]
    (tmp_path / "log.csv").write_text("order,sku,quantity,time\n" + "".join(rows))
    stream = {"shape": "replay", "file": "log.csv", "unknown": "add", "spread": "1d"}
    data = small(demand={"log": stream}, horizon="2d")
    scenario = loads(json.dumps(data), folder=tmp_path)
    at, most = peak_rate(scenario.demand["log"], scenario.start, scenario.horizon)
    assert (at, most) == (24 * HOUR, pytest.approx(2.0))
    assert not any("at once" in note for note in replay_notes(scenario))
    data["demand"]["log"]["spread"] = "0s"
    scenario = loads(json.dumps(data), folder=tmp_path)
    assert any("spread: 1d spreads them" in note for note in replay_notes(scenario))
