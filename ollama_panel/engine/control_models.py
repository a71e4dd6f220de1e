"""What front ends ask of the engine about models in the memory of instances; see `source_operations.ModelsSource`."""

from collections.abc import Awaitable, Callable

from ollama_panel.core.ids import InstanceId, ModelName
from ollama_panel.core.panel_api import SettingsChanged
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.engine.composition import Composition
from ollama_panel.engine.control_profiles import Change


class ModelCommands:
    """The commands. `running` returns the parts of the engine, `change` changes the settings."""

    def __init__(self, running: Callable[[], Awaitable[Composition]], change: Change) -> None:
        self._running, self._change = running, change

    async def load(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Load a model; return when it is loaded."""
        raise NotImplementedError

    async def unload(self, instance: InstanceId, model: ModelName) -> InstanceRecord:
        """Unload a model once its requests have ended; return when it is."""
        raise NotImplementedError

    async def pin(self, instance: InstanceId, model: ModelName, *, on: bool) -> SettingsChanged:
        """Pin a model in the pool of an instance, or let it go."""
        raise NotImplementedError
