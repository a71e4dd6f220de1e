"""Values for the notices about embeddings."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "embedding.done": {"inputs": 96, "of": 256},
    "embedding.count": {"vectors": 15, "inputs": 16},
    "embedding.numbers": {},
    "embedding.too_long": {"limit": 67_108_864},
    "embedding.answer_too_long": {"limit": 67_108_864},
    "embedding.unreadable": {"reason": "'embeddings'"},
}
