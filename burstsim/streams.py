"""Named random streams.

Every draw belongs to (seed, replication, purpose, name, index). A generator is keyed by the
first four, the index is its position in the generator's sequence. The scenario is never part
of the key, so two scenarios that differ in crews, stock or rules share their randomness, and
a purpose that one of them does not draw shifts nothing in the others.
"""

from __future__ import annotations

import hashlib

import numpy as np

__all__ = ["SCHEME", "generator", "pass_over"]

#: Version of the keying below; results recorded under another scheme are not comparable.
SCHEME = 1


def _key(text: str) -> int:
    """Hash a name to 64 bits that are the same on every machine and in every process."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def generator(seed: int, replication: int, purpose: str, name: str) -> np.random.Generator:
    """Make the generator of one purpose of one named thing (a demand stream, a zone).

    Parameters
    ----------
    seed
        The scenario's seed, at least 0.
    replication
        Number of the replication, from 0.
    purpose
        What is drawn: ``"arrivals"``, ``"items"``, ``"noise"`` …
    name
        For whom: the demand stream's name, or any other stable name.

    Examples
    --------
    >>> a = generator(1, 0, "items", "live").random(3)
    >>> b = generator(1, 0, "items", "live").random(5)
    >>> bool((a == b[:3]).all())
    True
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(replication, _key(purpose), _key(name)))
    return np.random.Generator(np.random.PCG64DXSM(sequence))


def pass_over(generator: np.random.Generator, count: int) -> None:
    """Leave out numbers in [0, 1), or words of 64 bits: each of them takes one step.

    Examples
    --------
    >>> a, b = generator(1, 0, "items", "live"), generator(1, 0, "items", "live")
    >>> pass_over(a, 3)
    >>> bool(a.random() == b.random(4)[3])
    True
    """
    steps = generator.bit_generator
    assert isinstance(steps, np.random.PCG64DXSM)
    if count:
        steps.advance(count)
