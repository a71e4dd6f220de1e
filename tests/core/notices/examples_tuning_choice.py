"""Values for every code of `core.notices.templates_tuning_choice`."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "tuning_choice.pool": {"pool": "chat"},
    "tuning_choice.only_model": {"model": "llama3.1:8b", "pool": "chat"},
    "tuning_choice.largest_model": {"model": "llama3.1:8b", "pool": "chat"},
    "tuning_choice.no_pool": {},
    "tuning_choice.several_pools": {"pools": ("chat", "code")},
    "tuning_choice.no_bounds": {},
    "tuning_choice.no_model": {"pool": "chat"},
}
