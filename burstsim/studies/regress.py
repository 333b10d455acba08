"""What may not get worse: ``p95(order_to_ship) > +5%``, read and judged by its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.kernels.arrays import Floats
from burstsim.results.estimates import Estimate, Status, estimate
from burstsim.results.value import Value
from burstsim.scenario.comparisons import compare as split
from burstsim.scenario.comparisons import read_limit

__all__ = ["FAIL_ON", "Judged", "Rule", "judge_rule", "paired", "read_rules", "unpaired"]

#: What messages call the place of a rule.
FAIL_ON = "--fail-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A change that makes a comparison fail.

    Parameters
    ----------
    expr
        As written.
    metric
        Whose change it is.
    operator
        One of ``> >= < <=``.
    limit
        With its sign; in proportion to the first side if `relative`, else in the metric's unit.
    relative
        Whether it was written with a percent sign.
    """

    expr: str
    metric: str
    operator: Literal[">", ">=", "<", "<="]
    limit: float
    relative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A rule, and whether what it forbids has happened.

    Parameters
    ----------
    rule
        The rule.
    status
        ``FAIL`` when the whole interval breaks it, ``PASS`` when none of it does.
    estimate, low, high
        The change, in the way in which the rule's limit is given.
    """

    rule: Rule
    status: Status
    estimate: float
    low: float
    high: float


def read_rules(texts: Sequence[str], units: dict[str, str]) -> list[Rule]:
    """Read rules such as ``p95(order_to_ship) > +5%`` or ``on_time < -0.005``.

    A percent sign always means in proportion to the first side; without one the limit is a
    difference in the metric's own unit.

    Parameters
    ----------
    texts
        As written.
    units
        Metric → unit, of those that both sides have.

    Raises
    ------
    ScenarioError
        With every one that is wrong.
    """
    found, problems = [], []
    for text in texts:
        try:
            found.append(_rule(text, units))
        except ValueError as error:
            rule, _, hint = str(error).partition("; ")
            problems.append(Problem(rule=rule, file=FAIL_ON, value=text, hint=hint))
    if problems:
        raise ScenarioError(problems)
    return found


def _rule(text: str, units: dict[str, str]) -> Rule:
    parts = split(text.strip())
    if parts is None:
        raise ValueError('must read METRIC > CHANGE, such as "p95(order_to_ship) > +5%"')
    if parts.left not in units:
        hint = did_you_mean(parts.left, units)
        raise ValueError(f"names no metric that both sides have: {parts.left}; {hint}")
    sign = -1.0 if parts.limit.startswith("-") else 1.0
    size = parts.limit.lstrip("+-").strip()
    relative = size.endswith("%")
    if relative:
        try:
            limit = float(size[:-1]) / 100
        except ValueError:
            raise ValueError("must end with a change such as +5% or +30m") from None
        if not 0 <= limit < 1e6:
            raise ValueError("must be a change of ordinary size")
    else:
        limit = read_limit(size, units[parts.left])
    operator = parts.operator
    assert operator in (">", ">=", "<", "<=")
    return Rule(
        expr=text.strip(),
        metric=parts.left,
        operator=operator,  # type: ignore[arg-type]
        limit=sign * limit,
        relative=relative,
    )


def paired(first: Floats, second: Floats) -> Estimate:
    """Mean difference of replications that share their random numbers, Student's t."""
    count = min(len(first), len(second))
    return estimate([Value(float(x)) for x in second[:count] - first[:count]])


def unpaired(first: Floats, second: Floats) -> Estimate:
    """Difference of means of replications that share nothing, with Welch's interval.

    Welch, "The generalization of Student's problem when several different population variances
    are involved", *Biometrika* 34 (1947).
    """
    one, two = (side[~np.isnan(side)] for side in (first, second))
    if len(one) == 0 or len(two) == 0:
        return estimate([])
    mean = float(two.mean() - one.mean())
    half = math.nan
    if min(len(one), len(two)) > 1:
        from scipy.special import stdtrit

        parts = [float(side.var(ddof=1)) / len(side) for side in (one, two)]
        freedom = [len(side) - 1 for side in (one, two)]
        total = sum(parts)
        half = 0.0
        if total > 0:
            spread = sum(part**2 / n for part, n in zip(parts, freedom, strict=True))
            half = float(stdtrit(total**2 / spread, 0.975)) * math.sqrt(total)
    return Estimate(
        estimate=mean,
        low=mean - half,
        high=mean + half,
        n=min(len(one), len(two)),
        at_least=False,
        values=(),
    )


def judge_rule(rule: Rule, first: Floats, second: Floats, *, share: bool) -> Judged:
    """Say whether a change that a rule forbids has happened.

    A change in proportion r is asked for by the difference second - (1 + r) first, whose
    interval needs no division (Fieller's way of judging a ratio).

    Parameters
    ----------
    rule
        What is forbidden.
    first, second
        The metric in each replication.
    share
        Whether both sides share their random numbers.
    """
    differ = paired if share else unpaired
    factor = 1 + rule.limit if rule.relative else 1.0
    beyond = differ(factor * first, second)
    shift = 0.0 if rule.relative else rule.limit
    forbidden = {_beyond(rule.operator, end - shift) for end in (beyond.low, beyond.high)}
    status: Status = "INCONCLUSIVE"
    if not math.isnan(beyond.low) and len(forbidden) == 1:
        status = "FAIL" if True in forbidden else "PASS"
    found = differ(first, second)
    # in proportion to the mean of the first side, for people; the verdict does not rest on it
    known = first[~np.isnan(first)]
    scale = abs(float(known.mean())) if rule.relative and len(known) else 1.0
    estimate_, low, high = (
        end / scale if scale else math.nan for end in (found.estimate, found.low, found.high)
    )
    return Judged(rule=rule, status=status, estimate=estimate_, low=low, high=high)


def _beyond(operator: str, value: float) -> bool:
    """Whether a value is on the forbidden side of 0."""
    if operator == ">":
        return value > 0
    if operator == ">=":
        return value >= 0
    return value < 0 if operator == "<" else value <= 0
