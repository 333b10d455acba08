"""Profiles, on small files of our own that have the columns of the real data sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from burstsim.errors import ScenarioError
from burstsim.scenario.logcolumns import KNOWN
from burstsim.scenario.logreader import read_order_log
from burstsim.scenario.profiles import PROFILES, ProfileName
from burstsim.scenario.reader import load

ITEMS = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n"
)
JD = (
    "order_ID,user_ID,sku_ID,order_date,order_time,quantity,type,promise,original_unit_price,"
    "final_unit_price,direct_discount_per_unit,quantity_discount_per_unit,"
    "bundle_discount_per_unit,coupon_discount_per_unit,gift_item,dc_ori,dc_des\n"
)
UCI = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def problems(path: Path, profile: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_order_log(path, {}, profile=profile)
    return [str(p).replace(f"{path.parent}/", "") for p in caught.value.problems]


def test_profiles_name_columns_that_we_know() -> None:
    assert set(PROFILES) == set(get_args(ProfileName))
    for profile in PROFILES.values():
        assert set(profile.columns) <= set(KNOWN)
        assert set(profile.per_line) <= set(profile.columns)


def test_uci_online_retail(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        UCI + '1,85123A,"HEART, WHITE",6,12/1/2010 8:26,2.55,17850,United Kingdom\n'
        "1,POST,POSTAGE,1,12/1/2010 8:26,18.00,17850,United Kingdom\n"
        "C2,85123A,HEART,-1,12/13/2010 9:00,2.55,,France\n"
    )
    log = read_order_log(path, {}, profile="uci-online-retail")
    assert (log.skus, log.first, log.regions) == (
        ("85123A",),
        "2010-12-01T08:26:00",
        ("United Kingdom",),
    )
    assert log.notes == (
        "dropped 1 line of 1 cancelled order (order number begins with C)",
        "dropped 1 line other than goods (postage, fees, samples, corrections)",
    )
    second = UCI.replace("InvoiceNo", "Invoice").replace("UnitPrice", "Price")
    path.write_text(
        second.replace("CustomerID", "Customer ID") + "1,A,x,6,2010-12-01 08:26:00,2.55,17850,UK\n"
    )
    assert read_order_log(path, {}, profile="uci-online-retail").line_amount.tolist() == [1530]


def olist(folder: Path, items: str, orders: str) -> Path:
    (folder / "olist_order_items_dataset.csv").write_text(ITEMS + items)
    (folder / "olist_orders_dataset.csv").write_text(ORDERS + orders)
    return folder


def test_olist_joins_two_files(tmp_path: Path) -> None:
    items = (
        "a,1,P,s,2017-10-06 11:07:15,10.00,2.50\na,2,P,s,2017-10-06 11:07:15,10.00,2.50\n"
        "c1,1,Q,s,2017-10-06 11:07:15,5.00,1.00\nb,1,P,s,2017-10-06 11:07:15,1.00,9.00\n"
        "z,1,P,s,2017-10-06 11:07:15,1.00,9.00\n"
    )
    orders = (
        "b,k,canceled,2017-10-02 10:00:00,,,,\n"
        "c1,k,delivered,2017-10-02 10:56:33,2017-10-02 11:00:00,,,\n"
        "a,k,delivered,2017-10-02 10:50:00,,,,\n9,k,created,2017-10-02 10:50:00,,,,\n"
    )
    folder = olist(tmp_path, items, orders)
    log = read_order_log(folder, {}, profile="olist")
    assert log.skus == ("P", "Q")
    assert log.line_quantity.tolist() == [2, 1]
    assert log.line_amount.tolist() == [2000, 500]
    assert log.shipping.tolist() == [500, 100]
    assert log.paid.tolist() == [-1, 600_000_000]
    where = folder / "olist_orders_dataset.csv"
    assert log.notes == (
        f"dropped 1 line whose order is not in {where}",
        f"1 order of {where} without lines",
        "dropped 1 line of orders that came to nothing",
        "dropped 1 order that had no other lines",
        "added together 1 repeated line (same order and SKU)",
        "time of payment known for 1 of 2 orders",
    )
    same = read_order_log(folder / "olist_order_items_dataset.csv", {}, profile="olist")
    assert same.digest() == log.digest()


def test_faults_of_olist_name_the_file_they_are_in(tmp_path: Path) -> None:
    items = "a,1,P,s,x,10.00,2.50\na,2,,s,x,10.00,2.50\nb,1,P,s,x,y,2.50\n"
    folder = olist(tmp_path, items, "b,k,delivered,2017-10-02,,,,\n\na,k,delivered,soon,,,,\n")
    assert problems(folder, "olist") == [
        f"{folder.name}/olist_orders_dataset.csv:4: column 'order_purchase_timestamp' must be a "
        "time such as 2026-11-11 08:00, got 'soon'",
        f"{folder.name}/olist_order_items_dataset.csv:4: column 'price' must be an amount of "
        "money, got 'y' (digits and a point, no other signs)",
        f"{folder.name}/olist_order_items_dataset.csv:3: column 'product_id' is empty",
    ]
    (folder / "olist_orders_dataset.csv").unlink()
    (found,) = problems(folder, "olist")
    assert found.endswith("olist_orders_dataset.csv: file: there is no such file")


def test_jd(tmp_path: Path) -> None:
    path = tmp_path / "JD_order_data.csv"
    rest = "1,2,99.0,{price},0,0,0,0,{gift},4,{region}\n"
    path.write_text(
        JD
        + "d0cf,u1,s1,2018-03-01,2018-03-01 17:14:25.0,1,"
        + rest.format(price="79.0", gift=0, region=9)
        + "d0cf,u1,s2,2018-03-01,2018-03-01 17:14:25.0,1,"
        + rest.format(price="0.0", gift=1, region=9)
        + "c123,-,s1,2018-03-01,2018-03-01 17:15:25.0,1,"
        + rest.format(price="-", gift=0, region="-")
        + "123,u2,s1,2018-03-01,2018-03-01 17:15:26.0,1,"
        + rest.format(price="1", gift=0, region=9)
    )
    log = read_order_log(path, {}, profile="jd-msom-2020")
    assert len(log.time) == 3  # c123 is an order like any other
    assert (log.customers, log.regions) == (("u1", "u2"), ("9",))
    assert log.line_amount.tolist() == [7900, 0, -1, 100]
    assert log.notes[0] == "1 line of gifts, kept as lines of the order"


NESTED = [
    {
        "orderBaseInfo": {
            "oid": 2316300001234567,
            "createTime": 1793966430000,
            "payTime": 1793966490500,
            "buyerOpenId": "f1",
            "expressFee": 600,
            "discountFee": 100,
            "cpsType": 1,
        },
        "orderAddress": {"province": "浙江"},
        "orderItemInfo": {"skuId": 77, "num": 2, "price": 12900},
        "orderPaymentStepInfos": [{"payStepNo": 1}],
    },
    {
        "orderBaseInfo": {"oid": 5, "createTime": 1793966430001, "payTime": 0, "buyerOpenId": "f2"},
        "orderItemInfo": [
            {"skuId": 77, "num": 1, "price": 12900},
            {"skuId": 78, "num": 1, "price": 1},
        ],
    },
]


@pytest.mark.parametrize("lines", [True, False])
def test_kuaishou_json(tmp_path: Path, lines: bool) -> None:
    path = tmp_path / "orders.json"
    text = "\n".join(map(json.dumps, NESTED)) if lines else json.dumps(NESTED, indent=1)
    path.write_text(text, encoding="utf-8")
    log = read_order_log(path, {}, profile="kuaishou")
    assert log.first == "2026-11-06T20:00:30"  # Beijing time
    assert log.time.tolist() == [0, 1000]
    assert (log.skus, log.regions, log.channels) == (("77", "78"), ("浙江",), ("1",))
    assert log.line_amount.tolist() == [25800, 12900, 1]
    assert log.paid.tolist() == [60_500_000, -1]
    assert (log.shipping.tolist(), log.discount.tolist()) == ([600, 0], [100, 0])


def test_kuaishou_flat(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "oid,createTime,payTime,sendTime,skuId,num,price,preSale\n"
        "1,1793966430000,1793966430000,0,77,1,12900,0\n2,0,0,0,77,1,12900,0\n"
    )
    (found,) = problems(path, "kuaishou")
    assert found.endswith(
        "orders.csv:3: column 'createTime' must be a time such as 2026-11-11 08:00, got '0'"
    )
    path.write_text(path.read_text().replace("2,0,0", "2,1793966430999,0"))
    assert read_order_log(path, {}, profile="kuaishou").time.tolist() == [0, 999_000]


def test_json_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    for text, words in (
        ('[{"oid": 1},\n{"oid"', "orders.json:2: file: is not proper JSON"),
        ('{"oid": 1}\n{"oid"', "orders.json:2: file: is not proper JSON"),
        ("[1, 2]", "orders.json:1: file: must hold orders"),
        ("[" + "9" * 9999 + "]", "orders.json: file: has a number of thousands of digits"),
        ("[" * 99999, "orders.json: file: is JSON that is nested too deeply"),
        ("[]", "orders.json: is empty"),
    ):
        path.write_text(text)
        (found,) = problems(path, "kuaishou")
        assert found.endswith(words) or words in found


def test_a_missing_column_names_what_the_profile_expects(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(UCI.replace("StockCode", "Stock_Code") + "1,A,x,1,2010-12-01,1,1,UK\n")
    (found,) = problems(path, "uci-online-retail")
    assert found.endswith(
        "log.csv:1: columns.sku: the profile expects a column 'StockCode' "
        "(did you mean 'Stock_Code'?)"
    )
    log = read_order_log(path, {"sku": "Stock_Code"}, profile="uci-online-retail")
    assert log.skus == ("A",)
    (found,) = problems(path, "uci")
    assert found.startswith("profile: names no profile of order logs, got uci")


def test_a_replay_with_a_profile(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(UCI + "1,A,x,1,2010-12-01,1,1,UK\n")
    scenario = tmp_path / "s.yaml"
    text = (
        "burstsim: 1\nhorizon: 1h\ndemand:\n  r: {shape: replay, file: log.csv, unknown: add, "
        "profile: uci-online-retail}\n"
        "warehouses: {w: {stages: {pick: {workers: 1, work: {per_task: 1s}}}}}\n"
    )
    scenario.write_text(text)
    assert load(scenario).demand["r"].log.skus == ("A",)  # type: ignore[union-attr]
    scenario.write_text(text.replace("uci-", "").replace("unknown: add, ", ""))
    with pytest.raises(ScenarioError, match="profile") as caught:
        load(scenario)
    assert len(caught.value.problems) == 1
    scenario.write_text(text.replace("profile", "sheet: a, profile"))
    with pytest.raises(ScenarioError, match="it is no spreadsheet"):
        load(scenario)
    scenario.write_text(text.replace("unknown: add, ", ""))
    with pytest.raises(ScenarioError, match="has SKUs that the catalogue lacks, got A"):
        load(scenario)
