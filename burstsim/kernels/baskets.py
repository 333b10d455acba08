"""Baskets from uniforms: how many lines, which items, how many of each."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Floats, Indices

__all__ = ["chances", "choose", "choose_different"]

#: Edges that are compared one by one.
_FEW = 32


def choose(uniforms: Floats, weights: Floats) -> Indices:
    """Choose one of k by weight, for each uniform.

    Parameters
    ----------
    uniforms : (n,) float64
        In [0, 1).
    weights : (k,) float64
        At least one above zero; what has weight zero is never chosen.

    Returns
    -------
    (n,) int64
        Positions in `weights`.

    Examples
    --------
    >>> choose(np.array([0.0, 0.74, 0.75]), np.array([0, 3.0, 1.0])).tolist()
    [1, 1, 2]
    """
    edges = np.cumsum(weights)
    # rounding may carry the product up to the last edge itself
    return _places(edges, uniforms * edges[-1], int(np.flatnonzero(weights)[-1]))


def _places(edges: Floats, points: Floats, last: int) -> Indices:
    """How many edges are at or before each point, `last` at most; edges never fall."""
    if last > _FEW:
        return np.minimum(np.searchsorted(edges, points, side="right"), last)
    # to compare with each edge is quicker than to search where there are few
    places = np.zeros(len(points), np.int8)
    for edge in edges[:last].tolist():
        places += (points >= edge).view(np.int8)
    return places.astype(np.int64)


def choose_different(
    uniforms: Floats, offsets: Indices, weights: Floats, first: Indices | None = None
) -> Indices:
    """Choose by weight without repetition within each segment, one uniform per choice.

    Successive sampling: each further choice is by weight among what the segment has not
    chosen yet. The j-th choices of all segments are made together.

    Parameters
    ----------
    uniforms : (m,) float64
        In [0, 1), one per element.
    offsets : (n+1,) int64
        Segments; none longer than the number of weights above zero.
    weights : (k,) float64
    first : (n,) int64, optional
        What a segment begins with, whatever its weight; -1 where it is chosen like the others.

    Returns
    -------
    (m,) int64
        Positions in `weights`.
    """
    chosen = choose(uniforms, weights)
    lengths = np.diff(offsets)
    if first is not None:
        fixed = np.flatnonzero((first >= 0) & (lengths > 0))
        chosen[offsets[fixed]] = first[fixed]
    edges = np.cumsum(weights)
    starts = edges - weights
    last = int(np.flatnonzero(weights)[-1])
    for position in range(1, int(lengths.max(initial=0))):
        begin = offsets[:-1][lengths > position]
        taken = np.sort(chosen[begin[:, None] + np.arange(position)], axis=1)
        here = begin + position
        left = edges[-1] - weights[taken].sum(axis=1)
        # walk the axis of weights with the taken stretches cut out, from the left
        point = uniforms[here] * left
        for column in range(position):
            item = taken[:, column]
            point = np.where(point >= starts[item], point + weights[item], point)
        picked = _places(edges, point, last)
        chosen[here] = _free_of(picked, taken, weights)
    return chosen


def _free_of(picked: Indices, taken: Indices, weights: Floats) -> Indices:
    """Mend the rare choice that rounding put on a taken item: the first that is left."""
    for row in np.flatnonzero((taken == picked[:, None]).any(axis=1)):
        free = np.setdiff1d(np.flatnonzero(weights), taken[row])
        picked[row] = free[0]
    return picked


def chances(weights: Floats, length: int) -> Floats:
    """Chance of each of k to be among `length` different ones chosen by weight.

    Exact for one and two. Beyond, successive sampling is seen as a race in which each one
    arrives after an exponential time with its weight as rate, and the moment at which the last
    place is taken is replaced by the moment at which that many are expected to have arrived
    (Rosén, *Asymptotic theory for successive sampling*, 1972).

    Parameters
    ----------
    weights : (k,) float64
        At least `length` above zero.
    length
        How many are chosen, at least 1.

    Returns
    -------
    (k,) float64
        They add up to `length`.

    Examples
    --------
    >>> chances(np.array([1.0, 1.0, 2.0]), 2).round(4).tolist()
    [0.5833, 0.5833, 0.8333]
    """
    share: Floats = weights / weights.sum()
    if length >= np.count_nonzero(share):
        return np.where(share > 0, 1.0, 0.0)
    if length == 1:
        return share
    if length == 2:
        odds = share / (1 - share)
        pair: Floats = share * (1 + odds.sum() - odds)
        return pair
    low, high = 0.0, 1.0
    while -np.expm1(-share * high).sum() < length:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        enough = -np.expm1(-share * middle).sum() >= length
        low, high = (low, middle) if enough else (middle, high)
    arrived: Floats = -np.expm1(-share * high)
    return arrived
