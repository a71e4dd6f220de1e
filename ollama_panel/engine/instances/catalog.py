"""The catalog: which models there are, in which stores, and their roles.

All managed instances share one model store, unless pools name others. An adopted one often has another (that of a
system service's user). `core.stores.store_ids` says which have the same.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType

import httpx
import msgspec

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.ollama.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.stores import MANAGED
from ollama_panel.engine.instances import probe

_LOG = logging.getLogger(__name__)
INTERVAL_S = 30.0


class Catalog:
    """The models of all stores. `sources` returns the URL to read each store from, by its identity (`store_id`).

    `on_change` is called with all models whenever a store has changed, `on_unread` when one could not be read.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        sources: Callable[[], Mapping[InstanceId, str]],
        on_change: Callable[[tuple[ModelFacts, ...]], None],
        on_unread: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._sources = sources
        self._on_change = on_change
        self._on_unread = on_unread
        self._read_due = asyncio.Event()
        self._stores: dict[InstanceId, tuple[ModelFacts, ...]] = {}
        self._store_ids: Mapping[InstanceId, InstanceId] = MappingProxyType({})
        self._closed = frozenset[InstanceId]()
        self._reads = 0
        self._latest: dict[InstanceId, int] = {}
        self._pools: tuple[PoolSettings, ...] = ()
        self._roles: Mapping[ModelName, Role] = MappingProxyType({})
        self._remote: frozenset[ModelName] = frozenset()

    def read_soon(self) -> None:
        """Wake `run` to read the stores now."""
        self._read_due.set()

    def models(self) -> tuple[ModelFacts, ...]:
        """Return the models of all stores, each name once; the managed store comes first."""
        merged = dict[ModelName, ModelFacts]()
        for name in sorted(self._stores, key=lambda name: name != MANAGED):
            for facts in self._stores[name]:
                merged.setdefault(facts.name, facts)
        return tuple(merged.values())

    def roles(self) -> Mapping[ModelName, Role]:
        """Return the role that a model needs: that of the pool that lists it, else by its kind; chat if missing."""
        return self._roles

    def remote_models(self) -> frozenset[ModelName]:
        """Return the cloud models."""
        return self._remote

    def facts(self, model: ModelName) -> ModelFacts | None:
        """Return what is known of a model, or None if no store has it."""
        return next((facts for facts in self.models() if facts.name == model), None)

    def store(self, instance: InstanceId, *, managed: bool) -> tuple[ModelName, ...] | None:
        """Return the models in an instance's store; None if there is only one store, or it has not been read.

        What the workers have by the same name, but with another digest, is another model, which nobody asks for.
        """
        models = self._stores.get(self.store_id(instance, managed=managed))
        if models is None or len(self._stores) < 2:
            return None
        ours = {} if managed else {facts.name: facts.digest for facts in self._stores.get(MANAGED, ())}
        return tuple(one.name for one in models if ours.get(one.name, one.digest) == one.digest)

    def store_id(self, instance: InstanceId, *, managed: bool) -> InstanceId:
        """Return the identity of an instance's store: MANAGED, or the id of the first instance that uses it."""
        return self._store_ids.get(instance, MANAGED if managed else instance)

    def in_store(self, store: InstanceId) -> tuple[ModelName, ...] | None:
        """Return the models of a store by its identity; None if it has not been read."""
        models = self._stores.get(store)
        return None if models is None else tuple(facts.name for facts in models)

    def share(self, ids: Mapping[InstanceId, InstanceId], closed: Collection[InstanceId] = ()) -> None:
        """Set which instances have the same store: the identity of each instance's store.

        Those in `closed` cannot be read by the workers that use them: for these there is no model in them, whatever
        they last said. What is known of an instance's models is kept until its store is read.
        """
        if ids == self._store_ids and self._closed == frozenset(closed):
            return
        stores = {name: models for name, models in self._stores.items() if ids.get(name, name) == name}
        for instance, store in ids.items():
            known = self._stores.get(self._store_ids.get(instance, instance))
            if known and not stores.get(store):
                stores[store] = known
        self._store_ids, self._closed = MappingProxyType(dict(ids)), frozenset(closed)
        self._stores = stores | dict.fromkeys(self._closed, ())
        self._assign_roles()
        self._on_change(self.models())
        self.read_soon()

    def set_pools(self, pools: tuple[PoolSettings, ...]) -> None:
        """Set the pools, whose lists of models determine roles."""
        self._pools = pools
        self._assign_roles()

    async def run(self) -> None:
        """Read the stores on demand, and every half minute, since other programs pull and delete models."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_S):
                    await self._read_due.wait()
            self._read_due.clear()
            await self.read()

    async def read(self) -> None:
        """Read all stores. One that does not answer keeps its models; one that is no longer a source is removed."""
        sources, number = self._sources(), self._next_number()
        found = {name: () if name in self._closed else await self._models_of(url) for name, url in sources.items()}
        self._update(found, tuple(sources), number)

    async def refresh(self, store: InstanceId, url: str) -> None:
        """Read one store, which was just changed through the instance at `url`."""
        number = self._next_number()
        try:
            found = {store: () if store in self._closed else await self._models_of(url)}
        except asyncio.CancelledError:
            self.read_soon()
            raise
        self._update(found, self._stores | found, number)

    async def _models_of(self, url: str) -> tuple[ModelFacts, ...] | None:
        """Return the models of a store, or None if it does not answer."""
        try:
            return await probe.catalog(self._client, url, {facts.digest: facts for facts in self.models()})
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            _LOG.info("the models of %s could not be read: %s", url, error)
            self._on_unread()
            return None

    def _next_number(self) -> int:
        self._reads += 1
        return self._reads

    def _update(
        self, found: Mapping[InstanceId, tuple[ModelFacts, ...] | None], names: Iterable[InstanceId], number: int
    ) -> None:
        """Put what was found into force, unless a later read of a store has ended before."""
        stores = dict[InstanceId, tuple[ModelFacts, ...]]()
        for name in dict.fromkeys((*names, *self._closed)):
            models = found.get(name)
            if models is not None and number > self._latest.get(name, 0):
                stores[name], self._latest[name] = models, number
            elif name in self._stores:
                stores[name] = self._stores[name]
        if stores != self._stores:
            self._stores = stores
            self._assign_roles()
            self._on_change(self.models())

    def _assign_roles(self) -> None:
        self._remote = frozenset(facts.name for facts in self.models() if facts.remote)
        roles = {facts.name: Role.EMBEDDING for facts in self.models() if is_embedding(facts)}
        for pool in reversed(self._pools):
            roles |= {canonical(name): pool.role for name in pool.models}
        self._roles = MappingProxyType(roles)
