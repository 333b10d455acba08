"""What is drawn, from first principles: both engines share it, so comparing them shows nothing."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from burstsim.engine import event, vector
from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.forecasts import expected_orders, expected_units
from burstsim.engine.orders import Orders
from burstsim.engine.replayed import replay_notes
from burstsim.engine.subsets import orders_of
from burstsim.engine.substreams import substreams
from burstsim.errors import ScenarioError
from burstsim.scenario.catalog import Kit
from burstsim.scenario.reader import loads
from burstsim.units import HOUR, MINUTE, NEVER, SECOND
from tests.scenarios import scenario_of, scenarios, small

CURVES: dict[str, dict[str, Any]] = {
    "steady": {"shape": "steady", "rate": "30/m"},
    "drop": {"shape": "drop", "at": "5m", "orders": 900, "rise": "2m", "half_life": "6m"},
    "late drop": {"shape": "drop", "at": "25m", "orders": 2000, "half_life": "10m"},
    "table": {"shape": "table", "rates": [["0s", "10/m"], ["10m", "0/m"], ["20m", "70/m"]]},
}


def stream_of(shape: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"s": {**shape, "basket": {"weights": {"A": 1}}, **more}}


def draws(data: dict[str, Any], replications: int) -> list[Orders]:
    model = compile_scenario(scenario_of(data))
    return [draw_orders(model, replication) for replication in range(replications)]


def area(name: str, minute: float) -> float:
    """Expected orders until a minute, by the formula of the shape."""
    if name == "steady":
        return 30 * minute
    if name == "table":
        return 10 * min(minute, 10) + 70 * max(minute - 20, 0)
    orders, at, rise, half = (900, 5, 2, 6) if name == "drop" else (2000, 25, 0, 10)
    tail = half / np.log(2)
    peak, t = orders / (rise / 2 + tail), max(minute - at, 0)
    if t <= rise:
        return peak * t**2 / (2 * rise) if rise else 0.0
    return float(peak * rise / 2 + peak * tail * (1 - 2 ** (-(t - rise) / half)))


@pytest.mark.parametrize("name", CURVES)
def test_counts_have_the_mean_and_variance_of_a_poisson_process(name: str) -> None:
    """Counts within any span are Poisson: mean = variance = area, and spans are independent."""
    runs = draws(small(demand=stream_of(CURVES[name])), 400)
    edges = np.array([0, 4, 8, 15, 22, 30]) * MINUTE
    counts = np.array([np.histogram(run.placed, edges)[0] for run in runs])
    expected = np.diff([area(name, edge / MINUTE) for edge in edges])
    for column, mean in zip(counts.T, expected, strict=True):
        if mean == 0:
            assert not column.any()
            continue
        # sums of Poisson counts are Poisson; the dispersion index is chi-square
        assert stats.poisson.cdf(column.sum(), mean * 400) == pytest.approx(0.5, abs=0.4999)
        index = 399 * column.var(ddof=1) / column.mean()
        assert stats.chi2.cdf(index, 399) == pytest.approx(0.5, abs=0.4999)


@pytest.mark.parametrize("name", CURVES)
def test_even_arrivals_follow_the_area_within_one(name: str) -> None:
    (run,) = draws(small(demand=stream_of(CURVES[name], arrivals="even")), 1)
    for minute in np.linspace(0, 30, 61):
        count = int((run.placed < minute * MINUTE).sum())
        assert abs(count - area(name, minute)) <= 0.5 + 1e-6


@pytest.mark.parametrize("name", CURVES)
def test_expected_orders_is_the_area(name: str) -> None:
    scenario = scenario_of(small(demand=stream_of(CURVES[name])))
    found = expected_orders(scenario.demand["s"], scenario.start, scenario.horizon, 1.5)
    assert found == pytest.approx(1.5 * area(name, 30))


def test_instant_multiplied_is_that_many_in_one_tick() -> None:
    shape = {"shape": "instant", "at": "20:10", "orders": 10, "scale": 1.25}
    (run,) = draws(small(demand=stream_of(shape), demand_scale=2), 1)
    assert run.placed.tolist() == [10 * MINUTE] * 25


RICH = {
    "catalog": {
        "skus": {"A": {"price": 1}, "B": {"price": 2.5}, "C": {"price": 4}},
        "kits": {"AB": {"needs": {"A": 1, "B": 2}}, "ABC": {"needs": {"AB": 1, "C": 3}}},
    },
    "demand": {
        "live": {
            "shape": "drop",
            "at": "5m",
            "orders": 300,
            "half_life": "5m",
            "regions": {"east": 1, "west": 2},
            "basket": {
                "weights": {"A": 3, "B": 1, "AB": 2, "ABC": 1},
                "lines": {"1": 3, "2": 2, "4": 1},
                "quantity": {"1": 3, "2": 1},
            },
        },
        "shelf": {"shape": "steady", "rate": "8/m", "basket": {"weights": {"C": 1, "A": 1}}},
    },
}


def rows(orders: Orders) -> dict[tuple[int, int], tuple[Any, ...]]:
    """(stream, index) → everything about the order except its moment."""
    found = {}
    for n in range(len(orders)):
        lines = slice(orders.line_offsets[n], orders.line_offsets[n + 1])
        found[int(orders.stream[n]), int(orders.index[n])] = (
            orders.line_item[lines].tolist(),
            orders.line_quantity[lines].tolist(),
            int(orders.region[n]),
            int(orders.customer[n]),
            int(orders.value[n]),
            [float(noise[n]) for noise in orders.noise],
        )
    return found


def test_raising_demand_moves_orders_and_changes_nothing_else_of_them() -> None:
    (low,) = draws(small(**RICH), 1)
    (high,) = draws(small(**RICH, demand_scale=2), 1)
    before, after = rows(low), rows(high)
    assert len(before) > 300
    assert before == {key: after[key] for key in before}
    assert not np.array_equal(low.placed, high.placed[: len(low)])


def test_crews_and_other_streams_change_no_draw() -> None:
    (before,) = draws(small(**RICH), 1)
    data = small(**{**RICH, "demand": dict(reversed(RICH["demand"].items()))})
    data["warehouses"]["hub"]["stages"]["pick"]["workers"] = 50
    (after,) = draws(data, 1)
    swapped = {(1 - stream, index): row for (stream, index), row in rows(after).items()}
    first, second = rows(before), swapped
    assert first.keys() == second.keys()
    for key in first:  # regions are numbered as they turn up, so compare what is drawn
        assert first[key][:2] == second[key][:2]
        assert first[key][4:] == second[key][4:]


def test_replications_differ_and_repeat() -> None:
    first, second = draws(small(**RICH), 2)
    again = draws(small(**RICH), 2)[1]
    assert rows(first) != rows(second)
    assert rows(second) == rows(again)
    assert np.array_equal(second.placed, again.placed)


def opened(kits: dict[str, Kit], name: str) -> Counter[str]:
    """What is in one of an item, such as ``PICK(A×2 B×1)``; open parts with a question mark."""
    name, _, chosen = name.partition("(")
    if name not in kits or kits[name].kind == "prekit":
        return Counter({name: 1})
    kit, found = kits[name], Counter[str]()
    inside = {part: need.quantity for part, need in kit.needs.items()}
    if kit.kind == "choose":
        pairs = (pick.split("×") for pick in chosen.rstrip(")").split())
        inside |= {option: int(count) for option, count in pairs}
    if kit.draw:
        found[f"{name}?"] = kit.draw
    for part, count in inside.items():
        if part in kit.needs and kit.needs[part].else_:
            found[f"{part}?"] += count
            continue
        for leaf, each in opened(kits, f"{part}({chosen}" if chosen else part).items():
            found[leaf] += each * count
    return found


@given(scenarios())
def test_orders_are_what_their_lines_say(data: dict[str, Any]) -> None:
    """Numbers, value, pieces and pick lines, order by order, without an array."""
    data.pop("initial", None)  # open orders are not drawn
    scenario = scenario_of(data)
    model = compile_scenario(scenario)
    orders = draw_orders(model, 0)
    kits = scenario.catalog.kits
    price = {
        "A": 150,
        "B": 200,
        "C": 50,
        "KIT": 550,
        "BIG": 900,
        "BOX": 800,
        "PICK": 500,
        "LUCK": 300,
    }
    price |= {"READY": 150 * kits["READY"].needs["A"].quantity + 50, "DEEP": 2000}
    price["EITHER"] = 50 * kits["EITHER"].needs["C"].quantity + 200
    names_of = orders.items.names
    parts = substreams(scenario)
    assert [parts[part].number for part in orders.substream] == orders.stream.tolist()
    keys = list(
        zip(orders.placed.tolist(), orders.substream.tolist(), orders.index.tolist(), strict=True)
    )
    assert keys == sorted(keys)
    for n in range(len(orders)):
        lines = range(orders.line_offsets[n], orders.line_offsets[n + 1])
        names = [names_of[orders.line_item[line]] for line in lines]
        counts = [int(orders.line_quantity[line]) for line in lines]
        assert len(set(names)) == len(names) >= 1
        part = parts[orders.substream[n]]
        costs = price if part.price is None else dict.fromkeys(price, part.price)
        assert orders.value[n] == sum(
            costs[name.partition("(")[0]] * q for name, q in zip(names, counts, strict=True)
        )
        inside = [opened(kits, name) for name in names]
        pieces = (sum(each.values()) * q for each, q in zip(inside, counts, strict=True))
        assert orders.pieces[n] == sum(pieces)
        fixed = {sku for each in inside for sku in each if "?" not in sku}
        # which SKUs open parts become is not known yet
        unsure = sum("?" in part for each in inside for part in each)
        assert orders.pick_lines[n] == len(fixed) + unsure
        promise = model.promise_of(orders.channels[orders.channel[n]])
        assert promise is not None
        # cut-offs have tests of their own
        if orders.paid[n] < NEVER and promise.within is not None:
            assert orders.due[n] == orders.paid[n] + promise.within


@pytest.mark.parametrize(
    ("dist", "cv", "third"),
    [("lognormal", 0.5, 0.5**3 + 3 * 0.5), ("gamma", 0.5, 1.0), ("exponential", 1.0, 2.0)],
)
def test_noise_has_mean_one_and_the_stated_variation(dist: str, cv: float, third: float) -> None:
    work: dict[str, Any] = {"per_task": "10s", "dist": dist}
    if dist != "exponential":
        work["cv"] = cv
    data = small(demand=stream_of({"shape": "instant", "at": "0s", "orders": 200_000}))
    data["warehouses"]["hub"]["stages"] = {"pick": {"workers": 1, "work": work}}
    (run,) = draws(data, 1)
    factors = run.noise[0]
    error = cv / np.sqrt(len(factors))
    assert factors.mean() == pytest.approx(1, abs=4 * error)
    assert factors.std() == pytest.approx(cv, rel=0.02)
    assert stats.skew(factors) == pytest.approx(third, rel=0.15)


def test_uph_is_seconds_in_other_words() -> None:
    data = small(demand=stream_of({"shape": "instant", "at": "0s", "orders": 1}))
    stages = data["warehouses"]["hub"]["stages"]
    stages["pick"]["work"] = {"uph": 90, "allowance": 0.15}
    stages["pack"]["work"] = {"uph": 3600, "per": "unit"}
    data["demand"]["s"]["basket"]["quantity"] = {"7": 1}
    model = compile_scenario(scenario_of(data))
    for engine in (event, vector):
        trace = engine.simulate(model, draw_orders(model, 0))
        assert trace.loads[0].tolist() == pytest.approx([HOUR / 90 * 1.15])
        assert trace.loads[1].tolist() == pytest.approx([7 * SECOND])


LOG = """\
order,sku,quantity,time,price,customer
1,X,2,2026-03-01 10:00:00,1.50,ann
1,Y,1,2026-03-01 10:00:00,4.00,ann
2,X,1,2026-03-01 10:30:00,1.50,
3,Y,3,2026-03-01 11:00:00,4.00,bob
"""


def replay(folder: Path, text: str = LOG, **changes: Any) -> Orders:
    (folder / "log.csv").write_text(text)
    stream = {"shape": "replay", "file": "log.csv", "unknown": "add", **changes}
    scenario = loads(json.dumps(small(demand={"log": stream}, horizon="3h")), folder=folder)
    return draw_orders(compile_scenario(scenario), 0)


def test_replay_keeps_orders_and_moments(tmp_path: Path) -> None:
    run = replay(tmp_path, speed=60, at="10m")
    assert run.placed.tolist() == [600 * SECOND, 630 * SECOND, 660 * SECOND]
    assert run.value.tolist() == [700, 150, 1200]
    assert np.diff(run.line_offsets).tolist() == [2, 1, 1]
    assert [run.customers.name(int(c)) if c >= 0 else None for c in run.customer] == [
        "ann",
        None,
        "bob",
    ]


def test_replay_says_what_lies_beyond_the_horizon(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    stream = {"shape": "replay", "file": "log.csv", "unknown": "add"}
    data = small(demand={"log": stream}, horizon="45m")
    scenario = loads(json.dumps(data), folder=tmp_path)
    assert len(draw_orders(compile_scenario(scenario), 0)) == 2
    note = "demand.log: 1 of 3 orders of the log lie beyond the horizon and are not placed"
    assert list(replay_notes(scenario))[-1] == note


def test_replay_multiplied_brings_whole_copies_by_new_customers(tmp_path: Path) -> None:
    run = replay(tmp_path, scale=2.5)
    per_order = np.bincount(run.index % 3, minlength=3)
    assert set(per_order.tolist()) <= {2, 3}
    copies = run.index // 3
    original = np.array([0, 1800, 3600])[run.index % 3] * SECOND
    late = run.placed - original
    assert (late[copies == 0] == 0).all()
    assert ((late >= 0) & (late < MINUTE)).all()
    assert late[copies > 0].any()
    known = run.customer[run.customer >= 0]
    assert len(set(known.tolist())) == len(known)


def test_replayed_orders_keep_their_noise_when_the_log_is_multiplied(tmp_path: Path) -> None:
    once, more = replay(tmp_path, scale=1), replay(tmp_path, scale=3)
    noise = dict(zip(more.index.tolist(), more.noise[0].tolist(), strict=True))
    assert [noise[index] for index in once.index.tolist()] == once.noise[0].tolist()
    assert len(set(noise.values())) == len(noise) == 9


def test_zones_have_noise_of_their_own() -> None:
    data = small(demand=stream_of({"shape": "instant", "at": "0s", "orders": 20_000}))
    data["warehouses"]["hub"]["stages"]["pack"]["work"]["cv"] = 0.4
    (run,) = draws(data, 1)
    assert abs(np.corrcoef(run.noise[0], run.noise[1])[0, 1]) < 0.03


@pytest.mark.parametrize("size", [{"shape": "instant", "at": "0s", "orders": 10**9}])
def test_more_orders_than_fit_are_refused(size: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=r"demand\.s: must expect at most 200,000,000 orders"):
        compile_scenario(scenario_of(small(demand=stream_of(size))))


def test_replay_share_of_extra_copies_is_the_rest_of_the_scale(tmp_path: Path) -> None:
    lines = [f"{n},X,1,2026-03-01 10:00:00,1,\n" for n in range(4000)]
    run = replay(tmp_path, LOG.splitlines(keepends=True)[0] + "".join(lines), scale=1.3)
    extra = len(run) - 4000
    assert stats.binom.cdf(extra, 4000, 0.3) == pytest.approx(0.5, abs=0.4999)


def test_replay_spreads_a_log_of_days(tmp_path: Path) -> None:
    lines = [f"{n},X,1,2026-03-0{1 + n % 2},1,\n" for n in range(2000)]
    run = replay(tmp_path, LOG.splitlines(keepends=True)[0] + "".join(lines), spread="1d", speed=48)
    hours = run.placed / HOUR
    assert hours.min() < 0.01
    assert hours.max() > 0.99
    assert stats.kstest(hours, "uniform").pvalue > 1e-4


def test_a_log_that_knows_payments_and_cancellations_is_taken_at_its_word(tmp_path: Path) -> None:
    """Played four times as fast: two minutes to the payment are half a minute."""
    text = (
        "order,sku,quantity,time,paid_at,cancelled_at,tier\n"
        "1,X,1,2026-03-01 10:00:00,2026-03-01 10:02:00,,2\n"
        "2,X,1,2026-03-01 10:04:00,,,\n"
        "3,X,1,2026-03-01 10:08:00,2026-03-01 10:08:00,2026-03-01 10:12:00,1\n"
    )
    run = replay(tmp_path, text, speed=4)
    assert (run.placed / SECOND).tolist() == [0, 60, 120]
    assert run.paid.tolist() == [30 * SECOND, NEVER, 120 * SECOND]
    assert run.expires.tolist() == [NEVER, (60 + 900) * SECOND, NEVER]
    assert run.cancelled.tolist() == [NEVER, NEVER, 180 * SECOND]
    assert run.tier.tolist() == [2, 0, 1]


@pytest.mark.parametrize("weights", [{"A": 1, "B": 2}, {"A": 1, "B": 2, "HERO": 3}])
def test_a_hero_comes_first_in_its_share_of_orders(weights: dict[str, float]) -> None:
    """Else it is chosen by its weight, never twice; what `check` expects of it is what comes."""
    data = small(demand=stream_of({"shape": "instant", "at": "0s", "orders": 30_000}))
    data["catalog"]["skus"] |= {"B": {}, "HERO": {}}
    basket = {"weights": weights, "lines": {"1": 1, "2": 1}, "hero": {"item": "HERO", "share": 0.6}}
    data["demand"]["s"]["basket"] = basket
    scenario = scenario_of(data)
    model = compile_scenario(scenario)
    orders = draw_orders(model, 0)
    names = np.array(model.items.names)[orders.line_item]
    first = names[orders.line_offsets[:-1]] == "HERO"
    share = 0.6 + 0.4 * (0.5 if "HERO" in weights else 0)
    assert first.mean() == pytest.approx(share, abs=0.012)
    for begin, end in pairwise(orders.line_offsets[:2000].tolist()):
        assert len(set(names[begin:end])) == end - begin
    expected = expected_units(scenario.demand["s"], model.items, scenario.start, scenario.horizon)
    for name, units in expected.items():
        assert (names == name).sum() == pytest.approx(units, rel=0.03)


def rooms_of(orders: Orders) -> list[str | None]:
    """Room of each order by name."""
    return [orders.rooms[room] if room >= 0 else None for room in orders.room]


def test_rooms_and_new_customers_are_those_of_the_streams() -> None:
    """A stream without customers knows nobody, so nobody is new there."""
    instant = {"shape": "instant", "at": "0s", "orders": 40, "basket": {"weights": {"A": 1}}}
    people = {"pool": 5, "new": 0.5}
    demand = {
        "seven": {**instant, "room": "7", "customers": people},
        "eight": {**instant, "room": "8", "customers": {"new": 1}},
        "shelf": instant,
    }
    (run,) = draws(small(demand=demand), 1)
    assert rooms_of(run) == ["7"] * 40 + ["8"] * 40 + [None] * 40
    seven, eight, shelf = run.new[:40], run.new[40:80], run.new[80:]
    assert seven.tolist() == (run.customer[:40] >= 5).tolist()
    assert 0 < seven.sum() < 40
    assert eight.all()
    assert not shelf.any()


def test_coupons_are_held_in_their_share_and_stay_when_demand_is_raised() -> None:
    shape = {"shape": "steady", "rate": "600/m", "coupon": 0.3}
    (low,) = draws(small(demand=stream_of(shape)), 1)
    (high,) = draws(small(demand=stream_of(shape), demand_scale=2), 1)
    assert low.coupon.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / len(low)))
    assert low.coupon.tolist() == high.coupon[: len(low)].tolist()
    (none,) = draws(small(demand=stream_of({**shape, "coupon": 0})), 1)
    (all_,) = draws(small(demand=stream_of({**shape, "coupon": 1})), 1)
    assert (none.coupon.any(), all_.coupon.all()) == (False, True)


def test_gift_rules_have_numbers_of_their_own_and_no_others_are_drawn() -> None:
    rules = {
        "drawn": {"reward": {"gift": {"A": 1}}, "gate": {"lottery": {"p": 0.2}}},
        "any": {"reward": {"gift": {"A": 1, "B": 1}, "choose": "random"}},
        "both": {
            "reward": {"gift": {"A": 1, "B": 1}, "choose": "random"},
            "gate": {"lottery": {"p": 0.2}},
        },
        "plain": {"reward": {"gift": {"A": 1}}},
    }
    (run,) = draws(small(**RICH, gifts=rules), 1)
    assert [*run.lottery] == ["drawn", "both"]
    assert [*run.chance] == ["any", "both"]
    (alone,) = draws(small(**RICH, gifts={"both": rules["both"]}, demand_scale=2), 1)
    keys = list(zip(run.stream.tolist(), run.index.tolist(), strict=True))
    others = list(zip(alone.stream.tolist(), alone.index.tolist(), strict=True))
    for name in ("lottery", "chance"):
        before = dict(zip(keys, getattr(run, name)["both"].tolist(), strict=True))
        after = dict(zip(others, getattr(alone, name)["both"].tolist(), strict=True))
        assert before == {key: after[key] for key in keys}
        assert len(set(before.values())) == len(before) > 300
    many = stream_of({"shape": "instant", "at": "0s", "orders": 20_000})
    (large,) = draws(small(demand=many, gifts={"both": rules["both"]}, catalog=RICH["catalog"]), 1)
    assert stats.kstest(large.lottery["both"], "uniform").pvalue > 1e-4
    assert stats.kstest(large.chance["both"] / 2.0**64, "uniform").pvalue > 1e-4
    assert large.chance["both"].dtype == np.uint64
    cut = orders_of(large, np.arange(7))
    assert (len(cut.lottery["both"]), len(cut.chance["both"])) == (7, 7)


def test_a_show_price_is_what_is_paid_and_the_catalogue_has_the_list_price() -> None:
    session = {
        "shape": "session",
        "viewers": [["0s", 300]],
        "conversion": "0.2/m",
        "room": "88",
        "run_of_show": [{"time": "1m", "item": "A", "expected_units": 200, "price": 7}],
        "basket": {"weights": {"A": 1}, "quantity": {"2": 1}},
    }
    (run,) = draws(small(demand={"s": session}), 1)
    show = run.substream == 1
    assert 0 < show.sum() < len(run)
    assert (run.line_list == 2000).all()
    assert run.line_net.tolist() == np.where(show, 1400, 2000).tolist()
    assert run.line_taxed is run.line_net
    assert run.value.tolist() == run.line_net.tolist()
    assert set(rooms_of(run)) == {"88"}
    (plain,) = draws(small(**RICH), 1)
    assert plain.line_list is plain.line_net is plain.line_taxed
    assert np.add.reduceat(plain.line_list, plain.line_offsets[:-1]).tolist() == (
        plain.value.tolist()
    )
    cut = orders_of(plain, np.arange(3))
    assert len(cut.line_net) == cut.line_offsets[-1] == plain.line_offsets[3]


MONEY_LOG = """\
order,sku,quantity,time,price,discount,tax,shipping,room,new,coupon
1,X,2,2026-03-01 10:00:00,1.50,1.00,0.61,9.00,7,yes,no
1,Y,1,2026-03-01 10:00:00,4.00,,,,,,
1,Z,1,2026-03-01 10:00:00,0.00,,,,,,
2,X,1,2026-03-01 10:30:00,1.50,99.00,0.10,,,no,yes
3,Y,3,2026-03-01 11:00:00,4.00,,,,8,,
"""


def test_a_log_says_its_discounts_taxes_rooms_and_coupons(tmp_path: Path) -> None:
    """1.00 off 3.00 + 4.00 is 42.86 + 57.14 cents, so 43 + 57; the same goes for 0.61 of tax.

    Shipping counts nowhere, and no line falls below nothing.
    """
    run = replay(tmp_path, MONEY_LOG)
    assert run.line_list.tolist() == [300, 400, 0, 150, 1200]
    assert run.line_net.tolist() == [257, 343, 0, 0, 1200]
    assert run.line_taxed.tolist() == [257 + 27, 343 + 34, 0, 10, 1200]
    assert run.value.tolist() == [700, 150, 1200]
    assert rooms_of(run) == ["7", None, "8"]
    assert run.new.tolist() == [True, False, False]
    assert run.coupon.tolist() == [False, True, False]


def test_a_log_leaves_to_the_stream_what_it_does_not_know(tmp_path: Path) -> None:
    run = replay(tmp_path, MONEY_LOG, room="88", coupon=1)
    assert rooms_of(run) == ["7", "88", "8"]
    assert run.coupon.tolist() == [False, True, False]  # a log with coupons is believed
    assert replay(tmp_path, coupon=1).coupon.tolist() == [True, True, True]


def test_orders_of_a_channel_that_closes_take_all_their_columns_along() -> None:
    """What is left is as it was without the closure, lines and chances included."""
    rules = {"r": {"reward": {"gift": {"A": 1}}, "gate": {"lottery": {"p": 0.5}}}}
    session = {
        **RICH["demand"]["live"],
        "coupon": 0.5,
        "room": "7",
        "customers": {"pool": 9, "new": 0.5},
    }
    data = small(**{**RICH, "demand": {"live": session}}, gifts=rules)
    cut = {"links": {"what": "close_channel", "channel": "shop", "at": "8m", "for": "5m"}}
    (whole,) = draws(data, 1)
    (left,) = draws({**data, "disruptions": cut}, 1)
    assert 0 < left.lost < len(whole)
    here = np.isin(whole.index, left.index)
    assert here.sum() == len(left)
    for name in ("room", "new", "coupon"):
        assert getattr(left, name).tolist() == getattr(whole, name)[here].tolist()
    assert left.lottery["r"].tolist() == whole.lottery["r"][here].tolist()
    lines = np.repeat(here, np.diff(whole.line_offsets))
    assert left.line_list.tolist() == whole.line_list[lines].tolist()
    assert left.line_net is left.line_list
