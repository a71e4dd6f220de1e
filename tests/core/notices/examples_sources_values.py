"""Example values of the notices of `templates_sources_values`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "source.utf16": {"path": "/etc/x"},
    "source.no_text_file": {"path": "/etc/x"},
    "source.unknown": {"path": "/etc/x"},
    "source.relative_folder": {"name": "OLLAMA_MODELS", "given": "models"},
    "source.open_to_network": {"given": "0.0.0.0"},
    "source.parallel_without_effect": {"given": "8", "models": ("bge-m3",)},
}
