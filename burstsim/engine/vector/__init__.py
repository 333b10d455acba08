"""The `vector` engine: SimPy says when, NumPy says how many."""

from burstsim.engine.vector.engine import simulate

__all__ = ["simulate"]
