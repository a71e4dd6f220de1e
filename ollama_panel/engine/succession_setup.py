"""Connects the parts that load models and replace processes with the rest of the engine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager

from ollama_panel.core.ids import ModelName
from ollama_panel.core.launch import free_port
from ollama_panel.core.ollama.models import ModelFacts
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.timeline.counts import Counts
from ollama_panel.engine.admission import Admission
from ollama_panel.engine.context import Context
from ollama_panel.engine.host import ports
from ollama_panel.engine.instance_plan import InstancePlan
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.model_loader import ModelLoader
from ollama_panel.engine.instances.replacer import Replacer
from ollama_panel.engine.instances.reservations import Reservations
from ollama_panel.engine.instances.rollout import Rollout
from ollama_panel.engine.store import Store


class Succession:
    """`loader` loads models, `reservations` keeps memory for them, `replacer` replaces processes for the `rollout`.

    `measured` returns when the dispatcher knows the memory as it is now, `models` returns the facts of the store's
    models.
    """

    def __init__(
        self,
        context: Context,
        store: Store,
        fleet: Fleet,
        admission: Admission,
        dispatcher: Dispatcher,
        counts: Counts,
        plan: InstancePlan,
        *,
        measured: Callable[[], Awaitable[None]],
        models: Callable[[], tuple[ModelFacts, ...]],
    ) -> None:
        self._context = context
        self._store = store
        self._admission = admission
        self._dispatcher = dispatcher
        self._models = models
        self._measured = measured
        self._one_load = asyncio.Lock()
        self.reservations = Reservations(admission.post)
        self.loader = ModelLoader(context.client, lambda model: self._facts().get(model), self._turn)
        self.replacer = Replacer(
            *(context.group, fleet, store, dispatcher, self, self.loader, self.reservations),
            until=admission.until,
            facts=self._facts,
            now=context.system.seconds,
            tries=plan.tries,
        )
        self.rollout = Rollout(fleet, store, counts, plan.specs, self.replacer.replace)

    @property
    def gpu(self) -> bool:
        """Whether models run on a GPU."""
        return self._context.gpu

    @property
    def cards(self) -> int:
        """How many GPUs the servers have found."""
        return len(self._context.device_log.devices.gpus)

    def free_port(self, avoided: Collection[int]) -> int:
        """Return a port for one more process. Raises PanelError if there is none."""
        settings = self._store.settings
        return free_port(settings, {*avoided, *ports.taken_ports(settings.ollama.first_port)})

    def _facts(self) -> Mapping[ModelName, ModelFacts]:
        return {facts.name: facts for facts in self._models()}

    async def measured(self) -> None:
        """Return when the dispatcher knows the memory as it is now, or it could not be measured."""
        await self._measured()

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Context manager in which the panel loads one model, and no request does."""
        async with self._one_load:
            await self._admission.until(lambda: not self._dispatcher.loads())
            with self.reservations.loading():
                yield
