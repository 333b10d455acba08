"""A replication of which only sums are kept: run, added up and forgotten piece by piece."""

from __future__ import annotations

from collections.abc import Iterable

from burstsim.engine.compile import Model
from burstsim.engine.piece import Piece
from burstsim.results.pictures import Pictures
from burstsim.results.summing.summary import Summary

__all__ = ["summarised"]


def summarised(model: Model, pieces: Iterable[Piece], pictures: Pictures | None = None) -> Summary:
    """Add a replication up.

    Parameters
    ----------
    model
        The compiled scenario.
    pieces
        All of the replication's, in order; each is let go of before the next one is asked for.
    pictures
        Where what is drawn of it is gathered as well.
    """
    summary, rest = Summary(model), iter(pieces)
    while (piece := next(rest, None)) is not None:
        summary.add(piece)
        if pictures is not None:
            pictures.add(piece)
        del piece
    return summary
