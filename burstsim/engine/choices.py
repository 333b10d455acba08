"""What buyers put together: the parts of kits of kind `choose`, drawn for each line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from burstsim.engine.forms import Form
from burstsim.engine.items import Items, with_forms
from burstsim.engine.parts import Part
from burstsim.kernels.arrays import Indices
from burstsim.kernels.kits import picks

__all__ = ["Choices"]

#: Numbers of a line's picks in the sequence of its order's bits: this many for each line.
_PER_LINE = 32

#: (kit with a choice in it, (option, how many) for each of its choices)
_Key = tuple[int, tuple[tuple[tuple[int, int], ...], ...]]


class Choices:
    """Items that buyers put together, numbered as they turn up.

    Parameters
    ----------
    items
        Those of the catalogue.
    """

    def __init__(self, items: Items) -> None:
        self.catalogue = items
        self.open = np.array([bool(form.choices) for form in items.forms], bool)
        self.numbers: dict[_Key, int] = {}

    def wanted(self, part: Part) -> bool:
        """Whether any buyer of a stream has something to choose."""
        return bool(self.open[part.line_item].any())

    def made(self, part: Part, bits: npt.NDArray[np.uint64]) -> Part:
        """Replace kits with a choice by what is chosen.

        Parameters
        ----------
        part
            Orders of a stream.
        bits : (orders,) uint64
            64 drawn bits of each order.
        """
        lengths = np.diff(part.line_offsets)
        owner = np.repeat(np.arange(len(lengths)), lengths)
        position = np.arange(len(owner)) - part.line_offsets[owner]
        chosen = part.line_item.copy()
        for item in np.unique(part.line_item[self.open[part.line_item]]).tolist():
            lines = np.flatnonzero(part.line_item == item)
            chosen[lines] = self._numbers(item, bits[owner[lines]], position[lines])
        return replace(part, line_item=chosen)

    def items(self) -> Items:
        """Give all items: those of the catalogue, then what buyers put together."""
        if not self.numbers:
            return self.catalogue
        return with_forms(self.catalogue, [self._item(*key) for key in self.numbers])

    def _numbers(self, item: int, bits: npt.NDArray[np.uint64], position: Indices) -> Indices:
        """Items that some lines of one kit become."""
        tables, numbers = [], position << _PER_LINE
        for kit in self.catalogue.forms[item].choices:
            choose = self.catalogue.chooses[kit]
            columns = (choose.weights, choose.least, choose.most)
            options = tuple(np.array(column, np.int64) for column in columns)
            tables.append(picks((options[0], options[1], options[2]), choose.total, bits, numbers))
            numbers = numbers + choose.total
        different, which = np.unique(np.hstack(tables), axis=0, return_inverse=True)
        found = [self._number(item, counts) for counts in different.tolist()]
        items: Indices = np.array(found, np.int64)[which.reshape(-1)]
        return items

    def _number(self, item: int, counts: list[int]) -> int:
        """Give the number of one result."""
        inside, at = [], 0
        for kit in self.catalogue.forms[item].choices:
            options = self.catalogue.chooses[kit].items
            pairs = zip(options, counts[at : at + len(options)], strict=True)
            inside.append(tuple((option, count) for option, count in pairs if count))
            at += len(options)
        return self.numbers.setdefault(
            (item, tuple(inside)), len(self.catalogue.names) + len(self.numbers)
        )

    def _item(
        self, item: int, inside: tuple[tuple[tuple[int, int], ...], ...]
    ) -> tuple[int, str, Form]:
        """Say what one result is called, and what is in it."""
        names, forms = self.catalogue.names, self.catalogue.forms
        form, shown = Form(), []
        form.add(forms[item])
        form.choices = {}
        for chosen, times in zip(inside, forms[item].choices.values(), strict=True):
            for option, count in chosen:
                form.add(forms[option], count * times)
            shown.append(" ".join(f"{names[option]}×{count}" for option, count in chosen))
        return item, f"{names[item]}({'; '.join(shown)})", form
