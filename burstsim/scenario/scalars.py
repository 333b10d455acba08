"""Unquoted scalars: which are numbers, words or plain text."""

from __future__ import annotations

import math
import re
from typing import Self, TypeAlias

__all__ = ["Number", "WrittenFloat", "WrittenInt", "looks_scientific", "plain_scalar"]

MAX_DIGITS = 300  # longer integers would not fit into a float

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SCIENTIFIC = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)[eE][-+]?[0-9]+")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Written:
    """Keeps the spelling of a number; ``int`` and ``float`` read the same text themselves."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.text,)


class WrittenInt(_Written, int):
    """An integer that remembers its spelling in ``text``, for fields that want a code."""


class WrittenFloat(_Written, float):
    """A float that remembers its spelling in ``text``, for fields that want a code."""


Number: TypeAlias = WrittenInt | WrittenFloat


def looks_scientific(text: str) -> bool:
    """Whether a code may have been turned into a number by a spreadsheet."""
    return _SCIENTIFIC.fullmatch(text) is not None


def plain_scalar(text: str) -> Number | bool | str | None:
    """Give an unquoted scalar its type.

    Raises
    ------
    ValueError
        A number that no field could take; what to do follows a semicolon, if there is something.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("must be a finite number")
    whole = _INTEGER.fullmatch(text)
    if not whole and not _FLOAT.fullmatch(text):
        return text
    if len(text) > MAX_DIGITS or math.isinf(float(text)):
        raise ValueError("is too large for a number; put a code in quotes")
    return WrittenInt(text) if whole else WrittenFloat(text)
