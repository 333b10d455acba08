"""Order logs in spreadsheets, Parquet and JSON, and columns found by their usual names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from burstsim.errors import ScenarioError
from burstsim.scenario.logreader import read_order_log

MOMENT = dt.datetime(2026, 11, 11, 20, 0, 30)


def sheet(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.datetime):
                    page.write_datetime(number, place, cell, dates)
                elif isinstance(cell, tuple):
                    page.write_formula(number, place, cell[0], None, cell[1])
                else:
                    page.write(number, place, cell)
    book.close()
    return path


def parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def problems(path: Path, **kwargs: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_order_log(path, {}, **kwargs)
    return [str(p).replace(str(path), path.name) for p in caught.value.problems]


def test_a_sheet_with_chinese_headers_numbers_dates_and_formulas(tmp_path: Path) -> None:
    rows = [
        ["订单编号", "SKU编码", "数量", "下单时间", "单价", "地区", "买家", "备注"],
        [12345, "00123", 2, MOMENT, 12.5, "华东", 777, "x"],
        [],
        [12345, 98765, ("=1+2", 3), MOMENT, ("=10/4", 2.5), "华东", 777, ""],
    ]
    log = read_order_log(sheet(tmp_path / "log.xlsx", ("订单", rows)), {})
    assert log.skus == ("00123", "98765")
    assert log.line_quantity.tolist() == [2, 3]
    assert log.line_amount.tolist() == [2500, 750]
    assert (log.first, log.customers, log.regions) == ("2026-11-11T20:00:30", ("777",), ("华东",))
    assert log.notes == (
        "columns found by their usual names: order from '订单编号', sku from 'SKU编码', quantity "
        "from '数量', time from '下单时间', customer from '买家', region from '地区', "
        "price from '单价'",
    )


def test_sheets_are_chosen_by_name_and_told(tmp_path: Path) -> None:
    rows = [["order", "sku", "quantity", "time"], ["1", "A", 1, "11.11.2026"]]
    path = sheet(tmp_path / "log.xlsx", ("cover", [["nothing"]]), ("orders", rows))
    log = read_order_log(path, {}, sheet="orders", time_format="%d.%m.%Y")
    assert log.first == "2026-11-11T00:00:00"
    assert problems(path, sheet="order") == [
        "log.xlsx: file: has no sheet 'order' (did you mean 'orders'?)"
    ]
    assert problems(path) == ["log.xlsx: has a header but no rows"]
    swapped = sheet(tmp_path / "two.xlsx", ("a", rows), ("b", []))
    log = read_order_log(swapped, {}, time_format="%d.%m.%Y")
    assert log.notes[0] == "read sheet 'a', not 'b'"


def test_a_time_format_does_not_spoil_real_dates(tmp_path: Path) -> None:
    rows = [["order", "sku", "quantity", "time"], [1, "A", 1, MOMENT], [2, "A", 1, "11.11.2026"]]
    path = sheet(tmp_path / "log.xlsx", ("a", rows))
    log = read_order_log(path, {}, time_format="%d.%m.%Y")
    assert log.time.tolist() == [0, 72_030_000_000]


def test_faults_in_a_sheet_name_row_and_column(tmp_path: Path) -> None:
    rows = [
        [],
        ["order", "sku", "quantity", "time"],
        [1, "A", 1, 46337.5],
        [],
        [1.5e17, "A", "x", MOMENT],
    ]
    assert problems(sheet(tmp_path / "log.xlsx", ("a", rows))) == [
        "log.xlsx:3: column 'time' must be a time such as 2026-11-11 08:00, got '46337.5' "
        "(format the cells as dates and save the file again)",
        "log.xlsx:5: column 'quantity' must be a whole number, got 'x' "
        "(digits and a point, no other signs)",
        "log.xlsx:5: column 'order' looks like a code that a spreadsheet turned into a number, "
        "got '1.50000E+17' (format the column as text and export it again)",
    ]


def test_files_that_are_cut_off_or_something_else(tmp_path: Path) -> None:
    rows = [["order", "sku", "quantity", "time"], [1, "A", 1, MOMENT]]
    whole = sheet(tmp_path / "whole.xlsx", ("a", rows)).read_bytes()
    columns = {"order": ["1"], "sku": ["A"], "quantity": [1], "time": [MOMENT]}
    table = parquet(tmp_path / "whole.parquet", **columns).read_bytes()
    for name, content, words in (
        ("cut.xlsx", whole[: len(whole) // 2], "cut.xlsx: file: is a spreadsheet or an archive"),
        ("cut.xlsx", whole[4:], "cut.xlsx: file: is not an XLSX file, whatever its name"),
        ("old.xls", b"\xd0\xcf\x11\xe0" * 9, "old.xls: file: is an old or a locked spreadsheet"),
        ("cut.parquet", table[:-9], "cut.parquet: file: is a Parquet file that cannot be read"),
        ("cut.parquet", table[9:], "cut.parquet: file: is a Parquet file that cannot be read"),
        ("empty.parquet", b"", "empty.parquet: is empty"),
        ("log.json", b'[{"a": 1}]', "log.json: file: is JSON (profile: kuaishou reads"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        (found,) = problems(path)
        assert found.startswith(words)
    path = tmp_path / "really.xlsx"  # text with the wrong name is read for what it is
    path.write_text("order,sku,quantity,time\n1,A,1,2026-11-11\n")
    assert read_order_log(path, {}).skus == ("A",)
    assert problems(path, sheet="a") == [
        "really.xlsx: file: has no sheet 'a': it is no spreadsheet"
    ]


def test_parquet_types_become_text(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "log.parquet",
        order=pa.array([1, 2, 2]),
        sku=pa.array(["0012", "B", "C"]).dictionary_encode(),
        quantity=pa.array([1.0, 2.0, 3.0]),
        time=pa.array([MOMENT] * 3, pa.timestamp("ns")),
        price=pa.array([1.25, None, float("nan")]),
        customer=pa.array([77.0, None, 78.0]),
        day=pa.array([dt.date(2026, 11, 11)] * 3),
    )
    log = read_order_log(path, {})
    assert (log.skus, log.first) == (("0012", "B", "C"), "2026-11-11T20:00:30")
    assert log.line_amount.tolist() == [125, -1, -1]
    assert (log.customers, log.customer.tolist()) == (("77", "78"), [0, 1])
    assert read_order_log(path, {"time": "day"}).first == "2026-11-11T00:00:00"


def test_a_zone_in_parquet_means_the_clock_on_the_wall(tmp_path: Path) -> None:
    moment = MOMENT.replace(tzinfo=dt.UTC)
    for zone, first in (("UTC", "2026-11-11T20:00:30"), ("Asia/Shanghai", "2026-11-12T04:00:30")):
        path = parquet(
            tmp_path / "log.parquet",
            **{"order": ["1"], "sku": ["A"], "quantity": [1]},
            time=pa.array([moment], pa.timestamp("us", zone)),
        )
        log = read_order_log(path, {})
        assert log.first == first
        assert log.notes == (f"times with a zone are those of the clock in {zone}",)


def test_faults_in_parquet_name_the_row(tmp_path: Path) -> None:
    columns = {
        "order": ["1", "2"],
        "sku": ["A", ""],
        "quantity": [1, 1],
        "time": ["soon", "2026-1"],
    }
    found = problems(parquet(tmp_path / "log.parquet", **columns))
    assert [text.partition(" ")[0] for text in found] == [
        "log.parquet:1:",
        "log.parquet:2:",
        "log.parquet:2:",
    ]
    odd = {**columns, "sku": [["A"], ["B"]]}
    (found_odd,) = problems(parquet(tmp_path / "odd.parquet", **odd))
    assert "column 'sku' has cells of type list" in found_odd


def test_gb18030_with_chinese_headers(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    text = "订单号,商品编码,数量,下单时间,付款时间,取消时间,渠道,省份\n"
    text += "1,口红,1,2026-11-11 20:00,2026-11-11 20:01,,直播,浙江\n"
    path.write_bytes(text.encode("gb18030"))
    log = read_order_log(path, {})
    assert (log.skus, log.channels, log.regions) == (("口红",), ("直播",), ("浙江",))
    assert log.notes[0] == "the file is not UTF-8 and was read as GB18030"
    assert log.notes[1].startswith("columns found by their usual names: order from '订单号', sku")
    assert (log.paid.tolist(), log.cancelled.tolist()) == ([60_000_000], [-1])


def test_headers_of_marketplaces_are_known(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    text = "主订单编号,宝贝标题,商家编码,宝贝数量,拍下时间,订单付款时间,买家会员名,收货地址/省份,"
    text += "实付金额,买家应付邮费\n7,口红,K1,2,2026-11-11 20:00,2026-11-11 20:01,安,浙江,99.5,6\n"
    path.write_text(text, encoding="utf-8")
    log = read_order_log(path, {})
    assert log.notes == (
        "columns found by their usual names: order from '主订单编号', sku from '商家编码', "
        "quantity from '宝贝数量', time from '拍下时间', customer from '买家会员名', region from "
        "'收货地址/省份', shipping from '买家应付邮费', paid_at from '订单付款时间'",
    )
    assert (log.skus, log.customers, log.regions) == (("K1",), ("安",), ("浙江",))
    assert log.line_amount.tolist() == [-1]  # what was paid for all is no price of one


@pytest.mark.parametrize("whole", ["主订单编号", "订单编号"])
def test_numbers_of_lines_are_no_orders_where_orders_have_numbers(
    tmp_path: Path, whole: str
) -> None:
    path, rows = tmp_path / "log.csv", "1,7,A,1,2026-11-11\n2,7,B,1,2026-11-11\n"
    text = f"子订单编号,{whole},商家编码,购买数量,订单创建时间\n{rows}"
    path.write_text(text, encoding="utf-8")
    assert read_order_log(path, {}).time.tolist() == [0]
    assert read_order_log(path, {"order": "子订单编号"}).time.tolist() == [0, 0]
    path.write_text(text.replace(f",{whole}", ",备注"), encoding="utf-8")
    assert read_order_log(path, {}).time.tolist() == [0, 0]


def test_two_columns_for_one_name_are_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("订单号,订单编号,sku_id,Qty,order_time\n1,2,A,1,2026-11-11\n", encoding="utf-8")
    assert problems(path) == [
        "log.csv:1: columns.order: 2 columns may be 'order': '订单号', '订单编号' "
        "(say which one is, columns: {order: ...})"
    ]
    log = read_order_log(path, {"order": "订单编号"})
    assert "sku from 'sku_id', quantity from 'Qty', time from 'order_time'" in log.notes[0]


def test_a_column_given_to_another_name_is_not_found_again(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("order,sku,quantity,时间,price\n1,A,1,2026-11-11,x\n", encoding="utf-8")
    log = read_order_log(path, {"region": "price", "time": "时间"})
    assert (log.regions, log.line_amount.tolist()) == (("x",), [-1])


def test_everything_that_an_order_can_say(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "order,sku,quantity,time,paid_at,cancelled_at,tier,new,coupon,discount,shipping,tax,room\n"
        "2,A,1,2026-11-11 08:01,2026-11-11 08:00,2026-11-11 09:00,2,yes,X9,1.50,3,0.1,88\n"
        "2,B,1,2026-11-11 08:01,,,3,,,1.50,4,,88\n"
        "1,A,1,2026-11-11 08:00,2026-11-11 08:02,,,否,,,,,\n"
    )
    log = read_order_log(path, {})
    assert log.paid.tolist() == [120_000_000, 60_000_000]
    assert log.cancelled.tolist() == [-1, 3_600_000_000]
    assert (log.tier.tolist(), log.new.tolist(), log.coupon.tolist()) == ([0, 2], [0, 1], [0, 1])
    assert log.discount.tolist() == [0, 150]
    assert (log.shipping.tolist(), log.tax.tolist()) == ([0, 300], [0, 10])
    assert (log.rooms, log.room.tolist()) == (("88",), [-1, 0])
    assert log.notes == (
        "1 order without a room",
        "1 order paid before placed; taken as paid when placed",
        "time of cancellation known for 1 of 2 orders",
        "1 order with several values of tier; the first counts",
        "1 order with several values of shipping; the first counts",
    )
    plain = tmp_path / "plain.csv"
    plain.write_text("order,sku,quantity,time\n1,A,1,2026-11-11\n")
    log = read_order_log(plain, {})
    for name, value in (("paid", -1), ("cancelled", -1), ("new", -1), ("coupon", -1), ("tax", 0)):
        assert np.array_equal(getattr(log, name), [value])


def test_cells_that_such_columns_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "order,sku,quantity,time,paid_at,tier,new,discount,tax\n"
        "1,A,1,2026-11-11,later,VIP,perhaps,-1,x\n"
    )
    sign = "(digits and a point, no other signs)"
    assert problems(path) == [
        "log.csv:2: column 'paid_at' must be a time such as 2026-11-11 08:00, got 'later'",
        f"log.csv:2: column 'tier' must be a whole number, got 'VIP' {sign}",
        "log.csv:2: column 'discount' must not be negative, got '-1'",
        f"log.csv:2: column 'tax' must be an amount of money, got 'x' {sign}",
        "log.csv:2: column 'new' must be yes or no, got 'perhaps'",
    ]
