"""A server that somebody else has started, as a panel finds it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from ollama_panel.core.panel_api import V1
from tests.fakes.ollama_program import environment
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import polled


class Theirs:
    """A server that somebody has started, at `port`."""

    def __init__(self, folder: Path, command: str) -> None:
        self.port, self.folder = free_port(), folder
        self.log = folder / "theirs.log"
        self._command = command

    async def start(self) -> None:
        """Start it by a shell that stays."""
        variables = environment(OLLAMA_HOST=f"127.0.0.1:{self.port}", OLLAMA_KV_CACHE_TYPE="q8_0", SECRET_TOKEN="mine")
        self.shell = await asyncio.create_subprocess_exec(
            *("sh", "-c", f'{self._command} > "{self.log}" 2>&1; true'),
            env=variables,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        await polled(self.process, "their server")

    async def process(self) -> psutil.Process | None:
        """Return the process that listens there, of whomever it is."""
        for one in psutil.process_iter():
            try:
                if one.name().startswith("ollama") and f"127.0.0.1:{self.port}" == one.environ().get("OLLAMA_HOST"):
                    return one if await answers(self.port) else None
            except psutil.Error:
                continue
        return None


async def answers(port: int) -> httpx.Headers | None:
    """Return the headers with which something tells its version at a port."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        try:
            answer = await client.get(f"http://127.0.0.1:{port}/api/version")
        except httpx.TransportError:
            return None
    return answer.headers if answer.status_code == 200 else None


async def is_panel(port: int) -> bool:
    """Return whether a panel answers at a port."""
    headers = await answers(port)
    return headers is not None and any(name.startswith("x-panel-") for name in headers)


@asynccontextmanager
async def theirs(folder: Path, command: str) -> AsyncIterator[Theirs]:
    """Run a server of somebody else; whatever runs at its port in the end is killed, the panel's aside."""
    server = Theirs(folder, command)
    await server.start()
    try:
        yield server
    finally:
        left = await server.process()
        if left is not None:
            left.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.shell.pid, signal.SIGKILL)
        await server.shell.wait()


async def machine(panel: PanelProcess, url: str = "") -> Any:
    key = {"Authorization": f"Bearer {panel.secret()}"}
    shown = await panel.client.get(f"{url or panel.url}{V1}/machine?refresh=true", headers=key)
    return shown.json()


async def name_of(panel: PanelProcess, port: int) -> str:
    """Return the name under which the panel has found the server at a port."""

    async def look() -> str:
        found = (await machine(panel))["found_servers"]
        return next((one["id"] for one in found if one["address"] == f"127.0.0.1:{port}"), "")

    return await polled(look, "the server to be found")
