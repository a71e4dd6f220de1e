"""A panel with few file descriptors: idle connections beyond them take nothing from anybody, and leave no orphan."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.e2e.test_burst import CHAT, FAST, settings
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")

FILES = 256
IDLE = 300
"""More than the panel may open, and than it has descriptors."""


@contextmanager
def idle_connections(panel: PanelProcess, count: int) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        address = ("127.0.0.1", int(panel.url.rpartition(":")[2]))
        yield [stack.enter_context(socket.create_connection(address)) for _ in range(count)]


async def chat(panel: PanelProcess) -> int:
    body = {"model": CHAT, "stream": False, "messages": [{"role": "user", "content": "hi"}]}
    return (await panel.client.post("/api/chat", json=body)).status_code


async def ended(pid: int) -> None:
    async with deadline(f"process {pid} to end"):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.to_thread(psutil.pids)


async def test_idle_connections_beyond_the_descriptors_end_neither_engine_nor_workers(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(), environment=FAST, files=FILES) as panel:
        await panel.ready()
        assert await chat(panel) == 200  # its connection stays open: it is among those let in
        with idle_connections(panel, IDLE) as idle:
            victim = (await panel.instances("chat"))[0]
            os.kill(victim["pid"], signal.SIGKILL)
            assert await chat(panel) == 200
            status = await panel.until(
                lambda status: all(
                    one["phase"] == "ready" and one["pid"] != victim["pid"] for one in status["instances"]
                )
            )
            assert status["connections"]["open"] <= status["connections"]["most"] < FILES
            assert status["connections"]["pauses"] >= 1
            idle[0].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle[0].recv(15) == b"HTTP/1.1 200 OK"
            workers = [one["pid"] for one in status["instances"]]
            await panel.stop()  # its status is an error: even the loop cannot close
    for pid in workers:
        await ended(pid)


async def test_a_panel_that_has_no_descriptor_left_goes_on_when_it_has_some(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(), environment=FAST) as panel:
        await panel.ready()
        assert await chat(panel) == 200
        process = psutil.Process(panel.process.pid)
        before = process.rlimit(psutil.RLIMIT_NOFILE)
        victim = (await panel.instances("chat"))[0]
        process.rlimit(psutil.RLIMIT_NOFILE, (3, before[1]))  # it can open nothing more
        os.kill(victim["pid"], signal.SIGKILL)
        await panel.until(lambda status: any(one["phase"] == "backoff" for one in status["instances"]))
        process.rlimit(psutil.RLIMIT_NOFILE, before)
        await panel.ready()
        assert await chat(panel) == 200


async def test_a_panel_that_has_no_descriptor_left_ends_its_workers(tmp_path):
    async with PanelProcess(tmp_path / "state", settings(), environment=FAST) as panel:
        await panel.ready()
        workers = [one["pid"] for one in (await panel.status())["instances"]]
        process = psutil.Process(panel.process.pid)
        process.rlimit(psutil.RLIMIT_NOFILE, (3, process.rlimit(psutil.RLIMIT_NOFILE)[1]))
        await panel.stop()  # its status is an error: even the loop cannot close
    for pid in workers:
        await ended(pid)


@pytest.mark.parametrize("files", [12, 24])
def test_a_panel_that_may_open_too_few_files_says_so_at_the_start(tmp_path: Path, files: int) -> None:
    command = f'ulimit -n {files}; exec "$0" -m ollama_panel serve --demo --listen 127.0.0.1:0 --state-dir "$1"'
    program = ["sh", "-c", command, sys.executable, str(tmp_path / "state")]
    said = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == 1
    assert said.stderr == (
        f"The panel may have only {files} files and connections open, and needs 40: raise the limit (ulimit -n).\n"
    )
