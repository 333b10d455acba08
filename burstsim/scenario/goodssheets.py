"""SKUs, kits and stock that stand in spreadsheets."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from burstsim.scenario.catalog import Sku
from burstsim.scenario.fields import Duration, Money, Name, Section, Whole
from burstsim.scenario.sheetreader import Sheet
from burstsim.scenario.tablerows import Gathered, Given, written

__all__ = ["KITS", "SKUS", "gather_kits", "gather_skus", "gather_stock"]


class SkuRow(Sku):
    """A SKU with its code."""

    sku: Name


class KitRow(Section):
    """A component of a kit; what is said of the kit itself may stand in any of its rows."""

    parent: Name
    component: Name
    quantity: Annotated[Whole, Field(ge=1, le=100_000)] = 1
    price: Money | None = None
    work: Duration | None = None


SKUS = Sheet(
    what="SKUs",
    row=SkuRow,
    aliases={
        "sku": ("商品编码", "货品编码"),
        "price": ("价格", "售价", "单价"),
        "margin": ("毛利", "单件毛利"),
        "category": ("品类", "类目"),
        "brand": ("品牌",),
        "owner": ("货主", "商家"),
        "zone": ("库区", "分区"),
        "extra_pick_time": ("额外拣货时间", "拣货加时"),
    },
    optional=("price", "margin", "category", "brand", "owner", "zone", "extra_pick_time"),
)

KITS = Sheet(
    what="kits",
    row=KitRow,
    aliases={
        "parent": ("组合编码", "套装编码"),
        "component": ("子件编码", "商品编码"),
        "quantity": ("数量", "件数"),
        "price": ("价格", "售价"),
        "work": ("组装工时", "作业时间"),
    },
    optional=("quantity", "price", "work"),
    numbers=("quantity",),
)


def gather_skus(given: Given, found: Gathered) -> None:
    """Make a SKU of each row."""
    for row, line in given.mine():
        entry = written(row)
        name = entry.pop("sku")
        if name in found.data:
            first = f"the first is on line {found.lines[(name,)]}"
            found.wrong(line, "must not have a SKU a second time", name, first)
        found.data[name] = entry
        found.lines.setdefault((name,), line)


def gather_kits(given: Given, found: Gathered) -> None:
    """Make a kit of all rows of a parent."""
    for row, line in given.mine():
        kit: dict[str, Any] = found.data.setdefault(row.parent, {"needs": {}})
        found.lines.setdefault((row.parent,), line)
        if row.component in kit["needs"]:
            rule = f"must not have a component of {row.parent} a second time"
            found.wrong(line, rule, row.component, "add the quantities")
        # a section, so that the scenario may say what else the part has
        kit["needs"][row.component] = {"quantity": row.quantity}
        found.lines.setdefault((row.parent, "needs", row.component), line)
        said = written(row)
        for key in ("price", "work"):
            found.agree((row.parent,), key, said.get(key), line)


def gather_stock(given: Given, found: Gathered) -> None:
    """Add up the pieces of each SKU, which may lie in several places."""
    for row, line in given.mine():
        found.data[row.sku] = found.data.get(row.sku, 0) + row.quantity
        found.lines.setdefault((row.sku,), line)
