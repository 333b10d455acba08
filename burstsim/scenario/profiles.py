"""Ready-made ways to read well-known order logs: one literal each.

A profile says which column is which, and what is peculiar about the data set. A column may be
spelt in several ways; the first that the file has counts. What ``columns:`` says goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["PROFILES", "Drop", "Join", "Profile", "ProfileName"]

ProfileName: TypeAlias = Literal["uci-online-retail", "olist", "jd-msom-2020", "kuaishou"]


class Drop(NamedTuple):
    """Rows that are no orders of goods: those whose cell in a column is one of the values."""

    column: str
    values: tuple[str, ...]
    words: str


class Join(NamedTuple):
    """Order lines whose orders stand in a second file beside the first."""

    lines: str  # name of the file of lines, for when a folder is given
    orders: str
    key: str  # column that both have
    ours: tuple[str, ...]  # our names that are looked up in the file of orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How one data set is read.

    Parameters
    ----------
    columns
        Our name -> the file's names for it.
    time_format
        Tried where times are not ISO.
    epoch_zone
        Times are milliseconds since 1970 and are shown on the clock so many hours east of
        Greenwich; 0 there means "not yet". None: times are text.
    missing
        What stands in a cell that has no value.
    cents
        Money is written in hundredths.
    units
        Every row is one unit: there is no column for the quantity.
    per_line
        Of `discount`, `shipping` and `tax`: those that each line has its own part of.
    cancelled_by_c
        An order number that begins with C is a cancellation.
    drops
        Rows that are left out.
    counts
        Rows that are kept and told.
    join
        Where orders and lines are two files.
    items
        In JSON: names of the lists or maps that hold the lines of an order.
    """

    columns: Mapping[str, tuple[str, ...]]
    time_format: str | None = None
    epoch_zone: int | None = None
    missing: tuple[str, ...] = ()
    cents: bool = False
    units: bool = False
    per_line: tuple[str, ...] = ()
    cancelled_by_c: bool = False
    drops: tuple[Drop, ...] = ()
    counts: tuple[Drop, ...] = ()
    join: Join | None = None
    items: tuple[str, ...] = field(default=())


PROFILES: dict[ProfileName, Profile] = {
    # Both editions; the spreadsheet as it was published, and copies of it as CSV.
    "uci-online-retail": Profile(
        columns={
            "order": ("InvoiceNo", "Invoice"),
            "sku": ("StockCode",),
            "quantity": ("Quantity",),
            "time": ("InvoiceDate",),
            "price": ("UnitPrice", "Price"),
            "customer": ("CustomerID", "Customer ID"),
            "region": ("Country",),
        },
        time_format="%m/%d/%Y %H:%M",
        cancelled_by_c=True,
        drops=(
            Drop(
                "StockCode",
                (
                    *("POST", "DOT", "D", "M", "m", "S", "B", "C2", "PADS", "CRUK"),
                    *("BANK CHARGES", "AMAZONFEE", "ADJUST", "ADJUST2", "TEST001", "TEST002"),
                ),
                "other than goods (postage, fees, samples, corrections)",
            ),
        ),
    ),
    # customer_id is left out on purpose: it is another one for every order.
    "olist": Profile(
        columns={
            "order": ("order_id",),
            "sku": ("product_id",),
            "time": ("order_purchase_timestamp",),
            "price": ("price",),
            "shipping": ("freight_value",),
            "paid_at": ("order_approved_at",),
        },
        units=True,
        per_line=("shipping",),
        drops=(
            Drop("order_status", ("canceled", "unavailable"), "of orders that came to nothing"),
        ),
        join=Join(
            lines="olist_order_items_dataset.csv",
            orders="olist_orders_dataset.csv",
            key="order_id",
            ours=("time", "paid_at"),
        ),
    ),
    # Gifts are picked and packed like everything else, so they stay; their price is 0.
    "jd-msom-2020": Profile(
        columns={
            "order": ("order_ID",),
            "sku": ("sku_ID",),
            "quantity": ("quantity",),
            "time": ("order_time",),
            "customer": ("user_ID",),
            "price": ("final_unit_price",),
            "region": ("dc_des",),
        },
        missing=("-",),
        counts=(Drop("gift_item", ("1", "1.0"), "of gifts, kept as lines of the order"),),
    ),
    # The open platform's order details, as JSON or laid flat; money in fen, Beijing time.
    "kuaishou": Profile(
        columns={
            "order": ("oid", "orderBaseInfo.oid"),
            "sku": ("skuId", "orderItemInfo.skuId", "orderProductInfoList.skuId"),
            "quantity": ("num", "orderItemInfo.num", "orderProductInfoList.num"),
            "time": ("createTime", "orderBaseInfo.createTime"),
            "paid_at": ("payTime", "orderBaseInfo.payTime"),
            "customer": ("buyerOpenId", "orderBaseInfo.buyerOpenId"),
            "region": ("province", "orderAddress.province", "address.province"),
            "channel": ("cpsType", "orderBaseInfo.cpsType"),
            "price": ("price", "orderItemInfo.price", "orderProductInfoList.price"),
            "discount": ("discountFee", "orderBaseInfo.discountFee"),
            "shipping": ("expressFee", "orderBaseInfo.expressFee"),
        },
        epoch_zone=8,
        cents=True,
        items=("orderItemInfo", "orderProductInfoList", "orderItemInfoList"),
    ),
}
