"""The part of the table of the panel's API that is about models in the memory of instances; see `routes`."""

from ollama_panel.core.panel_api import V1, SettingsChanged
from ollama_panel.core.settings.tree import Scope
from ollama_panel.core.snapshot import InstanceRecord
from ollama_panel.proxy.panel_api import models
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/instances/{{id}}/models/{{model}}"
OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        f"{_PATH}/load",
        models.load,
        "Load a model when it is its turn; answered when it is in memory",
        {200: InstanceRecord},
        Scope.CONTROL,
        errors=(404, 409),
    ),
    Operation(
        "POST",
        f"{_PATH}/unload",
        models.unload,
        "Unload a model once its requests have ended; a pinned one stays away until the next start of the instance",
        {200: InstanceRecord},
        Scope.CONTROL,
        errors=(404, 409),
    ),
    *(
        Operation(
            "POST",
            f"{_PATH}/{'pin' if on else 'unpin'}",
            models.pinning(on=on),
            "Pin a model: the pool of the instance keeps it in memory" if on else "Let a pinned model go",
            {200: SettingsChanged},
            Scope.CONTROL,
            errors=(404, 409, 500),
        )
        for on in (True, False)
    ),
)
