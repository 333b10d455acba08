from __future__ import annotations

import collections
import csv
import itertools
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burstsim.errors import ScenarioError
from burstsim.scenario.logreader import read_order_log
from burstsim.scenario.orderlog import OrderLog

DATA = Path(__file__).parents[2].parent / "shared" / "data"
HEADER = "order,sku,quantity,time,price,customer,region,channel\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "log.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems_of(folder: Path, text: str | bytes, **columns: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        read_order_log(path, columns)
    return [str(problem).replace(str(path), "log.csv") for problem in caught.value.problems]


def lines_of(log: OrderLog) -> list[list[tuple[str, int, int]]]:
    lines = [
        (log.skus[sku], int(units), int(cents))
        for sku, units, cents in zip(log.line_sku, log.line_quantity, log.line_amount, strict=True)
    ]
    ends = log.line_offsets.tolist()
    return [lines[start:end] for start, end in itertools.pairwise(ends)]


def test_orders_are_gathered_in_time_order(tmp_path: Path) -> None:
    log = read_order_log(
        write(
            tmp_path,
            HEADER + "8,0012345,2,2026-11-11 08:01,2.55,17850.0,north,live\n"
            "7, 85123A ,6.0,2026-11-11 08:00:30,1,,south,\n"
            "8,85123A,1,2026-11-11T08:01,0.10,17850.0,north,live\n"
            "9,X,3,2026-11-11 08:00:30,.5,ann,north,\n"
            "8,0012345,3,2026-11-11 08:01,2.00,17850.0,north,live\n"
            "8,Y,1,2026-11-11 08:02,,bob,north,live\n",
        ),
        {},
    )
    assert log.first == "2026-11-11T08:00:30"
    assert log.time.tolist() == [0, 0, 30_000_000]
    assert lines_of(log) == [
        [("85123A", 6, 600)],
        [("X", 3, 150)],
        [("0012345", 5, 1110), ("85123A", 1, 10), ("Y", 1, -1)],
    ]
    assert log.skus == ("0012345", "85123A", "X", "Y")
    assert (log.customers, log.customer.tolist()) == (("17850.0", "ann", "bob"), [-1, 1, 0])
    assert (log.regions, log.region.tolist()) == (("north", "south"), [1, 0, 0])
    assert (log.channels, log.channel.tolist()) == (("live",), [-1, -1, 0])
    assert log.notes == (
        "1 order with several times; the earliest counts",
        "added together 1 repeated line (same order and SKU)",
        "1 line without a price",
        "1 order without a customer",
        "1 order with several values of customer; the first counts",
        "2 orders without a channel",
    )


def test_arrays_have_their_types_and_are_read_only(tmp_path: Path) -> None:
    log = read_order_log(write(tmp_path, HEADER + "1,A,1,2026-11-11,,,,\n"), {})
    kinds = {
        field.name: getattr(log, field.name).dtype.name
        for field in fields(log)
        if isinstance(getattr(log, field.name), np.ndarray)
    }
    assert kinds == {
        **dict.fromkeys(("time", "line_offsets", "line_quantity", "line_amount"), "int64"),
        **dict.fromkeys(("line_sku", "region", "channel", "room"), "int32"),
        **dict.fromkeys(("customer", "paid", "cancelled", "tier"), "int64"),
        **dict.fromkeys(("discount", "shipping", "tax"), "int64"),
        **dict.fromkeys(("new", "coupon"), "int8"),
    }
    for name in kinds:
        assert not getattr(log, name).flags.writeable
    assert log.first == "2026-11-11T00:00:00"
    assert "the times know only the day" in log.notes


def test_returns_and_cancelled_orders_are_dropped_and_told(tmp_path: Path) -> None:
    log = read_order_log(
        write(
            tmp_path,
            "order,sku,quantity,time,price\n1,A,1,2026-11-11,1\n1,B,0,2026-11-11,1\n"
            "C2,A,-1,2026-11-11,1\n3,A,-4,2026-11-11,1\n4,A,2,2026-11-11,-1\n",
        ),
        {},
    )
    assert lines_of(log) == [[("A", 1, 100)]]
    assert log.notes[:4] == (
        "dropped 1 line of 1 cancelled order (order number begins with C)",
        "dropped 2 lines with a quantity of zero or less (returns and corrections)",
        "dropped 1 line with a negative price",
        "dropped 2 orders that had no other lines",
    )


def test_c_is_no_cancellation_where_all_orders_have_letters(tmp_path: Path) -> None:
    rows = "C1,A,1,2026-11-11\nD2,A,1,2026-11-11\n"
    assert len(read_order_log(write(tmp_path, "order,sku,quantity,time\n" + rows), {}).time) == 2


def test_nothing_left_is_an_error(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, "order,sku,quantity,time\n1,A,-1,2026-11-11\n")
    assert found.startswith("log.csv: no order is left: dropped 1 line with a quantity of zero")


def test_fine_prices_are_rounded_once_per_row(tmp_path: Path) -> None:
    rows = "1,A,1000,2026-11-11,0.125\n2,A,3,2026-11-11,1.10000\n3,A,3,2026-11-11,1999999.99\n"
    log = read_order_log(write(tmp_path, "order,sku,quantity,time,price\n" + rows), {})
    assert log.line_amount.tolist() == [12500, 330, 599999997]


def test_quotes_newlines_marks_and_windows_lines(tmp_path: Path) -> None:
    text = (
        '\ufeffInvoice,Item,Text,quantity,time\r\n1,"A,1","two\r\nlines",1,2026-11-11\r\n\r\n'
        '2,"say ""hi""",,x,2026-11-11\r\n'
    )
    columns = {"order": "Invoice", "sku": "Item"}
    assert problems_of(tmp_path, text, **columns) == [
        "log.csv:5: column 'quantity' must be a whole number, got 'x' "
        "(digits and a point, no other signs)"
    ]
    log = read_order_log(write(tmp_path, text.replace(",x,", ",1,")), columns)
    assert log.skus == ("A,1", 'say "hi"')


def test_gb18030_is_found_out_and_told(tmp_path: Path) -> None:
    text = "单号,编码,quantity,time\n1,口红,1,2026-11-11 20:00\n"
    columns = {"order": "单号", "sku": "编码"}
    log = read_order_log(write(tmp_path, text.encode("gb18030")), columns)
    assert log.skus == ("口红",)
    assert log.notes == ("the file is not UTF-8 and was read as GB18030",)
    assert read_order_log(write(tmp_path, text), columns).notes == ()


def test_time_format_and_delimiter(tmp_path: Path) -> None:
    path = write(tmp_path, "order;sku;quantity;time\n1;A;1;13/12/2018 07:30\n")
    log = read_order_log(path, {}, time_format="%d/%m/%Y %H:%M", delimiter=";")
    assert log.first == "2018-12-13T07:30:00"
    for wrong in ("", "::", "\n"):
        with pytest.raises(ScenarioError, match="one character"):
            read_order_log(path, {}, delimiter=wrong)
    with pytest.raises(ScenarioError, match="time_format: is not understood"):
        read_order_log(path, {}, time_format="%Q", delimiter=";")


@pytest.mark.parametrize(
    ("time", "hint"),
    [
        ("12/11/2018", 'time_format: "%d/%m/%Y" or "%m/%d/%Y"'),
        ("13/11/2018", 'time_format: "%d/%m/%Y"'),
        ("11.13.2018 8:30", 'time_format: "%m.%d.%Y %H:%M"'),
        ("2018.1.2 08:30:15", 'time_format: "%Y.%m.%d %H:%M:%S"'),
    ],
)
def test_other_dates_get_a_format_suggested(tmp_path: Path, time: str, hint: str) -> None:
    (found,) = problems_of(tmp_path, f"order,sku,quantity,time\n1,A,1,{time}\n")
    assert found == (
        f"log.csv:2: column 'time' must be a time such as 2026-11-11 08:00, got '{time}' ({hint})"
    )


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("2026/11/11 10:01:14", "2026-11-11T10:01:14"),
        ("2026/11/11 10:01", "2026-11-11T10:01:00"),
        ("2026/1/2 9:05", "2026-01-02T09:05:00"),
        ("2026/1/2", "2026-01-02T00:00:00"),
        ("2026-11-11 10:01", "2026-11-11T10:01:00"),
    ],
)
def test_dates_as_spreadsheets_write_them(tmp_path: Path, time: str, moment: str) -> None:
    rows = f"1,A,1,{time}\n2,A,1,2026-11-12\n"
    log = read_order_log(write(tmp_path, "order,sku,quantity,time\n" + rows), {})
    assert log.first == moment


