"""Between placing and paying: delays, time-outs, cancellations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from burstsim.scenario.fields import Duration, Section, Share, Variation

__all__ = ["Cancellations", "Delay", "Payment"]


class Delay(Section):
    """A span that is drawn for each order."""

    mean: Duration
    cv: Variation = 0.0
    dist: Literal["lognormal", "gamma", "exponential", "constant"] = "lognormal"

    @property
    def variation(self) -> float:
        """Coefficient of variation."""
        return 1.0 if self.dist == "exponential" else self.cv


class Payment(Section):
    """How buyers pay; without this section every order is paid when it is placed."""

    paid: Share = Field(default=1.0, description="share of orders whose buyer means to pay")
    delay: Delay = Delay(mean=0)
    timeout: Annotated[Duration, Field(gt=0)] = Field(
        default=15 * 60_000_000, description="an order not paid by then expires"
    )
    reserve: Literal["placed", "paid"] = Field(
        default="placed",
        description="when stock is taken; paid: more can be sold than there is",
    )
    stamp: Duration = Field(
        default=1_000_000, description="payments are stamped at whole multiples of this, later"
    )


class Cancellations(Section):
    """Buyers who change their mind after paying."""

    share: Share
    delay: Delay = Field(description="from payment to cancellation")
