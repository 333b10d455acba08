"""The manager's sentence in Chinese, and how its numbers are written."""

from __future__ import annotations

from datetime import datetime

import pytest

from burstsim.languages import words_of
from burstsim.results.precision import Stopping
from burstsim.results.wording import (
    clock_time,
    format_interval,
    format_limit,
    format_orders,
    format_value,
)
from tests.results.test_sentence import QUICK, SLOW, burst, hub, said

ZH = words_of("zh")


def test_nobody_waits() -> None:
    assert said(burst(100, warehouses=hub(QUICK), language="zh")) == (
        "各环节均不拥堵：积压峰值 100 单（20:05），20:05 清完。"
    )


def test_never_cleared() -> None:
    data = burst(100, warehouses=hub(SLOW), drain="1m", language="zh")
    assert said(data, 1) == (
        "瓶颈在 hub 仓的 pick 环节：积压峰值 100 单（20:05），模拟结束（20:31）时仍未清完；"
        "有 75 单未能发货。"
    )


def test_thresholds() -> None:
    data = burst(100, warehouses=hub(SLOW), promises={"all": {"within": "50m"}}, language="zh")
    text = said(data, kept="on_time >= 0.98", shipped="orders_shipped >= 100")
    assert text.endswith("时效达成率 50.0 %，要求至少 98 %：不达标（2 项门槛中有 1 项不达标）。")
    assert said(data, shipped="orders_shipped >= 100").endswith(
        "；发货数 orders_shipped 为 100，要求至少 100：达标。"
    )
    assert said(data, clear="backlog_clear_at <= 21:00").endswith("，要求不晚于21:00：不达标。")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.971, "share", "97.1 %"),
        (45, "seconds", "45 秒"),
        (90, "seconds", "1.5 分钟"),
        (8100, "seconds", "2 小时 15 分"),
        (7200, "seconds", "2 小时"),
        (345600, "seconds", "4.0 天"),
        (-90, "seconds", "-1.5 分钟"),
        (3.25, "hours", "3.3 小时"),
        (41200, "orders", "41,200"),
        (1625, "orders/h", "1,625 单/小时"),
        (float("nan"), "orders", "无"),
    ],
)
def test_numbers(value: float, unit: str, text: str) -> None:
    assert format_value(value, unit, words=ZH) == text


def test_moments() -> None:
    start = datetime(2026, 11, 10, 20)
    found = [clock_time(start, hours * 3600, ZH) for hours in (1.5, 17.2, 40)]
    assert found == ["21:30", "次日 13:12", "11月12日 12:00"]
    assert clock_time(start, 1e12, ZH) == "开始后 11574074.1 天"


def test_orders_limits_and_intervals() -> None:
    assert [format_orders(n, ZH) for n in (0.3, 1, 41200.3)] == ["不到 1 单", "1 单", "41,200 单"]
    assert format_limit(86400, "seconds", ZH) == "24 小时"

    def written(share: float) -> str:
        return format_value(share, "share", words=ZH)

    assert format_interval(0.971, 0.968, 0.974, written, ZH) == "96.8 至 97.4 %"


def test_how_precise_a_run_is() -> None:
    found = Stopping(
        replications=40, reached=True, metric="on_time", width=0.009, asked=0.01, watched=2
    )
    assert found.said(ZH) == (
        "重复 40 次后精度已够：on_time（2 项中最不精确的）的误差为 ±0.9 %（要求 1.0 %）"
    )
