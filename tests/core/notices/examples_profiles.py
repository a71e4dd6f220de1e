"""Values for every code of `core.notices.templates_profiles`."""

from ollama_panel.core.notices import Value, notice

_OLLAMA: dict[str, Value] = {"then": "0.32.10", "now": "0.32.15"}

EXAMPLES: dict[str, dict[str, Value]] = {
    "validity.hardware": {"then": "NVIDIA GeForce RTX 4090", "now": "Apple M4 Max"},
    "validity.memory": {"then": 24 << 30, "now": 12 << 30},
    "validity.driver": {"then": "570.86.15", "now": "580.65.06"},
    "validity.ollama": _OLLAMA,
    "validity.digest": {"model": "llama3.1:8b"},
    "validity.mains": {},
    "validity.battery": {},
    "validity.power": {"then": 450, "now": 350},
    "validity.changed": {
        "changes": (notice("validity.ollama", **_OLLAMA), notice("validity.digest", model="qwen3:8b"))
    },
    "validity.made": {"changes": (notice("validity.hardware", then="Apple M4 Max", now="NVIDIA GeForce RTX 4090"),)},
    "profiles.too_long": {},
    "profiles.other_format": {"format": "ollama-panel-profile"},
    "profiles.other_version": {"panel": "2.0.0"},
    "profiles.no_settings": {},
    "profiles.broken": {"why": notice("file.not_read", path="/home/alice/profiles.json", reason="Input/output error")},
    "profiles.unknown": {"name": "fast", "known": ("balanced", "night")},
    "profiles.none": {"name": "fast"},
    "profiles.no_verdict": {"tuning": "t-12"},
    "profiles.no_tuning": {"tuning": "t-99"},
    "profiles.from_what": {},
    "profiles.no_file": {"reason": "Object missing required field `name`"},
}
