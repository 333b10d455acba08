"""Whole numbers that add up, whatever they are counted in pieces of."""

from __future__ import annotations

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.results.sums import Form, Sum, told_of_each
from burstsim.results.value import Value
from burstsim.units import NEVER

__all__ = ["Totals"]


class Totals:
    """Numbers by name: each is added to, and known at the end.

    What is counted in several pieces gives the same as what is counted at once, for all of it is
    whole numbers.
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._columns: dict[str, Indices] = {}
        self._forms: dict[str, Form] = {}

    def add(self, name: str, count: int) -> None:
        """Add to a number."""
        self._counts[name] = self._counts.get(name, 0) + int(count)

    def add_all(self, name: str, counts: Indices) -> None:
        """Add to each number of a table: any shape, the same every time."""
        known = self._columns.get(name)
        self._columns[name] = counts if known is None else known + counts

    def add_sum(self, name: str, sum_: Sum) -> None:
        """Add a sum over orders."""
        part, whole = sum_.totals()
        self.add(name, part)
        self.add(_whole(name), whole)
        self._forms[name] = sum_.form

    def add_groups(self, name: str, sum_: Sum, group: Indices, shape: tuple[int, ...]) -> None:
        """Add a sum over the orders of each group, see `Sum.of_each`."""
        for key, table in zip((name, _whole(name)), sum_.tables(group, shape), strict=True):
            self.add_all(_grouped(key), table)
        self._forms[_grouped(name)] = sum_.form

    def first_of(self, name: str, ticks: Ticks) -> None:
        """Keep the first of some ticks each; `NEVER` is after all others."""
        self._columns[name] = np.minimum(self._columns.get(name, NEVER), ticks)

    def last_of(self, name: str, ticks: Ticks) -> None:
        """Keep the last of some ticks each, from 0 on."""
        self._columns[name] = np.maximum(self._columns.get(name, 0), ticks)

    def count(self, name: str) -> int:
        """Give a number that was added to."""
        return self._counts[name]

    def column(self, name: str) -> Indices:
        """Give a table that was added to."""
        return self._columns[name]

    def value(self, name: str) -> Value:
        """Say what a number or a sum over orders is as a metric."""
        form = self._forms.get(name)
        if form is None:
            return Value(self._counts[name])
        return form.value(self._counts[name], self._counts[_whole(name)])

    def values_of_each(self, name: str) -> list[list[Value]]:
        """Say what a sum over the orders of each group is, for each way of grouping."""
        tables = (self._columns[_grouped(key)] for key in (name, _whole(name)))
        return told_of_each(self._forms[_grouped(name)], *tables)


def _grouped(name: str) -> str:
    return f"{name}, groups"


def _whole(name: str) -> str:
    return f"{name}, whole"
