"""Sheets as an XLSX workbook or as CSV files, in which text never becomes a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from datetime import datetime

from burstsim.languages import columns_of
from burstsim.report.sheets import Cell, Sheet

__all__ = ["csv_bytes", "workbook_bytes"]

#: Characters that a cell of a spreadsheet may hold.
_MOST_LETTERS = 32_767

#: What begins a formula, or hides one, when a spreadsheet opens a CSV file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

#: A date that is the same every time, so that the same run gives the same bytes.
_MADE = datetime(2020, 1, 1)


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as one XLSX file.

    Parameters
    ----------
    sheets
        In order; names have at most 31 letters.
    """
    import xlsxwriter

    target = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {**plain, "in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for column, header in enumerate(sheet.headers):
                page.write_string(0, column, header[:_MOST_LETTERS], bold)
                page.set_column(column, column, _width(sheet, column))
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, column, cell[:_MOST_LETTERS])
                    elif cell is not None and math.isfinite(cell):
                        page.write_number(number, column, cell)
    return target.getvalue()


def csv_bytes(sheet: Sheet) -> bytes:
    """Write a sheet as CSV, UTF-8 with the mark by which spreadsheets know it.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    for row in (sheet.headers, *sheet.rows):
        writer.writerow([_harmless(cell) for cell in row])
    return target.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _width(sheet: Sheet, column: int) -> int:
    longest = max((columns_of(str(row[column])) for row in sheet.rows[:200]), default=0)
    return min(max(longest, columns_of(sheet.headers[column])) + 2, 60)
