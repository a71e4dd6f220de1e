"""The values that follow from the machine: where the layers are, and how many bytes each device holds for what."""

from collections import Counter
from collections.abc import Mapping
from string import ascii_letters

import msgspec

from ollama_panel.core.effective.evidence import Evidence, first, value
from ollama_panel.core.notices import Notice, notice
from ollama_panel.core.ollama.effective_value import PROJECTOR, EffectiveValue, Source, Value, ValueName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.environment_devices import CHOOSING
from ollama_panel.core.ollama.kvcache import has_cache
from ollama_panel.core.ollama.runners import Runner, is_on_gpu
from ollama_panel.core.ollama.serverlog_facts import BufferKind

CPU = "CPU"

_MAPPED = "CPU_Mapped"
_ROUNDED = 1.01  # the log rounds the size of the file
_OF_PROJECTOR = (BufferKind.PROJECTOR, BufferKind.PROJECTOR_COMPUTE)


def kv_bytes(evidence: Evidence) -> EffectiveValue:
    """Find how large all caches are together, with the state of recurrent layers; encoders have none."""
    size = evidence.runner.kv_bytes if evidence.runner else None
    found = first((size, Source.LOG), (None if has_cache(evidence.facts) else 0, Source.OLLAMA))
    parts = _held(evidence, BufferKind.CACHE, BufferKind.STATE)
    return value(ValueName.KV_BYTES, found, unknown=evidence.silence, parts=parts)


def weights(evidence: Evidence) -> EffectiveValue:
    """Find where the weights are.

    Of a file that is mapped into memory, the part for the CPU may be counted as far as to the whole file: llama.cpp
    maps it from the first to the last tensor that stays there (`llama-model-loader.cpp get_mapping_range`).
    """
    parts = _held(evidence, BufferKind.WEIGHTS, BufferKind.PROJECTOR)
    found = sum(parts.values()) if parts else None
    whole = evidence.runner.file_size if evidence.runner else None
    counted_twice = bool(found and whole and _MAPPED in parts and found > whole * _ROUNDED)
    told = whole if counted_twice else found
    made = value(ValueName.WEIGHTS, (told, Source.LOG), unknown=evidence.silence, parts=parts)
    return msgspec.structs.replace(made, why_not=notice("value.weights_mapped")) if counted_twice else made


def compute(evidence: Evidence) -> EffectiveValue:
    """Find the scratch memory of the computation."""
    parts = _held(evidence, BufferKind.COMPUTE, BufferKind.PROJECTOR_COMPUTE)
    found = (sum(parts.values()) if parts else None, Source.LOG)
    return value(ValueName.COMPUTE, found, unknown=evidence.silence, parts=parts)


def layers(evidence: Evidence) -> EffectiveValue:
    """Find how many layers are on a GPU, the output layer included. Without the log, `/api/ps` tells all or none."""
    model, facts, runner = evidence.model, evidence.facts, evidence.runner
    whole = (runner and runner.layers) or (None if facts.layers is None else facts.layers + 1)
    found = first(
        (_logged_layers(runner), Source.LOG),
        (_commanded_layers(evidence, whole), Source.COMMAND),
        (0 if model.size and not model.size_vram else None, Source.PS),
        (whole if model.size and model.size_vram >= model.size else None, Source.PS),
    )
    has_gpu = model.size_vram > 0 or bool(runner and (runner.names or runner.missed or runner.layers_on_gpu))
    partly = 0 < model.size_vram < model.size
    unknown = notice("value.layers_partly", gpu=model.size_vram, size=model.size) if partly else evidence.silence
    made = value(ValueName.LAYERS, found, wanted=whole if has_gpu else None, unknown=unknown, whole=whole)
    if made.effective is None or made.effective == made.wanted:
        return made
    return msgspec.structs.replace(made, why_not=_why_fewer(evidence) if has_gpu else None)


def devices(evidence: Evidence) -> EffectiveValue:
    """Find what computes: the GPUs that hold weights, and the CPU if it has layers, too."""
    runner, on_gpu = evidence.runner, layers(evidence)
    held = _held(evidence, BufferKind.WEIGHTS)
    names = dict.fromkeys(device.split("_")[0] for device in held if is_on_gpu(device))
    told = tuple(_shown(runner, name) for name in names)
    if not names or (isinstance(on_gpu.effective, int) and on_gpu.whole and on_gpu.effective < on_gpu.whole):
        told = (*told, CPU)
    found: tuple[Value, Source] = (told if held else None, Source.LOG)
    if not held and on_gpu.effective == 0:
        found = ((CPU,), on_gpu.source or Source.PS)
    chosen = next((f"{name}={asked}" for name in CHOOSING if (asked := evidence.variable(name))), None)
    made = value(ValueName.DEVICES, found, unknown=evidence.silence)
    return msgspec.structs.replace(made, wanted=chosen)


def _held(evidence: Evidence, *kinds: BufferKind) -> Mapping[str, int]:
    """Return the bytes of these kinds by device; what encodes pictures is there as one of its own."""
    held = Counter[str]()
    buffers = evidence.runner.buffers if evidence.runner else {}
    for kind in kinds:
        for device, size in buffers.get(kind, {}).items():
            held[PROJECTOR if kind in _OF_PROJECTOR else device] += size
    return dict(held)


def _shown(runner: Runner | None, device: str) -> str:
    names = runner.names if runner else {}
    name = names.get(device) or names.get(device.lstrip(ascii_letters))
    return f"{device} ({name})" if name else device


def _logged_layers(runner: Runner | None) -> int | None:
    """Return what the log says; a machine without a GPU logs no layers, but weights on the CPU."""
    if runner is None:
        return None
    if runner.layers_on_gpu is not None:
        return runner.layers_on_gpu
    return 0 if runner.buffers.get(BufferKind.WEIGHTS) and not runner.gpu_bytes else None


def _commanded_layers(evidence: Evidence, whole: int | None) -> int | None:
    """Return what a command line up to 0.11.4 says, where Ollama itself has counted the layers that fit."""
    command = evidence.command
    if command is None or command.engine is Engine.LLAMA_SERVER:
        return None
    asked = command.gpu_layers or 0
    return asked if whole is None else min(asked, whole)


def _why_fewer(evidence: Evidence) -> Notice:
    runner, running = evidence.runner, evidence.running
    if runner is not None and runner.missed is not None:
        return notice("value.layers_target", target=runner.missed.target, missing=runner.missed.missing)
    if running is not None and running.engine is Engine.LLAMA_SERVER and running.gpu_layers is not None:
        return notice("value.layers_asked", layers=running.gpu_layers)
    return notice("value.layers_memory")
