"""The other processes of this machine, as far as they can be read."""

import contextlib
from collections.abc import Iterator

import psutil

UNREADABLE = (psutil.Error, OSError)
"""What reading a process raises: psutil's own errors, and the system's, as when no file descriptor is left."""


def processes() -> Iterator[psutil.Process]:
    """Yield all processes; none if the list cannot be read now."""
    with contextlib.suppress(*UNREADABLE):
        yield from psutil.process_iter()


def program_name(process: psutil.Process) -> str:
    """Return the name of a process's program; "" if it cannot be read."""
    try:
        return process.name()
    except UNREADABLE:
        return ""
