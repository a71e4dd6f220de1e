"""`GET /sim/stats`: the counters of the simulation, for tests and demonstrations."""

from typing import Any

from ollama_panel.sim.driver import INSTANCE
from ollama_panel.sim.machine.machine import Machine
from ollama_panel.sim.options import SimOptions

_COUNTS = ("peak", "loads", "reloads", "evictions", "served", "failed", "refused", "cancelled")
_TOKENS = ("prompt_tokens", "cached_tokens", "output_tokens")


def stats(machine: Machine, options: SimOptions) -> dict[str, Any]:
    """Return the counts of each model (`now`, `peak` in slots, loads ...), the GPU's bytes, and the configuration."""
    instance = machine.instances[INSTANCE]
    models = {
        name: {"now": instance.in_slots(name), "waiting": _waiting(machine, name)}
        | {key: counts[key] for key in (*_COUNTS, *_TOKENS)}
        for name, counts in instance.counts.items()
    }
    gpu = machine.gpu
    return {
        "models": models,
        "pending": instance.waiting(),
        "gpu": {
            "total": gpu.profile.gpu_bytes,
            "used": gpu.used,
            "foreign_used": gpu.foreign_used,
            "busy": gpu.busy,
            "foreign_busy": gpu.foreign_busy,
        },
        "config": {
            "parallel": options.config.options.parallel,
            "speed": options.speed,
            "profile": options.profile.name,
        },
    }


def _waiting(machine: Machine, model: str) -> int:
    runner = machine.instances[INSTANCE].loaded.get(model)
    return len(runner.waiting) if runner else 0
