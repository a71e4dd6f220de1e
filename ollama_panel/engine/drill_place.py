"""Where a drill is carried out: at one more worker, or at the last one of the pool while the others serve."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from ollama_panel.core import drill_rules
from ollama_panel.core.drill import DrillRequest
from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.memory import RunnerConfig, model_parts
from ollama_panel.core.ollama.models import ModelFacts, canonical
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.dispatcher import Dispatcher
from ollama_panel.core.settings.tree import PoolSettings
from ollama_panel.core.timeline.timeline import Timeline
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.core.tuning.record import ENDED, TuningRecord
from ollama_panel.engine.store import Store

_MOST_AT_ONCE = 12
"""Requests of a drill at once, whatever the pool could answer: so many show what happens to those that wait."""


class ExtraWorkers(Protocol):
    """Starts workers beside those of the settings, and ends them (`engine.tuning.workers`)."""

    def fits_beside(self, needed: int | None, gpu: bool) -> bool:
        """Return whether so many bytes are surely free beside all that is loaded now."""
        ...

    async def prepare(self, placement: Placement, *, fresh: bool) -> tuple[str, ...]:
        """Run workers as placed, and return their addresses. Raises PanelError."""
        ...

    async def restore(self, *, serve: bool = True) -> Notice | None:
        """Go back to the workers of the settings."""
        ...


class OwnRequests(Protocol):
    """The panel's own requests (`engine.trials`)."""

    def headers(self) -> dict[str, str]:
        """Return the headers by which the panel knows them."""
        ...


class Tunes(Protocol):
    """The tuner (`engine.tuning.session`)."""

    @property
    def record(self) -> TuningRecord | None:
        """The tuning under way, or the last one."""
        ...


@dataclass(frozen=True, slots=True)
class DrillWorld:
    """The parts of the engine that a drill needs. `struck` is called before it kills the process of an instance."""

    workers: ExtraWorkers
    timeline: Timeline
    dispatcher: Dispatcher
    trials: OwnRequests
    tuner: Tunes
    struck: Callable[[InstanceId], None]

    @property
    def tuning(self) -> bool:
        """Whether a tuning is under way: it has the extra workers."""
        record = self.tuner.record
        return record is not None and record.state not in ENDED


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drill is carried out; `placement` is None if it is a worker of the settings."""

    instance: InstanceId
    model: ModelFacts
    placement: Placement | None
    at_once: int


def place_for(request: DrillRequest, store: Store, world: DrillWorld, *, gpu: bool) -> Place:
    """Return where to drill. Raises PanelError if that is nowhere."""
    if world.tuning:
        raise PanelError(notice("drill.tuning"))
    if world.dispatcher.policy.given is not None:
        raise PanelError(notice("gpu_yield.no_load"))
    if not store.proxy.url:
        raise PanelError(notice("trial.proxy_off"))
    wanted = canonical(request.model) if request.model else ""
    models = [one for one in store.models if not wanted or one.name == wanted]
    facts, name = drill_rules.smallest(models), store.pool_for(Role.CHAT)
    if facts is None:
        raise PanelError(notice("drill.no_model", model=wanted) if wanted else notice("drill.no_models"))
    pool = next((one for one in store.settings.pools if one.name == name), None)
    if pool is None:
        raise PanelError(notice("drill.no_pool"))
    slots = min(_MOST_AT_ONCE, pool.parallel * (pool.workers + 1) + 1)
    if world.workers.fits_beside(_needed(store, facts, pool, gpu=gpu), gpu):
        number = pool.workers + 1
        placement = Placement(msgspec.structs.replace(pool, workers=number), (number,))
        return Place(placement.instances[0], facts, placement, slots)
    last = InstanceId(f"{pool.name}-{pool.workers}")
    own = [one for one in store.instances() if one.pool == pool.name and one.managed]
    if len(own) < 2 or any(one.phase is not Phase.READY for one in own) or all(one.id != last for one in own):
        raise PanelError(notice("drill.no_room", model=facts.name, pool=pool.name))
    return Place(last, facts, None, slots)


def _needed(store: Store, facts: ModelFacts, pool: PoolSettings, *, gpu: bool) -> int | None:
    effective = store.inherited.effective(pool)
    version = next((one.version for one in store.instances() if one.version), None) or ""
    return model_parts(facts, RunnerConfig.of(effective, gpu=gpu, version=version)).total
