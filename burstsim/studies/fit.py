"""Fit a scenario to an order log, and hold what it simulates against the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from burstsim.engine.compile import compile_scenario
from burstsim.engine.draws import draw_orders
from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.logreader import read_order_log
from burstsim.scenario.logtable import counted
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from burstsim.studies.fittext import scenario_text
from burstsim.studies.logfacts import LogFacts, facts_of
from burstsim.units import DAY, SECOND, parse_duration

__all__ = ["ChiSquare", "Fit", "fit"]

_FEWEST_EXPECTED = 5.0  # in a bin, for the chi-square distribution to hold
_MOST_DRAWN = 2_000_000  # orders, where nobody says how many replications
#: Columns that a replay reads and a fit makes nothing of.
_UNUSED = ("channel", "room", "tier", "new", "coupon", "discount", "shipping", "tax")
_MOST_ITEMS = 10_000  # of which the scenario file stays below its limit of size


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """Simulated counts of orders against those of the log.

    Parameters
    ----------
    statistic, degrees, p_value
        Of Pearson's test. The rates are those of the log and nothing is matched afterwards, so
        every bin is a degree of freedom.
    replications
        Over which the simulated counts are added up.
    bin
        Ticks of a bin before neighbours with few orders are put together.
    """

    statistic: float
    degrees: int
    p_value: float
    replications: int
    bin: int

    @property
    def sentence(self) -> str:
        """What the numbers say."""
        verdict = (
            "no difference that chance does not explain"
            if self.p_value >= 0.01
            else "more difference than chance explains; try a shorter --rate-step"
        )
        return (
            f"orders per {'day' if self.bin == DAY else 'hour'} in {self.replications} "
            f"replications against the log: chi-square {self.statistic:.1f} with "
            f"{counted(self.degrees, 'degree')} of freedom, p = {self.p_value:.3f}: {verdict}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A scenario fitted to a log.

    Parameters
    ----------
    text
        The scenario file.
    scenario
        The same, as `burstsim.load` would give it.
    facts
        What the log says.
    notes
        What was found out about the file, and what was simplified.
    chi_square
        How well simulated counts match those of the log.
    """

    text: str
    scenario: Scenario
    facts: LogFacts
    notes: tuple[str, ...]
    chi_square: ChiSquare


def fit(  # noqa: PLR0913 - what can be said about a log
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    profile: str | None = None,
    sheet: str | None = None,
    time_format: str | None = None,
    rate_step: str = "1h",
    top: int = 500,
    replications: int | None = None,
) -> Fit:
    """Write a scenario whose demand is that of an order log.

    Parameters
    ----------
    path
        CSV, XLSX or Parquet with one row per order line; JSON with a profile.
    columns
        Our name -> name in the header; usual names are found without. A column that a fit
        makes nothing of is refused.
    profile
        A ready-made way to read a well-known data set.
    sheet
        Of an XLSX file; the first if None.
    time_format
        ``strptime`` format of the times; ISO if None.
    rate_step
        Span for which a rate holds.
    top
        How many items to keep, those most often ordered.
    replications
        How many to hold against the log; left out, 20, of large logs fewer.

    Returns
    -------
    Fit

    Raises
    ------
    ScenarioError
        With everything that is wrong with the log or the arguments.
    """
    step = _checked(rate_step, top, 1 if replications is None else replications)
    _check_used(columns or {})
    file = str(path)
    try:
        log = read_order_log(
            Path(path),
            columns or {},
            time_format=time_format,
            profile=profile,
            sheet=sheet,
        )
    except ScenarioError as error:
        # "file" is a key of a replay; here the file was named directly
        raise ScenarioError(
            [replace(p, path="" if p.path == "file" else p.path) for p in error.problems]
        ) from None
    facts = facts_of(log, file, step, top)
    notes = (*log.notes, *facts.notes)
    text = scenario_text(facts, f"{Path(path).stem}, fitted", notes)
    scenario = loads(text, file=f"scenario fitted to {file}")
    if replications is None:
        replications = max(min(20, _MOST_DRAWN // facts.orders), 1)
    return Fit(
        text=text,
        scenario=scenario,
        facts=facts,
        notes=notes,
        chi_square=_compare(facts, scenario, replications),
    )


def _checked(rate_step: str, top: int, replications: int) -> int:
    """Ticks of a step; complains about every argument that makes no sense."""
    problems = []
    step = 0
    try:
        step = parse_duration(rate_step)
        rule = "" if SECOND <= step <= 366 * DAY else "must be between 1s and a year"
    except ValueError as error:
        rule = str(error)
    if rule:
        problems.append(Problem(rule=rule, path="--rate-step", value=rate_step))
    for value, name, most in ((top, "--top", _MOST_ITEMS), (replications, "replications", 10_000)):
        if not 1 <= value <= most:
            rule = f"must be between 1 and {most:,}"
            problems.append(Problem(rule=rule, path=name, value=str(value)))
    if problems:
        raise ScenarioError(problems)
    return step


def _check_used(columns: Mapping[str, str]) -> None:
    """Refuse columns that were asked for and would change nothing."""
    rule, hint = "is not used by a fit", "leave it away, or replay the log, which reads it"
    problems = [
        Problem(rule=rule, path=f"columns.{ours}", hint=hint) for ours in columns if ours in _UNUSED
    ]
    if problems:
        raise ScenarioError(problems)


def _compare(facts: LogFacts, scenario: Scenario, replications: int) -> ChiSquare:
    """Add up simulated orders per bin and compare them with the log's."""
    model = compile_scenario(scenario)
    bins = -(-facts.horizon // facts.bin)
    observed = np.zeros(bins)
    for replication in range(replications):
        placed = draw_orders(model, replication).placed
        observed += np.bincount(placed // facts.bin, minlength=bins)[:bins]
    expected = np.zeros(bins)
    expected[: len(facts.bin_counts)] = facts.bin_counts
    expected *= replications
    # Neighbours are put together until each bin expects enough; the last takes what is left.
    enough = np.cumsum(expected)
    edges, reached = [0], 0.0
    for place, total in enumerate(enough.tolist(), start=1):
        if total - reached >= _FEWEST_EXPECTED:
            edges.append(place)
            reached = total
    if len(edges) > 1:
        edges.pop()  # the end of the last bin, which reaches to the horizon
    starts = np.array(edges)
    observed, expected = (np.add.reduceat(counts, starts) for counts in (observed, expected))
    from scipy.special import chdtrc  # imported here: it takes longer than most commands

    statistic = float(((observed - expected) ** 2 / expected).sum())
    return ChiSquare(
        statistic=statistic,
        degrees=len(starts),
        p_value=float(chdtrc(len(starts), statistic)),
        replications=replications,
        bin=facts.bin,
    )
