"""Which different kinds each of many owners has, and how many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.kernels.arrays import Indices
from burstsim.kernels.sorting import sort_nearly

__all__ = ["Bits", "add_bits", "bits_of", "bits_within", "count_bits", "different"]

Bits = npt.NDArray[np.uint64]

_BITS = 64

#: Kinds that are held as bits, in words of 64; with more of them pairs are sorted instead.
_MOST_WORDS = 4

#: Words of flags whose bytes can be added up without carrying into each other.
_MOST_BYTES = 8 * 31


def different(owner: Indices, kind: Indices, kinds: int, count: int) -> Indices:
    """Count the different kinds that each of `count` owners has.

    Parameters
    ----------
    owner, kind : (m,) int64
        Any order, repeats allowed.
    kinds, count
        How many kinds and owners there are.

    Examples
    --------
    >>> different(np.array([0, 2, 0, 0]), np.array([1, 1, 0, 1]), 2, 3).tolist()
    [2, 0, 1]
    """
    width = -(-kinds // 8) * 8
    if width <= _MOST_BYTES and count * width <= 16 * len(owner):
        # a byte for each owner and kind, and eight of them added up as one number
        flags = np.zeros(count * width, bool)
        flags[owner * width + kind] = True
        words = flags.view(np.uint64).reshape(count, width // 8)
        total = words[:, 0] if width == 8 else words.sum(axis=1)
        sums: Indices = ((total * np.uint64(0x0101010101010101)) >> np.uint64(56)).astype(np.int64)
        return sums
    keys = owner * kinds + kind
    sort_nearly(keys)
    first = keys[np.append(True, keys[1:] > keys[:-1])] if len(keys) else keys
    return np.bincount(first // max(kinds, 1), minlength=count)


def bits_of(made_of: tuple[Indices, Indices], kinds: int) -> Bits | None:
    """Hold the kinds that things are made of as bits.

    Parameters
    ----------
    made_of : ((things+1,) int64, (k,) int64)
        Where the kinds of each thing begin, and the kinds.
    kinds
        How many kinds there are.

    Returns
    -------
    (words, things) uint64, or None where there are too many kinds for this to be quick.
    """
    if kinds > _BITS * _MOST_WORDS:
        return None
    offsets, kind = made_of
    things = len(offsets) - 1
    bits = np.zeros((max(-(-kinds // _BITS), 1), things), np.uint64)
    add_bits(bits, np.repeat(np.arange(things), np.diff(offsets)), kind)
    return bits


def add_bits(bits: Bits, owner: Indices, kind: Indices) -> None:
    """Set the bits of some kinds of some owners, any order, repeats allowed."""
    for number, word in enumerate(bits):
        mine = slice(None) if len(bits) == 1 else np.flatnonzero(kind // _BITS == number)
        one = np.uint64(1) << (kind[mine] % _BITS).astype(np.uint64)
        np.bitwise_or.at(word, owner[mine], one)


def bits_within(bits: Bits, thing: Indices, offsets: Indices) -> Bits:
    """Join the bits of the things in each segment.

    Parameters
    ----------
    bits : (words, things) uint64
    thing : (m,) int64
    offsets : (n+1,) int64
        Segments of `thing`; they may be empty.
    """
    joined = np.zeros((len(bits), len(offsets) - 1), np.uint64)
    some = np.flatnonzero(offsets[1:] > offsets[:-1])
    if len(some) == len(thing) == joined.shape[1]:
        return bits[:, thing]  # one in each
    if len(some) == joined.shape[1]:
        for word, out in zip(bits, joined, strict=True):
            np.bitwise_or.reduceat(word[thing], offsets[:-1], out=out)
    elif len(some):
        for word, out in zip(bits, joined, strict=True):
            out[some] = np.bitwise_or.reduceat(word[thing], offsets[some])
    return joined


def count_bits(bits: Bits) -> Indices:
    """How many bits each owner has."""
    counts: Indices = np.bitwise_count(bits[0]).astype(np.int64)
    for word in bits[1:]:
        counts += np.bitwise_count(word)
    return counts
