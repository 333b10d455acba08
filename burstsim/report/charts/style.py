"""What all pictures share: colours, axes, moments, thinning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from burstsim.languages import ENGLISH, Words

__all__ = [
    "COLOURS",
    "DASHES",
    "axis",
    "filled",
    "layout_of",
    "line",
    "moments",
    "thin",
    "time_axis",
    "zone_name",
]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

#: Names of the page's colours for series: Okabe and Ito's, told apart by most colour-blind people.
COLOURS = ("@blue", "@orange", "@green", "@red", "@sky", "@purple", "@yellow", "@grey")

#: Beside colours, so that lines differ in black and white as well.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")

#: Points of a line that a screen can show.
_MOST_POINTS = 480


def moments(start: datetime, seconds: Sequence[float] | Floats) -> list[str]:
    """Write seconds since `start` as dates that Plotly reads, to the second."""
    return [
        (start + timedelta(seconds=round(float(second)))).strftime("%Y-%m-%d %H:%M:%S")
        for second in seconds
    ]


def thin(values: Floats, most: int = _MOST_POINTS) -> Indices:
    """Choose points of a line so that its shape stays: highest and lowest of each piece.

    Parameters
    ----------
    values : (n,) float64
        What the line shows.
    most
        About how many points may stay.

    Returns
    -------
    (m,) intp
        Positions, ascending; the first and the last are among them.

    Examples
    --------
    >>> thin(np.array([0.0, 0, 0, 9, 0, 0, 0, 0, 0, 0]), most=4).tolist()
    [0, 3, 5, 9]
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    edges = np.linspace(0, count, max(most // 2, 1) + 1).astype(np.intp)
    kept = [0, count - 1]
    for first, last in pairwise(edges.tolist()):
        piece = values[first:last]
        kept += [first + int(piece.argmin()), first + int(piece.argmax())]
    return np.unique(kept)


def line(colour: str, dash: str = "solid", width: float = 2) -> dict[str, Any]:
    """Describe a line."""
    return {"color": colour, "dash": dash, "width": width}


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Describe an axis; room for its labels is made as needed."""
    titled = {"title": {"text": title, "standoff": 8}} if title else {}
    return {**titled, "automargin": True, "zeroline": False, **more}


def time_axis(words: Words = ENGLISH, **more: Any) -> dict[str, Any]:
    """Describe an axis of moments: the time of day, and below it the day where it changes."""
    shown = words.say("%H:%M\n%a %d %b")
    if words is not ENGLISH:
        # the names of days and months that Plotly knows by itself are English
        more["hoverformat"] = "%Y-%m-%d %H:%M"
    return axis("", type="date", tickformat=shown, tickangle=0, **more)


def filled(colour: str, pattern: str = "") -> dict[str, Any]:
    """Describe how bars are filled; a pattern tells them apart without colours."""
    if not pattern:
        return {"color": colour}
    hatch = {"shape": pattern, "fillmode": "overlay", "fgcolor": "@page", "fgopacity": 0.7}
    return {"color": colour, "pattern": {**hatch, "size": 7, "solidity": 0.3}}


def layout_of(x: dict[str, Any], y: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Describe a picture with one pair of axes and its legend above."""
    legend = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
    margin = {"l": 12, "r": 12, "t": 12, "b": 12}
    return {"xaxis": x, "yaxis": y, "legend": legend, "margin": margin, "hovermode": "x", **more}


def zone_name(warehouse: str, stage: str, zone: str, *, several: bool) -> str:
    """Name a zone as shortly as it can be told apart."""
    parts = [warehouse] if several else []
    parts += [stage] if zone == stage else [stage, zone]
    return ".".join(parts)
