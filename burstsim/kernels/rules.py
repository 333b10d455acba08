"""Gift rules as arrays: from what was measured to numbers of gifts, and limits on them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices, Ticks
from burstsim.kernels.segments import offsets_of, order_by

__all__ = [
    "cap_close",
    "cap_partial",
    "cap_skip",
    "cheapest_units",
    "cut_options",
    "every_n",
    "in_all",
    "period_free",
    "refund",
    "running_before",
    "take_from_largest",
    "tiers_met",
]

Flags = npt.NDArray[np.bool_]


def every_n(measure: Indices, step: int, offset: int = 0) -> Indices:
    """One gift for every `step` beyond `offset`, whole gifts only.

    Examples
    --------
    >>> every_n(np.array([19, 20, 59]), 20).tolist(), every_n(np.array([10]), 3, 1).tolist()
    ([0, 1, 2], [3])
    """
    return np.maximum((measure - offset) // step, 0)


def period_free(units: Indices, buy: int, free: int, *, whole: bool = False) -> Indices:
    """Units that are free when of every `buy` + `free` the last `free` are.

    Parameters
    ----------
    units : (n,) int64
        Units in the cart.
    buy, free
        Length of the two parts of a period.
    whole
        Whether only whole periods count.

    Examples
    --------
    >>> period_free(np.array([5, 6, 7, 12, 13, 14]), 5, 2).tolist()
    [0, 1, 2, 2, 3, 4]
    """
    periods, rest = np.divmod(units, buy + free)
    return periods * free + (0 if whole else np.maximum(rest - buy, 0))


def tiers_met(
    measure: Indices, units: Indices, tiers: tuple[Indices, Indices], *, highest: bool
) -> Flags:
    """Which tiers are met; of those only the last one, where the highest counts.

    Parameters
    ----------
    measure, units : (n,) int64
        What is compared with the tiers' limits, and with their least units.
    tiers : ((k,) int64, (k,) int64)
        Limits, and least units.
    highest
        Whether only the last tier that is met counts.

    Returns
    -------
    (n, k) bool

    Examples
    --------
    >>> two_way = np.array([99, 199]), np.array([1, 2])
    >>> tiers_met(np.array([199, 199]), np.array([1, 2]), two_way, highest=True).tolist()
    [[True, False], [False, True]]
    """
    pairs = list(zip(*(column.tolist() for column in tiers), strict=True))
    met = np.empty((len(pairs), len(measure)), bool)
    later = np.zeros(len(measure), bool)
    for number in reversed(range(len(pairs))):
        limit, least = pairs[number]
        here = met[number]
        np.greater_equal(measure, limit, out=here)
        here &= units >= least
        if highest:
            # a tier counts if none after it is met
            here &= ~later
            later |= here
    return met.T


def in_all(counts: Indices) -> Indices:
    """Gifts of each row, whatever their option.

    Examples
    --------
    >>> in_all(np.array([[1, 2], [0, 3]])).tolist()
    [3, 3]
    """
    gifts: Indices = counts[:, 0] if counts.shape[1] == 1 else counts.sum(axis=1)
    return gifts


def cut_options(counts: Indices, allowed: Indices | int) -> Indices:
    """Leave at most so many gifts in each row, those of the first options.

    Parameters
    ----------
    counts : (n, k) int64
    allowed : (n,) int64 or int

    Examples
    --------
    >>> cut_options(np.array([[1, 2, 2]]), 4).tolist()
    [[1, 2, 1]]
    """
    if counts.shape[1] == 1:
        most = np.maximum(np.asarray(allowed), 0).reshape(-1, 1)
        capped: Indices = np.minimum(counts, most)
        return capped
    before = np.cumsum(counts, axis=1) - counts
    left = np.asarray(allowed).reshape(-1, 1) - before
    cut: Indices = np.clip(left, 0, counts)
    return cut


def running_before(keys: Indices, values: Indices) -> Indices:
    """Sum of the values of all earlier elements with the same key.

    Parameters
    ----------
    keys, values : (n,) int64
        In order of their turns.

    Examples
    --------
    >>> running_before(np.array([7, 8, 7, 7]), np.array([1, 5, 2, 3])).tolist()
    [0, 0, 1, 3]
    """
    if len(keys) == 0:
        return values.copy()
    if (keys == keys[0]).all():
        return np.cumsum(values) - values
    order = order_by(keys)
    running = offsets_of(values[order])
    begins = np.flatnonzero(np.diff(keys[order], prepend=keys[order[0]] - 1))
    lengths = np.diff(np.append(begins, len(keys)))
    before = np.empty(len(keys), np.int64)
    before[order] = running[:-1] - np.repeat(running[begins], lengths)
    return before


def cap_partial(wanted: Indices, before: Indices, cap: int) -> Indices:
    """Give what is left of a cap, when everybody before has wanted so much.

    Examples
    --------
    >>> cap_partial(np.array([2, 2, 2, 1]), np.array([0, 2, 4, 6]), 5).tolist()
    [2, 2, 1, 0]
    """
    return np.clip(cap - before, 0, wanted)


def cap_close(wanted: Indices, before: Indices, cap: int) -> Indices:
    """Give until somebody would exceed the cap; then nobody gets anything.

    Examples
    --------
    >>> cap_close(np.array([2, 2, 2, 1]), np.array([0, 2, 4, 6]), 5).tolist()
    [2, 2, 0, 0]
    """
    return np.where(before + wanted <= cap, wanted, 0)


def cap_skip(keys: Indices, wanted: Indices, left: Indices | int) -> Indices:
    """Give nothing to whoever would exceed the cap, and go on with the next one.

    Again and again: keep all that fits when all before it is counted, drop the first of each
    key that does not fit, and with it all later ones that want more than is left there.

    Parameters
    ----------
    keys, wanted : (n,) int64
        In order of their turns; each key has a cap of its own.
    left : (n,) int64 or int
        What is left of it at first.

    Examples
    --------
    >>> cap_skip(np.zeros(4, np.int64), np.array([2, 2, 2, 1]), 5).tolist()
    [2, 2, 0, 1]
    """
    if isinstance(left, int) and len(wanted) and (keys == keys[0]).all():
        each = int(wanted[0])
        if each > 0 and (wanted == each).all():
            # all want the same, so that those are the first who do not fit
            return np.where(np.arange(len(wanted)) < left // each, wanted, 0)
    given = wanted.copy()
    room = np.broadcast_to(np.asarray(left, np.int64), len(keys)).copy()
    given[given > room] = 0
    rows = np.flatnonzero(given)
    while len(rows):
        before = running_before(keys[rows], given[rows])
        free = room[rows] - before
        over = np.flatnonzero(given[rows] > free)
        if len(over) == 0:
            break
        names, first = np.unique(keys[rows[over]], return_index=True)
        at = over[first]  # the first of each key that does not fit
        place = np.searchsorted(names, keys[rows])
        place[place == len(names)] = 0
        concerned = names[place] == keys[rows]
        later = concerned & (np.arange(len(rows)) >= at[place])
        drop = later & (given[rows] > free[at][place])
        given[rows[drop]] = 0
        rows = rows[~drop]
    return given


def take_from_largest(owner: Indices, left: Indices, wanted: Indices) -> Indices:
    """Take units from the lines of each owner, those with most units first.

    Parameters
    ----------
    owner : (n,) int64
        Of each line; not decreasing.
    left : (n,) int64
        Units of each line.
    wanted : (owners,) int64
        Units to take from each owner.

    Returns
    -------
    (n,) int64
        Units taken from each line.

    Examples
    --------
    >>> take_from_largest(np.zeros(3, np.int64), np.array([2, 1, 1]), np.array([3])).tolist()
    [2, 1, 0]
    """
    order = np.lexsort((-left, owner))
    before = running_before(owner[order], left[order])
    taken = np.empty(len(left), np.int64)
    taken[order] = np.clip(wanted[owner[order]] - before, 0, left[order])
    return taken


def cheapest_units(
    owner: Indices, units: Indices, price: Ticks, wanted: Indices
) -> npt.NDArray[np.int64]:
    """Sum of the prices of the cheapest units of each owner.

    Parameters
    ----------
    owner, units, price : (n,) int64
        Owner of each line, its units, and cents of one.
    wanted : (owners,) int64
        How many units of each owner.

    Examples
    --------
    >>> lines = np.zeros(2, np.int64), np.array([4, 4]), np.array([400, 200])
    >>> cheapest_units(*lines, np.array([1])).tolist()
    [200]
    """
    order = np.lexsort((price, owner))
    before = running_before(owner[order], units[order])
    taken = np.clip(wanted[owner[order]] - before, 0, units[order])
    sums = np.zeros(len(wanted), np.int64)
    np.add.at(sums, owner[order], taken * price[order])
    return sums


def refund(paid: Ticks, gift_value: Ticks, returned: Flags) -> Ticks:
    """Cents given back for a returned order: less its gift where that is kept.

    Examples
    --------
    >>> refund(np.array([100, 100]), np.array([20, 20]), np.array([False, True])).tolist()
    [80, 100]
    """
    return np.maximum(paid - np.where(returned, 0, gift_value), 0)
