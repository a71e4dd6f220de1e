"""Example values of the notices of `templates_doctor_mending`."""

from ollama_panel.core.findings import Remedy
from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "doctor.no_finding": {"finding": '"settings.dead-variable:OLLAMA_X"'},
    "doctor.not_looked": {},
    "doctor.runs": {},
    "doctor.by_hand": {},
    "doctor.goes_back": {},
    **{f"doctor.remedy.{one.value}": {} for one in Remedy},
    "doctor.no_fix": {"finding": "network.open"},
    "doctor.changed": {},
    "doctor.file_changed": {"path": "/etc/default/ollama"},
    "doctor.still_there": {"what": notice("doctor.not_looked")},
    "doctor.mends": {"finding": "network.open"},
    "doctor.no_undo": {"mended": '"7"'},
    "doctor.undo_newer": {"mended": "20260726-101500-250", "what": notice("doctor.not_looked")},
    "doctor.needs_panel": {"place": notice("apply.on_this_machine")},
    "doctor.in_window": {},
}