@pytest.mark.parametrize(
    "time", ["2018/13/01", "2018/2/30 9:05", "2018/1-2", "2018/1/2 9", "1/2/18"]
)
def test_slashes_make_no_date_of_anything(tmp_path: Path, time: str) -> None:
    (found,) = problems_of(tmp_path, f"order,sku,quantity,time\n1,A,1,{time}\n")
    assert found.startswith("log.csv:2: column 'time' must be a time such as 2026-11-11 08:00")


def test_a_format_that_was_given_is_the_only_one(tmp_path: Path) -> None:
    path = write(tmp_path, "order,sku,quantity,time\n1,A,1,2026/11/11\n")
    with pytest.raises(ScenarioError, match="does not fit time_format"):
        read_order_log(path, {}, time_format="%d/%m/%Y")


@pytest.mark.parametrize("time", ["2018-12-01T00:00Z", "2018-W01", "20181201", "2018-13-01", ""])
def test_times_that_are_not_ours(tmp_path: Path, time: str) -> None:
    rows = f"1,A,1,2018-12-01\n2,A,1,{time}\n"
    (found,) = problems_of(tmp_path, "order,sku,quantity,time\n" + rows)
    assert found.startswith("log.csv:3: column 'time' must be a time such as")


def test_codes_that_only_look_scientific_are_kept(tmp_path: Path) -> None:
    codes = ("1E5", "12E+05", "1.2E+05X", "E+05")
    rows = "".join(f"1,{code},1,2018-12-01\n" for code in codes)
    assert read_order_log(write(tmp_path, "order,sku,quantity,time\n" + rows), {}).skus == codes


