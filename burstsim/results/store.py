"""Run folders: written whole or not at all."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from burstsim.errors import OutputError
from burstsim.results.files import flush, is_running
from burstsim.results.made import made_of, made_with
from burstsim.results.result import Result
from burstsim.results.rowtables import Table, frames_of, gift_rows, order_rows, parcel_rows
from burstsim.results.summary import summary_of
from burstsim.streams import SCHEME

__all__ = ["ROWS", "SHARDS", "check_target", "mend", "save"]

#: Folder of finished replications in a run folder; a run that was stopped has nothing else.
SHARDS = "shards"

#: Every run folder has it, and it is written last.
_MANIFEST = "manifest.json"

_TABLES = (
    *("orders", "parcels", "timeline", "flow", "gifts", "gift_flow", "stock", "trucks"),
    *("breakdowns", "costs"),
)

_OF_ROWS = {"orders": order_rows, "parcels": parcel_rows, "gifts": gift_rows}

#: Tables with a row for each order, which ``record: summary`` leaves out.
ROWS = tuple(_OF_ROWS)

#: Rows that are made, written and forgotten at once: the row groups of these tables.
_AT_ONCE = 1 << 17


def check_target(folder: Path) -> None:
    """Refuse a folder that `save` could not write to, before the work is done.

    Raises
    ------
    OutputError
        When something that is no run folder stands there, or the place is not writable.
    """
    try:
        _check_target(folder)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None


def _check_target(folder: Path) -> None:
    if folder.is_dir():
        others = any(path.name != SHARDS for path in folder.iterdir())
        if others and not (folder / _MANIFEST).is_file():
            raise OutputError(
                f"{folder} holds something else than an earlier run; give another folder"
            )
    elif os.path.lexists(folder):
        raise OutputError(f"{folder} is a file; give a folder that is new or an earlier run")
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write in {parent}: permission denied")


def save(
    result: Result,
    folder: Path,
    shards: Iterable[Path] = (),
    finish: Callable[[Path], None] | None = None,
) -> None:
    """Write a run folder; an earlier run of that name is replaced in one step.

    Writes ``summary.json orders.parquet parcels.parquet timeline.parquet flow.parquet
    gifts.parquet gift_flow.parquet stock.parquet trucks.parquet breakdowns.parquet costs.parquet
    stock_needed.parquet manifest.json``. The tables are of the first replication, the last three
    of all. With ``record: summary`` there are no tables of orders, parcels and gifts.

    Parameters
    ----------
    result
        What to write.
    folder
        Where; made if it is not there.
    shards
        Files of finished replications to keep in it.
    finish
        Adds files of its own to the folder while it is not in its place yet: a report.

    Raises
    ------
    OutputError
        When it cannot be written; nothing half-written is left behind.
    """
    check_target(folder)
    with _replaced(folder) as part:
        _write_json(part / "summary.json", summary_of(result))
        sums_only = result.scenario.record == "summary"
        for name in _TABLES:
            file = part / f"{name}.parquet"
            if name not in ROWS:
                getattr(result, name).to_parquet(file, index=False)
            elif not sums_only:
                _write_rows(file, _OF_ROWS[name](result.first))
        result.stock_needed().to_parquet(part / "stock_needed.parquet", index=False)
        _write_json(part / _MANIFEST, _manifest(result))
        if finish is not None:
            finish(part)
        for file in part.iterdir():
            flush(file)
        _take_over(shards, part / SHARDS)


def _write_rows(path: Path, table: Table) -> None:
    """Write a long table, some rows at a time: never is all of it there as it is shown."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pieces = (
        pa.Table.from_pandas(frame, preserve_index=False) for frame in frames_of(table, _AT_ONCE)
    )
    first = next(pieces)
    # codes of names get as much room as those of any later rows may need
    fields = [
        field.with_type(pa.dictionary(pa.int32(), field.type.value_type))
        if pa.types.is_dictionary(field.type)
        else field
        for field in first.schema
    ]
    with pq.ParquetWriter(path, pa.schema(fields, first.schema.metadata)) as writer:
        for rows in itertools.chain((first,), pieces):
            writer.write_table(rows.cast(writer.schema))


def _take_over(files: Iterable[Path], folder: Path) -> None:
    """Give files a second name in a folder, so that they are there at every moment."""
    for file in files:
        folder.mkdir(exist_ok=True)
        try:
            os.link(file, folder / file.name)
        except OSError:  # a file system without second names
            shutil.copy2(file, folder / file.name)
    if folder.exists():
        flush(folder)


@contextlib.contextmanager
def _replaced(folder: Path) -> Iterator[Path]:
    """Give a new folder beside the target that takes its place at the end."""
    target = folder.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        _tidy(target)
        part.mkdir()
        yield part
        flush(part)
        if target.exists():
            target.rename(old)
        part.rename(target)
        flush(target.parent)
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
    finally:
        # whatever it was that stopped us between the two renames: the earlier run goes back
        if old.exists() and not target.exists():
            _put_back(old, target)
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _put_back(old: Path, target: Path) -> None:
    try:
        old.rename(target)
    except OSError as error:
        raise OutputError(
            f"cannot write {target}: {error.strerror or error}; the earlier run lies whole in "
            f"{old}, and the next run that can write here puts it back"
        ) from None


def mend(folder: Path) -> None:
    """Mend what a process left that was killed while it replaced a run folder.

    Raises
    ------
    OutputError
        When the place cannot be written.
    """
    try:
        if folder.resolve().parent.is_dir():
            _tidy(folder.resolve())
    except OSError as error:
        raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None


def _tidy(target: Path) -> None:
    """Put back what was on its way, and take away what is half."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(part|old)")
    for path in target.parent.iterdir():
        match = pattern.fullmatch(path.name)
        if match is None or is_running(int(match[1])):
            continue
        if match[2] == "old" and not target.exists():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _manifest(result: Result) -> dict[str, Any]:
    """Everything needed to run this again and to see that it is the same."""
    scenario = result.scenario.model_copy(update={"replications": result.replications})
    orders = result.first.orders if scenario.record == "orders" else None
    return {
        "schema": 1,
        **made_with(),
        **made_of(scenario, orders),
        "engine": result.engine,
        "seed": scenario.seed,
        "stream_scheme": SCHEME,
        "further_thresholds": list(result.extra.values()),
        "replications": [
            {"replication": number, "sha256": digest}
            for number, digest in enumerate(result.digests)
        ],
    }
