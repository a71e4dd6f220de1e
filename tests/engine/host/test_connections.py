"""The processes behind local connections, asked of a child process."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil
import pytest

from ollama_panel.engine.host import connections_program
from ollama_panel.engine.host.connections import (
    IDLE_S,
    MAX_PAUSE_S,
    MAX_WAITING,
    PAUSE_S,
    TIMEOUT_S,
    LocalConnections,
    child_command,
)
from ollama_panel.engine.thread import new_loop
from ollama_panel.proxy.identity import Found
from tests.fakes.virtual import advance
from tests.fakes.waiting import deadline

LoopFactory = Callable[[], asyncio.AbstractEventLoop]

FOUND = '{"connections": [], "cpu_s": 0.0}'
OTHERS: list[psutil.Process] = []


class Starts:
    """Counts how often a child is started; `command` runs `code`, or is the panel's own."""

    def __init__(self, code: str | None = None) -> None:
        self.count = 0
        self._command = child_command() if code is None else [sys.executable, "-c", code]

    def __call__(self) -> Sequence[str]:
        self.count += 1
        return self._command


@asynccontextmanager
async def running(starts: Starts | None = None) -> AsyncIterator[LocalConnections]:
    """Answer questions in this block; at its end no child is left."""
    connections = LocalConnections(starts or Starts())
    async with asyncio.TaskGroup() as group:
        task = group.create_task(connections.run())
        await asyncio.sleep(0)
        yield connections
        task.cancel()
    assert children() == []


@pytest.fixture(autouse=True)
def others() -> None:
    OTHERS[:] = psutil.Process().children()  # that tests of other folders keep, such as a display


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one not in OTHERS]


async def answer(connections: LocalConnections, local: int = 1, remote: int = 2) -> Found | None:
    async with deadline("the answer of the child"):
        return await connections.ask([local], [remote])


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a connection: the client's, and the server's."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()[:2]) as client,
        listening.accept()[0] as server,
    ):
        yield client, server


async def test_the_process_behind_a_connection_is_found() -> None:
    with connected() as (client, server):
        async with running() as connections:
            found = await answer(connections, client.getsockname()[1], server.getsockname()[1])
        assert found is not None
        (one,) = found.connections
        assert (one.local, one.remote) == (client.getsockname(), server.getsockname())
    me = psutil.Process()
    assert (one.pid, one.name, one.program, one.own) == (os.getpid(), me.name(), me.exe(), True)
    assert list(one.arguments[:2]) == me.cmdline()[:2]
    assert found.cpu_s > 0


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize(("host", "shown"), [("::1", "::1"), ("::ffff:127.0.0.1", "127.0.0.1")])
async def test_so_is_one_of_ipv6(host: str, shown: str) -> None:
    everywhere = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    with everywhere as listening, socket.socket(socket.AF_INET6) as client:
        client.connect((host, listening.getsockname()[1]))
        async with running() as connections:
            found = await answer(connections, client.getsockname()[1], listening.getsockname()[1])
        assert found is not None
        assert [one.local for one in found.connections] == [(shown, client.getsockname()[1])]


async def test_all_who_are_connected_to_a_port_are_found() -> None:
    """The question of who uses another server, such as Ollama's own."""
    with connected() as (client, server), connected() as (other, _):
        async with running() as connections, deadline("the answer of the child"):
            found = await connections.ask((), [server.getsockname()[1]])
        assert found is not None
        assert [one.local for one in found.connections] == [client.getsockname()]
        assert other.getsockname() != client.getsockname()


async def test_one_child_answers_many_and_ends_when_nobody_asks() -> None:
    starts = Starts()
    async with running(starts) as connections:
        for _ in range(3):
            assert await answer(connections) is not None
        assert starts.count == len(children()) == 1
        await advance(IDLE_S + 1)
        await gone()
        assert await answer(connections) is not None
    assert starts.count == 2


