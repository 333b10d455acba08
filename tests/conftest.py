"""Settings for all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps

from hypothesis import settings

from burstsim.engine import event, vector
from burstsim.engine.compile import Model
from burstsim.engine.invariants import check_invariants
from burstsim.engine.orders import Orders
from burstsim.engine.run import ENGINES
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process

Simulate = Callable[..., Trace]

# On the check machine the same examples every time: a red run there must be the change's fault.
settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("project")


def checked(simulate: Simulate) -> Simulate:
    """Hold every replication that any test runs in this process against the laws."""

    @wraps(simulate)
    def run(model: Model, orders: Orders, processes: Sequence[Process] = ()) -> Trace:
        trace = simulate(model, orders, processes)
        check_invariants(trace)
        return trace

    return run


for name, engine in (("event", event), ("vector", vector)):
    engine.simulate = ENGINES[name] = checked(engine.simulate)  # type: ignore[index]
