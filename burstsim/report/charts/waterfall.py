"""Where an order's time goes: from payment to shipped, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.report.blocks import Figure
from burstsim.report.charts.style import axis, filled, layout_of
from burstsim.report.safe import labels
from burstsim.results.wording import format_value

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["time_chart", "time_parts"]


def time_parts(orders: pd.DataFrame, parcels: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Say where the time of a parcel that was shipped goes on average.

    Parameters
    ----------
    orders
        ``order paid …``, see `frames.orders_frame`.
    parcels
        ``order released <stage>_entered <stage>_started <stage>_done … shipped``, see
        `frames.parcels_frame`.

    Returns
    -------
    list of (what, kind, seconds)
        In the order of the way; `kind` is ``hold``, ``way``, ``wait`` or ``work``. Together they
        are the mean from payment to shipped, of goods and gifts alike.
    """
    sent = parcels[parcels["shipped"].notna() & parcels["released"].notna()]
    if sent.empty:
        return []
    paid = orders.set_index("order")["paid"].reindex(sent["order"]).to_numpy(np.float64)
    known = ~np.isnan(paid)
    sent, paid = sent[known], paid[known]
    if sent.empty:
        return []
    cursor = sent["released"].to_numpy(np.float64)
    parts = [("until released", "hold", float((cursor - paid).mean()))]
    way = 0.0
    stages = [str(name).removesuffix("_entered") for name in sent if str(name).endswith("_entered")]
    for stage in stages:
        entered, started, done = (
            sent[f"{stage}_{what}"].to_numpy(np.float64) for what in ("entered", "started", "done")
        )
        here = ~np.isnan(done)  # who did not pass loses no time there
        count = len(cursor)
        way += float((entered - cursor)[here].sum()) / count
        parts.append((stage, "wait", float((started - entered)[here].sum()) / count))
        parts.append((stage, "work", float((done - started)[here].sum()) / count))
        cursor = np.where(here, done, cursor)
    after = float((sent["shipped"].to_numpy(np.float64) - cursor).mean())
    return [*parts, ("between stages", "way", way), ("after the last stage", "way", after)]


def time_chart(orders: pd.DataFrame, parcels: pd.DataFrame) -> Figure | None:
    """Draw the mean time of a parcel as steps from payment to shipped.

    Parameters
    ----------
    orders, parcels
        As `time_parts` has them.
    """
    parts = [part for part in time_parts(orders, parcels) if abs(part[2]) >= 0.5]
    total = sum(seconds for _, _, seconds in parts)
    if not parts or total <= 0:
        return None
    unit, size = ("h", 3600) if total >= 2 * 3600 else ("min", 60)
    words = {"wait": "waiting for {}", "work": "work at {}"}
    names = labels([words.get(kind, "{}").format(what) for what, kind, _ in parts], 24)
    colours = {"wait": ("@red", "/"), "work": ("@blue", ""), "hold": ("@orange", "x")}
    data: list[dict[str, Any]] = []
    begins = np.concatenate([[0.0], np.cumsum([part[2] for part in parts])[:-1]])
    for kind, shown in (("hold", "held"), ("wait", "waiting"), ("work", "work"), ("way", "way")):
        rows = [row for row, part in enumerate(parts) if part[1] == kind]
        if not rows:
            continue
        colour, pattern = colours.get(kind, ("@grey", "."))
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": shown},
                "y": [names[row] for row in rows],
                "x": [parts[row][2] / size for row in rows],
                "base": [float(begins[row]) / size for row in rows],
                "marker": filled(colour, pattern),
                "text": [format_value(parts[row][2], "seconds") for row in rows],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        )
    what, kind, seconds = max(parts, key=lambda part: part[2])
    most = words.get(kind, "{}").format(what)
    finding = (
        f"Of {format_value(total, 'seconds')} from payment to shipped, on average, "
        f"{format_value(seconds, 'seconds')} ({seconds / total:.0%}) is {most}."
    )
    layout = layout_of(
        axis(f"time since payment, {unit}", range=[0, total / size * 1.35]),
        axis("", type="category", categoryorder="array", categoryarray=names[::-1], showgrid=False),
        **{"barmode": "overlay", "bargap": 0.25, "showlegend": True},
    )
    layout["hovermode"] = "closest"
    return Figure(
        title="Where an order's time goes",
        finding=finding,
        data=data,
        layout=layout,
        height=130 + 30 * len(parts),
    )
