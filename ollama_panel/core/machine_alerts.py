"""Alerts about what goes wrong between models, Ollama and the machine: incidents and settings in, notices out. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ollama_panel.core.crash_alerts import crashed, runner_crashed
from ollama_panel.core.ids import ModelName, PoolName
from ollama_panel.core.incident_groups import Group, Happened, Machine
from ollama_panel.core.notices import ChangePools, Notice, Offer, RaiseContext, Value, notice
from ollama_panel.core.ollama.incident import OF_LOADS, OF_STARTS, Kind
from ollama_panel.core.ollama.kvcache import F16, bytes_of_32
from ollama_panel.core.ollama.models import forced_serial
from ollama_panel.core.ollama.serverlog_facts import (
    BackendDisabled,
    BufferKind,
    CacheTypeIgnored,
    ComputeFound,
    ContextClamped,
    DevicesRestricted,
    FlashAttentionMissing,
    FolderUnusable,
    GpuCrashed,
    GpuUnsupported,
    IntegratedDropped,
    MemoryNotRecovered,
    MemoryProjected,
    Offloaded,
    OptionUnknown,
    OutOfMemory,
    PromptTruncated,
)
from ollama_panel.core.ollama.sizes import power_of_two
from ollama_panel.core.ollama.slog import number
from ollama_panel.core.settings.tree import PoolSettings, Settings
from ollama_panel.core.snapshot import MachineAlert
from ollama_panel.core.spill_advice import (
    advice,
    fit_together,
    offers,
    share_outside,
    slower,
    smaller_cache,
    what_fits,
    what_fits_together,
)
from ollama_panel.core.telemetry import Telemetry

NAMES_SHOWN = 4
"""How many models, or options, a sentence names."""

_CONTEXT = "OLLAMA_CONTEXT_LENGTH"
_DEFAULT_CONTEXTS = frozenset(one.context_length for one in (PoolSettings(PoolName("")), *Settings().pools))
"""Tokens; of the panel's pools, and those of Ollama itself on small machines (4,096, of old versions 2,048)."""

_IMPAIRING = frozenset(
    {
        Kind.LAYERS_SPILLED,
        Kind.EVICTION_THRASH,
        Kind.OUT_OF_MEMORY,
        Kind.GPU_LOST,
        Kind.GPU_CRASHED,
        Kind.GPU_UNSUPPORTED,
        Kind.MODELS_FOLDER_UNUSABLE,
        Kind.CRASHED,
        Kind.RUNNER_CRASHED,
    }
)
"""Whoever sends a request notices these: it is slow, or fails. The others are to be known, or to be mended."""

_MENDED_BY_RESTART = frozenset({Kind.GPU_LOST, Kind.VRAM_NOT_RECOVERED})
"""A server looks for cards at its start only, and its end frees all memory."""

_CPU = "cpu"
_LIMIT = "OLLAMA_MAX_LOADED_MODELS"
_FLASH_ATTENTION = (("OLLAMA_FLASH_ATTENTION", "1"),)

_OF_MODELS = OF_LOADS | {Kind.SLOTS_FORCED, Kind.RUNNER_CRASHED}
"""These are about a model, so that each model has an alert of its own."""

_OF_MACHINE = OF_STARTS | {Kind.GPU_LOST, Kind.GPU_CRASHED}
"""These are about the machine, so that one alert tells of all pools."""

_PURPOSES = {
    BufferKind.CACHE: "buffer.cache",
    BufferKind.STATE: "buffer.cache",
    BufferKind.COMPUTE: "buffer.compute",
    BufferKind.WEIGHTS: "buffer.weights",
}


def machine_alerts(happened: Iterable[Happened], machine: Machine) -> tuple[MachineAlert, ...]:
    """Return an alert for each matter: what happens to several workers of a pool is one."""
    groups = dict[tuple[Kind, tuple[str, ...], str], list[Happened]]()
    for one in happened:
        kind = one.incident.kind
        models = one.incident.models if kind in _OF_MODELS else ()
        groups.setdefault((kind, models, _where(one)), []).append(one)
    found = (Group(kind, where, tuple(group), machine) for (kind, _, where), group in groups.items())
    return tuple(_alert(group) for group in found if not _is_usual(group))


