"""The manager's sentence in every situation, and how numbers are written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from burstsim.results.wording import (
    clock_time,
    format_interval,
    format_orders,
    format_value,
    written_alike,
)
from burstsim.studies.replicate import run
from tests.scenarios import scenario_of, small

QUICK = {"pick": {"workers": 200, "work": {"per_task": "1s"}}}
SLOW = {"pick": {"workers": 1, "work": {"per_task": "1m"}}}


def burst(orders: int, **changes: Any) -> dict[str, Any]:
    stream = {"shape": "instant", "at": "5m", "orders": orders, "basket": {"weights": {"A": 1}}}
    return small(demand={"s": stream}, **changes)


def hub(stages: dict[str, Any]) -> dict[str, Any]:
    return {"hub": {"stages": stages}}


def said(data: dict[str, Any], replications: int = 2, **thresholds: str) -> str:
    return run(scenario_of(data), replications=replications, thresholds=thresholds).sentence


def test_nobody_waits() -> None:
    assert said(burst(100, warehouses=hub(QUICK))) == (
        "No stage holds orders up: backlog peaks at 100 orders at 20:05 and clears 20:05."
    )


def test_a_bottleneck() -> None:
    assert said(burst(100, warehouses=hub(SLOW))) == (
        "Pick at hub is the bottleneck: backlog peaks at 100 orders at 20:05 and clears 21:44."
    )


def test_never_cleared() -> None:
    data = burst(100, warehouses=hub(SLOW), drain="1m")
    assert said(data) == (
        "Pick at hub is the bottleneck: backlog peaks at 100 orders at 20:05 and is not "
        "cleared when the run ends at 20:31; on average 75 orders are left unshipped."
    )
    assert said(data, 1).endswith("ends at 20:31; 75 orders are left unshipped.")


def test_one_order_left() -> None:
    text = said(burst(1, warehouses=hub({"pick": {"workers": 1, "work": {"per_task": "9h"}}})), 1)
    assert "peaks at 1 order at 20:05" in text
    assert text.endswith("; 1 order is left unshipped.")


def test_cleared_in_some_nights() -> None:
    work = {"workers": 1, "work": {"per_task": "15s", "cv": 0.5}}
    data = burst(100, warehouses=hub({"pick": work}), drain="0s")
    result = run(scenario_of(data), replications=20)
    late = sum(value.at_least for value in result.values["backlog_clear_at"])
    assert 0 < late < 20
    assert f"is not cleared in {late} of 20 nights when the run ends at 20:30" in result.sentence


def test_one_night_of_ten() -> None:
    work = {"workers": 2, "work": {"per_task": "1m", "cv": 2}}
    result = run(scenario_of(burst(100, warehouses=hub({"pick": work}))), replications=20)
    clears = sorted(value.number for value in result.values["backlog_clear_at"])
    late = clock_time(result.scenario.start, clears[18])
    assert f", in one night of ten not before {late}." in result.sentence
    assert sum(clear >= clears[18] for clear in clears) == 2


def test_no_orders() -> None:
    assert said(small(demand_scale=0)) == "No orders were placed."
    assert said(small(demand_scale=0), x="on_time >= 0.9") == (
        "No orders were placed; n/a on time, needs at least 90 %: INCONCLUSIVE, "
        "there is nothing to measure."
    )


def promised(**changes: Any) -> dict[str, Any]:
    return burst(100, warehouses=hub(SLOW), promises={"all": {"within": "52m"}}, **changes)


@pytest.mark.parametrize(
    ("replications", "expr", "end"),
    [
        (2, "on_time >= 0.5", "; 52.0 % on time, needs at least 50 %: PASS."),
        (2, "on_time > 52.04%", "; 52.0 % on time, needs more than 52.04 %: FAIL."),
        (2, "on_time > 52%", "; 52.0 % on time, needs more than 52 %: FAIL."),
        (1, "on_time >= 0.5", "at least 50 %: INCONCLUSIVE, one replication cannot tell."),
        (
            2,
            "p95(order_to_ship) <= 90m",
            "; 95 % of orders ship within 1 h 35 min, needs at most 1 h 30 min: FAIL.",
        ),
        (
            2,
            "backlog_clear_at <= 2h",
            "; backlog_clear_at is 21:44, needs at the latest 22:00: PASS.",
        ),
        (
            2,
            "backlog_clear_at < 21:00",
            "; backlog_clear_at is 21:44, needs before 21:00: FAIL.",
        ),
        (
            2,
            "backlog_clear_at >= 2026-11-11 08:00",
            "; backlog_clear_at is 21:44, needs at the earliest 08:00 next day: FAIL.",
        ),
        (
            2,
            "nights(on_time>=50%) >= 90%",
            "; on_time>=50% in 100 % of nights (95 % bounds 22.4 to 100 %), needs at least 90 %: "
            "INCONCLUSIVE, more replications are needed to tell.",
        ),
    ],
)
def test_a_threshold(replications: int, expr: str, end: str) -> None:
    assert said(promised(), replications, x=expr).endswith(end)


def test_close_to_the_limit_says_on_which_side() -> None:
    text = said(promised(), x="max(wait.hub.pick) <= 5939s")
    assert "max(wait.hub.pick) is just above 1 h 39 min, needs at most 1 h 39 min: FAIL" in text


def test_several_thresholds() -> None:
    one = {"a": "on_time >= 0.5", "b": "unfinished <= 0"}
    assert said(promised(), **one).endswith(": PASS (both thresholds hold).")
    two = {**one, "c": "backlog_peak <= 5"}
    assert said(promised(), **two).endswith(
        "backlog_peak is 100, needs at most 5: FAIL (1 of 3 thresholds fails)."
    )


def test_inconclusive_says_why() -> None:
    flagged = promised(drain="1m")
    assert said(flagged, x="max(order_to_ship) <= 24h").endswith(
        "max(order_to_ship) is at least 26 min, needs at most 24 h: INCONCLUSIVE, "
        "unfinished orders may take longer."
    )
    uncertain = small()
    estimate = run(scenario_of(uncertain)).estimates["orders_placed"].estimate
    assert said(uncertain, x=f"orders_placed >= {estimate}").endswith(
        "INCONCLUSIVE, more replications are needed to tell."
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "share", "0 %"),
        (1.0, "share", "100 %"),
        (0.5, "share", "50.0 %"),
        (0.99999, "share", "99.999 %"),
        (0.00004, "share", "0.004 %"),
        (0.0, "seconds", "0 s"),
        (59.94, "seconds", "59.9 s"),
        (59.97, "seconds", "1 min"),
        (3599.0, "seconds", "1 h"),
        (86400.0, "seconds", "24 h"),
        (-90.0, "seconds", "-1.5 min"),
        (300000.0, "seconds", "3.5 d"),
        (1234.56, "hours", "1,234.6 h"),
        (2.5, "orders", "2.5"),
        (1234.5, "orders/h", "1,235/h"),
        (-0.25, "hours", "-0.3 h"),
        (-0.04, "hours", "0.0 h"),
        (float("nan"), "share", "n/a"),
    ],
)
def test_numbers(value: float, unit: str, text: str) -> None:
    assert format_value(value, unit) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "20:00"),
        (4 * 3600.0, "00:00 next day"),
        (28 * 3600.0, "00:00 on 12 Nov"),
        (-3600.0, "19:00"),
        (1e12, "11574074.1 d after start"),
        (float("nan"), "n/a"),
    ],
)
def test_moments(seconds: float, text: str) -> None:
    assert clock_time(datetime(2026, 11, 10, 20), seconds) == text


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((0.97, 0.99), "97.0 to 99.0 %"),
        ((0.98001, 0.98002), ""),  # reads like the value
        ((0.97, 0.98), "97.0 to 98.0 %"),
        ((float("nan"), float("nan")), ""),
    ],
)
def test_intervals(ends: tuple[float, float], text: str) -> None:
    assert format_interval(0.98, *ends, lambda share: format_value(share, "share")) == text


def test_interval_of_spans_keeps_both_units() -> None:
    def written(seconds: float) -> str:
        return format_value(seconds, "seconds")

    assert format_interval(60.0, 50.0, 70.0, written) == "50 s to 1.2 min"
    assert format_interval(4000.0, 3900.0, 4100.0, written) == "1 h 05 min to 1 h 08 min"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0.0, "0 orders"),
        (0.3, "less than 1 order"),
        (1.2, "1 order"),
        (4.5, "5 orders"),
        (1234.5, "1,235 orders"),
    ],
)
def test_orders_are_whole(count: float, text: str) -> None:
    assert format_orders(count) == text


def test_a_mean_is_the_same_in_a_sentence_and_in_a_table() -> None:
    """Half-way between two whole numbers, above an even one and above an odd one."""
    for count in (1586.5, 1587.5):
        assert format_orders(count) == f"{format_value(count, 'orders')} orders"


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((609.0, 607.3, 610.7), ["609.0/h", "607.3/h", "610.7/h"]),
        ((999.5, 998.2, 1000.8), ["1,000/h", "998/h", "1,001/h"]),
        ((609.0, float("nan"), float("nan")), ["609/h", "n/a", "n/a"]),
    ],
)
def test_numbers_side_by_side_have_the_same_decimals(
    numbers: tuple[float, ...], texts: list[str]
) -> None:
    assert list(map(written_alike("orders/h", *numbers), numbers)) == texts


def test_a_share_of_waiting_is_not_rounded_up_to_all_of_it() -> None:
    stages = {
        "pick": {"workers": 1, "work": {"per_task": "60s"}},
        "pack": {"workers": 1, "work": {"per_task": "60500ms"}},
    }
    result = run(scenario_of(burst(1000, warehouses=hub(stages))), replications=1)
    assert result.bottleneck is not None
    assert "99.9 % of all waiting" in str(result.bottleneck["why"])
