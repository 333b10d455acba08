"""Many numbers from one: the j-th of a 64-bit draw, for one integer and for arrays alike.

The mixer is the output function of SplitMix64 (Steele, Lea and Flood, *Fast splittable
pseudorandom number generators*, 2014), the draw its seed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices

__all__ = ["among", "among_each", "mixed", "mixed_each"]

Bits = npt.NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_ALL = (1 << 64) - 1


def mixed(draw: int, number: int) -> int:
    """Give the number at a position, from 0, in the sequence of a 64-bit draw.

    Examples
    --------
    >>> hex(mixed(0, 0))
    '0xe220a8397b1dcdaf'
    """
    z = (draw + (number + 1) * _GOLDEN) & _ALL
    z = (z ^ (z >> 30)) * _FIRST & _ALL
    z = (z ^ (z >> 27)) * _SECOND & _ALL
    return z ^ (z >> 31)


def mixed_each(draws: Bits, numbers: Indices) -> Bits:
    """Do the same for arrays.

    Examples
    --------
    >>> [hex(h) for h in mixed_each(np.zeros(2, np.uint64), np.array([0, 1])).tolist()]
    ['0xe220a8397b1dcdaf', '0x6e789e6aa1b965f4']
    """
    z = draws + (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
    bits: Bits = z ^ (z >> np.uint64(31))
    return bits


def among(bits: int, count: int) -> int:
    """Give one of `count` (below 2**32) positions, from 64 mixed bits.

    Examples
    --------
    >>> among(0, 7), among((1 << 64) - 1, 7)
    (0, 6)
    """
    return ((bits >> 32) * count) >> 32


def among_each(bits: Bits, count: Indices | int) -> Indices:
    """Do the same for arrays.

    Examples
    --------
    >>> among_each(np.array([0, (1 << 64) - 1], np.uint64), 7).tolist()
    [0, 6]
    """
    high = bits >> np.uint64(32)
    places: Indices = ((high * np.asarray(count).astype(np.uint64)) >> np.uint64(32)).astype(
        np.int64
    )
    return places
