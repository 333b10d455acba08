"""Order logs: a CSV file of order lines, read for the ``replay`` shape."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from burstsim.errors import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OrderLog", "read_order_log"]

Ints: TypeAlias = npt.NDArray[np.int64]
Indices: TypeAlias = npt.NDArray[np.int32]
Mask: TypeAlias = npt.NDArray[np.bool_]

REQUIRED = ("order", "sku", "quantity", "time")
OPTIONAL = ("customer", "region", "channel", "price")

LARGEST = 10_000_000  # of a quantity and a price: their product in cents stays far below 2**63
MICROSECONDS_PER_DAY = 86_400_000_000
_NAMED_ROWS = 3
_QUOTE = "put cells that contain commas or quotes in double quotes"

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderLog:
    """n orders with m lines, in time order; orders of the same moment stay in file order.

    Parameters
    ----------
    time : int64 array, shape (n,)
        Microseconds since `first`, not falling.
    first : str
        Moment of the first order, ISO; midnight of the first day if the log knows only days.
    line_offsets : int64 array, shape (n + 1,)
        Lines of order i are ``line_offsets[i]`` up to, not including, ``line_offsets[i + 1]``.
    line_sku : int32 array, shape (m,)
        Index into `skus`; at most one line per order and SKU.
    line_quantity : int64 array, shape (m,)
        Units, at least 1.
    line_amount : int64 array, shape (m,)
        Cents for all units of the line, or -1 where the log has no price.
    customer : int64 array, shape (n,)
        Index into `customers`, or -1 unknown.
    region, channel : int32 array, shape (n,)
        Index into `regions` and `channels`, or -1 unknown.
    skus, customers, regions, channels : tuple of str
        As written, in the order in which they first appear in the file.
    notes : tuple of str
        One sentence for each thing that was dropped, joined or found out, with its count.
    """

    time: Ints
    first: str
    line_offsets: Ints
    line_sku: Indices
    line_quantity: Ints
    line_amount: Ints
    customer: Ints
    region: Indices
    channel: Indices
    skus: tuple[str, ...]
    customers: tuple[str, ...]
    regions: tuple[str, ...]
    channels: tuple[str, ...]
    notes: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256 (hex) of everything that is replayed."""
        sha = hashlib.sha256()
        for item in fields(self):
            value = getattr(self, item.name)
            plain = value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
            sha.update(plain)
        return sha.hexdigest()


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
    """
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise _refusal(path, f"the delimiter must be one character, not {delimiter!r}")
    text, notes = _decode(path)
    table = _Table(str(path), text, delimiter)
    table.load(columns)
    time = _times(table, time_format)
    quantity = _numbers(table, "quantity", _WHOLE, "must be a whole number")
    price = _numbers(table, "price", _DECIMAL, "must be an amount of money")
    for name in ("order", "sku"):
        cells = table.cells[name]
        table.complain((cells == "").to_numpy(bool), name, "is empty")
        rule = "looks like a code that a spreadsheet turned into a number"
        hint = "format the column as text and export it again"
        table.complain(_matches(cells, _SCIENTIFIC), name, rule, hint)
    if table.problems:
        raise ScenarioError(table.problems)
    amount = _amounts(table, price, quantity)
    keep = _keep(table, quantity.astype(np.int64), price, notes)
    return _assemble(table, keep, (time, quantity.astype(np.int64), amount), notes)


def _decode(path: Path) -> tuple[str, list[str]]:
    """Text of a file, and a note if it is not UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refusal(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(path, f"cannot be read: {reason}") from None
    if content.startswith(b"PK\x03\x04"):
        raise _refusal(path, "is a spreadsheet or an archive", "save it as CSV")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise _refusal(path, "is not a text file", "save it as CSV in UTF-8")
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), []
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("gb18030"), ["the file is not UTF-8 and was read as GB18030"]
    raise _refusal(path, "is neither UTF-8 nor GB18030 text", "save it as CSV in UTF-8")


def _refusal(path: Path, rule: str, hint: str = "") -> ScenarioError:
    return ScenarioError([Problem(rule=rule, file=str(path), hint=hint)])


