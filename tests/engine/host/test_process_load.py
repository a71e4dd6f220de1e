"""How much of the CPU a server takes, with its runners."""

import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from ollama_panel.core.ids import InstanceId
from ollama_panel.engine.host.process_load import ProcessLoads

ONE = InstanceId("chat-1")
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "print('up', flush=True); input()"], stdin=subprocess.PIPE)
input()
child.communicate(b"\\n")
"""


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    """A process with a child."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.communicate("\n")


class Clock:
    """CPU times of processes that grow by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.spent: dict[int, float] = {}
        real = psutil.Process.cpu_times

        def cpu_times(process: psutil.Process) -> object:
            times = real(process)
            return times._replace(user=self.spent.get(process.pid, 0.0), system=0.0)

        monkeypatch.setattr(psutil.Process, "cpu_times", cpu_times)


def test_the_runners_count(server: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock, loads = Clock(monkeypatch), ProcessLoads()
    (child,) = psutil.Process(server.pid).children()
    servers = {ONE: (server.pid, ())}
    assert loads.read(servers, 10.0) == {}, "there is nothing to compare with"
    clock.spent = {server.pid: 0.5, child.pid: 3.5}
    assert loads.read(servers, 12.0) == {ONE: 200.0}
    assert loads.read(servers, 14.0) == {ONE: 0.0}


def test_a_runner_that_is_new_counts_from_then_on(
    server: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, loads = Clock(monkeypatch), ProcessLoads()
    (child,) = psutil.Process(server.pid).children()
    with monkeypatch.context() as before:
        before.setattr(psutil.Process, "children", lambda _, recursive: [])
        loads.read({ONE: (server.pid, ())}, 10.0)
    clock.spent = {server.pid: 1.0, child.pid: 100.0}
    assert loads.read({ONE: (server.pid, ("model",))}, 11.0) == {ONE: 100.0}
    clock.spent = {server.pid: 1.0, child.pid: 101.0}
    assert loads.read({ONE: (server.pid, ("model",))}, 12.0) == {ONE: 100.0}


def test_a_server_that_is_gone_is_left_out(server: subprocess.Popen[str]) -> None:
    loads = ProcessLoads()
    loads.read({ONE: (server.pid, ())}, 10.0)
    server.kill()
    server.wait()
    assert loads.read({ONE: (server.pid, ())}, 11.0) == {}
    assert loads.read({}, 12.0) == {}


def test_the_process_table_is_read_seldom(server: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch) -> None:
    loads, searches = ProcessLoads(), list[int]()
    real = psutil.Process.children

    def children(process: psutil.Process, recursive: bool) -> list[psutil.Process]:
        searches.append(process.pid)
        return real(process, recursive)

    monkeypatch.setattr(psutil.Process, "children", children)
    for second in range(30):
        loads.read({ONE: (server.pid, ())}, float(second))
    assert len(searches) == 1
    loads.read({ONE: (server.pid, ("model",))}, 31.0)
    assert len(searches) == 2
