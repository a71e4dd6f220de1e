"""Example values of the notices of `templates_sources_machine`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
