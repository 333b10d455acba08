"""Queues of the order management: a limit per sweep, and orders that leave together."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import numpy as np

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.units import NEVER

__all__ = ["leave_together", "take_by_rate"]


def take_by_rate(
    ready: Ticks, gone: Ticks, per_sweep: int, spacing: int, sweep: Callable[[int], int]
) -> Ticks:
    """Sweep at which each order is taken when each sweep takes only so many.

    A loop: who is cancelled while waiting makes room for those behind, so that no turn is
    known before those ahead of it. Orders are in the order in which they have priority.

    Parameters
    ----------
    ready : (n,) int64
        Sweep at which each order could first be taken.
    gone : (n,) int64
        Tick from which on an order is no longer there to be taken.
    per_sweep
        Orders per sweep.
    spacing
        Instead of `per_sweep`, where sweeps have no cycle: ticks between two orders.
    sweep
        Tick → the first sweep at or after it.

    Returns
    -------
    (n,) int64
        `NEVER` for orders that are gone before their turn.
    """
    taken = np.full(len(ready), NEVER)
    arrivals = np.argsort(ready, kind="stable")
    moments, leave = ready[arrivals].tolist(), gone.tolist()
    ranks = arrivals.tolist()
    heap: list[int] = []
    at, now, count = 0, -NEVER, len(ranks)
    while at < count or heap:
        if not heap:
            now = max(now, moments[at])
        while at < count and moments[at] <= now:
            heappush(heap, ranks[at])
            at += 1
        room = 1 if spacing else per_sweep
        while heap and room:
            rank = heappop(heap)
            if leave[rank] > now:
                taken[rank] = now
                room -= 1
        if spacing:
            now = sweep(now + spacing) if room == 0 else now
        elif heap:
            now = sweep(now + 1)
        else:
            now += 1
    return taken


def leave_together(
    key: Indices, trigger: Ticks, taken: Ticks, gone: Ticks
) -> tuple[Ticks, Indices]:
    """Let orders of one key leave together, when the first of them is old enough.

    For each key, again and again: the earliest trigger of those still there is the moment;
    all that have been taken by then and are not gone leave at it, behind the first of them.
    Each round settles one parcel of every key at once.

    Parameters
    ----------
    key : (n,) int64
        Orders of different keys have nothing to do with each other. The orders stand in the
        order of their payment.
    trigger : (n,) int64
        Sweep at which each order leaves at the latest; at or after `taken`.
    taken : (n,) int64
        Sweep from which on an order can join others; `NEVER` for one that never can.
    gone : (n,) int64
        Tick from which on an order is no longer there.

    Returns
    -------
    leaves : (n,) int64
        `NEVER` for orders that are gone before.
    leader : (n,) int64
        Position of the first order of the group; its own where it leaves alone or not.
    """
    leaves = np.full(len(key), NEVER)
    leader = np.arange(len(key))
    trigger = np.where((gone <= trigger) | (taken == NEVER), NEVER, trigger)
    left = np.argsort(key, kind="stable")
    while len(left):
        begins = np.flatnonzero(np.concatenate(([True], key[left][1:] != key[left][:-1])))
        lengths = np.diff(np.append(begins, len(left)))
        moment = np.repeat(np.minimum.reduceat(trigger[left], begins), lengths)
        goes = (taken[left] <= moment) & (gone[left] > moment) & (moment < NEVER)
        # the first that goes leads: position of the first True within each key
        places = np.where(goes, np.arange(len(left)), len(left))
        first = np.repeat(np.minimum.reduceat(places, begins), lengths)
        leaves[left[goes]] = moment[goes]
        leader[left[goes]] = left[first[goes]]
        left = left[~goes & (moment < NEVER)]
    return leaves, leader
