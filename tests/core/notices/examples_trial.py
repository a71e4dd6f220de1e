"""Values for every code of `core.notices.templates_trial`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "trial.proxy_off": {},
    "trial.running": {},
    "trial.unreachable": {"url": "http://127.0.0.1:11435", "reason": "Connection refused"},
    "trial.status": {"status": 503, "answer": "The queue is full."},
    "trial.answered": {"answer": "llama runner process has terminated"},
    "trial.broken_off": {},
}