async def gone() -> None:
    async with deadline("the child to end"):
        while children():  # noqa: ASYNC110 - another process can only be polled
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("", id="ends at once"),
        pytest.param("input(); raise SystemExit(3)", id="ends when asked"),
        pytest.param("input(); print('what?')", id="says no JSON"),
        pytest.param("input(); print('[1, 2]')", id="says another thing"),
        pytest.param("input(); print('{\"connections\": [{}]}')", id="says half of it"),
        pytest.param("input(); print('x' * (17 << 20))", id="says too much"),
        pytest.param(r"input(); import sys; sys.stdout.buffer.write(b'\xff\n')", id="says no text"),
    ],
)
async def test_a_child_that_fails_leaves_the_processes_unknown(code: str, caplog: pytest.LogCaptureFixture) -> None:
    starts = Starts(code)
    async with running(starts) as connections:
        assert await answer(connections) is None
        assert await answer(connections) is None, "no new child for every question"
        assert starts.count == 1
        await advance(PAUSE_S + 1)
        assert await answer(connections) is None
        assert starts.count == 2
        await advance(PAUSE_S + 1)
        assert await answer(connections) is None
        assert starts.count == 2, "the second pause is longer"
        await advance(MAX_PAUSE_S)
        assert await answer(connections) is None
        assert starts.count == 3
    assert caplog.text.count("Local programs are not known by name") == 3


@pytest.mark.parametrize("loop_factory", [asyncio.new_event_loop, new_loop])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_that_is_killed_while_nobody_asks_is_no_harm(loop_factory: LoopFactory, how: signal.Signals) -> None:
    """As when memory runs out. The panel's own loop refuses to write to what is closed, with a RuntimeError."""

    async def attack() -> None:
        async with running() as connections:
            assert await answer(connections) is not None
            (child,) = children()
            child.send_signal(how)
            await gone()
            assert await answer(connections) is None
            assert await answer(connections) is None

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(attack())


async def test_a_child_that_hangs_is_ended() -> None:
    async with running(Starts("import sys; sys.stdin.read()")) as connections:
        job = connections.ask([1], [2])
        async with deadline("the time-out"):
            while not job.done():
                await advance(TIMEOUT_S)
        assert job.result() is None
        await gone()


async def test_a_child_that_recovers_is_believed(tmp_path: Path) -> None:
    flag = tmp_path / "well"
    starts = Starts(f"import pathlib; input(); print('{FOUND}' if pathlib.Path({str(flag)!r}).exists() else '?')")
    async with running(starts) as connections:
        assert await answer(connections) is None
        flag.touch()
        await advance(PAUSE_S + 1)
        assert await answer(connections) == Found()


async def test_a_program_that_is_missing_and_a_build_without_one_are_no_harm() -> None:
    for command in (["/nonexistent/python"], []):
        connections = LocalConnections(lambda command=command: command)  # type: ignore[misc] # the loop's value, bound now
        async with asyncio.TaskGroup() as group:
            task = group.create_task(connections.run())
            await asyncio.sleep(0)
            assert await answer(connections) is None
            task.cancel()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of descriptors")
async def test_neither_are_descriptors_that_are_all_taken() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with running() as connections:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            found = await answer(connections)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert found is None
        await advance(PAUSE_S + 1)
        assert await answer(connections) is not None


async def test_who_asks_too_much_gets_no_answer() -> None:
    async with running(Starts("import sys; sys.stdin.read()")) as connections:
        jobs = [connections.ask([1], [2]) for _ in range(MAX_WAITING + 1)]
        assert [job.done() for job in jobs] == [False] * MAX_WAITING + [True]
    assert [job.result() for job in jobs] == [None] * (MAX_WAITING + 1), "the end answers all that wait"


async def test_nobody_is_asked_before_the_start_and_after_the_end() -> None:
    connections = LocalConnections()
    assert await answer(connections) is None


async def test_one_who_has_left_is_not_told() -> None:
    async with running() as connections:
        connections.ask([1], [2]).cancel()
        assert await answer(connections) is not None


def test_the_program_of_a_bundle_runs_the_child_as_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_command() == [sys.executable, "-m", "ollama_panel.engine.host.connections_program"]


def test_without_a_known_interpreter_there_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "")
    assert child_command() == []


# The child by itself


def test_it_ends_with_its_input() -> None:
    """A panel that is killed closes the pipe."""
    with subprocess.Popen(child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        said, _ = child.communicate('{"local": [1], "remote": []}\n', timeout=60)
        assert json.loads(said)["connections"] == []
        assert child.returncode == 0


def test_it_imports_nothing_of_the_panel() -> None:
    code = f"import runpy, sys; runpy.run_path({connections_program.__file__!r}); print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert not {"ollama_panel", "asyncio", "msgspec", "psutil"} & set(said.split())
