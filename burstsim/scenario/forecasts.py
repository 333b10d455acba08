"""How wrong a forecast may be."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, model_validator

from burstsim.scenario.fields import Real, Section

__all__ = ["Forecast"]

#: The standard normal's 90 % point.
_Z90 = 1.2815515655446004

_Factor = Annotated[Real, Field(gt=0, le=1e6)]


class Forecast(Section):
    """Quantiles of the factor by which demand may differ: lognormal on each side of the middle."""

    p10: _Factor
    p50: _Factor = 1.0
    p90: _Factor

    @model_validator(mode="after")
    def _in_order(self) -> Forecast:
        if not self.p10 <= self.p50 <= self.p90:
            raise ValueError("must have p10 <= p50 <= p90")
        return self

    def factor(self, normal: float) -> float:
        """Turn a standard normal number into the factor.

        Examples
        --------
        >>> round(Forecast(p10=0.7, p50=1, p90=1.9).factor(-1.2815515655446004), 12)
        0.7
        """
        side = self._above if normal > 0 else self._below
        return self.p50 * math.exp(normal * side)

    @property
    def mean(self) -> float:
        """The factor that is expected."""
        upper = math.exp(self._above**2 / 2) * _normal(self._above)
        return self.p50 * (upper + math.exp(self._below**2 / 2) * _normal(-self._below))

    @property
    def _above(self) -> float:
        return math.log(self.p90 / self.p50) / _Z90

    @property
    def _below(self) -> float:
        return math.log(self.p50 / self.p10) / _Z90


def _normal(z: float) -> float:
    """Share of the standard normal below z."""
    return math.erfc(-z / math.sqrt(2)) / 2
