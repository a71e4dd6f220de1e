"""Examples of the notices of macOS, Windows, Nix and Ansible."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {}
