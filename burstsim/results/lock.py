"""One writer at a time for a run folder."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from burstsim.errors import OutputError

__all__ = ["locked"]


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder; the lock of a process that was killed is gone with it.

    The lock is a file beside the folder, because a finished run replaces the folder itself.

    Raises
    ------
    OutputError
        When another run writes there, or the place is not writable.
    """
    try:
        import fcntl
    except ImportError:  # Windows: there the second run fails when it replaces files in use
        yield
        return
    target = folder.resolve()
    path = target.with_name(f".{target.name}.lock")
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise OutputError(f"cannot write {folder}: {error.strerror or error}") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 20).decode("ascii", "replace") or "unknown"
            os.close(handle)
            raise OutputError(
                f"another run (process {owner}) is writing {folder}; "
                "wait until it is over, or give this one another --out"
            ) from None
        except OSError:
            break  # a file system that knows no locks: it is as if there were none
        if _is_ours(handle, path):
            break
        os.close(handle)  # its owner took it away between our opening and our locking it
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        with contextlib.suppress(OSError):  # left behind it is no more than an empty file
            path.unlink()
        os.close(handle)


def _is_ours(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
