"""Dotted paths of keys, as in messages and in ``--set``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from burstsim.errors import Problem, ScenarioError, printable

__all__ = ["KeyPath", "dotted", "shorten", "split_path"]

KeyPath: TypeAlias = tuple[str | int, ...]

_SEGMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."\[\]]+)', re.DOTALL)
_LONGEST_SHOWN = 60


def dotted(path: Sequence[str | int]) -> str:
    """Write a path of keys and indices as text.

    Examples
    --------
    >>> dotted(("gifts", "first 100", "time", 0))
    'gifts."first 100".time[0]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        if not part or re.search(r'[\s."\[\]]', part):
            part = '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text += f".{part}" if text else part
    return text


def split_path(text: str) -> tuple[str, ...]:
    r"""Split dotted text into keys; the inverse of `dotted` for paths without indices.

    Raises
    ------
    ScenarioError
        A key is empty, a quote is open, or a list item is asked for.

    Examples
    --------
    >>> split_path('catalog.skus."A.1".price')
    ('catalog', 'skus', 'A.1', 'price')
    """
    parts: list[str] = []
    position = 0
    while match := _SEGMENT.match(text, position):
        quoted, plain = match.groups()
        parts.append(plain if quoted is None else re.sub(r"(?s)\\(.)", r"\1", quoted))
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            break
        position += 1
    hint = 'write keys with dots between them, and a key that has dots in quotes: a."b.c"'
    if text[position : position + 1] == "[":
        hint = "list items cannot be set one by one: set the whole list"
    raise ScenarioError([Problem(rule="is not a path", value=shorten(text or '""'), hint=hint)])


def shorten(text: str) -> str:
    """Shorten a value for a message and keep it on one line."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"
