"""Options of every command that runs replications: who runs them, and what they may take."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from burstsim.errors import Problem, ScenarioError
from burstsim.units import parse_duration, parse_size

__all__ = [
    "Address",
    "BackendName",
    "BackendOption",
    "EngineName",
    "EngineOption",
    "Jobs",
    "LanguageName",
    "LanguageOption",
    "MaxMemory",
    "MaxOrders",
    "TimeLimit",
    "checked_address",
]


class EngineName(StrEnum):
    """Engines to choose from."""

    vector = "vector"
    event = "event"


class LanguageName(StrEnum):
    """Languages to choose from."""

    en = "en"
    zh = "zh"


class BackendName(StrEnum):
    """Backends to choose from."""

    local = "local"
    dask = "dask"


def _memory(text: str) -> int:
    try:
        size = parse_size(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}, got {text!r}") from None
    if size == 0:
        raise typer.BadParameter(f"must be above 0, got {text!r}")
    return size


def _ticks(text: str) -> int:
    try:
        ticks = parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}, got {text!r}") from None
    if ticks <= 0:
        raise typer.BadParameter(f"must be above 0, got {text!r}")
    return ticks


EngineOption = Annotated[
    EngineName, typer.Option(help="vector is fast, event the plain one; same answers.")
]

LanguageOption = Annotated[
    LanguageName | None,
    typer.Option("--language", help="Of what is told; else as the file says, or English."),
]

Jobs = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", min=1, metavar="N", help="Replications at once, each in its own process."
    ),
]

BackendOption = Annotated[
    BackendName,
    typer.Option(help="local: processes of this machine. dask: a Dask cluster; same answers."),
]

Address = Annotated[
    str | None,
    typer.Option(
        metavar="URI",
        help="Dask scheduler, such as tcp://10.0.0.5:8786; else a cluster is started here.",
    ),
]

MaxOrders = Annotated[
    int | None,
    typer.Option(
        "--max-orders", min=1, metavar="N", help="Refuse replications of more orders (exit 4)."
    ),
]

MaxMemory = Annotated[
    int | None,
    typer.Option(
        "--max-memory",
        parser=_memory,
        metavar="SIZE",
        help="Refuse a run that would take more, such as 4GB (exit 4).",
    ),
]

TimeLimit = Annotated[
    int | None,
    typer.Option(
        "--time-limit",
        parser=_ticks,
        metavar="TIME",
        help="Stop after so long, such as 10m, and keep what is finished (exit 4).",
    ),
]


def checked_address(address: str | None, backend: BackendName) -> str | None:
    """Give the address on, if there is anything to be found under it.

    Raises
    ------
    ScenarioError
        When it belongs to no backend.
    """
    if address is not None and backend is not BackendName.dask:
        rule = "belongs to --backend dask"
        raise ScenarioError([Problem(rule=rule, file="--address", value=address)])
    return address
