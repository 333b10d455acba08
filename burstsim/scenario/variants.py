"""A scenario with some values changed, without its file: what studies vary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ValidationError

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.checks import find_faults
from burstsim.scenario.explain import explain
from burstsim.scenario.overrides import override
from burstsim.scenario.paths import KeyPath, dotted
from burstsim.scenario.scenario import Scenario

__all__ = ["VARY", "changed"]

#: What messages call the place of a varied value.
VARY = "--vary"

#: Keys that say which file is read, and how.
_OF_FILES = ("file", "columns", "profile", "sheet", "time_format")


def changed(scenario: Scenario, values: Mapping[str, object]) -> Scenario:
    """Write values over a scenario's, by dotted path; the same as ``--set`` for its file.

    What the scenario read from files it keeps, so that these values can name no other file.

    Parameters
    ----------
    scenario
        Valid; stays as it is.
    values
        Dotted path → value, as `burstsim.load` takes them.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the values.
    """
    if not values:
        return scenario
    data = scenario.model_dump(mode="json", by_alias=True)
    overrides = override(data, values)
    problems = [replace(problem, file=VARY) for problem in overrides.problems]
    try:
        found = Scenario.model_validate(data)
    except ValidationError as error:
        faults = explain(error.errors(include_url=False), data)
        problems += [_problem(fault.path, fault.rule, fault.value, fault.hint) for fault in faults]
        raise ScenarioError(problems) from None
    if not problems:
        problems += _carry(scenario, found, ())
    if not problems:
        problems += [_problem(f.path, f.rule, f.value, f.hint) for f in find_faults(found)]
    if problems:
        raise ScenarioError(problems)
    return found


def _problem(path: KeyPath, rule: str, value: str = "", hint: str = "") -> Problem:
    return Problem(rule=rule, path=dotted(path), file=VARY, value=value, hint=hint)


def _carry(old: Any, new: Any, path: KeyPath) -> list[Problem]:
    """Hand on what sections have read from their files."""
    if isinstance(old, dict) and isinstance(new, dict):
        pairs = [(key, old[key], new[key]) for key in new if key in old]
    elif isinstance(old, BaseModel) and type(old) is type(new):
        fields = type(new).model_fields
        pairs = [
            (f.alias or name, getattr(old, name), getattr(new, name)) for name, f in fields.items()
        ]
        private = old.__pydantic_private__
        if private and not isinstance(new, Scenario):
            other = [key for key, left, right in pairs if key in _OF_FILES and left != right]
            if other:
                rule = "cannot be varied: another file would have to be read"
                return [_problem((*path, key), rule, hint="use --set") for key in other]
            object.__setattr__(new, "__pydantic_private__", dict(private))
    else:
        return []
    return [problem for key, left, right in pairs for problem in _carry(left, right, (*path, key))]
