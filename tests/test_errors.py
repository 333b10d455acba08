from __future__ import annotations

import pytest

from burstsim.errors import BurstsimError, Problem, ScenarioError, did_you_mean


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(rule="is empty"), "is empty"),
        (Problem(rule="is empty", file="f.yaml"), "f.yaml: is empty"),
        (Problem(rule="is bad", file="f.yaml", line=3), "f.yaml:3: is bad"),
        (Problem(rule="is bad", path="a.b", line=3), "a.b: is bad"),
        (
            Problem(
                rule="must be at least 0",
                path="a.b",
                file="f.yaml",
                line=3,
                value="-5",
                hint="why?",
            ),
            "f.yaml:3: a.b: must be at least 0, got -5 (why?)",
        ),
    ],
)
def test_a_problem_as_text(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_error_tells_every_problem_on_its_line() -> None:
    problems = [Problem(rule="is one"), Problem(rule="is two")]
    error = ScenarioError(problems)
    assert isinstance(error, BurstsimError)
    assert error.problems == tuple(problems)
    assert str(error) == "is one\nis two"


def test_suggestions() -> None:
    assert did_you_mean("stok", ["stages", "stock"]) == "did you mean 'stock'?"
    assert did_you_mean("stok", []) == did_you_mean("zzz", ["stock"]) == ""
