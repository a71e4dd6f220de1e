"""Unloads models by Ollama's documented empty request, and posts the outcome to the dispatcher."""

import asyncio
import logging
from collections.abc import Callable

import httpx

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.scheduling.messages import Event, Unloaded
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)
_TIMEOUT = httpx.Timeout(600.0, connect=5.0)


class ModelUnloader:
    """Unloads models, each in a task of `group`."""

    def __init__(
        self,
        group: asyncio.TaskGroup,
        client: httpx.AsyncClient,
        store: Store,
        post: Callable[[Event], None],
    ) -> None:
        self._group = group
        self._client = client
        self._store = store
        self._post = post

    def unload(self, instance: InstanceId, model: ModelName) -> None:
        """Start to unload a model."""
        self._group.create_task(self.unload_and_wait(instance, model), name=f"unload {model} at {instance}")

    async def unload_and_wait(self, instance: InstanceId, model: ModelName) -> None:
        """Unload a model: `keep_alive` 0 works for every kind of model (Ollama `server/routes.go GenerateHandler`).

        A model that the instance no longer knows, because it was deleted, is not loaded either.
        """
        record = self._store.instance(instance)
        if record is None:
            return
        body = {"model": model, "keep_alive": 0, "stream": False}
        try:
            answer = await self._client.post(f"{record.url}/api/generate", json=body, timeout=_TIMEOUT)
        except httpx.HTTPError as error:
            _LOG.warning("%s could not be unloaded at %s: %s", model, instance, error)
            return
        now = self._store.instance(instance)
        if now is None or now.url != record.url:
            return  # another process has taken its place, with models of its own
        if answer.is_success or answer.status_code == httpx.codes.NOT_FOUND:
            self._post(Unloaded(instance, model))
        else:
            _LOG.warning("%s could not be unloaded at %s: status %d", model, instance, answer.status_code)
