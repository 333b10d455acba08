"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

__all__ = ["flush", "is_running", "tidy", "write_whole"]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that nobody, at any moment and after any crash, reads half of it.

    Parameters
    ----------
    path
        Where; what stands there is replaced in one step.
    content
        What; text in UTF-8, its line ends as they are.

    Raises
    ------
    OSError
        When it cannot be written; then nothing new is left behind.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):  # it has its place now, or nothing can be changed here
            part.unlink()
    flush(path.parent)


def flush(path: Path) -> None:
    """Make sure that a file or a folder's entries are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def tidy(folder: Path) -> None:
    """Take away what processes left that were killed while they wrote files into a folder.

    Raises
    ------
    OSError
        When something cannot be taken away.
    """
    for path in folder.glob(".*.part"):
        match = re.fullmatch(r"\..*\.(\d+)\.part", path.name)
        if match and path.is_file() and not is_running(int(match[1])):
            path.unlink(missing_ok=True)


def is_running(process: int) -> bool:
    """Whether another process of this number is there, so that its half-done files are in use."""
    if process == os.getpid():
        return False  # nobody else writes for us, so it is of an earlier process of that number
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
