"""Which models there are, read from the default instance; what the proxy asks about them."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

import httpx
import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.models import ModelFacts, canonical, is_embedding
from ollama_panel.core.records import Role
from ollama_panel.core.settings import PoolSettings
from ollama_panel.engine import probe

_LOG = logging.getLogger(__name__)
EVERY_S = 30.0


class Catalog:
    """The models of the store; `changed` is called with them whenever they are others."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        urls: Callable[[], tuple[str, ...]],
        changed: Callable[[tuple[ModelFacts, ...]], None],
    ) -> None:
        self._client = client
        self._urls = urls
        self._changed = changed
        self._poke = asyncio.Event()
        self._known: dict[str, ModelFacts] = {}
        self._models: tuple[ModelFacts, ...] = ()
        self._pools: tuple[PoolSettings, ...] = ()
        self._roles: Mapping[ModelName, Role] = MappingProxyType({})
        self._remote: frozenset[ModelName] = frozenset()

    def poke(self) -> None:
        """Read soon."""
        self._poke.set()

    def roles(self) -> Mapping[ModelName, Role]:
        """Return which role a model asks for: what a pool's list says, else what the model is; chat if not here."""
        return self._roles

    def remote_models(self) -> frozenset[ModelName]:
        """Return the cloud models."""
        return self._remote

    def facts(self, model: ModelName) -> ModelFacts | None:
        """Return what is known of a model."""
        return next((facts for facts in self._models if facts.name == model), None)

    def set_pools(self, pools: tuple[PoolSettings, ...]) -> None:
        """Take other pools' lists of models."""
        self._pools = pools
        self._sort()

    async def run(self) -> None:
        """Read whenever poked, and every half minute: models are pulled and deleted behind our back."""
        while True:
            try:
                async with asyncio.timeout(EVERY_S):
                    await self._poke.wait()
            except TimeoutError:
                pass
            self._poke.clear()
            await self._read()

    async def _read(self) -> None:
        for url in self._urls():
            try:
                models = await probe.catalog(self._client, url, self._known)
            except (httpx.HTTPError, msgspec.DecodeError) as error:
                _LOG.info("the models of %s could not be read: %s", url, error)
                continue
            self._known = {facts.digest: facts for facts in models}
            if models != self._models:
                self._models = models
                self._sort()
                self._changed(models)
            return

    def _sort(self) -> None:
        roles = {facts.name: Role.EMBEDDING for facts in self._models if is_embedding(facts)}
        for pool in reversed(self._pools):
            roles |= {canonical(name): pool.role for name in pool.models}
        self._roles = MappingProxyType(roles)
        self._remote = frozenset(facts.name for facts in self._models if facts.remote)
