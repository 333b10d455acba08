"""What becomes of memory that a replication no longer needs."""

from __future__ import annotations

import ctypes
import platform

__all__ = ["keep_memory"]

#: Parameters of GNU libc's `mallopt`, and what is set: the largest piece that is taken from the
#: heap and not by itself from the system; how much may lie free at its end before it is given
#: back; how much is asked for at once.
_SETTINGS = {-3: 1 << 30, -1: (1 << 31) - 1, -2: 64 << 20}


def keep_memory() -> bool:
    """Let this process keep memory that it has freed, for the arrays that come next.

    Otherwise every array of some megabytes is taken from the system and given back, and the
    system clears it each time: in large runs that is a fifth of the time. The most that is held
    at once does not change. For processes of our own only: the commands and their workers; a
    program that uses the package as a library decides for itself.

    Returns
    -------
    bool
        Whether the C library could be told; others than GNU's have no such setting.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    done = [mallopt(name, value) for name, value in _SETTINGS.items()]  # each of them
    return all(done)
