"""By when each order is promised."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from burstsim.engine.compile import Model
from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.deadlines import due_by_cut_off
from burstsim.scenario.promises import Promise
from burstsim.scenario.scenario import Scenario
from burstsim.units import NEVER

__all__ = ["due_of"]


def due_of(model: Model, paid: Ticks, channel: Indices, channels: tuple[str, ...]) -> Ticks:
    """Tick by which each order is promised, `NEVER` without a promise or a payment.

    Parameters
    ----------
    model
        The promises.
    paid : (n,) int64
        Ticks; `NEVER` where nobody paid.
    channel : (n,) int64
        Position in `channels`.
    """
    due = np.full(len(paid), NEVER)
    for code, name in enumerate(channels):
        promise = model.promise_of(name)
        if promise is not None:
            mine = np.flatnonzero((channel == code) & (paid < NEVER))
            due[mine] = _promised(model.scenario, promise, paid[mine])
    return due


def _promised(scenario: Scenario, promise: Promise, paid: Ticks) -> Ticks:
    """Tick by which orders are due that were paid under a promise."""
    if promise.within is not None:
        return paid + promise.within
    midnight = scenario.start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = (midnight - scenario.start) // timedelta(microseconds=1)
    cut_offs = promise.cut_offs or ()
    before, by = [cut.before for cut in cut_offs], [cut.by.ticks for cut in cut_offs]
    return due_by_cut_off(paid, first, np.array(before, np.int64), np.array(by, np.int64))
