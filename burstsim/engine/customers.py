"""Who buys: customers as codes, and their names for outputs.

A code is the same whatever the demand is: members of the common pool have their number in it,
everybody else (new customers, those of a log) has a block of codes per stream.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["BLOCK", "Customers", "block_of"]

#: Codes in a block; far more than customers in a stream.
BLOCK = 1 << 40


def block_of(stream: int) -> int:
    """First code of a stream's own customers; the pool has the codes below the first block."""
    return (stream + 1) * BLOCK


@dataclass(frozen=True, slots=True)
class Customers:
    """Names of customers by code.

    Parameters
    ----------
    namers
        For each block of a stream that has customers of its own: number in the block → name.
    """

    namers: dict[int, Callable[[int], str]] = field(default_factory=dict)

    def name(self, code: int) -> str:
        """Name of one customer; the code must not be negative."""
        block, number = divmod(code, BLOCK)
        return f"c{number}" if block == 0 else self.namers[block](number)
