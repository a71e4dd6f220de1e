"""Values for the notices about models."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "updates.follow": {"before": "0.24.0", "after": "0.32.15", "instances": ("chat-1", "chat-2")},
    "updates.again": {"version": "0.32.15", "instances": ("chat-1",)},
    "updates.log": {"before": "0.24.0", "after": "0.32.15"},
    "updates.off": {"before": "0.24.0", "after": "0.32.15", "instances": ("chat-1", "chat-2")},
    "updates.failed": {
        "instance": "chat-1",
        "before": "0.24.0",
        "after": "0.32.15",
        "why": notice("instance.silent"),
    },
    "models.no_room": {"model": "llama3.1:70b", "need": 42 << 30, "total": 24 << 30, "others": ("qwen3:8b", "bge-m3")},
    "models.no_place": {"model": "llama3.2:1b", "limit": 2, "pinned": ("qwen3:8b", "bge-m3")},
    "models.unloaded_meanwhile": {},
    "models.left_again": {"model": "qwen3:8b", "seconds": 12},
    "models.pinned_missing": {"model": "qwen3:8b"},
    "models.too_many_pinned": {"models": ("qwen3:8b", "bge-m3"), "pool": "chat", "limit": 3, "wanted": 5},
    "models.pinned_not_loaded": {
        "model": "qwen3:8b",
        "instance": "chat-1",
        "why": notice("models.load_timeout", model="qwen3:8b", seconds=80),
    },
    "models.not_up": {"instance": "chat-1"},
    "models.paused": {},
    "models.not_here": {"model": "qwen3:8b"},
    "models.not_in_memory": {"model": "qwen3:8b", "instance": "chat-1"},
    "models.which_pool": {"model": "qwen3:8b", "pools": ("chat", "embedding")},
    "models.not_pinned": {"model": "qwen3:8b", "pool": "chat"},
}
