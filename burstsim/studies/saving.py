"""Folders of studies: one JSON of what was found, a Parquet file per table."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.errors import OutputError
from burstsim.results.files import write_whole
from burstsim.results.made import made_of, made_with
from burstsim.scenario.scenario import Scenario
from burstsim.streams import SCHEME

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MADE", "ends_of", "plain", "save_study"]

#: File that says what a study was made of.
MADE = "study.json"


def plain(value: float | None) -> float | int | None:
    """Give a number as JSON has it; None for what is not finite.

    Examples
    --------
    >>> plain(2.0), plain(math.nan), plain(0.5)
    (2, None, 0.5)
    """
    if value is None or not math.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def ends_of(found: Any) -> dict[str, float | int | None]:
    """Give estimate and interval of anything that has them, as JSON has them."""
    return {key: plain(getattr(found, key)) for key in ("estimate", "low", "high")}


def save_study(
    folder: str | Path,
    found: Mapping[str, Any],
    scenarios: Mapping[str, Scenario | Mapping[str, Any]],
    language: str,
    **tables: pd.DataFrame,
) -> None:
    """Write a study into a folder, each file whole or not at all.

    Writes ``<study>.json``, ``study.json``, its manifest with the scenarios in words, and
    ``<table>.parquet``.

    Parameters
    ----------
    folder
        Made if it is not there; other files in it stay.
    found
        With the study's name as ``study``.
    scenarios
        That were studied, by name; of one that was run before, what its manifest says of it.
    language
        Code of the language in which the answer is told.
    tables
        By name.

    Raises
    ------
    OutputError
        When something cannot be written.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            write_whole(target / f"{name}.parquet", table.to_parquet(index=False))
        _write(target / MADE, _made(found, scenarios, language))
        _write(target / f"{found['study']}.json", found)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None


def _made(
    found: Mapping[str, Any],
    scenarios: Mapping[str, Scenario | Mapping[str, Any]],
    language: str,
) -> dict[str, Any]:
    """Say what a study was made of and with, in the language of its answer."""
    return {
        "schema": 1,
        "study": found["study"],
        "language": language,
        **made_with(),
        "stream_scheme": SCHEME,
        "scenarios": {
            name: made_of(one.model_copy(update={"language": language}))
            if isinstance(one, Scenario)
            else one
            for name, one in scenarios.items()
        },
    }


def _write(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    write_whole(path, text + "\n")
