"""Numbers of orders that add up: over all of them, and over those of each group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import lean
from burstsim.kernels.segments import sums_by
from burstsim.results.facts import Flags
from burstsim.results.value import Value

__all__ = ["UNKNOWN", "Form", "Sum", "told_of_each"]

Column = Indices | Flags


class Form(NamedTuple):
    """How a metric is told from what adds up.

    Parameters
    ----------
    known
        Whether anybody can know it.
    share
        Whether it is one sum divided by another.
    unit
        How many make one of what is told: 100 cents.
    """

    known: bool
    share: bool
    unit: int

    def value(self, part: int, whole: int) -> Value:
        """Tell it; the share of nothing is NaN."""
        if not self.known:
            return Value(math.nan)
        if self.share:
            return Value(part / whole if whole else math.nan)
        return Value(part if self.unit == 1 else part / self.unit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sum:
    """A metric that is a sum over orders, or one such sum divided by another.

    Parameters
    ----------
    part : (n,) int64 or bool, optional
        What each order adds; None where nobody can know it.
    whole : (n,) int64 or bool, optional
        What it is a share of; the share of nothing is NaN.
    unit
        How many make one of what is told: 100 cents.
    """

    part: Column | None
    whole: Column | None = None
    unit: int = 1

    def __post_init__(self) -> None:
        """Keep what is the same for all as one value: of many metrics nothing, for each order."""
        for name in ("part", "whole"):
            column = getattr(self, name)
            if column is not None:
                object.__setattr__(self, name, lean(column))

    @property
    def form(self) -> Form:
        """How it is told once everything is added up."""
        return Form(self.part is not None, self.whole is not None, self.unit)

    def totals(self) -> tuple[int, int]:
        """Add up all orders: the sum, and what it is a share of."""
        part, whole = (0 if column is None else int(column.sum()) for column in self._columns)
        return part, whole

    def of_all(self) -> Value:
        """Tell it of all orders."""
        return self.form.value(*self.totals())

    def of_each(self, group: Indices, shape: tuple[int, ...]) -> list[list[Value]]:
        """Add up the orders of each group, for each way of grouping.

        Parameters
        ----------
        group : (n,) int64
            Group of each order: its positions in all ways of grouping as one number, the last
            way's varying fastest.
        shape
            How many groups each way has.

        Returns
        -------
        list of list of Value
            For each way of grouping, for each group.
        """
        return told_of_each(self.form, *self.tables(group, shape))

    def tables(self, group: Indices, shape: tuple[int, ...]) -> tuple[Indices, Indices]:
        """Add up the orders of each group: the sums, and what they are shares of."""
        part, whole = (_table(column, group, shape) for column in self._columns)
        return part, whole

    @property
    def _columns(self) -> tuple[Column | None, Column | None]:
        return self.part, self.whole


#: What nobody can know.
UNKNOWN = Sum(part=None)


def told_of_each(form: Form, part: Indices, whole: Indices) -> list[list[Value]]:
    """Tell a metric for each way of grouping, for each group.

    Parameters
    ----------
    form
        How.
    part, whole
        Sums of the groups of all ways at once: an axis for each way.
    """
    found = []
    for way in range(part.ndim):
        others = tuple(other for other in range(part.ndim) if other != way)
        pairs = (table.sum(axis=others).tolist() for table in (part, whole))
        found.append([form.value(*pair) for pair in zip(*pairs, strict=True)])
    return found


def _table(column: Column | None, group: Indices, shape: tuple[int, ...]) -> Indices:
    """Add a column up by group; many are nothing for anybody."""
    if column is None or not column.any():
        return np.zeros(shape, np.int64)
    return sums_by(group, column, math.prod(shape)).reshape(shape)
