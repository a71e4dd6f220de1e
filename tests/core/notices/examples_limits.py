"""Values for the codes about how many requests run at once."""

from ollama_panel.core.notices import Value, notice

MODEL = "llama3.1:8b"
SLO = notice("limit.slo_tokens", limit=4, slots=8, rate=20)

EXAMPLES: dict[str, dict[str, Value]] = {
    "limit.slots": {"limit": 8, "slots": 8},
    "limit.battery": {"limit": 2, "slots": 8},
    "limit.low_power": {"limit": 2, "slots": 8},
    "limit.unsteady": {"limit": 2, "slots": 8},
    "limit.heat": {"limit": 2, "slots": 8},
    "limit.critical_heat": {"limit": 1, "slots": 8},
    "limit.slo_tokens": {"limit": 4, "slots": 8, "rate": 20},
    "limit.slo_first_token": {"limit": 4, "slots": 8, "seconds": 2.0},
    "limit.adjusted": {"limit": 4, "slots": 8},
    "waiting.limited": {"model": MODEL, "limit": SLO},
    "drift.heat": {},
    "drift.low_power": {},
    "drift.power": {},
    "drift.battery": {},
    "drift.spilled": {},
    "drift.others": {"bytes": 3 << 30},
    "drift.unknown": {},
    "drift.tune": {"command": f"ollama-panel tune --pool chat --model {MODEL}"},
    "drift.slow": {"model": MODEL, "instance": "chat-1", "percent": 71, "reason": notice("drift.heat")},
    "adjust.more_slots": {"pool": "chat", "model": MODEL, "before": 4, "after": 8},
    "adjust.more_slots_faster": {"pool": "chat", "model": MODEL, "before": 4, "after": 8, "percent": 41},
    "adjust.fewer_slots": {"pool": "chat", "model": MODEL, "before": 8, "after": 4, "limit": 4, "why": SLO},
    "adjust.more_workers": {"pool": "embedding", "model": "nomic-embed-text", "before": 1, "after": 2},
    "adjust.done": {
        "pool": "chat",
        "model": MODEL,
        "why": notice("adjust.more_slots", pool="chat", model=MODEL, before=4, after=8),
    },
    "adjust.failed": {"pool": "chat", "why": notice("instance.down")},
    "slo.tokens": {"model": MODEL, "pool": "chat", "rate": 9.4, "wanted": 20},
    "slo.first_token": {"model": MODEL, "pool": "chat", "seconds": 3.2, "wanted": 2.0},
    "slo.wait": {"pool": "chat", "percent": 71, "wanted": 2.0},
}
