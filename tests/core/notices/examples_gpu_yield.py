"""Values for the notices about gpu yield."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
