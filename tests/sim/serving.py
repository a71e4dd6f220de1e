"""Simulated servers for tests: in this process, or as a child that is waited for and always ended."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from ollama_panel.sim.http.server import SimServer
from ollama_panel.sim.options import options_of

CHAT, EMBED = "llama3.1:8b", "nomic-embed-text"
LONG = {"num_predict": 100_000_000}


def server(*, quick: bool = True, **environment: str) -> SimServer:
    """A server of this process; keywords are the environment."""
    speed = {"OLLAMA_SIM_SPEED": "100"} if quick else {}
    return SimServer(options_of({"OLLAMA_HOST": "127.0.0.1:0", **speed, **environment}))


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=30, limits=httpx.Limits(max_connections=None))


def question(
    text: str = "hello", *, stream: bool = False, tokens: int = 5, model: str = CHAT, **more: Any
) -> dict[str, Any]:
    options = {"num_predict": tokens}
    return {
        "model": model,
        "messages": [{"role": "user", "content": text}],
        "stream": stream,
        "options": options,
        **more,
    }


async def stats(http: httpx.AsyncClient, model: str = CHAT) -> dict[str, Any]:
    found: dict[str, Any] = (await http.get("/sim/stats")).json()["models"][model]
    return found


@dataclass
class Child:
    """A server in a process of its own."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    url: str = ""

    async def wait_for(self, text: str) -> str:
        """Read the log up to a line with this text."""
        assert self.process.stderr is not None
        async for raw in self.process.stderr:
            line = raw.decode().rstrip()
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"the log ended without {text!r}:\n" + "\n".join(self.lines))

    async def rest(self) -> int:
        """Read the log to its end and wait for the process."""
        assert self.process.stderr is not None
        self.lines += (await self.process.stderr.read()).decode().splitlines()
        return await self.process.wait()


@asynccontextmanager
async def child(*arguments: str, ready: str = "vram-based default context", **environment: str) -> AsyncIterator[Child]:
    """Start `python -m ollama_panel.sim serve` and wait for a line of its log (none if `ready` is empty)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ollama_panel.sim",
        "serve",
        *arguments,
        env={**clean(os.environ), "OLLAMA_HOST": "127.0.0.1:0", "OLLAMA_SIM_SPEED": "50", **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    found = Child(process)
    try:
        if ready:
            listening = await found.wait_for("Listening on")
            found.url = "http://" + listening.split("Listening on ")[1].split(" ")[0]
            if ready not in listening:
                await found.wait_for(ready)
        yield found
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        transport = getattr(process, "_transport", None)
        if transport is not None:
            transport.close()


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if not key.startswith(("OLLAMA_", "LLAMA_ARG_"))}
