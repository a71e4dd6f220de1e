"""The instances that the settings ask for, with their ports and environments."""

import msgspec

from ollama_panel.core.ids import InstanceId
from ollama_panel.core.launch import InstanceSpec, plan_instances
from ollama_panel.core.lifecycle import Phase
from ollama_panel.engine.context import Context
from ollama_panel.engine.host import ports
from ollama_panel.engine.instances.fleet import Fleet
from ollama_panel.engine.instances.stores import Stores
from ollama_panel.engine.store import Store

_GPU_FOLDER = "OLLAMA_SIM_GPU"
"""The variable by which simulated servers share a card."""


class InstancePlan:
    """Plans the instances; running ones keep their ports unless those were taken."""

    def __init__(self, context: Context, store: Store, fleet: Fleet, stores: Stores) -> None:
        self._context = context
        self._store = store
        self._fleet = fleet
        self._stores = stores

    def specs(self) -> tuple[InstanceSpec, ...]:
        """Return the instances as they should be now."""
        settings, context = self._store.settings, self._context
        keep = {name: spec.port for name, spec in self._fleet.specs().items() if not self._lost_port(name, spec)}
        taken = ports.taken_ports(settings.ollama.first_port) - set(keep.values())
        command, inherited = context.installation.command, self._store.inherited
        specs = plan_instances(settings, command, context.cores, context.gpu, taken, keep, inherited)
        if not context.installation.demo:
            return self._stores.guarded(specs)
        shared = {_GPU_FOLDER: str(context.paths.simulated_gpu)}
        return tuple(msgspec.structs.replace(spec, environment={**spec.environment, **shared}) for spec in specs)

    def _lost_port(self, instance: InstanceId, spec: InstanceSpec) -> bool:
        dead = self._fleet.status(instance).phase in (Phase.BACKOFF, Phase.FAILED)
        return dead and not ports.is_free(spec.host, spec.port)
