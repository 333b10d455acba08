"""``burstsim report``: what a run left, as a page, a workbook, CSV files or JUnit."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK
from burstsim.errors import OutputError
from burstsim.report.folder import read_folder
from burstsim.report.junit import junit_bytes
from burstsim.report.sheets import sheets_of
from burstsim.report.workbook import csv_bytes, workbook_bytes
from burstsim.report.write import REPORT, write_report, write_whole

__all__ = ["command"]


def command(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="Run folders.")],
    open_: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    xlsx: Annotated[
        bool,
        typer.Option("--xlsx", help="Also a workbook of the inputs, results and definitions."),
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Also the same sheets as CSV files.")] = False,
    junit: Annotated[
        bool, typer.Option("--junit", help="Also the thresholds as JUnit XML, for build servers.")
    ] = False,
) -> int:
    """Build the report of a run again, from its folder alone.

    Writes report.html into the folder: one file that needs no network. The same file is written
    by burstsim run.

    \b
    Examples:
      burstsim report runs/double11-1a2b3c4d --open
      burstsim report runs/* --xlsx --junit
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    for path in runs:
        run = read_folder(path)
        for note in run.notes:
            print(f"note: {note}", file=sys.stderr)
        write_report(path)
        written = [path / REPORT]
        if xlsx or csv:
            sheets = sheets_of(run)
        if xlsx:
            written.append(path / "report.xlsx")
            write_whole(written[-1], workbook_bytes(sheets))
        if csv:
            for sheet in sheets:
                written.append(_csv_folder(path) / f"{sheet.name}.csv")
                write_whole(written[-1], csv_bytes(sheet))
        if junit:
            written.append(path / "junit.xml")
            write_whole(written[-1], junit_bytes(run))
        for file in written:
            print(f"Written to {file}")
        if open_:
            _open(path / REPORT)
    return OK


def _csv_folder(path: Path) -> Path:
    folder = path / "csv"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    return folder


def _open(page: Path) -> None:
    if not webbrowser.open(page.resolve().as_uri()):
        print(f"No browser was found; open {page} yourself.")
