"""Bins for whole numbers of any size, each as wide as its numbers allow to be told apart by.

The layout is that of high dynamic range histograms (G. Tene, HdrHistogram): every span from one
power of two to the next is cut into equally many bins.
"""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks

__all__ = ["FINENESS", "bins_of", "edge_of"]

#: Each power of two is cut into 2 to the power of this many bins.
FINENESS = 10

_MANTISSA, _BIAS = 52, 1023


def bins_of(values: Ticks) -> Indices:
    """Say which bin each number is in: larger numbers are never in earlier bins.

    Numbers below 1024 have a bin each. From there on a bin is as wide as the 1024th part of the
    power of two below its numbers, so that its last number, see `edge_of`, is larger than any
    other of it by less than 0.1 %. The bin is read off the number as a float: its exponent, and
    the first ten bits behind it.

    Parameters
    ----------
    values : (n,) int64
        From 0 to 2**53 - 1.

    Examples
    --------
    >>> bins_of(np.array([0, 7, 1023, 1024, 2047, 2048, 2049, 2050])).tolist()
    [0, 7, 1023, 1024, 2047, 2048, 2048, 2049]
    """
    bits = values.astype(np.float64).view(np.int64)
    bits >>= _MANTISSA - FINENESS
    bits -= (_BIAS + FINENESS - 1) << FINENESS
    small = np.flatnonzero(values < 1 << FINENESS)
    bits[small] = values[small]
    return bits


def edge_of(number: int) -> int:
    """Largest number that is in a bin.

    Examples
    --------
    >>> edge_of(7), edge_of(2048), edge_of(2049)
    (7, 2049, 2051)
    >>> hour = 3_600_000_000
    >>> (edge_of(int(bins_of(np.array([hour]))[0])) - hour) / hour < 1 / 1024
    True
    """
    if number < 1 << FINENESS:
        return number
    power, place = number >> FINENESS, number & ((1 << FINENESS) - 1)
    return (((1 << FINENESS) + place + 1) << (power - 1)) - 1
