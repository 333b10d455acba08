"""What a study varies: ``PATH=LO:HI[:STEP]`` or ``PATH=A,B,C``, one grammar for all of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.paths import shorten
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import VARY, changed

__all__ = ["Axis", "Vary", "axes_of", "parse_vary"]

#: A number and what stands behind it: nothing, or a unit such as ``s`` or ``/h``.
_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(/?[A-Za-z]*)\s*")
_MOST_VALUES = 100_000
#: Decimals of a value between two ends when no step is given.
_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One thing that is varied, and the values it may take.

    Parameters
    ----------
    path
        Dotted path in the scenario.
    values
        Those that were listed, as written; empty for a range.
    low, high
        Ends of a range.
    step
        Of a range; None: any value between the ends, or any whole number where `whole`.
    unit
        What stands behind the numbers of a range.
    whole
        Whether the scenario takes only whole numbers there.
    """

    path: str
    values: tuple[object, ...] = ()
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    step: Decimal | None = None
    unit: str = ""
    whole: bool = False

    @property
    def is_range(self) -> bool:
        """Whether values lie between two ends, and are not listed."""
        return not self.values

    @property
    def grid(self) -> tuple[object, ...]:
        """Every value: those listed, or each step from `low` on that is not above `high`.

        Raises
        ------
        ScenarioError
            For a range without steps, and one with too many.
        """
        if self.values:
            return self.values
        step = self.step or (Decimal(1) if self.whole else None)
        if step is None:
            hint = f"write {self.path}={self.low}:{self.high}:STEP, or list the values"
            raise ScenarioError([_fault(self.path, "needs a step", hint=hint)])
        count = int((self.high - self.low) / step) + 1
        if count > _MOST_VALUES:
            rule = f"must have at most {_MOST_VALUES:,} values"
            raise ScenarioError([_fault(self.path, rule, value=f"{count:,}")])
        return tuple(self.written(self.low + number * step) for number in range(count))

    def within(self, share: float) -> object:
        """Value at a share of the way from the first to the last; `share` is below 1."""
        if self.values:
            return self.values[int(share * len(self.values))]
        if self.step is not None or self.whole:
            count = int((self.high - self.low) / (self.step or 1)) + 1
            return self.written(self.low + int(share * count) * (self.step or 1))
        return self.at(float(self.low) + share * float(self.high - self.low))

    def at(self, number: float) -> object:
        """Value of a range at a number, as far as it may be taken there: whole, or six digits."""
        if self.step is not None:
            steps = round((number - float(self.low)) / float(self.step))
            return self.written(self.low + steps * self.step)
        if self.whole:
            return self.written(Decimal(round(number)))
        digits = _DIGITS - 1 - math.floor(math.log10(abs(number))) if number else 0
        return self.written(Decimal(repr(round(number, digits))))

    def written(self, number: Decimal) -> object:
        """Write a number as the scenario has it: with its unit, or plain."""
        if self.unit:
            return f"{number.normalize():f}{self.unit}"
        return int(number) if number == int(number) else float(number)


Vary = Mapping[str, object]


def parse_vary(texts: Iterable[str]) -> dict[str, object]:
    """Split ``PATH=VALUES`` texts.

    Raises
    ------
    ScenarioError
        With every text that has no path or no values, and every path that comes twice.
    """
    found: dict[str, object] = {}
    problems = []
    for text in texts:
        path, equals, values = text.partition("=")
        path = path.strip()
        if not equals or not path or not values.strip():
            rule = "must read PATH=LO:HI, PATH=LO:HI:STEP or PATH=A,B,C"
            problems.append(Problem(rule=rule, file=VARY, value=shorten(text) or "nothing"))
        elif path in found:
            problems.append(_fault(path, "is varied twice"))
        found[path] = values.strip()
    if problems:
        raise ScenarioError(problems)
    return found


