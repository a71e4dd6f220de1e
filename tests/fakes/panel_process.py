"""The headless panel as a child process, for the end-to-end tests."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

from tests.fakes import own_machine
from tests.fakes.ports import free_port
from tests.fakes.waiting import deadline, polled


class PanelProcess:
    """`ollama-panel serve` from `async with` to its clean end.

    `settings` is written to settings.json first, with ports of its own for the workers, because other runs of the tests
    have theirs from the default one on; `arguments` follow `serve`; `environment` is added to ours. It listens
    on `listen`, by default a free port; "" = where the settings say. `files`: how many it may open.
    """

    def __init__(
        self,
        state_dir: Path,
        settings: Mapping[str, Any] | None = None,
        arguments: Sequence[str] = ("--demo",),
        environment: Mapping[str, str] | None = None,
        *,
        listen: str = "127.0.0.1:0",
        files: int | None = None,
    ) -> None:
        self.state_dir = state_dir
        self._settings = settings
        self._arguments = arguments
        self._environment = os.environ | {"PYTHONUNBUFFERED": "1"} | dict(environment or {})
        self._listen = ("--listen", listen) if listen else ()
        self._limit = () if files is None else ("sh", "-c", f'ulimit -n {files}; exec "$0" "$@"')
        self.url = ""
        self._errors = state_dir.with_name(state_dir.name + "-stderr.txt")

    async def __aenter__(self) -> Self:
        if self._settings is not None:
            self.state_dir.mkdir(parents=True, exist_ok=True)
            ollama = {"first_port": free_port(), **self._settings.get("ollama", {})}
            (self.state_dir / "settings.json").write_text(json.dumps({**self._settings, "ollama": ollama}))
        self.process = await self._start()
        try:
            async with deadline(lambda: f"the panel to listen; it said: {self.errors}"):
                await self._listening()
        except BaseException:
            await _kill(self.process)
            raise
        self.client = httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False)
        return self

    async def _start(self) -> asyncio.subprocess.Process:
        return await self._run("serve", *self._listen, *self._arguments, through=self._limit)

    async def _listening(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            if line.startswith(b"listening on "):
                self.url = line.split()[-1].decode()
                return
        raise AssertionError(f"the panel ended before it listened: {self.errors}")

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        await self.stop()

    async def _run(self, *arguments: str, through: Sequence[str] = ()) -> asyncio.subprocess.Process:
        """Start a panel that sees no more of this machine than what this run of the tests has started."""
        return await self._spawn(*arguments, through=through, module=own_machine.__name__)

    async def _spawn(
        self,
        *arguments: str,
        through: Sequence[str] = (),
        folder: Path | None = None,
        module: str = "ollama_panel",
    ) -> asyncio.subprocess.Process:
        with self._errors.open("ab") as errors:
            return await asyncio.create_subprocess_exec(
                *(*through, sys.executable, "-m", module, *arguments, "--state-dir", str(self.state_dir)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=self._environment,
                cwd=folder,
            )

    @property
    def errors(self) -> str:
        """Its stderr so far."""
        return self._errors.read_text()

    async def stop(self) -> int:
        """Ask for a clean end and return the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Return the exit code of its clean end, which something else asks for."""
        try:
            async with deadline(lambda: f"the panel to end; it said: {self.errors}"):
                return await self.process.wait()
        finally:
            await _kill(self.process)

    async def status(self) -> Any:
        """Return the snapshot that `ollama-panel status --json` prints."""
        reply = await self.client.get("/panel/status")
        reply.raise_for_status()
        return reply.json()

    def secret(self) -> str:
        """Return the key that the panel gives to its owner."""
        return str(json.loads((self.state_dir / "panel.json").read_text())["secret"])

    async def instances(self, pool: str) -> list[Any]:
        """Return the records of a pool's instances."""
        return [one for one in (await self.status())["instances"] if one["pool"] == pool]

    async def until(self, holds: Callable[[Any], bool]) -> Any:
        """Poll the status until `holds(status)` is true; return that status."""
        status: Any = None

        async def look() -> bool:
            nonlocal status
            status = await self.status()
            return holds(status)

        await polled(look, lambda: f"the panel's status to be as wanted; it was {status}")
        return status

    async def ready(self) -> None:
        """Wait until every instance answers."""
        await self.until(lambda status: all(one["phase"] == "ready" for one in status["instances"]))

    async def stats(self, pool: str) -> list[Any]:
        """Return `/sim/stats` of each instance of a pool of simulated servers."""
        return [(await self.client.get(one["url"] + "/sim/stats")).json() for one in await self.instances(pool)]

    async def command(self, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
        """Run `ollama-panel ARGUMENTS` beside the running panel; return its exit code and what it printed.

        `folder`: of an installation, by default the one under test. A take-over names its server: without a name it is
        the one at Ollama's own port, which on the machine of a developer is a real one.
        """
        assert arguments[:1] != ("take-over",) or _names_server(arguments[1:]), "whose server?"
        process = await self._spawn(*arguments, folder=folder)
        try:
            async with deadline(f"`ollama-panel {' '.join(arguments)}` to end"):
                printed, _ = await process.communicate()
        finally:
            await _kill(process)
        return process.returncode or 0, printed.decode()

    async def settings_set(self, key: str, value: str) -> None:
        """Run `ollama-panel settings set KEY VALUE` beside the running panel."""
        code, _ = await self.command("settings", "set", key, value)
        assert code == 0, self.errors


def _names_server(arguments: Sequence[str]) -> bool:
    return "--undo" in arguments or not all(word.startswith("-") for word in arguments)


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def runs_with(pool: str, parallel: int) -> Callable[[Any], bool]:
    """Return whether a status says that every instance of `pool` takes work with `parallel` slots."""

    def holds(status: Any) -> bool:
        members = [one for one in status["instances"] if one["pool"] == pool]
        return all(one["phase"] == "ready" and one["parallel"] == parallel and not one["draining"] for one in members)

    return holds
