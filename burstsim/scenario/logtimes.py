"""The moments in an order log: ISO, 2026/1/2 9:05, the user's own format, or milliseconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from burstsim.scenario.logtable import OPTIONAL, LogTable, Mask, matches
from burstsim.scenario.orderlog import Ints

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_TIME", "read_times"]

#: Of a cell without a moment.
NO_TIME = int(np.iinfo(np.int64).min)

_HOUR = 3_600_000_000
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
# As spreadsheets write it; with the year first there is but one way to read it.
_SLASHED = r"^([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?:[ T]([0-9]{1,2})(:.*))?$"
_EPOCH = r"[0-9]{1,13}"  # up to the year 2286
_SERIAL = r"[0-9]{5}(?:\.[0-9]+)?"  # a date as a spreadsheet counts days
_OTHER_DATE = (
    r"(?P<first>[0-9]{1,4})(?P<mark>[-/.])(?P<second>[0-9]{1,2})[-/.](?P<third>[0-9]{1,4})"
    r"(?P<clock>[ T][0-9]{1,2}:[0-9]{2})?(?P<seconds>:[0-9]{2})?"
)
_DATE_ORDERS = ("%d %m %Y", "%m %d %Y", "%Y %m %d")


def read_times(table: LogTable, name: str, time_format: str | None) -> Ints:
    """Microseconds since 1970 of each row, shape (rows,), `NO_TIME` where there is none.

    Parameters
    ----------
    table
        Takes the complaints.
    name
        Our name of the column.
    time_format
        As the user gave it.
    """
    import pandas as pd

    if name not in table.cells:
        return np.full(table.source.rows, NO_TIME)
    codes, written = pd.factorize(table.cells[name])
    unique = pd.Series(written, dtype=str)
    micros = np.full(len(unique), NO_TIME)
    empty = (unique == "").to_numpy(bool, copy=True)
    left = ~empty
    zone = table.profile.epoch_zone
    if zone is not None:
        digits = matches(unique, _EPOCH)
        counted = unique[digits].astype(np.int64).to_numpy()
        micros[digits] = np.where(counted > 0, counted * 1000 + zone * _HOUR, NO_TIME)
        empty[digits] = counted == 0
        left &= ~digits
    # ISO has more spellings than we want to promise, zones and week dates among them.
    dashed = unique.copy()
    if not time_format:
        some = unique.str.contains("/", regex=False)
        dashed[some] = unique[some].str.replace(_SLASHED, _dashed, regex=True)
    iso = left & matches(dashed, _ISO)
    own = time_format or table.profile.time_format
    if own is not None:
        by_format = left if time_format else left & ~iso
        try:
            micros[by_format] = _parse(unique[by_format], own)
        except ValueError as error:
            table.refuse("is not understood", path="time_format", hint=str(error).splitlines()[0])
            return np.zeros(len(codes), np.int64)
    if time_format is None or table.source.dated:
        iso &= micros == NO_TIME
        micros[iso] = _parse(dashed[iso], "ISO8601")
    bad = (micros == NO_TIME) & ~(empty & (name in OPTIONAL))
    rule = "must be a time such as 2026-11-11 08:00"
    if time_format is not None:
        rule = f"does not fit time_format {time_format!r}"
    table.complain(bad[codes], name, rule, _suggest(unique[bad], unique))
    return np.asarray(micros[codes], np.int64)


def _dashed(found: re.Match[str]) -> str:
    """Write a date with slashes as ISO has it."""
    year, month, day, hour, rest = found.groups()
    date = f"{year}-{month:0>2}-{day:0>2}"
    return date if hour is None else f"{date} {hour:0>2}{rest}"


def _parse(texts: pd.Series[str], how: str) -> Ints:
    """Microseconds since 1970; what cannot be read is `NO_TIME`, which is pandas' NaT."""
    import pandas as pd

    parsed = pd.to_datetime(texts, format=how, errors="coerce")
    if parsed.dt.tz is not None:
        parsed = parsed.dt.tz_localize(None)  # the clock on the wall, whatever the zone
    return np.asarray(parsed.to_numpy("datetime64[us]").astype(np.int64))


def _suggest(bad: pd.Series[str], written: pd.Series[str]) -> str:
    """Guess the format of dates that were not read, as a hint."""
    if bad.empty:
        return ""
    if _fits(bad, _SERIAL):
        return "format the cells as dates and save the file again"
    if not _fits(bad, _OTHER_DATE):
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


def _fits(cells: pd.Series[str], pattern: str) -> bool:
    first: Mask = matches(cells.iloc[:1], pattern)
    return bool(first.all())
