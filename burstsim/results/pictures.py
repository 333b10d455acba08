"""The tables of one replication from which a report draws: how it went, minute by minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from burstsim.engine.compile import Model
from burstsim.engine.piece import Piece, whole_of
from burstsim.engine.trace import Trace
from burstsim.results.facts import Facts
from burstsim.results.frames import Minutes
from burstsim.results.giftframes import GiftFlow
from burstsim.results.stockframes import stock_frame
from burstsim.results.trucks import trucks_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Pictures", "Shown"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """The tables of one replication that have no row for each order.

    Parameters
    ----------
    timeline, flow, gift_flow, stock, trucks
        See `frames.Minutes`, `giftframes.GiftFlow`, `stockframes.stock_frame` and
        `trucks.trucks_frame`.
    items
        Names of all items, by number.
    """

    timeline: pd.DataFrame
    flow: pd.DataFrame
    gift_flow: pd.DataFrame
    stock: pd.DataFrame
    trucks: pd.DataFrame
    items: tuple[str, ...]


class Pictures:
    """Gathers what the tables need, piece by piece.

    Parameters
    ----------
    model
        The compiled scenario.
    """

    def __init__(self, model: Model) -> None:
        self._minutes, self._gifts = Minutes(model), GiftFlow()
        self._last: Trace | None = None

    def add(self, piece: Piece, facts: Facts | None = None) -> Self:
        """Add what happened in a piece.

        Parameters
        ----------
        piece
            The next one.
        facts
            What is known of its trace already.
        """
        self._minutes.add(Facts(piece.trace) if facts is None else facts, piece)
        self._gifts.add(piece)
        if piece.last:
            self._last = piece.trace
        return self

    def shown(self) -> Shown:
        """Give the tables; the last piece has been added."""
        assert self._last is not None
        return Shown(
            timeline=self._minutes.timeline(),
            flow=self._minutes.flow(),
            gift_flow=self._gifts.frame(),
            # goods that have an end need all of a run at once
            stock=stock_frame(self._last),
            trucks=trucks_frame(self._last),
            items=tuple(self._last.orders.items.names),
        )

    @classmethod
    def of(cls, trace: Trace) -> Shown:
        """Give the tables of a finished replication."""
        return cls(trace.model).add(whole_of(trace)).shown()
