"""Folders of studies: one JSON of what was found, a Parquet file per table."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.errors import OutputError
from burstsim.results.files import write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ends_of", "plain", "save_study"]


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


def save_study(folder: str | Path, found: Mapping[str, Any], **tables: pd.DataFrame) -> None:
    """Write ``<study>.json`` and ``<table>.parquet`` into a folder, each whole or not at all.

    Parameters
    ----------
    folder
        Made if it is not there; other files in it stay.
    found
        With the study's name as ``study``.
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
        text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(target / f"{found['study']}.json", text + "\n")
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
