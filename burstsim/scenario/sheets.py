"""The tables that a scenario may keep in a CSV file: their columns and usual names."""

from __future__ import annotations

from burstsim.scenario.rates import RateEntry
from burstsim.scenario.sheetreader import Sheet
from burstsim.scenario.shows import ShowEntry

__all__ = ["RATES", "RUN_OF_SHOW"]

RUN_OF_SHOW = Sheet(
    what="a run of show",
    row=ShowEntry,
    aliases={
        "time": ("时间", "上架时间", "开始时间"),
        "item": ("商品编码", "商品", "组合编码"),
        "expected_units": ("预计件数", "预计销量", "预估销量"),
        "price": ("价格", "直播价", "售价"),
        "stock": ("库存", "数量"),
    },
    optional=("price", "stock"),
    numbers=("expected_units", "stock"),
)

RATES = Sheet(
    what="a table of rates",
    row=RateEntry,
    aliases={
        "time": ("时间", "开始时间"),
        "rate": ("单量", "速率", "订单量"),
    },
)
