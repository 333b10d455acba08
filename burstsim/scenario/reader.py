"""From a file to a validated scenario, with every fault found at once.

The steps: text → document (keys, values, lines) → overrides → models → attached files →
checks across sections. A fault in one entry does not hide the faults of the others: entries
that fail are set aside and the rest is looked at again.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.checks import find_faults
from burstsim.scenario.demand import Replay
from burstsim.scenario.document import (
    Document,
    dotted,
    load_text,
    parse_value,
    read_document,
    split_path,
)
from burstsim.scenario.orderlog import read_order_log
from burstsim.scenario.scenario import Scenario

__all__ = ["load", "loads"]

Path_ = tuple[str | int, ...]


def load(path: str | Path, set: Mapping[str, object] | None = None) -> Scenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    path
        The YAML file. Files that it names are looked for beside it.
    set
        Overrides by dotted path, such as ``{"demand_scale": 2.0}``; the same as ``--set``.
        Text is read as it would be in the file.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With every problem, in the order of the file.
    """
    path = Path(path)
    return loads(load_text(path), file=str(path), folder=path.parent, set=set)


def loads(
    text: str,
    *,
    file: str = "scenario",
    folder: str | Path = ".",
    set: Mapping[str, object] | None = None,
) -> Scenario:
    """Validate a scenario given as text; see `load`.

    Parameters
    ----------
    text
        The YAML text.
    file
        What to call it in messages.
    folder
        Where files that it names are looked for.
    set
        Overrides by dotted path.
    """
    document = read_document(text, file)
    data = deepcopy(document.data)
    overridden = _override(data, set or {})
    place = _Places(document, overridden)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [place.problem(*_explain(detail, data)) for detail in details]
        raise ScenarioError(
            place.in_order(problems + _second_look(data, details, Path(folder), place))
        ) from None
    problems = _attach(scenario, Path(folder), place)
    if not problems:
        problems = [place.problem(*fault) for fault in find_faults(scenario)]
    if problems:
        raise ScenarioError(place.in_order(problems))
    return scenario


class _Places:
    """Where keys stand, for messages: in the file, or in an override."""

    def __init__(self, document: Document, overridden: list[Path_]) -> None:
        self.document = document
        self.overridden = overridden

    def problem(self, path: Path_, rule: str, value: str = "", hint: str = "") -> Problem:
        for override in self.overridden:
            if path[: len(override)] == override:
                return Problem(
                    rule=rule, path=dotted(path), file="--set", value=value, hint=hint
                )
        line = self.document.line_of(path)
        return Problem(
            rule=rule, path=dotted(path), file=self.document.file, line=line, value=value, hint=hint
        )

    def in_order(self, problems: list[Problem]) -> list[Problem]:
        """Sort by line, each told once."""
        return sorted(dict.fromkeys(problems), key=lambda problem: problem.line)


def _override(data: dict[str, Any], values: Mapping[str, object]) -> list[Path_]:
    """Write overrides into `data`; the path must lead through what is there."""
    paths: list[Path_] = []
    problems: list[Problem] = []
    for text, given in values.items():
        try:
            path = split_path(text)
            value = parse_value(given) if isinstance(given, str) else given
        except ScenarioError as error:
            problems += error.problems
            continue
        here: Any = data
        for position, key in enumerate(path[:-1]):
            if not isinstance(here, dict):
                rule, hint = "leads into something that has no keys", ""
            elif key not in here and position == 0 and key in Scenario.model_fields:
                here[key] = {}  # a section left out: its defaults are what is varied
                here = here[key]
                continue
            elif key not in here:
                rule, hint = f"has no {key!r} on its way", did_you_mean(key, here)
            else:
                here = here[key]
                continue
            problems.append(Problem(rule=rule, path=text, file="--set", hint=hint))
            break
        else:
            if isinstance(here, dict):
                here[path[-1]] = value
                paths.append(path)
            else:
                rule = "leads into something that has no keys"
                problems.append(Problem(rule=rule, path=text, file="--set"))
    if problems:
        raise ScenarioError(problems)
    return paths


def _attach(scenario: Scenario, folder: Path, place: _Places) -> list[Problem]:
    """Read the files that the scenario names and hang them on their sections."""
    problems: list[Problem] = []
    for name, stream in scenario.demand.items():
        if isinstance(stream, Replay):
            try:
                stream._log = read_order_log(
                    folder / stream.file, stream.columns, time_format=stream.time_format
                )
            except ScenarioError as error:
                problems += error.problems
    return problems


