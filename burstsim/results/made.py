"""What something was made of and with: the scenario, versions, the machine."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from burstsim.engine.orders import Orders
from burstsim.engine.outline import outline
from burstsim.scenario.scenario import Scenario

__all__ = ["made_of", "made_with"]

_PACKAGES = ("burstsim", "simpy", "numpy", "pandas", "scipy", "pydantic", "pyarrow")


def made_with() -> dict[str, Any]:
    """Give versions and machine, as manifests have them."""
    return {
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
        "machine": f"{platform.system()} {platform.machine()}",
    }


def made_of(scenario: Scenario, orders: Orders | None = None) -> dict[str, Any]:
    """Give a scenario with its digest and in words, as manifests have it.

    Parameters
    ----------
    scenario
        As it was run.
    orders
        Of one replication, where there are any already; else one is drawn.
    """
    return {
        "scenario_sha256": scenario.digest(),
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "description": list(outline(scenario, orders)),
    }
