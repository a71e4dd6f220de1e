"""The panel that is attacked, with traffic on it, and what attacks do to it."""

import asyncio
import itertools
import json
import os
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import httpx
import psutil

from ollama_panel.proxy.credentials import new_key
from tests.chaos.traffic import Traffic
from tests.fakes.panel_process import PanelProcess
from tests.fakes.ports import free_port
from tests.fakes.waiting import deadline

DESCRIPTORS = 512
QUEUE_LIMIT = 40
_P, _R = ParamSpec("_P"), TypeVar("_R")


class Target:
    """A panel whose limits are low, with two chat workers and one for embeddings that are simulated, and traffic.

    The traffic has an API key, so that it is not one client with the attacker, which is the same process. The servers
    live `speed` times as fast; `files`: how many the panel may open, None = as many as the tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        speed: float = 20.0,
        make_panel: type[PanelProcess] = PanelProcess,
        files: int | None = DESCRIPTORS,
    ) -> None:
        self.temporary_folder = folder / "tmp"
        self.temporary_folder.mkdir()
        self.program = folder / "ollama"
        self.write_program(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ollama_panel.sim "$@"\n')
        key, entry = new_key("traffic")
        self._settings: dict[str, Any] = {
            "version": 2,
            "ollama": {"adopt": False},
            "proxy": {
                "port": free_port(),
                "queue_limit": QUEUE_LIMIT,
                "write_timeout_s": 1,
                "require_key": "never",
                "api_keys": [{"name": entry.name, "digest": entry.digest}],
            },
            "pools": [
                {"name": "chat", "role": "chat", "workers": 2, "parallel": 2},
                {"name": "embedding", "role": "embedding", "workers": 1, "parallel": 1},
            ],
        }
        self.panel = make_panel(
            folder / "state",
            self._settings,
            ("--ollama", str(self.program)),
            {"OLLAMA_SIM_SPEED": str(speed), "TMPDIR": str(self.temporary_folder)},
            listen="",
            files=files,
        )
        self.address = ("127.0.0.1", self._settings["proxy"]["port"])
        self.traffic = Traffic(f"http://127.0.0.1:{self.address[1]}", {"Authorization": f"Bearer {key}"})
        self._numbers = itertools.count(1)

    @asynccontextmanager
    async def attacked(self) -> AsyncIterator["Target"]:
        """Run the panel and the traffic; at the end every request has ended, and no process is left."""
        async with self.panel:
            await self.ready()
            async with self.traffic:
                yield self
            pids = [one["pid"] for one in (await self.panel.status())["instances"]]
            assert await self.panel.stop() == 0, self.panel.errors
        assert [pid for pid in pids if pid and psutil.pid_exists(pid)] == []
        assert "Traceback" not in self.panel.errors, self.panel.errors

    def number(self) -> int:
        """Return a number that was not returned before."""
        return next(self._numbers)

    async def ready(self) -> None:
        """Wait until all instances answer; those that were given up are started again by a change of their settings."""
        status = await self.panel.until(lambda status: all(one["phase"] in _SETTLED for one in status["instances"]))
        if any(one["phase"] == "failed" for one in status["instances"]):
            self._settings["pools"][0]["parallel"] = 5 - self._settings["pools"][0]["parallel"]
            await self.restore_settings()
        await self.panel.until(_complete)

    async def worker(self) -> int:
        """Return the process id of a chat worker that runs."""
        status = await self.panel.until(lambda status: any(_runs_chat(one) for one in status["instances"]))
        return next(int(one["pid"]) for one in status["instances"] if _runs_chat(one))

    async def kill_worker(self) -> None:
        """Kill a chat worker, and wait until the panel knows."""
        pid = await self.worker()
        os.kill(pid, signal.SIGKILL)
        await self.panel.until(lambda status: all(one["pid"] != pid for one in status["instances"]))

    @property
    def settings_file(self) -> Path:
        """The settings file of the panel."""
        return self.panel.state_dir / "settings.json"

    async def rewrite_settings(self, change: Callable[[Any], None]) -> None:
        """Write changed settings as an editor does, and wait until the panel has read them."""
        settings = json.loads(json.dumps(self._settings))
        change(settings)
        settings["window"] = {"language": f"x{self.number()}"}  # tells that it has been read
        self.settings_file.parent.mkdir(exist_ok=True)
        self.settings_file.write_text(json.dumps(settings))
        await self.panel.until(lambda status: status["settings"]["window"] == settings["window"] | _THEME)

    async def restore_settings(self) -> None:
        """Write the settings that the panel began with."""
        await self.rewrite_settings(lambda _: None)

    def write_program(self, text: str) -> None:
        """Put an Ollama program in place, as a package manager does."""
        new = self.program.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o755)
        new.replace(self.program)

    def stranger(self) -> httpx.AsyncClient:
        """Return a client without a key, with as many connections as it likes."""
        limits = httpx.Limits(max_connections=None)
        return httpx.AsyncClient(base_url=self.panel.url, limits=limits, timeout=60, trust_env=False)

    def connection(self, receive_bytes: int | None = None) -> socket.socket:
        """Return a connection; `receive_bytes`: how much of an answer the system holds for a client that reads none."""
        made = socket.socket()
        if receive_bytes is not None:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        made.settimeout(60)
        made.connect(self.address)
        return made

    @staticmethod
    def head(method: str, path: str, length: int, client: str = "attacker") -> bytes:
        """Return the head of a request."""
        lines = (f"{method} {path} HTTP/1.1", "Host: localhost", f"X-Client-ID: {client}", f"Content-Length: {length}")
        return "\r\n".join((*lines, "", "")).encode()

    @staticmethod
    async def in_thread(call: Callable[_P, _R], *arguments: _P.args, **named: _P.kwargs) -> _R:
        """Call what blocks."""
        async with deadline(f"{call} to end"):
            return await asyncio.to_thread(call, *arguments, **named)

    async def no_request_of(self, client: str) -> None:
        """Wait until no request of `client` waits or runs."""
        await self.panel.until(lambda status: all(one["client"] != client for one in status["requests"]))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Poll until something holds outside the panel's status."""
        await self.panel.until(lambda _: holds())


_SETTLED = ("ready", "failed")
_THEME = {"theme": "system"}


def _runs_chat(instance: dict[str, Any]) -> bool:
    return bool(instance["pool"] == "chat" and instance["phase"] == "ready" and instance["pid"])


def _complete(status: dict[str, Any]) -> bool:
    instances = status["instances"]
    return len(instances) == 3 and all(one["phase"] == "ready" and not one["draining"] for one in instances)
