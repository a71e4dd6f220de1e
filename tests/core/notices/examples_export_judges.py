"""Examples of the notices of what tools say of an export."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "export.judged.accepted": {"tool": "systemd-analyze verify"},
    "export.judged.refused": {"tool": "systemd-analyze verify"},
    "export.judged.missing": {"tool": "systemd-analyze verify"},
    "export.judged.silent": {"tool": "systemd-analyze verify", "limit": 30.0},
    "export.judged.install": {"tool": "shellcheck", "package": "shellcheck"},
    "export.judged.none": {},
}
