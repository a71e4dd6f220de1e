"""Loads and unloads models by Ollama's documented empty requests, and posts the outcome to the dispatcher."""

import asyncio
import logging
from collections.abc import Callable

import httpx

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.ollama.models import is_embedding
from ollama_panel.core.scheduling.messages import Event, Loaded, Unloaded
from ollama_panel.engine.instances.catalog import Catalog
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_LOAD_TIMEOUT = httpx.Timeout(600.0, connect=5.0)


class ModelLoader:
    """Loads and unloads models, each in a task of `group`."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        client: httpx.AsyncClient,
        store: Store,
        catalog: Catalog,
        post: Callable[[Event], None],
    ) -> None:
        self._group = group
        self._client = client
        self._store = store
        self._catalog = catalog
        self._post = post

    def load(self, instance: InstanceId, model: ModelName) -> None:
        """Start to load a model."""
        self._group.create_task(self._load(instance, model), name=f"load {model} at {instance}")

    def unload(self, instance: InstanceId, model: ModelName) -> None:
        """Start to unload a model."""
        self._group.create_task(self.unload_and_wait(instance, model), name=f"unload {model} at {instance}")

    async def unload_and_wait(self, instance: InstanceId, model: ModelName) -> None:
        """Unload a model: `keep_alive` 0 works for every kind of model (Ollama `server/routes.go GenerateHandler`)."""
        done = await self._request(instance, "/api/generate", {"model": model, "keep_alive": 0, "stream": False})
        if done:
            self._post(Unloaded(instance, model))

    async def _load(self, instance: InstanceId, model: ModelName) -> None:
        facts = self._catalog.facts(model)
        if facts is not None and is_embedding(facts):
            done = await self._request(instance, "/api/embed", {"model": model, "input": ""})
        else:
            done = await self._request(instance, "/api/generate", {"model": model, "stream": False})
        self._post(Loaded(instance, model) if done else Unloaded(instance, model))

    async def _request(self, instance: InstanceId, path: str, body: dict[str, object]) -> bool:
        record = self._store.instance(instance)
        if record is None:
            return False
        try:
            answer = await self._client.post(record.url + path, json=body, timeout=_LOAD_TIMEOUT)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            _LOG.warning("%s %s at %s failed: %s", path, body["model"], instance, error)
            return False
        return True
