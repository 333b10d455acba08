"""A run folder, read back: all that reports are made of."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from burstsim.errors import OutputError
from burstsim.languages import Words, known_code, phrase, words_of
from burstsim.results.store import ROWS
from burstsim.results.summary import SCHEMA

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RunFolder", "as_written", "read_folder", "read_table"]

#: Tables that a folder of this version has, and what cannot be shown without each.
_TABLES = {
    "orders": phrase("orders by their times"),
    "parcels": phrase("where time goes"),
    "timeline": phrase("queues and utilisation"),
    "flow": phrase("orders in and out"),
    "gift_flow": phrase("when gifts ran short"),
    "stock": phrase("how stock ran down"),
}


def read_table(
    folder: Path, name: str, columns: Sequence[str] | None = None
) -> pd.DataFrame | None:
    """Read a table of a run or a study; None where the folder has none of that name.

    Parameters
    ----------
    folder
        Where it is.
    name
        Of the file, without its ending.
    columns
        Those that are needed; else all.

    Raises
    ------
    OutputError
        When it cannot be read.
    """
    import pandas as pd

    file = folder / f"{name}.parquet"
    if not file.is_file():
        return None
    try:
        return pd.read_parquet(file, columns=None if columns is None else list(columns))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot read {file}: {error}") from None


@dataclass(frozen=True)
class RunFolder:
    """What a run left.

    Parameters
    ----------
    path
        Where it is.
    summary
        As `summary.summary_of` writes it.
    manifest
        As `store.save` writes it.
    """

    path: Path
    summary: dict[str, Any]
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Of the scenario."""
        return str(self.summary["scenario"]["name"])

    @property
    def scenario(self) -> dict[str, Any]:
        """The scenario as it was run, with all defaults."""
        found: dict[str, Any] = self.manifest["scenario"]
        return found

    @cached_property
    def words(self) -> Words:
        """The language of the scenario; English for one that is not known here."""
        return words_of(known_code(self.scenario.get("language")))

    @cached_property
    def start(self) -> datetime:
        """The moment from which seconds are counted."""
        return datetime.fromisoformat(str(self.scenario["start"]))

    @property
    def metrics(self) -> dict[str, dict[str, Any]]:
        """Every metric: ``estimate low high n unit at_least values``."""
        found: dict[str, dict[str, Any]] = self.summary["metrics"]
        return found

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame | None:
        """Read a table of the first replication; None where the folder has none of that name.

        Parameters
        ----------
        name
            Of the file, without its ending.
        columns
            Those that are needed; else all.
        """
        return read_table(self.path, name, columns)

    @property
    def notes(self) -> list[str]:
        """What a folder of an earlier version lacks, a sentence each."""
        words = self.words
        by = self.manifest.get("versions", {}).get("burstsim", words.say("an earlier version"))
        lacking = [name for name in _TABLES if not (self.path / f"{name}.parquet").is_file()]
        if len(lacking) == len(_TABLES):
            # not an earlier version: nobody kept any
            return [
                words.say(
                    "This run folder holds no tables of a replication: their pictures are left out."
                )
            ]
        notes = []
        if self.scenario.get("record") == "summary":
            lacking = [name for name in lacking if name not in ROWS]
            notes.append(
                words.say(
                    "The scenario records sums only: pictures of single orders are left out, and "
                    "quantiles (p50 to p99) may be up to 0.1 % too high."
                )
            )
        notes += [
            words.say(
                "{name}.parquet is not in this run folder, written by burstsim {version}: the "
                "report does not show {what}. Run the scenario again to see it.",
                name=name,
                version=by,
                what=words.say(_TABLES[name]),
            )
            for name in lacking
        ]
        if "description" not in self.manifest:
            notes.append(
                words.say(
                    "The manifest, written by burstsim {version}, does not hold the scenario in "
                    "words.",
                    version=by,
                )
            )
        return notes


@contextlib.contextmanager
def as_written(path: Path) -> Iterator[None]:
    """Make a report of a folder that anybody may have changed: what is wrong in it is no defect.

    Parameters
    ----------
    path
        The folder.

    Raises
    ------
    OutputError
        When what is in it is not of the form in which runs write it.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        if os.environ.get("BURSTSIM_DEBUG"):
            raise
        raise OutputError(
            f"{path} is not as a run writes it: {type(error).__name__}: {error}; run the scenario "
            "again, or set BURSTSIM_DEBUG=1 to see where that was found"
        ) from None


def read_folder(path: Path) -> RunFolder:
    """Read what a run left.

    Raises
    ------
    OutputError
        When it is no run folder, or one of a version that is not understood.
    """
    summary, manifest = (_json(path / name) for name in ("summary.json", "manifest.json"))
    schema = summary.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise OutputError(f"{path / 'summary.json'} says no schema: it is not of a run")
    if schema > SCHEMA:
        raise OutputError(
            f"{path / 'summary.json'} has schema {schema}, of a newer burstsim; this one reads up "
            f"to {SCHEMA}: update burstsim, or run the scenario again"
        )
    if schema < 1:
        raise OutputError(f"{path / 'summary.json'} has schema {schema}, which no burstsim wrote")
    wanted = {"scenario", "metrics", "thresholds", "verdict", "sentence", "replications"}
    if missing := sorted(wanted - summary.keys()):
        raise OutputError(f"{path / 'summary.json'} lacks {', '.join(missing)}: it is not of a run")
    if "scenario" not in manifest:
        raise OutputError(f"{path / 'manifest.json'} lacks the scenario")
    return RunFolder(path, summary, manifest)


def _json(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise OutputError(f"{file.parent} is no run folder: there is no {file.name}")
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot read {file}: {error}") from None
    if not isinstance(data, dict):
        raise OutputError(f"{file} does not hold a map")
    return data
