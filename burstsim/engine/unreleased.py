"""What came back to the shelves because it was cancelled before it was released."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.floorlaws import gone_of
from burstsim.engine.shipments import LATER, PART_OF
from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["came_back", "gifts_came_back", "lines_came_back"]


def came_back(trace: Trace) -> Ticks:
    """Sweep at which the pieces of each parcel came back to the shelf, `NEVER` if they did not.

    Returns
    -------
    (parcels,) int64
    """
    out = (trace.left == 1) & (trace.released == NEVER)
    if not out.any():
        return np.full(len(out), NEVER)
    gone = np.where(out, gone_of(trace), NEVER)
    gone[out] = trace.model.sweeps.after(gone[out])
    return np.where(gone < trace.model.end, gone, NEVER)


def lines_came_back(trace: Trace) -> Ticks:
    """Sweep at which the pieces of each order line came back, `NEVER` if they did not.

    Returns
    -------
    (lines,) int64
    """
    back, parcel = came_back(trace), trace.line_parcels()
    if not (back < NEVER).any():
        return np.full(len(parcel), NEVER)
    return np.where(parcel < 0, NEVER, back[parcel])


def gifts_came_back(trace: Trace) -> tuple[Ticks, Ticks]:
    """Sweeps at which the gifts of each row of the table came back, `NEVER` if they did not.

    Returns
    -------
    granted, later : (rows,) int64
        Of those that were given at once, and of those that came later.
    """
    table, rules, back = trace.gifts, trace.model.rules, came_back(trace)
    never = np.broadcast_to(np.int64(NEVER), len(table.order))
    row = np.flatnonzero(back < NEVER)
    if len(row) == 0:
        return never, never
    parts, houses = LATER + len(rules), len(trace.model.chains)

    def number(order: Indices, part: Indices, house: Indices) -> Indices:
        return (order * parts + part) * houses + house

    known = number(trace.parcel_order, trace.parcel_part, trace.parcel_warehouse)[row]
    ship = np.array([PART_OF[rule.spec.fulfil.ship] for rule in rules], np.int64)[table.rule]
    found = []
    for part in (ship, LATER + table.rule):
        wanted = number(table.order, part, table.house)
        place = np.minimum(known.searchsorted(wanted), len(known) - 1)
        mine: npt.NDArray[np.bool_] = (known[place] == wanted) & (table.house >= 0)
        found.append(np.where(mine, back[row][place], never))
    return found[0], found[1]
