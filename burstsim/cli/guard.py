"""Every way in which a command can end becomes a message and an exit code, in one place."""

from __future__ import annotations

import functools
import os
import sys
from collections import namedtuple
from collections.abc import Callable
from typing import ParamSpec

import typer

from burstsim.cli.common import (
    INTERNAL,
    INTERRUPTED,
    LIMIT,
    LOST,
    OK,
    USAGE,
    reader_may_leave,
    say_problems,
)
from burstsim.errors import (
    BurstsimError,
    InvariantError,
    LimitError,
    ReplicationError,
    ScenarioError,
    printable,
)

__all__ = ["guarded"]

P = ParamSpec("P")


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """Wrap a command that returns its exit code, so that it ends with one whatever happens."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        code = _code_of(lambda: command(*args, **kwargs))
        if code == INTERRUPTED:
            _end_by_code()
        raise typer.Exit(code)

    return wrapped


def _end_by_code() -> None:
    """Have the process end with its exit code after an interruption that was dealt with.

    An interruption that comes out of code in a text, as dataclasses are made of, counts as dealt
    with by nobody, and ``python -m`` then ends itself by the signal; until the next such code runs,
    which a named tuple is made of as well.
    """
    namedtuple("Next", ())


def _code_of(command: Callable[[], int]) -> int:
    code = OK
    try:
        with reader_may_leave():
            code = command()
    except KeyboardInterrupt:
        return _say("interrupted: what was not finished is not written", INTERRUPTED)
    except ScenarioError as error:
        say_problems(error.problems)
        return USAGE
    except InvariantError as error:
        return _say(f"internal error: a law of the simulation is broken: {error}", INTERNAL)
    except (LimitError, ReplicationError) as error:
        return _say(f"error: {error}", LIMIT if isinstance(error, LimitError) else LOST)
    except BurstsimError as error:
        return _say(printable(f"error: {error}"), USAGE)
    except OSError as error:
        # a name that is too long, a disk that is gone: what whoever asked it to be read can mend
        place = f"{error.filename}: " if error.filename else ""
        return _say(printable(f"error: {place}{error.strerror or error}"), USAGE)
    except MemoryError:
        return _say(
            "error: memory ran out; a smaller demand_scale or fewer --jobs need less. Finished "
            "replications are kept, and the same command with --resume goes on from them",
            LIMIT,
        )
    except Exception as error:
        if os.environ.get("BURSTSIM_DEBUG"):
            raise
        kind = type(error).__name__
        return _say(
            f"internal error: {kind}: {error}\n"
            "This is a defect of burstsim. Set BURSTSIM_DEBUG=1 to see where it happened.",
            INTERNAL,
        )
    return code


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
