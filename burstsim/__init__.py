"""burstsim: what a flash sale will do to a merchant's warehouses, before it happens."""

from burstsim.engine.world import World
from burstsim.errors import (
    BurstsimError,
    InvariantError,
    OutputError,
    Problem,
    ScenarioError,
)
from burstsim.results.result import Result
from burstsim.scenario.reader import load, loads
from burstsim.scenario.scenario import Scenario
from burstsim.studies.fit import ChiSquare, Fit, fit
from burstsim.studies.replicate import run
from burstsim.studies.verify import Verification, verify

__all__ = [
    "BurstsimError",
    "ChiSquare",
    "Fit",
    "InvariantError",
    "OutputError",
    "Problem",
    "Result",
    "Scenario",
    "ScenarioError",
    "Verification",
    "World",
    "fit",
    "load",
    "loads",
    "run",
    "verify",
]
