"""``burstsim verify``: both engines, order by order."""

from __future__ import annotations

from typing import Annotated

import typer

from burstsim.cli.common import INTERNAL, OK, Overrides, ScenarioFile, overrides_of
from burstsim.scenario.reader import load
from burstsim.studies.verify import verify

__all__ = ["command"]


def command(
    file: ScenarioFile,
    orders: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the first N orders; else all.")
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which replication's draws.")] = 0,
    set_: Overrides = None,
) -> int:
    """Run a scenario in both engines and compare every number of every order.

    \b
    Example:
      burstsim verify configs/double11.yaml --orders 20000

    Exit codes: 0 the engines agree, 1 they do not.
    """
    found = verify(load(file, set=overrides_of(set_)), orders=orders, replication=replication)
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
