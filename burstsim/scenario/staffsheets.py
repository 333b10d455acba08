"""Rosters and work standards that stand in spreadsheets."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from burstsim.errors import Problem
from burstsim.scenario.fields import Name, Real, Section, Workers
from burstsim.scenario.sheetreader import Sheet
from burstsim.scenario.tablerows import Gathered, Given

__all__ = ["ROSTER", "STANDARDS", "gather_roster", "gather_standards"]

#: 20:00-08:00, as shifts are often called.
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~～至]\s*(\d{1,2}:\d{2})")

_HOUR = re.compile(r"(\d{1,2})(?::00)?")


class RosterRow(Section):
    """So many people at a stage in a shift, or in an hour of the day."""

    warehouse: Name | None = None
    stage: Name
    shift: Name | None = None
    from_: Name | None = Field(default=None, alias="from")
    to: Name | None = None
    hour: Name | None = None
    workers: Workers


class StandardRow(Section):
    """How fast people work at a stage."""

    warehouse: Name | None = None
    stage: Name
    uph: Annotated[Real, Field(gt=0, le=1e9)] | None = None
    seconds: Annotated[Real, Field(gt=0, le=1e6)] | None = None
    per: Literal["order", "line", "unit"] | None = None


_PLACE = {"warehouse": ("仓库",), "stage": ("环节", "工序", "岗位", "阶段")}

ROSTER = Sheet(
    what="a roster",
    row=RosterRow,
    aliases={
        **_PLACE,
        "shift": ("班次", "班组"),
        "from": ("开始时间", "上班时间", "开始"),
        "to": ("结束时间", "下班时间", "结束"),
        "hour": ("小时", "时段", "时间"),
        "workers": ("人数", "在岗人数"),
    },
    optional=("warehouse", "shift", "from", "to", "hour"),
    numbers=("workers",),
    each="each shift, or hour, of a stage",
)

STANDARDS = Sheet(
    what="work standards",
    row=StandardRow,
    aliases={
        **_PLACE,
        "uph": ("人效", "小时产能", "每小时件数"),
        "seconds": ("标准工时", "秒", "工时秒"),
        "per": ("计量单位", "单位"),
    },
    optional=("warehouse", "uph", "seconds", "per"),
    numbers=("uph", "seconds"),
)


def gather_roster(given: Given, found: Gathered) -> None:
    """Make a shift of each row."""
    for row, line in given.mine():
        span = _span(row)
        if span is None:
            rule = "must say when: an hour from 0 to 23, or a shift with from and to"
            hint = "a shift may also be called by its span: 20:00-08:00"
            found.wrong(line, rule, row.hour or row.shift or "", hint)
            continue
        name, begin, end = span
        of_stage = found.data.setdefault(row.stage, {})
        if name in of_stage:
            found.wrong(line, f"has {row.stage} {name} a second time")
        of_stage[name] = {"from": begin, "to": end, "workers": row.workers}
        found.lines.setdefault((row.stage,), line)
        found.lines.setdefault((row.stage, name), line)


def _span(row: RosterRow) -> tuple[str, str, str] | None:
    """Name and ends of a row's shift; None where it does not say them."""
    if row.from_ and row.to:
        return row.shift or f"{row.from_}-{row.to}".replace(":", ""), row.from_, row.to
    for text in (row.shift, row.hour):
        if text and (span := _SPAN.fullmatch(text)):
            return f"{span[1]}-{span[2]}".replace(":", ""), span[1], span[2]
    hour = _HOUR.fullmatch(row.hour or "")
    if hour is None or int(hour[1]) > 23:
        return None
    at = int(hour[1])
    return f"h{at:02}", f"{at:02}:00", f"{(at + 1) % 24:02}:00"


def gather_standards(given: Given, found: Gathered) -> None:
    """Give stages and zones their work, the stages in the order of the scenario."""
    found.problems += [Problem(rule=f"has no {key}", path=key) for key in given.own]
    stages = given.rest.get("stages")
    known = stages if isinstance(stages, dict) else {}
    found.data |= {stage: {} for stage in known}
    for row, line in given.mine():
        if (row.uph is None) == (row.seconds is None):
            found.wrong(line, "must have either uph or seconds", row.stage)
            continue
        unit = {"order": "task"}.get(row.per or "order", row.per)
        work: dict[str, Any] = (
            {f"per_{unit}": f"{row.seconds:.10g}s"} if row.seconds else {"uph": row.uph}
        )
        if row.uph and row.per:
            work["per"] = row.per
        stage, _, zone = row.stage.partition(".")
        if not isinstance(known.get(stage), dict):
            found.wrong(line, f"names no stage of {given.house}", row.stage)
            continue
        if zone:
            found.data[stage].setdefault("zones", {})[zone] = {"work": work}
        else:
            found.data[stage]["work"] = work
        where = (stage, "zones", zone) if zone else (stage,)
        found.lines[(*where, "work")] = line
