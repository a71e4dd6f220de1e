"""Values for the notices about drills."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "drill.gave_way": {},
    "drill.given": {},
    "drill.killed": {},
    "drill.no_runner": {},
    "drill.running": {},
    "drill.none": {},
    "drill.tuning": {},
    "drill.no_model": {"model": "llama3.2:1b"},
    "drill.no_models": {},
    "drill.no_pool": {},
    "drill.no_room": {"model": "llama3.2:1b", "pool": "chat"},
    "drill.no_process": {},
    "drill.not_ready": {"instance": "chat-2"},
    "drill.no_answer": {"instance": "chat-2", "reason": "connection refused"},
}
