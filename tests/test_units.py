from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burstsim.units import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Moment,
    Rate,
    format_duration,
    format_money,
    parse_duration,
    parse_moment,
    parse_money,
    parse_rate,
)

START = datetime(2026, 11, 10, 20)
SPANS = st.integers(-3660 * DAY, 3660 * DAY)
CENTS = st.integers(-(10**14) + 1, 10**14 - 1)
CLOCKS = st.integers(0, DAY - 1).map(lambda ticks: timedelta(microseconds=ticks))
DATES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31))
MOMENTS = (
    st.builds(lambda ticks: Moment(offset=ticks), SPANS)
    | st.builds(lambda clock: Moment(clock=clock), CLOCKS)
    | st.builds(lambda dated: Moment(dated=dated), DATES)
)


@given(SPANS)
def test_durations_read_as_they_are_written(ticks: int) -> None:
    assert parse_duration(format_duration(ticks)) == ticks


@given(CENTS)
def test_money_reads_as_it_is_written(cents: int) -> None:
    assert parse_money(format_money(cents)) == cents


@given(st.floats(0, 1e12), st.sampled_from(["us", "ms", "s", "m", "min", "h", "d"]))
def test_rates_read_as_they_are_written(count: float, unit: str) -> None:
    rate = parse_rate(f"{count!r}/{unit}")
    assert rate.count == count
    assert parse_rate(str(rate)) == rate


@given(MOMENTS)
def test_moments_read_as_they_are_written(moment: Moment) -> None:
    assert parse_moment(str(moment)) == moment


@given(CLOCKS, DATES, st.integers(-1, 10 * DAY))
def test_a_time_of_day_is_its_next_occurrence(
    clock: timedelta, start: datetime, after: int
) -> None:
    tick = Moment(clock=clock).resolve(start, after=after)
    there = start + timedelta(microseconds=tick)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    assert there - midnight == clock
    assert after < tick <= after + DAY


@pytest.mark.parametrize(
    ("text", "hours"),
    [("20:00", 0), ("19:59", 23 + 59 / 60), ("08:00", 12), ("8:00", 12), ("00:00:00", 4)],
)
def test_times_of_day_at_or_after_start(text: str, hours: float) -> None:
    assert parse_moment(text).resolve(START) == hours * HOUR


def test_a_window_that_ends_when_it_begins_lasts_a_day() -> None:
    begin = parse_moment("20:00").resolve(START)
    assert parse_moment("20:00").resolve(START, after=begin) == begin + DAY
    assert parse_moment("08:00").resolve(START, after=begin) == begin + DAY / 2


def test_dated_moments_and_offsets_ignore_the_window() -> None:
    assert parse_moment("2026-11-10 19:00").resolve(START, after=5 * DAY) == -HOUR
    assert parse_moment("2026-11-11T08:00:00.5").resolve(START) == 12 * HOUR + SECOND // 2
    assert parse_moment("-2h").resolve(START, after=5 * DAY) == -2 * HOUR


@pytest.mark.parametrize(
    ("text", "ticks"),
    [
        ("0", 0),
        ("90s", 90 * SECOND),
        ("1h 30 m", 90 * MINUTE),
        ("15min", 15 * MINUTE),
        ("2.5d", 60 * HOUR),
        ("0.000001s", 1),
        ("- 5ms", -5000),
        ("7us", 7),
        ("3660d", 3660 * DAY),
    ],
)
def test_durations(text: str, ticks: int) -> None:
    assert parse_duration(text) == ticks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a duration"),
        ("28", "did you mean 28s or 28h"),
        ("2 hours", "did you mean 2h"),
        ("1 hour 30 minutes", "did you mean 1h30m"),
        ("30分钟", "did you mean 30m"),
        ("2H", "did you mean 2h"),
        ("５h", "did you mean 5h"),
        ("2 weeks", "a duration"),
        ("1e3s", "a duration"),
        ("--5s", "a duration"),
        ("5s!", "a duration"),
        ("3661d", "at most ten years"),
        ("9" * 5000 + "s", "a duration"),
        ("0.0000001s", "whole number of microseconds"),
        ("1.00000000000000000000001s", "whole number of microseconds"),
    ],
)
def test_text_that_is_no_duration(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [("129", 12900), ("129.9", 12990), (".5", 50), ("5.", 500), ("-0.05", -5), ("1.1000", 110)],
)
def test_money(text: str, cents: int) -> None:
    assert parse_money(text) == cents


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "an amount"),
        (".", "an amount"),
        ("¥5", "no currency"),
        ("1,299.00", "no commas"),
        ("1e5", "an amount"),
        ("1_000", "an amount"),
        ("nan", "an amount"),
        ("0.001", "two decimals"),
        ("1000000000000", "below a million million"),
        ("9" * 5000, "below a million million"),
        ("0.0" + "0" * 5000 + "1", "two decimals"),
    ],
)
def test_text_that_is_no_money(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_money(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("120", "did you mean 120/h"),
        ("/h", "a rate"),
        ("5/", "a rate"),
        ("5/week", "a rate"),
        ("1_0/h", "a rate"),
        ("nan/h", "a rate"),
        ("-1/h", "negative"),
        ("1e13/h", "at most"),
    ],
)
def test_text_that_is_no_rate(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_rate(text)


def test_rates_per_tick() -> None:
    assert parse_rate(" 1200 / h ") == Rate(1200.0, HOUR)
    assert Rate(3600.0, HOUR).per_tick == 1 / SECOND


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a moment"),
        ("20", "a moment"),
        ("25:00", "a moment"),
        ("20:60", "a moment"),
        ("24:00", "write 00:00"),
        ("20：00", "did you mean 20:00"),
        ("2026-11-11", "a moment"),
        ("2026-11-11 24:30", "a moment"),
        ("2026-02-30 08:00", "a date that exists; February 2026 has 28 days"),
        ("2028-02-30 08:00", "a date that exists; February 2028 has 29 days"),
        ("2026-11-00 08:00", "a date that exists; November 2026 has 30 days"),
        ("2026-31-12 08:00", "a date that exists; a year has 12 months"),
        ("0000-01-01 08:00", "a date that exists$"),
    ],
)
def test_text_that_is_no_moment(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_moment(text)


@given(st.text() | st.text(alphabet="0123456789.:-/eE+ hmsdu时２"))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_duration, parse_money, parse_rate, parse_moment):
        try:
            parse(text)
        except ValueError as error:
            refusal = str(error)
        else:
            continue
        assert refusal.startswith("must ")
