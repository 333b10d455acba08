"""Files of a report, each written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from burstsim.errors import OutputError
from burstsim.report.folder import read_folder
from burstsim.report.page import render
from burstsim.report.runpage import run_page
from burstsim.report.studypages import study_page
from burstsim.results.files import write_whole

__all__ = ["REPORT", "write_file", "write_report"]

REPORT = "report.html"


def write_report(folder: Path) -> None:
    """Write the page of a run, or of a study, into its folder.

    Raises
    ------
    OutputError
        When it is the folder of neither, or cannot be written.
    """
    page = study_page(folder) or run_page(read_folder(folder))
    write_file(folder / REPORT, render(page))


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; what was there before is still there if it fails.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
