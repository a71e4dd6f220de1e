"""Values for every code of `core.notices.templates_measuring`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "workload.short_answers": {"percent": 62},
    "workload.shortened": {"requests": 4, "all": 16, "context": 4096},
    "workload.chats_instead": {},
    "conditions.battery": {},
    "conditions.hot": {"card": "NVIDIA GeForce RTX 4090", "degrees": 91},
    "conditions.slowed": {"card": "NVIDIA GeForce RTX 4090"},
    "conditions.moved": {"bytes": 2_147_483_648},
    "conditions.gpu": {"percent": 34},
    "conditions.cpu": {"percent": 61},
    "workload.too_few": {"requests": 12, "needed": 30},
    "workload.small_context": {"context": 40},
    "measuring.refused": {"status": 503, "answer": "server busy, please try again"},
    "measuring.error": {"answer": "the model runner has unexpectedly stopped"},
    "measuring.broken_off": {},
    "measuring.ended_with": {"instance": "chat-2", "words": "CUDA error: out of memory"},
    "measuring.unreachable": {"url": "http://127.0.0.1:11434", "reason": "connection refused"},
    "measuring.silent": {"url": "http://127.0.0.1:11434", "seconds": 600.0},
    "measuring.nothing": {"seconds": 60.0},
}
