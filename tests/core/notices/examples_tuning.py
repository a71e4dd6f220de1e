"""Example values for the notices about how a tuning goes on, by code."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "tuning.not_yet": {},
    "tuning.none": {},
    "tuning.unknown": {"tuning": "2026-11-30-1"},
}
