"""From a CSV file or an XLSX sheet to the rows of a section, each validated as in a scenario."""

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
from burstsim.scenario.cells import SPREADSHEET_HINT, SPREADSHEET_RULE, spoiled
from burstsim.scenario.explain import rule_of
from burstsim.scenario.fields import Section
from burstsim.scenario.logfile import decode, improper, read_bytes
from burstsim.scenario.logsheet import open_sheet, sheet_names
from burstsim.scenario.paths import shorten
from burstsim.scenario.scalars import plain_scalar

__all__ = ["Sheet", "SheetRows", "read_rows", "read_sheet", "tabs_of"]

_MOST_ROWS = 100_000

#: First bytes of an XLSX file, which is an archive.
_XLSX = b"PK\x03\x04"

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
    each
        What has a row of its own, where people often give it a column instead.
    """

    what: str
    row: type[Row]
    aliases: Mapping[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    each: str = ""


@dataclass(frozen=True, slots=True)
class SheetRows(Generic[Row]):
    """What a table held.

    Parameters
    ----------
    entries
        One for each row.
    lines
        Where each stands in the file, from 1.
    named
        Column -> how the file calls it.
    """

    entries: list[Row]
    lines: list[int]
    named: Mapping[str, str]


def read_sheet(
    path: Path, columns: Mapping[str, str], sheet: Sheet[Row]
) -> tuple[list[Row], list[int]]:
    """Read a table: its entries, one per row, and the line of each; see `read_rows`."""
    found = read_rows(path, columns, sheet)
    return found.entries, found.lines


def read_rows(
    path: Path, columns: Mapping[str, str], sheet: Sheet[Row], tab: str | None = None
) -> SheetRows[Row]:
    """Read a table: one entry per row.

    Parameters
    ----------
    path
        The file with a header: CSV in UTF-8 or GB18030, or XLSX.
    columns
        Our name -> name in the header. A column that is named like ours, or by a usual Chinese
        name, needs no entry.
    sheet
        Which columns there are, and what they hold.
    tab
        Name of the sheet of an XLSX file; left out: the first.

    Raises
    ------
    ScenarioError
        The file cannot be read, columns are missing or cells are unreadable. What is the fault
        of the section's own keys has their path, such as ``columns.item``.
    """
    content = read_bytes(path)
    rows = _cells(path, content, tab) if content.startswith(_XLSX) else _lines(path, content, tab)
    header = [cell.strip() for cell in next(rows, (0, list[str]()))[1]]
    if not header:
        raise _refusal(path, "is empty", "the first line names the columns")
    place = _places(path, header, columns, sheet)
    named = {name: header[at] for name, at in place.items()}
    entries: list[Row] = []
    lines: list[int] = []
    problems: list[Problem] = []
    # all rows first: a table that is too long is refused before its cells are looked at
    for line, row in list(rows):
        if len(row) > len(header):
            rule = f"the row has {len(row)} cells, the header {len(header)}"
            problems.append(Problem(rule=rule, file=str(path), line=line))
            continue
        cells = {name: row[at].strip() for name, at in place.items() if at < len(row)}
        if bad := [name for name, cell in cells.items() if spoiled(cell)]:
            for name in bad:
                said = (SPREADSHEET_RULE, cells[name], SPREADSHEET_HINT)
                problems.append(_cell_problem(path, line, named[name], said))
            continue
        try:
            entries.append(_entry(cells, sheet))
            lines.append(line)
        except ValidationError as error:
            problems += _cell_problems(error, path, line, cells, named)
    if problems:
        raise ScenarioError(problems)
    if not entries:
        raise _refusal(path, "has a header but no rows")
    return SheetRows(entries, lines, named)


def _refusal(path: Path, rule: str, hint: str = "", line: int = 0) -> ScenarioError:
    return ScenarioError([Problem(rule=rule, file=str(path), line=line, hint=hint)])


def tabs_of(path: Path) -> list[str]:
    """Names of the sheets of an XLSX file; none of any other file.

    Raises
    ------
    ScenarioError
        The file cannot be read.
    """
    content = read_bytes(path)
    return sheet_names(path, content) if content.startswith(_XLSX) else []


def _cells(path: Path, content: bytes, tab: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each row of an XLSX sheet that is not blank."""
    table = open_sheet(path, content, tab)
    yield table.header_line, list(table.header)
    if table.rows > _MOST_ROWS:
        raise _refusal(path, f"has more than {_MOST_ROWS:,} rows")
    columns = [table.column(number).tolist() for number in range(len(table.header))]
    for line, *row in zip(table.lines(range(table.rows)), *columns, strict=True):
        if any(row):
            yield line, row


def _lines(path: Path, content: bytes, tab: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each row of a CSV file that is not blank."""
    text, _ = decode(path, content)
    if tab is not None:
        rule = "must only be said of an XLSX file, and this one is text"
        raise ScenarioError([Problem(rule=rule, path="sheet", value=tab, hint="leave sheet out")])
    # strictly: else a quote that is never closed takes the rest of the file into its cell
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for number, row in enumerate(reader):
            if number > _MOST_ROWS:
                raise _refusal(path, f"has more than {_MOST_ROWS:,} rows")
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise improper(path, error, line) from None


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
            hint = did_you_mean(names[0], header) or _what_is_there(header, sheet)
            rule = f"the file has no column {names[0]!r}"
            problems.append(
                Problem(rule=rule, path=f"columns.{ours}", file=str(path), line=1, hint=hint)
            )
    if problems:
        raise ScenarioError(problems)
    return place


def _what_is_there(header: list[str], sheet: Sheet[Row]) -> str:
    """Say which columns there are, and how the table should be laid out if that is often wrong."""
    there = "the file has " + shorten(", ".join(repr(name) for name in header))
    if not sheet.each:
        return there
    columns = ", ".join(sheet.aliases)
    return f"{there}; {sheet.what} has a row for {sheet.each}, with columns among {columns}"


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
        yield _cell_problem(path, line, named[name], (rule, cells.get(name, ""), hint))


def _cell_problem(path: Path, line: int, column: str, said: tuple[str, str, str]) -> Problem:
    """Say of a cell which rule it breaks, what it holds, and what to do."""
    rule, value, hint = said
    rule = f"column {column!r} {rule}"
    return Problem(rule=rule, file=str(path), line=line, value=shorten(value), hint=hint)