@dataclass(slots=True)
class _Table:
    """The cells that are wanted, as text without blanks around it, and what is wrong with them."""

    file: str
    text: str
    delimiter: str
    header: list[str] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)  # our name -> name in the header
    cells: dict[str, pd.Series[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, rule: str, *, line: int = 0, hint: str = "", path: str = "") -> None:
        """Note a problem that has no cell."""
        self.problems.append(Problem(rule=rule, path=path, file=self.file, line=line, hint=hint))

    def load(self, columns: Mapping[str, str]) -> None:
        """Find the columns and read their cells."""
        import pandas as pd

        rows = self._rows()
        self.header = [name.strip() for name in next(rows, (0, []))[1]]
        if not self.header:
            self.refuse("is empty", hint="the first line names the columns")
        elif next(rows, None) is None:
            self.refuse("has a header but no rows")
        else:
            self._choose(columns)
        if self.problems:
            raise ScenarioError(self.problems)
        try:
            with warnings.catch_warnings():
                # A row that is longer than the header must not lose its end silently.
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(self.text),
                    sep=self.delimiter,
                    header=0,
                    names=list(range(len(self.header))),
                    index_col=False,
                    dtype=str,
                    keep_default_na=False,
                )
        except (ValueError, pd.errors.ParserWarning) as error:
            self.refuse(f"is not a proper table: {str(error).splitlines()[0]}", hint=_QUOTE)
            raise ScenarioError(self.problems) from None
        for ours, theirs in self.used.items():
            # Rows that are shorter than the header leave cells missing.
            self.cells[ours] = frame[self.header.index(theirs)].fillna("").str.strip()

    def _rows(self) -> Any:
        """Yield (line, cells) of each row that is not blank, slowly but with its true line."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            self.refuse(f"is not a proper table: {error}", line=line, hint=_QUOTE)
            raise ScenarioError(self.problems) from None

    def _choose(self, columns: Mapping[str, str]) -> None:
        """Pair our names with the names in the header."""
        known = (*REQUIRED, *OPTIONAL)
        present = "the file has " + ", ".join(repr(name) for name in self.header)
        for ours in columns:
            if ours not in known:
                hint = f"{did_you_mean(ours, known)} known are {', '.join(known)}".lstrip()
                self.refuse("is not a column of order logs", hint=hint, path=f"columns.{ours}")
        for ours in known:
            theirs = columns.get(ours, ours)
            count = self.header.count(theirs)
            if count == 1:
                self.used[ours] = theirs
            elif count > 1:
                self.refuse(f"the header names {theirs!r} {count} times", line=1)
            elif ours in columns or ours in REQUIRED:
                rule = f"the file has no column {theirs!r}"
                if ours not in columns:
                    rule = f"no column is named as {ours!r}: map one, columns: {{{ours}: ...}}"
                hint = did_you_mean(theirs, self.header) or present
                self.refuse(rule, line=1, hint=hint, path=f"columns.{ours}")

    def complain(self, bad: Mask, ours: str, rule: str, hint: str = "") -> None:
        """Name the first bad cells of a column and count the rest."""
        rows = np.flatnonzero(bad).tolist()
        if not rows:
            return
        named = set(rows[:_NAMED_ROWS])
        data = (line for place, (line, _) in enumerate(self._rows()) if place - 1 in named)
        for row, line in zip(rows, data, strict=False):
            cell = self.cells[ours].iloc[row]
            shown = repr(cell if len(cell) <= 40 else cell[:39] + "…") if cell else ""
            full = f"column {self.used[ours]!r} {rule}"
            self.problems.append(
                Problem(rule=full, file=self.file, line=line, value=shown, hint=hint)
            )
        if len(rows) > _NAMED_ROWS:
            more = _count(len(rows) - _NAMED_ROWS, "more row")
            self.refuse(f"column {self.used[ours]!r} {rule}: and {more}")


def _matches(cells: pd.Series[str], pattern: str) -> Mask:
    # The group keeps alternatives together in every pandas that we support.
    return cells.str.fullmatch(f"(?:{pattern})").to_numpy(bool)


def _numbers(table: _Table, name: str, pattern: str, rule: str) -> npt.NDArray[np.float64]:
    """Numbers of a column, shape (rows,); NaN where an optional cell is empty or absent."""
    if name not in table.cells:
        return np.full(len(table.cells["order"]), np.nan)
    cells = table.cells[name]
    good = _matches(cells, pattern)
    optional = (cells == "").to_numpy(bool) & (name in OPTIONAL)
    table.complain(~(good | optional), name, rule, "digits and a point, no other signs")
    values = np.full(len(cells), np.nan)
    values[good] = cells[good].astype(np.float64).to_numpy()
    table.complain(np.abs(values) > LARGEST, name, f"is larger than {LARGEST:,}")
    return values


def _amounts(
    table: _Table, price: npt.NDArray[np.float64], quantity: npt.NDArray[np.float64]
) -> Ints:
    """Cents of each row, shape (rows,), -1 where there is no price."""
    known = ~np.isnan(price)
    if not known.any():
        return np.full(len(price), -1, np.int64)
    filled = np.where(known, price, 0.0)
    units = quantity.astype(np.int64)
    # Whole cents multiply exactly; a finer unit price is rounded once, for the whole row.
    exact = np.rint(filled * 100).astype(np.int64) * units
    fine = ~_matches(table.cells["price"], _CENTS)
    amount = np.where(fine, np.rint(filled * units * 100).astype(np.int64), exact)
    return np.where(known, amount, -1)


def _times(table: _Table, time_format: str | None) -> Ints:
    """Microseconds since 1970 of each row, shape (rows,)."""
    import pandas as pd

    codes, written = pd.factorize(table.cells["time"])
    unique = pd.Series(written, dtype=str)
    rule = f"does not fit time_format {time_format!r}"
    readable = unique
    if time_format is None:
        # ISO has more spellings than we want to promise, zones and week dates among them.
        readable = unique.where(_matches(unique, _ISO))
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
    if bad.empty or not _matches(bad.iloc[:1], _OTHER_DATE).all():
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


def _keep(table: _Table, quantity: Ints, price: npt.NDArray[np.float64], notes: list[str]) -> Mask:
    """Rows that are orders of goods, shape (rows,)."""
    order = table.cells["order"]
    # C before a number means cancelled only where other orders are plain numbers.
    cancelled = _matches(order, r"[Cc][0-9]+") & _matches(order, r"[0-9]+").any()
    if cancelled.any():
        lines = _count(int(cancelled.sum()), "line")
        orders = _count(order[cancelled].nunique(), "cancelled order")
        notes.append(f"dropped {lines} of {orders} (order number begins with C)")
    keep = ~cancelled
    for bad, words in (
        (quantity <= 0, "with a quantity of zero or less (returns and corrections)"),
        (price < 0, "with a negative price"),
    ):
        if count := int((keep & bad).sum()):
            notes.append(f"dropped {_count(count, 'line')} {words}")
        keep &= ~bad
    lost = order[~cancelled].nunique() - order[keep].nunique()
    if lost:
        notes.append(f"dropped {_count(lost, 'order')} that had no other lines")
    if not keep.any():
        table.refuse("no order is left: " + "; ".join(notes))
        raise ScenarioError(table.problems)
    return keep


def _assemble(
    table: _Table, keep: Mask, columns: tuple[Ints, Ints, Ints], notes: list[str]
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
        notes.append(f"added together {_count(repeated, 'repeated line')} (same order and SKU)")
    lines = np.lexsort((first, rank[order[first]]))
    units, cents = np.zeros((2, len(first)), np.int64)
    np.add.at(units, line_of_row, quantity)
    np.add.at(cents, line_of_row, amount)
    unpriced = np.zeros(len(first), bool)
    unpriced[line_of_row[amount < 0]] = True
    cents[unpriced] = -1  # part of a sum is no sum
    if "price" in table.cells and unpriced.any():
        notes.append(f"{_count(int(unpriced.sum()), 'line')} without a price")
    per_order = np.bincount(rank[order[first]], minlength=len(names))

    index: dict[str, Ints] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in ("customer", "region", "channel"):
        found, labels[name] = _labels(table, keep, name, order, notes)
        index[name] = found[sequence]
    if not (moment % MICROSECONDS_PER_DAY).any():
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
    table: _Table, keep: Mask, name: str, order: Ints, notes: list[str]
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
        notes.append(f"{_count(missing, 'order')} without a {name}")
    others = order[filled][codes != found[order[filled]]]
    _note(notes, np.bincount(others), f"several values of {name}; the first counts")
    return found, tuple(labels)


def _note(notes: list[str], others_of_order: npt.NDArray[np.intp], words: str) -> None:
    """Say how many orders have rows that disagree, from the number of such rows of each."""
    if orders := int((others_of_order > 0).sum()):
        notes.append(f"{_count(orders, 'order')} with {words}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
