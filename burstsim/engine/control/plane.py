"""All control of one run, put on its clock."""

from __future__ import annotations

from burstsim.engine.clock import Clock
from burstsim.engine.compile import Model
from burstsim.engine.control.skilled import skilled_crews
from burstsim.engine.control.staff import Face, Staff
from burstsim.engine.orders import Orders

__all__ = ["control"]


def control(clock: Clock, model: Model, orders: Orders, floor: Face) -> Staff:
    """Put everything on the clock that changes who works where.

    Parameters
    ----------
    clock
        The run's clock.
    model, orders
        The scenario, and who comes to work.
    floor
        Where they work.
    """
    staff = Staff(clock, orders.rosters, floor)
    skilled_crews(clock, staff, model.scenario, model.zones, orders.replication)
    return staff
