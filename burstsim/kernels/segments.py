"""Operations on segments: the lines of each order, given by offsets.

``offsets`` is int64[n+1]; segment *i* is ``values[offsets[i]:offsets[i+1]]``. Every segment
has at least one element where a function says so.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.sorting import sort_nearly

__all__ = [
    *("offsets_of", "order_by", "order_of_rows", "segment_elements", "segment_sums"),
    *("sort_pairs", "sums_by", "total_of"),
]


def offsets_of(lengths: npt.NDArray[np.integer]) -> Indices:
    """Offsets of segments with these lengths.

    Examples
    --------
    >>> offsets_of(np.array([2, 1, 3])).tolist()
    [0, 2, 3, 6]
    """
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def segment_sums(values: npt.NDArray[np.int64], offsets: Indices) -> npt.NDArray[np.int64]:
    """Sum of each segment; exact, because the values are integers. Segments may be empty.

    Examples
    --------
    >>> segment_sums(np.array([1, 2, 3]), np.array([0, 2, 2, 3])).tolist()
    [3, 0, 3]
    """
    edges = offsets_of(values)[offsets]
    sums: Indices = edges[1:] - edges[:-1]
    return sums


def sums_by(keys: Indices, values: Indices | npt.NDArray[np.bool_], count: int) -> Indices:
    """Sum of the values of each key below `count`; exact as long as sums are below 2**53.

    One value throughout is multiplied, not added up.

    Examples
    --------
    >>> sums_by(np.array([2, 0, 2]), np.array([5, 1, 7]), 4).tolist()
    [1, 0, 12, 0]
    """
    if values.strides == (0,) and len(values):
        counts: Indices = np.bincount(keys, minlength=count) * int(values[0])
        return counts
    return np.bincount(keys, values, count).astype(np.int64)


def total_of(values: npt.NDArray[np.int64]) -> int:
    """Sum of whole numbers, however large: in two halves, which cannot overflow.

    Examples
    --------
    >>> total_of(np.full(4, 2**61)) == 2**63, total_of(np.array([-(2**62)] * 3)) == -3 * 2**62
    (True, True)
    """
    if len(values) == 0:
        return 0
    widest = max(int(values.max()), -int(values.min()))
    if widest * len(values) < 1 << 63:
        return int(values.sum())
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def segment_elements(offsets: Indices, chosen: Indices) -> Indices:
    """Positions of the elements of the chosen segments, segment by segment.

    Parameters
    ----------
    offsets : (n+1,) int64
    chosen : (k,) int64
        Segments, in the order wanted, repeats allowed.

    Examples
    --------
    >>> segment_elements(np.array([0, 2, 3, 6]), np.array([2, 0])).tolist()
    [3, 4, 5, 0, 1]
    """
    starts = offsets[chosen]
    lengths = offsets[chosen + 1] - starts
    if (lengths == 1).all():
        return starts
    ends = np.cumsum(lengths)
    elements: Indices = np.arange(ends[-1]) + np.repeat(starts - (ends - lengths), lengths)
    return elements


def order_by(ticks: npt.NDArray[np.int64]) -> Indices:
    """Positions that sort by tick, equal ticks in the order in which they stand.

    Examples
    --------
    >>> order_by(np.array([5, 1, 5, 1])).tolist()
    [1, 3, 0, 2]
    """
    return sort_pairs(ticks, np.arange(len(ticks)))[1]


def order_of_rows(*columns: Indices) -> Indices:
    """Positions that sort rows by columns, the first one above all; equal rows stay as they are.

    Packs a row and its position into one int64 where they fit, as `sort_pairs` does.

    Parameters
    ----------
    *columns : (n,) int64

    Examples
    --------
    >>> order_of_rows(np.array([5, 1, 5, 1]), np.array([2, 7, -1, 7])).tolist()
    [1, 3, 2, 0]
    """
    count = len(columns[0])
    if count < 2:
        return np.arange(count)
    lows = [int(column.min()) for column in columns]
    widths = [
        (int(column.max()) - low).bit_length() for column, low in zip(columns, lows, strict=True)
    ]
    bits = (count - 1).bit_length()
    if sum(widths) + bits > 63:
        return np.lexsort(columns[::-1])
    packed = np.zeros(count, np.int64)
    for column, low, width in zip(columns, lows, widths, strict=True):
        if width:
            packed <<= width
            packed |= column - low
    packed <<= bits
    packed |= np.arange(count)
    sort_nearly(packed)
    packed &= (1 << bits) - 1
    return packed


def sort_pairs(ticks: npt.NDArray[np.int64], ranks: Indices) -> tuple[Ticks, Indices]:
    """Sort (tick, rank) pairs.

    Packs both into one int64 where they fit: sorting plain integers is several times faster
    than an indirect or lexicographic sort.

    Parameters
    ----------
    ticks : (n,) int64
    ranks : (n,) int64
        At least 0.

    Examples
    --------
    >>> [column.tolist() for column in sort_pairs(np.array([5, 1, 5]), np.array([2, 1, 0]))]
    [[1, 5, 5], [1, 0, 2]]
    """
    if len(ticks) < 2:
        return ticks, ranks
    least = int((ticks[1:] - ticks[:-1]).min())
    if least > 0 or (least == 0 and bool((ranks[1:] > ranks[:-1]).all())):
        return ticks, ranks  # in order already, as after a station of one worker or equal work
    low = int(ticks.min())
    bits = int(ranks.max()).bit_length()
    if (int(ticks.max()) - low).bit_length() + bits > 63:
        order = np.lexsort((ranks, ticks))
        return ticks[order], ranks[order]
    packed = ticks - low
    packed <<= bits
    packed |= ranks
    sort_nearly(packed)
    sorted_ranks = packed & ((1 << bits) - 1)
    packed >>= bits
    packed += low
    return packed, sorted_ranks
