"""With no descriptor left psutil raises OSError: all that reads processes knows nothing then, and raises nothing."""

import errno
import os
import socket
import sys
from collections.abc import Callable

import psutil
import pytest

from ollama_panel.engine import sampler
from ollama_panel.engine.host import cores, ports, processes
from ollama_panel.engine.host.gpu import apple, main_memory
from ollama_panel.engine.instances import orphans, probe, process

if sys.platform != "win32":
    from ollama_panel.engine.instances import _posix

ERRORS = (
    OSError(errno.EMFILE, "Too many open files"),
    OSError(errno.ENFILE, "Too many open files in system"),
    psutil.AccessDenied(),
)


class Unreadable:
    """A psutil with which nothing can be read, and a socket that cannot be made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        def fail(*_: object, **__: object) -> object:
            raise error

        for name in ("Process", "process_iter", "net_connections", "cpu_percent", "cpu_count", "virtual_memory"):
            monkeypatch.setattr(psutil, name, fail)
        if isinstance(error, OSError):
            monkeypatch.setattr(socket, "socket", fail)


@pytest.mark.parametrize("error", ERRORS, ids=str)
@pytest.mark.parametrize(
    ("read", "unknown"),
    [
        (lambda: list(processes.processes()), []),
        (lambda: ports.listening_process(1), None),
        (lambda: ports.listens_on(1, 1), True),
        (lambda: ports.other_users_server(0), None),
        (lambda: ports.owner_of(1).code, "port.owner_unknown"),
        (cores.physical_cores, os.cpu_count()),
        (main_memory.MainMemory().read, None),
        (apple.UnifiedMemory().read, None),
        (sampler._cpu_percent, None),
        (lambda: probe.read_processes(1), probe.ProcessTree()),
        (lambda: process.descendants(1), []),
        (lambda: orphans._entry(1, ()).created, 0.0),
    ],
)
def test_what_cannot_be_read_is_unknown(
    monkeypatch: pytest.MonkeyPatch, error: Exception, read: Callable[[], object], unknown: object
) -> None:
    Unreadable(monkeypatch, error)
    assert read() == unknown


@pytest.mark.parametrize("error", ERRORS[:2], ids=str)
def test_a_port_that_cannot_be_tried_counts_as_free(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    Unreadable(monkeypatch, error)
    assert ports.is_free("127.0.0.1", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups")
@pytest.mark.parametrize("error", [*ERRORS, RuntimeError("anything else")], ids=str)
def test_the_group_is_killed_whatever_cannot_be_read(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    killed: list[int] = []
    monkeypatch.setattr(os, "killpg", lambda group, _: killed.append(group))
    Unreadable(monkeypatch, error)
    tree = _posix.Tree(12345)
    try:
        tree.kill()
    except RuntimeError:
        assert str(error) == "anything else"
    assert killed == [12345]
