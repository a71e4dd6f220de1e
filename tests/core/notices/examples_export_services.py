"""Examples of the notices of services of Linux, environment files and shells."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
