"""The model stores of all instances: finds them, and looks from time to time whether the workers can read them."""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from ollama_panel.core import stores as core
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import HOST, InstanceSpec
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.ollama.versions import numbers
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.core.store_notices import Reader, Serving, of_stores
from ollama_panel.engine.host import model_stores, ports, services
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
INTERVAL_S = 60.0
"""How often the stores are looked at, and what is not known of a server is asked for again."""

PROBLEM_INTERVAL_S = 5.0
"""How often a store is looked at that the workers cannot read: whoever has mended it should see that."""

_PARALLEL = "OLLAMA_NUM_PARALLEL"
_ONE_SLOT = (0, 10)


class _Found(msgspec.Struct, frozen=True):
    """What is known of the server with a process, None = the system does not tell which."""

    pid: int | None
    server: services.Server


class Stores:
    """Finds the stores of the instances that are in `fleet`; of all of them while `enabled()`.

    Else it only tells if the workers, unless they are `simulated()`, cannot read theirs. They inherit the variables in
    `inherited`. `elsewhere` are the ports where servers of others may listen, `own_ports` returns the panel's own.
    `on_shared` is called when other servers use other stores than before. `look` returns what is known of a server by
    its port and its process, None = not known; it blocks.
    """

    def __init__(
        self,
        fleet: Fleet,
        store: Store,
        catalog: Catalog,
        inherited: Mapping[str, str],
        *,
        enabled: Callable[[], bool],
        simulated: Callable[[], bool] = lambda: False,
        elsewhere: Collection[int] = (),
        own_ports: Callable[[], Collection[int]] = tuple,
        on_shared: Callable[[], None] = lambda: None,
        look: Callable[[int, int | None], services.Server] = services.of_port,
    ) -> None:
        self._fleet = fleet
        self._store = store
        self._catalog = catalog
        self._inherited = inherited
        self._enabled = enabled
        self._simulated = simulated
        self._elsewhere = elsewhere
        self._own_ports = own_ports
        self._on_shared = on_shared
        self._look = look
        self._reader = Reader(model_stores.user_name(), sys.platform == "linux")
        self._due = asyncio.Event()
        self._servers: dict[InstanceId, _Found] = {}
        self._asked_at = float("-inf")
        self._uses: tuple[core.Use, ...] = ()
        self._access: dict[str, core.Access] = {}
        self._logged = set[str]()

    def look_soon(self) -> None:
        """Look at the stores now."""
        self._due.set()

    async def run(self) -> None:
        """Look at the stores on demand, every minute, and every few seconds while one cannot be read."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PROBLEM_INTERVAL_S if self._store.has_stores_told else INTERVAL_S):
                    await self._due.wait()
            self._due.clear()

    async def look(self) -> None:
        """Look at the stores once, and tell what has changed."""
        enabled = self._enabled()
        if not enabled and self._simulated():
            self._forget()
            return
        records = tuple(one for one in self._store.instances() if one.managed or enabled)
        await self._ask_about([one for one in records if not one.managed and one.phase is Phase.READY])
        before = self._uses
        await self._read(records)
        await self._start_mended(records, _closed(before) - _closed(self._uses))
        if not enabled and not core.closed(self._uses):
            self._forget()
            return
        self._catalog.share(core.store_ids(self._uses), core.closed(self._uses))
        self.tell()
        if _folders_of_others(self._uses) != _folders_of_others(before):
            self._on_shared()

    async def _ask_about(self, adopted: Sequence[InstanceRecord]) -> None:
        """Ask the system about servers that are new, and from time to time about those of which not all is known."""
        now = asyncio.get_running_loop().time()
        again = now - self._asked_at >= INTERVAL_S
        self._asked_at = now if again else self._asked_at
        for one in adopted:
            known = self._servers.get(one.id)
            if known is None or known.pid != one.pid or (again and not known.server.complete):
                self._servers[one.id] = _Found(one.pid, await asyncio.to_thread(self._look, one.port, one.pid))
        for one in adopted:
            self._fleet.know(one.id, _variables(self._servers[one.id].server, one.version or ""))

    async def _read(self, records: tuple[InstanceRecord, ...]) -> None:
        specs = self._fleet.specs()
        workers = {name: {**self._inherited, **spec.environment} for name, spec in specs.items()}
        servers = {name: found.server for name, found in self._servers.items()}
        self._uses, self._access = await asyncio.to_thread(_read, records, workers, servers)

    async def _start_mended(self, records: Iterable[InstanceRecord], opened: Collection[InstanceId]) -> None:
        """Start the workers that have failed because they could not read their store, and now can."""
        for one in records:
            if one.id in opened and one.phase is Phase.FAILED:
                await self._fleet.start(one.id)

    def _forget(self) -> None:
        if self._uses:
            self._uses, self._access = (), {}
            self._servers.clear()
            self._catalog.share({})
            self.tell()

    def writable(self, instance: InstanceId) -> bool:
        """Return whether an instance can change its store: one of somebody else can, a worker as far as is known."""
        use = next((one for one in self._uses if one.instance == instance and one.managed), None)
        access = self._access.get(use.real) if use is not None else None
        return access is None or access.writable

    def guarded(self, specs: Iterable[InstanceSpec]) -> tuple[InstanceSpec, ...]:
        """Return the workers to start; none deletes from a store that may be somebody else's.

        At its start a server deletes what it thinks is not used (Ollama `server/images.go PruneLayers`), and ends if it
        may not delete an empty folder (`server/routes.go Serve`). Blocks for less than a millisecond.
        """
        return tuple(spec if self._may_prune(spec) else _not_pruning(spec) for spec in specs)

    def _may_prune(self, spec: InstanceSpec) -> bool:
        path, _ = model_stores.of_worker({**self._inherited, **spec.environment})
        if not path or not model_stores.owned(path) or not model_stores.may_change(path):
            return False
        real, others = model_stores.real(path), _folders_of_others(self._uses)
        adopted = {one.port for one in self._store.instances() if not one.managed}
        unknown = (port for port in self._elsewhere if port not in adopted and port not in self._own_ports())
        return not {real, ""} & others and all(ports.is_free(HOST, port) for port in unknown)

    def tell(self) -> None:
        """Tell the front ends which models are where, as far as that is known now."""
        ids, remote = {*core.store_ids(self._uses).values()}, self._catalog.remote_models()
        models = {
            store: tuple(name for name in names if name not in remote)
            for store in ids
            if (names := self._catalog.in_store(store)) is not None
        }
        found = core.records(self._uses, self._access, models)
        told = of_stores(found, self._serving(), self._reader)
        for one in told:
            if one.code not in self._logged:
                _LOG.warning(render(one))
        self._logged = {one.code for one in told}
        begins = bool(told) and not self._store.has_stores_told
        self._store.set_stores(found, told)
        if begins:
            self.look_soon()

    def _serving(self) -> dict[InstanceId, Serving]:
        adopted = [one for one in self._store.instances() if not one.managed]
        return {one.id: _how_it_serves(one, self._server(one.id).found) for one in adopted}

    def _server(self, instance: InstanceId) -> services.Server:
        found = self._servers.get(instance)
        return services.Server() if found is None else found.server


def _not_pruning(spec: InstanceSpec) -> InstanceSpec:
    return msgspec.structs.replace(spec, environment={**spec.environment, "OLLAMA_NOPRUNE": "1"})


def _closed(uses: Iterable[core.Use]) -> set[InstanceId]:
    """Return the workers that cannot read their store."""
    return {use.instance for use in uses if use.closed}


def _folders_of_others(uses: Iterable[core.Use]) -> frozenset[str]:
    """Return the stores of servers that are not the panel's; "" for one whose store is unknown."""
    return frozenset(use.real for use in uses if not use.managed)


def _variables(server: services.Server, version: str) -> dict[str, str]:
    """Return what is known of a server's environment; what is certainly unset has Ollama's default.

    That is 1 slot since 0.10.0; before, Ollama chose it by itself (`envconfig/config.go`, `server/sched.go`).
    """
    unset = server.complete and _PARALLEL not in server.variables
    return {**server.variables, _PARALLEL: "1"} if unset and numbers(version) >= _ONE_SLOT else server.variables


def _how_it_serves(server: InstanceRecord, found: core.Found) -> Serving:
    """Return how many requests a server runs at once: of its loaded models, else as its environment says."""
    told_by = (ParallelSource.LOG, ParallelSource.COMMAND)
    loaded = [one for one in server.models if one.parallel is not None and one.parallel_source in told_by]
    slots, source = server.parallel, server.parallel_source
    if loaded:
        slots, source = loaded[0].parallel, loaded[0].parallel_source
    return Serving(server.url, slots, source or ParallelSource.UNKNOWN, found)


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
        if real and real not in access:
            access[real] = model_stores.access(path)
        closed = one.managed and real in access and access[real].closed
        service = None if one.managed else server.service
        uses.append(core.Use(one.id, one.managed, path, real, found, service, closed))
    return tuple(uses), access
