"""Many replications, on one core, on several, or on other machines: the same shards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, Self, get_args

from burstsim.errors import ReplicationError, did_you_mean
from burstsim.studies.shards import Shard, Task
from burstsim.studies.shardstore import ShardStore
from burstsim.studies.work import work

__all__ = ["BACKENDS", "Backend", "Pool"]

Backend = Literal["local", "dask"]

BACKENDS: tuple[str, ...] = get_args(Backend)


class Pool:
    """Workers that run replications; use it as a context.

    Parameters
    ----------
    jobs
        How many replications run at once; 1 runs them in this process.
    backend
        ``"local"``: processes of this machine. ``"dask"``: workers of a Dask cluster.
    address
        Of the Dask scheduler; left out, a cluster of `jobs` workers is started here.

    Raises
    ------
    ValueError
        When an argument is none of these.
    """

    def __init__(
        self, jobs: int = 1, backend: Backend = "local", address: str | None = None
    ) -> None:
        if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
            raise ValueError(f"jobs must be a whole number, at least 1, got {jobs!r}")
        if backend not in BACKENDS:
            hint = did_you_mean(str(backend), BACKENDS)
            known = " or ".join(BACKENDS)
            raise ValueError(
                f"backend must be {known}, got {backend!r}" + (f" ({hint})" if hint else "")
            )
        if address is not None and backend == "local":
            raise ValueError("address belongs to the backend dask")
        self.jobs = jobs
        self.backend = backend
        self.address = address

    def __enter__(self) -> Self:
        """Give the pool; workers start with the first tasks."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the workers; what they have not finished is dropped."""

    def shards(
        self,
        tasks: Iterable[Task],
        store: ShardStore | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Shard]:
        """Yield the outcome of every task as it is there, in no certain order.

        Parameters
        ----------
        tasks
            What to run.
        store
            What it has is not run again, and what is run is put there.
        progress
            Called after each with the number of those done.

        Raises
        ------
        ReplicationError
            After all others were yielded, when some could not be finished.
        """
        failed: dict[int, str] = {}
        for done, task in enumerate(tasks, 1):
            shard = store.get(task) if store else None
            if shard is None:
                shard = work(task)
                if store:
                    store.put(shard)
            yield shard
            if progress is not None:
                progress(done)
        if failed:
            raise ReplicationError(failed)
