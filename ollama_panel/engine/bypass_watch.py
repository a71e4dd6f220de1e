"""Finds out who talks to the Ollama servers of this machine past the panel, now and then, in a child process."""

import asyncio
import os
from collections.abc import Callable, Collection
from typing import TypeAlias
from urllib.parse import urlsplit

from ollama_panel.core.bypass import Bypasses, Caller, Server
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.access_log import asks_a_model
from ollama_panel.core.servers import LogKind
from ollama_panel.engine.host.server_log import Growth
from ollama_panel.engine.pace import until_next
from ollama_panel.engine.store import Store
from ollama_panel.proxy.identity import LOOPBACK, Found, LocalConnection

WATCHED_S = 10.0
"""How often to look while somebody watches."""
IDLE_S = 60.0
"""How often else. The child that looks ends meanwhile, and its next start takes a tenth of a second."""
FIRST_S = 1.0
"""How often to try until the servers of this machine are known, and with them whom to ask for."""
LEAST_S = 5.0
"""How long an answer is new enough for whoever asks."""

ClientsOf: TypeAlias = Callable[[Collection[int], Collection[int]], asyncio.Future[Found | None]]
"""Finds who is connected to ports of this machine, besides some processes; None = unknown. It never raises."""


class BypassWatch:
    """Keeps the programs that go past the panel in `store`; `watched` returns whether somebody shows them."""

    def __init__(
        self, store: Store, clients_of: ClientsOf, now: Callable[[], float], watched: Callable[[], bool]
    ) -> None:
        self._store = store
        self._clients_of = clients_of
        self._now = now
        self._watched = watched
        self._found = Bypasses()
        self._logs: dict[str, Growth] = {}
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Look from time to time until cancelled."""
        while True:
            has_looked = self._looked_at > float("-inf")
            await asyncio.sleep(until_next(WATCHED_S if has_looked else FIRST_S))
            if self._watched() or self._now() - self._looked_at >= IDLE_S - WATCHED_S / 2:
                await self.refresh()

    async def refresh(self) -> None:
        """Return when what is known is of the last seconds: nothing, until the servers are known."""
        async with self._looking:
            if self._store.servers_known and self._now() - self._looked_at >= LEAST_S:
                await self._look()
                self._looked_at = self._now()

    async def _look(self) -> None:
        servers = self._servers()
        found = await self._clients_of(servers, (os.getpid(),)) if servers else Found()
        if found is None:
            self._store.set_bypassing(None, notice("bypass.unknown"))
            return
        self._found.looked(map(_caller, found.connections), servers, self._now())
        await self._read_logs()
        self._store.set_bypassing(self._found.records(), None)

    async def _read_logs(self) -> None:
        """Count what the files tell of requests past the panel: of a server that it uses, only those of others."""
        logs = {one.log.path: one for one in self._store.found_servers if one.log and one.log.kind is LogKind.FILE}
        self._logs = {path: self._logs.get(path) or Growth(path) for path in logs}
        for path, server in logs.items():
            if server.url is not None:
                lines = await asyncio.to_thread(self._logs[path].lines)
                used = server.instance is not None
                requests = sum(asks_a_model(line, from_elsewhere=used) for line in lines)
                self._found.logged(Server(server.url, server.instance), requests, self._now())

    def _servers(self) -> dict[int, Server]:
        """Return all servers that are known, by port: what listens on the panel's own ports is the panel."""
        own = {self._store.proxy.port, self._store.second_proxy.port, 0}
        instances = {one.url: one.id for one in self._store.instances()}
        urls = [one.url for one in self._store.found_servers if one.url is not None]
        ports = {urlsplit(url).port or 0: Server(url, instances.get(url)) for url in (*urls, *instances)}
        return {port: server for port, server in ports.items() if port not in own}


def _caller(one: LocalConnection) -> Caller:
    here = one.local[0] == one.remote[0] or one.local[0] in LOOPBACK
    return Caller(
        port=one.remote[1],
        pid=one.pid,
        name=one.name,
        program=one.program,
        arguments=one.arguments,
        user=one.user,
        address="" if here else one.local[0],
        interface=one.interface,
    )
