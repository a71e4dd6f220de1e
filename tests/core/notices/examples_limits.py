"""Values for the codes about how many requests run at once."""

from ollama_panel.core.notices import Value, notice

MODEL = "llama3.1:8b"
SLO = notice("limit.slo_tokens", limit=4, slots=8, rate=20)

EXAMPLES: dict[str, dict[str, Value]] = {
    "limit.slots": {"limit": 8, "slots": 8},
    "limit.battery": {"limit": 2, "slots": 8},
    "limit.heat": {"limit": 2, "slots": 8},
    "limit.slo_tokens": {"limit": 4, "slots": 8, "rate": 20},
    "limit.slo_first_token": {"limit": 4, "slots": 8, "seconds": 2.0},
    "limit.adjusted": {"limit": 4, "slots": 8},
    "waiting.limited": {"model": MODEL, "limit": SLO},
    "slo.tokens": {"model": MODEL, "pool": "chat", "rate": 9.4, "wanted": 20},
    "slo.first_token": {"model": MODEL, "pool": "chat", "seconds": 3.2, "wanted": 2.0},
    "slo.wait": {"pool": "chat", "percent": 71, "wanted": 2.0},
}
