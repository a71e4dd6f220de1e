"""Values for the notices about rollout."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "rollout.successor_starts": {"instance": "chat-1"},
    "rollout.successor_loads": {"instance": "chat-1", "model": "llama3.2:1b", "number": 1, "all": 2},
    "rollout.successor_again": {"instance": "chat-1", "why": notice("instance.down"), "seconds": 10},
    "rollout.successor_failed": {"instance": "chat-1", "why": notice("instance.down")},
    "rollout.successors_failed": {"instance": "chat-1", "why": notice("instance.down"), "count": 4},
    "rollout.leaves_after_one": {"instance": "chat-1"},
    "rollout.leaves_after": {"instance": "chat-1", "requests": 3},
    "rollout.changing": {
        "what": notice("rollout.successor_starts", instance="chat-1"),
        "changes": (notice("change.setting", setting="Parallel", before=2, after=4),),
    },
    "rollout.warms": {"instance": "chat-1", "model": "llama3.2:1b", "number": 1, "all": 2},
    "models.load_timeout": {"model": "llama3.2:1b", "seconds": 52},
}
