"""The `event` engine: one SimPy process per order, the specification in code."""

from burstsim.engine.event.engine import simulate

__all__ = ["simulate"]
