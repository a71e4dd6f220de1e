"""The part of the table of the panel's API that is about imports; see `routes`."""

from ollama_panel.core.importing.record import Imported, ImportPlan, ImportRequest, LastImport
from ollama_panel.core.panel_api import V1, SettingsChanged
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import imports
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/imports"
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, imports.show, "The last import that can be undone", {200: LastImport}, errors=(500,)),
    Operation(
        "POST",
        _PATH,
        imports.apply,
        "Import settings from where Ollama's variables are set on this machine",
        {200: Imported},
        Scope.CONTROL,
        query=imports.WaitForImport,
        body=ImportRequest,
        errors=(404, 409, 500),
    ),
    Operation(
        "POST",
        f"{_PATH}/plan",
        imports.plan,
        "What an import would take, what not and why, and what is wrong in the sources",
        {200: ImportPlan},
        Scope.CONTROL,
        body=ImportRequest,
        errors=(404, 409, 500),
    ),
    Operation(
        "POST",
        f"{_PATH}/undo",
        imports.undo,
        "Take the last import back; what was changed since stays",
        {200: SettingsChanged},
        Scope.CONTROL,
        query=imports.WaitForImport,
        errors=(409, 500),
        tagged=True,
    ),
)
