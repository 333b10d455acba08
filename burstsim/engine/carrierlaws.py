"""Laws of what happens after the floor, checked from the trace alone: trucks and returns."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from burstsim.engine.trace import Trace
from burstsim.kernels.arrays import Ticks
from burstsim.units import NEVER

__all__ = ["back_at", "carrier_laws"]


def carrier_laws(trace: Trace) -> Iterator[str]:
    """Yield a sentence for every law of carriers that the trace breaks."""
    done, shipped, carrier = trace.done, trace.shipped, trace.carrier
    if ((carrier >= 0) & (done == NEVER)).any():
        yield "only what is done waits for a carrier"
    alone = carrier < 0
    if not np.array_equal(shipped[alone], done[alone]):
        yield "without carriers a parcel is shipped when it is done"
    for house, carriers in enumerate(trace.model.carriers):
        here = trace.parcel_warehouse == house
        if len(carriers) and (here & alone & (done < NEVER)).any():
            yield "where carriers come, one of them takes every parcel"
        if (carrier[here] >= len(carriers)).any():
            yield "a parcel leaves with a carrier of its warehouse"
        for number, one in enumerate(carriers.each):
            for law in _trucks(trace, house, number):
                yield f"{trace.model.network.names[house]}.{one.name}: {law}"


def _trucks(trace: Trace, house: int, carrier: int) -> Iterator[str]:
    mine = np.flatnonzero((trace.parcel_warehouse == house) & (trace.carrier == carrier))
    rows = (trace.pickups.house == house) & (trace.pickups.carrier == carrier)
    ticks, capacity, loaded, behind = (
        getattr(trace.pickups, name)[rows] for name in ("tick", "capacity", "loaded", "behind")
    )
    done, shipped = trace.done[mine], trace.shipped[mine]
    if (loaded > capacity).any():
        yield "no truck takes more than it holds"
    if ((behind > 0) & (loaded < capacity)).any():
        yield "no truck leaves anything behind that it has room for"
    if ((shipped <= done) & (shipped < NEVER)).any():
        yield "a truck takes what was done before it comes"
    gone = shipped[shipped < NEVER]
    took = np.repeat(ticks, loaded)
    if not np.array_equal(np.sort(gone), took):
        yield "what is shipped is what trucks took, when they took it"
    queue = np.argsort(done, kind="stable")
    if (np.diff(shipped[queue]) < 0).any():
        yield "first done, first loaded"
    ready = np.sort(done).searchsorted(ticks)
    if not np.array_equal(ready, np.cumsum(loaded) + behind):
        yield "what was done before a pickup has left, leaves or is left behind"


def back_at(trace: Trace) -> Ticks:
    """Tick at which each parcel of goods comes back to its warehouse, `NEVER` if it does not."""
    orders, goods = trace.orders, trace.parcel_part == 0
    last = np.zeros(len(orders), np.int64)
    np.maximum.at(last, trace.parcel_order[goods], trace.shipped[goods])
    shipped, after = last[trace.parcel_order], orders.back_after[trace.parcel_order]
    back = goods & (shipped < NEVER) & (after < NEVER)
    return np.where(back, np.where(back, shipped, 0) + np.where(back, after, 0), NEVER)
