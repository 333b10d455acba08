"""Levers that are pulled while a sale goes on: by policies, and by processes of users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from burstsim.engine.compile import Model
from burstsim.engine.orders import Orders
from burstsim.engine.parts import Source
from burstsim.engine.substreams import substreams
from burstsim.kernels.arrays import Floats, Ticks
from burstsim.scenario.policies import Lever
from burstsim.units import NEVER

__all__ = ["UPSTREAM", "Pull", "promised_anew", "throttle_numbers"]

#: Levers that act before the floor: on what is sold, promised and given.
UPSTREAM: Final = frozenset(
    {"stop_selling", "throttle", "limit_per_customer", "set_promise", "replace_gift"}
    | {"open_warehouse"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A lever that was pulled.

    Parameters
    ----------
    tick
        When. Orders placed or paid at this tick do not feel it yet, its sweep does.
    lever
        Which, and how.
    """

    tick: int
    lever: Lever


def throttle_numbers(model: Model, orders: Orders) -> Floats:
    """Draw a number in [0, 1) for each order: a throttle keeps those below its share.

    They belong to the stream and the order's index in it, so that a throttle of a channel lets
    the same orders through whatever else happens. Open orders have none: (n,) float64.
    """
    numbers = np.zeros(len(orders))
    for place, sub in enumerate(substreams(model.scenario)):
        mine = np.flatnonzero(orders.substream == place)
        if len(mine):
            source = Source(model.scenario.seed, orders.replication, sub.name)
            index = orders.index[mine]
            numbers[mine] = source.of("throttle").random(int(index.max()) + 1)[index]
    return numbers


def promised_anew(
    model: Model, orders: Orders, due: Ticks, tick: int, within: Mapping[str, int]
) -> Ticks:
    """Give the promises of orders that are paid later than a tick another span.

    Parameters
    ----------
    model, orders
        Who was promised what.
    due : (n,) int64
        Ticks by which orders are promised so far.
    tick
        When the promise is changed.
    within
        Promise → ticks from the payment.

    Returns
    -------
    (n,) int64
    """
    names = {id(promise): name for name, promise in model.scenario.promises.items()}
    due = due.copy()
    for number, channel in enumerate(orders.channels):
        promise = model.promise_of(channel)
        name = None if promise is None else names[id(promise)]
        if name is not None and name in within:
            mine = (orders.channel == number) & (orders.paid > tick) & (orders.paid < NEVER)
            due[mine] = orders.paid[mine] + within[name]
    return due