def test_all_problems_come_in_one_go(tmp_path: Path) -> None:
    rows = "1,A,1,soon,1\n" * 1200 + ",A,1.5,2026-02-30,x\n3,1.2E+05,99999999,2026-11-11,1\n4\n"
    found = problems_of(tmp_path, "order,sku,quantity,time,price\n" + rows)
    sign = "(digits and a point, no other signs)"
    time = "column 'time' must be a time such as 2026-11-11 08:00"
    assert found == [
        *(f"log.csv:{line}: {time}, got 'soon'" for line in (2, 3, 4)),
        f"log.csv: {time}: and 1,199 more rows",
        f"log.csv:1202: column 'quantity' must be a whole number, got '1.5' {sign}",
        f"log.csv:1204: column 'quantity' must be a whole number {sign}",
        "log.csv:1203: column 'quantity' is larger than 10,000,000, got '99999999'",
        f"log.csv:1202: column 'price' must be an amount of money, got 'x' {sign}",
        "log.csv:1202: column 'order' is empty",
        "log.csv:1204: column 'sku' is empty",
        "log.csv:1203: column 'sku' looks like a code that a spreadsheet turned into a number, "
        "got '1.2E+05' (format the column as text and export it again)",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "log.csv: is empty"),
        ("order,sku,quantity,time\n", "a header but no rows"),
        ("order,sku,sku,quantity,time\n1,A,B,1,2026-11-11\n", "names 'sku' 2 times"),
        (
            "order,sku,quantity,time\n1,A,1,2026-11-11,9\n",
            "log.csv:2: the row has 5 cells, the header 4",
        ),
        (
            "order,sku,quantity,time\n1,A,1,t\n1,A,1,t,9\n",
            "log.csv:3: the row has 5 cells, the header 4",
        ),
        ('order,sku,quantity,time\n1,"A,1,t\n', "log.csv:2: has a quote that is never closed"),
        (b"PK\x03\x04", "save it as CSV"),
        (b"\xff\xfea\0", "not a text file"),
        (b"\x81\xff\xff", "neither UTF-8 nor GB18030"),
    ],
)
def test_files_that_are_no_log(tmp_path: Path, text: str | bytes, words: str) -> None:
    (found,) = problems_of(tmp_path, text)
    assert words in found


def test_missing_files(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "x", "no such file"), (tmp_path, "is a directory")):
        with pytest.raises(ScenarioError, match=words):
            read_order_log(path, {})


