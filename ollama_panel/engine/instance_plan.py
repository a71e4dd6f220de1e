"""The instances that the settings ask for, with their ports and environments, and those of a tuning's trial."""

from collections.abc import Mapping

import msgspec

from ollama_panel.core.ids import InstanceId, PoolName
from ollama_panel.core.launch import THREADS, InstanceSpec, plan_instances, thread_shares
from ollama_panel.core.lifecycle import Phase
from ollama_panel.core.settings.tree import Settings
from ollama_panel.core.tuning.placement import Placement
from ollama_panel.engine.context import Context
from ollama_panel.engine.host import ports
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.stores import Stores
from ollama_panel.engine.store import Store

_GPU_FOLDER = "OLLAMA_SIM_GPU"
"""The variable by which simulated servers share a card."""


class InstancePlan:
    """Plans the instances; running ones keep their ports unless those were taken.

    `placement` is what the trial of a tuning puts in the place of workers, None = nothing. It is in no file: whatever
    ends the panel, the next one starts the workers of the settings.
    """

    def __init__(self, context: Context, store: Store, fleet: Fleet, stores: Stores) -> None:
        self._context = context
        self._store = store
        self._fleet = fleet
        self._stores = stores
        self.placement: Placement | None = None

    def tries(self, instance: InstanceId) -> bool:
        """Return whether an instance measures a trial."""
        return self.placement is not None and instance in self.placement.instances

    def specs(self) -> tuple[InstanceSpec, ...]:
        """Return the instances as they should be now."""
        settings, context = self._store.settings, self._context
        keep = {name: spec.port for name, spec in self._fleet.specs().items() if not self._lost_port(name, spec)}
        specs = self._planned(settings, keep)
        if self.placement is not None:
            kept = {**keep, **{spec.id: spec.port for spec in specs}}
            trial = self._planned(self.placement.in_place_of(settings), kept)
            specs = self.placement.among(specs, trial, self._shares(self.placement.with_workers(settings)))
        if not context.installation.demo:
            return self._stores.guarded(specs)
        shared = {_GPU_FOLDER: str(context.paths.simulated_gpu)}
        return tuple(msgspec.structs.replace(spec, environment={**spec.environment, **shared}) for spec in specs)

    def _planned(self, settings: Settings, keep: Mapping[InstanceId, int]) -> tuple[InstanceSpec, ...]:
        context = self._context
        taken = ports.taken_ports(settings.ollama.first_port) - set(keep.values())
        command, inherited = context.installation.command, self._store.inherited
        return plan_instances(settings, command, context.cores, context.gpu, taken, keep, inherited)

    def _shares(self, settings: Settings) -> Mapping[PoolName, int]:
        """Return the threads of each worker by pool, as `plan_instances` reckons them."""
        if self._context.gpu or THREADS in self._store.inherited.variables:
            return {}
        return thread_shares(settings.pools, self._context.cores)

    def _lost_port(self, instance: InstanceId, spec: InstanceSpec) -> bool:
        dead = self._fleet.status(instance).phase in (Phase.BACKOFF, Phase.FAILED)
        return dead and not ports.is_free(spec.host, spec.port)
