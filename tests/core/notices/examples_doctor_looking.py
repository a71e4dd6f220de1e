"""Example values of the notices of `templates_doctor_looking`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "looking.closed": {"path": "/etc/default/ollama"},
    "looking.large": {"path": "/home/ada/notes.sh", "size": 262_144},
    "looking.no_shell": {},
    "looking.at_system_units": {},
    "looking.at_user_units": {},
    "looking.at_cards": {},
    "looking.at_sources": {},
    "looking.at_files": {},
    "looking.at_processes": {},
    "looking.at_programs": {},
    "looking.at_logs": {},
    "looking.at_answers": {},
    "looking.at_ports": {},
    "looking.at_stores": {},
    "looking.at_disks": {},
    "looking.at_containers": {"program": "docker"},
    "looking.at_log": {"pid": 1234},
    "looking.at_variables": {"pid": 1234},
    "looking.at_part": {"part": "scutil"},
    "looking.said": {"what": "docker", "reason": "permission denied"},
    "looking.no_log": {"command": "journalctl -u ollama.service"},
    "looking.missing": {"path": "/etc/default/ollama"},
    "looking.nothing": {"what": "ollama2"},
    "looking.no_kind": {"path": "/home/ada/notes.txt"},
}
