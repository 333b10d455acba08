"""Tables that are broken: CSV, XLSX, Parquet and JSON."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.hardening.corpus import TABLES, Broken, table

__all__ = ["FORMATS", "TABLE_TEXTS", "mutated_sheet", "parquet_of"]

Change = Callable[[bytes, random.Random, list[bytes]], bytes]

_LOG = TABLES["log"][1]
_ROW = "1,A,1,2026-11-10 20:00"


def _log(*pairs: tuple[str, str]) -> Broken:
    text = _LOG
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return table("log", text)


def _cells(kind: str, old: str, new: str) -> Broken:
    text = TABLES[kind][1]
    assert old in text, old
    return table(kind, text.replace(old, new, 1))


def _more(kind: str, content: bytes) -> Broken:
    return table(kind, TABLES[kind][1].encode() + content)


def _doubled(text: str) -> str:
    """A table whose first column is there twice."""
    return "".join(f"{line.split(',')[0]},{line}\n" for line in text.splitlines())


TABLE_TEXTS: dict[str, Broken] = {
    **{f"empty, {kind}": table(kind, b"") for kind in TABLES},
    **{f"a mark only, {kind}": table(kind, b"\xef\xbb\xbf") for kind in TABLES},
    **{f"header only, {kind}": table(kind, TABLES[kind][1].split("\n")[0]) for kind in TABLES},
    **{f"binary, {kind}": table(kind, b"\x00\x01\x02\xff" * 50) for kind in TABLES},
    **{f"utf-16, {kind}": table(kind, TABLES[kind][1].encode("utf-16")) for kind in TABLES},
    **{
        f"no encoding, {kind}": table(kind, TABLES[kind][1].encode() + b"\xff,\xff\n")
        for kind in TABLES
    },
    **{
        f"row too long, {kind}": table(kind, TABLES[kind][1] + "a,b,c,d,e,f,g\n") for kind in TABLES
    },
    **{f"open quote, {kind}": table(kind, TABLES[kind][1] + '"a,b\nc,d\n') for kind in TABLES},
    **{f"column twice, {kind}": table(kind, _doubled(TABLES[kind][1])) for kind in TABLES},
    "huge single cell": _log(("1,A", "1," + "A" * 500_000)),
    "huge single line": table("log", _LOG + "," * 200_000),
    "semicolons": table("log", _LOG.replace(",", ";")),
    "no column of ours": table("log", "a,b,c\n1,2,3\n"),
    "no number": _log((",A,1,", ",A,one,")),
    "nan": _log((",A,1,", ",A,nan,")),
    "infinite": _log((",A,1,", ",A,inf,")),
    "huge number": _log((",A,1,", f",A,{'9' * 30},")),
    "hex": _log((",A,1,", ",A,0x10,")),
    "fraction": _log((",A,1,", ",A,1.5,")),
    "scientific code": _log(("1,A", "1,1.2E+05")),
    "no code": _log(("1,A", "1,")),
    "no time": _log(("2026-11-10 20:00", "")),
    "no such day": _log(("2026-11-10 20:00", "2026-02-30")),
    "American day": _log(("2026-11-10 20:00", "11/10/2026 8:00 PM")),
    "unknown item": _log(("1,A", "1,Z")),
    "only cancelled": _log((",A,1,", ",A,-1,")),
    "escape in a code": _log(("1,A", "1,A\x1b[31m")),
    "line end in a code": _log(("1,A", '1,"A\nB"')),
    "turned code": _log(("1,A", "1,A\u202eB")),
    "nul in a code": _log(("1,A", "1,A\0")),
    "long code": _log(("1,A", "1," + "A" * 300)),
    "error of a spreadsheet": _log((",A,1,", ",A,#DIV/0!,")),
    "code that is an error": _log(("1,A", "1,#N/A")),
    "code that is a formula": _log(("1,A", '1,"=""0012"""')),
    "every row": table("log", _LOG.split("\n")[0] + "\n" + "1,A,x,y\n" * 5000),
    "rate without a unit": _cells("rates", "60/h", "60"),
    "rates out of order": _cells("rates", "2h", "-2h"),
    "rate that is an error": _cells("rates", "60/h", "#VALUE!"),
    "rates without end": table("rates", "time,rate\n" + "0s,1/h\n" * 100_002),
    "units of a show": _cells("show", "50", "fifty"),
    "units below zero": _cells("show", "50", "-50"),
    "nan units": _cells("show", "50", "nan"),
    "item of a show": _cells("show", "A,", "Z,"),
    "price of a show": _cells("show", "4.00", "¥4"),
    "moment of a show": _cells("show", "1h", "soon"),
    "stock that is an error": _cells("show", ",40", ",#REF!"),
    "gift that is unknown": _cells("gifts", ",B,", ",Z,"),
    "gift rule without a name": _cells("gifts", "\nr,", "\n,"),
    "gift of no number": _cells("gifts", ",1,", ",one,"),
    "measure of nothing": _cells("gifts", "units", "metres"),
    "rule with an escape": _cells("gifts", "\nr,", "\nr\x1b[31m,"),
    "stage that is unknown": _cells("open", "pick", "pock"),
    "open item that is unknown": _cells("open", ",A,", ",Z,"),
    "open pieces below zero": _cells("open", ",1,pick", ",-1,pick"),
    "warehouse that is unknown": _cells("stock", "hub,A", "hob,A"),
    "count of no number": _cells("stock", "A,5", "A,five"),
    "count that is a formula": _cells("stock", "A,5", "A,=2+3"),
    "sheet of a CSV": table("stock", TABLES["stock"][1], options=", sheet: x"),
    "column that is no column": table(
        "stock", TABLES["stock"][1], options=", columns: {skku: sku}"
    ),
}


