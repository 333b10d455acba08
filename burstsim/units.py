"""Time, rates and money, from what people write to the integers the engines use.

Time is int64 microseconds ("ticks") since the scenario's ``start``; money is int64 cents.
Text such as ``"90s"`` or ``"129.00"`` exists only at the edges: in the file and in outputs.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

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
    "parse_size",
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
# The digits are bounded: no number that a scenario needs has more.
_PART = re.compile(r"([0-9]{1,24}(?:\.[0-9]{1,24})?)\s*(us|ms|min|s|m|h|d)\s*")
_PLAIN_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_MONEY = re.compile(r"([-+]?)([0-9]*)(?:\.([0-9]*))?")
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?")
_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9:.]+)")

#: What people call the units, for suggestions.
_WORDS = {
    "s": "secs|sec|seconds|second|秒",
    "m": "mins|minutes|minute|分钟|分",
    "h": "hrs|hr|hours|hour|小时|时",
    "d": "days|day|天|日",
}


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
    total, position = Fraction(0), 0
    while match := _PART.match(body, position):
        total += Fraction(match[1]) * _UNITS[match[2]]
        position = match.end()
    if position == 0 or position != len(body):
        rule = "must be a duration: a number with a unit, such as 90s, 15m, 4h or 2d"
        raise ValueError(rule + _suggested_duration(body))
    if total > _LONGEST:
        raise ValueError("must be a duration of at most ten years")
    if total.denominator != 1:
        raise ValueError("must be a whole number of microseconds")
    return sign * int(total)


def _suggested_duration(body: str) -> str:
    """Guess what was meant by text that is no duration, as the hint of a message."""
    if len(body) > 40:
        return ""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", body):
        return f"; did you mean {body}s or {body}h?"
    guess = unicodedata.normalize("NFKC", body).lower()
    for unit, words in _WORDS.items():
        guess = re.sub(rf"(?<=[0-9 ])({words})(?![a-z])", unit, guess)
    guess = guess.replace(" ", "")
    parts = "".join(match[0] for match in _PART.finditer(guess))
    return f"; did you mean {guess}?" if guess and parts == guess else ""


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
        return (
            f"{repr(self.count).removesuffix('.0')}/{format_duration(self.per).removeprefix('1')}"
        )


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
    unit, number = unit.strip(), number.strip()
    if not slash or unit not in _UNITS or not _PLAIN_NUMBER.fullmatch(number):
        rule = "must be a rate: a number per unit of time, such as 1200/h or 20/min"
        alone = not slash and _PLAIN_NUMBER.fullmatch(number) and len(number) <= 40
        raise ValueError(rule + (f"; did you mean {number}/h?" if alone else ""))
    count = float(number)
    if count < 0:
        raise ValueError("must not be a negative rate")
    if count > 10**12:
        raise ValueError("must be a rate of at most a million million")
    return Rate(abs(count), _UNITS[unit])


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
    amount = _MONEY.fullmatch(text.strip())
    if not amount or not (amount[2] or amount[3]):
        rule = "must be an amount of money, such as 129.00"
        raise ValueError(f"{rule}; digits and a point only, no currency, no commas")
    whole, part = amount[2].lstrip("0"), (amount[3] or "").rstrip("0")
    if len(whole) > 12:
        raise ValueError("must be an amount below a million million")
    if len(part) > 2:
        raise ValueError("must have at most two decimals")
    cents = int(whole or "0") * 100 + int(part.ljust(2, "0"))
    return -cents if amount[1] == "-" else cents


def parse_size(text: str) -> int:
    """Turn ``4GB`` into bytes, of which a GB is 10^9.

    Raises
    ------
    ValueError
        When the text is no size.

    Examples
    --------
    >>> parse_size("4GB"), parse_size("500 MB")
    (4000000000, 500000000)
    """
    size = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)\s*([KMGT]?)B", text.strip(), re.IGNORECASE)
    if not size:
        raise ValueError("must be a size, such as 500MB or 4GB")
    factor: int = 1000 ** " KMGT".index(size[2].upper() or " ")
    return round(float(size[1]) * factor)


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


def _calendar(date: str) -> str:
    """Say why there is no such date, as the hint of a message."""
    year, month, day = map(int, date.split("-"))
    if not 1 <= month <= 12:
        return "; a year has 12 months, and the month stands in the middle"
    days = calendar.monthrange(year, month)[1]
    named = f"{calendar.month_name[month]} {year}"
    return "" if 1 <= day <= days else f"; {named} has {days} days"


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
    if re.fullmatch("24:00(:00)?", body):
        raise ValueError("must be a time of day from 00:00 to 23:59; write 00:00 for midnight")
    dated = _DATED.fullmatch(body)
    if dated and _CLOCK.fullmatch(dated[2]):
        try:
            return Moment(dated=datetime.fromisoformat(f"{dated[1]} 00:00") + _clock(dated[2]))
        except (ValueError, OverflowError):
            raise ValueError("must be a date that exists" + _calendar(dated[1])) from None
    try:
        return Moment(offset=parse_duration(body))
    except ValueError:
        narrow = unicodedata.normalize("NFKC", body)  # a keyboard may write wide digits and colons
        near = _CLOCK.fullmatch(narrow) or _DATED.fullmatch(narrow)
        raise ValueError(
            "must be a moment: an offset such as 2h, a time of day such as 20:00, "
            "or a date and time such as 2026-11-11 08:00"
            + (f"; did you mean {narrow}?" if near and narrow != body else "")
        ) from None
