"""The limit of open files: each waiting client holds a socket, and the default is often 256 or 1024."""

import contextlib
import errno
import sys

from ollama_panel.core.errors import PanelError
from ollama_panel.core.notices import notice

_WANTED = 65536
_RESERVE = 192
"""What the panel itself has open at most: pipes and probes of the workers (100 connections), files that up to 32
threads read for psutil, logs and locks, and what the window needs."""

_LEAST_RESERVE = 32
"""What a panel with two idle workers has open, 22 on Linux, and some more."""

_LEAST_LIMIT = 40
"""With it five clients can be connected (`connections`). With 24 no instance can be started, with 20 no
connection accepted, and with 12 there is no loop."""


def raise_limit() -> int | None:
    """Raise the soft limit of open files as far as permitted; return it, or None if there is none (Windows).

    Where it is infinite, what would be wanted counts: the kernel has a limit of its own.
    """
    if sys.platform == "win32":
        return None
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(hard, _WANTED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS refuses more than kern.maxfilesperproc
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    now = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _WANTED if now == resource.RLIM_INFINITY else now


def require_enough() -> None:
    """Raise PanelError if the limit of open files is one with which the panel would start, and then serve nobody."""
    limit = raise_limit()
    if limit is not None and limit < _LEAST_LIMIT:
        raise PanelError(notice("panel.few_files", limit=limit, least=_LEAST_LIMIT))


def connections(limit: int | None) -> tuple[int, int] | None:
    """Return how many connections of clients, and to instances, may be open with a limit of open files; None = any.

    Two thirds of what remains beside the panel's own files, which are a quarter of a low limit, are the clients': a
    request that waits needs its client's connection alone, one that runs another one to its instance, and a long body a
    file. HAProxy counts two for each (`maxconn`), and so could hold fewer that wait.
    """
    if limit is None:
        return None
    usable = limit - min(_RESERVE, max(_LEAST_RESERVE, limit // 4))
    clients = max(1, usable * 2 // 3)
    return clients, max(1, usable - clients)


_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EAGAIN})


def is_exhausted(error: BaseException) -> bool:
    """Return whether an error, or one that caused it, says that the system has no descriptor, memory or process left.

    It says nothing about what was to be reached or started, and the next try may succeed.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, BaseExceptionGroup) and any(map(is_exhausted, found.exceptions)):
            return True
        if isinstance(found, OSError) and found.errno in _EXHAUSTED:
            return True
        found = found.__cause__ or found.__context__
    return False
