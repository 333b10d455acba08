"""Numbers with their nouns, spans and moments, as sentences about a scenario need them."""

from __future__ import annotations

import re

from burstsim.languages import ENGLISH, Words, phrase
from burstsim.units import Moment, format_duration

__all__ = ["moment_of", "people_of", "span_of"]

#: Units of durations as the file writes them.
_UNITS = {
    "d": phrase("{n}d"),
    "h": phrase("{n}h"),
    "m": phrase("{n}m"),
    "s": phrase("{n}s"),
    "ms": phrase("{n}ms"),
    "us": phrase("{n}us"),
}


#: A time of day at the turn of a minute.
_WITHOUT_SECONDS = re.compile(r"(\d\d:\d\d):00$")


def people_of(count: int, words: Words = ENGLISH) -> str:
    """Say how many people.

    Examples
    --------
    >>> people_of(1), people_of(1200)
    ('1 person', '1,200 people')
    """
    return words.count(count, "1 person", "{n} people", n=f"{count:,}")


def span_of(ticks: int, words: Words = ENGLISH) -> str:
    """Say how long something takes; in English as the file writes it.

    Examples
    --------
    >>> from burstsim.languages import words_of
    >>> span_of(5_400_000_000), span_of(5_400_000_000, words_of("zh"))
    ('1h30m', '1 小时 30 分钟')
    """
    text = format_duration(ticks)
    if words is ENGLISH:
        return text
    parts = re.findall(r"(\d+)([a-z]+)", text)
    said = " ".join(words.say(_UNITS[unit], n=count) for count, unit in parts)
    return f"-{said}" if ticks < 0 else said


def moment_of(moment: Moment, words: Words = ENGLISH) -> str:
    """Say a moment as the file writes it: a time of day, a date, or a span since the start."""
    if moment.offset is not None:
        return span_of(moment.offset, words)
    text = str(moment)
    return text if words is ENGLISH else _WITHOUT_SECONDS.sub(r"\1", text)