def _sheet(fill: Callable[[xlsxwriter.worksheet.Worksheet], object], kind: str = "log") -> bytes:
    """An XLSX file with the right table, and something else."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(TABLES[kind][1].splitlines()):
            for column, cell in enumerate(line.split(",")):
                page.write(number, column, int(cell) if cell.isdigit() else cell)
        fill(page)
    return target.getvalue()


def _formula(value: object, kind: str = "log", column: int = 2) -> bytes:
    return _sheet(lambda page: page.write_formula(1, column, "=1/0", None, value), kind)


def _repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with its parts changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def _unworked(kind: str, row: int, column: int) -> bytes:
    """A formula as programs write it that work out no formulas: no value, and no type."""
    made = _sheet(lambda page: page.write_formula(row, column, "=1+1", None, ""), kind)
    return _repacked(made, lambda name, part: part.replace(b' t="str"', b""))


def mutated_sheet(kind: str, chance: random.Random, change: Change) -> bytes:
    """An XLSX file with the right table of which one part is changed."""
    right = _sheet(lambda page: None, kind)
    with zipfile.ZipFile(io.BytesIO(right)) as archive:
        chosen = chance.choice(["xl/worksheets/sheet1.xml", *archive.namelist()])
    return _repacked(
        right, lambda name, part: change(part, chance, [part]) if name == chosen else part
    )


def _in_sheet(old: bytes, new: bytes) -> bytes:
    right = _sheet(lambda page: None)
    return _repacked(right, lambda name, part: part.replace(old, new) if "sheet1" in name else part)


def _bomb() -> bytes:
    """Two gigabytes of blanks in two megabytes."""
    target = io.BytesIO()
    right = _sheet(lambda page: None)
    with (
        zipfile.ZipFile(io.BytesIO(right)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in source.namelist():
            made.writestr(name, source.read(name))
        with made.open("xl/more.xml", "w", force_zip64=True) as part:
            for _ in range(1100):
                part.write(b" " * 1024**2)
    return target.getvalue()


def _liar() -> bytes:
    """An archive whose parts are larger than it says."""
    content = bytearray(_in_sheet(b"</sheetData>", b" " * 100_000 + b"</sheetData>"))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    size = part.file_size.to_bytes(4, "little")
    return bytes(content).replace(size, (500).to_bytes(4, "little"))


def _locked() -> bytes:
    """An archive that says its first part needs a password."""
    content = bytearray(_sheet(lambda page: None))
    content[6] |= 1
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def parquet_of(**columns: object) -> bytes:
    right = {"order": ["1"], "sku": ["A"], "quantity": [1], "time": ["2026-11-10 20:00"]}
    target = io.BytesIO()
    pd.DataFrame({**right, **columns}).to_parquet(target)
    return target.getvalue()


#: Columns that have nothing in them.
NO_ROWS: dict[str, object] = dict.fromkeys(("order", "sku", "quantity", "time"), ())


def _arrow(**columns: pa.Array) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def _swelling() -> bytes:
    """Some kilobytes in which one long text stands for a gigabyte of them."""
    rows = 500_000
    every = np.zeros(rows, np.int32)
    long = pa.DictionaryArray.from_arrays(every, pa.array(["A" * 2000]))
    times = pa.DictionaryArray.from_arrays(every, pa.array(["2026-11-10 20:00"]))
    return _arrow(order=pa.array(every), sku=long, quantity=pa.array(every), time=times)


def _endless() -> bytes:
    """More values than are read, of which nearly nothing is written: 10,001 columns of nothing."""
    nothing = pa.nulls(10_000, pa.int8())
    return _arrow(**{f"c{number}": nothing for number in range(10_001)})


def _zip(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _emptied(name: str, part: bytes) -> bytes:
    begin, end = part.find(b"<sheetData>"), part.find(b"</sheetData>")
    return part if begin < 0 else part[:begin] + b"<sheetData>" + part[end:]


def _json(content: bytes | str) -> Broken:
    return table("log", content, "t.json", ", profile: kuaishou")


def _xlsx(content: bytes, kind: str = "log", options: str = "") -> Broken:
    return table(kind, content, "t.xlsx", options)


FORMATS: dict[str, Broken] = {
    "cell with an error": _xlsx(_formula("#DIV/0!")),
    "code with an error": _xlsx(_formula("#N/A", column=1)),
    "formula that nobody has worked out": _xlsx(_unworked("log", 1, 2)),
    "such a formula behind the table": _xlsx(_unworked("log", 9, 2)),
    **{
        f"error in a sheet, {kind}": _xlsx(_formula("#VALUE!", kind, column), kind)
        for kind, column in (("rates", 1), ("show", 3), ("gifts", 2), ("open", 2), ("stock", 2))
    },
    "formula in a sheet of stock": _xlsx(_unworked("stock", 1, 2), "stock"),
    "archive that is cut off": _xlsx(_sheet(lambda page: None)[:-200]),
    "archive of something else": _xlsx(_zip({"a.txt": b"hello"})),
    "archive of nothing": _xlsx(_zip({})),
    "archive that grows": _xlsx(_bomb()),
    "archive that lies": _xlsx(_liar()),
    "archive with a password": _xlsx(_locked()),
    "locked spreadsheet, log": _xlsx(b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "locked spreadsheet, stock": _xlsx(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "stock"),
    "a cell far away": _xlsx(_sheet(lambda page: page.write(1_048_575, 16_383, "x"))),
    "a number far away": _xlsx(_sheet(lambda page: page.write(1_048_575, 16_383, 5))),
    "place of a cell that is written oddly": _xlsx(_in_sheet(b'r="A1"', b'r="&#65;1"')),
    "document type": _xlsx(_in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')),
    "sheet cut off": _xlsx(_in_sheet(b"</sheetData>", b"")),
    "no such sheet": _xlsx(_sheet(lambda page: None), options=", sheet: Sheet9"),
    "empty sheet": _xlsx(_repacked(_sheet(lambda page: None), _emptied)),
    "code turned into a number": _xlsx(_sheet(lambda page: page.write(1, 1, 1.23456e17))),
    "text for a number": _xlsx(_sheet(lambda page: page.write(1, 2, "one"))),
    "parquet cut off": table("log", parquet_of()[:-20], "t.parquet"),
    "parquet of its beginning": table("log", b"PAR1", "t.parquet"),
    "parquet of rubbish": table("log", b"PAR1" + b"\x15\x04" * 100 + b"PAR1", "t.parquet"),
    "parquet of lists": table("log", parquet_of(sku=[["A"]]), "t.parquet"),
    "parquet of nothing": table("log", parquet_of(quantity=[None]), "t.parquet"),
    "parquet of maps": table("log", parquet_of(sku=[{"a": "A"}]), "t.parquet"),
    "parquet of bytes": table("log", parquet_of(sku=[b"A"]), "t.parquet"),
    "parquet of lists of lists": table("log", parquet_of(quantity=[[[1]]]), "t.parquet"),
    "parquet that grows": table("log", _swelling(), "t.parquet"),
    "parquet of too many values": table("log", _endless(), "t.parquet"),
    "parquet with a key": table("log", b"PARE" + b"\0" * 99 + b"PARE", "t.parquet"),
    "parquet in the middle": table("log", parquet_of()[:200] + parquet_of()[-200:], "t.parquet"),
    "parquet without rows": table("log", parquet_of(**NO_ROWS), "t.parquet"),
    "parquet of infinity": table("log", parquet_of(quantity=[float("inf")]), "t.parquet"),
    "json": table("log", "[]", "t.json"),
    "json cut off": _json('[{"a": 1'),
    "json too deep": _json("[" * 100_000),
    "json of nothing": _json("[]"),
    "json of numbers": _json("[1, 2]"),
    "json of thousands of digits": _json('[{"a": ' + "9" * 10_000 + "}]"),
    "json in another encoding": _json('[{"a": "é"}]'.encode("latin-1")),
}
