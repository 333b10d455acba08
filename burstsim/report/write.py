"""Files of a report, each written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from burstsim.errors import OutputError
from burstsim.report.folder import read_folder
from burstsim.report.page import render
from burstsim.report.runpage import run_page
from burstsim.report.studypages import study_page

__all__ = ["REPORT", "write_report", "write_whole"]

REPORT = "report.html"


def write_report(folder: Path) -> None:
    """Write the page of a run, or of a study, into its folder.

    Raises
    ------
    OutputError
        When it is the folder of neither, or cannot be written.
    """
    page = study_page(folder) or run_page(read_folder(folder))
    write_whole(folder / REPORT, render(page).encode("utf-8"))


def write_whole(target: Path, content: bytes) -> None:
    """Put a file in its place in one step.

    Raises
    ------
    OutputError
        When it cannot be written; what was there before is still there.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
