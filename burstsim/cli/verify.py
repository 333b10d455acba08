"""``burstsim verify``: both engines, order by order."""

from __future__ import annotations

from typing import Annotated

import typer

from burstsim.cli.common import (
    INTERNAL,
    OK,
    Overrides,
    ScenarioFile,
    overrides_of,
    progress_bar,
)
from burstsim.scenario.reader import load
from burstsim.studies.verify import verify

__all__ = ["command"]


def command(
    file: ScenarioFile,
    orders: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the first N orders; else all.")
    ] = None,
    replication: Annotated[
        int, typer.Option(min=0, metavar="N", help="Which replication's draws.")
    ] = 0,
    set_: Overrides = None,
) -> int:
    """Compare both engines, every number of every order.

    \b
    Example:
      burstsim verify configs/double11.yaml --orders 20000

    Exit codes: 0 the engines agree, 1 they do not.
    """  # noqa: D301 - the backspace keeps the lines of a help text apart
    scenario = load(file, set=overrides_of(set_))
    with progress_bar(f"{file.name}: both engines", 1):
        found = verify(scenario, orders=orders, replication=replication)
    for law in found.laws:
        print(f"broken law: {law}")
    if found.difference is not None:
        print(f"The engines differ. First difference: {found.difference}.")
    elif not found.laws:
        print(
            f"Both engines agree on {found.orders:,} orders "
            f"({found.values:,} numbers compared, every one equal); no law is broken."
        )
    return OK if found.agrees else INTERNAL
