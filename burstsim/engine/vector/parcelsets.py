"""Parcels of several batches as one set, in order of who they are for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from burstsim.engine.compile import Model
from burstsim.engine.vector.moves import Moves
from burstsim.engine.vector.parcels import Parcels
from burstsim.engine.visits import rows_of
from burstsim.kernels.arrays import Indices
from burstsim.kernels.columns import joined, lean, taken
from burstsim.kernels.segments import order_of_rows

__all__ = ["parcels_together"]

_KEYS = ("part", "warehouse")

_OF_PARCELS = (
    *(*_KEYS, "pieces", "lines"),
    *("sent", "gone", "carrier", "back_after", "enters"),
)

_NONE = np.empty(0, np.int64)


def parcels_together(
    model: Model, some: tuple[Parcels, Indices, Indices], others: tuple[Parcels, Indices]
) -> tuple[Parcels, Moves]:
    """Put parcels that stay and new ones together.

    What is in them, and which of a batch's groups they are for, is left out: nobody asks for it
    once they are on the floor.

    Parameters
    ----------
    model
        The zones.
    some
        Parcels, which of them stay, and the numbers that all of their orders have now.
    others
        Parcels that come, and the numbers of their orders.

    Returns
    -------
    parcels
        In order.
    moves
        Where those went that stay.
    """
    (old, stays, of_old), (new, of_new) = some, others
    houses = len(model.chains)
    order = np.concatenate((of_old[old.order[stays]], of_new[new.order]))
    keys = (joined(taken(getattr(old, name), stays), getattr(new, name)) for name in _KEYS)
    turn = order_of_rows(order, *keys)
    rank = np.empty(len(turn), np.int64)
    rank[turn] = np.arange(len(turn))
    order = order[turn]
    del turn
    place = np.full(len(old.order), -1)
    place[stays] = rank[: len(stays)]
    moves, fresh = Moves(len(order), place), rank[len(stays) :]
    columns = {
        name: moves.together(getattr(old, name), getattr(new, name), fresh) for name in _OF_PARCELS
    }
    before, now = (rows_of(their.warehouse, houses) for their in (old, new))
    after = rows_of(columns["warehouse"], houses)
    loads = []
    for zone, mine, theirs in zip(model.zones, old.loads, new.loads, strict=True):
        house = zone.house
        within = moves.among(before.of_house[house], after.of_house[house], after.place)
        places = after.within(fresh[now.of_house[house]])
        loads.append(within.together(mine, theirs, places))
    parcels = Parcels(
        group=_NONE,
        order=order,
        **columns,
        loads=tuple(loads),
        passes=tuple(
            _passes(moves, fresh, *pair) for pair in zip(old.passes, new.passes, strict=True)
        ),
        tasks={},
        sources=_NONE,
        gifts=(_NONE, _NONE, _NONE),
    )
    return parcels, moves


def _passes(
    moves: Moves,
    fresh: Indices,
    old: npt.NDArray[np.bool_] | None,
    new: npt.NDArray[np.bool_] | None,
) -> npt.NDArray[np.bool_] | None:
    """Say who has nothing to do in a zone; None where everybody comes."""
    if old is None and new is None:
        return None
    nobody = lean(np.zeros(moves.count, bool))
    if old is None:
        old = nobody[: len(moves.place)]
    return moves.together(old, nobody[: len(fresh)] if new is None else new, fresh)
