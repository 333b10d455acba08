"""From the rows of a file to gift rules, the same models that a scenario holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.explain import rule_of
from burstsim.scenario.giftcolumns import CHOICES, FLAGS, GIFTS, LISTS, PLAIN
from burstsim.scenario.giftfile import Cell, GiftFile
from burstsim.scenario.gifts import Gift
from burstsim.scenario.paths import KeyPath, shorten
from burstsim.scenario.scalars import plain_scalar
from burstsim.scenario.sheetreader import read_rows

__all__ = ["read_gifts"]

#: Columns that say how a tier differs from the others of its rule.
_OF_TIER = ("rule", "min", "amount", "units", "gift", "quantity")

_YES, _NO = ("yes", "true", "1", "y", "是"), ("no", "false", "0", "n", "否")


@dataclass(slots=True)
class _Rule:
    """A rule on its way from its rows: the data of its model, and where each key stands."""

    lines: list[int]
    rows: list[dict[str, str]]
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[KeyPath, tuple[int, str]] = field(default_factory=dict)
    bad: list[tuple[int, str, str]] = field(default_factory=list)

    def refuse(self, column: str, line: int, said: str) -> None:
        """Note a cell that cannot be read; what to do may follow a semicolon."""
        self.bad.append((line, column, said))

    def put(self, path: KeyPath, value: Any, column: str, line: int) -> None:
        """Set a key, and note the cell that it comes from."""
        here: Any = self.data
        for key in path[:-1]:
            here = here.setdefault(key, {})
        here[path[-1]] = value
        self.cells[path] = (line, column)


def read_gifts(gifts: GiftFile, folder: Path) -> None:
    """Read the file of gift rules and hand over what it holds.

    Parameters
    ----------
    gifts
        Which file, and what its columns are called.
    folder
        Where it is looked for.

    Raises
    ------
    ScenarioError
        With every cell that cannot be read, its file, line and column.
    """
    path = folder / gifts.file
    table = read_rows(path, gifts.columns, GIFTS, gifts.sheet)
    found: dict[str, _Rule] = {}
    for row, line in zip(table.entries, table.lines, strict=True):
        rule = found.setdefault(row.rule, _Rule([], []))
        rule.lines.append(line)
        rule.rows.append(row.cells())
    rules: dict[str, Gift] = {}
    cells: dict[KeyPath, Cell] = {}
    problems: list[Problem] = []

    for name, rule in found.items():
        _fill(rule)
        faults: list[tuple[int, str, str, str]] = []
        for line, column, rest in rule.bad:
            said, _, hint = rest.partition("; ")
            faults.append((line, column, said, hint))
        try:
            rules[name] = Gift.model_validate(rule.data)
        except ValidationError as error:
            faults += _faults(rule, error)
        for line, column, said, hint in faults:
            written = rule.rows[rule.lines.index(line)].get(column, "")
            said = f"column {table.named.get(column, column)!r} {said}"
            value = shorten(written)
            problems.append(Problem(rule=said, file=str(path), line=line, value=value, hint=hint))
        cells[(name,)] = (rule.lines[0], table.named["rule"])
        for key, (line, column) in rule.cells.items():
            cells[(name, *key)] = (line, table.named.get(column, column))
    if problems:
        raise ScenarioError(problems)
    gifts.attach(rules, cells)


def _faults(rule: _Rule, error: ValidationError) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, column, rule, hint) of what the model says of a rule."""
    told = {place[:2] for place in rule.bad}
    for detail in error.errors(include_url=False):
        path = tuple(detail["loc"])
        if path[:1] == ("count",):
            path = (path[0], *path[2:])  # without the mode
        while path and path not in rule.cells:
            path = path[:-1]
        line, column = rule.cells.get(path, (rule.lines[0], "rule"))
        said, hint = rule_of(detail)
        if detail["type"] == "literal_error":
            said = "must be " + str(detail["ctx"]["expected"]).replace("'", "")
        follows = bool(rule.bad) and column == "rule"  # it may only be there because of them
        if (line, column) not in told and not follows:
            told.add((line, column))
            yield line, column, said, hint


def _fill(rule: _Rule) -> None:
    """Make the data of a rule's model from its rows."""
    first, line = dict(rule.rows[0]), rule.lines[0]
    for row, other in zip(rule.rows[1:], rule.lines[1:], strict=True):
        for column, cell in row.items():
            if column not in _OF_TIER and first.get(column) != cell:
                said = f"must be empty or as on line {line}; rows of one rule are its tiers"
                rule.refuse(column, other, said)
    for column, path in LISTS.items():
        if column in first:
            names: list[Any] = _names(first[column])
            names = [_scalar(name) for name in names] if column == "tier" else names
            rule.put(path, names, column, line)
    for column, path in FLAGS.items():
        if column in first:
            cell = first[column].lower()
            if cell not in _YES + _NO:
                rule.refuse(column, line, "must be yes or no")
            rule.put(path, cell in _YES, column, line)
    for column, path in PLAIN.items():
        if column in first:
            rule.put(path, _choice(column, first[column]), column, line)
    if "items" in first:
        rule.put(("trigger", "items"), _items(first["items"]), "items", line)
    _times(rule, first, line)
    _count(rule, first, line)


