"""Finds all Ollama servers of this machine: reads the process table once a minute, or when somebody asks for it.

No socket is looked for: the address of a server is in its variables, or the child process that knows the local
connections tells it (`engine.host.connections`).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import httpx
import msgspec

from ollama_panel.core.ollama.host_variable import HostVariable
from ollama_panel.core.server_owners import Panel, base_name, may_be_server
from ollama_panel.core.servers import CONTAINERS, AddressSource, FoundServer
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.gather import gather
from ollama_panel.engine.host.programs import Programs
from ollama_panel.engine.host.servers import version_of
from ollama_panel.engine.host.servers_found import ServerFinder, at, own_cgroup
from ollama_panel.engine.host.servers_processes import ProcessTable
from ollama_panel.engine.host.services import PROC
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store
from ollama_panel.proxy.identity import LookUp

INTERVAL_S = 60.0
LEAST_S = 5.0
"""How long an answer is new enough for whoever asks: the table takes some ten milliseconds of a core."""
_LISTENS = (0,)
"""The remote port of a socket that listens."""


class ServersWatch:
    """Keeps the found servers in `store`. `run_id` and `children` name the panel's own processes.

    `connections` finds local connections. `on_app` is called when it is known whether Ollama's desktop app runs
    (`app_runs`). `is_left` returns whether the user wants the server at an address to be left alone.
    """

    def __init__(
        self,
        store: Store,
        client: httpx.AsyncClient,
        connections: LookUp,
        now: Callable[[], float],
        *,
        run_id: str,
        children: Callable[[], Iterable[int]],
        on_app: Callable[[], None] = lambda: None,
        is_left: Callable[[str | None], bool] = lambda _: False,
        table: ProcessTable | None = None,
        finder: ServerFinder | None = None,
        programs: Programs | None = None,
        proc: Path = PROC,
    ) -> None:
        self._store = store
        self._client = client
        self._connections = connections
        self._now = now
        self._run_id = run_id
        self._children = children
        self._on_app = on_app
        self._is_left = is_left
        self._table = table or ProcessTable()
        self._finder = finder or ServerFinder(now)
        self._programs = programs or Programs()
        self._cgroup = own_cgroup(proc)
        self._completed: dict[tuple[int, float], FoundServer] = {}
        self.app_runs = False
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Look once a minute until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(until_next(INTERVAL_S))

    async def look_anew(self) -> None:
        """Look now, as after something was changed."""
        self._looked_at = float("-inf")
        await self.refresh()

    async def refresh(self) -> None:
        """Return when the found servers are those of the last seconds."""
        async with self._looking:
            if self._now() - self._looked_at >= LEAST_S:
                await self._look()
                self._looked_at = self._now()

    async def _look(self) -> None:
        panel = Panel(self._run_id, frozenset(self._children()), self._cgroup)
        found, app = await asyncio.to_thread(self._read, panel)
        self.app_runs = app
        instances = {one.pid: one for one in self._store.instances() if one.pid is not None}
        completed = await gather([self._complete(one, instances) for one in await self._located(found)])
        self._completed = {(one.pid, one.since): one for one in completed}
        self._store.set_found_servers(tuple(completed))
        self._on_app()
        chosen, used = self._store.ollama_binary, [one.program for one in completed if _may_be_run(one)]
        self._store.set_programs(await asyncio.to_thread(self._programs.read, chosen, used))

    def _read(self, panel: Panel) -> tuple[tuple[FoundServer, ...], bool]:
        table = self._table.read()
        return self._finder.describe(table.servers, panel), table.app

    async def _located(self, found: tuple[FoundServer, ...]) -> tuple[FoundServer, ...]:
        """Return the servers with the addresses of those of which only their sockets tell it."""
        known = [self._with_known_address(one) for one in found]
        if all(one.address is not None or one.owner.kind in CONTAINERS for one in known):
            return tuple(known)
        told = await self._connections((), _LISTENS)
        listening = {one.pid: one.local for one in reversed(told.connections)} if told is not None else {}
        return tuple(
            at(one, HostVariable("http", *listening[one.pid]), AddressSource.SOCKET)
            if one.address is None and one.pid in listening
            else one
            for one in known
        )

    def _with_known_address(self, one: FoundServer) -> FoundServer:
        before = self._completed.get((one.pid, one.since))
        if one.address is not None or before is None:
            return one
        kept = {name: getattr(before, name) for name in ("address", "address_from", "url")}
        return msgspec.structs.replace(one, **kept)

    async def _complete(self, one: FoundServer, instances: Mapping[int, InstanceRecord]) -> FoundServer:
        instance, before = instances.get(one.pid), self._completed.get((one.pid, one.since))
        version = (instance.version if instance is not None else None) or (before.version if before else None)
        if version is None and one.url is not None:
            version = await version_of(self._client, one.url)
        name = instance.id if instance is not None else None
        return msgspec.structs.replace(one, version=version, instance=name, left=self._is_left(one.address))


def _may_be_run(one: FoundServer) -> bool:
    """Return whether the panel may ask a server's program for its version.

    What another user runs would run as the panel's user, and the path of one in a container leads to another file here.
    """
    return bool(one.program) and one.ours and one.owner.kind not in CONTAINERS and may_be_server(base_name(one.program))
