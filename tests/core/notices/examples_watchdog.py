"""Values for the notices about watchdog."""

from ollama_panel.core.notices import Value, notice

_HUNG: dict[str, Value] = {"instance": "chat-1", "model": "llama3.2:1b", "silent": 104}
_FOLDER = "/home/ann/.local/share/ollama-panel/evidence/20260801-120000-chat-1-hung"
_FULL = notice("file.not_written", path=_FOLDER, reason="No space left on device")

EXAMPLES: dict[str, dict[str, Value]] = {
    "watchdog.asking": {**_HUNG, "missed": 1, "all": 3},
    "watchdog.hung": _HUNG,
    "watchdog.hung_left": _HUNG,
    "watchdog.hung_adopted": _HUNG,
    "watchdog.exhausted": {"instance": "chat-1", "model": "llama3.2:1b", "times": 3},
    "watchdog.left": _HUNG,
    "watchdog.broken_off": {"instance": "chat-1", "models": ("llama3.2:1b",)},
    "watchdog.restarted": {"instance": "chat-1", "models": ("llama3.2:1b",), "silent": 104, "folder": _FOLDER},
    "watchdog.restarted_bare": {"instance": "chat-1", "models": ("llama3.2:1b",), "silent": 104},
    "watchdog.silent": {"instance": "chat-1", "folder": _FOLDER},
    "watchdog.silent_bare": {"instance": "chat-1"},
    "evidence.slow_disk": {},
    "evidence.not_written": {"instance": "chat-1", "why": _FULL},
}
