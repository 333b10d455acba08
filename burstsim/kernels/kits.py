"""Arithmetic of kits: how many can be made, what a buyer picks, which units make groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.mixing import among_each, mixed_each
from burstsim.kernels.segments import order_by

__all__ = ["available_kits", "groups_used", "picks"]

#: Cells of the table of picks that is worked on at once.
_CELLS = 4_000_000


def available_kits(net: Indices, offsets: Indices, sku: Indices, count: Indices) -> Indices:
    """How many of each kit there is stock for: the least of its leaves, net, by floor division.

    Parameters
    ----------
    net : (skus,) int64
        Pieces that are not promised to anybody; below zero where more is sold than there is.
    offsets : (kits+1,) int64
        No kit is empty.
    sku, count : (leaves,) int64
        SKUs of each kit, and how many of them are in one.

    Returns
    -------
    (kits,) int64
        Kits; each as if all of the stock were for it alone.

    Examples
    --------
    A kit of two A and two B, with A oversold by six:

    >>> available_kits(np.array([-6, 4090]), np.array([0, 2]), np.array([0, 1]), np.array([2, 2]))
    array([-3])
    """
    kits: Indices = np.minimum.reduceat(net[sku] // count, offsets[:-1])
    return kits


def groups_used(size: int, quantities: Indices) -> Indices:
    """Units of each line that are in whole groups of `size`, where any lines may be mixed.

    Groups are filled from the line with most units on; of equal ones the first comes first.

    Parameters
    ----------
    size
        Units in a group.
    quantities : (lines,) int64
        Units of each line.

    Returns
    -------
    (lines,) int64

    Examples
    --------
    >>> groups_used(3, np.array([2, 1, 1])).tolist()
    [2, 1, 0]
    """
    order = order_by(-quantities)
    in_groups = int(quantities.sum()) // size * size
    before = np.cumsum(quantities[order]) - quantities[order]
    used = np.empty_like(quantities)
    used[order] = np.clip(in_groups - before, 0, quantities[order])
    return used


def picks(
    options: tuple[Indices, Indices, Indices],
    total: int,
    bits: npt.NDArray[np.uint64],
    numbers: Indices,
) -> Indices:
    """How many of each option buyers pick, one piece after another.

    First the least of every option; every further pick is drawn by weight among the options of
    which there may be more.

    Parameters
    ----------
    options : tuple of (options,) int64, (options,) int64, (options,) int64
        Weight, least and most of each.
    total
        Pieces to be picked.
    bits : (n,) uint64
        64 drawn bits of each buyer.
    numbers : (n,) int64
        Position in the sequence of those bits at which his picks begin.

    Returns
    -------
    (n, options) int64

    Examples
    --------
    >>> options = np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([2, 2, 2])
    >>> picks(options, 3, np.zeros(1, np.uint64), np.zeros(1, np.int64)).tolist()
    [[2, 1, 0]]
    """
    weight, least, most = options
    counts = np.tile(least, (len(bits), 1))
    block = max(1, _CELLS // len(weight))
    for begin in range(0, len(bits), block):
        part = counts[begin : begin + block]
        rows = np.arange(len(part))
        for turn in range(total - int(least.sum())):
            reached = np.cumsum(np.where(part < most, weight, 0), axis=1)
            drawn = mixed_each(bits[begin : begin + block], numbers[begin : begin + block] + turn)
            at = among_each(drawn, reached[:, -1])
            part[rows, (reached <= at[:, None]).sum(axis=1)] += 1
    return counts
