"""Examples of the notices of applying exports to a machine, and of the proof."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
