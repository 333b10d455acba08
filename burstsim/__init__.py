"""burstsim: what a flash sale will do to a merchant's warehouses, before it happens."""

from burstsim.engine.world import World
from burstsim.errors import (
    BurstsimError,
    InvariantError,
    LimitError,
    OutputError,
    Problem,
    ReplicationError,
    ScenarioError,
)
from burstsim.results.result import Result
from burstsim.scenario.reader import load, loads
from burstsim.scenario.scenario import Scenario
from burstsim.studies.compare import compare
from burstsim.studies.compared import Compare
from burstsim.studies.fit import ChiSquare, Fit, fit
from burstsim.studies.replicate import run
from burstsim.studies.size import size
from burstsim.studies.sized import Size
from burstsim.studies.stress import stress
from burstsim.studies.stressed import Stress
from burstsim.studies.sweep import Sweep, sweep
from burstsim.studies.verify import Verification, verify

__all__ = [
    "BurstsimError",
    "ChiSquare",
    "Compare",
    "Fit",
    "InvariantError",
    "LimitError",
    "OutputError",
    "Problem",
    "ReplicationError",
    "Result",
    "Scenario",
    "ScenarioError",
    "Size",
    "Stress",
    "Sweep",
    "Verification",
    "World",
    "compare",
    "fit",
    "load",
    "loads",
    "run",
    "size",
    "stress",
    "sweep",
    "verify",
]
