"""The table of an order log: a CSV file's cells as text, and what is wrong with them."""

from __future__ import annotations

import contextlib
import csv
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from burstsim.errors import Problem, ScenarioError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OPTIONAL", "LogTable", "Mask", "counted", "decode", "matches", "refusal"]

Mask: TypeAlias = npt.NDArray[np.bool_]

REQUIRED = ("order", "sku", "quantity", "time")
OPTIONAL = ("customer", "region", "channel", "price")

_NAMED_ROWS = 3
_QUOTE = "put cells that contain commas or quotes in double quotes"


def decode(path: Path) -> tuple[str, list[str]]:
    """Text of a file, and a note if it is not UTF-8."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise refusal(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refusal(path, f"cannot be read: {reason}") from None
    if content.startswith(b"PK\x03\x04"):
        raise refusal(path, "is a spreadsheet or an archive", "save it as CSV")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise refusal(path, "is not a text file", "save it as CSV in UTF-8")
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), []
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("gb18030"), ["the file is not UTF-8 and was read as GB18030"]
    raise refusal(path, "is neither UTF-8 nor GB18030 text", "save it as CSV in UTF-8")


def refusal(path: Path, rule: str, hint: str = "") -> ScenarioError:
    """Make the error for a file that cannot be used at all; see `read_order_log` for its path."""
    return ScenarioError([Problem(rule=rule, path="file", file=str(path), hint=hint)])


@dataclass(slots=True)
class LogTable:
    """The cells that are wanted, as text without blanks around it, and what is wrong with them."""

    file: str
    text: str
    delimiter: str
    header: list[str] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)  # our name -> name in the header
    cells: dict[str, pd.Series[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, rule: str, *, line: int = 0, hint: str = "", path: str = "") -> None:
        """Note a problem that has no cell."""
        self.problems.append(Problem(rule=rule, path=path, file=self.file, line=line, hint=hint))

    def load(self, columns: Mapping[str, str]) -> None:
        """Find the columns and read their cells."""
        import pandas as pd

        rows = self._rows()
        self.header = [name.strip() for name in next(rows, (0, list[str]()))[1]]
        if not self.header:
            self.refuse("is empty", hint="the first line names the columns")
        elif next(rows, None) is None:
            self.refuse("has a header but no rows")
        else:
            self._choose(columns)
        if self.problems:
            raise ScenarioError(self.problems)
        try:
            with warnings.catch_warnings():
                # A row that is longer than the header must not lose its end silently.
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(self.text),
                    sep=self.delimiter,
                    header=0,
                    names=list(range(len(self.header))),
                    index_col=False,
                    dtype=str,
                    keep_default_na=False,
                )
        except (ValueError, pd.errors.ParserWarning) as error:
            self.refuse(f"is not a proper table: {str(error).splitlines()[0]}", hint=_QUOTE)
            raise ScenarioError(self.problems) from None
        for ours, theirs in self.used.items():
            # Rows that are shorter than the header leave cells missing.
            self.cells[ours] = frame[self.header.index(theirs)].fillna("").str.strip()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, cells) of each row that is not blank, slowly but with its true line."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        line = 1
        try:
            for row in reader:
                if row:
                    yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            self.refuse(f"is not a proper table: {error}", line=line, hint=_QUOTE)
            raise ScenarioError(self.problems) from None

    def _choose(self, columns: Mapping[str, str]) -> None:
        """Pair our names with the names in the header."""
        known = (*REQUIRED, *OPTIONAL)
        present = "the file has " + ", ".join(repr(name) for name in self.header)
        misspelt: set[str] = set()
        for ours, theirs in columns.items():
            if ours not in known:
                hint = did_you_mean(ours, known)
                if theirs in self.header:
                    misspelt.update(name for name in known if repr(name) in hint)
                hint = f"{hint} known are {', '.join(known)}".lstrip()
                self.refuse("is not a column of order logs", hint=hint, path=f"columns.{ours}")
        for ours in known:
            theirs = columns.get(ours, ours)
            count = self.header.count(theirs)
            if count == 1:
                self.used[ours] = theirs
            elif count > 1:
                self.refuse(f"the header names {theirs!r} {count} times", line=1)
            elif ours in columns or (ours in REQUIRED and ours not in misspelt):
                rule = f"the file has no column {theirs!r}"
                if ours not in columns:
                    rule = (
                        f"no column is named {ours!r}: say which one is, columns: {{{ours}: ...}}"
                    )
                hint = did_you_mean(theirs, self.header) or present
                self.refuse(rule, line=1, hint=hint, path=f"columns.{ours}")

    def complain(self, bad: Mask, ours: str, rule: str, hint: str = "") -> None:
        """Name the first bad cells of a column and count the rest."""
        rows = np.flatnonzero(bad).tolist()
        if not rows:
            return
        named = set(rows[:_NAMED_ROWS])
        data = (line for place, (line, _) in enumerate(self._rows()) if place - 1 in named)
        for row, line in zip(rows, data, strict=False):
            cell = self.cells[ours].iloc[row]
            shown = repr(cell if len(cell) <= 40 else cell[:39] + "…") if cell else ""
            full = f"column {self.used[ours]!r} {rule}"
            self.problems.append(
                Problem(rule=full, file=self.file, line=line, value=shown, hint=hint)
            )
        if len(rows) > _NAMED_ROWS:
            more = counted(len(rows) - _NAMED_ROWS, "more row")
            self.refuse(f"column {self.used[ours]!r} {rule}: and {more}")


def matches(cells: pd.Series[str], pattern: str) -> Mask:
    """Which cells fit a pattern as a whole."""
    # The group keeps alternatives together in every pandas that we support.
    return cells.str.fullmatch(f"(?:{pattern})").to_numpy(bool)


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 line, 1,200 lines."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