def lost_gpus(
    telemetry: Telemetry | None, happened: Iterable[Happened], before: Iterable[MachineAlert]
) -> tuple[MachineAlert, ...]:
    """Return an alert for each card that its driver does not tell of any more, unless a server's log tells of the loss.

    Those that were there `before` began then.
    """
    if telemetry is None:
        return ()
    since = {one.where: one.since for one in before}
    lost = (one.incident.facts[:-1] for one in happened if one.incident.kind is Kind.GPU_LOST)
    told = {fact.address or fact.name for facts in lost for fact in facts if isinstance(fact, ComputeFound)}
    return tuple(
        MachineAlert(
            Kind.GPU_LOST.value,
            notice("gpu_lost.driver", card=gpu.name or gpu.id),
            since.get(gpu.id, telemetry.at),
            where=gpu.id,
        )
        for gpu in telemetry.lost
        if not {gpu.id, gpu.name} & told
    )


def _where(one: Happened) -> str:
    if one.incident.kind in _OF_MACHINE:
        return ""
    return one.instance.pool if one.instance.managed else one.instance.id


def _alert(group: Group) -> MachineAlert:
    told, possible = _TOLD[group.kind](group)
    about_model = group.kind in _OF_MODELS
    return MachineAlert(
        code=group.kind.value,
        told=told,
        since=min(one.incident.since for one in group.happened),
        where=group.where,
        model=group.name if about_model else ModelName(""),
        instances=group.names,
        times=sum(one.incident.times for one in group.happened),
        offers=tuple(possible),
        impairs=group.kind in _IMPAIRING,
        restart=group.kind in _MENDED_BY_RESTART,
    )


def _is_usual(group: Group) -> bool:
    """Return whether nobody has asked for it: the default context is longer than that of many an encoder."""
    clamped: ContextClamped | None = group.fact(ContextClamped)
    if clamped is None or clamped.asked not in _DEFAULT_CONTEXTS:
        return False
    pool = group.pool
    return pool is None or (clamped.asked == pool.context_length and _CONTEXT not in pool.environment)


_Told: TypeAlias = tuple[Notice, Iterable[Offer]]


def _spilled(group: Group) -> _Told:
    offloaded: Offloaded | None = group.fact(Offloaded)
    projected: MemoryProjected | None = group.fact(MemoryProjected)
    machine, loaded = group.machine, group.loaded
    fit = what_fits(group.facts, group.config, group.context, machine.room(group.last.instance.id, group.name))
    values: dict[str, Value] = {"model": group.subject, "advice": advice(fit, projected)}
    if offloaded is not None:
        code = "layers_spilled"
        values |= {"on_gpu": offloaded.layers, "layers": offloaded.total}
        share = share_outside(group.last.runner, group.facts, offloaded.layers, offloaded.total)
    else:
        code = "layers_spilled.share"
        share = 1 - loaded.size_vram / loaded.size if loaded is not None and loaded.size else 0.0
        values["percent"] = max(1, round(100 * share))
    times = slower(share, machine.card, unified=machine.unified)
    possible = offers(group.pool, fit, projected)
    if times is None:
        return notice(code, **values), possible
    code = "layers_spilled.slower" if offloaded is not None else "layers_spilled.share_slower"
    return notice(code, **values, times=times), possible


def _slots(group: Group) -> _Told:
    parallel = group.last.instance.parallel or 1
    forced = forced_serial(group.facts) if group.facts is not None else None
    told = notice(
        "slots_forced",
        model=group.subject,
        instances=group.names,
        parallel=parallel,
        why=forced or notice("slots_forced.unknown"),
    )
    pool = group.pool
    if pool is None or group.facts is None or group.machine.budget is None or not group.machine.gpu:
        return told, ()  # without a GPU a further worker only takes the cores of the others
    size = group.machine.used.get((group.last.instance.id, group.facts.name), 0)
    if not size:
        return told, ()
    more = (group.machine.budget - sum(group.machine.used.values())) // size
    workers = min(parallel * pool.workers, pool.workers + max(0, more), 16)
    return told, (ChangePools((pool.name,), parallel=1, workers=workers),) if workers > pool.workers else ()


