"""The effective parallel of each loaded model of an instance, and the source of that number. Pure.

Ollama's API does not tell it. The sources in order of trust: the log lines of the runner's start, the runner's command
line, the instance's environment; without any of them it is 1, the only safe number.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import TypeAlias

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.effective_value import EffectiveValue
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.kvcache import F16
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts, forced_serial
from ollama_panel.core.ollama.serverlog_facts import (
    Batch,
    Buffer,
    BufferKind,
    BuffersListed,
    ContextOpened,
    DeviceMemory,
    DeviceNamed,
    Fact,
    FlashAttention,
    KvCache,
    MemoryTargetMissed,
    ModelFile,
    Offloaded,
    ProjectorDevice,
    PromptCache,
    RunnerConfigured,
    RunnerStarted,
    RunnerStarting,
    Threads,
)


class ParallelSource(Enum):
    """Where a number of slots was read.

    OLLAMA: it runs one request at a time of such a model. UNKNOWN: nowhere, so that it is taken to be 1.
    """

    LOG = "log"
    COMMAND = "command"
    ENVIRONMENT = "environment"
    OLLAMA = "ollama"
    UNKNOWN = "unknown"


class LoadedModel(msgspec.Struct, frozen=True):
    """A model in an instance's memory, as `/api/ps` reports it; sizes are in bytes.

    `values` are what else is in force for it, each with its source (`core.effective`).
    """

    name: ModelName
    size: int
    size_vram: int
    context_length: int | None
    parallel: int | None
    parallel_source: ParallelSource
    values: tuple[EffectiveValue, ...] = ()


Buffers: TypeAlias = Mapping[BufferKind, Mapping[str, int]]
"""Bytes by kind and device."""


class Runner(msgspec.Struct, frozen=True):
    """The last runner of a model, according to the log; `blob` is the path of the model.

    `slot_context` is in tokens. `cache_type`, "" = unknown, is that of its first cache. `prompt_cache` is None for one
    that says nothing of it. `names` are those of devices, some by their number alone; `missed` says why layers are not
    on a card. `file_size` are the bytes of its weights. `loaded`: the model is in memory, so that what it has named is
    all.

    `own` are the buffers that it has named itself, with those of a draft model; `listed` those that Ollama has named,
    all of them if `complete`. `caches` is the sum of its caches' own lines, in bytes, `cache_lines` has each of them;
    `reserved` are the compute buffers of its last context alone.
    """

    blob: str
    parallel: int | None = None
    context: int | None = None
    engine: Engine | None = None
    slot_context: int | None = None
    cache_type: str = ""
    flash: bool | None = None
    batch: int | None = None
    threads: int | None = None
    prompt_cache: PromptCache | None = None
    missed: MemoryTargetMissed | None = None
    file_size: int | None = None
    names: Mapping[str, str] = {}
    layers_on_gpu: int | None = None
    layers: int | None = None
    caches: int | None = None
    cache_lines: tuple[KvCache, ...] = ()
    loaded: bool = False
    own: Buffers = {}
    listed: Buffers = {}
    complete: bool = False
    projector_device: str = ""
    reserved: Mapping[str, int] = {}

    @property
    def buffers(self) -> Buffers:
        """What it has allocated. Ollama's list, rounded and for llama.cpp a forecast, counts if it named none itself.

        `CPU_Mapped` weights may be the whole file: what other devices hold of it is there once more.
        """
        return self.own or self.listed

    @property
    def kv_bytes(self) -> int | None:
        """All its caches and the state of its recurrent layers together; 0 for a model without, None if unknown."""
        if self.caches is not None:
            return self.caches
        sizes = [size for kind in (BufferKind.CACHE, BufferKind.STATE) for size in self.buffers.get(kind, {}).values()]
        known = BufferKind.COMPUTE in self.own or (self.complete and not self.own)
        return sum(sizes) if sizes or known else None

    @property
    def gpu_bytes(self) -> int:
        """What it has allocated on cards, as far as the log tells."""
        return sum(size for devices in self.buffers.values() for device, size in devices.items() if is_on_gpu(device))


def is_on_gpu(device: str) -> bool:
    """Return whether a buffer is in a card's memory (Ollama 0.32 `llm/llama_server.go isGPUBuffer`).

    Host buffers are main memory that a card can read; mapped ones other than the CPU's are a card's.
    """
    return device not in ("", "CPU", "BLAS") and not device.startswith("CPU_") and not device.endswith("_Host")


class RunnerRegistry(msgspec.Struct, frozen=True):
    """The runners in a log, by blob. Ollama loads one model at a time, so a line belongs to the last runner."""

    runners: dict[str, Runner] = {}
    last: str = ""

    def after(self, fact: Fact) -> "RunnerRegistry":
        """Return the registry after one more fact of the log."""
        if isinstance(fact, RunnerStarting):
            started = _started(fact)
            return RunnerRegistry({**self.runners, fact.model: started}, fact.model)
        runner = self.runners.get(self.last)
        if runner is None:
            return self
        updated = _updated(runner, fact)
        return self if updated is runner else RunnerRegistry({**self.runners, self.last: updated}, self.last)


def _started(fact: RunnerStarting) -> Runner:
    """Return a runner as its command line has it."""
    whole = fact.context is not None
    return Runner(
        fact.model,
        fact.parallel,
        fact.context,
        fact.engine,
        slot_context=fact.context // (fact.parallel or 1) if fact.context else None,
        cache_type=fact.cache_type or (F16 if whole else ""),
        flash=fact.flash,
        threads=fact.threads,
    )


def _updated(runner: Runner, fact: Fact) -> Runner:
    match fact:
        case RunnerConfigured(parallel=parallel, context=context):
            runner = msgspec.structs.replace(runner, cache_type=fact.cache_type or F16, flash=fact.flash)
            told = {"slot_context": context // max(1, parallel), "threads": fact.threads}
            return msgspec.structs.replace(runner, parallel=parallel, context=context, **told)
        case KvCache():
            return _with_cache(runner, fact)
        case Buffer() | BuffersListed() | ProjectorDevice():
            return _with_buffers(runner, fact)
        case DeviceMemory() | DeviceNamed():
            key = fact.device if isinstance(fact, DeviceMemory) else str(fact.number)
            return msgspec.structs.replace(runner, names={**runner.names, key: fact.name})
        case Batch() | ContextOpened() | ModelFile() | Offloaded() if not _has_loaded(runner):
            return _with_layout(runner, fact)
        case _:
            return _with_options(runner, fact)


def _with_cache(runner: Runner, fact: KvCache) -> Runner:
    """Add a cache: the first is that of the layers with full attention; the command line is right about the slots."""
    cache_type = fact.cache_type if runner.caches is None else ""
    return msgspec.structs.replace(
        runner,
        caches=(runner.caches or 0) + fact.size,
        cache_lines=(*runner.cache_lines, fact),
        cache_type=cache_type or runner.cache_type,
        parallel=runner.parallel or fact.slots or None,
        slot_context=runner.slot_context or fact.cells or None,
    )


def _with_layout(runner: Runner, fact: Batch | ContextOpened | ModelFile | Offloaded) -> Runner:
    """Take what is said of the model itself; the same lines about a draft model come after its own."""
    match fact:
        case Batch(tokens=tokens):
            return msgspec.structs.replace(runner, batch=tokens)
        case ContextOpened():
            slots, context = fact.slots or runner.parallel, fact.slot_context or runner.slot_context
            return msgspec.structs.replace(runner, parallel=slots, slot_context=context)
        case ModelFile(size=size):
            return msgspec.structs.replace(runner, file_size=size)
        case Offloaded(layers=layers, total=total):
            return msgspec.structs.replace(runner, layers_on_gpu=layers, layers=total)


def _with_options(runner: Runner, fact: Fact) -> Runner:
    match fact:
        case FlashAttention(on=on) if not _has_loaded(runner) or runner.flash is None:
            return msgspec.structs.replace(runner, flash=on)
        case RunnerStarted():
            return msgspec.structs.replace(runner, loaded=True)
        case Threads(count=count):
            return msgspec.structs.replace(runner, threads=count)
        case PromptCache():
            return msgspec.structs.replace(runner, prompt_cache=fact)
        case MemoryTargetMissed():
            return msgspec.structs.replace(runner, missed=fact)
        case _:
            return runner


def _with_buffers(runner: Runner, fact: Buffer | BuffersListed | ProjectorDevice) -> Runner:
    match fact:
        case Buffer(by_server=True):
            return _with_listed(runner, fact)
        case Buffer():
            return _with_own(runner, fact)
        case BuffersListed():
            return msgspec.structs.replace(runner, complete=True)
        case ProjectorDevice(device=device):
            return msgspec.structs.replace(runner, projector_device=device)


def _has_loaded(runner: Runner) -> bool:
    """Return whether the model is in memory, so that what follows is of its draft model."""
    return BufferKind.COMPUTE in runner.own and any(runner.own.get(BufferKind.WEIGHTS, {}).values())


_NOTHING: Mapping[str, object] = {"caches": None, "cache_lines": (), "reserved": {}}


def _with_own(runner: Runner, fact: Buffer) -> Runner:
    """Add a buffer: one device may have several of a kind.

    llama-server may print a trial, whose weights and caches are 0, before it loads (Ollama's `llama_server_test.go`),
    and a context, which begins with its output buffer, may reserve its compute buffers again.
    """
    device, before, reserved = fact.device, runner.own.get(fact.kind, {}), runner.reserved
    if fact.kind is BufferKind.WEIGHTS and BufferKind.COMPUTE in runner.own and not _has_loaded(runner):
        return msgspec.structs.replace(runner, **_NOTHING, own={fact.kind: {device: fact.size}})
    size = before.get(device, 0) + fact.size
    match fact.kind:
        case BufferKind.OUTPUT:
            reserved = {}
        case BufferKind.COMPUTE:
            size -= reserved.get(device, 0)
            reserved = {**reserved, device: fact.size}
        case BufferKind.PROJECTOR:
            device, size = runner.projector_device, fact.size
        case BufferKind.PROJECTOR_COMPUTE:
            size = fact.size
        case _:
            pass
    own = _replaced(runner.own, fact.kind, device, size)
    return msgspec.structs.replace(runner, own=own, reserved=reserved)


def _with_listed(runner: Runner, fact: Buffer) -> Runner:
    """Replace a buffer of Ollama's list, which has each once; a list after a complete one is of another attempt."""
    if runner.complete:
        runner = msgspec.structs.replace(runner, listed={}, complete=False)
    return msgspec.structs.replace(runner, listed=_replaced(runner.listed, fact.kind, fact.device, fact.size))


def _replaced(buffers: Buffers, kind: BufferKind, device: str, size: int) -> Buffers:
    return {**buffers, kind: {**buffers.get(kind, {}), device: size}}


def loaded_models(
    entries: Iterable[LoadedEntry],
    facts: Mapping[str, ModelFacts],
    registry: RunnerRegistry,
    seen: Mapping[str, RunnerStarting],
    wanted: int | None,
) -> tuple[LoadedModel, ...]:
    """Return the loaded models with their effective parallel and its source.

    `facts` are by digest, `seen` are the command lines of the running runners by blob, `wanted` is the parallel in the
    environment of the instance, None if that is unknown.
    """
    result = []
    for entry in entries:
        model = facts.get(entry.digest)
        parallel, source = _effective(model, registry, seen, wanted)
        result.append(LoadedModel(entry.name, entry.size, entry.size_vram, entry.context, parallel, source))
    return tuple(result)


def silent_models(
    entries: Iterable[LoadedEntry], facts: Mapping[str, ModelFacts], silent: Collection[str]
) -> tuple[ModelName, ...]:
    """Return the loaded models whose runners do not work any more, given the blobs of those runners."""
    return tuple(entry.name for entry in entries if entry.digest in facts and facts[entry.digest].blob in silent)


def _effective(
    model: ModelFacts | None, registry: RunnerRegistry, seen: Mapping[str, RunnerStarting], wanted: int | None
) -> tuple[int, ParallelSource]:
    blob = model.blob if model else ""
    logged, running = registry.runners.get(blob), seen.get(blob)
    if logged is not None and logged.parallel is not None:
        return logged.parallel, ParallelSource.LOG
    if running is not None and running.parallel is not None:
        return running.parallel, ParallelSource.COMMAND
    if model is not None and forced_serial(model):
        return 1, ParallelSource.OLLAMA
    return configured_parallel(wanted)


def configured_parallel(wanted: int | None) -> tuple[int, ParallelSource]:
    """Return the parallel in an instance's environment, with its source."""
    return (1, ParallelSource.UNKNOWN) if wanted is None else (wanted, ParallelSource.ENVIRONMENT)
