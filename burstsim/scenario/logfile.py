"""An order log's file as a table of text, whatever its format: CSV, XLSX, Parquet or JSON.

What a file is, its first bytes say, not its name.
"""

from __future__ import annotations

import contextlib
import csv
import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.files import read_regular

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RawTable", "decode", "improper", "open_csv", "read_bytes", "refusal"]

#: Of a table or an order log.
_MOST_BYTES = 512 * 1024**2

#: First bytes of a spreadsheet of before 2007, and of a newer one with a password.
_OLE = b"\xd0\xcf\x11\xe0"

_QUOTE = "put cells that contain commas or quotes in double quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The cells of a file as text.

    Parameters
    ----------
    file
        Its path, as messages name it.
    header
        Names of the columns; none if the file is empty.
    rows
        Number of rows below the header.
    column
        Number of a column -> its cells, "" where there is nothing.
    lines
        Numbers of rows, from 0 and rising -> the lines where they stand in the file, from 1.
    header_line
        Where the header stands; 0 if there is no such line.
    notes
        What was found out about the file.
    dated
        Whether the format knows dates, which then come as ISO text.
    """

    file: str
    header: Sequence[str]
    rows: int
    column: Callable[[int], pd.Series[str]]
    lines: Callable[[Sequence[int]], list[int]]
    header_line: int = 1
    notes: tuple[str, ...] = ()
    dated: bool = False


def refusal(path: Path, rule: str, hint: str = "", line: int = 0) -> ScenarioError:
    """Make the error for a file that cannot be used at all; see `read_order_log` for its path."""
    return ScenarioError([Problem(rule=rule, path="file", file=str(path), line=line, hint=hint)])


def read_bytes(path: Path) -> bytes:
    """Content of a file of bounded size."""
    content = read_regular(path, _MOST_BYTES, key="file", hint="cut it into parts by time")
    if content.startswith(_OLE):
        hint = "save it as XLSX without a password, or as CSV"
        raise refusal(path, "is an old or a locked spreadsheet", hint)
    return content


def decode(path: Path, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of a file, and a note if it is not UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise refusal(path, "is not a text file", "save it as CSV in UTF-8")
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), ()
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("gb18030"), ("the file is not UTF-8 and was read as GB18030",)
    raise refusal(path, "is neither UTF-8 nor GB18030 text", "save it as CSV in UTF-8")


def open_csv(path: Path, content: bytes, delimiter: str) -> RawTable:
    """Read a CSV file."""
    import pandas as pd

    text, notes = decode(path, content)
    rows = _rows(path, text, delimiter)
    header_line, cells = next(rows, (1, list[str]()))
    header = [name.strip() for name in cells]
    frame = pd.DataFrame()
    if header and next(rows, None) is not None:
        try:
            with warnings.catch_warnings():
                # A row that is longer than the header must not lose its end silently.
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = pd.read_csv(
                    io.StringIO(text),
                    sep=delimiter,
                    header=0,
                    names=list(range(len(header))),
                    index_col=False,
                    dtype=str,
                    keep_default_na=False,
                )
        except (ValueError, pd.errors.ParserWarning) as error:
            for line, row in _rows(path, text, delimiter):
                if len(row) > len(header):
                    rule = f"the row has {len(row)} cells, the header {len(header)}"
                    raise _refused(path, rule, line) from None
            raise improper(path, error) from None

    def lines(wanted: Sequence[int]) -> list[int]:
        named = set(wanted)
        last = max(named)
        found = []
        for place, (line, _) in enumerate(_rows(path, text, delimiter)):
            if place - 1 in named:
                found.append(line)
            if place > last:
                break
        return found

    return RawTable(
        file=str(path),
        header=header,
        rows=len(frame),
        # Rows that are shorter than the header leave cells missing.
        column=lambda number: frame[number].fillna("").str.strip(),
        lines=lines,
        header_line=header_line,
        notes=notes,
    )


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of each row that is not blank, slowly but with its true line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise improper(path, error, line) from None


def improper(path: Path, error: Exception, line: int = 0) -> ScenarioError:
    """Make the error for text of which no rows and cells can be made, in plain words."""
    said = str(error).splitlines()[0]
    known = {
        "unexpected end of data": "has a quote that is never closed",
        "field larger than field limit": "has a cell that is larger than 128 KiB",
        "expected after": "has a cell whose text goes on after its closing quote",
    }
    found = next((rule for words, rule in known.items() if words in said), "")
    return _refused(path, found or f"is not a proper table: {said}", line)


def _refused(path: Path, rule: str, line: int) -> ScenarioError:
    return ScenarioError([Problem(rule=rule, file=str(path), line=line, hint=_QUOTE)])
