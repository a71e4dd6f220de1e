"""Programs on this machine in front of the real panel: who they are, and which of them needs no key."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import psutil
import pytest

from ollama_panel.engine.host import connections_program
from tests.e2e.test_burst import FAST
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

PYTHON = os.path.realpath(sys.executable)
LOOK_UP = Path(connections_program.__file__).name

CHAT = {
    "model": "llama3.1:8b",
    "messages": [{"role": "user", "content": "Hello"}],
    "stream": False,
    "options": {"num_predict": 1},
}

ASK = """
import http.client, sys
client = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
client.request("GET", "/panel/status", headers={"User-Agent": "ollama/0.32.15 (amd64 linux) Go/go1.24.1"})
print(client.getresponse().status)
"""


def look_ups(panel: PanelProcess) -> list[psutil.Process]:
    """Return the child that looks up who is connected, if it runs."""
    return [one for one in psutil.Process(panel.process.pid).children() if LOOK_UP in " ".join(one.cmdline())]


async def test_the_process_that_looks_programs_up_ends_with_a_panel_that_is_killed(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel:
        await panel.ready()
        while not look_ups(panel):
            (await panel.client.post("/api/chat", json=CHAT)).raise_for_status()
        (child,) = look_ups(panel)
        workers = [psutil.Process(one["pid"]) for one in (await panel.status())["instances"]]
        panel.process.kill()
        async with deadline("the child to end"):
            while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - it can only be polled
                await asyncio.sleep(0.01)
        for worker in workers:  # the next panel on the folder would end them
            worker.kill()


async def test_a_program_is_named_from_its_second_request_on(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel:
        await panel.ready()
        async with deadline("the name of this process"):
            while f"(pid {os.getpid()})" not in str(await panel.status()):
                (await panel.client.post("/api/chat", json=CHAT)).raise_for_status()


@pytest.mark.skipif(sys.platform == "win32", reason="a copy of python.exe does not run by itself")
async def test_the_ollama_command_works_on_a_panel_that_wants_keys(tmp_path: Path) -> None:
    programs = [Path(shutil.copy(PYTHON, tmp_path / name)) for name in ("ollama", "another")]
    wants_keys = {"version": 1, "proxy": {"require_key": "always", "api_keys": [{"name": "x", "digest": "0" * 64}]}}
    async with PanelProcess(tmp_path / "state", wants_keys) as panel:
        assert [await status_of(program, panel) for program in programs] == [200, 401]


async def status_of(program: Path, panel: PanelProcess) -> int:
    """Return the status that `program`, a copy of Python, gets when it calls itself `ollama`."""
    process = await asyncio.create_subprocess_exec(
        *(str(program), "-c", ASK, panel.url.rpartition(":")[2]),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONHOME": sys.base_prefix},
    )
    async with deadline(f"{program.name} to end"):
        said, _ = await process.communicate()
    return int(said)
