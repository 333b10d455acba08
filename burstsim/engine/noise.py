"""Factors with mean 1 and a stated coefficient of variation."""

from __future__ import annotations

import math

import numpy as np

from burstsim.kernels.arrays import Floats

__all__ = ["factors", "is_noisy"]


def is_noisy(dist: str, variation: float) -> bool:
    """Whether factors differ from 1; else nothing is drawn."""
    return dist != "constant" and variation != 0


def factors(dist: str, variation: float, draw: np.random.Generator, count: int) -> Floats:
    """Draw factors around 1.

    Parameters
    ----------
    dist
        ``lognormal gamma exponential`` or ``constant``.
    variation
        Coefficient of variation; 0 makes every distribution constant.
    draw
        The generator; the i-th factor is the same however many are drawn.
    count
        How many.
    """
    if not is_noisy(dist, variation):
        return np.ones(count)
    if dist == "exponential":
        return draw.standard_exponential(count)
    if dist == "gamma":
        shape = variation**-2
        return draw.standard_gamma(shape, count) / shape
    sigma = math.sqrt(math.log1p(variation**2))
    noise = draw.standard_normal(count)
    noise *= sigma
    noise -= sigma**2 / 2
    return np.exp(noise, out=noise)
