"""Where runs go."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from burstsim.scenario.scenario import Scenario

__all__ = ["common_folder", "folders_of"]


def folders_of(
    scenarios: list[tuple[Path, Scenario]],
    out: Path | None,
    *,
    several: bool,
    how: tuple[int | str | None, str, list[str]],
) -> dict[Path, Path]:
    """Where each run goes: as asked, else a name that everything fixes which the run shows.

    Parameters
    ----------
    scenarios
        What is run.
    out
        As asked.
    several
        Whether it is a suite.
    how
        Replications if they are not the scenario's, or what fixes them; engine, thresholds.
    """
    stems = Counter(file.stem for file, _ in scenarios)
    folders = {}
    for file, scenario in scenarios:
        count = how[0] or scenario.replications
        shown = scenario.model_dump_json(exclude={"replications"})
        # the digest tells logs apart that have one name
        content = json.dumps([shown, scenario.digest(), count, *how[1:]])
        mark = hashlib.sha256(content.encode()).hexdigest()[:8]
        marked = f"{file.stem}-{mark}"
        if out is None:
            folders[file] = Path("runs") / marked
        elif several:
            # two files of one name in different folders are two runs
            folders[file] = out / (file.stem if stems[file.stem] == 1 else marked)
        else:
            folders[file] = out
    return folders


def common_folder(folders: Iterable[Path]) -> Path:
    """Give the folder in which the runs of a suite lie."""
    return next((folder.parent for folder in folders), Path())
