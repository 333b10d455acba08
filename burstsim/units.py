"""Time, rates and money, from what people write to the integers the engines use.

Time is int64 microseconds ("ticks") since the scenario's ``start``; money is int64 cents.
Text such as ``"90s"`` or ``"129.00"`` exists only at the edges: in the file and in outputs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "NEVER",
    "SECOND",
    "Moment",
    "Rate",
    "format_duration",
    "format_money",
    "parse_duration",
    "parse_moment",
    "parse_money",
    "parse_rate",
]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

#: A tick later than every other: what has not happened happened at NEVER.
NEVER = 1 << 62

#: Longest span that a scenario may name; far below where int64 or float64 lose a tick.
_LONGEST = 3660 * DAY

_UNITS = {"us": 1, "ms": 1000, "s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(us|ms|min|s|m|h|d)\s*")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)")


def parse_duration(text: str) -> int:
    """Turn ``90s``, ``15m``, ``1h30m``, ``-72h`` or ``2.5d`` into ticks.

    Parameters
    ----------
    text
        Numbers with a unit each (``us ms s m min h d``), optionally one leading minus.

    Returns
    -------
    int
        Microseconds.

    Raises
    ------
    ValueError
        When the text is no duration, is longer than ten years or is no whole microsecond.

    Examples
    --------
    >>> parse_duration("1h30m"), parse_duration("-1.5s")
    (5400000000, -1500000)
    """
    body = text.strip()
    sign = -1 if body.startswith("-") else 1
    body = body.removeprefix("-").lstrip()
    if body == "0":
        return 0
    total, position = Decimal(0), 0
    while match := _PART.match(body, position):
        total += Decimal(match[1]) * _UNITS[match[2]]
        position = match.end()
    if position == 0 or position != len(body):
        raise ValueError(
            "must be a duration: a number with a unit, such as 90s, 15m, 4h or 2d"
            + (f"; did you mean {body}s?" if re.fullmatch(r"\d+(\.\d+)?", body) else "")
        )
    if total > _LONGEST:
        raise ValueError("must be a duration of at most ten years")
    if total != total.to_integral_value():
        raise ValueError("must be a whole number of microseconds")
    return sign * int(total)


def format_duration(ticks: int) -> str:
    """Write ticks so that `parse_duration` reads the same number back.

    Examples
    --------
    >>> format_duration(5_400_000_000), format_duration(0), format_duration(-250_000)
    ('1h30m', '0s', '-250ms')
    """
    if ticks == 0:
        return "0s"
    rest, text = abs(ticks), ""
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1000)):
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    text += f"{rest}us" if rest else ""
    return ("-" if ticks < 0 else "") + text


@dataclass(frozen=True, slots=True)
class Rate:
    """So many per span of time: ``1200/h`` is ``Rate(1200.0, HOUR)``."""

    count: float
    per: int

    @property
    def per_tick(self) -> float:
        """Expected number in one microsecond."""
        return self.count / self.per

    def __str__(self) -> str:
        return f"{self.count:.12g}/{format_duration(self.per).removeprefix('1')}"


def parse_rate(text: str) -> Rate:
    """Turn ``1200/h``, ``600/min`` or ``5/s`` into a `Rate`.

    Raises
    ------
    ValueError
        When the text is no rate or the number is negative.

    Examples
    --------
    >>> parse_rate("1200/h").per_tick * HOUR
    1200.0
    """
    number, slash, unit = text.partition("/")
    unit = unit.strip()
    try:
        count = Decimal(number.strip())
    except InvalidOperation:
        count = Decimal("NaN")
    if not slash or unit not in _UNITS or not count.is_finite():
        raise ValueError("must be a rate: a number per unit of time, such as 1200/h or 20/min")
    if count < 0:
        raise ValueError("must not be a negative rate")
    if count > 10**12:
        raise ValueError("must be a rate below a million million")
    return Rate(float(count), _UNITS[unit])


def parse_money(text: str) -> int:
    """Turn ``129.00`` into cents.

    Raises
    ------
    ValueError
        When the text is no amount, has more than two decimals, or is 10^12 or more.

    Examples
    --------
    >>> parse_money("129.9"), parse_money("-5")
    (12990, -500)
    """
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise ValueError("must be an amount of money, such as 129.00")
    if abs(amount) >= 10**12:
        raise ValueError("must be an amount below a million million")
    if amount * 100 != (amount * 100).to_integral_value():
        raise ValueError("must have at most two decimals")
    return int(amount * 100)


def format_money(cents: int) -> str:
    """Write cents as an amount with two decimals.

    Examples
    --------
    >>> format_money(12990), format_money(-5)
    ('129.90', '-0.05')
    """
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as written: an offset from ``start``, a time of day or a dated time.

    Exactly one of the three is set.
    """

    offset: int | None = None
    clock: timedelta | None = None
    dated: datetime | None = None

    def resolve(self, start: datetime, *, after: int = -1) -> int:
        """Ticks since `start`.

        Parameters
        ----------
        start
            The scenario's start.
        after
            A time of day is its first occurrence strictly later than this tick;
            the default makes it the first at or after `start`.
        """
        if self.offset is not None:
            return self.offset
        if self.dated is not None:
            return (self.dated - start) // timedelta(microseconds=1)
        assert self.clock is not None
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        first = (midnight + self.clock - start) // timedelta(microseconds=1)
        return after + 1 + (first - after - 1) % DAY

    def __str__(self) -> str:
        if self.offset is not None:
            return format_duration(self.offset)
        if self.dated is not None:
            return self.dated.isoformat(sep=" ")
        return str((datetime.min + (self.clock or timedelta())).time())


def _clock(text: str) -> timedelta:
    parts = [Decimal(part) for part in text.split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
    return timedelta(microseconds=int(seconds * SECOND))


def parse_moment(text: str) -> Moment:
    """Read an offset (``2h``), a time of day (``20:00``) or a dated time.

    Raises
    ------
    ValueError
        When the text is none of the three.

    Examples
    --------
    >>> start = datetime(2026, 11, 10, 20)
    >>> parse_moment("08:00").resolve(start) == 12 * HOUR
    True
    >>> parse_moment("2026-11-10 19:00").resolve(start) == -HOUR
    True
    """
    body = text.strip()
    if _CLOCK.fullmatch(body):
        return Moment(clock=_clock(body))
    if dated := _DATED.fullmatch(body):
        try:
            return Moment(dated=datetime.fromisoformat(f"{dated[1]} 00:00") + _clock(dated[2]))
        except (ValueError, OverflowError):
            raise ValueError("must be a date that exists, such as 2026-11-11 08:00") from None
    try:
        return Moment(offset=parse_duration(body))
    except ValueError:
        raise ValueError(
            "must be a moment: an offset such as 2h, a time of day such as 20:00, "
            "or a date and time such as 2026-11-11 08:00"
        ) from None
