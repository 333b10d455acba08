"""Crews: people with several skills, who go where the work is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from burstsim.scenario.fields import Duration, Name, Real, Section, Window, Workers

__all__ = ["Crew"]


class Crew(Section):
    """People who are sent to a zone when their shift begins, and looked at again and again."""

    people: Annotated[Workers, Field(ge=1)]
    shift: Window = Field(description="[from, to); a time of day comes again every day")
    skills: Annotated[dict[Name, Annotated[Real, Field(gt=0, le=100)]], Field(min_length=1)] = (
        Field(description="stage or stage.zone → productivity there")
    )
    every: Annotated[Duration, Field(gt=0)] = Field(description="time between two looks")
    by: Literal["work_left", "backlog"] = Field(
        default="work_left", description="what calls them: work that waits, or tasks that wait"
    )
