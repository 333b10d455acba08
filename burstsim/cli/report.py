"""``burstsim report``: what a run left, as a page, a workbook, CSV files or JUnit."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from burstsim.cli.common import OK
from burstsim.errors import OutputError
from burstsim.report.folder import RunFolder, as_written, read_folder
from burstsim.report.junit import junit_bytes
from burstsim.report.sheets import sheets_of
from burstsim.report.studypages import study_in
from burstsim.report.workbook import csv_bytes, workbook_bytes
from burstsim.report.write import REPORT, write_file, write_report

__all__ = ["command"]


def command(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN", help="Folders of runs and studies.")],
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
    """Build the report of a run or a study again from its folder.

    Writes report.html into the folder: one file that needs no network. burstsim run writes it as
    well. What a folder of an earlier version lacks is said on the page. --xlsx, --csv
    and --junit are for runs only.

    \b
    Examples:
      burstsim report runs/double11-1a2b3c4d --open
      burstsim report runs/* --xlsx --junit
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    for path in runs:
        written = [path / REPORT]
        wanted = [name for name, asked in (("xlsx", xlsx), ("csv", csv), ("junit", junit)) if asked]
        if wanted and (study := study_in(path)):
            raise OutputError(
                f"{path} is of burstsim {study}: --{wanted[0]} is for folders of runs; the tables "
                "of a study are the Parquet files in its folder"
            )
        with as_written(path):
            write_report(path)
            if wanted:
                written += _further(read_folder(path), xlsx=xlsx, csv=csv, junit=junit)
        for file in written:
            print(f"Written to {file}")
        if open_:
            _open(path / REPORT)
    return OK


def _further(run: RunFolder, *, xlsx: bool, csv: bool, junit: bool) -> list[Path]:
    """Write what was asked for beside the page."""
    contents: dict[Path, bytes] = {}
    if xlsx:
        contents[run.path / "report.xlsx"] = workbook_bytes(sheets_of(run, run.words))
    if csv:
        folder = _csv_folder(run.path)
        contents |= {folder / f"{sheet.name}.csv": csv_bytes(sheet) for sheet in sheets_of(run)}
    if junit:
        contents[run.path / "junit.xml"] = junit_bytes(run)
    for file, content in contents.items():
        write_file(file, content)
    return list(contents)


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
