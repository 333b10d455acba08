"""Where an order's time goes: from payment to shipped, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from burstsim.languages import ENGLISH, Words, phrase
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
        ``order paid …``, see `rowtables.order_rows`.
    parcels
        ``order released <stage>_entered <stage>_started <stage>_done … shipped``, see
        `rowtables.parcel_rows`.

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


#: What parts of the way that are no stage are called, and what is done at a stage.
_BETWEEN = (
    phrase("until released"),
    phrase("between stages"),
    phrase("after the last stage"),
)
_AT_A_STAGE = {"wait": phrase("waiting for {stage}"), "work": phrase("work at {stage}")}

#: Kinds of parts, with what the legend calls them.
_KINDS = {
    "hold": phrase("held"),
    "wait": phrase("waiting"),
    "work": phrase("work"),
    "way": phrase("way"),
}


def _called(part: tuple[str, str, float], words: Words) -> str:
    what, kind, _ = part
    if kind in _AT_A_STAGE:
        return words.say(_AT_A_STAGE[kind], stage=what)
    return words.say(what) if what in _BETWEEN else what


def time_chart(
    orders: pd.DataFrame, parcels: pd.DataFrame, words: Words = ENGLISH
) -> Figure | None:
    """Draw the mean time of a parcel as steps from payment to shipped.

    Parameters
    ----------
    orders, parcels
        As `time_parts` has them.
    words
        The reader's language.
    """
    parts = [part for part in time_parts(orders, parcels) if abs(part[2]) >= 0.5]
    total = sum(seconds for _, _, seconds in parts)
    if not parts or total <= 0:
        return None
    unit, size = (words.say("h"), 3600) if total >= 2 * 3600 else (words.say("min"), 60)
    names = labels([_called(part, words) for part in parts], 24)
    colours = {"wait": ("@red", "/"), "work": ("@blue", ""), "hold": ("@orange", "x")}
    data: list[dict[str, Any]] = []
    begins = np.concatenate([[0.0], np.cumsum([part[2] for part in parts])[:-1]])
    for kind, shown in _KINDS.items():
        rows = [row for row, part in enumerate(parts) if part[1] == kind]
        if not rows:
            continue
        colour, pattern = colours.get(kind, ("@grey", "."))
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": words.say(shown)},
                "y": [names[row] for row in rows],
                "x": [parts[row][2] / size for row in rows],
                "base": [float(begins[row]) / size for row in rows],
                "marker": filled(colour, pattern),
                "text": [format_value(parts[row][2], "seconds", words=words) for row in rows],
                "textposition": "outside",
                "cliponaxis": False,
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        )
    most = max(parts, key=lambda part: part[2])
    finding = words.say(
        "Of {total} from payment to shipped, on average, {span} ({share}) is {part}.",
        total=format_value(total, "seconds", words=words),
        span=format_value(most[2], "seconds", words=words),
        share=f"{most[2] / total:.0%}",
        part=_called(most, words),
    )
    layout = layout_of(
        axis(words.say("time since payment, {unit}", unit=unit), range=[0, total / size * 1.35]),
        axis("", type="category", categoryorder="array", categoryarray=names[::-1], showgrid=False),
        **{"barmode": "overlay", "bargap": 0.25, "showlegend": True},
    )
    layout["hovermode"] = "closest"
    return Figure(
        title=words.say("Where an order's time goes"),
        finding=finding,
        data=data,
        layout=layout,
        height=130 + 30 * len(parts),
    )
