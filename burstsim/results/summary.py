"""The summary of a run as plain data: what `--json` prints and ``summary.json`` holds."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from burstsim.languages import phrase
from burstsim.results.result import Result

__all__ = ["INTERVALS", "SCHEMA", "summary_of"]

#: Version of the summary's form; it goes up when a key changes its meaning or goes away.
SCHEMA = 1

#: What low and high of a threshold are: of a mean, and of a share of nights.
INTERVALS = (phrase("95 %, two-sided"), phrase("95 % bounds, one-sided each"))
_TWO_SIDED, _ONE_SIDED = INTERVALS


def summary_of(result: Result) -> dict[str, Any]:
    """Say a result as maps, lists, text and numbers; what is undefined is None.

    Keys: ``schema scenario engine seed replications metrics thresholds bottleneck verdict
    sentence notes stopping``. ``values`` of a metric has one entry per replication; ``interval``
    of a threshold says what its ``low`` and ``high`` are.
    """
    scenario = result.scenario
    return {
        "schema": SCHEMA,
        "scenario": {"name": scenario.name, "sha256": scenario.digest()},
        "engine": result.engine,
        "seed": scenario.seed,
        "replications": result.replications,
        "metrics": {
            name: {
                "estimate": _plain(found.estimate),
                "low": _plain(found.low),
                "high": _plain(found.high),
                "n": found.n,
                "unit": result.units[name],
                "at_least": found.at_least,
                "values": [_plain(value) for value in found.values],
            }
            for name, found in result.estimates.items()
        },
        "thresholds": {
            name: {
                "expr": check.expr,
                "status": check.status,
                "estimate": _plain(check.estimate),
                "low": _plain(check.low),
                "high": _plain(check.high),
                "interval": _TWO_SIDED if check.threshold.nights is None else _ONE_SIDED,
            }
            for name, check in result.checks.items()
        },
        "bottleneck": _plain_map(result.bottleneck),
        "verdict": result.verdict,
        "sentence": result.sentence,
        "notes": list(result.notes),
        "stopping": _stopping(result),
    }


def _stopping(result: Result) -> dict[str, Any] | None:
    """Say why there are so many replications, where the run itself found out."""
    if result.stopping is None:
        return None
    plain = dataclasses.asdict(result.stopping)
    return {name: _plain(v) if isinstance(v, float) else v for name, v in plain.items()}


def _plain(value: float) -> float | int | None:
    if math.isnan(value):
        return None
    return int(value) if value == int(value) else value


def _plain_map(found: dict[str, object] | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {k: _plain(v) if isinstance(v, float) else v for k, v in found.items()}