def _context(group: Group) -> _Told:
    clamped: ContextClamped | None = group.fact(ContextClamped)
    if clamped is not None:
        return notice("context_reduced", model=group.subject, asked=clamped.asked, given=clamped.trained), ()
    fact: OutOfMemory = group.fact(OutOfMemory)
    return notice("context_reduced.memory", model=group.subject, asked=fact.asked or 0, given=fact.given or 0), ()


def _kv_type(group: Group) -> _Told:
    fact: CacheTypeIgnored = group.fact(CacheTypeIgnored)
    return notice("kv_type_ignored", model=group.subject, asked=fact.asked, width=_width(fact.asked)), ()


def _flash_attention(group: Group) -> _Told:
    fact: FlashAttentionMissing | None = group.fact(FlashAttentionMissing)
    on = group.config.flash_attention is True
    possible = () if on or group.pool is None else (ChangePools((group.pool.name,), environment=_FLASH_ATTENTION),)
    if fact is None:
        return notice("flash_attention_off.failed", model=group.subject), possible
    code = "flash_attention_off.unsupported" if on else "flash_attention_off"
    return notice(code, model=group.subject, asked=fact.asked, width=_width(fact.asked)), possible


def _width(cache_type: str) -> float:
    """Return how many times as large a cache of f16 is; 1 for a type that is not known."""
    return round(bytes_of_32(F16) / bytes_of_32(cache_type), 1)


def _out_of_memory(group: Group) -> _Told:
    fact: OutOfMemory = group.fact(OutOfMemory)
    fit = what_fits(group.facts, group.config, group.context, group.machine.room(group.last.instance.id, group.name))
    place: Value = fact.device or notice("memory.anywhere")
    if fact.device.startswith("CPU"):
        place = notice("memory.main")
    purpose = notice(_PURPOSES.get(fact.purpose, "buffer.any") if fact.purpose else "buffer.any")
    values: dict[str, Value] = {"model": group.subject, "purpose": purpose, "place": place, "advice": advice(fit)}
    possible = offers(group.pool, fit)
    if fact.size is None:
        return notice("out_of_memory", **values), possible
    return notice("out_of_memory.size", **values, size=fact.size), possible


def _thrash(group: Group) -> _Told:
    names = tuple(dict.fromkeys(group.name_of(model) for model in group.last.incident.models))
    facts = tuple(filter(None, map(group.machine.facts, group.last.incident.models)))
    known, budget = len(facts) == len(names), group.machine.budget
    fit = what_fits_together(facts, group.config, budget) if known else None
    possible = list[Offer]()
    helps, pool = notice("fits.fewer"), group.pool
    limit = number(pool.environment.get(_LIMIT)) if pool is not None else None
    if limit and limit < len(names) and known and budget is not None and fit_together(facts, group.config, budget):
        helps = notice("fits.limit", limit=limit, wanted=len(names))
        possible += [] if pool is None else [ChangePools((pool.name,), environment=((_LIMIT, str(len(names))),))]
    elif fit is not None and fit.cache_type:
        helps = notice("fits.together", type=fit.cache_type)
        possible += [] if pool is None else [smaller_cache((pool.name,), pool, fit.cache_type)]
    elif fit is not None and fit.context:
        helps = notice("fits.together_context", tokens=fit.context)
        possible += [] if pool is None else [ChangePools((pool.name,), context_length=fit.context)]
    evictions = group.last.incident.times
    if len(names) < 2:
        return notice("eviction_thrash.any", evictions=evictions, advice=helps), possible
    return notice("eviction_thrash", models=names[:NAMES_SHOWN], evictions=evictions, advice=helps), possible


