"""Names for the array types that kernels take and give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Indices", "Ticks"]

Ticks = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
