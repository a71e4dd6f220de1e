"""The model stores of all instances: finds them, and looks from time to time whether the workers can read them."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

import msgspec

from ollama_panel.core import stores as core
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.host import model_stores, services
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.store import Store

INTERVAL_S = 60.0
"""How often the stores are looked at, and what is not known of a server is asked for again."""

PROBLEM_INTERVAL_S = 5.0
"""How often a store is looked at that the workers cannot read: whoever has mended it should see that."""


class _Found(msgspec.Struct, frozen=True):
    """What is known of the server with a process."""

    pid: int
    server: services.Server


class Stores:
    """Finds the stores of the instances that are in `fleet`, while `enabled()`.

    Workers inherit the variables in `inherited`. `look` returns what is known of a server by its process; it blocks.
    """

    def __init__(
        self,
        fleet: Fleet,
        store: Store,
        catalog: Catalog,
        inherited: Mapping[str, str],
        *,
        enabled: Callable[[], bool],
        look: Callable[[int], services.Server] = services.look,
    ) -> None:
        self._fleet = fleet
        self._store = store
        self._catalog = catalog
        self._inherited = inherited
        self._enabled = enabled
        self._look = look
        self._due = asyncio.Event()
        self._servers: dict[InstanceId, _Found] = {}
        self._asked_at = float("-inf")
        self._uses: tuple[core.Use, ...] = ()
        self._access: dict[str, core.Access] = {}

    def look_soon(self) -> None:
        """Look at the stores now."""
        self._due.set()

    async def run(self) -> None:
        """Look at the stores on demand, every minute, and every few seconds while one cannot be read."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROBLEM_INTERVAL_S if self._unread() else INTERVAL_S):
                    await self._due.wait()
            self._due.clear()

    async def look(self) -> None:
        """Look at the stores once, and tell what has changed."""
        if not self._enabled():
            return
        now = asyncio.get_running_loop().time()
        again = now - self._asked_at >= INTERVAL_S
        self._asked_at = now if again else self._asked_at
        records = self._store.instances()
        adopted = [one for one in records if not one.managed and one.pid is not None]
        for one in adopted:
            known = self._servers.get(one.id)
            if known is None or known.pid != one.pid or (again and not known.server.complete):
                self._servers[one.id] = _Found(one.pid or 0, await asyncio.to_thread(self._look, one.pid or 0))
        specs = self._fleet.specs()
        workers = {name: {**self._inherited, **spec.environment} for name, spec in specs.items()}
        servers = {name: found.server for name, found in self._servers.items()}
        self._uses, self._access = await asyncio.to_thread(_read, records, workers, servers)
        self._catalog.share(core.homes(self._uses))
        self.tell()

    def tell(self) -> None:
        """Tell the front ends which models are where, as far as that is known now."""
        ids = {*core.homes(self._uses).values()}
        models = {store: names for store in ids if (names := self._catalog.in_store(store)) is not None}
        self._store.set_stores(core.records(self._uses, self._access, models), ())

    def _unread(self) -> bool:
        return any(access.readable is not True for access in self._access.values())


def _read(
    records: tuple[InstanceRecord, ...],
    workers: Mapping[InstanceId, Mapping[str, str]],
    servers: Mapping[InstanceId, services.Server],
) -> tuple[tuple[core.Use, ...], dict[str, core.Access]]:
    """Return the store of each instance, and what may be done with each. Blocks for some milliseconds."""
    uses, access = list[core.Use](), dict[str, core.Access]()
    for one in records:
        server = servers.get(one.id, services.Server())
        path, found = model_stores.of_worker(workers.get(one.id, {})) if one.managed else model_stores.of_server(server)
        real = model_stores.real(path)
        uses.append(core.Use(one.id, one.managed, path, real, found, None if one.managed else server.service))
        if real and real not in access:
            access[real] = model_stores.access(path)
    return tuple(uses), access