def _times(rule: _Rule, first: dict[str, str], line: int) -> None:
    begins, ends = _names(first.get("from", "")), _names(first.get("to", ""))
    if len(begins) != len(ends):
        column = "from" if "from" in first else "to"
        rule.refuse(column, line, "must have as many moments as there are in the other one")
    elif begins:
        windows = [[begin, end] for begin, end in zip(begins, ends, strict=True)]
        rule.put(("where", "time"), windows, "from", line)
        for number in range(len(windows)):
            rule.cells["where", "time", number, 0] = (line, "from")
            rule.cells["where", "time", number, 1] = (line, "to")


def _count(rule: _Rule, first: dict[str, str], line: int) -> None:
    """Set what is counted, from where on, and what is given for it."""
    both = "units" in first and ("amount" in first or "min" in first)
    if len(rule.rows) > 1 or both:
        _tiers(rule)
        return
    column = next((name for name in ("min", "amount", "units") if name in first), None)
    if column is not None:
        _measure(rule, column, line)
        rule.put(("trigger", "min"), _scalar(first[column]), column, line)
    given = [name for name in ("every", "buy", "pick") if name in first]
    if len(given) > 1:
        rule.refuse(given[1], line, f"must be empty beside {given[0]!r}; a rule counts one way")
    if "every" in first:
        rule.put(("count", "mode"), "every", "every", line)
        rule.put(("count", "step"), _scalar(first["every"]), "every", line)
        if "offset" in first:
            rule.put(("count", "offset"), _scalar(first["offset"]), "offset", line)
    elif "buy" in first or "free" in first:
        rule.put(("count", "mode"), "period", "buy", line)
        for name in ("buy", "free"):
            if name not in first:
                rule.refuse(name, line, "is empty; a period is so many bought and so many free")
            rule.put(("count", name), _scalar(first.get(name, "1")), name, line)
    if "gift" in first or "quantity" in first:
        rule.put(("reward", "gift"), _gift(rule, first, line), "gift", line)


def _tiers(rule: _Rule) -> None:
    """Make each row a tier."""
    tiers: list[dict[str, Any]] = []
    for row, line in zip(rule.rows, rule.lines, strict=True):
        for name in ("every", "offset", "buy", "free"):
            if name in row:
                rule.refuse(name, line, "must be empty; a rule has tiers or counts this way")
        column = next((name for name in ("min", "amount", "units") if name in row), None)
        if column is None:
            rule.refuse("min", line, "is empty; a row of a rule with several rows is a tier")
            continue
        _measure(rule, column, line)
        path: KeyPath = ("count", "tiers", len(tiers))
        tier = {"min": _scalar(row[column]), "gift": _gift(rule, row, line)}
        rule.cells[path] = rule.cells[*path, "min"] = (line, column)
        rule.cells[*path, "gift"] = (line, "gift")
        if "units" in row and column != "units":
            tier["min_units"] = _scalar(row["units"])
            rule.cells[*path, "min_units"] = (line, "units")
        tiers.append(tier)
    rule.put(("count", "mode"), "tiers", "rule", rule.lines[0])
    rule.put(("count", "tiers"), tiers, "rule", rule.lines[0])
    if "pick" in rule.rows[0]:
        pick = _choice("pick", rule.rows[0]["pick"])
        rule.put(("count", "pick"), pick, "pick", rule.lines[0])


def _measure(rule: _Rule, column: str, line: int) -> None:
    """Let the column of a threshold say what it measures."""
    measure = {"amount": "amount", "units": "units"}.get(column)
    trigger = rule.data.setdefault("trigger", {})
    said = trigger.get("measure", measure)
    if measure is not None and said != measure:
        rule.refuse(column, line, f"must be empty where measure is {said}; use 'min'")
    elif measure is not None and "measure" not in trigger:
        rule.put(("trigger", "measure"), measure, column, line)


def _gift(rule: _Rule, row: dict[str, str], line: int) -> dict[str, Any]:
    """Read ``TOTE:1;POUCH:2``, or names with their number in a column of its own."""
    if "gift" not in row:
        rule.refuse("gift", line, "is empty; it says what is given")
    each = _scalar(row.get("quantity", "1"))
    gifts: dict[str, Any] = {}
    for part in _names(row.get("gift", "")):
        name, number = _numbered(part)
        if number is not None and "quantity" in row:
            rule.refuse("quantity", line, "must be empty where the gift says how many")
        if name in gifts:
            rule.refuse("gift", line, f"names {name} twice")
        gifts[name] = each if number is None else number
    return gifts


def _items(cell: str) -> Any:
    """Read a list of names, or a set where each has a number."""
    parts = [_numbered(part) for part in _names(cell)]
    if parts and all(number is not None for _, number in parts):
        return dict(parts)
    return _names(cell)


def _numbered(part: str) -> tuple[str, Any]:
    match = re.fullmatch(r"(.+?)\s*[:：*×]\s*(\d+)", part)
    return (match[1], _scalar(match[2])) if match else (part, None)


def _names(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;；|、]", cell) if part.strip()]


def _scalar(cell: str) -> Any:
    try:
        return plain_scalar(cell)
    except ValueError:
        return cell


def _choice(column: str, cell: str) -> Any:
    """Turn a usual word into ours; group and zone are names and stay text."""
    if column in ("group", "zone", "work"):
        return cell
    return CHOICES.get(column, {}).get(cell, _scalar(cell))
