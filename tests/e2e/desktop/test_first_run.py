"""The first run: from the icon to a chat that a flood does not hold up, in six clicks at most."""

import asyncio
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from typing_extensions import override

from ollama_panel.gui.window import FIRST_RUN
from ollama_panel.gui.window_state import WindowState
from tests.e2e.desktop.accessibility import Widget, button, text, text_beginning
from tests.e2e.desktop.display import Display
from tests.e2e.desktop.window_process import WindowProcess
from tests.fakes.ollama_program import environment, make_simulated
from tests.fakes.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it starts servers by a shell")

MOST_CLICKS = 6
ICON = 1
"""The click that opens the window."""
CLIENT = """\
import http.client, json, sys, threading, time
def ask():
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
        try:
            body = {"model": "llama3.1:8b", "prompt": "hello", "stream": False, "options": {"num_predict": 20}}
            connection.request("POST", "/api/generate", json.dumps(body), {"Content-Type": "application/json"})
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        connection.close()
threads = [threading.Thread(target=ask) for _ in range(int(sys.argv[2]))]
for one in threads:
    one.start()
"""


class NewUser:
    """Counts the clicks of somebody who uses the window for the first time."""

    def __init__(self, panel: WindowProcess) -> None:
        self._user = panel.user
        self.clicks = ICON

    async def click(self, name: str) -> None:
        self.clicks += 1
        await self._user.ready(button(name))
        await self._user.click(button(name))

    async def sees(self, wanted: Widget) -> None:
        await self._user.find(wanted)


class FirstRunProcess(WindowProcess):
    """The window of a user who has not ended the first run, on the Ollama of this machine."""

    def __init__(self, display: Display, state_dir: Path, program: Path) -> None:
        super().__init__(display, state_dir)
        self._program_path = program

    @override
    async def _start(self) -> asyncio.subprocess.Process:
        WindowState(self.state_dir / "window.ini").set(FIRST_RUN, True)
        return await self._run("gui", "--ollama", str(self._program_path))


class Programs:
    """Programs that ask Ollama all the time, each with so many connections."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._running: list[subprocess.Popen[bytes]] = []

    def ask(self, port: int) -> None:
        """Let both ask at a port, in place of where they have asked."""
        for one in self._running:
            one.kill()
        for name, connections in (("rag_indexer.py", 8), ("chat_app.py", 1)):
            script = self._folder / name
            script.write_text(CLIENT)
            child = subprocess.Popen([sys.executable, str(script), str(port), str(connections)])
            self._stack.callback(child.wait)
            self._stack.callback(child.kill)
            self._running.append(child)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def port(tmp_path: Path, stack: ExitStack) -> int:
    """The port of an Ollama that somebody has started by hand."""
    port = free_port()
    program = make_simulated(tmp_path / "theirs")
    child = subprocess.Popen(
        [str(program), "serve"],
        env=environment(OLLAMA_HOST=f"127.0.0.1:{port}"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(child.wait)
    stack.callback(child.kill)
    return port


@pytest.fixture
def programs(tmp_path: Path, stack: ExitStack, port: int) -> Programs:
    made = Programs(tmp_path, stack)
    made.ask(port)
    return made


@pytest.fixture
async def panel(display: Display, tmp_path: Path, programs: Programs) -> AsyncIterator[WindowProcess]:
    """The first run of a panel on a machine where two programs ask an Ollama."""
    program = tmp_path / "ollama"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ollama_panel.sim "$@"\n')
    program.chmod(0o755)
    async with FirstRunProcess(display, tmp_path / "state", program) as panel:
        yield panel


async def test_from_the_icon_to_a_protected_chat(panel: WindowProcess, programs: Programs) -> None:
    user = NewUser(panel)
    await user.sees(text_beginning("rag_indexer.py holds "))
    await user.click("Next: what will happen")
    await user.click("Start")
    await user.click("Copy the address for Ollama's clients")
    programs.ask(int(panel.url.rpartition(":")[2]))
    await user.click("Next: test")
    await user.click("Send a test")
    await user.sees(button("Finish"))
    assert user.clicks <= MOST_CLICKS
    both = {"rag_indexer.py", "chat_app.py"}
    status = await panel.until(lambda status: both <= {one["name"] for one in status["clients"]})
    classes = {one["name"]: one["request_class"] for one in status["clients"]}
    assert (classes["rag_indexer.py"], classes["chat_app.py"]) == ("batch", None)


async def test_skip_leads_to_the_overview_and_changes_nothing(panel: WindowProcess) -> None:
    before = (await panel.status())["settings"]
    user = NewUser(panel)
    await user.click("Skip")
    await user.sees(text("Overview"))
    assert (await panel.status())["settings"] == before
