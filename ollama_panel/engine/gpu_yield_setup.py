"""Puts together what gives the GPU to others: what it needs of the other parts of the engine."""

import logging
from collections.abc import Callable, Coroutine
from functools import partial

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.notices.render import render
from ollama_panel.engine import clock
from ollama_panel.engine.context import Context
from ollama_panel.engine.gather import gather
from ollama_panel.engine.gpu_yield import GpuYield
from ollama_panel.engine.gpu_yield_models import ModelsAway
from ollama_panel.engine.gpu_yield_watch import GpuYieldWatch
from ollama_panel.engine.instance_parts import InstanceParts
from ollama_panel.engine.store import Store
from ollama_panel.engine.tuning.session import Tuning

_LOG = logging.getLogger(__name__)


def new_gpu_yield(
    context: Context, parts: InstanceParts, tuning: Tuning, end_drill: Callable[[], Coroutine[None, None, None]]
) -> GpuYield:
    """Return the switch of a running engine. `end_drill` ends a drill and returns when its instance is gone."""
    store, dispatcher = parts.store, parts.dispatcher
    seconds, unload = context.system.seconds, parts.unloader.unload_and_wait

    async def idle() -> None:
        """Return when no request runs, but for those of runners that do not answer: these would not end."""
        await gather(parts.admission.wait_idle(one.id, partial(_silent, store, one.id)) for one in store.instances())

    async def rest() -> None:
        await gather((tuning.rest_for_others(), end_drill()))

    async def resume() -> None:
        try:
            await tuning.go_on_after_others()
        except PanelError as error:  # what it has measured does not hold any more: its record says so
            _LOG.info("%s", render(error.notice))

    return GpuYield(
        context.paths.gpu_yield,
        store,
        dispatcher,
        parts.admission.post,
        GpuYieldWatch(
            store,
            parts.timeline.counts,
            dispatcher.in_flight,
            context.system.processes,
            context.cards.use,
            parts.telemetry,
            seconds,
        ),
        ModelsAway(store, parts.fleet, dispatcher.loaded_by_panel, unload, parts.memory.read, seconds),
        idle=idle,
        rest=rest,
        resume=resume,
        seconds=seconds,
        wall=clock.wall,
        gpu=lambda: context.gpu,
        open_requests=parts.timeline.counts.open,
        changed=context.changed,
    )


def _silent(store: Store, instance: InstanceId) -> tuple[ModelName, ...]:
    record = store.instance(instance)
    return record.silent if record is not None else ()
