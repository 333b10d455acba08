from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from burstsim.scenario.reader import loads
from tests.scenario.good import GOOD, changed, problems_of


@pytest.mark.parametrize(
    ("path", "value", "told", "words"),
    [
        ("demnd.live.orders", 5, "demnd.live.orders", "did you mean 'demand'?"),
        ("demand.liv.orders", 5, "demand.liv.orders", "did you mean 'live'?"),
        ("demand.live.ordrs", 5, "demand.live.ordrs", "did you mean 'orders'?"),
        ("horizon.x", 5, "horizon.x", "'horizon', which has no keys"),
        ("demand.live.orders", "lots", "demand.live.orders", "must be a number"),
        ("demand.live.orders", "[1", "demand.live.orders", "bracket"),
        ("demand.live.orders", "-5", "demand.live.orders", "at least 0"),
        ("demand.live", "5", "demand.live", "a section with keys"),
        ("demand.live.at", "29h", "demand.live.at", "between start and horizon"),
        ("horizon", 3600, "horizon", "did you mean 3600s or 3600h?"),
        ("seed", True, "seed", "a whole number"),
        ("demand_scale", float("nan"), "demand_scale", "a finite number"),
        ("demand_scale", 10**400, "demand_scale", "too large"),
        ("demand_scale", object(), "demand_scale", "Python object"),
        ("name", ["\ud800"], "name", "half a character"),
        ("demand.rush.rates[0]", "5", "", "set the whole list"),
        ("", "5", "", "is not a path"),
        ("thresholds.time", "on_tim >= 0.5", "thresholds.time", "'on_time'"),
        ("demand.live.basket.weights", "{SET:5}", "demand.live.basket.weights.SET:5", "SET: 5"),
        ("promises.live.where.channel", ["x"], "promises.live.where.channel[0]", "no channel"),
    ],
)
def test_broken_overrides(path: str, value: object, told: str, words: str, folder: Path) -> None:
    found = problems_of(GOOD, folder, **{path: value})
    assert [(problem.file, problem.path, problem.line) for problem in found] == [("--set", told, 0)]
    assert words in str(found[0])


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("demand.live.orders", "700", 700),
        ("demand.live.orders", 700, 700),
        ("demand.live.orders", 700.5, 700.5),
        ("catalog.skus.LIP-01.price", 129, 12900),
        ("catalog.skus.LIP-01.price", "129", 12900),
        ("drain", "90s", 90_000_000),
        ("name", "2026", "2026"),
        ("oms.cycle", "45s", 45_000_000),
        ("demand.shelf.basket.lines.1", 2, 2),
        ("promises.rest.where.channel", "[live]", ["live"]),
        ("promises.rest.where.channel", ("live",), ["live"]),
    ],
)
def test_overrides(path: str, value: object, expected: object, folder: Path) -> None:
    here: Any = loads(GOOD, folder=folder, set={path: value})
    for key in path.split("."):
        key = int(key) if key.isdigit() else key
        here = here[key] if isinstance(here, dict) else getattr(here, str(key))
    assert here == expected


def test_an_override_is_blamed_for_what_it_breaks_elsewhere(folder: Path) -> None:
    text = changed(("seed: 7", "seed: x"))
    first, second = problems_of(text, folder, horizon="1h")
    assert "--set" not in str(first)
    assert second.path == "demand.gift.at"
    assert second.hint.endswith("only so with --set horizon")


def test_overrides_do_not_change_what_was_given(folder: Path) -> None:
    basket = {"weights": {"SET": 1}}
    loads(GOOD, folder=folder, set={"demand.gift.basket": basket, "demand.gift.basket.lines.1": 1})
    assert basket == {"weights": {"SET": 1}}


def test_a_whole_number_without_end_is_refused(folder: Path) -> None:
    # Python itself refuses to write it as text.
    (found,) = problems_of(GOOD, folder, seed=10**5000)
    assert "too large" in found.rule
