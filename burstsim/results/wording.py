"""Numbers as people read them: moments, spans, shares, intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Protocol

from burstsim.languages import ENGLISH, Words
from burstsim.results.naming import key_of
from burstsim.scenario.metrics import METRICS

__all__ = [
    "at_least_mark",
    "clock_time",
    "format_estimate",
    "format_interval",
    "format_limit",
    "format_orders",
    "format_value",
    "metric_written",
    "rounded",
    "written_alike",
]

_COUNTS = ("orders", "orders/h", "parcels", "units", "lines", "money")

#: Holds all digits of any float.
_EXACT = Context(prec=1100, rounding=ROUND_HALF_UP)


class Estimated(Protocol):
    """Whatever has an estimate and its interval."""

    @property
    def estimate(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def at_least(self) -> bool: ...


def clock_time(start: datetime, seconds: float, words: Words = ENGLISH) -> str:
    """Say a moment as people do: 21:35, 13:10 next day, or with the date further on.

    Examples
    --------
    >>> clock_time(datetime(2026, 11, 10, 20), 5700), clock_time(datetime(2026, 11, 10, 20), 61800)
    ('21:35', '13:10 next day')
    """
    if math.isnan(seconds):
        return words.say("n/a")
    try:
        moment = start + timedelta(seconds=seconds)
    except OverflowError:  # a calendar ends with the year 9999
        return words.say("{span} after start", span=_span(seconds, words))
    days = (moment.date() - start.date()).days
    text = f"{moment:%H:%M}"
    if days == 0:
        return text
    if days == 1:
        return words.say("{time} next day", time=text)
    return words.say("{time} on {date:%d %b}", time=text, date=moment)


def format_value(value: float, unit: str, digits: int | None = None, words: Words = ENGLISH) -> str:
    """Write a number the way its unit is read.

    A share says 100 % or 0 % only when it is that. A count has as many decimals as asked for,
    else one where it is no whole number and small.

    Examples
    --------
    >>> format_value(0.9713, "share"), format_value(5400, "seconds"), format_value(41200, "orders")
    ('97.1 %', '1 h 30 min', '41,200')
    >>> format_value(0.99996, "share"), format_value(1.0, "share")
    ('99.996 %', '100 %')
    """
    if math.isnan(value):
        return words.say("n/a")
    if unit == "share":
        return _share(value)
    if unit == "seconds":
        return _span(value, words)
    if unit == "hours":
        return words.say("{hours} h", hours=f"{rounded(value, 1):,f}")
    number = f"{rounded(value, _digits(value) if digits is None else digits):,f}"
    return words.say("{orders}/h", orders=number) if unit == "orders/h" else number


def written_alike(unit: str, *numbers: float, words: Words = ENGLISH) -> Callable[[float], str]:
    """Choose one way of writing for numbers that stand side by side.

    Examples
    --------
    >>> written_alike("orders/h", 609.0, 607.3, 610.7)(609.0)
    '609.0/h'
    """
    if unit not in _COUNTS:
        return lambda number: format_value(number, unit, words=words)
    known = [number for number in numbers if math.isfinite(number)]
    large = any(abs(number) >= 1000 for number in known)
    digits = 0 if large else max(map(_digits, known), default=0)
    return lambda number: format_value(number, unit, digits, words)


def metric_written(
    name: str, start: datetime | None, *numbers: float, words: Words = ENGLISH
) -> Callable[[float], str]:
    """Choose how numbers of a metric are written that stand side by side: moments as such.

    Parameters
    ----------
    name
        Of the metric, in full.
    start
        Moment from which its seconds are counted; None where it is not known.
    numbers
        That are to be written.
    words
        The reader's language.

    Examples
    --------
    >>> metric_written("backlog_clear_at", datetime(2026, 11, 10, 20))(36000.0)
    '06:00 next day'
    >>> metric_written("p95(order_to_ship)", None)(36000.0)
    '10 h'
    """
    key = key_of(name)
    if key is None or not METRICS[key].moment:
        return written_alike("" if key is None else METRICS[key].unit, *numbers, words=words)

    def moment(seconds: float) -> str:
        if start is not None or math.isnan(seconds):
            return clock_time(start or datetime.min, seconds, words)
        return words.say("{span} after start", span=_span(seconds, words))

    return moment


def _digits(count: float) -> int:
    return 0 if count == round(count) or abs(count) >= 1000 else 1


def format_limit(limit: float, unit: str, words: Words = ENGLISH) -> str:
    """Write the limit of a threshold, with all the digits that it was given.

    Examples
    --------
    >>> format_limit(0.98, "share"), format_limit(0.9975, "share"), format_limit(86400, "seconds")
    ('98 %', '99.75 %', '24 h')
    """
    if unit == "share":
        return f"{limit * 100:.10g} %"
    return format_value(limit, unit, words=words)


def rounded(value: float, digits: int = 0) -> Decimal:
    """Round as people do: what lies half-way goes away from zero, not to the even number.

    An average of two replications often lies half-way, and must be the same in a sentence, in a
    table and where a page's own numbers are shown.

    Parameters
    ----------
    value
        A finite number, exactly as it is held.
    digits
        Decimals that are kept.

    Examples
    --------
    >>> f"{rounded(1586.5):,f}", f"{rounded(-0.25, 1):,f}", f"{rounded(-0.4):,f}"
    ('1,587', '-0.3', '0')
    """
    near = Decimal(float(value)).quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return _EXACT.plus(near)  # there is no "-0"


def format_orders(count: float, words: Words = ENGLISH) -> str:
    """Write a number of orders, with the noun; an average is rounded to whole orders.

    Examples
    --------
    >>> format_orders(1), format_orders(4.5), format_orders(41200.3)
    ('1 order', '5 orders', '41,200 orders')
    """
    if math.isnan(count):
        return words.say("n/a orders")
    if 0 < count < 1:
        return words.say("less than 1 order")
    whole = int(rounded(count))
    return words.count(whole, "{n} order", "{n} orders", n=f"{whole:,}")


def format_interval(
    value: float,
    low: float,
    high: float,
    written: Callable[[float], str],
    words: Words = ENGLISH,
) -> str:
    """Write an interval; nothing where it says no more than the value does.

    That is so when there is no interval, and when both ends are written like the value.

    Examples
    --------
    >>> format_interval(0.971, 0.968, 0.974, lambda share: format_value(share, "share"))
    '96.8 to 97.4 %'
    >>> format_interval(7.0, 7.0, 7.0, str)
    ''
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    left, right = written(low), written(high)
    if left == right == written(value):
        return ""
    number, _, unit = left.partition(" ")
    # "96.8 % to 97.4 %" says its unit twice; "1 h 05 min to 2 h 05 min" needs both
    alike = unit == right.partition(" ")[2] and " " not in unit
    return words.say("{low} to {high}", low=number if alike else left, high=right)


