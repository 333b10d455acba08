"""A folder of shards, from which a study that was stopped goes on."""

from __future__ import annotations

import re
from pathlib import Path

from burstsim.errors import OutputError
from burstsim.results.files import tidy, write_whole
from burstsim.studies.shards import Shard, Task

__all__ = ["ShardStore"]

_NUMBERED = re.compile(r".*-([0-9]{1,18})\.json")


class ShardStore:
    """Finished replications on disk, a file each.

    A file that is not whole, not a shard, or of another scenario, engine or version than it is
    asked for, is as good as none.

    Parameters
    ----------
    folder
        Where; made with the first shard.
    fresh
        Give nothing that was there before.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder = folder
        self._fresh = fresh
        self._put: set[Path] = set()
        self._tidied = False

    def get(self, task: Task) -> Shard | None:
        """Give the outcome of a task if it is there."""
        path = self._path(task)
        if self._fresh and path not in self._put:
            return None
        try:
            shard = Shard.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not task.answered_by(shard):
            return None
        self._put.add(path)
        return shard

    def put(self, shard: Shard) -> None:
        """Keep a shard; it is there whole or not at all.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._tidied:
                tidy(self.folder)
                self._tidied = True
            # known before it is there, so that an interruption in between loses nothing
            self._put.add(self._path(shard))
            write_whole(self._path(shard), shard.to_json())
        except OSError as error:
            raise OutputError(
                f"cannot keep replication {shard.replication} in {self.folder}: "
                f"{error.strerror or error}; those before it are kept: once it can be written "
                "there, --resume goes on from them"
            ) from None

    @property
    def kept(self) -> int:
        """How many replications are there of those that were put here, or asked for."""
        return sum(path.exists() for path in self._put)

    def files(self, like: Task) -> list[Path]:
        """Give the files of all replications that are over of a task's kind."""
        start = self._path(like).name.rpartition("-")[0]
        matches = [_NUMBERED.fullmatch(path.name) for path in self.folder.glob(f"{start}-*.json")]
        tasks = [like.of(number) for number in sorted(int(match[1]) for match in matches if match)]
        return [self._path(task) for task in tasks if self.get(task) is not None]

    def _path(self, of: Task | Shard) -> Path:
        return self.folder / f"{of.key[:32]}-{of.engine}-{of.replication}.json"
