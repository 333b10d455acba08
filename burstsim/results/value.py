"""A metric's value in one replication."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Value"]


class Value(NamedTuple):
    """A number, and whether the truth may lie above it."""

    number: float
    at_least: bool = False
