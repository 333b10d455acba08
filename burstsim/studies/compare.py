"""Compare scenarios, runs, or policies of one scenario, with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from burstsim.errors import Problem, ScenarioError, did_you_mean
from burstsim.results.result import Result
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed
from burstsim.studies.compared import Compare
from burstsim.studies.evaluate import evaluate
from burstsim.studies.pool import Pool
from burstsim.studies.regress import read_rules
from burstsim.studies.runs import (
    Side,
    language_of,
    side_of_folder,
    side_of_result,
    side_of_sample,
    units_of,
)
from burstsim.studies.shardstore import ShardStore

__all__ = ["NONE", "Comparable", "compare"]

Comparable = Scenario | Result | str | Path

#: Name for a scenario without any of its policies.
NONE = "none"


def compare(  # noqa: PLR0913 - what can be said about a study
    first: Comparable,
    second: Comparable | None = None,
    *,
    policies: Sequence[str] | None = None,
    fail_on: Sequence[str] = (),
    replications: int | None = None,
    names: Sequence[str] | None = None,
    pool: Pool | None = None,
    store: ShardStore | None = None,
    progress: Callable[[str], None] | None = None,
    language: str | None = None,
) -> Compare:
    """Find what is different, replication by replication.

    Replication i of both sides shares its random numbers, where both have one seed: two
    scenarios are both run with the seed of the first. Runs of different seeds are compared all
    the same, with wider intervals.

    Parameters
    ----------
    first, second
        Scenarios, results, or run folders; `second` is left out with `policies`.
    policies
        Of the first, a scenario: names of its policies that are kept, with ``+`` between
        several, ``"none"`` for none; the first of these is what the others are held against.
    fail_on
        Changes that are forbidden, such as ``"p95(order_to_ship) > +5%"``.
    replications
        Of scenarios; left out, as the first says.
    names
        What to call the sides.
    pool, store
        Who runs replications, and what has been run already.
    progress
        Called with a word on what is being run.
    language
        Code of the language of the answer; left out, that of the first side.

    Raises
    ------
    ScenarioError
        For policies that do not exist, and rules that cannot be read.
    OutputError
        For a folder that holds no run.
    ValueError
        When there is nothing to compare.
    """
    if policies is not None:
        if second is not None or not isinstance(first, Scenario):
            raise ValueError("policies are compared of one scenario")
        given: list[Comparable] = [_with_policies(first, text) for text in policies]
        called = list(names or policies)
    else:
        if second is None:
            raise ValueError("give a second side, or policies of the first")
        given = [first, second]
        called = list(names or _called(first, second))
    if len(given) < 2 or len(set(called)) != len(given):
        raise ValueError("at least two sides are needed, each with a name of its own")
    base = next((side for side in given if isinstance(side, Scenario)), None)
    if base is not None and replications is None:
        replications = base.replications
    own = pool or Pool()
    for side in given:
        if isinstance(side, Scenario):
            own.admit(side, left="nothing was run")
    # before anything is run: what there is already, and whether the rules can be read
    loaded = {
        name: _loaded(name, side)
        for name, side in zip(called, given, strict=True)
        if not isinstance(side, Scenario)
    }
    known = [
        units_of(side) if isinstance(side, Scenario) else loaded[name].units
        for name, side in zip(called, given, strict=True)
    ]
    units = {metric: unit for metric, unit in known[0].items() if all(metric in k for k in known)}
    rules = tuple(read_rules(fail_on, units))
    sides = []
    for name, side in zip(called, given, strict=True):
        if progress is not None:
            progress(name)
        if isinstance(side, Scenario) and base is not None:
            same = changed(side, {} if side.seed == base.seed else {"seed": base.seed})
            sample = evaluate(same, range(replications or 1), own, store)
            sides.append(side_of_sample(name, sample))
        else:
            sides.append(loaded[name])
    return Compare(
        sides=tuple(sides),
        units=units,
        rules=rules,
        language=language or language_of(sides[0]),
    )


def _loaded(name: str, side: Comparable) -> Side:
    if isinstance(side, Result):
        return side_of_result(name, side)
    assert not isinstance(side, Scenario)
    return replace(side_of_folder(side), name=name)


def _called(first: Comparable, second: Comparable) -> list[str]:
    """Name two sides, by number where their own names do not tell them apart."""
    found = []
    for side in (first, second):
        if isinstance(side, Result):
            found.append(side.scenario.name)
        else:
            found.append(side.name if isinstance(side, Scenario) else str(side))
    return found if found[0] != found[1] else ["first", "second"]


def _with_policies(scenario: Scenario, text: str) -> Scenario:
    """Keep some policies of a scenario."""
    kept = [name.strip() for name in text.split("+") if name.strip()]
    if kept == [NONE] and NONE not in scenario.policies:
        kept = []
    elif unknown := [name for name in kept if name not in scenario.policies]:
        raise ScenarioError(
            [
                Problem(
                    rule="names no policy of this scenario",
                    path="policies",
                    file="--policies",
                    value=name,
                    hint=did_you_mean(name, [*scenario.policies, NONE]),
                )
                for name in unknown
            ]
        )
    written = scenario.model_dump(mode="json", by_alias=True)["policies"]
    # in the order of the file, whatever the order in which they are named
    return changed(
        scenario, {"policies": {name: written[name] for name in written if name in kept}}
    )
