"""Tables that stand in spreadsheets: laid into the scenario's data before the models see it.

They become the same SKUs, shifts, work … as if the scenario had said them itself, so that paths,
`--set`, studies and the manifest know no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.carriersheets import CARRIERS, gather_carriers
from burstsim.scenario.explain import rule_of
from burstsim.scenario.goodssheets import KITS, SKUS, gather_kits, gather_skus, gather_stock
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.sheetreader import Sheet, SheetRows, read_rows
from burstsim.scenario.sheets import STOCK
from burstsim.scenario.staffsheets import ROSTER, STANDARDS, gather_roster, gather_standards
from burstsim.scenario.tablefile import TableFile
from burstsim.scenario.tablerows import Gathered, Given, over

__all__ = ["Laid", "lay_tables"]


@dataclass(frozen=True, slots=True)
class _Table:
    """What a table holds, who makes entries of its rows, and the key under which they go."""

    sheet: Sheet[Any]
    gather: Callable[[Given, Gathered], None]
    into: str


#: Key that may name a file -> its table.
_Tables = Mapping[str, _Table]

_OF_CATALOG: _Tables = {
    "skus": _Table(SKUS, gather_skus, "skus"),
    "kits": _Table(KITS, gather_kits, "kits"),
}

_OF_WAREHOUSE: _Tables = {
    "shifts": _Table(ROSTER, gather_roster, "shifts"),
    "standards": _Table(STANDARDS, gather_standards, "stages"),
    "stock": _Table(STOCK, gather_stock, "stock"),
    "carriers": _Table(CARRIERS, gather_carriers, "carriers"),
}


@dataclass(slots=True)
class Laid:
    """A scenario's data with its tables in it.

    Attributes
    ----------
    data : dict
        Keys and values.
    problems : list of (KeyPath, Problem)
        What is wrong, each with the key that names its file.
    gone : list of KeyPath
        What the data therefore lacks.
    cells : dict
        Path of what came from a table -> file and line.
    """

    data: dict[str, Any]
    problems: list[tuple[KeyPath, Problem]] = field(default_factory=list)
    gone: list[KeyPath] = field(default_factory=list)
    cells: dict[KeyPath, tuple[str, int]] = field(default_factory=dict)


def lay_tables(
    data: dict[str, Any], folder: Path, may_read: Callable[[TableFile, KeyPath], None]
) -> Laid:
    """Put what tables hold where the scenario names their files.

    Parameters
    ----------
    data
        Of the scenario, as read; stays as it is.
    folder
        Where files are looked for.
    may_read
        Complains about a file that must not be read.
    """
    laying = _Laying(folder, may_read, Laid(dict(data)))
    found = laying.laid.data
    if isinstance(catalog := data.get("catalog"), dict):
        found["catalog"] = laying.section(("catalog",), catalog, _OF_CATALOG)
    if isinstance(houses := data.get("warehouses"), dict):
        found["warehouses"] = {
            name: laying.section(("warehouses", name), house, _OF_WAREHOUSE)
            for name, house in houses.items()
        }
    return laying.laid


@dataclass(frozen=True, slots=True)
class _Laying:
    folder: Path
    may_read: Callable[[TableFile, KeyPath], None]
    laid: Laid
    #: What was read already: one table may serve many warehouses.
    known: dict[object, SheetRows[Any]] = field(default_factory=dict)

    def section(self, here: KeyPath, section: Any, tables: _Tables) -> Any:
        """Give a section with its tables in it; one that cannot be read is left out."""
        for key, table in tables.items():
            said = section.get(key) if isinstance(section, dict) else None
            if not isinstance(said, dict) or not isinstance(said.get("file"), str):
                continue
            rest = {k: value for k, value in section.items() if k != key}
            problems: list[Problem] = []
            try:
                section = self._laid(table, (*here, key), said, rest)
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    rule, hint = rule_of(detail)
                    at = ".".join(map(str, detail["loc"]))
                    problems.append(Problem(rule=rule, path=at, hint=hint))
            except ScenarioError as error:
                problems += error.problems
            if problems:
                section = rest
                self.laid.problems += [((*here, key), problem) for problem in problems]
                self.laid.gone += [(*here, key), *_without_work((*here, key), rest)]
        return section

    def _laid(
        self, table: _Table, here: KeyPath, said: Mapping[str, Any], rest: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Read a table; what the scenario says beside its file is laid over it."""
        named = {k: value for k, value in said.items() if k in TableFile.model_fields}
        own = {k: value for k, value in said.items() if k not in TableFile.model_fields}
        source = TableFile.model_validate(named)
        self.may_read(source, here)
        path = self.folder / source.file
        house = str(here[1]) if here[0] == "warehouses" else ""
        given = Given(rows=self._rows(path, source, table.sheet), house=house, rest=rest, own=own)
        found = Gathered(path)
        if any(True for _ in given.mine()):
            table.gather(given, found)
        else:
            found.wrong(0, f"has no row of the warehouse {house}")
        if found.problems:
            raise ScenarioError(found.problems)
        into = (*here[:-1], table.into)
        for place, line in found.lines.items():
            self.laid.cells[(*into, *place)] = (str(path), line)
        above = own if into == here else rest[table.into]
        return {**rest, table.into: over(found.data, above)}

    def _rows(self, path: Path, source: TableFile, sheet: Sheet[Any]) -> SheetRows[Any]:
        key = (path, source.sheet, tuple(source.columns.items()), sheet.what)
        if key not in self.known:
            self.known[key] = read_rows(path, source.columns, sheet, source.sheet)
        return self.known[key]


def _without_work(here: KeyPath, house: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Name what nobody may ask after when the standards could not be read."""
    stages = house.get("stages")
    if here[-1] == "standards" and isinstance(stages, dict):
        yield from ((*here[:-1], "stages", stage, "work") for stage in stages)
