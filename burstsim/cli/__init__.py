"""The commands, one file each."""

from __future__ import annotations

import io
import signal
import sys
from importlib.metadata import version
from types import FrameType
from typing import Annotated, NoReturn

import typer

from burstsim.cli import (
    bench,
    check,
    compare,
    fit,
    init,
    metrics,
    report,
    run,
    schema,
    size,
    stress,
    sweep,
    verify,
)
from burstsim.cli.guard import guarded
from burstsim.studies.memory import keep_memory

__all__ = ["main"]

app = typer.Typer(
    name="burstsim",
    help="Break your warehouse in a simulation first: stress-test it with a flash sale.\n\n"
    "Exit codes: 0 done and thresholds hold, 1 internal error, 2 usage or scenario error, "
    "3 inconclusive, 4 a limit was hit, 5 replications failed, "
    "99 a threshold failed, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        print(f"burstsim {version('burstsim')}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say the version and end."
        ),
    ] = False,
) -> None:
    pass


for name, module in {
    "init": init,
    "check": check,
    "run": run,
    "report": report,
    "size": size,
    "stress": stress,
    "sweep": sweep,
    "compare": compare,
    "verify": verify,
    "fit": fit,
    "bench": bench,
    "metrics": metrics,
    "schema": schema,
}.items():
    app.command(name)(guarded(module.command))


def main() -> None:
    """Run the command line; ends the process with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a name or a sign that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="replace")
    for name in ("SIGTERM", "SIGHUP"):  # a shutdown, a batch system, a terminal that is closed
        number = getattr(signal, name, None)
        # who has the signal ignored, as nohup does, wants that
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupted)
    keep_memory()
    app()


def _interrupted(_: int, __: FrameType | None) -> NoReturn:
    """End as after Ctrl-C: what is finished is kept, and how to go on is said."""
    raise KeyboardInterrupt
