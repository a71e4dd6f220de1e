"""Carries out the loads that the panel itself wants, when it is their turn (`core.scheduling.own_loads`)."""

import asyncio
import logging
from collections.abc import Callable

import httpx

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.notices.render import render
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling import messages as m
from ollama_panel.engine.instances.model_loader import ModelLoader
from ollama_panel.engine.store import Store

_LOG = logging.getLogger(__name__)

Key = tuple[InstanceId, ModelName]


class ModelLoads:
    """Loads and unloads. `facts` returns what is known of a model, `post` posts an event to the dispatcher.

    `check_soon` has the health of the instances checked, so that their records show what was loaded.
    """

    def __init__(
        self,
        group: asyncio.TaskGroup,
        client: httpx.AsyncClient,
        facts: Callable[[ModelName], ModelFacts | None],
        store: Store,
        post: Callable[[m.Event], None],
        check_soon: Callable[[], None],
    ) -> None:
        self._group = group
        self._loader = ModelLoader(client, facts)
        self._store = store
        self._post = post
        self._check_soon = check_soon
        self._waiting: dict[Key, list[asyncio.Future[Notice | None]]] = {}
        self._leaving: dict[Key, list[asyncio.Future[None]]] = {}

    async def load(self, instance: InstanceId, model: ModelName) -> Notice | None:
        """Load a model when it is its turn; return None once it is in memory, else why it is not."""
        future: asyncio.Future[Notice | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault((instance, model), []).append(future)
        self._post(m.LoadWanted(instance, model))
        return await future

    async def unload(self, instance: InstanceId, model: ModelName) -> None:
        """Unload a model once its requests there have ended; return when it is not in memory."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._leaving.setdefault((instance, model), []).append(future)
        self._post(m.UnloadWanted(instance, model))
        await future

    # What the dispatcher wants

    def begin(self, action: m.Load) -> None:
        """Begin a load; its end is posted."""
        self._group.create_task(self._load(action), name=f"load {action.model} at {action.instance}")

    def over(self, action: m.LoadOver) -> None:
        """Tell those who wait for a load what it has come to."""
        for future in self._waiting.pop((action.instance, action.model), ()):
            if not future.done():
                future.set_result(action.why)

    def unloaded(self, action: m.UnloadOver) -> None:
        """Tell those who wait for it that a model is not in memory."""
        for future in self._leaving.pop((action.instance, action.model), ()):
            if not future.done():
                future.set_result(None)
        self._check_soon()

    def tell(self, action: m.Keep) -> None:
        """Tell an instance how long it keeps a model."""
        self._group.create_task(self._tell(action), name=f"keep {action.model} at {action.instance}")

    async def _load(self, action: m.Load) -> None:
        record, why = self._store.instance(action.instance), None
        if record is None:
            why = notice("instance.down")
        else:
            try:
                await self._loader.load(
                    record.url, action.model, keep_alive=action.keep_alive or "", options=action.options
                )
            except PanelError as error:
                why = error.notice
        self._post(m.LoadEnded(action.instance, action.model, why, action.generation))
        self._check_soon()

    async def _tell(self, action: m.Keep) -> None:
        record = self._store.instance(action.instance)
        if record is None:
            return
        for tries_left in (1, 0):  # a connection that has rested may have been closed
            try:
                await self._loader.load(record.url, action.model, keep_alive=action.keep_alive, options=action.options)
                return
            except PanelError as error:
                if not tries_left:
                    told = render(error.notice)
                    _LOG.warning("%s was not told how long to keep %s: %s", action.instance, action.model, told)