def test_missing_columns_are_named(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, "InvoiceNo,sku,quantities\n1,A,1\n", order="Invoice", tiem="x", region="land"
    )
    assert found == [
        "log.csv: columns.tiem: is not a column of order logs (did you mean 'time'? "
        "known are order, sku, quantity, time, customer, region, channel, price, room, tier, new, "
        "coupon, discount, shipping, tax, paid_at, cancelled_at)",
        "log.csv:1: columns.order: the file has no column 'Invoice' (did you mean 'InvoiceNo'?)",
        "log.csv:1: columns.quantity: no column is named 'quantity': say which one is, "
        "columns: {quantity: ...} (did you mean 'quantities'?)",
        "log.csv:1: columns.time: no column is named 'time': say which one is, "
        "columns: {time: ...} (the file has 'InvoiceNo', 'sku', 'quantities')",
        "log.csv:1: columns.region: the file has no column 'land' "
        "(the file has 'InvoiceNo', 'sku', 'quantities')",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(alphabet='orderskuqantiym,;"\r\n 0129-:.\tC\ufeff双', max_size=80),
    whole=st.booleans(),
)
def test_any_text_is_a_log_or_refused(tmp_path: Path, text: str, whole: bool) -> None:
    path = write(tmp_path, text if whole else "order,sku,quantity,time\n1,A,1,2026-11-11\n" + text)
    try:
        log = read_order_log(path, {})
    except ScenarioError:
        return
    assert log.line_offsets[-1] == len(log.line_sku)


def test_retail_log_agrees_with_a_count_by_hand() -> None:
    path = DATA / "online_retail_10k.csv"
    if not path.exists():
        pytest.skip("the sample data is not here")
    columns = {
        "order": "InvoiceNo",
        "sku": "StockCode",
        "quantity": "Quantity",
        "time": "InvoiceDate",
        "price": "UnitPrice",
        "customer": "CustomerID",
        "region": "Country",
    }
    log = read_order_log(path, columns)
    units: dict[tuple[str, str], int] = collections.defaultdict(int)
    cents = 0
    first: dict[str, str] = {}
    customer: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            count, order = int(row["Quantity"]), row["InvoiceNo"]
            if order.startswith("C") or count <= 0:
                continue
            units[order, row["StockCode"]] += count
            cents += round(float(row["UnitPrice"]) * 100) * count
            first[order] = min(row["InvoiceDate"], first.get(order, "9"))
            customer[order] = row["CustomerID"]
    assert (len(log.time), len(log.line_sku), len(log.skus)) == (439, 9524, 1997)
    assert (len(first), len(units), len({sku for _, sku in units})) == (439, 9524, 1997)
    assert log.line_quantity.sum() == sum(units.values())
    assert log.line_amount.sum() == cents
    assert log.first == min(first.values()).replace(" ", "T")
    stamps = log.time.astype("timedelta64[us]") + np.datetime64(log.first)
    expected = [np.datetime64(stamp.replace(" ", "T")) for stamp in sorted(first.values())]
    assert stamps.tolist() == [stamp.astype("datetime64[us]").item() for stamp in expected]
    assert (log.customer < 0).sum() == sum(not name for name in customer.values()) == 38
    assert log.notes == (
        "dropped 100 lines of 43 cancelled orders (order number begins with C)",
        "dropped 30 lines with a quantity of zero or less (returns and corrections)",
        "dropped 30 orders that had no other lines",
        "1 order with several times; the earliest counts",
        "added together 346 repeated lines (same order and SKU)",
        "38 orders without a customer",
    )


def test_warehouse_log_knows_only_days() -> None:
    path = DATA / "order_lines_with_locations.csv"
    if not path.exists():
        pytest.skip("the sample data is not here")
    columns = {"order": "OrderNumber", "sku": "SKU", "quantity": "PCS", "time": "DATE"}
    log = read_order_log(path, columns, time_format="%m/%d/%Y")
    assert (len(log.time), len(log.line_sku), len(log.skus)) == (3584, 5000, 1050)
    assert log.first == "2018-12-01T00:00:00"
    days = log.time / 86_400_000_000
    assert sorted(set(days.tolist())) == list(range(16))
    assert log.notes == ("the times know only the day",)
    assert (log.line_amount == -1).all()
    # The file writes the month first: the 13th to 16th are no months.
    with pytest.raises(ScenarioError, match='time_format: "%m/%d/%Y"'):
        read_order_log(path, columns, time_format="%d/%m/%Y")
