"""From a file of order lines to an `OrderLog`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.cells import (
    CONTROL,
    CONTROL_RULE,
    SPREADSHEET_ERROR,
    SPREADSHEET_HINT,
    SPREADSHEET_RULE,
)
from burstsim.scenario.logfile import refusal
from burstsim.scenario.logorders import Rows, assemble
from burstsim.scenario.logtable import OPTIONAL, LogTable, Mask, counted, matches, open_log
from burstsim.scenario.logtimes import read_times
from burstsim.scenario.orderlog import Flags, Ints, OrderLog
from burstsim.scenario.profiles import PROFILES, Profile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_order_log"]

LARGEST = 10_000_000  # of a quantity and a price: their product in cents stays far below 2**63

_WHOLE = r"[-+]?[0-9]{1,18}(?:\.0*)?"
_DECIMAL = r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]*)?|\.[0-9]+)"
_CENTS = r"[-+]?[0-9]*(?:\.[0-9]{0,2}0*)?"
# A spreadsheet writes 1.2E+05; a code such as 1E5 has neither a sign nor a point.
_SCIENTIFIC = r"[0-9]\.[0-9]+[eE][-+]?[0-9]+|[0-9][eE][-+][0-9]+"
_YES = ("1", "1.0", "true", "yes", "y", "是", "有", "新客")
_NO = ("0", "0.0", "false", "no", "n", "否", "无", "没有", "老客", "none")

#: Columns whose cells become names, in tables and on screens.
_NAMES = ("order", "sku", "customer", "region", "channel", "room")
_TOO_LONG = "must have at most 120 characters"

_NO_PROFILE = Profile(columns={}, cancelled_by_c=True)


def read_order_log(
    path: Path,
    columns: Mapping[str, str],
    *,
    time_format: str | None = None,
    delimiter: str = ",",
    profile: str | None = None,
    sheet: str | None = None,
) -> OrderLog:
    """Read a file with one row per order line: CSV, XLSX, Parquet, or JSON by a profile.

    Parameters
    ----------
    path
        The file, with a header; text in UTF-8 or GB18030. For a profile that joins two files
        the file of lines, beside which the other is, or the folder of both.
    columns
        Our name -> name in the header. A column that is named like ours, or by one of the
        usual names in English or Chinese, needs no entry.
    time_format
        ``strptime`` format of the times; ISO dates with or without a clock if None.
    delimiter
        What stands between two cells of a CSV file, one character.
    profile
        Name of a ready-made way to read a data set, of `burstsim.scenario.profiles`.
    sheet
        Which sheet of an XLSX file; the first if None.

    Raises
    ------
    ScenarioError
        The file cannot be read, columns are missing, cells are unreadable, or no line is left.
        What is the fault of the replay's own keys has their path, such as ``columns.sku``.
    """
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise refusal(path, f"the delimiter must be one character, not {delimiter!r}")
    table = open_log(path, _profile(profile), delimiter, sheet)
    table.load(columns)
    for name, cells in table.cells.items():
        bad = matches(cells, SPREADSHEET_ERROR)
        table.complain(bad, name, SPREADSHEET_RULE, SPREADSHEET_HINT)
        if name in _NAMES:
            table.complain(matches(cells, f"(?s:.*){CONTROL}(?s:.*)"), name, CONTROL_RULE)
            table.complain((cells.str.len() > 120).to_numpy(bool), name, _TOO_LONG)
    time = read_times(table, "time", time_format)
    paid, cancelled = (read_times(table, name, time_format) for name in ("paid_at", "cancelled_at"))
    quantity = _numbers(table, "quantity", _WHOLE, "must be a whole number")
    price = _numbers(table, "price", _DECIMAL, "must be an amount of money")
    tier = _at_least_zero(table, "tier", _WHOLE, "must be a whole number")
    money = {
        name: _at_least_zero(table, name, _DECIMAL, "must be an amount of money")
        for name in ("discount", "shipping", "tax")
    }
    new, coupon = _yes_or_no(table, "new"), _coupon(table)
    for name in ("order", "sku"):
        cells = table.cells[name]
        table.complain((cells == "").to_numpy(bool), name, "is empty")
        rule = "looks like a code that a spreadsheet turned into a number"
        hint = "format the column as text and export it again"
        table.complain(matches(cells, _SCIENTIFIC), name, rule, hint)
    if table.problems:
        raise ScenarioError(table.problems)
    keep = _keep(table, quantity.astype(np.int64), price)
    unit = 1 if table.profile.cents else 100
    rows = Rows(
        time=time,
        paid=paid,
        cancelled=cancelled,
        quantity=quantity.astype(np.int64),
        amount=_amounts(table, price, quantity, unit),
        tier=tier,
        new=new,
        coupon=coupon,
        money={name: np.rint(values * unit) for name, values in money.items()},
    )
    return assemble(table, keep, rows)


def _profile(name: str | None) -> Profile:
    for known, profile in PROFILES.items():
        if name == known:
            return profile
    if name is None:
        return _NO_PROFILE
    hint = did_you_mean(name, PROFILES) or f"known are {', '.join(PROFILES)}"
    rule = "names no profile of order logs"
    raise ScenarioError([Problem(rule=rule, path="profile", value=name, hint=hint)])


def _numbers(table: LogTable, name: str, pattern: str, rule: str) -> npt.NDArray[np.float64]:
    """Numbers of a column, shape (rows,); NaN where an optional cell is empty or absent."""
    if name not in table.cells:
        return np.full(table.source.rows, np.nan)
    cells = table.cells[name]
    good = matches(cells, pattern)
    optional = (cells == "").to_numpy(bool) & (name in OPTIONAL)
    table.complain(~(good | optional), name, rule, "digits and a point, no other signs")
    values = np.full(len(cells), np.nan)
    values[good] = cells[good].astype(np.float64).to_numpy()
    table.complain(np.abs(values) > LARGEST, name, f"is larger than {LARGEST:,}")
    return values


def _at_least_zero(table: LogTable, name: str, pattern: str, rule: str) -> npt.NDArray[np.float64]:
    """Numbers of an optional column that must not be negative."""
    values = _numbers(table, name, pattern, rule)
    if name in table.cells:
        table.complain(values < 0, name, "must not be negative")
    return values


def _yes_or_no(table: LogTable, name: str) -> Flags:
    """1 yes, 0 no, -1 where the cell is empty or the column absent, shape (rows,)."""
    flags = np.full(table.source.rows, -1, np.int8)
    if name in table.cells:
        cells = table.cells[name].str.casefold()
        flags[cells.isin(_YES).to_numpy(bool)] = 1
        flags[cells.isin(_NO).to_numpy(bool)] = 0
        table.complain((flags < 0) & (cells != "").to_numpy(bool), name, "must be yes or no")
    return flags


def _coupon(table: LogTable) -> Flags:
    """1 with a coupon, whatever its code; 0 without; -1 where the column is absent."""
    if "coupon" not in table.cells:
        return np.full(table.source.rows, -1, np.int8)
    cells = table.cells["coupon"].str.casefold()
    return np.asarray(~cells.isin(("", *_NO)).to_numpy(bool), np.int8)


def _amounts(
    table: LogTable, price: npt.NDArray[np.float64], quantity: npt.NDArray[np.float64], unit: int
) -> Ints:
    """Cents of each row, shape (rows,), -1 where there is no price; `unit` cents make 1."""
    known = ~np.isnan(price)
    if not known.any():
        return np.full(len(price), -1, np.int64)
    filled = np.where(known, price, 0.0)
    units = quantity.astype(np.int64)
    # Whole cents multiply exactly; a finer unit price is rounded once, for the whole row.
    exact = np.rint(filled * unit).astype(np.int64) * units
    fine = ~matches(table.cells["price"], _CENTS if unit == 100 else _WHOLE)
    amount = np.where(fine, np.rint(filled * units * unit).astype(np.int64), exact)
    return np.where(known, amount, -1)


def _keep(table: LogTable, quantity: Ints, price: npt.NDArray[np.float64]) -> Mask:
    """Rows that are orders of goods, shape (rows,)."""
    order, notes = table.cells["order"], table.notes
    cancelled = np.zeros(len(order), bool)
    if table.profile.cancelled_by_c:
        # C before a number means cancelled only where other orders are plain numbers.
        cancelled = matches(order, r"[Cc][0-9]+") & matches(order, r"[0-9]+").any()
    if cancelled.any():
        lines = counted(int(cancelled.sum()), "line")
        orders = counted(order[cancelled].nunique(), "cancelled order")
        notes.append(f"dropped {lines} of {orders} (order number begins with C)")
    keep = ~cancelled
    for bad, words in (
        *(
            (_rows_with(table, drop.column, drop.values), drop.words)
            for drop in table.profile.drops
        ),
        (quantity <= 0, "with a quantity of zero or less (returns and corrections)"),
        (price < 0, "with a negative price"),
    ):
        if count := int((keep & bad).sum()):
            notes.append(f"dropped {counted(count, 'line')} {words}")
        keep &= ~bad
    lost = order[~cancelled].nunique() - order[keep].nunique()
    if lost:
        notes.append(f"dropped {counted(lost, 'order')} that had no other lines")
    if not keep.any():
        table.refuse("no order is left: " + "; ".join(notes))
        raise ScenarioError(table.problems)
    for column, values, words in table.profile.counts:
        if count := int((keep & _rows_with(table, column, values)).sum()):
            notes.append(f"{counted(count, 'line')} {words}")
    return keep


def _rows_with(table: LogTable, column: str, values: tuple[str, ...]) -> Mask:
    """Rows whose cell in a column of the file is one of the values, shape (rows,)."""
    cells: pd.Series[str] | None = table.raw(column)
    if cells is None:
        return np.zeros(table.source.rows, bool)
    return cells.isin(values).to_numpy(bool)
