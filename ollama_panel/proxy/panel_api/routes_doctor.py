"""The part of the table of the panel's API that is about the doctor; see `routes`."""

from ollama_panel.core.panel_api import V1, Done
from ollama_panel.core.settings.tree import Scope
from ollama_panel.proxy.panel_api import doctor
from ollama_panel.proxy.panel_api.call import Operation

_PATH = f"{V1}/doctor"
_FINDING = f"{_PATH}/findings/{{id}}"
_MENDED = f"{_PATH}/mended/{{id}}"
_ANSWERS: dict[int, type] = {200: doctor.MendedAnswer, 202: doctor.MendedAnswer}
OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", _PATH, doctor.show, "What the doctor has found and mended", {200: doctor.DoctorAnswer}),
    Operation(
        "POST",
        f"{_PATH}/check",
        doctor.check,
        "Let the doctor look at everything now",
        {200: doctor.DoctorAnswer},
        Scope.CONTROL,
        errors=(409, 500),
    ),
    Operation(
        "GET",
        f"{_FINDING}/plan",
        doctor.plan,
        "What the fix of a finding would do",
        {200: doctor.FixPlanAnswer},
        errors=(404, 409),
    ),
    Operation(
        "POST",
        f"{_FINDING}/fix",
        doctor.fix,
        "Mend a finding, and look again; 202: commands are to be typed first",
        _ANSWERS,
        Scope.CONTROL,
        query=doctor.FixQuery,
        errors=(404, 409, 500),
    ),
    Operation(
        "PUT",
        f"{_FINDING}/ignore",
        doctor.ignore,
        "Set a finding aside",
        {200: doctor.DoctorAnswer},
        Scope.CONTROL,
        errors=(404, 409, 500),
    ),
    Operation(
        "DELETE",
        f"{_FINDING}/ignore",
        doctor.show_again,
        "Show a finding again that was set aside",
        {200: doctor.DoctorAnswer},
        Scope.CONTROL,
        errors=(404, 409, 500),
    ),
    Operation(
        "GET",
        f"{_MENDED}/plan",
        doctor.plan_undo,
        "What taking a fix back would do",
        {200: doctor.FixPlanAnswer},
        errors=(404, 409),
    ),
    Operation(
        "POST",
        f"{_MENDED}/undo",
        doctor.undo,
        "Take a fix back; 202: commands are to be typed first",
        _ANSWERS,
        Scope.CONTROL,
        query=doctor.UndoFixQuery,
        errors=(404, 409, 500),
    ),
    Operation(
        "POST",
        f"{_PATH}/restart-now",
        doctor.restart_now,
        "Let a fix wait no longer until no client is at work",
        {200: Done},
        Scope.CONTROL,
    ),
    Operation(
        "POST",
        f"{_PATH}/cancel",
        doctor.cancel,
        "Break off a fix that waits for clients: what was written goes back",
        {200: Done},
        Scope.CONTROL,
    ),
    Operation(
        "GET",
        f"{_PATH}/bundle",
        doctor.bundle,
        "The files of a support bundle, without secrets",
        {200: doctor.BundleAnswer},
        Scope.CONTROL,
        errors=(409, 500),
    ),
)
