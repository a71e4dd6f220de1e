"""Example values for the notices of the report of a tuning, by code."""

from ollama_panel.core.notices import Value, notice

EXAMPLES: dict[str, dict[str, Value]] = {
    "tuning_report.title": {"model": "llama3.1:8b", "pool": "chat", "when": "30 Nov 2026, 14:21"},
    "tuning_report.trials": {},
    "tuning_report.measured": {
        "settings": "8 slots",
        "rate": notice("tuning_report.rate_within", rate=421, half=6),
        "token": 19,
        "first": 1.2,
        "requests": 96,
    },
    "tuning_report.failed": {"settings": "16 slots", "problem": notice("tuning_report.not_measured")},
    "tuning_report.not_measured": {},
    "tuning_report.rate": {"rate": 421},
    "tuning_report.rate_within": {"rate": 421, "half": 6},
    "tuning_report.slot": {},
    "tuning_report.slots": {"slots": 8},
    "tuning_report.workers": {"workers": 2},
    "tuning_report.batch": {"batch": 1024},
    "tuning_report.cache": {"cache": "q8_0"},
    "tuning_report.loading": {"settings": (notice("tuning_report.slots", slots=16),)},
    "tuning_report.origin": {"parts": ("RTX 4090", "Ollama 0.32.15")},
    "tuning_report.digest": {"model": "llama3.1:8b", "digest": "46e0c10c039e"},
}
