"""Values for the notices about the GPU that is given to others."""

from ollama_panel.core.notices import Value, notice

_BY_PROGRAM = notice("gpu_yield.by_program", program="blender")
_BY_USER = notice("gpu_yield.by_user")
_NOT_WRITTEN = notice("file.not_written", path="gpu-yield.json", reason="No space left on device")

EXAMPLES: dict[str, dict[str, Value]] = {
    "gpu_yield.by_user": {},
    "gpu_yield.by_program": {"program": "blender"},
    "gpu_yield.by_use": {},
    "gpu_yield.finishing": {"why": _BY_USER},
    "gpu_yield.finishing_memory": {"why": _BY_USER},
    "gpu_yield.given": {"why": _BY_USER},
    "gpu_yield.given_memory": {"why": _BY_USER},
    "gpu_yield.given_for_now": {"why": _BY_PROGRAM, "seconds": 30.0},
    "gpu_yield.given_for_now_memory": {"why": _BY_PROGRAM, "seconds": 30.0},
    "gpu_yield.back": {},
    "gpu_yield.back_memory": {},
    "gpu_yield.serving": {},
    "gpu_yield.refused": {"program": "blender"},
    "gpu_yield.refused_use": {},
    "gpu_yield.to_end": {"running": 3, "waiting": 12},
    "gpu_yield.freed": {"size": 6 << 30, "waiting": 12},
    "gpu_yield.others_models": {"instance": "adopted-11434", "models": ("llama3.1:8b",)},
    "gpu_yield.restarted": {"instance": "chat-1"},
    "waiting.given": {},
    "waiting.given_memory": {},
    "waiting.given_program": {"program": "blender", "seconds": 30.0},
    "waiting.given_program_memory": {"program": "blender", "seconds": 30.0},
    "waiting.given_busy": {"seconds": 30.0},
    "waiting.given_busy_memory": {"seconds": 30.0},
    "slow.given": {"seconds": 42.0},
    "preempted.given": {},
    "tuning.given": {},
    "gpu_yield.still_loaded": {"instance": "chat-1", "models": ("llama3.1:8b",)},
    "gpu_yield.not_freed": {"freed": 1 << 30, "size": 6 << 30},
    "gpu_yield.not_kept": {"why": _NOT_WRITTEN},
    "gpu_yield.cut": {},
    "gpu_yield.no_load": {},
}
