"""Example values for the notices about what is in force for a loaded model, by code."""

from ollama_panel.core.notices import Value

EXAMPLES: dict[str, dict[str, Value]] = {
    "value.log_unread": {},
    "value.log_silent": {},
    "value.mlx_silent": {},
    "value.version_unknown": {},
    "value.parallel_unread": {},
    "value.environment_unread": {},
    "value.runner_decides": {},
    "value.no_cache": {},
    "value.prompt_cache_none": {},
    "value.context_request": {},
    "value.context_modelfile": {},
    "value.kv_needs_flash": {},
    "value.kv_not_by_model": {},
    "value.flash_unsupported": {},
    "value.flash_needed": {},
    "value.layers_memory": {},
    "value.weights_mapped": {},
    "value.threads_request": {},
    "value.unexplained": {},
    "value.layers_partly": {"gpu": 3 << 30, "size": 5 << 30},
    "value.context_trained": {"tokens": 8192},
    "value.context_vision": {"tokens": 2048},
    "value.context_rounded": {"step": 256},
    "value.kv_type_unknown": {"types": ("f16", "q8_0", "q4_0")},
    "value.layers_target": {"target": 1 << 30, "missing": 540 << 20},
    "value.layers_asked": {"layers": 12},
}
