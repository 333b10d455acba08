"""The table of an order log: the cells that are wanted, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.scenario.logcolumns import KNOWN, OPTIONAL, REQUIRED, usual_name
from burstsim.scenario.logfile import RawTable, open_csv, read_bytes, refusal
from burstsim.scenario.logjson import looks_like_json, open_json
from burstsim.scenario.logsheet import open_parquet, open_sheet
from burstsim.scenario.profiles import Join, Profile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OPTIONAL", "LogTable", "Mask", "counted", "matches", "open_log"]

Mask: TypeAlias = npt.NDArray[np.bool_]

_NAMED_ROWS = 3


def open_log(path: Path, profile: Profile, delimiter: str, sheet: str | None) -> LogTable:
    """Open an order log, and the file beside it where a profile joins two."""
    if profile.join is None:
        return LogTable(_open(path, profile, delimiter, sheet), profile)
    lines = path / profile.join.lines if path.is_dir() else path
    source = _open(lines, profile, delimiter, sheet)
    orders = _open(lines.with_name(profile.join.orders), profile, delimiter, None)
    return LogTable(source, profile, orders)


def _open(path: Path, profile: Profile, delimiter: str, sheet: str | None) -> RawTable:
    content = read_bytes(path)
    kind = path.suffix.lower()
    if content.startswith(b"PK\x03\x04"):
        return open_sheet(path, content, sheet)
    if sheet is not None:
        raise refusal(path, f"has no sheet {sheet!r}: it is no spreadsheet")
    if content and (content.startswith(b"PAR1") or kind == ".parquet"):
        return open_parquet(path, content)
    if content and kind == ".xlsx" and b"\0" in content:
        hint = "open it, save it as XLSX once more, or save it as CSV"
        raise refusal(path, "is not an XLSX file, whatever its name", hint)
    if looks_like_json(content):
        if not profile.items:
            raise refusal(path, "is JSON", "profile: kuaishou reads JSON orders; else save as CSV")
        return open_json(path, content, profile.items)
    return open_csv(path, content, delimiter)


@dataclass(slots=True)
class LogTable:
    """The cells that are wanted, as text without blanks around it, and what is wrong with them."""

    source: RawTable
    profile: Profile
    orders: RawTable | None = None  # of a profile that joins two files
    used: dict[str, str] = field(default_factory=dict)  # our name -> name in the header
    cells: dict[str, pd.Series[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    blamed: dict[str, Mask] = field(default_factory=dict)  # our name -> rows told already
    row_of_line: npt.NDArray[np.intp] | None = None  # in `orders`, -1 for none

    @property
    def file(self) -> str:
        """Path of the file of lines."""
        return self.source.file

    def refuse(
        self, rule: str, *, line: int = 0, hint: str = "", path: str = "", file: str = ""
    ) -> None:
        """Note a problem that has no cell."""
        where = file or self.file
        self.problems.append(Problem(rule=rule, path=path, file=where, line=line, hint=hint))

    def load(self, columns: Mapping[str, str]) -> None:
        """Find the columns and read their cells."""
        for raw in filter(None, (self.source, self.orders)):
            self.notes += raw.notes
            if not raw.header:
                self.refuse("is empty", hint="the first line names the columns", file=raw.file)
            elif not raw.rows:
                self.refuse("has a header but no rows", file=raw.file)
        if not self.problems:
            self._choose(columns)
        if self.profile.join and self.orders and not self.problems:
            self._match(self.profile.join, self.orders)
        if self.problems:
            raise ScenarioError(self.problems)
        for ours, theirs in self.used.items():
            cells = self._read(theirs, self._home(ours))
            if self.profile.missing:
                cells = cells.where(~cells.isin(self.profile.missing), "")
            self.cells[ours] = cells
        if self.profile.units:
            import pandas as pd

            self.used["quantity"] = "quantity"
            self.cells["quantity"] = pd.Series("1", index=range(self.source.rows), dtype=str)

    def raw(self, theirs: str) -> pd.Series[str] | None:
        """Cells of any column of the file, by its name there."""
        for table in filter(None, (self.source, self.orders)):
            if theirs in table.header:
                return self._read(theirs, table)
        return None

    def _home(self, ours: str) -> RawTable:
        join = self.profile.join
        return self.orders if join and self.orders and ours in join.ours else self.source

    def _read(self, theirs: str, raw: RawTable) -> pd.Series[str]:
        cells = raw.column(list(raw.header).index(theirs))
        if raw is self.source or self.row_of_line is None:
            return cells
        return cells.iloc[self.row_of_line].reset_index(drop=True)

    def _match(self, join: Join, orders: RawTable) -> None:
        """Find the order of each line; lines without one are left out, and told."""
        import pandas as pd

        for raw in (self.source, orders):
            if raw.header.count(join.key) != 1:
                rule = f"must have one column {join.key!r}, which joins lines and orders"
                self.refuse(rule, line=raw.header_line, file=raw.file)
        if self.problems:
            return
        keys = orders.column(list(orders.header).index(join.key))
        first = ~keys.duplicated()
        if not first.all():
            twice = counted(int((~first).sum()), "row")
            self.notes.append(f"{twice} of {orders.file} repeat an order; the first counts")
        of_line = self.source.column(list(self.source.header).index(join.key))
        found = pd.Index(keys[first]).get_indexer(pd.Index(of_line))
        known = found >= 0
        if not known.any():
            self.refuse(f"has no line whose {join.key} is in {orders.file}")
            return
        if not known.all():
            lost = counted(int((~known).sum()), "line")
            self.notes.append(f"dropped {lost} whose order is not in {orders.file}")
        unused = int(first.sum()) - len(set(found[known].tolist()))
        if unused:
            self.notes.append(f"{counted(unused, 'order')} of {orders.file} without lines")
        self.row_of_line = np.flatnonzero(first)[found[known]]
        self._keep_rows(np.flatnonzero(known))

    def _keep_rows(self, rows: npt.NDArray[np.intp]) -> None:
        """Go on with some rows of the file of lines."""
        source = self.source
        if len(rows) == source.rows:
            return
        self.source = replace(
            source,
            rows=len(rows),
            column=lambda number: source.column(number).iloc[rows].reset_index(drop=True),
            lines=lambda wanted: source.lines([int(rows[row]) for row in wanted]),
        )

    def _choose(self, columns: Mapping[str, str]) -> None:
        """Pair our names with the names in the header."""
        misspelt: set[str] = set()
        for ours, theirs in columns.items():
            if ours not in KNOWN:
                hint = did_you_mean(ours, KNOWN)
                if theirs in self.source.header:
                    misspelt.update(name for name in KNOWN if repr(name) in hint)
                hint = f"{hint} known are {', '.join(KNOWN)}".lstrip()
                self.refuse("is not a column of order logs", hint=hint, path=f"columns.{ours}")
        usual: list[str] = []
        for ours in KNOWN:
            raw = self._home(ours)
            needed = ours in columns or (ours in REQUIRED and ours not in misspelt)
            needed &= not (ours == "quantity" and self.profile.units)
            present = self._candidates(ours, columns, raw)
            if len(present) > 1:
                listed = ", ".join(repr(name) for name in present)
                rule = f"{len(present)} columns may be {ours!r}: {listed}"
                hint = f"say which one is, columns: {{{ours}: ...}}"
                self._refuse_column(raw, rule, hint, ours)
            elif present:
                (theirs,) = present
                if raw.header.count(theirs) > 1:
                    rule = f"the header names {theirs!r} {raw.header.count(theirs)} times"
                    self._refuse_column(raw, rule)
                self.used[ours] = theirs
                if theirs not in (ours, columns.get(ours)) and ours not in self.profile.columns:
                    usual.append(f"{ours} from {theirs!r}")
            elif needed:
                self._missing(ours, columns, raw)
        if usual:
            self.notes.append(f"columns found by their usual names: {', '.join(usual)}")

    def _candidates(self, ours: str, columns: Mapping[str, str], raw: RawTable) -> list[str]:
        """Name the columns that may be ours: as mapped, as the profile says, ours, or usual."""
        if ours in columns:
            return [columns[ours]] if columns[ours] in raw.header else []
        spellings = self.profile.columns.get(ours, ())
        exact = [name for name in (*spellings, ours) if name in raw.header]
        if exact:
            # A column that was given to another of our names is not ours as well.
            return [] if exact[0] in columns.values() else exact[:1]
        if self.profile.columns:
            return []
        taken = set(columns.values())
        named = (name for name in raw.header if name not in taken and usual_name(name) == ours)
        found = list(dict.fromkeys(named))
        # marketplaces number the lines of an order as well (子订单编号): that is the order only
        # where nothing else is
        return [name for name in found if not name.startswith("子")] or found

    def _refuse_column(self, raw: RawTable, rule: str, hint: str = "", ours: str = "") -> None:
        path = f"columns.{ours}" if ours else ""
        self.refuse(rule, line=raw.header_line, hint=hint, path=path, file=raw.file)

    def _missing(self, ours: str, columns: Mapping[str, str], raw: RawTable) -> None:
        theirs = columns.get(ours, ours)
        spellings = self.profile.columns.get(ours, ())
        if ours in columns:
            rule = f"the file has no column {theirs!r}"
        elif spellings:
            theirs = spellings[0]
            rule = "the profile expects a column " + " or ".join(repr(name) for name in spellings)
        else:
            rule = f"no column is named {ours!r}: say which one is, columns: {{{ours}: ...}}"
        listed = "the file has " + ", ".join(repr(name) for name in raw.header)
        self._refuse_column(raw, rule, did_you_mean(theirs, raw.header) or listed, ours)

    def complain(self, bad: Mask, ours: str, rule: str, hint: str = "") -> None:
        """Name the first bad cells of a column and count the rest; of a cell the first fault."""
        known = self.blamed.get(ours, np.zeros(len(bad), bool))
        self.blamed[ours] = known | bad
        rows = np.flatnonzero(bad & ~known)
        if not len(rows):
            return
        cells, raw = self.cells[ours], self._home(ours)
        if raw is not self.source and self.row_of_line is not None:
            # several lines share the cell of their order
            places, first = np.unique(self.row_of_line[rows], return_index=True)
            rows = rows[first]
        else:
            places = rows
        lines = raw.lines(places[:_NAMED_ROWS].tolist())
        for row, line in zip(rows.tolist(), lines, strict=False):
            cell = cells.iloc[row]
            shown = repr(cell if len(cell) <= 40 else cell[:39] + "…") if cell else ""
            full = f"column {self.used[ours]!r} {rule}"
            problem = Problem(rule=full, file=raw.file, line=line, value=shown, hint=hint)
            self.problems.append(problem)
        if len(rows) > _NAMED_ROWS:
            more = counted(len(rows) - _NAMED_ROWS, "more row")
            self.refuse(f"column {self.used[ours]!r} {rule}: and {more}", file=raw.file)


def matches(cells: pd.Series[str], pattern: str) -> Mask:
    """Which cells fit a pattern as a whole."""
    # The group keeps alternatives together in every pandas that we support.
    return cells.str.fullmatch(f"(?:{pattern})").to_numpy(bool)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 line, 1,200 lines."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
