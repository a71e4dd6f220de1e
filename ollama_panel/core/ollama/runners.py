"""The effective parallel of each loaded model of an instance, and the source of that number. Pure.

Ollama's API does not tell it. The sources in order of trust: the log lines of the runner's start, the runner's command
line, the instance's environment; without any of them it is 1, the only safe number.
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
    """A model in an instance's memory, as `/api/ps` reports it; sizes are in bytes."""

    name: ModelName
    size: int
    size_vram: int
    context_length: int | None
    parallel: int | None
    parallel_source: str


class Runner(msgspec.Struct, frozen=True):
    """The last runner of a model, according to the log; `blob` is the path of the model."""

    blob: str
    parallel: int | None = None
    context: int | None = None
    kv_bytes: int | None = None
    layers_on_gpu: int | None = None
    layers: int | None = None


class RunnerRegistry(msgspec.Struct, frozen=True):
    """The runners in a log, by blob. Ollama loads one model at a time, so a line belongs to the last runner."""

    runners: dict[str, Runner] = {}
    last: str = ""

    def after(self, fact: Fact) -> "RunnerRegistry":
        """Return the registry after one more fact of the log."""
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

    `facts` are by digest, `seen` are the command lines of the running runners by blob, `wanted` is the parallel in the
    environment of the instance, None if that is unknown.
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
    """Return the parallel in an instance's environment, with its source."""
    return (1, UNKNOWN) if wanted is None else (wanted, FROM_ENVIRONMENT)
