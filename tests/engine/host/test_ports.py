import os
import socket
import subprocess
import sys

import psutil
import pytest

from ollama_panel.core.notices.render import render
from ollama_panel.engine.host import ports
from ollama_panel.engine.host.ports import (
    is_free,
    listening_process,
    listens_on,
    other_users_server,
    owner_of,
    taken_ports,
)


def test_a_port_is_taken_while_somebody_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert port in taken_ports(port, count=1)
        found = listening_process(port)
        assert found is not None
        assert found.pid == os.getpid()
        assert render(owner_of(port)) == f"{psutil.Process().name()} (process {os.getpid()})"
    assert is_free("127.0.0.1", port)
    assert listening_process(port) is None
    assert render(owner_of(port)) == "another program"


LISTEN = "import socket; it = socket.create_server(('127.0.0.1', 0)); print(it.getsockname()[1], flush=True); input()"


@pytest.mark.skipif(os.name == "nt", reason="no POSIX shell")
def test_a_server_behind_a_wrapper_is_the_wrappers_own():
    argv = ["sh", "-c", '"$0" -c "$1"; :', sys.executable, LISTEN]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as wrapper:
        assert wrapper.stdout is not None
        port = int(wrapper.stdout.readline())
        assert psutil.Process(wrapper.pid).net_connections("tcp") == []
        assert listens_on(wrapper.pid, port)
        (child,) = psutil.Process(wrapper.pid).children()
        assert listens_on(child.pid, port)
        with socket.create_server(("127.0.0.1", 0)) as other:
            assert not listens_on(wrapper.pid, other.getsockname()[1])
            assert listens_on(os.getpid(), port), "this process has started the wrapper"
        wrapper.communicate(b"\n", timeout=60)


def test_closed_connections_do_not_keep_a_port():
    """A restarted worker must get its port back while the system still remembers the old connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert is_free("127.0.0.1", port)


def test_the_last_port_is_the_end():
    assert all(port <= 65535 for port in taken_ports(65530))


class Process:
    """A process as the system shows another user's."""

    def __init__(self, user: str, *argv: str) -> None:
        self.user, self.argv = user, argv

    def username(self) -> str:
        return self.user

    def cmdline(self) -> tuple[str, ...]:
        if self.user == "hidden":
            raise psutil.AccessDenied
        return self.argv


SERVICE = Process("ollama", "/usr/local/bin/ollama", "serve")
MINE = Process(psutil.Process().username(), "/usr/local/bin/ollama", "serve")
OTHERS = [Process("ollama", "/usr/local/bin/ollama", "runner"), Process("kernel"), Process("hidden"), MINE]


@pytest.mark.parametrize(
    ("processes", "found"),
    [([*OTHERS, SERVICE], SERVICE), (OTHERS, None), ([SERVICE, Process("somebody", "/bin/ollama", "serve")], None)],
    ids=["one", "none", "two"],
)
def test_another_users_server_is_found_when_it_is_the_only_one(monkeypatch, processes, found):
    monkeypatch.setattr(psutil, "process_iter", lambda: iter(processes))
    assert other_users_server(0) is found


def test_of_another_users_process_the_user_is_named(monkeypatch):
    monkeypatch.setattr(ports, "listening_process", lambda _: None)
    monkeypatch.setattr(ports, "listening_users", lambda _: frozenset({0}))
    assert render(owner_of(80)) == "a program of user root"
    monkeypatch.setattr(ports, "listening_users", lambda _: frozenset({2**31 - 9}))
    assert render(owner_of(80)) == "another program"
