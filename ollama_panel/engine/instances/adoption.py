"""Adopts Ollama servers that already run on this machine, if the settings allow it."""

import asyncio
from collections.abc import Callable, Collection, Mapping

import httpx

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import HOST
from ollama_panel.core.ollama.host_variable import url_of
from ollama_panel.engine.host.servers import find_servers
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.supervisor import Adopted
from ollama_panel.engine.pace import until_next

INTERVAL_S = 5.0


class Adoption:
    """Scans `places` (hosts by port) for servers while `enabled()`.

    One that was found stays in the fleet, up or down, until that is disabled. `workers` returns the ports and pools of
    the workers that were made services of the system. `own_ports` returns the ports of the panel itself. `on_removed`
    is called when servers were given up. `more` returns further places, `left` ports whose servers are not to be used.
    """

    def __init__(
        self,
        fleet: Fleet,
        client: httpx.AsyncClient,
        places: Mapping[int, str],
        *,
        enabled: Callable[[], bool],
        own_ports: Callable[[], Collection[int]],
        workers: Callable[[], Mapping[int, PoolName]] = dict,
        more: Callable[[], Mapping[int, str]] = dict,
        left: Callable[[], Collection[int]] = frozenset,
        on_removed: Callable[[], None] = lambda: None,
    ) -> None:
        self._fleet = fleet
        self._client = client
        self._places = places
        self._enabled = enabled
        self._own_ports = own_ports
        self._workers = workers
        self._more = more
        self._left = left
        self._on_removed = on_removed
        self._adopted: dict[int, Adopted] = {}
        self._scanning = asyncio.Lock()

    async def run(self) -> None:
        """Scan periodically until cancelled."""
        while True:
            await self.scan()
            await asyncio.sleep(until_next(INTERVAL_S))

    async def scan(self) -> None:
        """Scan once; if adoption is disabled, remove the adopted servers.

        One scan at a time: two would both add a server that they find at once, and the end of the panel waits for both.
        """
        async with self._scanning:
            await self._scan()

    async def _scan(self) -> None:
        if not self._enabled():
            await self._remove_all()
            return
        not_used = {*self._left(), *self._own_ports()}
        for port in self._adopted.keys() & not_used:
            await self._remove(port)
        workers = await asyncio.to_thread(self._workers)
        places = {**dict.fromkeys(workers, HOST), **self._places, **self._more()}
        missing = {port: host for port, host in places.items() if port not in self._adopted}
        for port in await find_servers(self._client, missing, not_used):
            found = Adopted(
                InstanceId(f"adopted-{port}"), port, url_of(places[port], port), workers.get(port, PoolName(""))
            )
            self._adopted[port] = found
            self._fleet.add(found)

    async def _remove_all(self) -> None:
        for port in tuple(self._adopted):
            await self._remove(port)

    async def _remove(self, port: int) -> None:
        found = self._adopted.pop(port)
        await self._fleet.remove(found.id)
        self._on_removed()