def _second_look(
    data: dict[str, Any], details: list[ErrorDetails], folder: Path, place: _Places
) -> list[Problem]:
    """Find the faults across sections that the faulty entries would hide.

    Faulty entries (a stream, a SKU, a threshold …) are set aside. What the rest then says
    about a name that was set aside is not its fault and is not told.
    """
    rest = deepcopy(data)
    aside: set[str] = set()
    for detail in details:
        path = tuple(part for part in detail["loc"])
        keep = 3 if path[:1] == ("catalog",) else 2
        parent: Any = rest
        for key in path[: keep - 1]:
            parent = parent.get(key) if isinstance(parent, dict) else None
        if len(path) >= keep and isinstance(parent, dict) and path[keep - 1] in parent:
            aside.add(str(path[keep - 1]))
            del parent[path[keep - 1]]
    try:
        scenario = Scenario.model_validate(rest)
    except ValidationError:
        return []
    problems = _attach(scenario, folder, place)
    if problems:
        return problems
    return [
        place.problem(path, rule, value, hint)
        for path, rule, value, hint in find_faults(scenario)
        if value not in aside and path[-1] not in aside
    ]


def _explain(detail: ErrorDetails, data: dict[str, Any]) -> tuple[Path_, str, str, str]:
    """Say a validation error in the file's terms: path, rule, value, hint."""
    path = tuple(_real_path(detail["loc"], data))
    kind, context = detail["type"], detail.get("ctx", {})
    value, hint = _shown(detail["input"]), ""
    if kind == "missing":
        return path, "is required", "", ""
    if kind == "extra_forbidden":
        key = str(detail["loc"][-1])
        known = _keys_at(detail["loc"][:-1])
        hint = did_you_mean(key, known) or ("known keys: " + ", ".join(known) if known else "")
        return path, "is not a key that is known here", "", hint
    if kind == "union_tag_not_found":
        return (*path, "shape"), "is required", "", f"one of {context.get('discriminator', '')}"
    if kind == "union_tag_invalid":
        expected = str(context["expected_tags"]).replace("'", "").split(", ")
        tag = str(context["tag"])
        hint = did_you_mean(tag, expected)
        return (*path, "shape"), f"must be one of {', '.join(expected)}", tag, hint
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        hint = did_you_mean(str(detail["input"]), expected)
        return path, f"must be {context['expected']}".replace("'", ""), value, hint
    if kind == "value_error":
        return path, str(context["error"]), value if not _is_section(detail) else "", ""
    rules = {
        "greater_than": "must be greater than {gt}",
        "greater_than_equal": "must be at least {ge}",
        "less_than": "must be less than {lt}",
        "less_than_equal": "must be at most {le}",
        "finite_number": "must be a finite number",
        "int_parsing": "must be a whole number",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "float_parsing": "must be a number",
        "float_type": "must be a number",
        "string_type": "must be text",
        "dict_type": "must be a map of names to values",
        "list_type": "must be a list",
        "model_type": "must be a section with keys",
        "model_attributes_type": "must be a section with keys",
        "bool_parsing": "must be true or false",
        "bool_type": "must be true or false",
        "too_short": "must not be empty",
    }
    if kind == "too_long":
        rule = f"must have at most {context.get('max_length')} entries"
        return path, rule, f"{context.get('actual_length')}", hint
    rule = rules.get(kind, detail["msg"][:1].lower() + detail["msg"][1:])
    return path, rule.format(**context), value, hint


def _is_section(detail: ErrorDetails) -> bool:
    return isinstance(detail["input"], dict)


def _shown(value: object) -> str:
    """Show a value as written, on one line and not too long."""
    if isinstance(value, dict | list):
        return f"a {'map' if isinstance(value, dict) else 'list'} of {len(value)}"
    if value is None:
        return "nothing"
    text = str(getattr(value, "text", value))
    text = text.encode("unicode_escape").decode() if not text.isprintable() else text
    return text if len(text) <= 60 else text[:57] + "..."


def _real_path(location: tuple[int | str, ...], data: Any) -> Iterator[int | str]:
    """Drop the parts that name a variant of a section rather than a key."""
    here = data
    for position, part in enumerate(location):
        last = position == len(location) - 1
        if isinstance(here, dict) and part in here:
            here = here[part]
            yield part
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            yield part
        elif part == "[key]":
            continue
        elif isinstance(here, dict) and here.get("shape") == part and not last:
            continue
        else:
            yield part
            here = None


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """Keys that a section takes, found by walking the models along a location."""
    here: Any = Scenario
    for part in location:
        here = _inside(here, part)
        if here is None:
            return []
    here = _plain(here)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _plain(kind: Any) -> Any:
    """Strip Annotated and Optional."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind):
            rest = [part for part in get_args(kind) if part is not type(None)]
            kind = rest[0]
        else:
            return kind


def _inside(kind: Any, part: int | str) -> Any:
    """Type of what stands under `part` in a value of this type; None when it has no parts."""
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                return field.annotation
        return None
    if get_origin(kind) in (Union, types.UnionType):
        for option in get_args(kind):
            if part in get_args(option.model_fields["shape"].annotation):
                return option
        return None
    arguments = get_args(kind)
    return arguments[-1] if arguments else None
