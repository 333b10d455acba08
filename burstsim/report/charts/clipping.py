"""How far an axis reaches where one interval is far wider than all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["arrows_of", "reach_of"]

#: An interval is out of scale where it reaches further than so many times the median one.
_FAR = 5.0


def reach_of(table: pd.DataFrame) -> float | None:
    """Choose how far from 0 an axis reaches; None where everything fits beside each other.

    Parameters
    ----------
    table
        ``estimate low high``, a row for each interval that is drawn.
    """
    far = table[["estimate", "low", "high"]].abs().max(axis=1)
    far = far[far > 0]
    if far.empty:
        return None
    rest = far[far <= _FAR * far.median()]
    reach = float(rest.max())
    return reach if far.max() > 2 * reach else None


def arrows_of(table: pd.DataFrame, reach: float, names: list[str]) -> dict[str, Any]:
    """Describe the marks at the edge where an interval goes on beyond it.

    Parameters
    ----------
    table
        ``estimate low high``.
    reach
        Where the edges are.
    names
        Of the rows, on the axis.
    """
    right, left = (table["high"] > reach).tolist(), (table["low"] < -reach).tolist()
    marks = [(name, reach, "triangle-right") for name, out in zip(names, right, strict=True) if out]
    marks += [(name, -reach, "triangle-left") for name, out in zip(names, left, strict=True) if out]
    return {
        **{"type": "scatter", "mode": "markers", "hoverinfo": "skip", "cliponaxis": False},
        "y": [name for name, _, _ in marks],
        "x": [edge for _, edge, _ in marks],
        "marker": {"color": "@ink", "size": 11, "symbol": [symbol for _, _, symbol in marks]},
    }
