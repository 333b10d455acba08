"""Order logs in XLSX and Parquet, whose cells have types; here they become text again."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.errors import did_you_mean
from burstsim.scenario.logfile import RawTable, refusal
from burstsim.scenario.xlsxparts import inspect, without_value

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["open_parquet", "open_sheet", "sheet_names"]

# A spreadsheet keeps 15 digits; a longer code has lost its end.
_EXACT = 10**15

#: Values of a Parquet file; a few bytes can stand for any number of them.
_MOST_VALUES = 100_000_000

#: Bytes of its texts once they stand one by one; in the file each different one may stand once.
_MOST_TEXT = 512 * 1024**2


def sheet_names(path: Path, content: bytes) -> list[str]:
    """Names of the sheets of an XLSX file, in their order."""
    import python_calamine

    inspect(path, content)
    try:
        return list(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        rule = f"is a spreadsheet or an archive that cannot be read: {error}"
        raise refusal(path, rule, "open it, save it as XLSX once more, or save it as CSV") from None


def open_sheet(path: Path, content: bytes, sheet: str | None) -> RawTable:
    """Read one sheet of an XLSX file: the first, or the one of that name.

    Formulas count as the value that the spreadsheet last worked out. A cell with an error shows
    it, one with a formula that was never worked out the formula.
    """
    import pandas as pd
    import python_calamine

    inspect(path, content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            listed = ", ".join(repr(name) for name in names)
            hint = did_you_mean(sheet, names) or f"the file has {listed}"
            raise refusal(path, f"has no sheet {sheet!r}", hint)
        chosen = names[0] if sheet is None else sheet
        grid = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        rule = f"is a spreadsheet or an archive that cannot be read: {error}"
        raise refusal(path, rule, "open it, save it as XLSX once more, or save it as CSV") from None
    written = [[_text(cell) for cell in row] for row in grid]
    _show(written, without_value(content, chosen))
    filled = [place for place, row in enumerate(written) if any(row)]
    header = written[filled[0]] if filled else []
    while header and not header[-1]:
        header.pop()  # formatted but empty columns
    rows = filled[1:]
    others = [name for name in names if name != chosen]
    note = f"read sheet {chosen!r}, not {', '.join(repr(name) for name in others)}"

    def column(number: int) -> pd.Series[str]:
        return pd.Series([written[place][number] for place in rows], dtype=str)

    return RawTable(
        file=str(path),
        header=header,
        rows=len(rows),
        column=column,
        lines=lambda wanted: [rows[row] + 1 for row in wanted],
        header_line=filled[0] + 1 if filled else 1,
        notes=(note,) if others and sheet is None else (),
        dated=True,
    )


def _show(written: list[list[str]], cells: Iterable[tuple[int, int, str]]) -> None:
    """Write the text of cells into a grid of equal rows, which may be too small for them."""
    width = len(written[0]) if written else 0
    for row, column, text in cells:
        written += [[""] * width for _ in range(row + 1 - len(written))]
        if column >= width:
            for line in written:
                line += [""] * (column + 1 - width)
            width = column + 1
        written[row][column] = text


def _text(cell: Any) -> str:
    """Text of a cell; a code that the sheet keeps as the number 12345.0 is 12345."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < _EXACT else f"{cell:.5E}"
        return repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    return str(cell).strip()


def open_parquet(path: Path, content: bytes) -> RawTable:
    """Read a Parquet file; columns become text when they are asked for.

    A moment with a time zone becomes what the clock on the wall of that zone shows.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        about = pq.read_metadata(io.BytesIO(content))
        if about.num_rows * max(1, about.num_columns) > _MOST_VALUES:
            rule = f"holds {about.num_rows:,} rows of {about.num_columns:,} columns"
            raise refusal(path, rule, "cut it into parts, and leave out what is not needed")
        schema = about.schema.to_arrow_schema()
        once = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]
        table = pq.read_table(io.BytesIO(content), read_dictionary=once)
    except (pa.ArrowException, OSError, ValueError) as error:
        rule = f"is a Parquet file that cannot be read: {str(error).splitlines()[0]}"
        raise refusal(path, rule, "it may have been cut off; copy it again") from None

    def column(number: int) -> pd.Series[str]:
        if (size := _size_of_texts(table.column(number))) > _MOST_TEXT:
            rule = f"column {header[number]!r} holds {size:,} bytes of text"
            raise refusal(path, rule, "cut the file into parts by time")
        try:
            texts = pc.fill_null(_texts(table.column(number)), "")
            return pd.Series(texts.to_pandas(), dtype=str)
        except (pa.ArrowException, ValueError) as error:
            kind = table.schema.field(number).type
            kind = kind.value_type if pa.types.is_dictionary(kind) else kind
            rule = f"column {header[number]!r} has cells of type {kind}, which cannot be read"
            raise refusal(path, rule, str(error).splitlines()[0]) from None

    header = [str(name).strip() for name in table.column_names]
    zones = sorted({field.type.tz for field in table.schema if getattr(field.type, "tz", None)})
    return RawTable(
        file=str(path),
        header=header,
        rows=table.num_rows,
        column=column,
        lines=lambda wanted: [row + 1 for row in wanted],
        header_line=0,
        notes=tuple(f"times with a zone are those of the clock in {zone}" for zone in zones),
        dated=True,
    )


def _size_of_texts(cells: pa.ChunkedArray) -> int:
    """Bytes of a column's texts at most, each as often as it stands there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = 0
    for chunk in cells.chunks:
        if pa.types.is_dictionary(chunk.type) and len(chunk.dictionary):
            longest = pc.max(pc.binary_length(chunk.dictionary.cast(pa.large_binary()))).as_py()
            size += (longest or 0) * len(chunk)
    return size


def _texts(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = cells.type
    if pa.types.is_dictionary(kind):
        cells = cells.cast(kind.value_type)
        kind = cells.type
    if pa.types.is_timestamp(kind):
        cells = pc.local_timestamp(cells) if kind.tz else cells
        return cells.cast(pa.timestamp("us"), safe=False).cast(pa.string())
    if pa.types.is_floating(kind):
        values: Sequence[float | None] = cells.to_pylist()
        missing = (value is None or np.isnan(value) for value in values)
        texts = ["" if gone else _text(v) for gone, v in zip(missing, values, strict=True)]
        return pa.chunked_array([pa.array(texts, pa.string())])
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise ValueError("text, numbers, dates and moments can be read")
    return pc.utf8_trim_whitespace(cells.cast(pa.string()))
