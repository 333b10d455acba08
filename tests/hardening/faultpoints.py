"""Commands in which one step that changes the disk goes wrong: a process of its own for each.

``python -m tests.hardening.faultpoints KIND 1,4,7 COMMAND...`` runs the command in the folders 1, 4
and 7 below this one, each time with the step of the folder's number as the one that goes wrong, and
prints a line of JSON each: how it ended, what it said, how many steps it took.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import sys
from typing import Any, NoReturn

__all__ = ["KINDS"]

#: What happens at the step: the process is gone, or the disk is full, or read-only, from now on.
KINDS = ("none", "kill", "full", "denied")

_ERRORS = {"full": errno.ENOSPC, "denied": errno.EACCES}

_CHANGES = ("os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir")

_REMOVALS = ("os.remove", "os.rmdir")


class _Steps:
    """Counts what changes the disk below the folder it is made in."""

    def __init__(self, kind: str, wrong: int) -> None:
        self.kind, self.wrong, self.count = kind, wrong, 0
        self.here = os.getcwd()

    def __call__(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = details
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        elif event in _CHANGES:
            path, writes = details[0], True
        else:
            return
        if not writes or not isinstance(path, str | os.PathLike):
            return
        if not os.path.abspath(os.fspath(path)).startswith(self.here):
            return
        self.step(event)

    def step(self, event: str) -> None:
        """Let one step go wrong, and where it is the disk's fault all that come after it."""
        self.count += 1
        if self.kind == "kill" and self.count == self.wrong:
            os._exit(137)
        if self.kind in _ERRORS and self.count >= self.wrong:
            if self.kind == "full" and event in _REMOVALS:
                return  # to remove something needs no room
            number = _ERRORS[self.kind]
            raise OSError(number, os.strerror(number))


def _child(kind: str, wrong: int, command: list[str], answer: int) -> NoReturn:
    """Run the command, say how it ended, and end at once."""
    from burstsim.cli import app

    steps = _Steps(kind, wrong)
    code, said = 0, io.StringIO()
    flushed = os.fsync

    def fsync(handle: int) -> None:
        steps.step("fsync")
        flushed(handle)

    os.fsync = fsync
    sys.addaudithook(steps)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        try:
            app(command, standalone_mode=True)
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException as error:  # a traceback is what must not be
            said.write(f"Traceback: {error!r}")
            code = -1
    told = {"step": wrong, "code": code, "stderr": said.getvalue(), "steps": steps.count}
    os.write(answer, json.dumps(told).encode())
    os._exit(0)


def _run(kind: str, wrong: int, command: list[str]) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.chdir(str(wrong))
        _child(kind, wrong, command, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = stream.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not told:
        return {"step": wrong, "code": status, "stderr": "", "steps": wrong}
    found: dict[str, Any] = json.loads(told)
    return found


def main() -> None:
    """Try every step of a command."""
    kind, steps, *command = sys.argv[1:]
    assert kind in KINDS
    # all that the children need is there before they are made: they only run
    for name in ("burstsim.cli", "pandas", "pyarrow.parquet", "scipy.stats", "xlsxwriter"):
        __import__(name)
    for wrong in map(int, steps.split(",")):
        print(json.dumps(_run(kind, wrong, command)), flush=True)


if __name__ == "__main__":
    main()
