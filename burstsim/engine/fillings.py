"""What the open parts of orders became when stock was taken: mystery pieces, substitutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.segments import offsets_of, segment_elements

__all__ = ["Fillings", "filling_lines", "fillings_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fillings:
    """Pieces that orders have beside the fixed leaves of their lines.

    Parameters
    ----------
    offsets : (n+1,) int64
        Where each order begins.
    sku, pieces : (m,) int64
        Different SKUs of each order, ascending, and how many of them.
    """

    offsets: Indices
    sku: Indices
    pieces: Indices

    @property
    def order(self) -> Indices:
        """Whose each of them is."""
        if len(self.sku) == 0:
            return self.sku
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def of(self, chosen: Indices) -> tuple[Indices, Indices, Indices]:
        """Give position in `chosen`, SKU and pieces of what some orders have."""
        elements = segment_elements(self.offsets, chosen)
        owner = np.repeat(np.arange(len(chosen)), np.diff(self.offsets)[chosen])
        return owner, self.sku[elements], self.pieces[elements]


def fillings_of(count: int, order: Indices, sku: Indices, n_skus: int) -> Fillings:
    """Gather single pieces by order and SKU.

    Parameters
    ----------
    count
        How many orders there are.
    order, sku : (pieces,) int64
        In any order.
    n_skus
        How many SKUs there are.
    """
    keys, pieces = np.unique(order * n_skus + sku, return_counts=True)
    return Fillings(
        offsets=offsets_of(np.bincount(keys // max(n_skus, 1), minlength=count)),
        sku=keys % max(n_skus, 1),
        pieces=pieces.astype(np.int64),
    )


def filling_lines(line_offsets: Indices, is_open: npt.NDArray[np.bool_]) -> Indices:
    """Line of each order that its fillings travel with: the first with open parts, else -1.

    Parameters
    ----------
    line_offsets : (n+1,) int64
    is_open : (lines,) bool
        Which lines have open parts.

    Examples
    --------
    >>> filling_lines(np.array([0, 2, 3]), np.array([False, True, False])).tolist()
    [1, -1]
    """
    first = np.full(len(line_offsets) - 1, -1)
    lines = np.flatnonzero(is_open)[::-1]
    first[np.searchsorted(line_offsets, lines, side="right") - 1] = lines
    return first
