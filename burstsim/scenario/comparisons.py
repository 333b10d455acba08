"""Comparing something with a limit, as thresholds and policies write it: ``on_time >= 98%``."""

from __future__ import annotations

import re
from typing import NamedTuple

from burstsim.units import HOUR, SECOND, parse_duration

__all__ = ["Comparison", "compare", "holds", "number_of", "read_limit"]

_COMPARISON = re.compile(r"(?P<left>.+?)\s*(?P<operator>>=|<=|>|<)\s*(?P<limit>[^<>=]+)")
_NUMBER = re.compile(r"-?[\d.]+")

#: Operators read from the other side.
_TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


class Comparison(NamedTuple):
    """The three parts of a comparison, as text."""

    left: str
    operator: str
    limit: str

    @property
    def turned(self) -> str | None:
        """How it should have been written, where the limit stands first."""
        if number_of(self.left) and not number_of(self.limit):
            return f"{self.limit} {_TURNED[self.operator]} {self.left}"
        return None


#: Characters of an expression at most.
_LONGEST = 500


def compare(text: str) -> Comparison | None:
    """Split a comparison; None where it is none.

    Raises
    ------
    ValueError
        Where it is too long, or compares by a sign that looks like one of the four.

    Examples
    --------
    >>> compare("on_time>=98%")
    Comparison(left='on_time', operator='>=', limit='98%')
    """
    if len(text) > _LONGEST:
        raise ValueError(f"must have at most {_LONGEST} characters")
    if sign := re.search("≥|≤|=>|=<|==|!=", text):
        better = {"≥": ">=", "=>": ">=", "≤": "<=", "=<": "<="}.get(sign[0], ">= or <=")
        raise ValueError(f"must compare by >=, <=, > or <; write {better} instead of {sign[0]}")
    match = _COMPARISON.fullmatch(text.strip())
    if match is None:
        return None
    return Comparison(match["left"].strip(), match["operator"], match["limit"].strip())


def holds(value: float, operator: str, limit: float) -> bool:
    """Whether a value keeps a limit."""
    if operator == ">=":
        return value >= limit
    if operator == "<=":
        return value <= limit
    return value > limit if operator == ">" else value < limit


def number_of(text: str) -> bool:
    """Whether a text begins like a number, with or without a unit."""
    return re.fullmatch(r"[-\d.].*", text) is not None


def read_limit(text: str, unit: str) -> float:
    """Read a limit in a unit: ``seconds``, ``hours``, ``share``, or anything that is counted.

    Raises
    ------
    ValueError
        Saying what it must be compared with.

    Examples
    --------
    >>> read_limit("90m", "hours"), read_limit("98%", "share"), read_limit("200", "orders")
    (1.5, 0.98, 200.0)
    """
    body = text.strip().strip("\"'")
    if unit in ("seconds", "hours") and not _NUMBER.fullmatch(body):
        return parse_duration(body) / (SECOND if unit == "seconds" else HOUR)
    percent = unit == "share" and body.endswith("%")
    try:
        number = float(body.removesuffix("%") if percent else body)
    except ValueError:
        wanted = {"seconds": "a duration such as 24h", "share": "a share such as 0.98 or 98%"}
        raise ValueError(f"must compare with {wanted.get(unit, 'a number')}") from None
    if unit == "seconds" and number != 0:
        raise ValueError(f"must compare with a duration; did you mean {body}s or {body}h?")
    if not abs(number) < 1e15:
        raise ValueError("must compare with a number of ordinary size")
    number = number / 100 if percent else number
    if unit == "share" and not 0 <= number <= 1:
        hint = f"; did you mean {body}%?" if 1 < number <= 100 and not percent else ""
        raise ValueError(f"must compare with a share from 0 to 1, or 0% to 100%{hint}")
    return number
