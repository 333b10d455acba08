"""A night that is already under way, from a file on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from burstsim.scenario.sheetreader import tabs_of

__all__ = ["under_way"]


def under_way(open_orders: Path | None, at: str | None) -> dict[str, object]:
    """Make the overrides that begin the run with the open orders of a file.

    Parameters
    ----------
    open_orders
        The file; a sheet named ``stock`` has the stock as it was counted.
    at
        The moment, as in the scenario file.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    if open_orders is None:
        return {} if at is None else {"initial.at": json.dumps(at)}
    file = str(open_orders.resolve())
    state: dict[str, object] = {"at": at or "0s", "open_orders": {"file": file}}
    if "stock" in tabs_of(open_orders):
        state["stock"] = {"file": file, "sheet": "stock"}
    return {"initial": json.dumps(state)}
