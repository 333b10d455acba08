"""Who works when: shifts of one zone, and planned stops."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from burstsim.scenario.fields import ClockMoment, Name, Real, Section, Share, Text, Window, Workers

__all__ = ["Shift", "Stop", "TableFile"]


class Shift(Section):
    """A daily span with so many workers."""

    from_: ClockMoment = Field(alias="from")
    to: ClockMoment
    workers: Workers
    productivity: Annotated[Real, Field(gt=0, le=100)] = 1.0
    breaks: list[Window] = Field(
        default_factory=list, description="spans [from, to) in which nobody starts a task"
    )
    no_show: Share = Field(default=0.0, description="chance of each worker not to come")


class Stop(Section):
    """A planned stop: nobody begins a task in a zone from one moment to another."""

    where: Name = Field(description="stage, or stage.zone")
    from_: ClockMoment = Field(alias="from")
    to: ClockMoment


class TableFile(Section):
    """A CSV file or an XLSX sheet with a table of people or their work."""

    file: Name
    columns: dict[Name, Name] = Field(default_factory=dict, description="our name → the file's")
    sheet: Text | None = Field(default=None, description="of an XLSX file; left out: the first")
