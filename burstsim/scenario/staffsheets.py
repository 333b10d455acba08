"""Rosters and work standards that stand in spreadsheets: laid into the scenario's data.

They become the same shifts and work as if the scenario had said them itself, so that paths,
`--set`, studies and the manifest know no difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.explain import rule_of
from burstsim.scenario.fields import Name, Real, Section, Workers
from burstsim.scenario.paths import KeyPath
from burstsim.scenario.sheetreader import Sheet, read_rows
from burstsim.scenario.shifts import TableFile

__all__ = ["ROSTER", "STANDARDS", "lay_tables"]

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


def lay_tables(
    data: dict[str, Any], folder: Path, may_read: Callable[[TableFile, KeyPath], None]
) -> tuple[dict[str, Any], list[tuple[KeyPath, Problem]], list[KeyPath]]:
    """Put what rosters and standards hold where the scenario names their files.

    Parameters
    ----------
    data
        Of the scenario, as read; stays as it is.
    folder
        Where files are looked for.
    may_read
        Complains about a file that must not be read.

    Returns
    -------
    tuple
        The data with the tables in it; what is wrong, each with the key that names its file;
        and what the data therefore lacks.
    """
    houses = data.get("warehouses")
    if not isinstance(houses, dict):
        return data, [], []
    found: dict[str, Any] = {}
    problems: list[tuple[KeyPath, Problem]] = []
    gone: list[KeyPath] = []
    for name, house in houses.items():
        found[name] = house
        for key, lay in (("shifts", _roster), ("standards", _standards)):
            said = found[name].get(key) if isinstance(found[name], dict) else None
            if not isinstance(said, dict) or not isinstance(said.get("file"), str):
                continue
            here: KeyPath = ("warehouses", name, key)
            rest = {k: value for k, value in found[name].items() if k != key}
            own = {k: value for k, value in said.items() if k not in TableFile.model_fields}
            named = {k: value for k, value in said.items() if k in TableFile.model_fields}
            try:
                table = TableFile.model_validate(named)
                may_read(table, here)
                found[name] = rest | lay(table, folder / table.file, name, rest, own)
            except ValidationError as error:
                found[name] = rest
                for detail in error.errors(include_url=False):
                    rule, hint = rule_of(detail)
                    at = ".".join(map(str, detail["loc"]))
                    problems.append((here, Problem(rule=rule, path=at, hint=hint)))
            except ScenarioError as error:
                found[name] = rest
                problems += [(here, problem) for problem in error.problems]
            if found[name] is rest:
                gone += [here, *_without_work(here, rest)]
    return data | {"warehouses": found}, problems, gone


def _without_work(here: KeyPath, house: Mapping[str, Any]) -> Iterator[KeyPath]:
    """Name what nobody may ask after when the standards could not be read."""
    stages = house.get("stages")
    if here[-1] == "standards" and isinstance(stages, dict):
        yield from ((*here[:-1], "stages", stage, "work") for stage in stages)


def _roster(
    table: TableFile, path: Path, house: str, _: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """Make shifts of the rows; what the scenario says beside the file is laid over them."""
    rows = read_rows(path, table.columns, ROSTER, table.sheet)
    shifts: dict[str, dict[str, Any]] = {}
    problems = []
    for row, line in zip(rows.entries, rows.lines, strict=True):
        if row.warehouse not in (None, house):
            continue
        span = _span(row)
        if span is None:
            rule = "must say when: an hour from 0 to 23, or a shift with from and to"
            hint = "a shift may also be called by its span: 20:00-08:00"
            given = row.hour or row.shift or ""
            problems.append(Problem(rule=rule, file=str(path), line=line, value=given, hint=hint))
            continue
        name, begin, end = span
        of_stage = shifts.setdefault(row.stage, {})
        if name in of_stage:
            rule = f"has {row.stage} {name} a second time"
            problems.append(Problem(rule=rule, file=str(path), line=line))
        of_stage[name] = {"from": begin, "to": end, "workers": row.workers}
    if not shifts and not problems:
        problems = [_nothing(path, house)]
    if problems:
        raise ScenarioError(problems)
    return {"shifts": _over(shifts, own)}


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


def _standards(
    table: TableFile,
    path: Path,
    house: str,
    rest: Mapping[str, Any],
    own: Mapping[str, Any],
) -> dict[str, Any]:
    """Give stages and zones their work; what the scenario says of it is laid over the file's."""
    rows = read_rows(path, table.columns, STANDARDS, table.sheet)
    problems = [Problem(rule=f"has no {key}", path=key) for key in own]
    stages = rest.get("stages")
    known: dict[str, Any] = dict(stages) if isinstance(stages, dict) else {}
    used = False
    for row, line in zip(rows.entries, rows.lines, strict=True):
        if row.warehouse not in (None, house):
            continue
        used = True
        said = Problem(rule="", file=str(path), line=line, value=row.stage)
        if (row.uph is None) == (row.seconds is None):
            problems.append(replace(said, rule="must have either uph or seconds"))
            continue
        unit = {"order": "task"}.get(row.per or "order", row.per)
        work: dict[str, Any] = (
            {f"per_{unit}": f"{row.seconds:.10g}s"} if row.seconds else {"uph": row.uph}
        )
        if row.uph and row.per:
            work["per"] = row.per
        stage, _, zone = row.stage.partition(".")
        if not isinstance(known.get(stage), dict):
            problems.append(replace(said, rule=f"names no stage of {house}"))
            continue
        laid: dict[str, Any] = {"zones": {zone: {"work": work}}} if zone else {"work": work}
        known[stage] = _over(laid, known[stage])
    if not used and not problems:
        problems = [_nothing(path, house)]
    if problems:
        raise ScenarioError(problems)
    return {"stages": known}


def _nothing(path: Path, house: str) -> Problem:
    return Problem(rule=f"has no row of the warehouse {house}", file=str(path))


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one map over another, maps in them alike."""
    found = dict(below)
    for key, value in above.items():
        under = found.get(key)
        both = isinstance(under, Mapping) and isinstance(value, Mapping)
        found[key] = _over(under, value) if both and under is not None else value
    return found