def at_least_mark(at_least: object) -> str:
    """Give what stands before a number that is only known to be at least so much."""
    return "≥ " if at_least else ""


def format_estimate(
    found: Estimated, written: Callable[[float], str], words: Words = ENGLISH
) -> str:
    """Write an estimate with its flag and, where it says more, its interval behind it."""
    value = at_least_mark(found.at_least) + written(found.estimate)
    interval = format_interval(found.estimate, found.low, found.high, written, words)
    return words.say("{value} ({interval})", value=value, interval=interval) if interval else value


def _share(value: float) -> str:
    if value in (0, 1):
        return f"{value:.0%}".replace("%", " %")
    digits = 1
    while digits < 6 and round(value * 100, digits) in (0, 100):
        digits += 1
    return f"{value * 100:.{digits}f} %"


def _span(seconds: float, words: Words) -> str:
    if seconds < 0:
        return "-" + _span(-seconds, words)
    # the bounds are where rounding would write the next unit's one as a sixty
    if seconds < 59.95:
        return words.say("{n} s", n=f"{seconds:.1f}".removesuffix(".0"))
    if seconds < 59.95 * 60:
        return words.say("{n} min", n=f"{seconds / 60:.1f}".removesuffix(".0"))
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= 72:
        return words.say("{n} d", n=f"{seconds / 86400:.1f}")
    if minutes:
        return words.say("{hours} h {minutes:02d} min", hours=hours, minutes=minutes)
    return words.say("{hours} h", hours=hours)
