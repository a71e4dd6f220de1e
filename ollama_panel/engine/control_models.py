"""What front ends ask of the engine about models in the memory of instances; see `source_operations.ModelsSource`."""

from collections.abc import Awaitable, Callable

import msgspec

from ollama_panel.core.errors import PanelError
from ollama_panel.core.ids import InstanceId, ModelName, PoolName
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.models import canonical
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.settings import edits
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.control_profiles import Change


class ModelCommands:
    """The commands. `running` returns the parts of the engine, `change` changes the settings."""

    def __init__(self, running: Callable[[], Awaitable[Composition]], change: Change) -> None:
        self._running, self._change = running, change

    async def load(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Load a model when it is its turn; return when it is in memory."""
        composition, name = await self._running(), canonical(model)
        if composition.fleet.status(instance).phase is not Phase.READY:
            raise PanelError(notice("models.not_up", instance=instance))
        _require_here(composition, name)
        if composition.dispatcher.policy.given is not None:
            raise PanelError(notice("gpu_yield.no_load"))
        if composition.dispatcher.policy.paused:
            raise PanelError(notice("models.paused"))
        composition.operations.preloader.take_back(name)
        why = await composition.model_loads.load(instance, name)
        if why is not None:
            raise PanelError(why)
        return await _looked(composition, instance)

    async def unload(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Unload a model once its requests have ended; return when it is. A pinned one is away until the next start."""
        composition, name = await self._running(), canonical(model)
        composition.fleet.status(instance)  # raises PanelError if there is none such
        if not composition.dispatcher.holds_at(instance, name):
            raise PanelError(notice("models.not_in_memory", model=name, instance=instance))
        composition.operations.preloader.release([(instance, name)])
        await composition.model_loads.unload(instance, name)
        return await _looked(composition, instance)

    async def pin(self, instance: InstanceId, model: ModelName, *, on: bool) -> SettingsChanged:
        """Pin a model in the pool of an instance, or let it go."""
        composition, name = await self._running(), canonical(model)
        composition.fleet.status(instance)
        if instance not in composition.fleet.specs():
            raise PanelError(notice("instance.not_ours", instance=instance))
        record = composition.store.instance(instance)
        assert record is not None, "the fleet has it"
        if on:
            _require_here(composition, name)
            composition.operations.preloader.take_back(name)
        return await self._change(_pinning(record.pool, name, on=on), wait=False, dry_run=False)


def _pinning(pool: PoolName, model: ModelName, *, on: bool) -> edits.Edit:
    """Return the edit that pins a model in a pool, or lets it go. It raises PanelError for one that is not pinned."""

    def edit(settings: Settings) -> Settings:
        found = edits.find_pool(settings, pool)
        others = tuple(one for one in found.preload if canonical(one) != model)
        if on:
            pinned = found.preload if len(others) < len(found.preload) else (*others, model)
        elif len(others) == len(found.preload):
            raise PanelError(notice("models.not_pinned", model=model, pool=pool))
        else:
            pinned = others
        return edits.with_changed_pool(settings, msgspec.structs.replace(found, preload=pinned))

    return edit


def _require_here(composition: Composition, model: ModelName) -> None:
    """Raise PanelError if the stores were read and none has the model."""
    if composition.catalog.models() and composition.catalog.facts(model) is None:
        raise PanelError(notice("models.not_here", model=model))


async def _looked(composition: Composition, instance: InstanceId) -> InstanceRecord:
    """Return the record of an instance once it shows what is in memory now."""
    await composition.fleet.checked()
    found = next((one for one in composition.snapshot().instances if one.id == instance), None)
    return found or composition.fleet.status(instance)
