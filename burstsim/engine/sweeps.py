"""When sweeps are: at whole multiples of the cycle, counted from ``start``."""

from __future__ import annotations

from typing import TypeVar

from burstsim.kernels.arrays import Ticks

__all__ = ["sweep_after"]

T = TypeVar("T", int, Ticks)


def sweep_after(paid: T, cycle: int) -> T:
    """Tick of the sweep that takes an order paid at `paid`: the first at or after it.

    Parameters
    ----------
    paid
        One tick, or int64 ticks.
    cycle
        Ticks between sweeps; 0 means that every payment is swept at once.

    Examples
    --------
    >>> sweep_after(61, 60), sweep_after(60, 60), sweep_after(61, 0)
    (120, 60, 61)
    """
    return paid if cycle == 0 else -(-paid // cycle) * cycle
