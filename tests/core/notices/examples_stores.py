"""Example values for the notices about model stores, by code."""

from ollama_panel.core.notices import Value, notice

URL, FOLDER = "http://127.0.0.1:11434", "/usr/share/ollama/.ollama/models"
UNIT = notice("stores.unit", unit="ollama.service", user="ollama")
BY_HOME = notice("stores.folder_by_home", path=FOLDER)
SLOTS = notice("stores.slots_by_unit", slots=1)
DENIED = notice("stores.denied", path="/usr/share/ollama", owner="ollama", group="ollama", mode="0750", user="alice")
_TOLD: dict[str, Value] = {"url": URL, "who": UNIT, "folder": BY_HOME, "slots": SLOTS}

EXAMPLES: dict[str, dict[str, Value]] = {
    "stores.none_here": _TOLD,
    "stores.shut": {"workers": ("chat-1", "embedding-1"), "folder": notice("stores.folder", path=FOLDER)},
    "stores.shut_served": _TOLD,
    "stores.some_elsewhere": {**_TOLD, "models": ("llama3.1:8b", notice("stores.more_models", number=7))},
    "stores.unit": {"unit": "ollama.service", "user": "ollama"},
    "stores.user": {"user": "ollama"},
    "stores.somebody": {},
    "stores.more_models": {"number": 7},
    "stores.folder": {"path": FOLDER},
    "stores.folder_by_environment": {"path": FOLDER},
    "stores.folder_by_log": {"path": FOLDER},
    "stores.folder_by_unit": {"path": FOLDER},
    "stores.folder_by_home": {"path": FOLDER},
    "stores.folder_unknown": {},
    "stores.in_container": {},
    "stores.slots_by_log": {"slots": 4},
    "stores.slots_by_command": {"slots": 4},
    "stores.slots_by_environment": {"slots": 4},
    "stores.slots_by_unit": {"slots": 4},
    "stores.slots_by_ollama": {"slots": 1},
    "stores.slots_unknown": {},
    "stores.step_set": {"command": f"ollama-panel settings set ollama.models_dir {FOLDER}"},
    "stores.step_export": {"command": "ollama-panel export systemd --out zz-ollama-panel.conf"},
    "stores.step_stop": {"command": "ollama-panel settings set pools.chat.workers 0"},
    "stores.step_units": {"command": "sudo sh ollama-units/install-ollama-units.sh"},
    "stores.step_place": {"command": "sudo install -D -m 644 zz-ollama-panel.conf /etc/systemd/system/"},
    "stores.step_reload": {"command": "sudo systemctl daemon-reload"},
    "stores.step_restart": {"command": "sudo systemctl restart ollama.service"},
    "stores.way_read_again": {"why": DENIED},
    "stores.way_name": {},
    "stores.way_use": {},
    "stores.way_use_instead": {"folder": "/home/alice/.ollama/models"},
    "stores.way_read": {"why": DENIED},
    "stores.way_rights": {"why": DENIED, "user": "alice"},
    "stores.denied": {
        "path": "/usr/share/ollama",
        "owner": "ollama",
        "group": "ollama",
        "mode": "0750",
        "user": "alice",
    },
    "stores.step_join": {"command": "sudo usermod -aG ollama alice", "group": "ollama"},
    "stores.step_login": {"group": "ollama"},
    "stores.step_pass": {"command": "sudo chmod g+x /usr/share/ollama", "group": "ollama"},
    "stores.step_read": {"command": f"sudo chmod -R g+rX {FOLDER}", "group": "ollama"},
    "stores.step_acl": {"command": "sudo setfacl -m u:alice:x /root", "user": "alice"},
    "stores.way_units": {"user": "ollama"},
    "stores.way_alone": {"slots": SLOTS},
    "stores.way_alone_more": {"slots": SLOTS},
}
