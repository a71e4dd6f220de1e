"""Example values for the notices about how a tuning goes on, by code."""

from ollama_panel.core.notices import Value, notice
from ollama_panel.core.ollama.sizes import GIB

SIXTEEN = notice("tuning_report.slots", slots=16)

EXAMPLES: dict[str, dict[str, Value]] = {
    "tuning.measures_at": {"instance": "chat-1"},
    "tuning.measures_beside": {"pool": "chat"},
    "tuning.goes_first": {},
    "tuning.interrupted": {},
    "tuning.worker_ended": {"instance": "chat-1"},
    "tuning.gives_way": {"seconds": 5.0},
    "tuning.waits_until": {"times": 3, "time": "03:00"},
    "tuning.panel_ended": {"trial": 5},
    "tuning.worker_stopped": {"instance": "chat-1"},
    "tuning.twin_stopped": {"instance": "chat-2"},
    "tuning.pool_changed": {"pool": "chat"},
    "tuning.program_changed": {},
    "tuning.machine_changed": {"model": "llama3.1:8b"},
    "tuning.superseded": {},
    "tuning.short_time": {"trials": 5, "planned": 10, "time": 240.0},
    "tuning.unreadable": {"file": "20261130-142233.json", "reason": "JSON is malformed"},
    "tuning.killed_often": {"times": 2},
    "tuning.spilled_layers": {"layers": 14, "whole": 33, "settings": SIXTEEN},
    "tuning.spilled": {"gpu": 9 * GIB, "size": 24 * GIB, "settings": SIXTEEN},
    "tuning.fewer_slots": {"slots": 4, "wanted": 8},
    "tuning.worker_missing": {"instance": "chat-1"},
    "tuning.none": {},
    "tuning.none_paused": {},
    "tuning.running": {"pool": "chat", "model": "llama3.1:8b"},
    "tuning.unknown": {"tuning": "20261130-142233"},
    "tuning.no_verdict": {"tuning": "20261130-142233"},
    "tuning.no_model": {"model": "llama3.1:8b"},
    "tuning.no_workers": {"pool": "chat"},
    "tuning.no_room": {"model": "llama3.1:70b"},
    "tuning.remote": {"model": "gpt-oss:120b-cloud"},
    "tuning.other_models": {"pool": "code", "model": "llama3.1:8b"},
    "tuning.embeds": {"pool": "chat", "model": "nomic-embed-text:latest"},
    "tuning.answers": {"pool": "embedding", "model": "llama3.1:8b"},
    "tuning.no_embeddings": {"model": "llama3.1:8b"},
    "tuning.model_gone": {"model": "llama3.1:8b"},
    "tuning.broken": {"error": "KeyError: 'chat'"},
}
