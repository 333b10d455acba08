"""From drawn work to whole ticks: the one place where floats end."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks

__all__ = ["work_ticks"]


def work_ticks(loads: Floats, productivity: float) -> Ticks:
    """Ticks that tasks last when they start under this productivity; at least one each.

    Parameters
    ----------
    loads : (n,) float64
        Ticks of work at productivity 1, noise included.
    productivity
        Mean over the workers present, above 0.

    Examples
    --------
    >>> work_ticks(np.array([10.4, 0.0]), 2.0).tolist()
    [5, 1]
    """
    return np.maximum(np.rint(loads / productivity), 1.0).astype(np.int64)
