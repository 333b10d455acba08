"""From drawn work to whole ticks: the one place where floats end."""

from __future__ import annotations

from typing import overload

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks

__all__ = ["LONGEST", "work_ticks"]

#: Longest task, in ticks: 2.2 years.
LONGEST = 1 << 46


@overload
def work_ticks(load: float, productivity: float) -> int: ...
@overload
def work_ticks(load: Floats, productivity: float) -> Ticks: ...


def work_ticks(load: float | Floats, productivity: float) -> int | Ticks:
    """Ticks that tasks last when they start under this productivity; at least one each.

    A task of more than two years is cut there: sums over thousands of tasks must fit.

    Halves are rounded to even, for one task as for an array of them.

    Parameters
    ----------
    load : float or (n,) float64
        Ticks of work at productivity 1, noise included.
    productivity
        Mean over the workers present, above 0.

    Examples
    --------
    >>> work_ticks(np.array([10.4, 0.0, 5.0]), 2.0).tolist(), work_ticks(5.0, 2.0)
    ([5, 1, 2], 2)
    """
    if isinstance(load, float):
        return min(max(1, round(load / productivity)), LONGEST)
    ticks = load / productivity
    np.rint(ticks, out=ticks)
    np.maximum(ticks, 1.0, out=ticks)
    np.minimum(ticks, float(LONGEST), out=ticks)
    return ticks.astype(np.int64)
