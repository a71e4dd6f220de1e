"""How many requests each loaded model of an instance really works on at once, and how we know. Pure.

Ollama's API does not say. In order of trust: what the log said when the runner was started, what the runner's command
line says now, what the instance's environment asks for; where all are silent it is 1, the only number that is safe.
"""

from collections.abc import Iterable, Mapping

import msgspec

from ollama_panel.core.ids import ModelName
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts, forced_serial
from ollama_panel.core.ollama.serverlog import Fact, KvCache, Offloaded, RunnerConfigured, RunnerStarting

FROM_LOG = "log line"
FROM_COMMAND = "runner command line"
FROM_ENVIRONMENT = "environment"
FROM_OLLAMA = "forced by Ollama"
UNKNOWN = "unknown: 1"


class LoadedModel(msgspec.Struct, frozen=True):
    """A model in an instance's memory, as `/api/ps` tells; sizes in bytes."""

    name: ModelName
    size: int
    size_vram: int
    context_length: int | None
    parallel: int | None
    parallel_source: str


class Runner(msgspec.Struct, frozen=True):
    """What the log has told about the last runner of a model (`blob` is its path)."""

    blob: str
    parallel: int | None = None
    context: int | None = None
    kv_bytes: int | None = None
    layers_on_gpu: int | None = None
    layers: int | None = None


class RunnerRegistry(msgspec.Struct, frozen=True):
    """The runners that a log has told of, by blob. Ollama loads one model at a time, so lines belong to the last."""

    runners: dict[str, Runner] = {}
    last: str = ""

    def with_fact(self, fact: Fact) -> "RunnerRegistry":
        """Return the book after one more fact."""
        if isinstance(fact, RunnerStarting):
            started = Runner(fact.model, fact.parallel, fact.context)
            return RunnerRegistry({**self.runners, fact.model: started}, fact.model)
        runner = self.runners.get(self.last)
        if runner is None:
            return self
        updated = _updated(runner, fact)
        return self if updated is runner else RunnerRegistry({**self.runners, self.last: updated}, self.last)


def _updated(runner: Runner, fact: Fact) -> Runner:
    match fact:
        case RunnerConfigured(parallel=parallel, context=context):
            return msgspec.structs.replace(runner, parallel=parallel, context=context)
        case KvCache(size=size):
            return msgspec.structs.replace(runner, kv_bytes=size)
        case Offloaded(layers=layers, total=total):
            return msgspec.structs.replace(runner, layers_on_gpu=layers, layers=total)
        case _:
            return runner


def loaded_models(
    entries: Iterable[LoadedEntry],
    facts: Mapping[str, ModelFacts],
    registry: RunnerRegistry,
    seen: Mapping[str, RunnerStarting],
    wanted: int | None,
) -> tuple[LoadedModel, ...]:
    """Return the loaded models with their effective parallel and its source.

    `facts` are by digest, `seen` are the command lines of the living runners by blob, `wanted` is what the
    instance's environment asks for, None if that is not known.
    """
    result = []
    for entry in entries:
        model = facts.get(entry.digest)
        parallel, source = _effective(model, registry, seen, wanted)
        result.append(LoadedModel(entry.name, entry.size, entry.size_vram, entry.context, parallel, source))
    return tuple(result)


def _effective(
    model: ModelFacts | None, registry: RunnerRegistry, seen: Mapping[str, RunnerStarting], wanted: int | None
) -> tuple[int, str]:
    blob = model.blob if model else ""
    logged, running = registry.runners.get(blob), seen.get(blob)
    if logged is not None and logged.parallel is not None:
        return logged.parallel, FROM_LOG
    if running is not None and running.parallel is not None:
        return running.parallel, FROM_COMMAND
    if model is not None and forced_serial(model):
        return 1, FROM_OLLAMA
    return configured_parallel(wanted)


def configured_parallel(wanted: int | None) -> tuple[int, str]:
    """Return the parallel that an instance's environment asks for, with its source."""
    return (1, UNKNOWN) if wanted is None else (wanted, FROM_ENVIRONMENT)
