"""Example values of the notices of `templates_import`."""

from ollama_panel.core.notices import Value

_VARIABLE: dict[str, Value] = {"name": "OLLAMA_KEEP_ALIVE", "value": "24h", "pool": "chat"}
_UNIT = "/etc/systemd/system/ollama.service"

EXAMPLES: dict[str, dict[str, Value]] = {
    "import.workers": {"servers": ("ollama-gpu0.service", "ollama-gpu1.service"), "workers": 2, "pool": "chat"},
    "import.pool": {"server": "ollama.service", "pool": "chat"},
    "import.models": {"models": ("llama3.1:8b", "qwen3:8b"), "pool": "chat"},
    "import.role": {"pool": "code"},
    "import.parallel": {"name": "OLLAMA_NUM_PARALLEL", "value": "4", "pool": "chat"},
    "import.context_length": {"name": "OLLAMA_CONTEXT_LENGTH", "value": "8192", "pool": "chat"},
    "import.environment": _VARIABLE,
    "import.store": {"name": "OLLAMA_MODELS", "value": "/data/models"},
    "import.origin": {"origin": "https://chat.example.org"},
    "import.address": {"url": "http://127.0.0.1:11435"},
    "import.cards": {"pool": "chat"},
    "import.by_panel": {},
    "import.container_store": {"path": "/srv/ollama/models"},
    "import.same_store": {},
    "import.inside": {"path": "/models"},
    "import.too_many": {"server": "ollama-16", "pool": "chat", "workers": 16},
    "import.limit": {"bytes": 5 << 30},
    "import.empty": {},
    "import.no_text": {"name": "OLLAMA_MODELS"},
    "import.zero": {"name": "OLLAMA_NUM_PARALLEL"},
    "import.not_read": {"name": "LD_PRELOAD"},
    "import.overruled": {},
    "import.of_client": {},
    "import.reaches_none": {},
    "import.other_source": {"path": _UNIT},
    "import.offer_network": {"host": "0.0.0.0"},
    "import.network_why": {},
    "import.offer_origins": {},
    "import.origins_why": {},
    "import.nothing": {"sources": (_UNIT,)},
    "import.none_here": {},
    "import.what": {},
    "import.changed": {},
    "import.none_to_undo": {},
}
