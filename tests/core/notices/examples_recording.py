"""Values for the notices about recording."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "recording.nothing": {},
    "recording.later": {"open": 10_000, "most": 1000},
}
