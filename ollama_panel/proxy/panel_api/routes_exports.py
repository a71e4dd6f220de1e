"""The part of the table of the panel's API that is about exports; see `routes`."""

from ollama_panel.core.panel_api import V1
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import exports
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/exports"
_ONE = f"{_PATH}/{{target}}"
_ANSWERS: dict[int, type] = {200: exports.ApplyingAnswer, 202: exports.ApplyingAnswer}
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, exports.show_all, "The targets of exports", {200: exports.Targets}),
    Operation(
        "GET",
        f"{_ONE}/plan",
        exports.plan,
        "What putting an export into force on this machine would change, and how",
        {200: exports.ApplyingAnswer},
        query=exports.ExportQuery,
        errors=(404, 409),
    ),
    Operation(
        "GET",
        f"{_ONE}/verify",
        exports.verify,
        "What of an export is in force on this machine, with what proves it",
        {200: exports.ApplyingAnswer},
        query=exports.ExportQuery,
        errors=(404, 409),
    ),
    Operation(
        "POST",
        f"{_ONE}/apply",
        exports.apply,
        "Put an export into force on this machine, and prove it or go back; 202: commands are to be typed first",
        _ANSWERS,
        Scope.CONTROL,
        query=exports.ApplyExportQuery,
        errors=(404, 409, 500),
    ),
    Operation(
        "POST",
        f"{_ONE}/undo",
        exports.undo,
        "Bring back what was there before the newest export of a target; 202: commands are to be typed first",
        _ANSWERS,
        Scope.CONTROL,
        query=exports.UndoExportQuery,
        errors=(409, 500),
    ),
    Operation(
        "GET",
        _ONE,
        exports.show,
        "The settings in force as files for a target",
        {200: exports.ExportAnswer},
        query=exports.ExportQuery,
        errors=(404, 409),
    ),
)
