"""Example values of the notices of `templates_doctor_looking`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "looking.closed": {"path": "/etc/default/ollama"},
    "looking.large": {"path": "/home/ada/notes.sh", "size": 262_144},
    "looking.no_shell": {},
    "looking.said": {"what": "docker", "reason": "permission denied"},
    "looking.no_log": {"command": "journalctl -u ollama.service"},
    "looking.missing": {"path": "/etc/default/ollama"},
    "looking.nothing": {"what": "ollama2"},
    "looking.no_kind": {"path": "/home/ada/notes.txt"},
}
