"""Example values of the notices of `templates_doctor_mending`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "doctor.no_finding": {"finding": '"settings.dead-variable:OLLAMA_X"'},
    "doctor.not_looked": {},
}
