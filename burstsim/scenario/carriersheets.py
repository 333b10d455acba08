"""Carriers that stand in a spreadsheet."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from burstsim.scenario.fields import ClockMoment, Count, Name, Section, Weight
from burstsim.scenario.sheetreader import Sheet
from burstsim.scenario.tablerows import Gathered, Given, written

__all__ = ["CARRIERS", "gather_carriers"]

#: A moment among others: a date and its time belong together.
_MOMENT = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[ T]+\d{1,2}:\d{2}(?::\d{2})?|[^\s,;，；、]+")

_BETWEEN = re.compile(r"\s*[,;，；、]\s*")


def _moments(cell: Any) -> Any:
    return _MOMENT.findall(cell) if isinstance(cell, str) else cell


def _names(cell: Any) -> Any:
    return [name for name in _BETWEEN.split(cell) if name] if isinstance(cell, str) else cell


class CarrierRow(Section):
    """A pickup of a carrier, or several; what holds of all may stand in any of its rows."""

    warehouse: Name | None = None
    carrier: Name
    pickup: Annotated[list[ClockMoment], BeforeValidator(_moments), Field(min_length=1)]
    capacity: Annotated[Count, Field(ge=1)] | None = None
    share: Weight | None = None
    region: Annotated[list[Name], BeforeValidator(_names)] | None = None


CARRIERS = Sheet(
    what="carriers",
    row=CarrierRow,
    aliases={
        "warehouse": ("仓库",),
        "carrier": ("承运商", "快递", "快递公司"),
        "pickup": ("揽收时间", "揽收", "提货时间"),
        "capacity": ("运力", "载量"),
        "share": ("占比", "份额"),
        "region": ("地区", "区域"),
    },
    optional=("warehouse", "capacity", "share", "region"),
    numbers=("capacity", "share"),
)


def gather_carriers(given: Given, found: Gathered) -> None:
    """Make a carrier of all rows that name it."""
    for row, line in given.mine():
        said = written(row)
        carrier: dict[str, Any] = found.data.setdefault(row.carrier, {"pickups": []})
        found.lines.setdefault((row.carrier,), line)
        for moment in said["pickup"]:
            if moment in carrier["pickups"]:
                rule = f"must not have a pickup of {row.carrier} a second time"
                found.wrong(line, rule, moment)
            found.lines[(row.carrier, "pickups", len(carrier["pickups"]))] = line
            carrier["pickups"].append(moment)
        for key, ours in (("capacity", "capacity"), ("share", "share"), ("region", "regions")):
            found.agree((row.carrier,), ours, said.get(key), line)
