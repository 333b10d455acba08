"""Files that a scenario or a command names: where they may lie, and how much of one is read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from burstsim.errors import Problem, ScenarioError

__all__ = ["leads_out", "read_regular"]

_KINDS = (
    (stat.S_ISDIR, "is a directory, not a file"),
    (stat.S_ISFIFO, "is a pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "is a device, not a file"),
)


def read_regular(path: Path, most: int, *, key: str = "", hint: str = "") -> bytes:
    """Read a file of bounded size; whatever else has a name, a pipe say, is never waited for.

    Parameters
    ----------
    path
        The file.
    most
        Bytes that it may have.
    key
        Dotted path of problems.
    hint
        What to do about a file that is larger.

    Raises
    ------
    ScenarioError
        The file is missing, unreadable, too large, or no regular file.
    """

    def refuse(rule: str, hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(rule=rule, path=key, file=str(path), hint=hint)])

    try:
        # without a wait for someone who writes, should the path be a pipe
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as stream:
            about = os.fstat(handle)
            for is_kind, rule in _KINDS:
                if is_kind(about.st_mode):
                    raise refuse(rule)
            # the size that is told may be that of a moment ago
            content = b"" if about.st_size > most else stream.read(most + 1)
    except FileNotFoundError:
        raise refuse("there is no such file") from None
    except (OSError, ValueError) as error:
        if isinstance(error, IsADirectoryError):
            raise refuse("is a directory, not a file") from None
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"cannot be read: {reason}") from None
    if about.st_size > most or len(content) > most:
        raise refuse(f"is larger than {most // 1024**2} MiB", hint)
    return content


def leads_out(folder: Path, name: str) -> bool:
    """Whether a name, followed to its end through every link, leaves a folder.

    Examples
    --------
    >>> leads_out(Path(), "orders.csv"), leads_out(Path(), "../orders.csv")
    (False, True)
    """
    try:
        return not (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False  # a name that no file can have; reading it says so
