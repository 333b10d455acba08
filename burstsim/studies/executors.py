"""Workers behind the standard face of `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from multiprocessing import connection
from typing import Any, Protocol

from burstsim.errors import BurstsimError
from burstsim.studies.memory import keep_memory

__all__ = ["Crew", "DaskCrew", "LocalCrew"]

#: One thread of linear algebra per worker: more of them only get in each other's way.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

#: Seconds in which a process ends that is told to.
_GRACE = 5.0


class Crew(Protocol):
    """Workers, and what is special about them.

    Attributes
    ----------
    size : int
        How many tasks run at once.
    deaths : tuple of exception types
        What a future raises whose worker died.
    all_die : bool
        Whether one death takes every running task with it.
    """

    size: int
    deaths: tuple[type[BaseException], ...]
    all_die: bool

    def start(self) -> Executor:
        """Start the workers, after a death anew."""

    def stop(self) -> None:
        """End the workers at once, whatever they are doing."""


class LocalCrew:
    """Processes of this machine.

    Parameters
    ----------
    size
        How many.
    """

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)
    all_die = True

    def __init__(self, size: int) -> None:
        self.size = size
        self._executor: ProcessPoolExecutor | None = None

    def start(self) -> Executor:
        """Start them; they are new processes, which inherit neither threads nor locks."""
        self.stop()
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload([__name__.rpartition(".")[0] + ".work"])
        self._executor = ProcessPoolExecutor(
            self.size, mp_context=context, initializer=_prepare_worker
        )
        with _environment(_ONE_THREAD):
            # a process that is started by a task takes the environment of that moment
            for future in [self._executor.submit(os.getpid) for _ in range(self.size)]:
                future.result()
        return self._executor

    def stop(self) -> None:
        """End them."""
        if self._executor is None:
            return
        # before Python 3.14 the processes have no public name, and the thread never has one
        processes = list((self._executor._processes or {}).values())  # noqa: SLF001
        thread: Any = self._executor._executor_manager_thread  # noqa: SLF001
        self._executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(_GRACE)
            if process.is_alive():  # it is halted, or waits for a disk that does not answer
                process.kill()
                process.join(_GRACE)
        if thread is not None:
            # left alone, it closes its pipe while the interpreter that ends writes into it
            thread.join(_GRACE)
        self._executor = None


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, keep memory for the next task, and do not outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    """End this process as soon as its parent has ended, however that ended."""
    connection.wait([sentinel])
    os._exit(1)


@contextlib.contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class DaskCrew:
    """Workers of a Dask cluster.

    Parameters
    ----------
    size
        Workers to start where no `address` is given.
    address
        Of a scheduler, such as ``tcp://10.0.0.5:8786``. Only of a cluster that is trusted: who
        reaches a scheduler can run anything on its workers.

    Raises
    ------
    BurstsimError
        When ``distributed`` is not installed.
    """

    all_die = False

    def __init__(self, size: int, address: str | None) -> None:
        try:
            import distributed
        except ImportError:
            raise BurstsimError(
                "the backend dask needs the package distributed: pip install 'burstsim[dask]'"
            ) from None
        self.size = size
        self.deaths: tuple[type[BaseException], ...] = (
            distributed.KilledWorker,
            CancelledError,
        )
        self._address = address
        self._cluster: Any = None
        self._client: Any = None

    def start(self) -> Executor:
        """Connect to the scheduler.

        Raises
        ------
        BurstsimError
            When nobody answers there.
        """
        import dask
        import distributed

        if self._client is None:
            if self._address is None:
                # left alone, Dask makes workers give every large array back to the system at
                # once, and they spend half of their time on asking for it again
                with dask.config.set({"distributed.nanny.pre-spawn-environ": _ONE_THREAD}):
                    self._cluster = distributed.LocalCluster(
                        n_workers=self.size,
                        threads_per_worker=1,
                        dashboard_address=None,
                        host="127.0.0.1",
                    )
            try:
                self._client = distributed.Client(self._cluster or self._address, timeout="15s")
            except (OSError, ValueError) as error:
                raise BurstsimError(
                    f"no Dask scheduler answers at {self._address}: {error}"
                ) from None
            self.size = max(self.size, sum(self._client.nthreads().values()))
        executor: Executor = self._client.get_executor(pure=False)
        return executor

    def stop(self) -> None:
        """Disconnect; a cluster that was started here ends."""
        for what in (self._client, self._cluster):
            if what is not None:
                what.close()
        self._client = self._cluster = None
