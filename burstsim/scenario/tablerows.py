"""What a table of a spreadsheet is turned into: entries of the scenario, and where each stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from burstsim.errors import Problem
from burstsim.scenario.fields import Section
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.sheetreader import SheetRows

__all__ = ["Gathered", "Given", "over", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A table that was read, and the section that names it.

    Parameters
    ----------
    rows
        What it holds.
    house
        Warehouse whose section it is; empty for the catalogue's.
    rest
        What else the section says.
    own
        What the scenario says beside the file.
    """

    rows: SheetRows[Any]
    house: str
    rest: Mapping[str, Any]
    own: Mapping[str, Any]

    def mine(self) -> Iterator[tuple[Any, int]]:
        """Yield (row, line) of those that are not about another warehouse."""
        for row, line in zip(self.rows.entries, self.rows.lines, strict=True):
            if getattr(row, "warehouse", None) in (None, self.house):
                yield row, line


@dataclass(slots=True)
class Gathered:
    """What is made of a table, row by row.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    data : dict
        As if the scenario had said it.
    lines : dict
        Path in `data` -> line of the file.
    problems : list of Problem
        What is wrong with rows.
    """

    path: Path
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, rule: str, value: str = "", hint: str = "") -> None:
        """Note what is wrong with a row."""
        self.problems.append(
            Problem(rule=rule, file=str(self.path), line=line, value=value, hint=hint)
        )

    def agree(self, path: KeyPath, key: str, value: object, line: int) -> None:
        """Write a value that several rows may say of an entry, if they say the same.

        Parameters
        ----------
        path
            Of the entry, which is there.
        value
            What this row says; None says nothing.
        """
        entry: dict[str, Any] = self.data
        for part in path:
            entry = entry[str(part)]
        if value is None:
            return
        if entry.setdefault(key, value) != value:
            rule = f"must not give {path[-1]} other {key} than line {self.lines[(*path, key)]}"
            self.wrong(line, rule, str(value), f"that says {entry[key]}")
        self.lines.setdefault((*path, key), line)


def written(row: Section) -> dict[str, Any]:
    """Give the cells of a row as a scenario would say them; empty ones are left out."""
    return row.model_dump(mode="json", by_alias=True, exclude_unset=True)


def over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one map over another, maps in them alike."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        found[key] = over(under, value) if both and under is not None else value
    return found
