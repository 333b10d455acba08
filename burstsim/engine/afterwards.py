"""What is drawn for orders that concerns the time after the floor: carriers and returns."""

from __future__ import annotations

import numpy as np

from burstsim.engine.buyers import spans
from burstsim.engine.compile import Model
from burstsim.engine.parts import Part, Source
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.units import NEVER

__all__ = ["back_after", "carrier_draws"]


def carrier_draws(model: Model, source: Source, part: Part) -> Floats:
    """Draw a number in [0, 1) for each order of a stream, by which its carrier is chosen."""
    if not any(len(carriers) > 1 for carriers in model.carriers):
        return np.zeros(len(part.placed))  # nothing depends on it
    return source.uniforms("carrier", part)


def back_after(model: Model, source: Source, part: Part) -> Ticks:
    """Draw how long after shipping each order's goods come back, `NEVER` for who keeps them."""
    returns = model.scenario.returns
    if returns is None:
        return np.full(len(part.placed), NEVER)
    sends = source.uniforms("return", part) < returns.share
    delay = part.of_each(spans(returns.after, source.of("return delay"), part.drawn))
    return np.where(sends, delay, NEVER)
