"""Curves that were published, as rate tables."""

from __future__ import annotations

from typing import Final

import numpy as np

from burstsim.kernels.arrays import Floats, Ticks
from burstsim.units import SECOND

__all__ = ["DOUBLE_11", "preset_table"]

DOUBLE_11: Final = (
    (0, 0.0),
    (21, 0.005),
    (96, 0.037),
    (125, 0.047),
    (260, 0.089),
    (600, 0.144),
    (1_200, 0.2065),
    (1_800, 0.2517),
    (2_700, 0.306),
    (3_839, 0.373),
    (5_167, 0.450),
    (6_457, 0.468),
    (29_332, 0.565),
    (51_687, 0.745),
    (59_460, 0.795),
    (86_400, 1.0),
)
"""Double 11 of Tmall: (seconds after midnight, share of the day's turnover until then).

Published cumulative turnover. 2018 (hkstv, thatsmags, mothership; 213.5 billion yuan): 1 billion
after 0:21, 10 after 2:05, 19.1 after 4:20, 100 after 1:47:37, 120.7 after 8:08:52. 2019 (CGTN;
268.4 billion): 10 after 1:36, 100 after 1:03:59, 120.7 after 1:26:07, 200 after 14:21:27, 213.5
after 16:31. The figures of the two years do not contradict each other, so the curve runs through
all of them; the moments between 4:20 and 1:03:59 are ours and let the rate fall evenly. So the
first two minutes see about 33 times the day's mean, the evening 0.66 times. Turnover stands for
orders here: nobody published those by the minute.
"""

_PRESETS: Final = {"double-11": DOUBLE_11}


def preset_table(name: str, at: int, orders: float) -> tuple[Ticks, Floats]:
    """Edges (ticks) and rates (orders per tick) of a preset that begins at a tick."""
    points = np.array(_PRESETS[name])
    edges = at + (points[:, 0] * SECOND).astype(np.int64)
    rates = np.diff(points[:, 1]) * orders / np.diff(edges)
    return edges, np.append(rates, 0.0)
