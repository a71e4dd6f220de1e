"""Values for the notices about rollout."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "models.load_timeout": {"model": "llama3.2:1b", "seconds": 52},
}
