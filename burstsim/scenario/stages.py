"""Stages of the floor and the zones in them: queues, crews, tours, room to wait."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import Count, Duration, Name, Section, Whole, Workers
from burstsim.scenario.work import Work

__all__ = ["Breakdown", "Discipline", "Stage", "Tour", "Travel", "ZoneOfStage"]

#: Which of the tasks that wait is begun next.
Discipline = Literal["fifo", "promise", "class", "size"]

_Room = Annotated[Count, Field(ge=1)]


class Tour(Section):
    """Parcels that one picker collects on one walk, with a cart."""

    orders: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="parcels of one tour at most"
    )
    units: Annotated[Count, Field(ge=1)] | None = Field(
        default=None, description="pieces that the cart holds at most"
    )
    setup: Duration = Field(default=0, description="besides per_task, once for each tour")

    @model_validator(mode="after")
    def _ends_somewhere(self) -> Tour:
        if self.orders is None and self.units is None:
            raise ValueError("must have orders or units; they say when a tour is full")
        return self


class Travel(Section):
    """Walking: so long for each aisle that a task is expected to visit."""

    aisles: Annotated[Whole, Field(ge=1, le=100_000)]
    per_aisle: Duration


class ZoneOfStage(Section):
    """A part of a stage with a queue and a crew of its own; what is left out is the stage's."""

    workers: Workers | None = Field(
        default=None, description="where no shift covers; left out: none outside the shifts"
    )
    work: Work | None = Field(default=None, description="left out: the stage's")
    discipline: Discipline | None = Field(default=None, description="left out: the stage's")
    tour: Tour | None = Field(default=None, description="left out: the stage's")
    travel: Travel | None = Field(default=None, description="left out: the stage's")


class Stage(Section):
    """A step of the work that orders pass: one crew, or several zones side by side."""

    workers: Workers | None = Field(
        default=None, description="where no shift covers; left out: none outside the shifts"
    )
    zones: dict[Name, ZoneOfStage] = Field(
        default_factory=dict, description="instead of workers: zones that work side by side"
    )
    only: Literal["needs_work"] | None = Field(
        default=None,
        description="needs_work: only orders with kits to make or gifts to wrap come here",
    )
    work: Work | None = Field(default=None, description="besides that of kits and gifts")
    discipline: Discipline = Field(
        default="fifo",
        description="who is next: who came first, is due first, has the highest tier of "
        "membership, or has the fewest pieces",
    )
    tour: Tour | None = Field(default=None, description="of the first stage: many at a time")
    travel: Travel | None = None
    put_wall: _Room | None = Field(
        default=None, description="parcels at most that are released and not begun here"
    )
    staging: _Room | None = Field(
        default=None, description="parcels at most that have come here and are not begun"
    )
    transfer: Duration = Field(
        default=0, description="from here to the next stage; of the last stage it has no effect"
    )

    @model_validator(mode="after")
    def _one_crew_or_zones(self) -> Stage:
        if self.zones and self.workers is not None:
            raise ValueError("must not have workers besides zones; each zone has its own")
        return self

    @model_validator(mode="after")
    def _has_work(self) -> Stage:
        zones = bool(self.zones) and all(zone.work is not None for zone in self.zones.values())
        if self.work is None and self.only is None and not zones:
            raise ValueError("must have work, or only: needs_work")
        return self


class Breakdown(Section):
    """Machines that fail: nobody begins a task until they are repaired."""

    mtbf: Annotated[Duration, Field(gt=0)] = Field(description="mean time between two failures")
    mttr: Annotated[Duration, Field(gt=0)] = Field(description="mean time to repair")
