"""Counters that orders draw on in turn: stock, allotments.

An order takes from several counters at once or not at all, first come, first served. Orders
that touch only counters which can never run out are settled in one comparison; so is everything
before the first order that could find a counter empty. Only the rest is looked at one by one,
because what one order is refused the next one may get.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import segment_elements

__all__ = ["take_in_turn"]

Flags = npt.NDArray[np.bool_]


def take_in_turn(
    demands: tuple[Indices, Indices, Indices],
    capacity: Indices,
    moment: Ticks,
    given_back: Ticks,
    *,
    refuse: bool,
) -> Flags:
    """Find out, in turn, who finds all that it asks of shared counters.

    Parameters
    ----------
    demands : tuple of (n+1,) int64, (m,) int64, (m,) int64
        Offsets, counter and amount: what each order asks of which counter, in the order of
        their turns. An order may ask the same counter twice.
    capacity : (k,) int64
        Level of each counter at first.
    moment : (n,) int64
        Tick of each turn, non-decreasing.
    given_back : (n,) int64
        Tick after which an order, if it was served, gives back all that it took; `NEVER` (any
        tick after the last turn) if it keeps it. What is given back at a tick can be taken
        from the next tick on.
    refuse
        Whether an order that does not find everything gets nothing; else it takes all the
        same, and the counters go below zero.

    Returns
    -------
    (n,) bool
        Who found everything.
    """
    offsets, counter, amount = demands
    count = len(offsets) - 1
    served = np.ones(count, bool)
    asked = np.bincount(counter, amount, minlength=len(capacity))
    binding = asked > capacity
    if not binding.any():
        return served
    owner = np.repeat(np.arange(count), np.diff(offsets))
    touches = binding[counter]
    first = _first_unsure(owner[touches], counter[touches], amount[touches], capacity)
    late = np.flatnonzero(np.bincount(owner[touches], minlength=count))
    late = late[late >= first]
    _one_by_one(served, late, first, demands, (capacity, binding, moment, given_back, refuse))
    return served


def _first_unsure(owner: Indices, counter: Indices, amount: Indices, capacity: Indices) -> int:
    """First order that would find a counter empty if nothing were ever given back."""
    order = np.argsort(counter, kind="stable")
    counter, amount, owner = counter[order], amount[order], owner[order]
    running = np.cumsum(amount)
    begins = np.flatnonzero(np.concatenate(([True], counter[1:] != counter[:-1])))
    lengths = np.diff(np.append(begins, len(counter)))
    before = np.repeat(running[begins] - amount[begins], lengths)
    return int(owner[running - before > capacity[counter]].min())


def _one_by_one(
    served: Flags,
    late: Indices,
    first: int,
    demands: tuple[Indices, Indices, Indices],
    state: tuple[Indices, Flags, Ticks, Ticks, bool],
) -> None:
    """Loop over the orders from the first unsure one on that touch a binding counter."""
    offsets, counter, amount = demands
    capacity, binding, moment, given_back, refuse = state
    left = capacity.tolist()
    early = np.arange(first)
    taken = segment_elements(offsets, early)
    for name, count in enumerate(np.bincount(counter[taken], amount[taken], len(left))):
        left[name] -= int(count)
    returns = np.concatenate((early, late))
    returns = returns[given_back[returns] < moment[-1]]
    returns = returns[np.argsort(given_back[returns], kind="stable")]
    waiting = list(zip(given_back[returns].tolist(), returns.tolist(), strict=True))
    at = 0
    elements = segment_elements(offsets, late)
    bounds = np.concatenate(([0], np.cumsum(np.diff(offsets)[late]))).tolist()
    names, amounts = counter[elements].tolist(), amount[elements].tolist()
    for place, (order, now) in enumerate(zip(late.tolist(), moment[late].tolist(), strict=True)):
        while at < len(waiting) and waiting[at][0] < now:
            giver = waiting[at][1]
            at += 1
            if served[giver] or not refuse:
                for element in range(offsets[giver], offsets[giver + 1]):
                    left[counter[element]] += int(amount[element])
        asks: dict[int, int] = {}
        for element in range(bounds[place], bounds[place + 1]):
            if binding[names[element]]:
                asks[names[element]] = asks.get(names[element], 0) + amounts[element]
        fits = all(left[name] >= needed for name, needed in asks.items())
        served[order] = fits
        if fits or not refuse:
            for name, needed in asks.items():
                left[name] -= needed
