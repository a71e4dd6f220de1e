"""Example values of the notices of `templates_sources_stacks`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "source.not_ollamas": {"name": "PATH"},
    "source.later_wins": {},
}
