"""From a CSV file of order lines to an `OrderLog`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from burstsim.errors import ScenarioError
from burstsim.scenario.logtable import OPTIONAL, LogTable, Mask, counted, decode, matches, refusal
from burstsim.scenario.orderlog import Ints, OrderLog
from burstsim.units import DAY

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_order_log"]

LARGEST = 10_000_000  # of a quantity and a price: their product in cents stays far below 2**63

_WHOLE = r"[-+]?[0-9]{1,18}(?:\.0*)?"
_DECIMAL = r"[-+]?(?:[0-9]{1,18}(?:\.[0-9]*)?|\.[0-9]+)"
_CENTS = r"[-+]?[0-9]*(?:\.[0-9]{0,2}0*)?"
# A spreadsheet writes 1.2E+05; a code such as 1E5 has neither a sign nor a point.
_SCIENTIFIC = r"[0-9]\.[0-9]+[eE][-+]?[0-9]+|[0-9][eE][-+][0-9]+"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
_OTHER_DATE = (
    r"(?P<first>[0-9]{1,4})(?P<mark>[-/.])(?P<second>[0-9]{1,2})[-/.](?P<third>[0-9]{1,4})"
    r"(?P<clock>[ T][0-9]{1,2}:[0-9]{2})?(?P<seconds>:[0-9]{2})?"
)
_DATE_ORDERS = ("%d %m %Y", "%m %d %Y", "%Y %m %d")


def read_order_log(
    path: Path,
    columns: Mapping[str, str],
    *,
    time_format: str | None = None,
    delimiter: str = ",",
) -> OrderLog:
    """Read a CSV file with one row per order line.

    Parameters
    ----------
    path
        The file, in UTF-8 or GB18030, with a header.
    columns
        Our name -> name in the header. A column that is named like ours needs no entry.
    time_format
        ``strptime`` format of the time column; ISO dates with or without a clock if None.
    delimiter
        What stands between two cells, one character.

    Raises
    ------
    ScenarioError
        The file cannot be read, columns are missing, cells are unreadable, or no line is left.
        What is the fault of the replay's own keys has their path, such as ``columns.sku``.
    """
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise refusal(path, f"the delimiter must be one character, not {delimiter!r}")
    text, notes = decode(path)
    table = LogTable(str(path), text, delimiter)
    table.load(columns)
    time = _times(table, time_format)
    quantity = _numbers(table, "quantity", _WHOLE, "must be a whole number")
    price = _numbers(table, "price", _DECIMAL, "must be an amount of money")
    for name in ("order", "sku"):
        cells = table.cells[name]
        table.complain((cells == "").to_numpy(bool), name, "is empty")
        rule = "looks like a code that a spreadsheet turned into a number"
        hint = "format the column as text and export it again"
        table.complain(matches(cells, _SCIENTIFIC), name, rule, hint)
    if table.problems:
        raise ScenarioError(table.problems)
    amount = _amounts(table, price, quantity)
    keep = _keep(table, quantity.astype(np.int64), price, notes)
    return _assemble(table, keep, (time, quantity.astype(np.int64), amount), notes)


def _numbers(table: LogTable, name: str, pattern: str, rule: str) -> npt.NDArray[np.float64]:
    """Numbers of a column, shape (rows,); NaN where an optional cell is empty or absent."""
    if name not in table.cells:
        return np.full(len(table.cells["order"]), np.nan)
    cells = table.cells[name]
    good = matches(cells, pattern)
    optional = (cells == "").to_numpy(bool) & (name in OPTIONAL)
    table.complain(~(good | optional), name, rule, "digits and a point, no other signs")
    values = np.full(len(cells), np.nan)
    values[good] = cells[good].astype(np.float64).to_numpy()
    table.complain(np.abs(values) > LARGEST, name, f"is larger than {LARGEST:,}")
    return values


def _amounts(
    table: LogTable, price: npt.NDArray[np.float64], quantity: npt.NDArray[np.float64]
) -> Ints:
    """Cents of each row, shape (rows,), -1 where there is no price."""
    known = ~np.isnan(price)
    if not known.any():
        return np.full(len(price), -1, np.int64)
    filled = np.where(known, price, 0.0)
    units = quantity.astype(np.int64)
    # Whole cents multiply exactly; a finer unit price is rounded once, for the whole row.
    exact = np.rint(filled * 100).astype(np.int64) * units
    fine = ~matches(table.cells["price"], _CENTS)
    amount = np.where(fine, np.rint(filled * units * 100).astype(np.int64), exact)
    return np.where(known, amount, -1)


def _times(table: LogTable, time_format: str | None) -> Ints:
    """Microseconds since 1970 of each row, shape (rows,)."""
    import pandas as pd

    codes, written = pd.factorize(table.cells["time"])
    unique = pd.Series(written, dtype=str)
    rule = f"does not fit time_format {time_format!r}"
    readable = unique
    if time_format is None:
        # ISO has more spellings than we want to promise, zones and week dates among them.
        readable = unique.where(matches(unique, _ISO))
        rule = "must be a time such as 2026-11-11 08:00"
    try:
        parsed = pd.to_datetime(readable, format=time_format or "ISO8601", errors="coerce")
    except ValueError as error:
        table.refuse("is not understood", path="time_format", hint=str(error).splitlines()[0])
        return np.zeros(len(codes), np.int64)
    if parsed.dt.tz is not None:
        parsed = parsed.dt.tz_localize(None)  # the clock on the wall, whatever the zone
    bad = parsed.isna().to_numpy(bool)
    table.complain(bad[codes], "time", rule, _suggest(unique[bad], unique))
    micros = parsed.to_numpy("datetime64[us]").astype(np.int64)
    return np.asarray(micros[codes], np.int64)


def _suggest(bad: pd.Series[str], written: pd.Series[str]) -> str:
    """Guess the format of dates that were not read, as a hint."""
    if bad.empty or not matches(bad.iloc[:1], _OTHER_DATE).all():
        return ""
    parts = written.str.extract(f"^{_OTHER_DATE}$").dropna(subset=["first", "second", "third"])
    first, second = (parts[name].astype(int).max() for name in ("first", "second"))
    mark = str(parts["mark"].iloc[0])
    clock = parts["clock"].dropna()
    tail = f"{str(clock.iloc[0])[0]}%H:%M" if len(clock) else ""
    tail += ":%S" if parts["seconds"].notna().any() else ""
    day, month, year = (mark.join(order.split()) + tail for order in _DATE_ORDERS)
    guess = year if first > 31 else month if second > 12 else day
    either = f' or "{month}"' if first <= 12 and second <= 12 else ""
    return f'time_format: "{guess}"{either}'


def _keep(
    table: LogTable, quantity: Ints, price: npt.NDArray[np.float64], notes: list[str]
) -> Mask:
    """Rows that are orders of goods, shape (rows,)."""
    order = table.cells["order"]
    # C before a number means cancelled only where other orders are plain numbers.
    cancelled = matches(order, r"[Cc][0-9]+") & matches(order, r"[0-9]+").any()
    if cancelled.any():
        lines = counted(int(cancelled.sum()), "line")
        orders = counted(order[cancelled].nunique(), "cancelled order")
        notes.append(f"dropped {lines} of {orders} (order number begins with C)")
    keep = ~cancelled
    for bad, words in (
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
    return keep


def _assemble(
    table: LogTable, keep: Mask, columns: tuple[Ints, Ints, Ints], notes: list[str]
) -> OrderLog:
    """Gather the kept rows into orders; `columns` are time, quantity and amount of each row."""
    import pandas as pd

    time, quantity, amount = (values[keep] for values in columns)
    order, names = pd.factorize(table.cells["order"][keep])
    sku, skus = pd.factorize(table.cells["sku"][keep])
    moment = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(moment, order, time)
    _note(notes, np.bincount(order[time > moment[order]]), "several times; the earliest counts")
    sequence = np.argsort(moment, kind="stable")
    rank = np.empty_like(sequence)
    rank[sequence] = np.arange(len(sequence))

    # One line per order and SKU, where it first stood within its order.
    pair = rank[order] * len(skus) + sku
    _, first, line_of_row = np.unique(pair, return_index=True, return_inverse=True)
    if repeated := len(pair) - len(first):
        notes.append(f"added together {counted(repeated, 'repeated line')} (same order and SKU)")
    lines = np.lexsort((first, rank[order[first]]))
    units, cents = np.zeros((2, len(first)), np.int64)
    np.add.at(units, line_of_row, quantity)
    np.add.at(cents, line_of_row, amount)
    unpriced = np.zeros(len(first), bool)
    unpriced[line_of_row[amount < 0]] = True
    cents[unpriced] = -1  # part of a sum is no sum
    if "price" in table.cells and unpriced.any():
        notes.append(f"{counted(int(unpriced.sum()), 'line')} without a price")
    per_order = np.bincount(rank[order[first]], minlength=len(names))

    index: dict[str, Ints] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in ("customer", "region", "channel"):
        found, labels[name] = _labels(table, keep, name, order, notes)
        index[name] = found[sequence]
    if not (moment % DAY).any():
        notes.append("the times know only the day")
    log = OrderLog(
        time=moment[sequence] - moment.min(),
        first=str(pd.Timestamp(int(moment.min()), unit="us").isoformat()),
        line_offsets=np.concatenate(([0], np.cumsum(per_order))).astype(np.int64),
        line_sku=sku[first][lines].astype(np.int32),
        line_quantity=units[lines],
        line_amount=cents[lines],
        customer=index["customer"],
        region=index["region"].astype(np.int32),
        channel=index["channel"].astype(np.int32),
        skus=tuple(skus),
        customers=labels["customer"],
        regions=labels["region"],
        channels=labels["channel"],
        notes=tuple(notes),
    )
    for slot in fields(log):
        value = getattr(log, slot.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return log


def _labels(
    table: LogTable, keep: Mask, name: str, order: Ints, notes: list[str]
) -> tuple[Ints, tuple[str, ...]]:
    """Index of each order's first label, shape (n,), -1 where it has none; and the labels."""
    import pandas as pd

    orders = int(order.max()) + 1
    found = np.full(orders, -1, np.int64)
    if name not in table.cells:
        return found, ()
    cells = table.cells[name][keep]
    filled = (cells != "").to_numpy(bool)
    codes, labels = pd.factorize(cells[filled])
    found[order[filled][::-1]] = codes[::-1]  # written backwards, so that the first row stays
    if missing := int((found < 0).sum()):
        notes.append(f"{counted(missing, 'order')} without a {name}")
    others = order[filled][codes != found[order[filled]]]
    _note(notes, np.bincount(others), f"several values of {name}; the first counts")
    return found, tuple(labels)


def _note(notes: list[str], others_of_order: npt.NDArray[np.intp], words: str) -> None:
    """Say how many orders have rows that disagree, from the number of such rows of each."""
    if orders := int((others_of_order > 0).sum()):
        notes.append(f"{counted(orders, 'order')} with {words}")
