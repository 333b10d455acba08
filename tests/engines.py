"""Both engines on one scenario: they have to agree on all of it.

That neither breaks a law is seen by `tests.conftest`, which holds every replication against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from burstsim.engine import event, vector
from burstsim.engine.compile import Model, compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.engine.trace import Trace
from burstsim.engine.world import Process
from burstsim.studies.verify import first_difference
from tests.scenarios import scenario_of


def both(data: dict[str, Any], processes: Sequence[Process] = (), *, replication: int = 0) -> Trace:
    """Run both engines on a scenario as it is written."""
    return agreed(compile_scenario(scenario_of(data)), processes, replication=replication)


def agreed(model: Model, processes: Sequence[Process] = (), *, replication: int = 0) -> Trace:
    """Run both engines; what they say is the same, so one of them is given back."""
    orders = draw_orders(model, replication)
    plain = event.simulate(model, orders, processes)
    fast = vector.simulate(model, orders, processes)
    assert first_difference(plain, fast) is None
    assert plain.digest() == fast.digest()
    for one, other in zip(plain.crews, fast.crews, strict=True):
        for name in ("times", "workers", "productivity", "people", "temps"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name
    return fast
