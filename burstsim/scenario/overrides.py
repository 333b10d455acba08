"""Overrides: single values written over a file's, by dotted path, as ``--set`` does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.document import parse_value
from burstsim.scenario.keys import keys_at
from burstsim.scenario.paths import KeyPath, split_path
from burstsim.scenario.scalars import plain_scalar

__all__ = ["SET", "Overrides", "override"]

#: What messages call the place of an override.
SET = "--set"

_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Overrides:
    """What was written over the file.

    Parameters
    ----------
    paths
        Those that were written.
    problems
        Why the others could not be.
    """

    paths: tuple[KeyPath, ...]
    problems: tuple[Problem, ...]


def override(data: dict[str, Any], values: Mapping[str, object]) -> Overrides:
    """Write values into `data`, each to a path that leads through what is there.

    Parameters
    ----------
    data
        Keys and values as read; changed in place.
    values
        Dotted path → value. Text is read as it would be in the file; a number means what the
        same number means there.
    """
    paths: list[KeyPath] = []
    problems: list[Problem] = []
    for text, given in values.items():
        try:
            path = split_path(str(text))
            value = parse_value(given) if isinstance(given, str) else _as_read(given)
            _write(data, path, value)
        except ScenarioError as error:
            # A malformed path is itself the value at fault.
            for problem in error.problems:
                about_path = problem.rule == "is not a path"
                problems.append(
                    Problem(
                        rule=problem.rule,
                        path="" if about_path else str(text),
                        file=SET,
                        value=problem.value,
                        hint=problem.hint,
                    )
                )
        except ValueError as error:
            rule, _, hint = str(error).partition("; ")
            problems.append(Problem(rule=rule, path=str(text), file=SET, hint=hint))
        else:
            paths.append(path)
    return Overrides(tuple(paths), tuple(problems))


def _write(data: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    gifts = data.get("gifts")
    if path[0] == "gifts" and len(path) > 1 and isinstance(gifts, dict):
        file = gifts.get("file", {})
        if not isinstance(file, dict) and path[1] not in keys_at(("gifts",), data):
            raise ValueError(f"names a rule of {file}; change the file, or write the rules here")
    here: Any = data
    in_table = False  # a number of a table is laid over it, beside its file
    for position, key in enumerate(path):
        if isinstance(here, dict) and isinstance(here.get("file"), str):
            in_table |= not keys_at(path[:position], data)
        if not isinstance(here, dict):
            raise ValueError(f"leads into {path[position - 1]!r}, which has no keys of its own")
        if position == len(path) - 1:
            here[key] = value
            return
        if key not in here or here[key] is None:
            known = keys_at(path[:position], data)
            if key not in known and not in_table:
                hint = did_you_mean(key, [*here, *known])
                raise ValueError(f"the scenario has no {key!r} on this path; {hint}")
            here[key] = {}  # a section left out: its defaults are what is varied
        here = here[key]


def _as_read(value: object, depth: int = 0) -> object:
    """Turn a Python value into what the reader makes of the same value in a file.

    Raises
    ------
    ValueError
        For what a file cannot hold.
    """
    if depth > _DEEPEST:
        raise ValueError(f"is nested deeper than {_DEEPEST} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("contains half a character")
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _as_read(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(item, depth + 1) for item in value]
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()  # a single number of numpy
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > 10**300:
            raise ValueError("is too large for a number")
        return plain_scalar(str(int(value)))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("must be a finite number")
        return plain_scalar(repr(float(value)))
    kind = type(value).__name__
    raise ValueError(f"cannot be a Python {kind}; give text as in the file, or a number")
