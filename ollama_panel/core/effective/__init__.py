"""What is really in force for a loaded model, what was wanted, and where each value was read. Pure.

The server's log is asked first: it says what was allocated. Then the command line of the model's runner, `/api/ps` and
the environment; where nobody asked for anything, the default of the version. What none of them tells stays unknown,
with the reason. Ollama's rules, with their sources, are beside the functions that use them.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

import msgspec

from ollama_panel.core.effective import memory, options
from ollama_panel.core.effective.evidence import Evidence, ServerEvidence
from ollama_panel.core.ollama.effective_value import EffectiveValue
from ollama_panel.core.ollama.models import LoadedEntry, ModelFacts, canonical
from ollama_panel.core.ollama.runners import LoadedModel, Runner
from ollama_panel.core.ollama.serverlog_facts import RunnerStarting

_AnyRunner = TypeVar("_AnyRunner", Runner, RunnerStarting)

_FINDERS = (
    options.engine,
    options.parallel,
    options.context,
    options.kv_type,
    memory.kv_bytes,
    options.flash_attention,
    memory.layers,
    memory.devices,
    memory.weights,
    memory.compute,
    options.threads,
    options.prompt_cache,
)


def effective_values(evidence: Evidence) -> tuple[EffectiveValue, ...]:
    """Return everything that is in force for a loaded model; each value is there, if only as unknown."""
    return tuple(find(evidence) for find in _FINDERS)


def with_values(
    models: Iterable[LoadedModel],
    entries: Collection[LoadedEntry],
    facts: Mapping[str, ModelFacts],
    server: ServerEvidence,
) -> tuple[LoadedModel, ...]:
    """Return the loaded models of a server with their values.

    `entries` are those of `/api/ps` in the same order, `facts` are by digest.
    """
    result = []
    for model, entry in zip(models, entries, strict=True):
        known = facts.get(entry.digest, ModelFacts(entry.name))
        evidence = Evidence(
            model,
            known,
            runner=_of_model(server.registry.runners, known),
            running=_of_model(server.seen, known),
            environment=server.environment,
            version=server.version,
            complete=server.complete,
            log_read=server.log_read,
        )
        result.append(msgspec.structs.replace(model, values=effective_values(evidence)))
    return tuple(result)


def _of_model(runners: Mapping[str, _AnyRunner], facts: ModelFacts) -> _AnyRunner | None:
    """Return the runner of a model; those of MLX are known by the model's name."""
    if facts.blob:
        return runners.get(facts.blob)
    return next((runner for name, runner in runners.items() if canonical(name) == facts.name), None)
