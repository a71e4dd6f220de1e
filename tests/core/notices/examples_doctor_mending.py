"""Example values of the notices of `templates_doctor_mending`."""

from ollama_panel.core.findings import Area, Remedy
from ollama_panel.core.notices import Value, notice

_PLACE = notice("apply.on_this_machine")
_TOLD = notice("doctor.not_looked")

EXAMPLES: dict[str, dict[str, Value]] = {
    **{f"doctor.{one}": {} for one in ("error", "warning", "hint", "set_aside", "could_not_look")},
    **{f"doctor.area_{one.value}": {} for one in Area},
    "doctor.all_well": {"place": _PLACE, "count": 41},
    "doctor.found": {"place": _PLACE, "error": 1, "warning": 2, "info": 0},
    "doctor.saw_nothing": {"place": _PLACE},
    "doctor.mends_by": {"what": notice("doctor.runs")},
    "doctor.well_with": {"area": notice("doctor.area_settings")},
    "doctor.mended": {"what": _TOLD},
    "doctor.undone": {"what": _TOLD},
    "doctor.waits": {"what": _TOLD},
    "doctor.not_mended": {"what": _TOLD, "why": notice("doctor.in_window")},
    "doctor.went_back": {"what": _TOLD, "why": notice("doctor.in_window")},
    **{f"doctor.bundle_{one}": {} for one in ("report", "record", "facts", "versions", "settings")},
    "doctor.bundle_source": {"path": "/etc/default/ollama"},
    "doctor.bundle_evidence": {"folder": "20260801-120000-chat-1-hung"},
    "doctor.bundle_log": {"name": "panel.log"},
    "doctor.no_finding": {"finding": '"settings.dead-variable:OLLAMA_X"'},
    "doctor.not_looked": {},
    "doctor.nothing_to_undo": {},
    "doctor.bundle_there": {"path": "ollama-panel-support.zip"},
    "doctor.runs": {},
    "doctor.by_hand": {},
    "doctor.goes_back": {},
    **{f"doctor.remedy.{one.value}": {} for one in Remedy},
    "doctor.no_fix": {"finding": "network.open"},
    "doctor.changed": {},
    "doctor.file_changed": {"path": "/etc/default/ollama"},
    "doctor.still_there": {"what": notice("doctor.not_looked")},
    "doctor.mends": {"finding": "network.open"},
    "doctor.busy": {},
    "doctor.interrupted": {},
    "doctor.kept_broken": {"path": "/x/kept.json", "reason": "Input data was truncated", "name": "kept.json.broken-1"},
    "doctor.not_aside": {"finding": '"network.open"'},
    "doctor.no_undo": {"mended": '"7"'},
    "doctor.undo_newer": {"mended": "20260726-101500-250", "what": notice("doctor.not_looked")},
    "doctor.demo": {},
    "doctor.needs_panel": {"place": notice("apply.on_this_machine")},
    "doctor.in_window": {},
}
