"""From a CSV file to a run of show."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.explain import rule_of
from burstsim.scenario.logfile import decode, read_bytes
from burstsim.scenario.paths import shorten
from burstsim.scenario.scalars import plain_scalar
from burstsim.scenario.shows import ShowEntry

__all__ = ["read_show"]

REQUIRED = ("time", "item", "expected_units")
OPTIONAL = ("price", "stock")

#: What Chinese sheets call the columns.
ALIASES = {
    "time": ("时间", "上架时间", "开始时间"),
    "item": ("商品编码", "商品", "组合编码"),
    "expected_units": ("预计件数", "预计销量", "预估销量"),
    "price": ("价格", "直播价", "售价"),
    "stock": ("库存", "数量"),
}

_MOST_ROWS = 100_000
_NUMBERS = ("expected_units", "stock")


def read_show(path: Path, columns: Mapping[str, str]) -> tuple[list[ShowEntry], list[int]]:
    """Read a run of show: one row per item.

    Parameters
    ----------
    path
        The file, in UTF-8 or GB18030, with a header.
    columns
        Our name -> name in the header. A column that is named like ours, or by a usual Chinese
        name, needs no entry.

    Returns
    -------
    list of ShowEntry
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
    place = _places(path, header, columns)
    entries: list[ShowEntry] = []
    lines: list[int] = []
    problems: list[Problem] = []
    for line, row in rows:
        if len(row) > len(header):
            rule = f"the row has {len(row)} cells, the header {len(header)}"
            problems.append(Problem(rule=rule, file=str(path), line=line))
            continue
        cells = {name: row[at].strip() for name, at in place.items() if at < len(row)}
        entry = _entry(path, line, cells, header, place, problems)
        if entry is not None:
            entries.append(entry)
            lines.append(line)
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


def _places(path: Path, header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Find the position of each column that is there."""
    known = (*REQUIRED, *OPTIONAL)
    problems = []
    for ours in columns:
        if ours not in known:
            rule, hint = "is not a column of a run of show", did_you_mean(ours, known)
            hint = hint or f"known are {', '.join(known)}"
            problems.append(Problem(rule=rule, path=f"columns.{ours}", hint=hint))
    place = {}
    for ours in known:
        names = (columns[ours],) if ours in columns else (ours, *ALIASES[ours])
        theirs = next((name for name in names if name in header), None)
        if theirs is not None:
            place[ours] = header.index(theirs)
            if header.count(theirs) > 1:
                rule = f"the header names {theirs!r} {header.count(theirs)} times"
                problems.append(Problem(rule=rule, file=str(path), line=1))
        elif ours in columns or ours in REQUIRED:
            hint = did_you_mean(names[0], header)
            hint = hint or "the file has " + ", ".join(repr(name) for name in header)
            rule = f"the file has no column {names[0]!r}"
            problems.append(
                Problem(rule=rule, path=f"columns.{ours}", file=str(path), line=1, hint=hint)
            )
    if problems:
        raise ScenarioError(problems)
    return place


def _entry(
    path: Path,
    line: int,
    cells: dict[str, str],
    header: list[str],
    place: dict[str, int],
    problems: list[Problem],
) -> ShowEntry | None:
    """Validate a row as the same entry in the scenario would be."""
    data: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    for name in _NUMBERS:
        if name in data:
            with contextlib.suppress(ValueError):  # then it stays text, which is no number
                data[name] = plain_scalar(data[name])
    try:
        return ShowEntry.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            rule, hint = rule_of(detail)
            name = str(detail["loc"][0])
            rule = "is empty" if detail["type"] == "missing" else rule
            problems.append(
                Problem(
                    rule=f"column {header[place[name]]!r} {rule}",
                    file=str(path),
                    line=line,
                    value=shorten(cells.get(name, "")),
                    hint=hint,
                )
            )
    return None
