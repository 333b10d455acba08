"""Whole cents shared among the lines of an order, so that they add up."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import segment_elements, segment_sums

__all__ = ["share_out"]

#: Products of two such numbers may not fit into an int64.
_LARGE = 3_000_000_000


def share_out(totals: Ticks, weights: Ticks, offsets: Indices) -> Ticks:
    """Share a total among the elements of each segment, in proportion to their weights.

    Every element gets the whole part of its share; what remains goes, one by one, to the first
    elements that have a weight. So no element gets more than its weight unless the total is
    larger than that of the weights. Elements of a segment without any weight share evenly.

    Parameters
    ----------
    totals : (n,) int64
        At least 0.
    weights : (elements,) int64
        At least 0.
    offsets : (n+1,) int64
        No segment is empty.

    Returns
    -------
    (elements,) int64

    Examples
    --------
    >>> share_out(np.array([100, 5]), np.array([1, 1, 1, 0, 0]), np.array([0, 3, 5])).tolist()
    [34, 33, 33, 3, 2]
    """
    shares = np.zeros(len(weights), np.int64)
    chosen = np.flatnonzero(totals)
    elements = segment_elements(offsets, chosen)
    lengths = np.diff(offsets)[chosen]
    inner = np.concatenate(([0], np.cumsum(lengths)))
    owner = np.repeat(np.arange(len(chosen)), lengths)
    weight = weights[elements]
    weight = np.where((segment_sums(weight, inner) == 0)[owner], 1, weight)
    whole, total = segment_sums(weight, inner)[owner], totals[chosen][owner]
    if max(total.max(initial=0), weight.max(initial=0)) < _LARGE:
        share = total * weight // whole
    else:
        exact = total.astype(object) * weight.astype(object) // whole.astype(object)
        share = exact.astype(np.int64)
    rest = totals[chosen] - segment_sums(share, inner)
    heavy = (weight > 0).astype(np.int64)
    turn = np.cumsum(heavy) - heavy
    share += (heavy > 0) & (turn - turn[inner[:-1]][owner] < rest[owner])
    shares[elements] = share
    return shares
