"""The values that somebody can ask for: slots, context, type of the cache, flash attention, threads, prompt cache."""

from ollama_panel.core.effective.evidence import Evidence, first, first_reason, value
from ollama_panel.core.notices import notice
from ollama_panel.core.ollama.effective_value import OFF, ON, UNLIMITED, EffectiveValue, Source, ValueName
from ollama_panel.core.ollama.engines import Engine
from ollama_panel.core.ollama.environment_kinds import switched
from ollama_panel.core.ollama.kvcache import CACHE_TYPES, F16, OLD_CACHE_TYPES, PADDING, has_cache, padded
from ollama_panel.core.ollama.memory import PROMPT_CACHE, VISION_CONTEXT
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.ollama.runners import ParallelSource
from ollama_panel.core.ollama.sizes import MIB


def engine(evidence: Evidence) -> EffectiveValue:
    """Find the program that runs the model."""
    named = [one.engine for one in (evidence.runner, evidence.running) if one is not None and one.engine]
    source = Source.LOG if evidence.runner and evidence.runner.engine else Source.COMMAND
    found = evidence.engine
    return value(
        ValueName.ENGINE,
        (found.value if found else None, (source if named else Source.DEFAULT) if found else None),
        unknown=notice("value.version_unknown"),
    )


def parallel(evidence: Evidence) -> EffectiveValue:
    """Find the slots; `core.ollama.runners` knows them, because the scheduler needs them, too."""
    model, asked = evidence.model, evidence.count("OLLAMA_NUM_PARALLEL") or None
    told = model.parallel_source is not ParallelSource.UNKNOWN
    return value(
        ValueName.PARALLEL,
        (model.parallel, Source(model.parallel_source.value)) if told else (None, None),
        wanted=asked,
        unknown=notice("value.parallel_unread"),
        differs=forced_serial(evidence.facts) if model.parallel == 1 else None,
    )


def context(evidence: Evidence) -> EffectiveValue:
    """Find the context of a slot. The Modelfile's goes before that of the instance, a request's before both."""
    facts, runner, command = evidence.facts, evidence.runner, evidence.command
    wanted = evidence.count("OLLAMA_CONTEXT_LENGTH") or facts.num_ctx
    told = command.context // (command.parallel or 1) if command and command.context else None
    found, source = first(
        (runner and runner.slot_context, Source.LOG),
        (told, Source.COMMAND),
        (evidence.model.context_length, Source.PS),
    )
    asked = wanted or 0
    reasons = (
        ((found or 0) < asked and found == facts.context_trained, notice("value.context_trained", tokens=found or 0)),
        (facts.vision and found == VISION_CONTEXT > asked, notice("value.context_vision", tokens=VISION_CONTEXT)),
        (found == facts.num_ctx, notice("value.context_modelfile")),
        (found == padded(asked), notice("value.context_rounded", step=PADDING)),
        (True, notice("value.context_request")),
    )
    differs = first_reason(reasons)
    unknown = evidence.silence
    return value(ValueName.CONTEXT, (found, source), wanted=wanted, unknown=unknown, differs=differs)


def kv_type(evidence: Evidence) -> EffectiveValue:
    """Find the type of the cache's numbers.

    Up to 0.24 a quantised one needs flash attention (`llm/server.go NewLlamaServer`); from 0.30 on llama-server does
    not start without it.
    """
    wanted = evidence.variable("OLLAMA_KV_CACHE_TYPE").lower() or None
    if not has_cache(evidence.facts):
        return value(ValueName.KV_TYPE, (None, None), wanted=wanted, unknown=notice("value.no_cache"))
    runner, command = evidence.runner, evidence.command
    unasked = F16 if wanted is None and evidence.environment is not None else None
    found = first(
        ((runner and runner.cache_type) or None, Source.LOG),
        ((command.cache_type or F16) if command else None, Source.COMMAND),
        (None if evidence.engine is Engine.MLX else unasked, Source.DEFAULT),
    )
    old = evidence.engine is not Engine.LLAMA_SERVER
    reasons = (
        (old and wanted not in OLD_CACHE_TYPES, notice("value.kv_type_unknown", types=OLD_CACHE_TYPES)),
        (wanted not in CACHE_TYPES, notice("value.kv_type_unknown", types=tuple(CACHE_TYPES))),
        (flash_attention(evidence).effective == OFF, notice("value.kv_needs_flash")),
        (True, notice("value.kv_not_by_model")),
    )
    unknown = evidence.silence
    return value(ValueName.KV_TYPE, found, wanted=wanted, unknown=unknown, differs=first_reason(reasons))


def flash_attention(evidence: Evidence) -> EffectiveValue:
    """Find whether flash attention is on. A runner that is told "auto" says in the log alone what it has chosen."""
    asked = switched(evidence.variable("OLLAMA_FLASH_ATTENTION"))
    wanted = None if asked is None else ON if asked else OFF
    runner, command = evidence.runner, evidence.command
    found, source = first(
        (runner.flash if runner else None, Source.LOG),
        (command.flash if command else None, Source.COMMAND),
    )
    word = None if found is None else ON if found else OFF
    reasons = ((word == OFF, notice("value.flash_unsupported")), (True, notice("value.flash_needed")))
    own_choice = evidence.command is not None and evidence.runner is None
    return value(
        ValueName.FLASH_ATTENTION,
        (word, source),
        wanted=wanted,
        unknown=notice("value.runner_decides") if own_choice else evidence.silence,
        differs=first_reason(reasons),
    )


def threads(evidence: Evidence) -> EffectiveValue:
    """Find the threads of the CPU; a request may ask for others by `num_thread`."""
    runner, command = evidence.runner, evidence.command
    new = evidence.engine is Engine.LLAMA_SERVER
    wanted = evidence.count("LLAMA_ARG_THREADS") if new else None
    found = first(
        (runner.threads if runner else None, Source.LOG),
        (command.threads if command else None, Source.COMMAND),
        (wanted, Source.ENVIRONMENT),
    )
    return value(
        ValueName.THREADS,
        found,
        wanted=wanted,
        unknown=notice("value.runner_decides") if command and new and evidence.runner is None else evidence.silence,
        differs=notice("value.threads_request"),
    )


def prompt_cache(evidence: Evidence) -> EffectiveValue:
    """Find how much main memory llama-server may fill with earlier prompts; the other runners do not do that."""
    if evidence.engine is not Engine.LLAMA_SERVER:
        return value(ValueName.PROMPT_CACHE, (None, None), unknown=notice("value.prompt_cache_none"))
    runner, asked = evidence.runner, evidence.variable("LLAMA_ARG_CACHE_RAM")
    wanted = _mebibytes(asked) if asked else None
    logged = runner.prompt_cache if runner else None
    known = evidence.environment is not None and evidence.complete
    found = first(
        (logged and (UNLIMITED if logged.limit is None else logged.limit), Source.LOG),
        (wanted, Source.ENVIRONMENT),
        (PROMPT_CACHE if known and not asked else None, Source.DEFAULT),
    )
    return value(ValueName.PROMPT_CACHE, found, wanted=wanted, unknown=notice("value.environment_unread"))


def _mebibytes(asked: str) -> int | str | None:
    """Return a limit in bytes; below 0 there is none, what is no number is None."""
    try:
        limit = int(asked)
    except ValueError:
        return None
    return limit * MIB if limit >= 0 else UNLIMITED
