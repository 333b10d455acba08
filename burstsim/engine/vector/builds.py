"""What builds take from the shelf and bring to it."""

from __future__ import annotations

from burstsim.engine.compile import Model
from burstsim.engine.vector.events import Event

__all__ = ["build_events"]


def build_events(model: Model, parts_for: dict[int, int]) -> list[Event]:
    """Make events of the steps of all builds, in order.

    Parameters
    ----------
    model
        Its steps.
    parts_for
        Build → kits for which there were parts on sale; they fill the first lots.
    """
    events, left = [], dict(parts_for)
    for number, step in enumerate(model.steps):
        if step.counted:
            counted = Event(
                tick=step.tick,
                house=step.house,
                sku=step.counter,
                pieces=step.amount,
                counted=number,
            )
            events.append(counted)
            continue
        kits = min(step.amount, left.get(step.build, step.amount))
        if not step.needs and step.build >= 0:
            left[step.build] -= kits
        events.append(
            Event(
                tick=step.tick,
                house=step.house,
                sku=step.counter,
                pieces=kits,
                build=step.build,
                needs=dict(step.needs),
            )
        )
    return events