def _not_recovered(group: Group) -> _Told:
    fact: MemoryNotRecovered = group.fact(MemoryNotRecovered)
    return notice("vram_not_recovered", instances=group.names, seconds=fact.seconds), ()


def _prompt_cut(group: Group) -> _Told:
    fact: PromptTruncated = group.fact(PromptTruncated)
    if fact.prompt_tokens is None or fact.kept is None:
        return notice("prompt_cut.logged_unknown", instances=group.names), ()
    wanted = power_of_two(fact.prompt_tokens + 1)
    possible = (RaiseContext((group.pool.name,), wanted),) if group.pool is not None else ()
    told = notice("prompt_cut.logged", instances=group.names, tokens=fact.prompt_tokens, kept=fact.kept)
    return told, possible


def _option(group: Group) -> _Told:
    every = (fact for one in group.happened for fact in one.incident.facts)
    options = dict.fromkeys(fact.option for fact in every if isinstance(fact, OptionUnknown))
    return notice("option_unknown", instances=group.names, options=tuple(options)[:NAMES_SHOWN]), ()


def _gpu_crashed(group: Group) -> _Told:
    fact: GpuCrashed = group.fact(GpuCrashed)
    return notice("gpu_crashed.reset" if fact.reset else "gpu_crashed", instances=group.names), ()


def _gpu_unsupported(group: Group) -> _Told:
    fact: GpuUnsupported = group.fact(GpuUnsupported)
    return notice("gpu_unsupported", library=fact.library), group.variable("OLLAMA_VULKAN")


def _gpu_lost(group: Group) -> _Told:
    *lost, now = (fact for fact in group.last.incident.facts if isinstance(fact, ComputeFound))
    names = tuple(one.name for one in lost)
    return notice("gpu_lost" if now.library == _CPU else "gpu_lost.some", cards=names), ()


def _vulkan(group: Group) -> _Told:
    fact: BackendDisabled = group.fact(BackendDisabled)
    return notice("vulkan_disabled", variable=fact.variable), group.variable(fact.variable)


def _integrated(group: Group) -> _Told:
    fact: IntegratedDropped = group.fact(IntegratedDropped)
    return notice("integrated_gpu_dropped", name=fact.name, variable=fact.variable), group.variable(fact.variable)


def _visible(group: Group) -> _Told:
    facts = (fact for fact in group.last.incident.facts if isinstance(fact, DevicesRestricted))
    variables = tuple(f"{fact.variable}={fact.value}" for fact in facts)
    return notice("visible_devices_set", instances=group.names, variables=variables), ()


def _folder(group: Group) -> _Told:
    fact: FolderUnusable = group.fact(FolderUnusable)
    return notice("models_folder_unusable", path=fact.path), ()


_TOLD: Mapping[Kind, Callable[[Group], _Told]] = {
    Kind.LAYERS_SPILLED: _spilled,
    Kind.SLOTS_FORCED: _slots,
    Kind.CONTEXT_REDUCED: _context,
    Kind.KV_TYPE_IGNORED: _kv_type,
    Kind.FLASH_ATTENTION_OFF: _flash_attention,
    Kind.OUT_OF_MEMORY: _out_of_memory,
    Kind.GPU_UNSUPPORTED: _gpu_unsupported,
    Kind.EVICTION_THRASH: _thrash,
    Kind.VRAM_NOT_RECOVERED: _not_recovered,
    Kind.PROMPT_CUT: _prompt_cut,
    Kind.OPTION_UNKNOWN: _option,
    Kind.GPU_CRASHED: _gpu_crashed,
    Kind.GPU_LOST: _gpu_lost,
    Kind.VULKAN_DISABLED: _vulkan,
    Kind.INTEGRATED_GPU_DROPPED: _integrated,
    Kind.VISIBLE_DEVICES_SET: _visible,
    Kind.MODELS_FOLDER_UNUSABLE: _folder,
    Kind.CRASHED: crashed,
    Kind.RUNNER_CRASHED: runner_crashed,
}
