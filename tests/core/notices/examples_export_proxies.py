"""Examples of the notices of proxies in front of Ollama."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
