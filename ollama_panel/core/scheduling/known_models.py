"""Forgets models that are in no store: clients may name any number of them, and the scheduler learns of each."""

from collections import OrderedDict
from dataclasses import dataclass, field

from ollama_panel.core.ids import ModelName
from ollama_panel.core.records import Role
from ollama_panel.core.scheduling.context_switches import ContextSwitches
from ollama_panel.core.scheduling.model_state import COLD
from ollama_panel.core.scheduling.state import State

MODELS_KEPT = 256
"""With more names that are in no store, the one named longest ago is forgotten."""
LOOKED_AT = 2
"""How many names an arrival looks at: more than it adds, so that those kept for a while go once they are idle."""


@dataclass(slots=True)
class KnownModels:
    """The models that requests have named although no store has them; the latest comes last."""

    state: State
    switches: ContextSwitches
    names: OrderedDict[ModelName, None] = field(default_factory=OrderedDict)

    def named(self, model: ModelName) -> None:
        """Note that a request names a model, or that it has left the store; forget others if there are many."""
        if model in self.state.fleet.catalog:
            return
        names = self.names
        names[model] = None
        names.move_to_end(model)
        for _ in range(LOOKED_AT):
            if len(names) <= MODELS_KEPT:
                return
            oldest = next(iter(names))
            if self._in_use(oldest):
                names.move_to_end(oldest)
            else:
                del names[oldest]
                self._forget(oldest)

    def _in_use(self, model: ModelName) -> bool:
        """Return whether requests wait or run for a model, or an instance has it in memory."""
        state = self.state
        if model in state.fleet.catalog or any((model, role) in state.queue.groups for role in Role):
            return True
        copies = (one.copies.get(model) for one in state.fleet.instances.values())
        return any(
            copy is not None and (copy.state is not COLD or copy.running or copy in state.stopping) for copy in copies
        )

    def _forget(self, model: ModelName) -> None:
        state = self.state
        state.fleet.forget(model)
        state.estimates.forget(model)
        state.keep_alives.forget(model)
        state.profiles.forget(model)
        state.affinity.forget_model(model)
        for role in Role:
            state.last_chats.pop((model, role), None)
            self.switches.done.pop((model, role), None)
