"""From a CSV file to the rows of a section, each validated as it would be in the scenario."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.explain import rule_of
from burstsim.scenario.fields import Section
from burstsim.scenario.logfile import decode, read_bytes
from burstsim.scenario.paths import shorten
from burstsim.scenario.scalars import plain_scalar

__all__ = ["Sheet", "read_sheet"]

_MOST_ROWS = 100_000

Row = TypeVar("Row", bound=Section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[Row]):
    """What a table holds.

    Parameters
    ----------
    what
        What messages call it.
    row
        The section that each row is.
    aliases
        Column -> what else it is usually called.
    optional
        Columns that need not be there.
    numbers
        Columns that hold numbers.
    """

    what: str
    row: type[Row]
    aliases: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def read_sheet(
    path: Path, columns: Mapping[str, str], sheet: Sheet[Row]
) -> tuple[list[Row], list[int]]:
    """Read a table: one entry per row.

    Parameters
    ----------
    path
        The file, in UTF-8 or GB18030, with a header.
    columns
        Our name -> name in the header. A column that is named like ours, or by a usual Chinese
        name, needs no entry.
    sheet
        Which columns there are, and what they hold.

    Returns
    -------
    list of Section
    list of int
        Line of each in the file.

    Raises
    ------
    ScenarioError
        The file cannot be read, columns are missing or cells are unreadable. What is the fault
        of the section's own keys has their path, such as ``columns.item``.
    """
    text, _ = decode(path, read_bytes(path))
    rows = _rows(path, text)
    header = [cell.strip() for cell in next(rows, (0, list[str]()))[1]]
    if not header:
        raise _refusal(path, "is empty", "the first line names the columns")
    place = _places(path, header, columns, sheet)
    entries: list[Row] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for line, row in rows:
        if len(row) > len(header):
            rule = f"the row has {len(row)} cells, the header {len(header)}"
            problems.append(Problem(rule=rule, file=str(path), line=line))
            continue
        cells = {name: row[at].strip() for name, at in place.items() if at < len(row)}
        try:
            entries.append(_entry(cells, sheet))
            lines.append(line)
        except ValidationError as error:
            named = {name: header[at] for name, at in place.items()}
            problems += _cell_problems(error, path, line, cells, named)
    if problems:
        raise ScenarioError(problems)
    if not entries:
        raise _refusal(path, "has a header but no rows")
    return entries, lines


def _refusal(path: Path, rule: str, hint: str = "", line: int = 0) -> ScenarioError:
    return ScenarioError([Problem(rule=rule, file=str(path), line=line, hint=hint)])


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""))
    line = 1
    try:
        for number, row in enumerate(reader):
            if number > _MOST_ROWS:
                raise _refusal(path, f"has more than {_MOST_ROWS:,} rows")
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(path, f"is not a proper table: {error}", line=line) from None


def _places(
    path: Path, header: list[str], columns: Mapping[str, str], sheet: Sheet[Row]
) -> dict[str, int]:
    """Find the position of each column that is there."""
    known = tuple(sheet.aliases)
    problems = []
    for ours in columns:
        if ours not in known:
            rule, hint = f"is not a column of {sheet.what}", did_you_mean(ours, known)
            hint = hint or f"known are {', '.join(known)}"
            problems.append(Problem(rule=rule, path=f"columns.{ours}", hint=hint))
    place = {}
    for ours in known:
        names = (columns[ours],) if ours in columns else (ours, *sheet.aliases[ours])
        theirs = next((name for name in names if name in header), None)
        if theirs is not None:
            place[ours] = header.index(theirs)
            if header.count(theirs) > 1:
                rule = f"the header names {theirs!r} {header.count(theirs)} times"
                problems.append(Problem(rule=rule, file=str(path), line=1))
        elif ours in columns or ours not in sheet.optional:
            hint = did_you_mean(names[0], header)
            hint = hint or "the file has " + ", ".join(repr(name) for name in header)
            rule = f"the file has no column {names[0]!r}"
            problems.append(
                Problem(rule=rule, path=f"columns.{ours}", file=str(path), line=1, hint=hint)
            )
    if problems:
        raise ScenarioError(problems)
    return place


def _entry(cells: Mapping[str, str], sheet: Sheet[Row]) -> Row:
    """Validate a row as the same entry in the scenario would be."""
    data: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    for name in sheet.numbers:
        if name in data:
            with contextlib.suppress(ValueError):  # then it stays text, which is no number
                data[name] = plain_scalar(data[name])
    return sheet.row.model_validate(data)


def _cell_problems(
    error: ValidationError,
    path: Path,
    line: int,
    cells: Mapping[str, str],
    named: Mapping[str, str],
) -> Iterator[Problem]:
    """Say of each bad cell of a row in which column it is."""
    for detail in error.errors(include_url=False):
        rule, hint = rule_of(detail)
        name = str(detail["loc"][0])
        rule = "is empty" if detail["type"] == "missing" else rule
        yield Problem(
            rule=f"column {named[name]!r} {rule}",
            file=str(path),
            line=line,
            value=shorten(cells.get(name, "")),
            hint=hint,
        )
