"""The work of a task: how long it keeps one worker busy."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from burstsim.scenario.fields import Duration, Real, Section, Variation

__all__ = ["Work"]


class Work(Section):
    """How long one order keeps one worker busy, before noise and productivity."""

    per_task: Duration = 0
    per_line: Duration = Field(default=0, description="per different SKU to be picked")
    per_unit: Duration = Field(default=0, description="per piece, kits opened")
    uph: Annotated[Real, Field(gt=0, le=1e9)] | None = Field(
        default=None, description="a rate instead of seconds: so many per hour and worker"
    )
    per: Literal["order", "line", "unit"] = Field(default="order", description="what uph counts")
    allowance: Annotated[Real, Field(ge=0, le=10)] = Field(
        default=0.0, description="0.15: everything takes 15 % longer"
    )
    cv: Variation | None = Field(default=None, description="left out: constant")
    dist: Literal["lognormal", "gamma", "exponential", "constant"] = "lognormal"

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> Work:
        seconds = self.per_task or self.per_line or self.per_unit
        if self.uph is None and not seconds:
            raise ValueError("must say how long work takes: per_task, per_line, per_unit or uph")
        if self.uph is not None and seconds:
            raise ValueError("must give seconds (per_task, per_line, per_unit) or uph, not both")
        if self.uph is None and self.per != "order":
            raise ValueError("must not have per without uph; per says what uph counts")
        if self.dist == "exponential" and self.cv not in (None, 1):
            raise ValueError("must not have another cv than 1 with dist: exponential; leave cv out")
        if self.dist == "constant" and self.cv:
            raise ValueError("must not have a cv with dist: constant; leave cv out")
        if self.dist == "gamma" and not self.cv:
            raise ValueError("must have a cv above 0 with dist: gamma")
        return self

    @property
    def variation(self) -> float:
        """Coefficient of variation of the noise."""
        return 1.0 if self.dist == "exponential" else self.cv or 0.0