def axes_of(scenario: Scenario, vary: Vary) -> tuple[Axis, ...]:
    """Read what is varied, and try the values that bound it in the scenario.

    Parameters
    ----------
    scenario
        What is varied.
    vary
        Dotted path → text as after ``--vary PATH=``, or a list, tuple or range of values.

    Raises
    ------
    ScenarioError
        With every path that leads nowhere and every value that the scenario does not take.
    """
    axes: list[Axis] = []
    problems: list[Problem] = []
    for path, given in vary.items():
        try:
            axes.append(_typed(scenario, _axis(str(path), given)))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    return tuple(axes)


def _axis(path: str, given: object) -> Axis:
    if isinstance(given, str):
        listed = _split(given)
        return _range(path, given) if len(listed) == 1 and ":" in given else _listed(path, listed)
    if isinstance(given, Iterable):
        return _listed(path, list(given))
    hint = "give text such as 1:20 or 1,2,5, or a list of values"
    raise ScenarioError([_fault(path, "must be several values", repr(given), hint)])


def _listed(path: str, values: list[object]) -> Axis:
    if not values or any(isinstance(value, str) and not value.strip() for value in values):
        raise ScenarioError([_fault(path, "must have a value between its commas")])
    if len(values) > _MOST_VALUES:
        rule = f"must have at most {_MOST_VALUES:,} values"
        raise ScenarioError([_fault(path, rule, f"{len(values):,}")])
    return Axis(path=path, values=tuple(values))


def _range(path: str, text: str) -> Axis:
    if text.strip()[:1] in "[{\"'":
        return Axis(path=path, values=(text,))
    parts = text.split(":")
    found = [_NUMBER.fullmatch(part) for part in parts]
    if len(parts) > 3 or None in found:
        hint = 'put a moment in quotes, such as \'"20:00","21:00"\'' if ":" in text else ""
        rule = "must have numbers as its ends and its step"
        raise ScenarioError([_fault(path, rule, shorten(text), hint)])
    numbers = [Decimal(match[1]) for match in found if match]
    units = {match[2] for match in found if match}
    if len(units) > 1:
        raise ScenarioError([_fault(path, "must have one unit for all its numbers", text)])
    low, high = numbers[:2]
    step = numbers[2] if len(numbers) > 2 else None
    if low > high:
        hint = f"did you mean {parts[1]}:{parts[0]}?"
        raise ScenarioError([_fault(path, "must begin with the smaller number", text, hint)])
    if step is not None and step <= 0:
        raise ScenarioError([_fault(path, "must have a step above 0", parts[2])])
    return Axis(path=path, low=low, high=high, step=step, unit=units.pop())


def _typed(scenario: Scenario, axis: Axis) -> Axis:
    """Try values in the scenario; find out whether it takes whole numbers only."""
    problems: list[Problem] = []
    for value in axis.values or (axis.written(axis.low), axis.written(axis.high)):
        try:
            changed(scenario, {axis.path: value})
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))
    if axis.values or axis.unit:
        return axis
    try:
        changed(scenario, {axis.path: float(axis.low) + 0.5})
        changed(scenario, {axis.path: float(axis.high) - 0.5})
    except ScenarioError as error:
        if any("whole" in problem.rule for problem in error.problems):
            axis = replace(axis, whole=True)
    if axis.whole and axis.step is not None and axis.step != int(axis.step):
        rule = "must have a whole step; the scenario takes whole numbers there"
        raise ScenarioError([_fault(axis.path, rule, str(axis.step))])
    return axis


def _split(text: str) -> list[object]:
    """Split at the commas that stand in no bracket and no quote."""
    parts, depth, quote, here = [], 0, "", ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if sign == "," and not quote and depth <= 0:
            parts.append(here.strip())
            here = ""
        else:
            here += sign
    return [*parts, here.strip()]


def _fault(path: str, rule: str, value: str = "", hint: str = "") -> Problem:
    return Problem(rule=rule, path=path, file=VARY, value=value, hint=hint)
