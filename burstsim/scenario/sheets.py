"""The tables that a scenario may keep in a CSV file: their columns and usual names."""

from __future__ import annotations

from burstsim.scenario.initial import OpenLine, StockRow
from burstsim.scenario.rates import RateEntry
from burstsim.scenario.sheetreader import Sheet
from burstsim.scenario.shows import ShowEntry

__all__ = ["OPEN_ORDERS", "RATES", "RUN_OF_SHOW", "STOCK"]

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

OPEN_ORDERS = Sheet(
    what="open orders",
    row=OpenLine,
    aliases={
        "order": ("订单号", "订单编号", "单号"),
        "sku": ("商品编码", "组合编码", "货品编码"),
        "quantity": ("数量", "件数"),
        "paid_at": ("付款时间", "支付时间", "时间"),
        "stage": ("环节", "工序", "阶段"),
        "warehouse": ("仓库",),
        "channel": ("渠道", "店铺"),
        "region": ("地区", "区域"),
    },
    optional=("quantity", "paid_at", "stage", "warehouse", "channel", "region"),
    numbers=("quantity",),
)

STOCK = Sheet(
    what="stock",
    row=StockRow,
    aliases={
        "warehouse": ("仓库",),
        "sku": ("商品编码", "货品编码"),
        "quantity": ("库存", "数量", "实盘"),
    },
    optional=("warehouse",),
    numbers=("quantity",),
)
