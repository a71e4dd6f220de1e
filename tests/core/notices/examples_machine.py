"""Example values for the notices about what goes wrong between models, Ollama and the machine, by code."""

from ollama_panel.core.notices import Value, notice

MODEL, INSTANCES = "llama3.1:8b", ("chat-1", "chat-2")
ADVICE = notice("fits.context", tokens=8192)
LAYERS: dict[str, Value] = {"model": MODEL, "on_gpu": 21, "layers": 33, "advice": ADVICE}
SHARE: dict[str, Value] = {"model": MODEL, "percent": 36, "advice": ADVICE}
MEMORY: dict[str, Value] = {"purpose": notice("buffer.cache"), "place": notice("memory.main"), "advice": ADVICE}
DISK: dict[str, Value] = {"path": "/srv/models", "free": 3 << 30, "total": 500 << 30}

EXAMPLES: dict[str, dict[str, Value]] = {
    "slots_forced": {"model": MODEL, "instances": INSTANCES, "parallel": 4, "why": notice("serial.embedding")},
    "slots_forced.unknown": {},
    "context_reduced": {"model": MODEL, "given": 2048, "asked": 8192},
    "context_reduced.memory": {"model": MODEL, "given": 32_768, "asked": 262_144},
    "integrated_gpu_dropped": {"name": "AMD Radeon 780M", "variable": "OLLAMA_IGPU_ENABLE"},
    "vulkan_disabled": {"variable": "OLLAMA_VULKAN"},
    "visible_devices_set": {"instances": INSTANCES, "variables": ("CUDA_VISIBLE_DEVICES=0", "GPU_DEVICE_ORDINAL=0")},
    "option_unknown": {"instances": INSTANCES, "options": ("tfs_z", "mirostat_tau")},
    "model.any": {},
    "memory.main": {},
    "memory.anywhere": {},
    "buffer.cache": {},
    "buffer.compute": {},
    "buffer.weights": {},
    "buffer.any": {},
    "fits.context": {"tokens": 8192},
    "fits.context_or_type": {"tokens": 8192, "type": "q8_0"},
    "fits.type": {"type": "q8_0"},
    "fits.parallel": {"parallel": 2},
    "fits.target": {"needed": 2882 << 20, "free": 3365 << 20, "margin": 1 << 30},
    "fits.never": {},
    "fits.unknown": {},
    "fits.together": {"type": "q8_0"},
    "fits.together_context": {"tokens": 4096},
    "fits.limit": {"limit": 1, "wanted": 2},
    "fits.fewer": {},
    "layers_spilled": LAYERS,
    "layers_spilled.slower": {**LAYERS, "times": 7.0},
    "layers_spilled.share": SHARE,
    "layers_spilled.share_slower": {**SHARE, "times": 2.4},
    "kv_type_ignored": {"model": MODEL, "asked": "q8_0", "width": 1.9},
    "flash_attention_off": {"model": MODEL, "asked": "q8_0", "width": 1.9},
    "flash_attention_off.unsupported": {"model": MODEL, "asked": "q8_0", "width": 1.9},
    "flash_attention_off.failed": {"model": MODEL},
    "prompt_cut.logged": {"instances": INSTANCES, "tokens": 9375, "kept": 4096},
    "prompt_cut.logged_unknown": {"instances": INSTANCES},
    "eviction_thrash": {"models": (MODEL, "qwen3:8b"), "evictions": 7, "advice": ADVICE},
    "eviction_thrash.any": {"evictions": 7, "advice": ADVICE},
    "vram_not_recovered": {"instances": INSTANCES, "seconds": 5.6},
    "gpu_lost": {"cards": ("NVIDIA GeForce RTX 3080 Ti",)},
    "gpu_lost.driver": {"card": "NVIDIA GeForce RTX 4090"},
    "gpu_lost.some": {"cards": ("NVIDIA L4", "NVIDIA L4")},
    "disk.nearly_full": DISK,
    "disk.nearly_full_state": DISK,
    "out_of_memory": {"model": MODEL, **MEMORY},
    "out_of_memory.size": {"model": MODEL, **MEMORY, "size": 14_495_514_624},
    "gpu_crashed": {"instances": INSTANCES},
    "gpu_crashed.reset": {"instances": INSTANCES},
    "gpu_unsupported": {"library": "ROCm"},
    "models_folder_unusable": {"path": "/srv/models"},
}
