"""Programs on this machine in front of the real panel: who they are."""

import asyncio
import os
from pathlib import Path

import psutil

from ollama_panel.engine.host import connections_program
from tests.e2e.test_burst import FAST
from tests.fakes.panel_process import PanelProcess
from tests.fakes.waiting import deadline

LOOK_UP = Path(connections_program.__file__).name

CHAT = {
    "model": "llama3.1:8b",
    "messages": [{"role": "user", "content": "Hello"}],
    "stream": False,
    "options": {"num_predict": 1},
}


def look_ups(panel: PanelProcess) -> list[psutil.Process]:
    """Return the child that looks up who is connected, if it runs."""
    return [one for one in psutil.Process(panel.process.pid).children() if LOOK_UP in " ".join(one.cmdline())]


async def test_the_process_that_looks_programs_up_ends_with_a_panel_that_is_killed(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel:
        await panel.ready()
        while not look_ups(panel):
            (await panel.client.post("/api/chat", json=CHAT)).raise_for_status()
        (child,) = look_ups(panel)
        panel.process.kill()
        async with deadline("the child to end"):
            while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110 - it can only be polled
                await asyncio.sleep(0.01)


async def test_a_program_is_named_from_its_second_request_on(tmp_path: Path) -> None:
    async with PanelProcess(tmp_path / "state", environment=FAST) as panel:
        await panel.ready()
        async with deadline("the name of this process"):
            while f"(pid {os.getpid()})" not in str(await panel.status()):
                (await panel.client.post("/api/chat", json=CHAT)).raise_for_status()
