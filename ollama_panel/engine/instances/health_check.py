"""The health check of an instance: whether it answers, its loaded models and its processes."""

import asyncio
import contextlib
from collections.abc import Callable

import httpx
import msgspec
from typing_extensions import override

from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts
from ollama_panel.engine.host.descriptors import is_exhausted
from ollama_panel.engine.host.ports import listening_process, listens_on, other_users_server
from ollama_panel.engine.instances import probe
from ollama_panel.engine.instances.runner_check import RunnerCheck

_CHECKS_PER_PROCESS_READ = 10
_CONNECT_S = 2.0
RECONNECT_S = 30.0
"""How often a connection may be opened: a server that closes each at once must not be asked again and again."""


class Answered(msgspec.Struct, frozen=True):
    """The instance answers. `pid` is the server's process, None if the system does not tell.

    `silent` are the blobs of the models whose runners do not work any more.
    """

    version: str
    entries: tuple[LoadedEntry, ...]
    process_tree: probe.ProcessTree
    pid: int | None
    silent: frozenset[str] = frozenset()


class Unanswered(msgspec.Struct, frozen=True):
    """The instance does not answer. `refused`: no process listens on its port."""

    refused: bool


class HealthCheck:
    """Checks one instance; `facts` are those of the models that were loaded at a check, by digest.

    The process table is read only if the loaded models have changed or the last time is some checks ago: it would take
    milliseconds of CPU for every instance every second.

    While no connection can be opened for want of descriptors, the last answer holds.

    `on_lost` is called when an adopted server that has answered is gone; a child's end is told by its process.
    """

    def __init__(self, client: httpx.AsyncClient, on_lost: Callable[[], None] = lambda: None) -> None:
        self._client = client
        self._on_lost = on_lost
        self._presence: _Presence | None = None
        self._reconnect_at = float("-inf")
        self._found_pid: int | None = None
        self._last: Answered | None = None
        self._checks_since_read = 0
        self._runners = RunnerCheck(client)
        self.facts: dict[str, ModelFacts] = {}

    async def run(self, url: str, port: int, pid: int | None, *, adopted: bool) -> Answered | Unanswered:
        """Check the instance at `url`, whose process is `pid`; that of an adopted one is found by its `port`."""
        try:
            version = await probe.version(self._client, url)
        except httpx.ConnectError as error:
            if is_exhausted(error):  # of ours, which tells nothing about the instance
                return self._last or Unanswered(refused=False)
            self._found_pid = self._last = None
            return Unanswered(refused=True)
        except (httpx.HTTPError, msgspec.DecodeError):
            return Unanswered(refused=False)
        if pid is not None and not adopted and not await self._is_our_process(port, pid):
            return Unanswered(refused=False)
        known = self._last.process_tree.listening if self._last else ()
        async with asyncio.TaskGroup() as group:
            loaded, checked = group.create_task(self._loaded(url)), group.create_task(self._runners.run(known))
        entries, silent = loaded.result(), checked.result()
        await probe.add_details(self._client, url, entries, self.facts)
        if adopted:
            pid = await self._find_pid(port)
            await self._connect(url, port)
        process_tree = probe.ProcessTree() if pid is None else await self._process_tree(pid, entries, adopted=adopted)
        self._last = Answered(version, entries, process_tree, pid, silent)
        return self._last

    @property
    def connected(self) -> bool:
        """Whether a connection is open whose end tells that the server is gone."""
        return self._presence is not None and self._presence.open

    @property
    def doubtful(self) -> bool:
        """Whether a runner did not answer, so that the next check should be soon."""
        return self._runners.doubtful

    def close(self) -> None:
        """Close the connection."""
        if self._presence is not None:
            self._presence.close()

    async def _connect(self, url: str, port: int) -> None:
        now = asyncio.get_running_loop().time()
        if self.connected or now < self._reconnect_at:
            return
        self._reconnect_at, presence = now + RECONNECT_S, _Presence(self._on_lost)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_CONNECT_S):
                await asyncio.get_running_loop().create_connection(lambda: presence, httpx.URL(url).host, port)
            self._presence = presence

    async def _is_our_process(self, port: int, pid: int) -> bool:
        """Return whether the server that answers is our process: another one may have taken the port first."""
        if self._last is not None and self._last.pid == pid:
            return True
        return await asyncio.to_thread(listens_on, pid, port)

    async def _loaded(self, url: str) -> tuple[LoadedEntry, ...]:
        """Return the loaded models; if the request fails (before Ollama 0.1.38), those of the last check."""
        try:
            return await probe.loaded(self._client, url)
        except (httpx.HTTPError, msgspec.DecodeError):
            return self._last.entries if self._last else ()

    async def _process_tree(self, pid: int, entries: tuple[LoadedEntry, ...], *, adopted: bool) -> probe.ProcessTree:
        last, self._checks_since_read = self._last, self._checks_since_read + 1
        same = last is not None and last.pid == pid and _names(last.entries) == _names(entries)
        if last is None or not same or self._checks_since_read >= _CHECKS_PER_PROCESS_READ:
            self._checks_since_read = 0
            return await asyncio.to_thread(probe.read_processes, pid, environment=adopted)
        return probe.with_memory(last.process_tree)

    async def _find_pid(self, port: int) -> int | None:
        """Return the process that listens on `port`, or None; searched once, even if the system does not tell (0)."""
        if self._found_pid is None:
            process = await asyncio.to_thread(listening_process, port)
            process = process or await asyncio.to_thread(other_users_server, port)
            self._found_pid = process.pid if process else 0
        return self._found_pid or None


class _Presence(asyncio.Protocol):
    """A connection on which nothing is sent; `on_lost` is called when the server closes it, as when it dies."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        self._on_lost = on_lost
        self._transport: asyncio.BaseTransport | None = None

    @property
    def open(self) -> bool:
        """Whether it is open."""
        return self._transport is not None

    def close(self) -> None:
        """Close it from this side."""
        self._on_lost = lambda: None
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._on_lost()


def _names(entries: tuple[LoadedEntry, ...]) -> frozenset[str]:
    return frozenset(entry.name for entry in entries)
