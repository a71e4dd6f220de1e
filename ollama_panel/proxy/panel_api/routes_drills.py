"""The part of the table of the panel's API that is about drills; see `routes`."""

from ollama_panel.core.drill import DrillAnswer, DrillRecord, DrillRequest
from ollama_panel.core.panel_api import V1
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import drills
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/drill"
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, drills.show, "The drill under way, or the last one of this run", {200: DrillAnswer}),
    Operation(
        "POST",
        _PATH,
        drills.begin,
        "Kill, hang and slow down a secondary instance on purpose, and score what the panel does",
        {202: DrillRecord},
        Scope.CONTROL,
        body=DrillRequest,
        errors=(404, 409),
    ),
    Operation(
        "DELETE",
        _PATH,
        drills.cancel,
        "End the drill; answered when its instance is gone",
        {200: DrillRecord},
        Scope.CONTROL,
        errors=(409,),
    ),
)
