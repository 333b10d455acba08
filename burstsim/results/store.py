"""Run folders: written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from burstsim.errors import OutputError
from burstsim.results.result import Result
from burstsim.results.summary import summary_of
from burstsim.streams import SCHEME

__all__ = ["check_target", "save"]

#: Every run folder has it, and it is written last.
_MANIFEST = "manifest.json"

_PACKAGES = ("burstsim", "simpy", "numpy", "pandas", "scipy", "pydantic", "pyarrow")


def check_target(folder: Path) -> None:
    """Refuse a folder that `save` could not write to, before the work is done.

    Raises
    ------
    OutputError
        When something that is no run folder stands there, or the place is not writable.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; give a folder that is new or an earlier run")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MANIFEST).is_file():
        raise OutputError(
            f"{folder} holds something else than an earlier run; give another folder"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {folder.parent}: {error.strerror}") from None
    if not os.access(folder.parent, os.W_OK):
        raise OutputError(f"cannot write in {folder.parent}: permission denied")


def save(result: Result, folder: Path) -> None:
    """Write a run folder; an earlier run of that name is replaced in one step.

    Writes ``summary.json orders.parquet parcels.parquet timeline.parquet flow.parquet
    manifest.json``. The tables are of the first replication.

    Parameters
    ----------
    result
        What to write.
    folder
        Where; made if it is not there.

    Raises
    ------
    OutputError
        When it cannot be written; nothing half-written is left behind.
    """
    check_target(folder)
    with _replaced(folder) as part:
        _write_json(part / "summary.json", summary_of(result))
        for name in ("orders", "parcels", "timeline", "flow"):
            getattr(result, name).to_parquet(part / f"{name}.parquet", index=False)
        _write_json(part / _MANIFEST, _manifest(result))
        for file in part.iterdir():
            _flush(file)


@contextlib.contextmanager
def _replaced(folder: Path) -> Iterator[Path]:
    """Give a new folder beside the target that takes its place at the end."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
    try:
        part.mkdir()
        yield part
        _flush(part)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        _flush(folder.parent)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _flush(path: Path) -> None:
    """Make sure that a file or a folder's entries are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _manifest(result: Result) -> dict[str, Any]:
    """Everything needed to run this again and to see that it is the same."""
    scenario = result.scenario
    return {
        "schema": 1,
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
        "machine": f"{platform.system()} {platform.machine()}",
        "scenario_sha256": scenario.digest(),
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "engine": result.engine,
        "seed": scenario.seed,
        "stream_scheme": SCHEME,
        "replications": [
            {"replication": number, "sha256": digest}
            for number, digest in enumerate(result.digests)
        ],
    }
